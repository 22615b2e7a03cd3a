package crawler_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// A document that stands at many addresses without saying so is one record,
// the same one in later runs, and in a run that was killed.
func TestPagesThatSayTheSameAreOneRecord(t *testing.T) {
	build := func(first int) *site {
		s := newSite(0)
		for i := range 30 {
			s.pages[home+"list/1"] += fmt.Sprintf("item %sitem/1?ref=%d\n", home, (first+i)%30)
			s.pages[fmt.Sprintf("%sitem/1?ref=%d", home, i)] = "title Fees and debts\ntext the same\n"
		}
		s.pages[home+"list/1"] += "item " + home + "stub/1\nitem " + home + "stub/2\n"
		// Alike but for the file that they offer.
		s.pages[home+"stub/1"] = "title Annual report\ntext Download it\nlabel 2024\n"
		s.pages[home+"stub/2"] = "title Annual report\ntext Download it\nlabel 2025\n"
		return s
	}
	store := newMemoryStore()
	o := options(build(0), store, &memoryJournal{})
	o.Workers = 1
	run := mustHarvest(t, o)
	if len(store.records) != 3 || run.Outcomes[harvest.Duplicate] != 29 || run.State != harvest.RunPassed {
		t.Fatalf("%s (%s): %d records %v, outcomes %v; want 3 records and 29 duplicates", run.State, run.Reason, len(store.records), store.titles(), run.Outcomes)
	}
	ids := store.ids()
	for first := range 3 {
		again := next(o, build(7*first+1), store)
		if run := mustHarvest(t, again); run.Outcomes[harvest.UnchangedRecord] != 3 || run.Outcomes[harvest.NewRecord] != 0 {
			t.Errorf("begun at %d: outcomes %v, want 3 unchanged", first, run.Outcomes)
		}
		if diff := cmp.Diff(ids, store.ids()); diff != "" {
			t.Errorf("begun at %d: %s", first, diff)
		}
		again = next(o, build(7*first+1), store)
		again.Full, again.ID = true, "library@full"
		if run := mustHarvest(t, again); run.Outcomes[harvest.NewRecord] != 0 {
			t.Errorf("a full run begun at %d: outcomes %v", first, run.Outcomes)
		}
	}

	store = newMemoryStore()
	journal := &memoryJournal{dieAfter: 10, stored: true}
	s := build(0)
	o = options(s, store, journal)
	o.Workers = 1
	if _, err := crawler.Harvest(t.Context(), o); err == nil {
		t.Fatal("the run was to die")
	}
	o = options(s, store, &memoryJournal{entries: journal.entries})
	o.Workers = 1
	if mustHarvest(t, o); len(store.records) != 3 {
		t.Errorf("after a death: %d records %v, want 3", len(store.records), store.titles())
	}
}

// A site that shows one page for all that is asked of it is no whole run, nor
// is the next one, in which nothing has changed.
func TestOnePageForEverythingIsNoWholeRun(t *testing.T) {
	s, store := newSite(0), newMemoryStore()
	s.etags = true
	for i := range 40 {
		s.pages[home+"list/1"] += fmt.Sprintf("item %sitem/%d\n", home, i)
		s.pages[fmt.Sprintf("%sitem/%d", home, i)] = "title Welcome\ntext to our new home page\n"
	}
	o := options(s, store, &memoryJournal{})
	for range 2 {
		run := mustHarvest(t, o)
		if run.State != harvest.RunQuarantined || !strings.Contains(run.Reason, "besides, it is no whole run") || len(store.records) != 1 {
			t.Errorf("%s (%s), %d records, outcomes %v; want quarantined with one", run.State, run.Reason, len(store.records), run.Outcomes)
		}
		o = next(o, s, store)
	}
}
