package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// wordOf spells a number as a word.
func wordOf(n int) string {
	syllables := strings.Fields("ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo zy")
	var b strings.Builder
	for n += 400; n > 0; n /= len(syllables) {
		b.WriteString(syllables[n%len(syllables)])
	}
	return b.String()
}

// benchRecord makes the i-th of many records; their words are used unevenly.
func benchRecord(i int) harvest.Record {
	seed := uint64(i)*0x9e3779b97f4a7c15 + 1
	words := make([]string, 8)
	for w := range words {
		seed ^= seed >> 29
		seed *= 0xbf58476d1ce4e5b9
		f := float64(seed>>11) / (1 << 53)
		words[w] = wordOf(int(f * f * f * 60_000))
	}
	r := described(fmt.Sprintf("s%d:%08d", i%40, i), strings.Join(words, " "), 1980+i%45)
	r.Publisher, r.Authors = "Institute of "+words[0], []string{words[1] + " " + words[2]}
	return r
}

// BenchmarkOneNewRecord measures what one new record costs in a catalogue that
// has as many as HARVEST_MATCH_RECORDS says, 20,000 unless it is set: looking
// up who shares its keys, comparing, and deciding. Every second one describes a
// document that is there already.
func BenchmarkOneNewRecord(b *testing.B) {
	n := 20_000
	if set, err := strconv.Atoi(os.Getenv("HARVEST_MATCH_RECORDS")); err == nil {
		n = set
	}
	c, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "harvest.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	put := func(records ...harvest.Record) {
		keys := make(map[harvest.RecordID][]string, len(records))
		for i := range records {
			keys[records[i].ID] = match.KeyStrings(&records[i])
		}
		if _, err := c.Put(b.Context(), "s@1", at, records); err != nil {
			b.Fatal(err)
		}
		if err := c.PutKeys(b.Context(), keys); err != nil {
			b.Fatal(err)
		}
	}
	for from := 0; from < n; from += 500 {
		var some []harvest.Record
		for i := from; i < min(from+500, n); i++ {
			some = append(some, benchRecord(i))
		}
		put(some...)
	}
	i, spent := 0, time.Duration(0)
	b.ResetTimer()
	for b.Loop() {
		b.StopTimer()
		r := benchRecord(n + i)
		if i%2 == 1 {
			r = benchRecord(i * 7919 % n)
			r.ID, r.Source = harvest.RecordID(fmt.Sprintf("new:%d", i)), "new"
			r.URL += "/copy"
		}
		put(r)
		b.StartTimer()
		start := time.Now()
		changes, err := match.Update(b.Context(), c, []harvest.Record{r})
		spent += time.Since(start)
		if err != nil {
			b.Fatal(err)
		}
		if i%2 == 1 && len(changes.Works) != 1 {
			b.Errorf("record %d: %d works, want one with what it repeats", i, len(changes.Works))
		}
		i++
	}
	b.ReportMetric(float64(spent.Microseconds())/float64(i)/1000, "ms/record")
	b.ReportMetric(float64(n), "records-there")
}
