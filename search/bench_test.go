package search_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/search"
)

var benchRecords = flag.Int("records", 10_000, "records in the benchmarks' catalogue")

// synthetic is a catalogue of made-up records: a vocabulary of 50,000 words
// with the frequencies of a natural text (Zipf), titles of 4 to 14 words and
// summaries of 30 to 230, in seven languages, over 40 sources and 40 years.
type synthetic struct {
	n     int
	words []string
}

func newSynthetic(n int) *synthetic {
	rng := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("sla ver ry la bour traf fick ing for ced child mi gra tion pol i cy sup ply chain law vic tim sur vi vor re port con ven tion hu man rights de bt bon dage")
	endings := strings.Fields("s ed ing ion ions er ers al ment ness ly e es o os a as en")
	seen := make(map[string]bool)
	s := &synthetic{n: n}
	for len(s.words) < 50_000 {
		var b strings.Builder
		for range 1 + rng.IntN(4) {
			b.WriteString(syllables[rng.IntN(len(syllables))])
		}
		if rng.IntN(2) == 0 {
			b.WriteString(endings[rng.IntN(len(endings))])
		}
		if w := b.String(); !seen[w] {
			seen[w] = true
			s.words = append(s.words, w)
		}
	}
	return s
}

func (s *synthetic) record(i int) harvest.Record {
	rng := rand.New(rand.NewPCG(uint64(i), 7))
	zipf := rand.NewZipf(rng, 1.07, 4, uint64(len(s.words)-1))
	text := func(n int) string {
		var b strings.Builder
		for j := range n {
			if j > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(s.words[zipf.Uint64()])
		}
		return b.String()
	}
	source := fmt.Sprintf("source-%d", rng.IntN(40))
	return harvest.Record{
		ID:        harvest.RecordID(fmt.Sprintf("source:%09d", i)),
		Source:    harvest.SourceID(source),
		URL:       fmt.Sprintf("https://%s.example/%d", source, i),
		Title:     text(4 + rng.IntN(11)),
		Summary:   text(30 + rng.IntN(200)),
		Category:  fmt.Sprintf("category-%d", rng.IntN(16)),
		Language:  harvest.Language{Value: []string{"en", "en", "en", "en", "fr", "es", "pt", "ar", "de", "ru"}[rng.IntN(10)]},
		Published: harvest.DayDate(1985+rng.IntN(41), time.Month(1+rng.IntN(12)), 1+rng.IntN(28)),
		Authors:   []string{text(2), text(2)},
		Publisher: fmt.Sprintf("Publisher %d", rng.IntN(500)),
		State:     harvest.StateActive,
		Revision:  1,
		// The moments in which records change are spread as runs spread them.
		LastChanged: time.Date(2026, 1, 1, 0, 0, i/100, 0, time.UTC),
	}
}

func (s *synthetic) Records(_ context.Context, q harvest.Query) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) {
		for i := range s.n {
			r := s.record(i)
			if r.LastChanged.Before(q.ChangedSince) {
				continue
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

func (s *synthetic) Stats(context.Context) (harvest.Stats, error) {
	stats := harvest.Stats{Records: s.n, BySource: make(map[harvest.SourceID]int)}
	for i := range s.n {
		rng := rand.New(rand.NewPCG(uint64(i), 7))
		stats.BySource[harvest.SourceID(fmt.Sprintf("source-%d", rng.IntN(40)))]++
	}
	stats.LastChanged = s.record(s.n - 1).LastChanged
	return stats, nil
}

// BenchmarkBuild measures records per second, octets on disk per record, and
// the memory that building takes.
func BenchmarkBuild(b *testing.B) {
	s := newSynthetic(*benchRecords)
	b.Run(fmt.Sprintf("records=%d", s.n), func(b *testing.B) {
		for b.Loop() {
			dir := b.TempDir()
			ix := open(b, dir)
			if err := ix.Sync(b.Context(), s, nil); err != nil {
				b.Fatal(err)
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-mem")
			b.ReportMetric(float64(diskBytes(b, dir))/float64(s.n), "disk-B/record")
		}
		b.ReportMetric(float64(s.n*b.N)/b.Elapsed().Seconds(), "records/s")
	})
}

// BenchmarkGenerate is what of BenchmarkBuild the made-up records cost.
func BenchmarkGenerate(b *testing.B) {
	s := newSynthetic(*benchRecords)
	for i := 0; b.Loop(); i++ {
		s.record(i)
	}
}

func diskBytes(b *testing.B, dir string) (n int64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		n += info.Size()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkSearch measures the first twenty hits of queries of every kind.
func BenchmarkSearch(b *testing.B) {
	s := newSynthetic(*benchRecords)
	ix := open(b, b.TempDir())
	if err := ix.Sync(b.Context(), s, nil); err != nil {
		b.Fatal(err)
	}
	frequent, middle, rare := s.words[0], s.words[300], s.words[20_000]
	since, _ := harvest.ParseDate("2015-06-15")
	for _, bench := range []struct {
		name string
		q    harvest.Query
		o    search.Options
	}{
		{"frequent", words("%s", frequent), search.Options{}},
		{"middle", words("%s", middle), search.Options{}},
		{"rare", words("%s", rare), search.Options{}},
		{"three-words", words("%s %s %s", frequent, s.words[5], middle), search.Options{}},
		{"either", words("%s OR %s OR %s", frequent, middle, rare), search.Options{}},
		{"phrase", words(`"%s %s"`, frequent, s.words[1]), search.Options{}},
		{"beginning", words("sla*"), search.Options{}},
		{"fuzzy", words("%s~2", s.words[40]), search.Options{}},
		{"excluding", words("%s -%s", frequent, middle), search.Options{}},
		{"frequent-newest", words("%s", frequent), search.Options{Order: search.Newest}},
		{"five-filters", harvest.Query{Words: frequent, Sources: []harvest.SourceID{"source-3"}, Categories: []string{"category-5"}, Languages: []string{"en"}, Since: since}, search.Options{}},
		{"frequent-five-facets", words("%s", frequent), search.Options{Facets: search.Facets()[:5]}},
		{"everything-five-facets", harvest.Query{}, search.Options{Facets: search.Facets()[:5]}},
		{"filters-only", harvest.Query{Categories: []string{"category-5"}, Languages: []string{"en"}, Since: since}, search.Options{}},
		{"everything-newest", harvest.Query{}, search.Options{Order: search.Newest}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			bench.q.Limit = 20
			total := 0
			for b.Loop() {
				res, err := ix.Search(b.Context(), bench.q, bench.o)
				if err != nil {
					b.Fatal(err)
				}
				total = res.Total
			}
			b.ReportMetric(float64(total), "found")
		})
	}
}

// BenchmarkOpen measures what a command pays that opens an index which is up
// to date, asks one thing and closes it.
func BenchmarkOpen(b *testing.B) {
	s, dir := newSynthetic(*benchRecords), b.TempDir()
	ix := open(b, dir)
	if err := ix.Sync(b.Context(), s, nil); err != nil {
		b.Fatal(err)
	}
	if err := ix.Close(); err != nil {
		b.Fatal(err)
	}
	stats, err := s.Stats(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		ix, err := search.Open(b.Context(), dir, quiet)
		if err != nil {
			b.Fatal(err)
		}
		if err := ix.Sync(b.Context(), unchanged{stats}, nil); err != nil {
			b.Fatal(err)
		}
		if _, err := ix.Search(b.Context(), words("%s", s.words[300]), search.Options{}); err != nil {
			b.Fatal(err)
		}
		if err := ix.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// unchanged is a catalogue that is not read, because its totals say enough.
type unchanged struct{ stats harvest.Stats }

func (u unchanged) Stats(context.Context) (harvest.Stats, error) { return u.stats, nil }

func (u unchanged) Records(context.Context, harvest.Query) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) {
		yield(harvest.Record{}, errors.New("nothing changed, yet the catalogue is read"))
	}
}

// BenchmarkSnippet measures the passage of one record.
func BenchmarkSnippet(b *testing.B) {
	s := newSynthetic(100)
	ix := open(b, b.TempDir())
	if err := ix.Sync(b.Context(), s, nil); err != nil {
		b.Fatal(err)
	}
	res, err := ix.Search(b.Context(), words("%s OR %s", s.words[0], s.words[20]), search.Options{})
	if err != nil {
		b.Fatal(err)
	}
	r := s.record(3)
	for b.Loop() {
		res.Snippet(&r, 200)
	}
}
