package sinktest

import (
	"slices"
	"time"

	"github.com/harvest87/harvest"
)

// move is the step of an item as the catalogue keeps it.
func move(n, number int, at time.Time, from, to harvest.WorkID, method string) harvest.WorkMove {
	m := harvest.WorkMove{Record: small(n).ID, Number: number, At: at, From: from, To: to}
	if to != "" {
		m.Method, m.Evidence = method, member(n, method).Evidence
	}
	return m
}

// workHistory checks that of a work. Moves of one moment are in the order of records.
func (s *suite) workHistory(of harvest.WorkID, want ...harvest.WorkMove) {
	s.Helper()
	slices.SortStableFunc(want, func(a, b harvest.WorkMove) int {
		if c := a.At.Compare(b.At); c != 0 || a.Record == b.Record {
			return c
		}
		if a.Record < b.Record {
			return -1
		}
		return 1
	})
	got, err := s.WorkHistory(s.Context(), of)
	s.must("history of "+string(of), err)
	s.same("history of "+string(of), want, got)
}

func worksHistory(s *suite) {
	s.put(firstRun, minute(1), smalls(4)...)
	s.workHistory("w:1")
	s.putWorksAt(minute(2), work("w:1", member(0, "doi"), member(1, "doi")), work("w:2", member(2, "title"), member(3, "title")))
	s.putWorksAt(minute(3), work("w:1", member(0, "doi"), member(1, "doi"), member(2, "sha256"), member(3, "sha256")))
	s.putWorksAt(minute(4).Add(987654*time.Nanosecond), work("w:1", member(0, "doi"), member(1, "decision")))
	s.workHistory("w:1",
		move(0, 1, minute(2), "", "w:1", "doi"), move(1, 1, minute(2), "", "w:1", "doi"),
		move(2, 2, minute(3), "w:2", "w:1", "sha256"), move(3, 2, minute(3), "w:2", "w:1", "sha256"),
		move(2, 3, minute(4), "w:1", "", ""), move(3, 3, minute(4), "w:1", "", ""))
	s.workHistory("w:2",
		move(2, 1, minute(2), "", "w:2", "title"), move(3, 1, minute(2), "", "w:2", "title"),
		move(2, 2, minute(3), "w:2", "w:1", "sha256"), move(3, 2, minute(3), "w:2", "w:1", "sha256"))

	// Two exchange members in one call, and one is dissolved.
	s.putWorksAt(minute(5), work("w:3", member(1, "doi"), member(2, "doi")), harvest.Work{ID: "w:1"})
	s.workHistory("w:3", move(1, 2, minute(5), "w:1", "w:3", "doi"), move(2, 4, minute(5), "", "w:3", "doi"))
	s.works([]harvest.Work{work("w:3", member(1, "doi"), member(2, "doi"))}, map[int]harvest.WorkID{0: "", 1: "w:3", 2: "w:3", 3: ""})
	s.workHistory("$where")
}

func worksHistoryOnce(s *suite) {
	s.put(firstRun, minute(1), smalls(3)...)
	one := work("w:1", member(0, "doi"), member(1, "doi"))
	s.putWorksAt(minute(2), one)
	s.putWorksAt(minute(3), one)
	s.putWorksAt(minute(4), work("w:1", member(0, "sha256"), member(1, "sha256"))) // other evidence moves nobody
	first := []harvest.WorkMove{move(0, 1, minute(2), "", "w:1", "doi"), move(1, 1, minute(2), "", "w:1", "doi")}
	s.workHistory("w:1", first...)
	s.putWorksAt(time.Time{}, work("w:1", member(0, "doi"), member(1, "doi"), member(2, "doi")))
	s.workHistory("w:1", first...)
	s.putWorksAt(minute(5), harvest.Work{ID: "w:1"})
	s.workHistory("w:1", append(first, move(0, 2, minute(5), "w:1", "", ""), move(1, 2, minute(5), "w:1", "", ""), move(2, 1, minute(5), "w:1", "", ""))...)
}

func worksHistoryCopied(s *suite) {
	s.put(firstRun, minute(1), smalls(3)...)
	given := []harvest.WorkMove{
		move(0, 1, minute(2), "", "w:1", "doi"), move(0, 2, minute(3), "w:1", "", ""), move(0, 3, minute(4), "", "w:1", "title"),
		move(1, 1, minute(2), "", "w:1", "doi"), move(2, 1, minute(4), "", "w:2", "doi"),
	}
	slices.SortStableFunc(given, func(a, b harvest.WorkMove) int {
		switch {
		case a.Record == b.Record:
			return a.Number - b.Number
		case a.Record < b.Record:
			return -1
		}
		return 1
	})
	s.must("put moves", s.PutWorkMoves(s.Context(), given))
	s.must("put moves again", s.PutWorkMoves(s.Context(), given))
	var got []harvest.WorkMove
	var last harvest.WorkMove
	for {
		page, err := s.WorkMoves(s.Context(), last.Record, last.Number, 2)
		s.must("moves", err)
		if len(page) == 0 {
			break
		}
		got, last = append(got, page...), page[len(page)-1]
	}
	s.same("moves", given, got)
	s.putWorksAt(minute(9), work("w:2", member(0, "doi"), member(2, "doi")))
	s.workHistory("w:2", move(2, 1, minute(4), "", "w:2", "doi"), move(0, 4, minute(9), "", "w:2", "doi"), move(2, 2, minute(9), "", "w:2", "doi"))
}

func worksHistoryWithdrawn(s *suite) {
	s.put(firstRun, minute(1), smalls(3)...)
	s.putWorksAt(minute(2), work("w:1", member(0, "doi"), member(1, "doi"), member(2, "doi")))
	r := s.get(small(0).ID)
	s.must("withdraw", s.Withdraw(s.Context(), harvest.NewWithdrawal(&r, "ana", "asked for", minute(3))))
	s.workHistory("w:1", move(1, 1, minute(2), "", "w:1", "doi"), move(2, 1, minute(2), "", "w:1", "doi"))
}
