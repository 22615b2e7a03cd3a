package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// broadSite is one list of many items, each of which leads to one more.
func broadSite(items int) *site {
	s := newSite(0)
	for n := 1; n <= items; n++ {
		s.pages[home+"list/1"] += fmt.Sprintf("item %sitem/%d\n", home, n)
		s.pages[fmt.Sprintf("%sitem/%d", home, n)] = fmt.Sprintf("title Report %d\nitem %sitem/%d/annex\n", n, home, n)
		s.pages[fmt.Sprintf("%sitem/%d/annex", home, n)] = fmt.Sprintf("title Annex %d\n", n)
	}
	return s
}

// What does not fit into the window is read back from the journal: nothing is
// lost, nothing is visited twice, and the order is that of a run without one.
func TestPendingBeyondTheWindowStaysInTheJournal(t *testing.T) {
	const items = 100
	order := func(window int) (asked []string, journal *memoryJournal) {
		s, store, journal := broadSite(items), newMemoryStore(), &memoryJournal{}
		s.onAsk = func(url string) { asked = append(asked, url) }
		o := options(s, store, journal)
		o.Workers, o.Window = 1, window
		run := mustHarvest(t, o)
		if run.State != harvest.RunPassed || len(store.records) != 2*items || run.Requests != 2*items+1 {
			t.Errorf("window %d: %s (%s), %d records with %d requests; want %d with %d", window, run.State, run.Reason, len(store.records), run.Requests, 2*items, 2*items+1)
		}
		return asked, journal
	}
	want, journal := order(1000)
	if journal.reads > 0 {
		t.Errorf("the journal was read %d times though all fits into the window", journal.reads)
	}
	for _, window := range []int{1, 2, 3, 10, 90} {
		got, journal := order(window)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("window %d: another order: %v", window, got)
		}
		if journal.reads == 0 {
			t.Errorf("window %d: the journal was never read", window)
		}
	}
	s, store := broadSite(items), newMemoryStore()
	o := options(s, store, &memoryJournal{})
	o.Workers, o.Window = 8, 2
	if run := mustHarvest(t, o); run.Requests != 2*items+1 || len(store.records) != 2*items {
		t.Errorf("8 workers: %d records with %d requests", len(store.records), run.Requests)
	}
}

// The same for a run that dies at any append, again and again.
func TestWindowSurvivesDeath(t *testing.T) {
	const items = 12
	for _, window := range []int{1, 4} {
		for _, workers := range []int{1, 3} {
			for every := 2; every < 9; every++ {
				name := fmt.Sprintf("window %d, %d workers, dies at every append %d", window, workers, every)
				s, store := broadSite(items), newMemoryStore()
				var entries [][]byte
				var run harvest.Run
				deaths := 0
				for {
					journal := &memoryJournal{entries: entries, dieAfter: every, stored: deaths%2 == 0}
					o := options(s, store, journal)
					o.Workers, o.Window = workers, window
					var err error
					if run, err = crawler.Harvest(t.Context(), o); err == nil {
						break
					}
					if entries = journal.entries; deaths > 100 {
						t.Fatalf("%s: does not get on: %v", name, err)
					}
					deaths++
				}
				if run.State != harvest.RunPassed || len(store.records) != 2*items || run.Outcomes[harvest.NewRecord] != 2*items {
					t.Errorf("%s: %s (%s), %d records, outcomes %v", name, run.State, run.Reason, len(store.records), run.Outcomes)
				}
				if twice := s.askedFor("") - (2*items + 1); twice > deaths {
					t.Errorf("%s: %d pages were fetched twice in %d deaths", name, twice, deaths)
				}
			}
		}
	}
}

// A journal whose entries have another form is not taken up: nothing would be
// found pending in it, and the part that is done would pass for the whole.
func TestJournalOfAnotherFormIsNotTakenUp(t *testing.T) {
	s, store, journal := broadSite(5), newMemoryStore(), &memoryJournal{dieAfter: 4, stored: true}
	if _, err := crawler.Harvest(t.Context(), options(s, store, journal)); err == nil {
		t.Fatal("the run was to die")
	}
	begin := strings.Replace(string(journal.entries[0]), `,"format":4`, "", 1)
	if begin == string(journal.entries[0]) {
		t.Fatalf("the first entry names no format: %s", begin)
	}
	journal.entries[0] = []byte(begin)
	_, err := crawler.Harvest(t.Context(), options(s, store, &memoryJournal{entries: journal.entries}))
	if !errors.Is(err, crawler.ErrSourceChanged) {
		t.Errorf("%v, want the run to be begun anew", err)
	}
}

// A full run does not go on with what another has begun that passes over what
// has not changed. One that was begun as full is full to its end, whoever goes on.
func TestFullRunGoesOnAsOne(t *testing.T) {
	for _, tt := range []struct {
		name         string
		begun, asked bool
		want         error
	}{
		{"an increment is not made full half-way", false, true, crawler.ErrNotFull},
		{"an increment goes on", false, false, nil},
		{"a full run goes on", true, true, nil},
		{"a full run stays full", true, false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, store := newSite(5), newMemoryStore()
			s.etags = true
			mustHarvest(t, options(s, store, &memoryJournal{})) // fills the ledger
			dying := &memoryJournal{dieAfter: 4, stored: true}
			o := options(s, store, dying)
			o.ID, o.Full, o.Now = "library@2", tt.begun, func() time.Time { return time.Now().Add(time.Hour) }
			if _, err := crawler.Harvest(t.Context(), o); err == nil {
				t.Fatal("the run was to die")
			}
			o = options(s, store, &memoryJournal{entries: dying.entries})
			o.ID, o.Full, o.Now = "library@2", tt.asked, func() time.Time { return time.Now().Add(time.Hour) }
			run, err := crawler.Harvest(t.Context(), o)
			if !errors.Is(err, tt.want) {
				t.Fatalf("%v, want %v", err, tt.want)
			}
			if err != nil {
				return
			}
			if full := run.Outcomes[harvest.NotModified] == 0; full != tt.begun {
				t.Errorf("outcomes %v, begun as full: %v", run.Outcomes, tt.begun)
			}
		})
	}
}

// What was begun from the archive is not gone on with as a visit, which would count what
// nobody has asked the site for as seen; nor the other way round.
func TestReplayIsNotGoneOnWithAsAVisit(t *testing.T) {
	for _, replay := range []bool{true, false} {
		s, store := newSite(5), newMemoryStore()
		dying := &memoryJournal{dieAfter: 3, stored: true}
		o := options(s, store, dying)
		o.Replay = replay
		if _, err := crawler.Harvest(t.Context(), o); err == nil {
			t.Fatal("the run was to die")
		}
		for _, as := range []bool{!replay, replay} {
			o = options(s, store, &memoryJournal{entries: dying.entries})
			o.Replay = as
			if _, err := crawler.Harvest(t.Context(), o); errors.Is(err, crawler.ErrReplay) != (as != replay) {
				t.Errorf("begun from the archive: %v, gone on with so: %v; error %v", replay, as, err)
			}
		}
	}
}

// Of one host no more pages are in work than may be asked for at once, so a kill
// makes no more than these be fetched again, however many workers there are.
// Other hosts do not wait for it.
func TestPagesInWorkAreThoseUnderWay(t *testing.T) {
	for _, concurrency := range []int{0, 1, 3} {
		s, store := broadSite(40), newMemoryStore()
		journal := &countingJournal{Journal: &memoryJournal{}}
		o := options(s, store, &memoryJournal{})
		o.Journal = journal
		src := *o.Source
		src.Politeness.Concurrency = concurrency
		o.Source, o.Workers = &src, 8
		most, asked := 0, 0
		s.onAsk = func(string) { // under the site's lock
			asked++
			most = max(most, asked-journal.pages())
		}
		if run := mustHarvest(t, o); run.State != harvest.RunPassed {
			t.Fatalf("run %s (%s)", run.State, run.Reason)
		}
		if most > max(1, concurrency) {
			t.Errorf("%d at once allowed: %d pages were asked for that the journal did not have", concurrency, most)
		}
	}
}

// countingJournal counts the pages that it has.
type countingJournal struct {
	crawler.Journal
	stored atomic.Int64
}

func (j *countingJournal) pages() int { return int(j.stored.Load()) }

func (j *countingJournal) Append(ctx context.Context, entries ...[]byte) error {
	n := 0
	for _, e := range entries {
		if strings.HasPrefix(string(e), `{"t":"page"`) {
			n++
		}
	}
	if err := j.Journal.Append(ctx, entries...); err != nil {
		return err
	}
	j.stored.Add(int64(n))
	return nil
}
