package sinktest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/harvest87/harvest"
)

var withdrawTests = []contract{
	{"nothing of a record that was taken down is left but a tombstone", withdrawLeavesNothing},
	{"it is in no query for active or gone records, and in no day's catalogue", withdrawQueries},
	{"it does not come again under any of its names", withdrawBars},
	{"others are not barred", withdrawBarsNobodyElse},
	{"a new name is learned where title or identifier agree", withdrawLearns},
	{"it leaves its work, and its work the rest", withdrawWorks},
	{"taken down twice is taken down once", withdrawTwice},
	{"a take-down that is taken back lets the record come as new", reinstate},
	{"what there is not cannot be taken down or back", withdrawNotFound},
}

func (s *suite) withdraw(r harvest.Record, at int) harvest.Withdrawal {
	s.Helper()
	w := harvest.NewWithdrawal(&r, "ana", "asked for by its author", minute(at))
	s.must("withdraw", s.Withdraw(s.Context(), w))
	return w
}

func withdrawLeavesNothing(s *suite) {
	id := full().ID
	s.put(firstRun, minute(1), full(), small(1))
	s.put(secondRun, minute(61), retitled(full(), "Another title"))
	s.amend(curator, minute(62), says("publisher", minute(62), "A publisher"), id)
	s.must("keys", s.PutKeys(s.Context(), map[harvest.RecordID][]string{id: {"~title block"}, small(1).ID: {"~other"}}))
	s.must("doubts", s.PutDoubts(s.Context(), []harvest.RecordID{id}, []harvest.Doubt{{A: min(id, small(1).ID), B: max(id, small(1).ID), Score: 0.5, Evidence: "its title"}}))
	held := harvest.Held{Key: "k", URL: "https://alpha.example/list", At: minute(70), Records: []harvest.Record{retitled(full(), "Another title"), small(1)}}
	s.must("hold", s.Hold(s.Context(), secondRun, []harvest.Held{held}))
	w := s.withdraw(retitled(full(), "Another title"), 90)

	got := s.get(id)
	s.same("tombstone", harvest.Record{
		ID: id, Source: "alpha", URL: harvest.WithdrawnURL, Title: harvest.WithdrawnTitle, State: harvest.StateWithdrawn,
		FirstSeen: minute(1), LastSeen: minute(61), LastChanged: minute(90), FirstRun: firstRun, Revision: 4,
	}, got)
	history := s.history(id)
	s.same("revisions", 1, len(history))
	if h := history[0]; h.Author != "ana" || h.Reason != w.Reason || !h.From.Equal(minute(90)) || len(h.Changes) != 1 {
		s.Errorf("the revision is %+v", h)
	}
	s.same("keys", 0, len(s.withKeys("~title block")))
	doubts, err := s.Doubts(s.Context(), 0)
	s.must("doubts", err)
	s.same("doubts", 0, len(doubts))
	waiting, err := s.Held(s.Context(), secondRun, "", 0)
	s.must("held", err)
	s.same("held", []harvest.RecordID{small(1).ID}, ids(waiting[0].Records))
	list, err := s.Withdrawals(s.Context())
	s.must("withdrawals", err)
	s.same("withdrawals", []harvest.Withdrawal{w}, list)
	if said := fmt.Sprintf("%+v %+v", history, list); strings.Contains(said, "Another title") || strings.Contains(said, "alpha.example") {
		s.Errorf("something of it is left: %s", said)
	}
	pending, err := s.Pending(s.Context(), "", 10)
	s.must("pending", err)
	s.same("pending", true, len(pending) == 2)
}

func withdrawQueries(s *suite) {
	s.put(firstRun, minute(1), full(), small(1))
	s.withdraw(full(), 30)
	s.same("active", []harvest.RecordID{small(1).ID}, ids(s.find(harvest.Query{})))
	s.same("gone", 0, s.count(harvest.Query{States: []harvest.State{harvest.StateGone}}))
	s.same("withdrawn", []harvest.RecordID{full().ID}, ids(s.find(harvest.Query{States: []harvest.State{harvest.StateWithdrawn}})))
	s.same("changed since", 1, s.count(harvest.Query{States: []harvest.State{harvest.AnyState}, ChangedSince: minute(30)}))
	for _, at := range []int{5, 90} {
		s.same("then", []harvest.RecordID{small(1).ID}, ids(s.find(harvest.Query{AsOf: minute(at), States: []harvest.State{harvest.AnyState}})))
	}
}

func withdrawBars(s *suite) {
	s.put(firstRun, minute(1), full())
	s.withdraw(full(), 30)
	again := map[string]func(*harvest.Record){
		"as it was":          func(*harvest.Record) {},
		"changed":            func(r *harvest.Record) { r.Title = "Changed" },
		"without its number": func(r *harvest.Record) { r.NativeID, r.CanonicalURL = "", "" },
		"with a slash less":  func(r *harvest.Record) { r.NativeID, r.URL = "", strings.TrimSuffix(r.CanonicalURL, "/") },
		"insecure":           func(r *harvest.Record) { r.NativeID, r.URL = "", strings.Replace(r.CanonicalURL, "https", "http", 1) },
		"on www": func(r *harvest.Record) {
			r.NativeID, r.URL = "", strings.Replace(r.CanonicalURL, "alpha", "www.alpha", 1)
		},
		"its index page": func(r *harvest.Record) { r.NativeID, r.URL = "", r.CanonicalURL+"index.html" },
		"parameters turned": func(r *harvest.Record) {
			r.NativeID, r.URL, r.CanonicalURL = "", "https://alpha.example/?lang=en&p=123", ""
		},
		"moved, same number": func(r *harvest.Record) { r.URL, r.CanonicalURL = "https://alpha.example/elsewhere", "" },
		"reached by a redirect": func(r *harvest.Record) {
			r.Reached, r.NativeID, r.CanonicalURL, r.URL = []string{r.CanonicalURL}, "", "", "https://alpha.example/new-place"
		},
		"by another source": func(r *harvest.Record) { r.Source, r.NativeID = "beta", "" },
	}
	for name, change := range again {
		r := full()
		change(&r)
		identity := r.CanonicalURL
		if identity == "" {
			identity = r.URL
		}
		r.ID = harvest.NewRecordID(r.Source, r.NativeID, identity)
		for n := range 2 {
			s.same(name, []harvest.Outcome{harvest.Withdrawn}, s.put(secondRun, minute(61+n), r))
		}
	}
	s.same("records", 1, s.count(harvest.Query{States: []harvest.State{harvest.AnyState}}))
	n, err := s.Touch(s.Context(), minute(99), []harvest.RecordID{full().ID})
	s.must("touch", err)
	s.same("touched", 0, n)
}

func withdrawBarsNobodyElse(s *suite) {
	s.put(firstRun, minute(1), full(), small(1), small(2))
	s.withdraw(full(), 30)
	moved := small(1)
	moved.URL, moved.Title = full().URL, "A standing record that moved there"
	s.same("outcomes", []harvest.Outcome{harvest.ChangedRecord, harvest.UnchangedRecord, harvest.NewRecord},
		s.put(secondRun, minute(61), moved, small(2), small(3)))
	other := small(4)
	other.NativeID = "wp:1234"
	s.same("another number", []harvest.Outcome{harvest.NewRecord}, s.put(secondRun, minute(61), other))
}

func withdrawLearns(s *suite) {
	s.put(firstRun, minute(1), small(1), small(2))
	s.withdraw(small(1), 30)
	at := func(n int, title string, reached ...string) harvest.Record {
		r := retitled(small(n), title)
		r.Reached = reached
		return r
	}
	s.same("redirected home", []harvest.Outcome{harvest.Withdrawn}, s.put(secondRun, minute(61), at(3, "Welcome", small(1).URL)))
	s.same("home", []harvest.Outcome{harvest.NewRecord}, s.put(secondRun, minute(62), at(3, "Welcome")))
	s.same("moved", []harvest.Outcome{harvest.Withdrawn}, s.put(secondRun, minute(63), at(4, "  ITEM 1", small(1).URL)))
	s.same("found there", []harvest.Outcome{harvest.Withdrawn}, s.put(thirdRun, minute(121), at(4, "Retitled")))
	s.same("by another writer", []harvest.Outcome{harvest.Withdrawn}, s.reopened().put(thirdRun, minute(122), at(4, "Retitled")))
}

func withdrawWorks(s *suite) {
	s.put(firstRun, minute(1), smalls(3)...)
	members := func(n ...int) (out []harvest.Member) {
		for _, id := range sorted(ids([]harvest.Record{small(n[0]), small(n[1])})...) {
			out = append(out, harvest.Member{Record: id, Method: "title"})
		}
		return out
	}
	s.must("works", s.PutWorks(s.Context(), minute(1), []harvest.Work{{ID: "w:1", Members: members(0, 1)}}))
	s.withdraw(small(0), 30)
	s.same("its work", harvest.WorkID(""), s.get(small(0).ID).Work)
	w, err := s.Work(s.Context(), "w:1")
	s.must("work", err)
	s.same("the rest", []harvest.Member{{Record: small(1).ID, Method: "title"}}, w.Members)
	s.withdraw(small(1), 31)
	if w, err := s.Work(s.Context(), "w:1"); !errors.Is(err, harvest.ErrNotFound) {
		s.Errorf("a work of nobody: %+v, %v", w, err)
	}
}

func withdrawTwice(s *suite) {
	s.put(firstRun, minute(1), small(1))
	first := s.withdraw(small(1), 30)
	second := harvest.Withdrawal{Record: small(1).ID, Source: "alpha", Author: "ben", Reason: "again", At: minute(50), Names: []string{"a further name"}}
	s.must("withdraw", s.Withdraw(s.Context(), second))
	first.Names = append(first.Names, "a further name")
	list, err := s.Withdrawals(s.Context())
	s.must("withdrawals", err)
	s.same("withdrawals", []harvest.Withdrawal{first}, list)
	s.same("revision", 2, s.get(small(1).ID).Revision)
	s.history(small(1).ID)
}

func reinstate(s *suite) {
	s.put(firstRun, minute(1), small(1), small(2))
	facts := harvest.PageFacts{Source: "alpha", URL: small(1).URL, Status: 200, FetchedAt: minute(1), Records: []harvest.RecordID{small(1).ID}}
	other := harvest.PageFacts{Source: "alpha", URL: small(2).URL, Status: 200, FetchedAt: minute(1), Records: []harvest.RecordID{small(2).ID}}
	s.must("pages", s.PutPages(s.Context(), []harvest.PageFacts{facts, other}))
	s.withdraw(small(1), 30)
	s.must("reinstate", s.Reinstate(s.Context(), small(1).ID))
	if r, err := s.Record(s.Context(), small(1).ID); !errors.Is(err, harvest.ErrNotFound) {
		s.Errorf("the tombstone stands: %+v, %v", r, err)
	}
	pages, err := s.Pages(s.Context(), "alpha", []string{facts.URL, other.URL})
	s.must("pages", err)
	if _, ok := pages[facts.URL]; ok || len(pages) != 1 {
		s.Errorf("the ledger has %v: the page would not be asked for again", pages)
	}
	list, err := s.Withdrawals(s.Context())
	s.must("withdrawals", err)
	s.same("withdrawals", 0, len(list))
	s.same("harvested again", []harvest.Outcome{harvest.NewRecord}, s.put(secondRun, minute(61), small(1)))
	s.same("history", 1, len(s.history(small(1).ID)))
}

func withdrawNotFound(s *suite) {
	s.put(firstRun, minute(1), small(1))
	unknown := small(7)
	if err := s.Withdraw(s.Context(), harvest.NewWithdrawal(&unknown, "ana", "why", minute(5))); !errors.Is(err, harvest.ErrNotFound) {
		s.Errorf("withdraw an unknown record: %v", err)
	}
	if err := s.Reinstate(s.Context(), small(1).ID); !errors.Is(err, harvest.ErrNotFound) {
		s.Errorf("reinstate a record that was not taken down: %v", err)
	}
	s.same("records", 1, s.count(harvest.Query{}))
	s.same("barred", []harvest.Outcome{harvest.NewRecord}, s.put(secondRun, minute(61), unknown))
}
