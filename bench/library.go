package main

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/harvest87/harvest"
)

// library is a catalogue of made-up records, the same for the same number of
// them. Its texts are drawn from 50,000 words as often as words are in natural
// text (Zipf), with the phrases of its subject among them as often as a
// catalogue of one subject has them; sources, types, topics, countries and
// publishers are as uneven as those of real catalogues, and half of the records
// are younger than ten years. Like a real one it is in the order of its
// sources.
type library struct {
	n       int
	length  int // of summaries, in words, on average
	words   []string
	sources []int // the number of the first record behind each source
}

const (
	librarySources    = 150
	libraryWords      = 50_000
	libraryTopics     = 40
	libraryCountries  = 190
	libraryCategories = 16
	libraryPublishers = 2_000
)

// subject are the phrases of the subject, and the share of records, in percent, whose
// summary has each; half as often it is in the title.
var subject = []struct {
	phrase string
	share  int
}{
	{"forced labour", 30},
	{"human trafficking", 25},
	{"modern slavery", 20},
	{"child labour", 15},
	{"supply chain", 12},
	{"human rights", 35},
	{"due diligence", 6},
	{"debt bondage", 3},
	{"migrant workers", 8},
	{"domestic work", 4},
}

func newLibrary(n, length int) *library {
	rng := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("sla ver ry la bour traf fick ing for ced child mi gra tion pol i cy sup ply chain law vic tim sur vi vor re port con ven tion hu man rights de bt bon dage")
	endings := strings.Fields("s ed ing ion ions er ers al ment ness ly e es o os a as en")
	l := &library{n: n, length: length}
	seen := make(map[string]bool)
	for len(l.words) < libraryWords {
		var b strings.Builder
		for range 1 + rng.IntN(4) {
			b.WriteString(syllables[rng.IntN(len(syllables))])
		}
		if rng.IntN(2) == 0 {
			b.WriteString(endings[rng.IntN(len(endings))])
		}
		if w := b.String(); !seen[w] {
			seen[w] = true
			l.words = append(l.words, w)
		}
	}
	// The share of a source is one through its rank.
	total, sum := 0.0, 0.0
	for i := range librarySources {
		total += 1 / float64(i+1)
	}
	for i := range librarySources {
		sum += 1 / float64((i*67)%librarySources+1) // large and small ones in turns
		l.sources = append(l.sources, int(float64(n)*sum/total+0.5))
	}
	l.sources[librarySources-1] = n
	return l
}

func (l *library) source(i int) int { return sort.SearchInts(l.sources, i+1) }

func sourceID(number int) harvest.SourceID {
	return harvest.SourceID(fmt.Sprintf("source-%03d", number))
}

// record is the record of that number, from 0.
func (l *library) record(i int) harvest.Record {
	rng := rand.New(rand.NewPCG(uint64(i), 7))
	source := sourceID(l.source(i))
	language := languages[rng.IntN(len(languages))]
	year := 2026 - min(int(rng.ExpFloat64()*14), 60)
	title, summary := l.text(rng, 4+rng.IntN(11)), l.text(rng, l.length/4+rng.IntN(1+l.length*3/2))
	if strings.HasPrefix(language, "en") {
		for _, s := range subject {
			switch rng.IntN(200) / s.share {
			case 0:
				title += " " + s.phrase
				fallthrough
			case 1:
				summary += " " + s.phrase + " " + l.words[rng.IntN(200)] + " " + s.phrase
			}
		}
	}
	return harvest.Record{
		ID:        harvest.RecordID(fmt.Sprintf("%s:%09d", source, i)),
		Source:    source,
		URL:       fmt.Sprintf("https://%s.example/%d", source, i),
		Title:     title,
		Summary:   summary,
		Category:  fmt.Sprintf("category-%02d", uneven(rng, libraryCategories)),
		Language:  harvest.Language{Value: language},
		Published: harvest.DayDate(year, time.Month(1+rng.IntN(12)), 1+rng.IntN(28)),
		Authors:   []string{l.text(rng, 2), l.text(rng, 2)},
		Publisher: fmt.Sprintf("Publisher %d", uneven(rng, libraryPublishers)),
		Topics:    several(rng, "topic", libraryTopics, rng.IntN(5)),
		Countries: several(rng, "C", libraryCountries, rng.IntN(4)),
		State:     harvest.StateActive,
		Revision:  1,
		// The moments in which records change are spread as runs spread them.
		LastChanged: time.Date(2026, 1, 1, 0, 0, i/100, 0, time.UTC),
	}
}

var languages = strings.Fields("en en en en en en-GB en-US en en en en en fr fr fr es es es pt ar de ru zh it")

// text is a text of so many words.
func (l *library) text(rng *rand.Rand, n int) string {
	zipf := rand.NewZipf(rng, 1.07, 4, uint64(len(l.words)-1))
	var b strings.Builder
	for j := range n {
		if j > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(l.words[zipf.Uint64()])
	}
	return b.String()
}

// uneven is a number below n of which each is about as frequent as its rank says.
func uneven(rng *rand.Rand, n int) int {
	return int(rand.NewZipf(rng, 1.1, 2, uint64(n-1)).Uint64())
}

func several(rng *rand.Rand, name string, n, count int) (out []string) {
	for range count {
		out = append(out, fmt.Sprintf("%s-%03d", name, uneven(rng, n)))
	}
	return out
}

// Records implements [search.Source] for an index that is built or caught up.
func (l *library) Records(ctx context.Context, q harvest.Query) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) {
		for i := range l.n {
			if ctx.Err() != nil {
				yield(harvest.Record{}, ctx.Err())
				return
			}
			r := l.record(i)
			if r.LastChanged.Before(q.ChangedSince) || len(q.Sources) > 0 && !slices.Contains(q.Sources, r.Source) {
				continue
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Stats implements [search.Source].
func (l *library) Stats(context.Context) (harvest.Stats, error) {
	stats := harvest.Stats{Records: l.n, BySource: make(map[harvest.SourceID]int)}
	first := 0
	for s, end := range l.sources {
		if end > first {
			stats.BySource[sourceID(s)] = end - first
		}
		first = end
	}
	stats.LastChanged = l.record(l.n - 1).LastChanged
	return stats, nil
}
