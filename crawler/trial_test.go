package crawler_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

const libraryItems = 60

// library is a site whose items have a summary and a language.
func library(address func(n int) string) *site {
	s := newSite(0)
	for n := 1; n <= libraryItems; n++ {
		list := (n + 9) / 10
		page := fmt.Sprintf("%slist/%d", home, list)
		if n%10 == 1 && list > 1 {
			s.pages[fmt.Sprintf("%slist/%d", home, list-1)] += "next " + page + "\n"
		}
		s.pages[page] += "item " + address(n) + "\n"
		s.pages[address(n)] = fmt.Sprintf("title Report number %d\nsummary What report %d says.\nlanguage en\n", n, n)
	}
	return s
}

func oldAddress(n int) string { return fmt.Sprintf("%sitem/%d", home, n) }

// edit changes the pages of all items.
func (s *site) edit(change func(n int, body string) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := 1; n <= libraryItems; n++ {
		s.pages[oldAddress(n)] = change(n, s.pages[oldAddress(n)])
	}
}

// clock gives each run its day.
type clock struct{ day int }

func (c *clock) options(s *site, store *memoryStore, journal *memoryJournal) crawler.Options {
	o := options(s, store, journal)
	at := time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC).AddDate(0, 0, c.day)
	o.ScheduledAt, o.ID = at, harvest.NewRunID("library", at)
	var n atomic.Int64
	o.Now = func() time.Time { return at.Add(time.Duration(n.Add(1)) * time.Millisecond) }
	o.Workers = 1
	return o
}

func (c *clock) harvest(t *testing.T, s *site, store *memoryStore) harvest.Run {
	t.Helper()
	run := mustHarvest(t, c.options(s, store, &memoryJournal{}))
	c.day += 7
	return run
}

// breaks are what a site does to its harvester, and the gate that sees it first.
var breaks = []struct {
	name  string
	does  func(s *site)
	gate  string
	state harvest.RunState
}{
	{"a selector finds nothing", func(s *site) {
		s.edit(func(_ int, body string) string { return strings.Replace(body, "summary ", "standfirst ", 1) })
	}, "lost.summary", harvest.RunQuarantined},
	{"a redesign, all addresses are new", func(s *site) {
		fresh := library(func(n int) string { return fmt.Sprintf("%sdocs/%d", home, n) })
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pages = fresh.pages
	}, "missed", harvest.RunQuarantined},
	{"every page is the home page", func(s *site) {
		s.edit(func(int, string) string { return "title Library\nsummary Welcome to our new library.\nlanguage en\n" })
	}, "same_title", harvest.RunQuarantined},
	{"a login wall that nobody knows for one", func(s *site) {
		s.edit(func(int, string) string { return "title Members only\nlanguage en\n" })
	}, "same_title", harvest.RunQuarantined},
	{"a login wall", func(s *site) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for n := 1; n <= libraryItems; n++ {
			s.fail[oldAddress(n)] = harvest.LoginRequired
		}
	}, "", harvest.RunFailed},
	{"a list that is emptied", func(s *site) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pages[home+"list/1"] = "item " + oldAddress(1) + "\nitem " + oldAddress(2) + "\n"
	}, "missed", harvest.RunQuarantined},
	{"a list with nothing", func(s *site) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pages[home+"list/1"] = "title Reports\n"
	}, "", harvest.RunFailed},
	{"another language", func(s *site) {
		s.edit(func(n int, _ string) string {
			return fmt.Sprintf("title Informe número %d\nsummary Lo que dice el informe %d.\nlanguage es\n", n, n)
		})
	}, "language_moves", harvest.RunQuarantined},
	{"two titles of three are gone", func(s *site) {
		s.edit(func(n int, body string) string {
			if _, rest, _ := strings.Cut(body, "\n"); n%3 > 0 {
				return rest
			}
			return body
		})
	}, "invalid", harvest.RunQuarantined},
}

// TestBreaksLeaveTheCatalogueAlone breaks a site after one and after three good
// runs. The first run that meets the break must find it, and not one record may
// have changed.
func TestBreaksLeaveTheCatalogueAlone(t *testing.T) {
	for _, b := range breaks {
		for _, good := range []int{1, 3} {
			t.Run(fmt.Sprintf("%s after %d", b.name, good), func(t *testing.T) {
				s, store, c := library(oldAddress), newMemoryStore(), &clock{}
				for range good {
					if run := c.harvest(t, s, store); run.State != harvest.RunPassed {
						t.Fatalf("good run: %s (%s)", run.State, run.Reason)
					}
				}
				before := maps.Clone(store.records)
				b.does(s)
				run := c.harvest(t, s, store)
				if run.State != b.state || b.gate != "" && !slices.ContainsFunc(run.Gates, func(g harvest.GateResult) bool { return g.Gate == b.gate && g.Failed }) {
					t.Errorf("%s (%s), want %s by gate %q", run.State, run.Reason, b.state, b.gate)
				}
				for _, g := range run.Gates {
					if g.Failed && g.Gate == b.gate && g.Gate != "invalid" && (len(g.Examples) == 0 || g.Examples[0].URL == "" || g.Examples[0].Before == g.Examples[0].After) {
						t.Errorf("gate %s has no example that shows why: %+v", g.Gate, g.Examples)
					}
				}
				unseen := func(records map[harvest.RecordID]harvest.Record) map[harvest.RecordID]harvest.Record {
					out := maps.Clone(records)
					for id, r := range out { // a record of a list that was emptied may have been seen, unchanged
						r.LastSeen = time.Time{}
						out[id] = r
					}
					return out
				}
				if diff := cmp.Diff(unseen(before), unseen(store.records)); diff != "" {
					t.Errorf("the catalogue has changed:\n%s", diff)
				}
				if got := store.runs[run.ID]; !cmp.Equal(got, run) {
					t.Errorf("the stored report differs:\n%s", cmp.Diff(run, got))
				}
			})
		}
	}
}

// TestRulings publishes and discards a run in quarantine, without a request.
func TestRulings(t *testing.T) {
	for _, publish := range []bool{true, false} {
		t.Run(fmt.Sprintf("publish %v", publish), func(t *testing.T) {
			s, store, c := library(oldAddress), newMemoryStore(), &clock{}
			c.harvest(t, s, store)
			breaks[0].does(s)
			before := maps.Clone(store.records)
			run := c.harvest(t, s, store)
			if run.State != harvest.RunQuarantined || run.Held != libraryItems {
				t.Fatalf("%s (%s), %d held", run.State, run.Reason, run.Held)
			}
			requests := s.askedFor("")
			ruling := harvest.Ruling{Publish: publish, Author: "ada", Reason: "they dropped summaries", At: c.options(s, store, nil).Now().Add(3 * time.Hour)}
			for range 2 { // the second time changes nothing
				ruled, _, err := crawler.Rule(t.Context(), store, run.ID, ruling)
				want := map[bool]harvest.RunState{true: harvest.RunPassed, false: harvest.RunDiscarded}[publish]
				if err != nil || ruled.State != want || ruled.Ruling == nil || !ruled.Ruling.Done || ruled.Ruling.Author != "ada" {
					t.Fatalf("ruled: %+v, %v", ruled.Ruling, err)
				}
			}
			other := ruling
			other.Publish = !publish
			if _, _, err := crawler.Rule(t.Context(), store, run.ID, other); !errors.Is(err, crawler.ErrRuled) {
				t.Errorf("deciding otherwise: %v", err)
			}
			if n := s.askedFor(""); n != requests {
				t.Errorf("%d requests were made", n-requests)
			}
			if held, _ := store.Held(t.Context(), run.ID, "", 0); len(held) > 0 {
				t.Errorf("%d pages are held still", len(held))
			}
			changed := 0
			for id, r := range store.records {
				if r.Summary != before[id].Summary {
					if !r.LastSeen.Equal(ruling.At) {
						t.Errorf("%s is dated %v, want its release, %v", id, r.LastSeen, ruling.At)
					}
					changed++
				}
			}
			if want := map[bool]int{true: libraryItems}[publish]; changed != want {
				t.Errorf("%d records have changed, want %d", changed, want)
			}
			c.day += 7
			again := c.harvest(t, s, store) // what was published is how the source is now
			if want := map[bool]harvest.RunState{true: harvest.RunPassed, false: harvest.RunQuarantined}[publish]; again.State != want {
				t.Errorf("the run after: %s (%s), want %s", again.State, again.Reason, want)
			}
		})
	}
	store := newMemoryStore()
	store.runs["library@1"] = harvest.Run{ID: "library@1", State: harvest.RunPassed}
	if _, _, err := crawler.Rule(t.Context(), store, "library@1", harvest.Ruling{Publish: true}); !errors.Is(err, crawler.ErrNotHeld) {
		t.Errorf("a run that is not in quarantine: %v", err)
	}
}

// mortalStore dies at a call that writes, before or after it has.
type mortalStore struct {
	*memoryStore
	calls, dieAt int
	after        bool
}

func (m *mortalStore) dies(write func()) error {
	m.calls++
	if m.calls != m.dieAt {
		write()
		return nil
	}
	if m.after {
		write()
	}
	return errCrash
}

func (m *mortalStore) Put(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) (out []harvest.Change, err error) {
	if dead := m.dies(func() { out, err = m.memoryStore.Put(ctx, run, at, records) }); dead != nil {
		return nil, dead
	}
	return out, err
}

func (m *mortalStore) PutRun(ctx context.Context, run harvest.Run) (err error) {
	if dead := m.dies(func() { err = m.memoryStore.PutRun(ctx, run) }); dead != nil {
		return dead
	}
	return err
}

func (m *mortalStore) LetGo(ctx context.Context, run harvest.RunID, keys []string) (err error) {
	if dead := m.dies(func() { err = m.memoryStore.LetGo(ctx, run, keys) }); dead != nil {
		return dead
	}
	return err
}

func (m *mortalStore) Hold(ctx context.Context, run harvest.RunID, pages []harvest.Held) (err error) {
	if dead := m.dies(func() { err = m.memoryStore.Hold(ctx, run, pages) }); dead != nil {
		return dead
	}
	return err
}

func (m *mortalStore) PutAbsences(ctx context.Context, absences []harvest.Absence) (err error) {
	if dead := m.dies(func() { err = m.memoryStore.PutAbsences(ctx, absences) }); dead != nil {
		return dead
	}
	return err
}

func (m *mortalStore) Amend(ctx context.Context, by harvest.Signature, at time.Time, ids []harvest.RecordID, change func(*harvest.Record) error) (out []harvest.RecordID, err error) {
	if dead := m.dies(func() { out, err = m.memoryStore.Amend(ctx, by, at, ids, change) }); dead != nil {
		return nil, dead
	}
	return out, err
}

// TestRulingSurvivesDeath dies at every write of a publication by hand, and
// repeats the command.
func TestRulingSurvivesDeath(t *testing.T) {
	for _, after := range []bool{false, true} {
		for dieAt := 1; ; dieAt++ {
			s, store, c := library(oldAddress), newMemoryStore(), &clock{}
			c.harvest(t, s, store)
			breaks[0].does(s)
			run := c.harvest(t, s, store)
			ruling := harvest.Ruling{Publish: true, Author: "ada", Reason: "so it is", At: run.EndedAt}
			_, _, err := crawler.Rule(t.Context(), &mortalStore{memoryStore: store, dieAt: dieAt, after: after}, run.ID, ruling)
			if err == nil {
				if dieAt < 5 {
					t.Errorf("only %d writes", dieAt)
				}
				break
			}
			ruled, _, err := crawler.Rule(t.Context(), store, run.ID, ruling)
			if err != nil || ruled.State != harvest.RunPassed || !ruled.Ruling.Done {
				t.Fatalf("death at write %d: %s, %v", dieAt, ruled.State, err)
			}
			for id, r := range store.records {
				if r.Summary != "" {
					t.Errorf("death at write %d: %s is not published", dieAt, id)
				}
			}
		}
	}
}

// TestTrialSurvivesDeath dies at every write of a run that changes some records
// and of one that breaks, and goes on. What comes out must be what comes out
// without a death.
func TestTrialSurvivesDeath(t *testing.T) {
	for _, c := range []struct {
		name  string
		does  func(s *site)
		state harvest.RunState
	}{
		{"some change", func(s *site) {
			s.edit(func(n int, body string) string {
				if n%10 == 0 {
					body += "label Guidance\n"
				}
				return body
			})
			s.pages[home+"list/6"] += "item " + oldAddress(61) + "\n"
			s.pages[oldAddress(61)] = "title Report number 61\nsummary What report 61 says.\nlanguage en\n"
			delete(s.pages, oldAddress(33))
		}, harvest.RunPassed},
		{"a break", breaks[0].does, harvest.RunQuarantined},
	} {
		want := ""
		for dieAt := 0; ; dieAt++ { // 0: it does not
			s, store, clock := library(oldAddress), newMemoryStore(), &clock{}
			clock.harvest(t, s, store)
			c.does(s)
			journal := &memoryJournal{}
			o := clock.options(s, store, journal)
			mortal := &mortalStore{memoryStore: store, dieAt: dieAt, after: dieAt%2 == 0}
			o.Store = mortal
			run, err := crawler.Harvest(t.Context(), o)
			if dieAt > 0 && err == nil {
				break
			}
			if err != nil {
				o = clock.options(s, store, &memoryJournal{entries: journal.entries})
				o.Now = func() time.Time { return o.ScheduledAt.Add(time.Hour) }
				run = mustHarvest(t, o)
			}
			held, _ := store.Held(t.Context(), run.ID, "", 0)
			records := 0
			for _, h := range held {
				records += len(h.Records)
			}
			got := fmt.Sprintf("%s, %d new, %d changed, %d unchanged, %d in quarantine, %d held, %d records, %d absences, figures %d/%d/%d missed %d\n%s", run.State,
				run.Outcomes[harvest.NewRecord], run.Outcomes[harvest.ChangedRecord], run.Outcomes[harvest.UnchangedRecord], records, run.Held, len(store.records), len(store.absences),
				run.Figures.New, run.Figures.Again, run.Figures.Unread, run.Figures.Missed, strings.Join(store.ids(), "\n"))
			if dieAt == 0 {
				if want = got; run.State != c.state {
					t.Fatalf("%s: %s (%s)", c.name, run.State, run.Reason)
				}
			} else if got != want {
				t.Fatalf("%s, death at write %d:\n%s", c.name, dieAt, cmp.Diff(want, got))
			}
		}
	}
}

// TestOldQuarantineMakesRoom keeps what is held bounded, and lets nobody decide
// about what is over.
func TestOldQuarantineMakesRoom(t *testing.T) {
	s, store, c := library(oldAddress), newMemoryStore(), &clock{}
	c.harvest(t, s, store)
	good := maps.Clone(s.pages)
	breaks[0].does(s)
	var ids []harvest.RunID
	for range 6 {
		ids = append(ids, c.harvest(t, s, store).ID)
	}
	states := func() (out []harvest.RunState) {
		for _, id := range ids {
			out = append(out, store.runs[id].State)
		}
		return out
	}
	d, q := harvest.RunDiscarded, harvest.RunQuarantined
	if diff := cmp.Diff([]harvest.RunState{d, d, d, q, q, q}, states()); diff != "" {
		t.Errorf("too many in quarantine:\n%s", diff)
	}
	if len(store.held) != 3 {
		t.Errorf("%d runs hold something", len(store.held))
	}
	s.pages = good
	if run := c.harvest(t, s, store); run.State != harvest.RunPassed {
		t.Fatalf("%s (%s)", run.State, run.Reason)
	}
	if diff := cmp.Diff([]harvest.RunState{d, d, d, d, d, d}, states()); diff != "" || len(store.held) > 0 {
		t.Errorf("after a run that passed %d hold something:\n%s", len(store.held), diff)
	}
	if r := store.runs[ids[5]].Ruling; r == nil || r.Author != "harvest" || !strings.Contains(r.Reason, "has passed since") {
		t.Errorf("ruling %+v", r)
	}
}

// TestNewerRunsWin publishes a run by hand after a newer one has seen some of
// its records: these stay as the newer one found them.
func TestNewerRunsWin(t *testing.T) {
	s, store, c := library(oldAddress), newMemoryStore(), &clock{}
	c.harvest(t, s, store)
	good := maps.Clone(s.pages)
	breaks[0].does(s)
	run := c.harvest(t, s, store)
	s.pages = good
	for n := 31; n <= libraryItems; n++ { // the newer run has a hole
		s.fail[oldAddress(n)] = harvest.ServerError
	}
	if newer := c.harvest(t, s, store); newer.State != harvest.RunPartial {
		t.Fatalf("%s (%s)", newer.State, newer.Reason)
	}
	if _, _, err := crawler.Rule(t.Context(), store, run.ID, harvest.Ruling{Publish: true, Author: "ada", Reason: "so it is", At: run.EndedAt}); err != nil {
		t.Fatal(err)
	}
	with := 0
	for _, r := range store.records {
		if r.Summary != "" {
			with++
		}
	}
	if with != 30 {
		t.Errorf("%d records have the summary that the newer run saw, want 30", with)
	}
}

// TestLongRunPublishesAsItGoes lets new records of a large source through once
// the run has shown that it is well, and holds what has changed to the end.
func TestLongRunPublishesAsItGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store, c := library(oldAddress), newMemoryStore(), &clock{}
		c.harvest(t, s, store)
		for n := 1; n <= 20; n++ { // old ones come first in this list, then new ones
			address := fmt.Sprintf("%snew/%d", home, n)
			s.pages[home+"list/6"] += "item " + address + "\n"
			s.pages[address] = fmt.Sprintf("title Later report %d\nsummary What it says.\nlanguage en\n", n)
		}
		s.edit(func(n int, body string) string {
			if n == 60 {
				return "title Report number 60, revised\nsummary What report 60 says.\nlanguage en\n"
			}
			return body
		})
		o := c.options(s, store, &memoryJournal{})
		atEnd := 0
		s.onAsk = func(url string) {
			if strings.HasSuffix(url, "/new/20") {
				atEnd = store.size()
				store.mu.Lock()
				titles := store.titles()
				store.mu.Unlock()
				for _, r := range titles {
					if strings.Contains(r, "revised") {
						t.Error("a change was published before the end")
					}
				}
			}
		}
		o.Fetcher = paced{site: s, pause: 300 * time.Millisecond}
		run := mustHarvest(t, o)
		if run.State != harvest.RunPassed || run.Outcomes[harvest.NewRecord] != 20 || run.Outcomes[harvest.ChangedRecord] != 1 || store.size() != libraryItems+20 {
			t.Errorf("%s (%s), %v, %d records", run.State, run.Reason, run.Outcomes, store.size())
		}
		if atEnd < libraryItems+10 {
			t.Errorf("%d records when the last page was asked for: new ones were held", atEnd)
		}
		if !slices.ContainsFunc(store.titles(), func(title string) bool { return strings.Contains(title, "revised") }) {
			t.Error("the change was not published at the end")
		}
	})
}
