package sinktest

import (
	"github.com/harvest87/harvest"
)

var matchingTests = []contract{
	{"records are looked up, each once, in the order of ID", lookup},
	{"at most so many holders of a key, the first ones", holdersFew},
	{"what is new or changed is pending until it is settled", pending},
	{"a record that changes while it is matched stays pending", pendingRace},
	{"all become pending when rules change", unsettle},
	{"works are listed in order", worksList},
	{"a decision is kept, replaced and taken back", decisions},
	{"decisions are found from either side", decisionsOf},
	{"a decision is about two records in order", decisionPair},
	{"doubts are replaced for the records that were looked at", doubts},
}

func lookup(s *suite) {
	s.put(firstRun, minute(1), small(1), small(2), small(3))
	a, b := small(1).ID, small(3).ID
	s.same("lookup", sorted(a, b), ids(collect(s, s.Lookup(s.Context(), []harvest.RecordID{b, a, b, "unknown:x"}))))
	s.same("none", 0, len(collect(s, s.Lookup(s.Context(), nil))))
	many := smalls(min(s.backend.MaxBatch, 700))
	s.put(firstRun, minute(2), many...)
	s.same("many", sorted(ids(many)...), ids(collect(s, s.Lookup(s.Context(), ids(many)))))
}

func holdersFew(s *suite) {
	records := smalls(5)
	s.put(firstRun, minute(1), records...)
	keys := make(keyMap)
	for _, r := range records {
		keys[r.ID] = []string{"all"}
	}
	s.must("put keys", s.PutKeys(s.Context(), keys))
	found, err := s.Holders(s.Context(), []string{"all", "none", "all"}, 2)
	s.must("holders", err)
	s.same("the first two", map[string][]harvest.RecordID{"all": sorted(ids(records)...)[:2]}, found)
}

func (s *suite) pending() []harvest.RecordID {
	s.Helper()
	var out []harvest.RecordID
	after := harvest.RecordID("")
	for {
		records, err := s.Pending(s.Context(), after, 2)
		s.must("pending", err)
		if len(records) == 0 {
			return out
		}
		out = append(out, ids(records)...)
		after = records[len(records)-1].ID
	}
}

func pending(s *suite) {
	records := smalls(5)
	s.put(firstRun, minute(1), records...)
	all := sorted(ids(records)...)
	s.same("new ones", all, s.pending())
	s.must("settle", s.Settle(s.Context(), collect(s, s.Lookup(s.Context(), all))))
	s.same("settled", 0, len(s.pending()))
	s.put(secondRun, minute(61), small(0), retitled(small(1), "Changed"))
	s.same("the changed one", []harvest.RecordID{small(1).ID}, s.pending())
}

func pendingRace(s *suite) {
	s.put(firstRun, minute(1), small(1))
	seen, err := s.Pending(s.Context(), "", 10)
	s.must("pending", err)
	s.put(secondRun, minute(61), retitled(small(1), "Changed"))
	s.must("settle what was seen", s.Settle(s.Context(), seen))
	s.same("still pending", []harvest.RecordID{small(1).ID}, s.pending())
}

func unsettle(s *suite) {
	records := smalls(3)
	s.put(firstRun, minute(1), records...)
	all := sorted(ids(records)...)
	s.must("settle", s.Settle(s.Context(), collect(s, s.Lookup(s.Context(), all))))
	s.must("unsettle", s.Unsettle(s.Context()))
	s.must("unsettle", s.Unsettle(s.Context()))
	s.same("all", all, s.pending())
}

func worksList(s *suite) {
	s.put(firstRun, minute(1), smalls(6)...)
	one := work("w:1", member(0, "doi"), member(1, "sha256"))
	one.Members[0].Score, one.Members[0].Language = 0.875, "fr"
	two, three := work("w:2", member(2, "doi"), member(3, "title")), work("w:3", member(4, "doi"), member(5, "title"))
	s.putWorks(three, one, two)
	got, err := s.Works(s.Context(), "", 2)
	s.must("works", err)
	s.same("the first two", []harvest.Work{one, two}, got)
	got, err = s.Works(s.Context(), "w:2", 2)
	s.must("works", err)
	s.same("behind them", []harvest.Work{three}, got)
	got, err = s.Works(s.Context(), "w:3", 2)
	s.must("works", err)
	s.same("behind all", 0, len(got))
}

func decisions(s *suite) {
	d := harvest.Decision{A: "a:1", B: "b:1", Same: true, Author: "Ana <ana@example.org>", At: minute(5), Note: "the same PDF"}
	s.must("put", s.PutDecision(s.Context(), d))
	all := func() []harvest.Decision {
		got, err := s.Decisions(s.Context(), nil)
		s.must("decisions", err)
		return got
	}
	s.same("kept", []harvest.Decision{d}, all())
	d.Same, d.Note, d.At = false, "", minute(6)
	s.must("put", s.PutDecision(s.Context(), d))
	s.same("replaced", []harvest.Decision{d}, all())
	s.must("drop", s.DropDecision(s.Context(), "b:1", "a:1"))
	s.must("drop again", s.DropDecision(s.Context(), "a:1", "b:1"))
	s.same("taken back", 0, len(all()))
}

func decisionsOf(s *suite) {
	say := func(a, b harvest.RecordID) harvest.Decision {
		d := harvest.Decision{A: a, B: b, Author: "Ana", At: minute(5)}
		s.must("put", s.PutDecision(s.Context(), d))
		return d
	}
	ab, bc, cd := say("a:1", "b:1"), say("b:1", "c:1"), say("c:1", "d:1")
	for about, want := range map[harvest.RecordID][]harvest.Decision{
		"a:1": {ab}, "b:1": {ab, bc}, "d:1": {cd}, "x:1": nil,
	} {
		got, err := s.Decisions(s.Context(), []harvest.RecordID{about})
		s.must("decisions", err)
		s.same("about "+string(about), want, got)
	}
	got, err := s.Decisions(s.Context(), []harvest.RecordID{"c:1", "b:1", "b:1"})
	s.must("decisions", err)
	s.same("about two", []harvest.Decision{ab, bc, cd}, got)
	got, err = s.Decisions(s.Context(), []harvest.RecordID{})
	s.must("decisions", err)
	s.same("about none", 0, len(got))
}

func decisionPair(s *suite) {
	for _, d := range []harvest.Decision{{A: "b:1", B: "a:1"}, {A: "a:1", B: "a:1"}} {
		d.Author, d.At = "Ana", minute(5)
		if err := s.PutDecision(s.Context(), d); err == nil {
			s.Errorf("a decision about %s and %s was taken", d.A, d.B)
		}
	}
}

func doubts(s *suite) {
	ab := harvest.Doubt{A: "a:1", B: "b:1", Score: 0.5, Evidence: "one $title.only"}
	ac := harvest.Doubt{A: "a:1", B: "c:1", Score: 0.75, Evidence: "two"}
	cd := harvest.Doubt{A: "c:1", B: "d:1", Score: 0.25, Evidence: "three"}
	put := func(about []harvest.RecordID, list ...harvest.Doubt) {
		s.must("put doubts", s.PutDoubts(s.Context(), about, list))
	}
	check := func(what string, want ...harvest.Doubt) {
		got, err := s.Doubts(s.Context(), 0)
		s.must("doubts", err)
		s.same(what, want, got)
	}
	put([]harvest.RecordID{"a:1", "c:1"}, ab, ac, cd)
	check("the likeliest first", ac, ab, cd)
	got, err := s.Doubts(s.Context(), 2)
	s.must("doubts", err)
	s.same("a few", []harvest.Doubt{ac, ab}, got)
	put([]harvest.RecordID{"c:1"}, cd)
	check("those about c replaced", ab, cd)
	put([]harvest.RecordID{"b:1", "d:1"})
	check("none left")
}
