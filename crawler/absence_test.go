package crawler_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
)

// decade lets runs of a library go on, a week apart.
type decade struct {
	*testing.T
	site  *site
	store *memoryStore
	clock *clock
	rule  config.Gone
}

func newDecade(t *testing.T) *decade {
	d := &decade{t, library(oldAddress), newMemoryStore(), &clock{}, config.Gone{Runs: 3, After: 10 * 24 * time.Hour}}
	d.site.etags = true // what has not changed is answered by 304
	d.week(harvest.RunPassed)
	return d
}

func (d *decade) week(want harvest.RunState) harvest.Run {
	d.Helper()
	o := d.clock.options(d.site, d.store, &memoryJournal{})
	o.Source.Gone = d.rule
	run := mustHarvest(d.T, o)
	if run.State != want {
		d.Fatalf("day %d: %s (%s), want %s", d.clock.day, run.State, run.Reason, want)
	}
	d.clock.day += 7
	return run
}

func (d *decade) id(n int) harvest.RecordID {
	d.Helper()
	for id, r := range d.store.records {
		if r.URL == oldAddress(n) {
			return id
		}
	}
	d.Fatalf("no record of item %d", n)
	return ""
}

// stands is the state of a record and what is counted of its absence.
func (d *decade) stands(n int) string {
	d.Helper()
	id := d.id(n)
	out := string(d.store.records[id].State)
	if a, ok := d.store.absences[id]; ok {
		out += fmt.Sprintf(", missed by %d since %s: %s", a.Runs, a.Since.Format(time.DateOnly), a.Reason)
		if !a.Gone.IsZero() {
			out += ", gone " + a.Gone.Format(time.DateOnly)
		}
	}
	return out
}

func (d *decade) wants(when string, n int, want string) {
	d.Helper()
	if diff := cmp.Diff(want, d.stands(n)); diff != "" {
		d.Errorf("%s, item %d (-want +got):\n%s", when, n, diff)
	}
}

// take removes items from the site; delist takes them off their list too.
func (d *decade) take(n int, delist bool) string {
	page := d.site.pages[oldAddress(n)]
	delete(d.site.pages, oldAddress(n))
	if delist {
		list := fmt.Sprintf("%slist/%d", home, (n+9)/10)
		d.site.pages[list] = strings.Replace(d.site.pages[list], "item "+oldAddress(n)+"\n", "", 1)
	}
	return page
}

func TestGoneTakesSeveralWholeRuns(t *testing.T) {
	d := newDecade(t)
	page := d.take(7, false)
	d.take(8, true)
	d.site.fail[oldAddress(9)] = harvest.GonePage
	d.week(harvest.RunPassed) // 8 March
	d.wants("after one run", 7, "active, missed by 1 since 2026-03-08: 404")
	d.wants("after one run", 8, "active, missed by 1 since 2026-03-08: delisted")
	d.wants("after one run", 9, "active, missed by 1 since 2026-03-08: 410")
	d.wants("one that is there", 1, "active")

	d.site.fail[oldAddress(20)] = harvest.ServerError
	d.week(harvest.RunPartial) // 15 March
	d.wants("a partial run counts for nothing", 7, "active, missed by 1 since 2026-03-08: 404")
	delete(d.site.fail, oldAddress(20))

	d.week(harvest.RunPassed) // 22 March
	d.wants("after two", 7, "active, missed by 2 since 2026-03-08: 404")
	run := d.week(harvest.RunPassed)
	d.wants("after three", 7, "gone, missed by 3 since 2026-03-08: 404, gone 2026-03-29")
	d.wants("after three", 8, "gone, missed by 3 since 2026-03-08: delisted, gone 2026-03-29")
	d.wants("after three", 9, "gone, missed by 3 since 2026-03-08: 410, gone 2026-03-29")
	if !strings.Contains(strings.Join(run.Notes, "\n"), "3 records are gone") {
		t.Errorf("notes %q", run.Notes)
	}

	d.week(harvest.RunPassed)
	d.wants("and stays so", 7, "gone, missed by 3 since 2026-03-08: 404, gone 2026-03-29")
	d.site.pages[oldAddress(7)] = page // as it was: the answer is 304
	d.week(harvest.RunPassed)
	d.wants("it is there again", 7, "active")
	d.take(7, false)
	d.week(harvest.RunPassed)
	d.wants("counting begins anew", 7, "active, missed by 1 since 2026-04-19: 404")
}

func TestGoneNeedsTimeToo(t *testing.T) {
	d := newDecade(t)
	d.rule.After = 30 * 24 * time.Hour
	d.take(7, false)
	for range 5 {
		d.week(harvest.RunPassed)
	}
	d.wants("within 30 days", 7, "active, missed by 5 since 2026-03-08: 404")
	d.week(harvest.RunPassed)
	d.wants("after 35", 7, "gone, missed by 6 since 2026-03-08: 404, gone 2026-04-12")
}

func TestSeenInBetweenBeginsAnew(t *testing.T) {
	d := newDecade(t)
	page := d.take(7, false)
	d.week(harvest.RunPassed)
	d.week(harvest.RunPassed)
	d.site.pages[oldAddress(7)] = page
	d.week(harvest.RunPassed)
	d.wants("seen in between", 7, "active")
}

// A run in quarantine has seen a broken site: what it did not find is not missing.
func TestQuarantineCountsForNothing(t *testing.T) {
	d := newDecade(t)
	for n := 11; n <= libraryItems; n++ {
		d.take(n, true)
	}
	d.week(harvest.RunQuarantined)
	d.wants("in quarantine", 33, "active")
}

func TestDeletedBySourceIsGoneAtOnce(t *testing.T) {
	d := newDecade(t)
	d.site.pages[home+"list/1"] += "gone " + string(d.id(7)) + "\n"
	d.take(7, true)
	d.week(harvest.RunPassed)
	d.wants("the source says so", 7, "gone, missed by 1 since 2026-03-08: deleted, gone 2026-03-08")
	d.week(harvest.RunPassed)
	d.wants("and says it again", 7, "gone, missed by 1 since 2026-03-08: deleted, gone 2026-03-08")
}

// TestClockBackCountsNothing lets the clock go back while a run goes on.
func TestClockBackCountsNothing(t *testing.T) {
	d := newDecade(t)
	d.take(7, false)
	o := d.clock.options(d.site, d.store, &memoryJournal{})
	var n atomic.Int64
	o.Now = func() time.Time {
		if n.Add(1) > 20 {
			return o.ScheduledAt.Add(-365 * 24 * time.Hour)
		}
		return o.ScheduledAt
	}
	run := mustHarvest(t, o)
	if run.State != harvest.RunPassed || len(d.store.absences) > 0 {
		t.Errorf("%s, %d absences", run.State, len(d.store.absences))
	}
}

// TestStockIsTakenOnce repeats the end of a run at each of its writes.
func TestStockIsTakenOnce(t *testing.T) {
	for dieAt := 1; ; dieAt++ {
		d := newDecade(t)
		d.rule = config.Gone{Runs: 1}
		d.take(7, false)
		journal := &memoryJournal{}
		o := d.clock.options(d.site, d.store, journal)
		o.Source.Gone = d.rule
		mortal := &mortalStore{memoryStore: d.store, dieAt: dieAt, after: dieAt%2 == 0}
		o.Store = mortal
		if _, err := crawler.Harvest(t.Context(), o); err == nil {
			if dieAt < 4 {
				t.Errorf("only %d writes", dieAt)
			}
			break
		}
		o = d.clock.options(d.site, d.store, &memoryJournal{entries: journal.entries})
		o.Source.Gone = d.rule
		mustHarvest(t, o)
		d.wants(fmt.Sprintf("death at write %d", dieAt), 7, "gone, missed by 1 since 2026-03-08: 404, gone 2026-03-08")
	}
}
