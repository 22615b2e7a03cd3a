package crawler_test

import (
	"testing"

	"github.com/harvest87/harvest/crawler"
)

// BenchmarkHarvest is what a run costs beside fetching, parsing and storing:
// frontier, visited set, journal entries, commits. Site, store and journal are
// in memory. One operation is a run of 2,000 items on 1,000 listing pages.
func BenchmarkHarvest(b *testing.B) {
	const items = 2000
	s := newSite(items)
	for b.Loop() {
		o := options(s, newMemoryStore(), &memoryJournal{})
		o.Workers = 16
		if _, err := crawler.Harvest(b.Context(), o); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*items*1.5/b.Elapsed().Seconds(), "pages/s")
}

// BenchmarkReplay is what taking up such a run again costs.
func BenchmarkReplay(b *testing.B) {
	const items = 2000
	s, store, journal := newSite(items), newMemoryStore(), &memoryJournal{}
	if _, err := crawler.Harvest(b.Context(), options(s, store, journal)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := crawler.Harvest(b.Context(), options(s, store, &memoryJournal{entries: journal.entries})); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(journal.entries))/b.Elapsed().Seconds(), "entries/s")
}
