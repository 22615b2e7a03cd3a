package sinktest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/harvest87/harvest"
)

var workTests = []contract{
	{"match keys find their records, each once, in the order of ID", keysFind},
	{"match keys are replaced", keysReplace},
	{"match keys survive a change of content", keysSurvive},
	{"many match keys", keysMany},
	{"a work knows its members and its records know it", worksWrite},
	{"a work of the same ID is replaced", worksReplace},
	{"a member moves to another work", worksMove},
	{"a work without members is removed", worksEmpty},
	{"two works exchange members in one call", worksExchange},
	{"new content does not move a record out of its work", worksSurvive},
	{"an unknown work is not found", worksNotFound},
	{"a work has the history of what came to it and left it", worksHistory},
	{"works that are written again, or copied, have no further history", worksHistoryOnce},
	{"the history of works is copied whole", worksHistoryCopied},
	{"a record that is taken down leaves no history of works", worksHistoryWithdrawn},
}

type keyMap = map[harvest.RecordID][]string

func sorted(ids ...harvest.RecordID) []harvest.RecordID {
	slices.Sort(ids)
	return ids
}

func keysFind(s *suite) {
	a, b, c := small(1).ID, small(2).ID, small(3).ID
	s.put(firstRun, minute(1), small(1), small(2), small(3))
	s.must("put keys", s.PutKeys(s.Context(), keyMap{
		a: {"doi:10.1/x", "title:one"}, b: {"doi:10.1/x", "title:one", "doi:10.1/x"}, c: {"$where: a.b", ""},
	}))
	s.same("by one", sorted(a, b), s.withKeys("doi:10.1/x"))
	s.same("by two keys of one record", sorted(a, b), s.withKeys("doi:10.1/x", "title:one"))
	s.same("by keys of different records", sorted(a, b, c), s.withKeys("title:one", "$where: a.b", "unknown"))
	s.same("by an unknown one", 0, len(s.withKeys("doi:10.1/X")))
	s.same("by a prefix", 0, len(s.withKeys("doi:10.1")))

	s.backend.SetState(s.T, s.Catalogue, b, harvest.StateGone)
	s.same("a gone record still has its keys", sorted(a, b), s.withKeys("title:one"))
}

func keysReplace(s *suite) {
	a, b := small(1).ID, small(2).ID
	s.put(firstRun, minute(1), small(1), small(2))
	s.must("put keys", s.PutKeys(s.Context(), keyMap{a: {"one", "two"}, b: {"one"}}))
	s.must("put keys", s.PutKeys(s.Context(), keyMap{a: {"two", "three"}}))
	s.same("one", sorted(b), s.withKeys("one"))
	s.same("two", sorted(a), s.withKeys("two"))
	s.same("three", sorted(a), s.withKeys("three"))
	s.must("put no keys", s.PutKeys(s.Context(), keyMap{a: nil}))
	s.same("none left", sorted(b), s.withKeys("one", "two", "three"))
}

func keysSurvive(s *suite) {
	s.put(firstRun, minute(1), small(1))
	s.must("put keys", s.PutKeys(s.Context(), keyMap{small(1).ID: {"one"}}))
	s.put(secondRun, minute(61), retitled(small(1), "Changed"))
	s.same("one", sorted(small(1).ID), s.withKeys("one"))
}

func keysMany(s *suite) {
	records := smalls(min(s.backend.MaxBatch, 1500))
	s.put(firstRun, minute(1), records...)
	given := make(keyMap)
	var asked []string
	for i, r := range records {
		given[r.ID] = []string{"all", fmt.Sprintf("key %d", i)}
		asked = append(asked, fmt.Sprintf("key %d", i))
	}
	s.must("put keys", s.PutKeys(s.Context(), given))
	want := sorted(ids(records)...)
	s.same("by one key that all have", want, s.withKeys("all"))
	s.same("by many keys", want, s.withKeys(asked...))
}

func member(n int, method string) harvest.Member {
	return harvest.Member{Record: small(n).ID, Method: method, Evidence: fmt.Sprintf("%s of item %d: $x.y", method, n)}
}

// work groups items under an ID, its members sorted by record.
func work(id string, members ...harvest.Member) harvest.Work {
	slices.SortFunc(members, func(a, b harvest.Member) int {
		if a.Record < b.Record {
			return -1
		}
		return 1
	})
	return harvest.Work{ID: harvest.WorkID(id), Members: members}
}

func (s *suite) putWorks(works ...harvest.Work) {
	s.Helper()
	s.putWorksAt(minute(1), works...)
}

func (s *suite) putWorksAt(at time.Time, works ...harvest.Work) {
	s.Helper()
	s.must("put works", s.PutWorks(s.Context(), at, works))
}

// works checks that each work stands as given, and which work each item is in.
func (s *suite) works(want []harvest.Work, workOf map[int]harvest.WorkID) {
	s.Helper()
	for _, w := range want {
		got, err := s.Work(s.Context(), w.ID)
		s.must("work "+string(w.ID), err)
		s.same("work "+string(w.ID), w, got)
	}
	for n, w := range workOf {
		if got := s.get(small(n).ID); got.Work != w {
			s.Errorf("item %d is in work %q, want %q", n, got.Work, w)
		}
	}
	stats, err := s.Stats(s.Context())
	s.must("stats", err)
	s.same("number of works", len(want), stats.Works)
}

func (s *suite) noWork(id harvest.WorkID) {
	s.Helper()
	if w, err := s.Work(s.Context(), id); !errors.Is(err, harvest.ErrNotFound) {
		s.Errorf("work %q: %+v, %v; want not found", id, w, err)
	}
}

func worksWrite(s *suite) {
	s.put(firstRun, minute(1), smalls(5)...)
	one := work("w:1", member(0, "doi"), member(1, "sha256"))
	two := work("w:2", member(2, "doi"), member(3, "title"))
	s.putWorks(one, two)
	s.works([]harvest.Work{one, two}, map[int]harvest.WorkID{0: "w:1", 1: "w:1", 2: "w:2", 3: "w:2", 4: ""})
	s.putWorks(one, two)
	s.works([]harvest.Work{one, two}, map[int]harvest.WorkID{0: "w:1", 1: "w:1", 2: "w:2", 3: "w:2", 4: ""})
}

func worksReplace(s *suite) {
	s.put(firstRun, minute(1), smalls(4)...)
	s.putWorks(work("w:1", member(0, "doi"), member(1, "doi"), member(2, "doi")))
	less := work("w:1", member(0, "sha256"), member(3, "sha256"))
	s.putWorks(less)
	s.works([]harvest.Work{less}, map[int]harvest.WorkID{0: "w:1", 1: "", 2: "", 3: "w:1"})
}

func worksMove(s *suite) {
	s.put(firstRun, minute(1), smalls(5)...)
	s.putWorks(work("w:1", member(0, "doi"), member(1, "doi"), member(2, "doi")))
	s.putWorks(work("w:2", member(2, "sha256"), member(3, "sha256")))
	s.works([]harvest.Work{
		work("w:1", member(0, "doi"), member(1, "doi")),
		work("w:2", member(2, "sha256"), member(3, "sha256")),
	}, map[int]harvest.WorkID{0: "w:1", 1: "w:1", 2: "w:2", 3: "w:2", 4: ""})
}

func worksEmpty(s *suite) {
	s.put(firstRun, minute(1), smalls(5)...)
	s.putWorks(work("w:1", member(0, "doi"), member(1, "doi")), work("w:2", member(2, "doi"), member(3, "doi")))
	merged := work("w:0", member(0, "doi"), member(1, "doi"), member(2, "doi"), member(3, "doi"))
	s.putWorks(merged)
	s.noWork("w:1")
	s.noWork("w:2")
	s.works([]harvest.Work{merged}, map[int]harvest.WorkID{0: "w:0", 1: "w:0", 2: "w:0", 3: "w:0"})

	s.putWorks(harvest.Work{ID: "w:0"})
	s.noWork("w:0")
	s.works(nil, map[int]harvest.WorkID{0: "", 1: "", 2: "", 3: ""})
}

func worksExchange(s *suite) {
	s.put(firstRun, minute(1), smalls(4)...)
	s.putWorks(work("w:1", member(0, "doi"), member(1, "doi")), work("w:2", member(2, "doi"), member(3, "doi")))
	one := work("w:1", member(0, "doi"), member(2, "title"))
	two := work("w:2", member(1, "title"), member(3, "doi"))
	s.putWorks(one, two)
	s.works([]harvest.Work{one, two}, map[int]harvest.WorkID{0: "w:1", 2: "w:1", 1: "w:2", 3: "w:2"})
}

func worksSurvive(s *suite) {
	s.put(firstRun, minute(1), smalls(2)...)
	one := work("w:1", member(0, "doi"), member(1, "doi"))
	s.putWorks(one)
	s.same("a change", []harvest.Outcome{harvest.ChangedRecord}, s.put(secondRun, minute(61), retitled(small(0), "Changed")))
	s.same("the same", []harvest.Outcome{harvest.UnchangedRecord}, s.put(secondRun, minute(61), small(1)))
	s.works([]harvest.Work{one}, map[int]harvest.WorkID{0: "w:1", 1: "w:1"})
}

func worksNotFound(s *suite) {
	s.noWork("w:unknown")
	s.noWork("")
}
