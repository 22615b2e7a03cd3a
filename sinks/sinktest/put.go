package sinktest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
)

var putTests = []contract{
	{"an unknown ID is inserted with revision 1, active, seen and changed now", putInserts},
	{"every field comes back as it went in", putKeepsEveryField},
	{"what the catalogue keeps is not taken from the caller", putIgnoresKeptFields},
	{"other content replaces and counts a revision", putReplaces},
	{"a field that is gone from the source is gone from the record", putReplacesWhole},
	{"the same content only moves last seen", putSame},
	{"provenance is not content", putProvenance},
	{"last seen never moves backwards", putNeverBackwards},
	{"written again by the same run it stays new or changed", putAgain},
	{"a gone record becomes active again, which is a revision", putRevives},
	{"a withdrawn record is left alone and reported", putWithdrawn},
	{"an invalid record fails the whole call with nothing written", putInvalid},
	{"one record twice in a call is as two calls", putTwice},
	{"no records is no work", putNothing},
	{"changes are told in the order given", putOrder},
	{"times come back in UTC to the millisecond", putTimes},
	{"arguments are neither kept nor changed", putAliasing},
	{"touch moves last seen of known records and counts them", touch},
	{"touch never moves last seen backwards", touchNeverBackwards},
	{"an unknown record is not found", recordNotFound},
}

func putInserts(s *suite) {
	s.same("outcomes", []harvest.Outcome{harvest.NewRecord}, s.put(firstRun, minute(1), small(1)))
	want := small(1)
	want.FirstSeen, want.LastSeen, want.LastChanged = minute(1), minute(1), minute(1)
	want.Revision, want.State = 1, harvest.StateActive
	want.FirstRun, want.Run = firstRun, firstRun
	s.same("record", want, s.get(small(1).ID))
}

func putKeepsEveryField(s *suite) {
	s.put(firstRun, minute(1), full(), small(1))
	s.same("full record", full(), bare(s.get(full().ID)))
	s.same("small record", small(1), bare(s.get(small(1).ID)))
	got := s.get(full().ID)
	if want := full(); got.ContentHash() != want.ContentHash() {
		s.Error("the content hash of what was read is not that of what was written")
	}
}

func putIgnoresKeptFields(s *suite) {
	r := small(1)
	r.FirstSeen, r.LastSeen, r.LastChanged = minute(-9), minute(99), minute(98)
	r.Revision, r.State, r.FirstRun, r.Run, r.Work = 7, harvest.StateWithdrawn, "x@1", "x@2", "w:x"
	s.put(firstRun, minute(1), r)
	got := s.get(r.ID)
	if got.Revision != 1 || got.State != harvest.StateActive || got.FirstRun != firstRun || got.Run != firstRun || got.Work != "" {
		s.Errorf("the caller's bookkeeping was taken over: %+v", got)
	}
	if !got.FirstSeen.Equal(minute(1)) || !got.LastSeen.Equal(minute(1)) || !got.LastChanged.Equal(minute(1)) {
		s.Errorf("the caller's times were taken over: %+v", got)
	}
	s.same("what was read, put back", []harvest.Outcome{harvest.UnchangedRecord}, s.put(secondRun, minute(2), got))
}

func putReplaces(s *suite) {
	s.put(firstRun, minute(1), small(1))
	s.same("second run", []harvest.Outcome{harvest.ChangedRecord}, s.put(secondRun, minute(61), retitled(small(1), "Second")))
	s.same("third run", []harvest.Outcome{harvest.ChangedRecord}, s.put(thirdRun, minute(121), retitled(small(1), "Third")))
	want := retitled(small(1), "Third")
	want.FirstSeen, want.LastSeen, want.LastChanged = minute(1), minute(121), minute(121)
	want.Revision, want.State = 3, harvest.StateActive
	want.FirstRun, want.Run = firstRun, thirdRun
	s.same("record", want, s.get(want.ID))
}

func putReplacesWhole(s *suite) {
	s.put(firstRun, minute(1), full())
	less := harvest.Record{ID: full().ID, Source: "alpha", URL: full().URL, Title: "Less"}
	s.put(secondRun, minute(61), less)
	s.same("record", less, bare(s.get(less.ID)))
}

func putSame(s *suite) {
	s.put(firstRun, minute(1), full())
	before := s.get(full().ID)
	s.same("outcome", []harvest.Outcome{harvest.UnchangedRecord}, s.put(secondRun, minute(61), full()))
	before.LastSeen = minute(61)
	s.same("record", before, s.get(full().ID))
}

func putProvenance(s *suite) {
	s.put(firstRun, minute(1), full())
	moved := full()
	moved.Provenance = map[string]harvest.Evidence{"title": {Basis: "selector", Detail: "h1"}}
	s.same("outcome", []harvest.Outcome{harvest.UnchangedRecord}, s.put(secondRun, minute(61), moved))
	if got := s.get(full().ID); got.Revision != 1 {
		s.Errorf("revision %d, want 1", got.Revision)
	}
}

func putNeverBackwards(s *suite) {
	s.put(firstRun, minute(10), small(1), small(2))
	s.put(secondRun, minute(5), small(1), retitled(small(2), "Changed"))
	for n := 1; n <= 2; n++ {
		got := s.get(small(n).ID)
		if !got.LastSeen.Equal(minute(10)) {
			s.Errorf("item %d: last seen %v, want %v", n, got.LastSeen, minute(10))
		}
		if !got.FirstSeen.Equal(minute(10)) {
			s.Errorf("item %d: first seen %v, want %v", n, got.FirstSeen, minute(10))
		}
	}
	if got := s.get(small(2).ID); got.Title != "Changed" || got.Revision != 2 {
		s.Errorf("late content was not written: %q, revision %d", got.Title, got.Revision)
	}
}

// putAgain is the crash between write and mark: the run writes what it has
// written before, and its report must not change.
func putAgain(s *suite) {
	old, fresh := small(1), small(2)
	s.put(firstRun, minute(1), old)
	changed := retitled(old, "Changed")

	want := []harvest.Outcome{harvest.ChangedRecord, harvest.NewRecord}
	s.same("first time", want, s.put(secondRun, minute(61), changed, fresh))
	s.same("again", want, s.put(secondRun, minute(62), changed, fresh))
	for id, revision := range map[harvest.RecordID]int{old.ID: 2, fresh.ID: 1} {
		got := s.get(id)
		if got.Revision != revision || !got.LastChanged.Equal(minute(61)) || !got.LastSeen.Equal(minute(62)) {
			s.Errorf("%s: revision %d, changed %v, seen %v; want revision %d, changed %v, seen %v", got.Title,
				got.Revision, got.LastChanged, got.LastSeen, revision, minute(61), minute(62))
		}
	}
	s.same("other content from the run that found it", []harvest.Outcome{harvest.NewRecord},
		s.put(secondRun, minute(63), retitled(fresh, "Corrected")))
	s.same("a later run", []harvest.Outcome{harvest.UnchangedRecord, harvest.UnchangedRecord},
		s.put(thirdRun, minute(121), changed, retitled(fresh, "Corrected")))
}

func putRevives(s *suite) {
	s.put(firstRun, minute(1), small(1), small(2))
	s.backend.SetState(s.T, s.Catalogue, small(1).ID, harvest.StateGone)
	s.backend.SetState(s.T, s.Catalogue, small(2).ID, harvest.StateGone)
	want := []harvest.Outcome{harvest.ChangedRecord, harvest.ChangedRecord}
	s.same("outcomes", want, s.put(secondRun, minute(61), small(1), retitled(small(2), "Changed")))
	s.same("again", want, s.put(secondRun, minute(62), small(1), retitled(small(2), "Changed")))
	for n := 1; n <= 2; n++ {
		got := s.get(small(n).ID)
		if got.State != harvest.StateActive || got.Revision != 2 || !got.LastChanged.Equal(minute(61)) || got.Run != secondRun {
			s.Errorf("item %d is %q in revision %d of %v, want active in 2", n, got.State, got.Revision, got.LastChanged)
		}
	}
}

func putWithdrawn(s *suite) {
	s.put(firstRun, minute(1), small(1), small(2))
	for n := 1; n <= 2; n++ {
		s.backend.SetState(s.T, s.Catalogue, small(n).ID, harvest.StateWithdrawn)
	}
	before := []harvest.Record{s.get(small(1).ID), s.get(small(2).ID)}
	s.same("outcomes", []harvest.Outcome{harvest.Withdrawn, harvest.Withdrawn, harvest.NewRecord},
		s.put(secondRun, minute(61), small(1), retitled(small(2), "Back again"), small(3)))
	s.same("records", before, []harvest.Record{s.get(small(1).ID), s.get(small(2).ID)})
	s.same("the finding run, again", []harvest.Outcome{harvest.Withdrawn}, s.put(firstRun, minute(62), small(1)))
}

func putInvalid(s *suite) {
	s.put(firstRun, minute(1), small(1))
	for name, bad := range map[string]struct {
		spoil func(*harvest.Record)
		is    error
	}{
		"no title":  {func(r *harvest.Record) { r.Title = " \t" }, harvest.ErrNoTitle},
		"no url":    {func(r *harvest.Record) { r.URL = "mailto:a@alpha.example" }, harvest.ErrNoURL},
		"no id":     {func(r *harvest.Record) { r.ID = "" }, nil},
		"no source": {func(r *harvest.Record) { r.Source = "" }, nil},
		"bad date": {func(r *harvest.Record) {
			r.Published = harvest.Date{Value: "2021-02-30", Precision: harvest.PrecisionDay}
		}, nil},
		"not UTF-8": {func(r *harvest.Record) { r.Summary = "caf\xe9" }, nil},
	} {
		s.T.Run(name, func(t *testing.T) {
			broken := small(3)
			bad.spoil(&broken)
			batch := []harvest.Record{small(2), retitled(small(1), "Changed"), broken}
			_, err := s.Put(t.Context(), secondRun, minute(61), batch)
			if err == nil {
				t.Fatal("no error")
			}
			if bad.is != nil && !errors.Is(err, bad.is) {
				t.Errorf("error %q is not %q", err, bad.is)
			}
			if n := s.count(harvest.Query{States: []harvest.State{harvest.AnyState}}); n != 1 {
				t.Errorf("%d records, want the 1 from before", n)
			}
			if got := s.get(small(1).ID); got.Title != small(1).Title || !got.LastSeen.Equal(minute(1)) {
				t.Errorf("a valid record of the failed call was written: %+v", got)
			}
		})
	}
}

func putTwice(s *suite) {
	other := retitled(small(1), "Other")
	s.same("outcomes", []harvest.Outcome{harvest.NewRecord, harvest.NewRecord, harvest.NewRecord, harvest.NewRecord},
		s.put(firstRun, minute(1), small(1), small(2), small(1), other))
	got := s.get(small(1).ID)
	if got.Title != "Other" || got.Revision != 2 {
		s.Errorf("%q in revision %d, want the last content in revision 2", got.Title, got.Revision)
	}
	if n := s.count(harvest.Query{}); n != 2 {
		s.Errorf("%d records, want 2", n)
	}
	s.same("a known one", []harvest.Outcome{harvest.UnchangedRecord, harvest.ChangedRecord},
		s.put(secondRun, minute(61), other, retitled(small(1), "Another")))
}

func putNothing(s *suite) {
	if changes, err := s.Put(s.Context(), firstRun, minute(1), nil); err != nil || len(changes) != 0 {
		s.Errorf("put of nothing: %v, %v", changes, err)
	}
	if n, err := s.Touch(s.Context(), minute(1), nil); err != nil || n != 0 {
		s.Errorf("touch of nothing: %d, %v", n, err)
	}
	s.must("put no keys", s.PutKeys(s.Context(), nil))
	s.must("put no works", s.PutWorks(s.Context(), minute(1), nil))
	s.must("put no pages", s.PutPages(s.Context(), nil))
	s.same("with no keys", 0, len(s.withKeys()))
	s.same("records", 0, len(s.find(harvest.Query{States: []harvest.State{harvest.AnyState}})))
}

func putOrder(s *suite) {
	records := smalls(40)
	slices.Reverse(records)
	s.put(firstRun, minute(1), records[:20]...)
	records[7].Title = "Changed"
	outcomes := s.put(secondRun, minute(61), records...)
	for i, o := range outcomes {
		want := harvest.NewRecord
		switch {
		case i == 7:
			want = harvest.ChangedRecord
		case i < 20:
			want = harvest.UnchangedRecord
		}
		if o != want {
			s.Errorf("record %d: %s, want %s", i, o, want)
		}
	}
}

func putTimes(s *suite) {
	at := time.Date(2026, time.March, 1, 23, 30, 0, 123_456_789, time.FixedZone("", 5*3600+45*60))
	s.put(firstRun, at, small(1))
	got := s.get(small(1).ID) // checks UTC
	for _, back := range []time.Time{got.FirstSeen, got.LastSeen, got.LastChanged} {
		if d := at.Sub(back); d < 0 || d >= time.Millisecond {
			s.Errorf("%v came back as %v", at, back)
		}
	}
	precise := minute(1).Add(7 * time.Millisecond)
	s.put(secondRun, precise, small(2))
	if got := s.get(small(2).ID); !got.FirstSeen.Equal(precise) {
		s.Errorf("%v came back as %v", precise, got.FirstSeen)
	}
	s.same("changed since the unrounded moment", ids(s.find(harvest.Query{})),
		ids(s.find(harvest.Query{ChangedSince: minute(1)})))
}

func putAliasing(s *suite) {
	given := []harvest.Record{full()}
	s.put(firstRun, minute(1), given...)
	if diff := cmp.Diff([]harvest.Record{full()}, given); diff != "" {
		s.Errorf("put changed its argument (-want +got):\n%s", diff)
	}
	given[0].Authors[0] = "overwritten"
	given[0].Documents[0].URL = "overwritten"
	given[0].Provenance["title"] = harvest.Evidence{Basis: "overwritten"}
	first := s.get(full().ID)
	s.same("record after the argument changed", full(), bare(first))
	if s.Failed() {
		return // there may be nothing to overwrite
	}
	first.Authors[0] = "overwritten"
	first.Provenance["title"] = harvest.Evidence{Basis: "overwritten"}
	s.same("record after a result changed", full(), bare(s.get(full().ID)))
}

func touch(s *suite) {
	s.put(firstRun, minute(1), small(1), small(2), small(3))
	before := s.get(small(1).ID)
	n, err := s.Touch(s.Context(), minute(61), []harvest.RecordID{small(1).ID, "alpha:unknown", small(3).ID})
	s.must("touch", err)
	s.same("known", 2, n)
	before.LastSeen = minute(61)
	s.same("touched record", before, s.get(small(1).ID))
	if got := s.get(small(2).ID); !got.LastSeen.Equal(minute(1)) {
		s.Errorf("a record that was not named was touched: %v", got.LastSeen)
	}
	s.same("records", 3, s.count(harvest.Query{States: []harvest.State{harvest.AnyState}}))

	many := smalls(min(s.backend.MaxBatch, 1200))
	s.put(firstRun, minute(1), many...)
	n, err = s.Touch(s.Context(), minute(99), ids(many))
	s.must("touch many", err)
	s.same("known of many", len(many), n)
	if got := s.get(many[len(many)-1].ID); !got.LastSeen.Equal(minute(99)) {
		s.Errorf("the last of many was not touched: %v", got.LastSeen)
	}
}

func touchNeverBackwards(s *suite) {
	s.put(firstRun, minute(10), small(1))
	n, err := s.Touch(s.Context(), minute(5), []harvest.RecordID{small(1).ID})
	s.must("touch", err)
	s.same("known", 1, n)
	if got := s.get(small(1).ID); !got.LastSeen.Equal(minute(10)) {
		s.Errorf("last seen %v, want %v", got.LastSeen, minute(10))
	}
}

func recordNotFound(s *suite) {
	s.put(firstRun, minute(1), small(1))
	for _, id := range []harvest.RecordID{"alpha:unknown", "", small(1).ID + " ", small(1).ID[:10]} {
		if r, err := s.Record(s.Context(), id); !errors.Is(err, harvest.ErrNotFound) {
			s.Errorf("record %q: %+v, %v; want not found", id, r, err)
		}
	}
}
