package linkcheck_test

import (
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/linkcheck"
)

const year = 365 * 24 * time.Hour

// The clock was a year ahead for one look. What was found then is looked at again at
// once, kept with its right date, and not asked for again before it is due.
func TestClockSetBack(t *testing.T) {
	w := newWorld(t)
	right := w.now
	w.now = right.Add(year)
	w.check([]string{lost, well})
	w.now = right.Add(time.Hour)
	if w.check([]string{lost, well}); len(w.asked) != 2 {
		t.Errorf("asked for %q, want both", w.asked)
	}
	w.now = right.Add(2 * time.Hour)
	if w.check([]string{lost, well}); len(w.asked) != 0 {
		t.Errorf("asked again for %q, which was asked for an hour ago", w.asked)
	}
	known, err := linkcheck.Known(t.Context(), w.store, "a")
	if err != nil || len(known) != 2 || !known[0].Checked.Equal(right.Add(time.Hour)) {
		t.Errorf("known is %+v, %v", known, err)
	}
}

// What was found not to be there by a clock that was ahead still takes its days: they
// begin with the first look by the right one.
func TestDaysBeginAnewWhenTheClockWasAhead(t *testing.T) {
	w := newWorld(t)
	w.says[lost] = ends(harvest.NotFoundPage, 404)
	right := w.now
	w.now = right.Add(year)
	w.check([]string{lost})
	w.now = right
	for day, want := range []linkcheck.Verdict{linkcheck.Suspect, linkcheck.Suspect, linkcheck.Suspect, linkcheck.Broken} {
		w.check([]string{lost})
		if got := w.verdict(lost); got != want || len(w.asked) != 1 {
			t.Errorf("day %d: %s, want %s; asked for %q", day, got, want, w.asked)
		}
		w.now = w.now.Add(24 * time.Hour)
	}
}

// A clock that jumps ahead makes everything due, which a host bears no more of than
// on any day; and one bad look by it does not break a link that was well.
func TestClockJumpsAhead(t *testing.T) {
	w := newWorld(t)
	w.plan.PerDay = 3
	links := []string{lost, well, well + "2", well + "3", well + "4"}
	w.check(links)
	w.now = w.now.Add(24 * time.Hour)
	w.check(links)
	w.says[lost] = ends(harvest.NotFoundPage, 404)
	w.now = w.now.Add(year)
	if w.check(links); len(w.asked) != 3 {
		t.Errorf("asked for %q, want 3 of them", w.asked)
	}
	if got := w.verdict(lost); got == linkcheck.Broken {
		t.Errorf("the link is %s after one look", got)
	}
	if w.check(links); len(w.asked) != 0 {
		t.Errorf("asked for %q more on the same day", w.asked)
	}
}

// Of two who look at once the newer result stays.
func TestNewerResultStays(t *testing.T) {
	w := newWorld(t)
	w.check([]string{lost})
	first := w.now
	w.now = w.now.Add(40 * 24 * time.Hour)
	w.says[lost] = func(*harvest.Page) { // while it is asked for, another looks too, a minute later
		delete(w.says, lost)
		w.now = w.now.Add(time.Minute)
		w.check([]string{lost})
		w.now = w.now.Add(-2 * time.Minute) // and our clock is behind
	}
	w.check([]string{lost})
	known, err := linkcheck.Known(t.Context(), w.store, "a")
	if want := first.Add(40*24*time.Hour + time.Minute); err != nil || len(known) != 1 || !known[0].Checked.Equal(want) {
		t.Errorf("known is %+v, %v; want the look of %s", known, err, want)
	}
}
