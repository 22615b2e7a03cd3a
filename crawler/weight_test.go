package crawler_test

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// A page whose tree would fill the memory is not parsed; the others are.
func TestPagesTooHeavyAreNotParsed(t *testing.T) {
	for name, filler := range map[string]string{
		"octets": strings.Repeat("words ", 3<<20), "tags": strings.Repeat("<i>", 1_000_001), "tags in JSON": strings.Repeat(`\u003ci>`, 1_000_001),
	} {
		t.Run(name, func(t *testing.T) {
			s, store := newSite(2), newMemoryStore()
			s.pages[home+"item/2"] += filler
			run := mustHarvest(t, options(s, store, &memoryJournal{}))
			if run.State != harvest.RunPartial || run.Outcomes[harvest.TooLarge] != 1 || len(store.records) != 1 {
				t.Errorf("run %s, outcomes %v, %d records; want partial, one too large and one recorded", run.State, run.Outcomes, len(store.records))
			}
		})
	}
}

// streamingDoor reads its items as a stream.
type streamingDoor struct{ lineDoor }

func (streamingDoor) Streams(req *harvest.Request) bool { return req.Kind == harvest.KindItem }

// What a door reads as a stream may be as large as it is.
func TestStreamedPagesAreNeverTooHeavy(t *testing.T) {
	s, store := newSite(2), newMemoryStore()
	s.pages[home+"item/2"] += strings.Repeat("<i>", 1_000_001)
	o := options(s, store, &memoryJournal{})
	o.Doors = []crawler.Door{streamingDoor{o.Doors[0].(lineDoor)}}
	if run := mustHarvest(t, o); run.State != harvest.RunPassed || len(store.records) != 2 {
		t.Errorf("run %s, outcomes %v, %d records; want passed with 2", run.State, run.Outcomes, len(store.records))
	}
}

// countingDoor counts how many pages are parsed at the same time.
type countingDoor struct {
	lineDoor
	now, most *atomic.Int64
}

func (d countingDoor) Parse(p *harvest.Page) harvest.Parsed {
	n := d.now.Add(1)
	defer d.now.Add(-1)
	for most := d.most.Load(); n > most && !d.most.CompareAndSwap(most, n); most = d.most.Load() {
	}
	return d.lineDoor.Parse(p)
}

// Pages that fill the bench are parsed one after the other, whatever the
// number of workers, and all of them are.
func TestBenchBoundsWhatIsParsedAtOnce(t *testing.T) {
	s, store := newSite(40), newMemoryStore()
	for url := range s.pages {
		s.pages[url] += strings.Repeat("<i>", 1000)
	}
	o := options(s, store, &memoryJournal{})
	door := countingDoor{lineDoor: o.Doors[0].(lineDoor), now: new(atomic.Int64), most: new(atomic.Int64)}
	o.Doors, o.Workers, o.Bench = []crawler.Door{door}, 8, crawler.NewBench(100_000)
	if run := mustHarvest(t, o); run.State != harvest.RunPassed || len(store.records) != 40 {
		t.Errorf("run %s, %d records; want passed with 40", run.State, len(store.records))
	}
	if most := door.most.Load(); most != 1 {
		t.Errorf("%d pages were parsed at once", most)
	}
}
