package crawler_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// This file holds what a run makes good of Colly's frontier, storage and queue;
// crawler/fetch/colly_test.go has the rest, docs/traps.md all of it.

// Visited is checked and then set, so that pages linked from several others are
// fetched more than once: up to 29 of 100 when many collect at a time.
func TestCollyNothingIsFetchedTwiceWithinARun(t *testing.T) {
	const items = 40
	s, store := newSite(items), newMemoryStore()
	for list := range items / 2 { // every list page links to every item
		for i := range items {
			s.pages[fmt.Sprintf("%slist/%d", home, list+1)] += fmt.Sprintf("item %sitem/%d\n", home, i+1)
		}
	}
	o := options(s, store, &memoryJournal{})
	o.Workers = 16
	if run := mustHarvest(t, o); run.State != harvest.RunPassed || len(store.records) != items {
		t.Errorf("%s, %d records", run.State, len(store.records))
	}
	for url, n := range s.asked {
		if n != 1 {
			t.Errorf("%s was asked for %d times", url, n)
		}
	}
}

// A URL is marked visited before it is fetched: after a 503 it counts as had.
func TestCollyFailedPagesAreAskedForAgain(t *testing.T) {
	s, store := newSite(4), newMemoryStore()
	s.fail[home+"item/2"] = harvest.ServerError
	first := options(s, store, &memoryJournal{})
	if run := mustHarvest(t, first); run.State != harvest.RunPartial || len(store.records) != 3 {
		t.Errorf("%s, %d records", run.State, len(store.records))
	}
	clear(s.fail)
	if run := mustHarvest(t, next(first, s, store)); run.State != harvest.RunPassed || len(store.records) != 4 || s.asked[home+"item/2"] != 2 {
		t.Errorf("%s, %d records, asked %v", run.State, len(store.records), s.asked)
	}
}

// The queue takes a URL away before it is fetched, so that a site which answers
// 503 to everything leaves nothing to try again.
func TestCollyRefusedSiteLosesNothing(t *testing.T) {
	s, store := newSite(6), newMemoryStore()
	first := options(s, store, &memoryJournal{})
	mustHarvest(t, first)
	for url := range s.pages {
		s.fail[url] = harvest.ServerError
	}
	refused := next(first, s, store)
	run := mustHarvest(t, refused)
	if run.State != harvest.RunFailed || len(store.records) != 6 {
		t.Errorf("%s (%s), %d records", run.State, run.Reason, len(store.records))
	}
	for _, r := range store.records {
		if r.State != harvest.StateActive && r.State != "" {
			t.Errorf("%s is %s", r.ID, r.State)
		}
	}
	clear(s.fail)
	if run := mustHarvest(t, next(refused, s, store)); run.State != harvest.RunPassed || run.Records() != 6 {
		t.Errorf("afterwards: %s, %d records", run.State, run.Records())
	}
}

// A persistent store without revisits never crawls again, and one with
// revisits knows no duplicates: a run visits every page once, and so does the
// next one.
func TestCollyEveryRunVisitsEveryPageOnce(t *testing.T) {
	s, store := newSite(6), newMemoryStore()
	o := options(s, store, &memoryJournal{})
	for runs := range 3 {
		o = next(o, s, store)
		o.Full = true
		mustHarvest(t, o)
		for url, n := range s.asked {
			if n != runs+1 {
				t.Errorf("after %d runs %s was asked for %d times", runs+1, url, n)
			}
		}
	}
}

// Discovery pages and items are told apart: a page that lists others and is an
// item itself is had as both, and no visited set keeps a list from being read.
func TestCollyDiscoveryIsNoVisit(t *testing.T) {
	s, store := newSite(2), newMemoryStore()
	s.pages[home+"list/1"] += "item " + home + "list/1\ntitle The list\n"
	first := options(s, store, &memoryJournal{})
	if run := mustHarvest(t, first); run.State != harvest.RunPassed || s.asked[home+"list/1"] != 2 {
		t.Errorf("%s, asked %v", run.State, s.asked)
	}
	mustHarvest(t, next(first, s, store))
	if s.asked[home+"list/1"] < 3 {
		t.Errorf("the list was not read again: %v", s.asked)
	}
}

// A storage error hot-loops: 3.9 million calls in 200 ms. Ours is asked again
// with growing pauses, and given up.
func TestCollyStoreErrorsDoNotSpin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const plenty = 1 << 30
		s, store := newSite(3), newMemoryStore()
		store.away = plenty
		begin := time.Now()
		_, err := crawler.Harvest(t.Context(), options(s, store, &memoryJournal{}))
		if calls := plenty - store.away; err == nil || calls < 3 || calls > 100 || time.Since(begin) < time.Minute {
			t.Errorf("%d calls in %s, %v", calls, time.Since(begin), err)
		}
	})
}

// With its state lost, a harvester gathers everything a second time beside what
// it has. Identity is derived here, so the second time finds the first.
func TestLostLedgerMakesNoDuplicates(t *testing.T) {
	s, store := newSite(6), newMemoryStore()
	first := options(s, store, &memoryJournal{})
	mustHarvest(t, first)
	clear(store.pages)
	clear(store.runs)
	run := mustHarvest(t, next(first, s, store))
	if len(store.records) != 6 || run.Outcomes[harvest.UnchangedRecord] != 6 || run.Outcomes[harvest.NewRecord] != 0 {
		t.Errorf("%d records, outcomes %v", len(store.records), run.Outcomes)
	}
}
