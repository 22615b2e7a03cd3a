package sinktest

import (
	"errors"
	"fmt"
	"time"

	"github.com/harvest87/harvest"
)

var heldTests = []contract{
	{"what is held comes back whole, in the order of its keys", heldKeeps},
	{"what is held changes nothing else", heldIsApart},
	{"of two pages with one key the later one counts", heldReplaces},
	{"what is held is read in parts", heldInParts},
	{"what is held is let go by its keys, or all of it", heldLetGo},
	{"what is held of one run is not of another", heldOfRuns},
}

func heldPage(n int) harvest.Held {
	facts := page(n)
	r := record("alpha", n)
	r.Provenance = map[string]harvest.Evidence{"title": {Basis: "selector", Detail: "h1.a$b"}, "identifiers.doi": {Basis: "meta"}}
	return harvest.Held{
		Key: fmt.Sprintf("%04d", n), URL: facts.URL, At: minute(n).Add(time.Millisecond), Records: []harvest.Record{r},
		Seen: []harvest.RecordID{"alpha:7", "alpha:8"}, Facts: &facts,
	}
}

func (s *suite) held(run harvest.RunID, after string, limit int) []harvest.Held {
	s.Helper()
	got, err := s.Held(s.Context(), run, after, limit)
	s.must("held", err)
	for i := range got {
		if got[i].At.Location() != time.UTC || got[i].Facts != nil && got[i].Facts.FetchedAt.Location() != time.UTC {
			s.Errorf("%s: times are not in UTC", got[i].Key)
		}
	}
	return got
}

func heldKeeps(s *suite) {
	least := harvest.Held{Key: "0003", At: minute(3)}
	s.must("hold", s.Hold(s.Context(), firstRun, []harvest.Held{least, heldPage(2), heldPage(1)}))
	s.same("held", []harvest.Held{heldPage(1), heldPage(2), least}, s.held(firstRun, "", 0))
	s.must("hold nothing", s.Hold(s.Context(), firstRun, nil))
}

func heldIsApart(s *suite) {
	s.put(firstRun, minute(0), record("alpha", 1))
	before := s.get("alpha:1")
	changed := heldPage(1)
	changed.Records[0].Title = "Something else"
	s.must("hold", s.Hold(s.Context(), secondRun, []harvest.Held{changed, heldPage(2)}))
	s.same("record", before, s.get("alpha:1"))
	n, err := s.Count(s.Context(), harvest.Query{States: []harvest.State{harvest.AnyState}})
	s.must("count", err)
	s.same("records", 1, n)
	s.same("pages", 0, len(s.pages("alpha", page(1).URL, page(2).URL)))
}

func heldReplaces(s *suite) {
	second := heldPage(1)
	second.Records[0].Title = "Second"
	s.must("hold", s.Hold(s.Context(), firstRun, []harvest.Held{heldPage(1)}))
	s.must("hold again", s.Hold(s.Context(), firstRun, []harvest.Held{heldPage(2), heldPage(1), second}))
	s.same("held", []harvest.Held{second, heldPage(2)}, s.held(firstRun, "", 0))
}

func heldInParts(s *suite) {
	var all []harvest.Held
	for n := range min(s.backend.MaxBatch, 700) {
		all = append(all, harvest.Held{Key: fmt.Sprintf("%04d", n), At: minute(n)})
	}
	s.must("hold", s.Hold(s.Context(), firstRun, all))
	var got []harvest.Held
	after := ""
	for {
		part := s.held(firstRun, after, 37)
		if len(part) > 37 {
			s.Fatalf("%d pages, want 37 at most", len(part))
		}
		got = append(got, part...)
		if len(part) < 37 {
			break
		}
		after = part[len(part)-1].Key
	}
	s.same("in parts", all, got)
}

func heldLetGo(s *suite) {
	s.must("hold", s.Hold(s.Context(), firstRun, []harvest.Held{heldPage(1), heldPage(2), heldPage(3)}))
	s.must("let go", s.LetGo(s.Context(), firstRun, []string{"0002", "unknown"}))
	s.same("left", []harvest.Held{heldPage(1), heldPage(3)}, s.held(firstRun, "", 0))
	s.must("let none go", s.LetGo(s.Context(), firstRun, []string{}))
	s.same("still left", 2, len(s.held(firstRun, "", 0)))
	s.must("let all go", s.LetGo(s.Context(), firstRun, nil))
	s.same("left at the end", 0, len(s.held(firstRun, "", 0)))
	s.must("let all go again", s.LetGo(s.Context(), firstRun, nil))
}

func heldOfRuns(s *suite) {
	other := harvest.NewRunID("alpha-b", minute(0)) // its name begins like the other's
	s.must("hold", s.Hold(s.Context(), firstRun, []harvest.Held{heldPage(1)}))
	s.must("hold", s.Hold(s.Context(), other, []harvest.Held{heldPage(1), heldPage(2)}))
	s.must("let go", s.LetGo(s.Context(), firstRun, nil))
	s.same("of the other", 2, len(s.held(other, "", 0)))
	s.same("of the one", 0, len(s.held(firstRun, "", 0)))
}

var absenceTests = []contract{
	{"unseen records are active ones of the source, seen before that moment", unseenFinds},
	{"absences come back by source, in the order of records", absencesKeep},
	{"absences are replaced and dropped", absencesReplace},
}

func unseenFinds(s *suite) {
	s.put(firstRun, minute(0), record("alpha", 3), record("alpha", 1), record("alpha", 2), record("beta", 1), record("alpha", 4), record("alpha", 5))
	s.put(secondRun, minute(10), record("alpha", 2))
	_, err := s.Touch(s.Context(), minute(9), []harvest.RecordID{"alpha:4"})
	s.must("touch", err)
	s.backend.SetState(s.T, s.Catalogue, "alpha:5", harvest.StateGone)
	unseen := func(source harvest.SourceID, before time.Time) []harvest.RecordID {
		var ids []harvest.RecordID
		for id, err := range s.Unseen(s.Context(), source, before) {
			s.must("unseen", err)
			ids = append(ids, id)
		}
		return ids
	}
	s.same("before the second run", []harvest.RecordID{"alpha:1", "alpha:3"}, unseen("alpha", minute(5)))
	s.same("before the last moment", []harvest.RecordID{"alpha:1", "alpha:3", "alpha:4"}, unseen("alpha", minute(10)))
	s.same("before the first", 0, len(unseen("alpha", minute(0))))
	s.same("of another source", []harvest.RecordID{"beta:1"}, unseen("beta", minute(5)))
	for id, err := range s.Unseen(s.Context(), "alpha", minute(10)) {
		s.must("unseen", err)
		s.same("the first only", harvest.RecordID("alpha:1"), id)
		break
	}
}

func absence(n int) harvest.Absence {
	return harvest.Absence{
		Record: harvest.RecordID(fmt.Sprintf("alpha:%d", n)), Source: "alpha", Runs: n, Since: minute(n).Add(time.Millisecond), Run: firstRun,
		Reason: harvest.Reason410, Gone: minute(n + 60),
	}
}

func absencesKeep(s *suite) {
	least := harvest.Absence{Record: "alpha:9", Source: "alpha", Runs: 1, Since: minute(0), Reason: harvest.ReasonDelisted}
	other := harvest.Absence{Record: "beta:1", Source: "beta", Runs: 1, Since: minute(0), Reason: harvest.ReasonDeleted}
	s.must("put absences", s.PutAbsences(s.Context(), []harvest.Absence{least, absence(2), other, absence(1)}))
	got, err := s.Absences(s.Context(), "alpha")
	s.must("absences", err)
	s.same("of the source", []harvest.Absence{absence(1), absence(2), least}, got)
	one, err := s.Absence(s.Context(), "alpha:2")
	s.must("absence", err)
	s.same("of a record", absence(2), one)
	if one.Since.Location() != time.UTC || one.Gone.Location() != time.UTC {
		s.Error("times are not in UTC")
	}
	if _, err := s.Absence(s.Context(), "alpha:3"); !errors.Is(err, harvest.ErrNotFound) {
		s.Errorf("absence of a record that is there: %v", err)
	}
}

func absencesReplace(s *suite) {
	s.must("put absences", s.PutAbsences(s.Context(), []harvest.Absence{absence(1), absence(2), absence(3)}))
	more := absence(2)
	more.Runs, more.Gone = 3, time.Time{}
	s.must("put again", s.PutAbsences(s.Context(), []harvest.Absence{absence(2), more}))
	s.must("drop", s.DropAbsences(s.Context(), []harvest.RecordID{"alpha:1", "unknown:1"}))
	got, err := s.Absences(s.Context(), "alpha")
	s.must("absences", err)
	s.same("left", []harvest.Absence{more, absence(3)}, got)
	s.must("drop none", s.DropAbsences(s.Context(), nil))
}

// record is the n-th record of a source, with an ID that is easily read.
func record(source harvest.SourceID, n int) harvest.Record {
	r := small(n)
	r.ID, r.Source = harvest.RecordID(fmt.Sprintf("%s:%d", source, n)), source
	return r
}
