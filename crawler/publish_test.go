package crawler_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// paced is a site that takes its time.
type paced struct {
	*site
	pause  time.Duration
	before func(url string)
}

func (p paced) Fetch(ctx context.Context, req harvest.Request, v harvest.Validators) *harvest.Page {
	pass(p.pause)
	if p.before != nil {
		p.before(req.URL)
	}
	return p.site.Fetch(ctx, req, v)
}

func (m *memoryStore) size() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.records)
}

// countingStore counts the writes of records and their largest.
type countingStore struct {
	*memoryStore
	mu           sync.Mutex
	writes, most int
	pause        time.Duration // of each write
}

func (c *countingStore) Put(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error) {
	pass(c.pause)
	c.mu.Lock()
	c.writes, c.most = c.writes+1, max(c.most, len(records))
	c.mu.Unlock()
	return c.memoryStore.Put(ctx, run, at, records)
}

func TestSlowSitesPagesArePublishedAsTheyCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newSite(20), newMemoryStore()
		o := options(s, store, &memoryJournal{})
		o.Workers = 1
		read := 0
		o.Fetcher = paced{s, time.Second, func(url string) {
			if missing := read - store.size(); missing > 0 {
				t.Errorf("when %s is asked for, a second after the last page, %d of %d records are not published", url, missing, read)
			}
			if strings.Contains(url, "/item/") {
				read++
			}
		}}
		mustHarvest(t, o)
	})
}

func TestFastSitesPagesShareWrites(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const items = 2000
		s, store := newSite(items), &countingStore{memoryStore: newMemoryStore(), pause: 10 * time.Millisecond}
		o := options(s, store.memoryStore, &memoryJournal{})
		o.Store, o.Fetcher = store, paced{site: s, pause: 4 * time.Millisecond} // 1000 pages a second
		src := *o.Source
		src.Politeness.Concurrency = 4
		o.Source = &src
		run := mustHarvest(t, o)
		if run.Outcomes[harvest.NewRecord] != items || store.size() != items {
			t.Fatalf("%d records, outcomes %v", store.size(), run.Outcomes)
		}
		if store.writes > 20 {
			t.Errorf("%d records were written in %d writes, the largest of %d; want hundreds together", items, store.writes, store.most)
		}
	})
}

// Workers do not wait for a store that is away until what waits for it would
// fill the memory.
func TestStoreAwayStopsWorkersOnlyWhenMuchIsStaged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const items = 5000
		s, store, journal := newSite(items), newMemoryStore(), &memoryJournal{}
		store.away = 1 << 30
		o := options(s, store, journal)
		if _, err := crawler.Harvest(t.Context(), o); err == nil {
			t.Fatal("the store did not come back, and the run has no error")
		}
		read := 0
		for url := range s.asked {
			if strings.Contains(url, "/item/") {
				read++
			}
		}
		if read < 1000 || read > 1200 {
			t.Errorf("%d items were read while the store was away, want about a thousand", read)
		}
		store.away = 0
		run := mustHarvest(t, options(s, store, &memoryJournal{entries: journal.entries}))
		if run.State != harvest.RunPassed || store.size() != items || run.Outcomes[harvest.NewRecord] != items {
			t.Errorf("%s (%s), %d records, outcomes %v", run.State, run.Reason, store.size(), run.Outcomes)
		}
		twice := 0
		for _, n := range s.asked {
			twice += n - 1
		}
		if twice > 4 {
			t.Errorf("%d pages were asked for again, want one of each worker at most; what the journal has is published from there", twice)
		}
	})
}

// Whatever a page gives to the catalogue comes out of the journal as it went in.
func TestWhatIsPublishedFromTheJournalIsWhatWasRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSite(9)
		s.etags = true
		s.pages[home+"item/3"] = "title <b>\u2028 & \U0001F4DA ünïcode\u0085\nlabel one\nlabel two\n"
		calm, store, journal := newMemoryStore(), newMemoryStore(), &memoryJournal{}
		mustHarvest(t, options(s, calm, &memoryJournal{}))
		store.away = 1 << 30
		if _, err := crawler.Harvest(t.Context(), options(s, store, journal)); err == nil {
			t.Fatal("the store did not come back, and the run has no error")
		}
		store.away = 0
		mustHarvest(t, options(s, store, &memoryJournal{entries: journal.entries}))
		for id, want := range calm.records {
			got := store.records[id]
			got.LastSeen = want.LastSeen
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-read +published):\n%s", id, diff)
			}
		}
		for url, want := range calm.pages {
			got := store.pages[url]
			got.FetchedAt, got.Since, got.ChangedAt = want.FetchedAt, want.Since, want.ChangedAt
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("ledger of %s (-read +published):\n%s", url, diff)
			}
		}
	})
}

// A page with thousands of records is not held twice, and counts like others.
func TestPageWithVeryManyRecordsIsPublishedAtOnce(t *testing.T) {
	for _, die := range []int{0, 2, 3, 4} {
		const rows, items = 5000, 3
		s, store := newSite(items), newMemoryStore()
		var list strings.Builder
		for i := range rows {
			fmt.Fprintf(&list, "record %srow/%d Row %d\n", home, i, i)
		}
		s.pages[home+"list/1"] += list.String()
		journal := &memoryJournal{dieAfter: die}
		run, err := crawler.Harvest(t.Context(), options(s, store, journal))
		if die > 0 {
			if err == nil {
				t.Fatalf("the run was to die after %d appends", die)
			}
			run = mustHarvest(t, options(s, store, &memoryJournal{entries: journal.entries}))
		}
		if run.Outcomes[harvest.NewRecord] != rows+items || store.size() != rows+items {
			t.Errorf("death after %d: %d records, outcomes %v", die, store.size(), run.Outcomes)
		}
		size := 0
		for _, e := range journal.entries {
			size += len(e)
		}
		if size > 500_000 {
			t.Errorf("death after %d: %d octets in the journal", die, size)
		}
	}
}

// ledgerStore counts how often the ledger is asked.
type ledgerStore struct {
	*memoryStore
	mu    sync.Mutex
	asked int
}

func (l *ledgerStore) Pages(ctx context.Context, source harvest.SourceID, urls []string) (map[string]harvest.PageFacts, error) {
	l.mu.Lock()
	l.asked++
	l.mu.Unlock()
	return l.memoryStore.Pages(ctx, source, urls)
}

func TestLedgerIsAskedForManyPagesAtOnce(t *testing.T) {
	const items = 1000
	s, store := broadSite(items), &ledgerStore{memoryStore: newMemoryStore()}
	s.etags = true
	o := options(s, store.memoryStore, &memoryJournal{})
	o.Store = store
	mustHarvest(t, o)
	o = options(s, store.memoryStore, &memoryJournal{})
	o.Store, o.ID, o.Now, store.asked = store, "library@2", later, 0
	run := mustHarvest(t, o)
	if run.Outcomes[harvest.NotModified] < items {
		t.Fatalf("outcomes %v; want %d pages not modified", run.Outcomes, items)
	}
	if store.asked > items/10 {
		t.Errorf("the ledger was asked %d times about %d pages", store.asked, items)
	}
}
