package crawler_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
)

// A clock that is set, by somebody or by the network, between a crash and the
// next start, or while a run is going on, costs no record and ends no run.
func TestClockSteps(t *testing.T) {
	const items = 9
	calm := newMemoryStore()
	mustHarvest(t, options(newSite(items), calm, &memoryJournal{}))
	for _, step := range []time.Duration{-72 * time.Hour, -time.Hour, time.Hour, 72 * time.Hour} {
		for _, died := range []int{0, 2, 5, 8} { // appends before the crash; 0: the clock steps in the middle of the run
			t.Run(fmt.Sprintf("%s after %d", step, died), func(t *testing.T) {
				store, journal := newMemoryStore(), &memoryJournal{dieAfter: died}
				o := options(newSite(items), store, journal)
				o.Workers = 1
				var calls atomic.Int64
				now := func() time.Time {
					if n := calls.Add(1); died > 0 || n < 12 {
						return time.Now()
					}
					return time.Now().Add(step)
				}
				o.Now = now
				run, err := crawler.Harvest(t.Context(), o)
				if died > 0 {
					if !errors.Is(err, errCrash) {
						t.Fatalf("%v, want the crash", err)
					}
					o.Source = &config.Source{ID: "library", Homepage: home, Hash: "file-1", Limits: config.Limits{Budget: config.Budget{Duration: 30 * time.Minute}}}
					o.Now = func() time.Time { return time.Now().Add(step) }
					o.Journal = &memoryJournal{entries: journal.entries}
					run, err = crawler.Harvest(t.Context(), o)
				}
				if err != nil || run.State != harvest.RunPassed || run.Outcomes[harvest.NewRecord] != items {
					t.Errorf("run %s (%s) with outcomes %v, %v; want passed with %d new records", run.State, run.Reason, run.Outcomes, err, items)
				}
				if diff := cmp.Diff(calm.ids(), store.ids()); diff != "" {
					t.Errorf("records (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// A run that began in the future, by a clock that was wrong then, is nothing
// to build on: to ask for what changed since would be to ask for nothing.
func TestRunFromTheFutureIsNothingToBuildOn(t *testing.T) {
	s, store := newSite(3), newMemoryStore()
	o := options(s, store, &memoryJournal{})
	o.Doors = []crawler.Door{lineDoor{start: home + "list/1", incremental: true}}
	first := mustHarvest(t, o)
	o.ID, o.Journal, o.ScheduledAt = "library@2", &memoryJournal{}, o.ScheduledAt.Add(time.Hour)
	o.Now = func() time.Time { return time.Now().Add(100 * time.Hour) }
	if ahead := mustHarvest(t, o); !ahead.StartedAt.After(time.Now().Add(99 * time.Hour)) {
		t.Fatalf("the run began at %v; the test shows nothing", ahead.StartedAt)
	}
	o.ID, o.Journal, o.ScheduledAt, o.Now = "library@3", &memoryJournal{}, o.ScheduledAt.Add(time.Hour), nil
	third := mustHarvest(t, o)
	if !third.Incremental || !third.Since.Equal(first.StartedAt) {
		t.Errorf("incremental %v since %v, want since %v, the start of the newest run before now", third.Incremental, third.Since, first.StartedAt)
	}
}
