package crawler_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
)

// A run that meets a limit ends as partial, says which, and has not asked for
// more than the limit, nor thrown away what it had.
func TestBudgetsEndARunAsPartial(t *testing.T) {
	tests := []struct {
		name   string
		limits config.Limits
		reason string
		most   int // requests
	}{
		{"requests", config.Limits{Budget: config.Budget{Requests: 7}}, "limits.requests: 7 requests", 7},
		{"bytes", config.Limits{Budget: config.Budget{Bytes: 100}}, "limits.bytes: 100 B", 9 + 8 + 7}, // a batch, and what else is in work,
		{"pages", config.Limits{Pages: 5}, "limits.pages: 5 pages", 5},
		{"requests of a day", config.Limits{PerDay: config.Budget{Requests: 7}}, "limits.per_day.requests: 7 requests within 24 hours", 7},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, store := broadSite(40), newMemoryStore()
			o := options(s, store, &memoryJournal{})
			o.Source.Limits, o.Workers = tt.limits, 8
			o.Fetcher = &costly{site: s}
			run := mustHarvest(t, o)
			if run.State != harvest.RunPartial || !strings.Contains(run.Reason, tt.reason) {
				t.Errorf("%s: %s, want partial at %s", run.State, run.Reason, tt.reason)
			}
			if run.Requests > tt.most+1 || run.Outcomes[harvest.OverLimit] == 0 { // and robots.txt
				t.Errorf("%d requests, want at most %d; outcomes %v", run.Requests, tt.most+1, run.Outcomes)
			}
			if len(store.records) == 0 || len(store.records) != run.Outcomes[harvest.NewRecord] {
				t.Errorf("%d records, outcomes %v", len(store.records), run.Outcomes)
			}
		})
	}
}

// The budget of a day is that of all runs within 24 hours; what a run did before
// that is forgiven, and a run within its budget is whole.
func TestDaysBudgetIsSharedByRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemoryStore()
		harvestNow := func() harvest.Run {
			s := newSite(4) // two lists and four items
			o := options(s, store, &memoryJournal{})
			o.ScheduledAt = time.Now()
			o.ID = harvest.NewRunID("library", o.ScheduledAt)
			o.Source.Limits.PerDay.Requests = 14
			o.Workers = 1
			return mustHarvest(t, o)
		}
		want := []harvest.RunState{harvest.RunPassed, harvest.RunPassed, harvest.RunPartial, harvest.RunPartial}
		for i, state := range want {
			if run := harvestNow(); run.State != state {
				t.Errorf("run %d: %s (%s) after %d requests, want %s", i, run.State, run.Reason, run.Requests, state)
			}
			pass(time.Minute)
		}
		pass(24 * time.Hour)
		if run := harvestNow(); run.State != harvest.RunPassed {
			t.Errorf("a day later: %s (%s)", run.State, run.Reason)
		}
	})
}

// A run that was killed long ago and never ended weighs on no later day.
func TestOldRunWithoutAnEndIsForgiven(t *testing.T) {
	s, store := newSite(4), newMemoryStore()
	o := options(s, store, &memoryJournal{})
	for id, age := range map[harvest.RunID]time.Duration{"library@old": 60 * day, "library@new": time.Hour} {
		store.runs[id] = harvest.Run{ID: id, Source: "library", StartedAt: time.Now().Add(-age), State: harvest.RunRunning, Requests: 10}
	}
	o.Source.Limits.PerDay.Requests = 18
	if run := mustHarvest(t, o); run.State != harvest.RunPassed {
		t.Errorf("%s (%s), want what is left of the day to be enough", run.State, run.Reason)
	}
	o = next(o, s, store)
	o.Source.Limits.PerDay.Requests = 12
	if run := mustHarvest(t, o); run.State != harvest.RunPartial {
		t.Errorf("%s after %d requests, want the run of an hour ago to count", run.State, run.Requests)
	}
}

func TestTimeBudgetOfADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemoryStore()
		slowly := func() harvest.Run {
			s := newSite(40)
			s.onAsk = func(string) { pass(time.Minute) }
			o := options(s, store, &memoryJournal{})
			o.ScheduledAt = time.Now()
			o.ID = harvest.NewRunID("library", o.ScheduledAt)
			o.Source.Limits.PerDay.Duration = 90 * time.Minute
			o.Workers = 1
			return mustHarvest(t, o)
		}
		if run := slowly(); run.State != harvest.RunPassed || run.Duration(time.Now()) != time.Hour {
			t.Errorf("%s (%s) after %s, want passed after an hour", run.State, run.Reason, run.Duration(time.Now()))
		}
		if run := slowly(); run.State != harvest.RunPartial || run.Duration(time.Now()) != 30*time.Minute {
			t.Errorf("%s (%s) after %s, want partial after half an hour", run.State, run.Reason, run.Duration(time.Now()))
		}
	})
}

// Links are followed as far as the source's depth; the pages of a list are
// equally far.
func TestDepthBoundsLinksNotLists(t *testing.T) {
	s, store := newSite(8), newMemoryStore() // four listing pages
	s.pages[home+"item/8"] += "item " + home + "annex\n"
	s.pages[home+"annex"] = "title Annex\nitem " + home + "annex/notes\n"
	s.pages[home+"annex/notes"] = "title Notes\n"
	o := options(s, store, &memoryJournal{})
	o.Source.Scope.Depth = 2
	run := mustHarvest(t, o)
	if len(store.records) != 9 || run.Outcomes[harvest.OffScope] != 1 || run.State != harvest.RunPassed {
		t.Errorf("%s: %d records (%v), outcomes %v; want all but the notes", run.State, len(store.records), store.titles(), run.Outcomes)
	}
}

// What a door looks up for a page is no link further, whatever its step says.
func TestDepthDoesNotCountLookups(t *testing.T) {
	s, store := newSite(2), newMemoryStore()
	s.pages[home+"list/1"] = "aside " + home + "names/1\n"
	s.pages[home+"names/1"] = "aside " + home + "names/2\n"
	s.pages[home+"names/2"] = "aside " + home + "list/1b\n"
	s.pages[home+"list/1b"] = "item " + home + "item/1\nitem " + home + "item/2\n"
	o := options(s, store, &memoryJournal{})
	o.Source.Scope.Depth = 1
	run := mustHarvest(t, o)
	if len(store.records) != 2 || run.Outcomes[harvest.OffScope] != 0 || run.State != harvest.RunPassed {
		t.Errorf("%s: %d records, outcomes %v", run.State, len(store.records), run.Outcomes)
	}
}

// stuckDoor takes as long for one page as the test wants.
type stuckDoor struct {
	lineDoor
	release chan struct{}
}

func (d stuckDoor) Parse(p *harvest.Page) harvest.Parsed {
	if strings.HasSuffix(p.URL, "item/2") {
		<-d.release
	}
	return d.lineDoor.Parse(p)
}

// A page that takes too long to read has failed; the others are read.
func TestPageThatTakesTooLongIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newSite(4), newMemoryStore()
		o := options(s, store, &memoryJournal{})
		door := stuckDoor{o.Doors[0].(lineDoor), make(chan struct{})}
		o.Doors = []crawler.Door{door}
		start := time.Now()
		run := mustHarvest(t, o)
		if took := time.Since(start); took != 30*time.Second {
			t.Errorf("the run took %s, want the 30 s that a page may take", took)
		}
		if run.State != harvest.RunPartial || run.Outcomes[harvest.ParseFailed] != 1 || len(store.records) != 3 {
			t.Errorf("%s (%s), %d records, outcomes %v", run.State, run.Reason, len(store.records), run.Outcomes)
		}
		close(door.release)
	})
}

// A page that is being read when the run is stopped is read again later.
func TestStopDoesNotWaitForAParser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store, journal := newSite(4), newMemoryStore(), &memoryJournal{}
		o := options(s, store, journal)
		door := stuckDoor{o.Doors[0].(lineDoor), make(chan struct{})}
		o.Doors = []crawler.Door{door}
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Second, stop)
		start := time.Now()
		run, err := crawler.Harvest(ctx, o)
		if took := time.Since(start); err != nil || run.State != harvest.RunInterrupted || took > 7*time.Second {
			t.Errorf("%s (%s), %v after %s; want interrupted soon after 5 s", run.State, run.Reason, err, took)
		}
		close(door.release)
		run = mustHarvest(t, options(s, store, &memoryJournal{entries: journal.entries}))
		if run.State != harvest.RunPassed || len(store.records) != 4 {
			t.Errorf("%s (%s), %d records, want passed with 4", run.State, run.Reason, len(store.records))
		}
	})
}
