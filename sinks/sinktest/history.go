package sinktest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
)

var historyTests = []contract{
	{"a record that has not changed has one revision", historyOfNew},
	{"each change is a revision with its fields, run, page and span of time", historyOfChanges},
	{"writing the same again makes no revision", historyOnce},
	{"being gone and coming back are revisions", historyOfGone},
	{"a clock that goes back moves no revision before its predecessor", historyOfClocks},
	{"the history of many changes is whole", historyLong},
	{"two writers make one line of revisions", historyOfTwoWriters},
	{"a record that there is not has no history", historyNotFound},
	{"records are as they stood on a day", asOf},
	{"every field is taken back to its day", asOfEveryField},
	{"filters ask what records were on that day", asOfFilters},
	{"a day is read page by page", asOfMany},
	{"what people say stands above what the source says, through harvests", amendSurvives},
	{"what people say can be taken back", amendUndone},
	{"amending nothing, nobody or what is taken down does nothing", amendNothing},
	{"an amendment that fails writes nothing", amendFails},
	{"an amended record waits to be matched", amendPending},
}

// read is the record as it was read from a page.
func read(r harvest.Record, hash string) harvest.Record {
	r.PageHash = hash
	return r
}

// history returns the revisions of a record and checks that they are a line
// that leads to it.
func (s *suite) history(id harvest.RecordID) []harvest.Revision {
	s.Helper()
	history, err := s.Revisions(s.Context(), id)
	s.must("revisions", err)
	r := s.get(id)
	if len(history) == 0 {
		s.Fatalf("record %s has no revision", id)
	}
	last := history[len(history)-1]
	if last.Number != r.Revision || !last.From.Equal(r.LastChanged) || !last.To.IsZero() || last.Run != r.Run || last.PageHash != r.PageHash {
		s.Errorf("the last revision is %+v; the record has revision %d of %v, %s, page %q", last, r.Revision, r.LastChanged, r.Run, r.PageHash)
	}
	for i, h := range history {
		if h.Record != id || h.From.Location() != time.UTC {
			s.Errorf("revision %d of %s: record %s, from %v", h.Number, id, h.Record, h.From)
		}
		if i == 0 {
			continue
		}
		if before := history[i-1]; h.Number != before.Number+1 || !h.From.Equal(before.To) || h.From.Before(before.From) {
			s.Errorf("revision %d from %v follows revision %d to %v", h.Number, h.From, before.Number, before.To)
		}
	}
	for _, h := range slices.Backward(history) {
		for _, c := range h.Changes {
			now := harvest.Diff(&harvest.Record{}, &r)
			if at := slices.IndexFunc(now, func(x harvest.FieldChange) bool { return x.Field == c.Field }); at >= 0 && !sameJSON(now[at].New, c.New) {
				s.Errorf("revision %d made %s %s, and then it was %s", h.Number, c.Field, c.New, now[at].New)
			}
		}
		s.must("undo", r.Undo(h.Changes))
	}
	return history
}

func sameJSON(a, b json.RawMessage) bool { return cmp.Equal(asValue(a), asValue(b)) }

func asValue(raw json.RawMessage) (v any) {
	_ = json.Unmarshal(raw, &v)
	return v
}

// changed are the fields of a revision with old and new as plain values.
func changed(h harvest.Revision) map[string][2]any {
	out := make(map[string][2]any)
	for _, c := range h.Changes {
		out[c.Field] = [2]any{asValue(c.Old), asValue(c.New)}
	}
	return out
}

func (s *suite) amend(by harvest.Signature, at time.Time, change func(*harvest.Record) error, ids ...harvest.RecordID) []harvest.RecordID {
	s.Helper()
	done, err := s.Amend(s.Context(), by, at, ids, change)
	s.must("amend", err)
	return done
}

func becomes(state harvest.State) func(*harvest.Record) error {
	return func(r *harvest.Record) error {
		r.State = state
		return nil
	}
}

var curator = harvest.Signature{Author: "ana", Reason: "the cover says so"}

func says(field string, at time.Time, values ...string) func(*harvest.Record) error {
	return func(r *harvest.Record) error {
		return r.Override(field, harvest.Override{Value: values, Author: curator.Author, Reason: curator.Reason, At: at})
	}
}

func historyOfNew(s *suite) {
	s.put(firstRun, minute(1), read(small(1), "aa"))
	s.put(secondRun, minute(61), read(small(1), "bb")) // the page says the same in other octets
	s.same("history", []harvest.Revision{{Record: small(1).ID, Number: 1, From: minute(1), Run: firstRun, PageHash: "aa"}}, s.history(small(1).ID))
}

func historyOfChanges(s *suite) {
	s.put(firstRun, minute(1), read(small(1), "aa"))
	second := retitled(read(small(1), "bb"), "Second")
	second.Published = harvest.MonthDate(2021, 3)
	second.Provenance = map[string]harvest.Evidence{"published": {Basis: "meta", Page: small(1).URL}}
	s.put(secondRun, minute(61), second)
	s.put(thirdRun, minute(121), retitled(read(small(1), "cc"), "Third"))
	history := s.history(small(1).ID)
	if len(history) != 3 {
		s.Fatalf("%d revisions, want 3: %+v", len(history), history)
	}
	s.same("second", map[string][2]any{
		"title":                {"Item 1", "Second"},
		"published":            {nil, map[string]any{"value": "2021-03", "precision": "month"}},
		"provenance.published": {nil, map[string]any{"basis": "meta", "page": small(1).URL}},
	}, changed(history[1]))
	for i := range history {
		history[i].Changes = nil
	}
	s.same("history", []harvest.Revision{
		{Record: small(1).ID, Number: 1, From: minute(1), To: minute(61), Run: firstRun, PageHash: "aa"},
		{Record: small(1).ID, Number: 2, From: minute(61), To: minute(121), Run: secondRun, PageHash: "bb"},
		{Record: small(1).ID, Number: 3, From: minute(121), Run: thirdRun, PageHash: "cc"},
	}, history)
	s.same("of another store", history[0].PageHash, s.reopened().history(small(1).ID)[0].PageHash)
}

// reopened is the suite with the store of a second process.
func (s *suite) reopened() *suite {
	return &suite{Catalogue: s.backend.Reopen(s.T, s.Catalogue), T: s.T, backend: s.backend}
}

func historyOnce(s *suite) {
	batch := []harvest.Record{retitled(small(1), "Changed"), small(2), retitled(full(), "Changed")}
	s.put(firstRun, minute(1), small(1), small(2), full())
	for n := range 4 {
		s.put(secondRun, minute(61+n), batch...)
	}
	s.put(thirdRun, minute(121), batch...)
	for id, want := range map[harvest.RecordID]int{small(1).ID: 2, small(2).ID: 1, full().ID: 2} {
		if got := s.history(id); len(got) != want {
			s.Errorf("%d revisions of %s, want %d", len(got), id, want)
		}
	}
}

func historyOfGone(s *suite) {
	s.put(firstRun, minute(1), small(1))
	gone := harvest.Signature{Run: secondRun, Reason: "not listed in two runs"}
	s.same("gone", []harvest.RecordID{small(1).ID}, s.amend(gone, minute(61), becomes(harvest.StateGone), small(1).ID))
	if r := s.get(small(1).ID); r.State != harvest.StateGone || r.Revision != 2 || !r.LastSeen.Equal(minute(1)) || r.Run != secondRun {
		s.Errorf("gone record: %+v", r)
	}
	s.same("gone again", 0, len(s.amend(gone, minute(62), becomes(harvest.StateGone), small(1).ID)))
	s.put(thirdRun, minute(121), small(1))
	history := s.history(small(1).ID)
	s.same("revisions", 3, len(history))
	s.same("second", map[string][2]any{"state": {"active", "gone"}}, changed(history[1]))
	s.same("third", map[string][2]any{"state": {"gone", "active"}}, changed(history[2]))
	if history[1].Reason != gone.Reason || history[1].Run != secondRun {
		s.Errorf("the revision is signed %+v, want %+v", history[1], gone)
	}
}

func historyOfClocks(s *suite) {
	s.put(firstRun, minute(10), small(1))
	s.put(secondRun, minute(5), retitled(small(1), "Late"))
	s.history(small(1).ID)
	if r := s.get(small(1).ID); !r.LastChanged.Equal(minute(10)) || r.Title != "Late" {
		s.Errorf("%q, changed %v; want Late, %v", r.Title, r.LastChanged, minute(10))
	}
}

func historyLong(s *suite) {
	const many = 12
	for n := range many {
		s.put(harvest.NewRunID("alpha", minute(60*n)), minute(60*n), retitled(small(1), fmt.Sprintf("Title %d", n)), small(2))
	}
	history := s.history(small(1).ID)
	if len(history) != many {
		s.Fatalf("%d revisions, want %d", len(history), many)
	}
	for n, h := range history[1:] {
		s.same(fmt.Sprintf("revision %d", h.Number),
			map[string][2]any{"title": {fmt.Sprintf("Title %d", n), fmt.Sprintf("Title %d", n+1)}}, changed(h))
	}
}

func historyOfTwoWriters(s *suite) {
	s.put(firstRun, minute(0), small(1), small(2))
	var writers sync.WaitGroup
	for w := range s.backend.Writers {
		writers.Go(func() {
			for n := range 4 {
				run := harvest.NewRunID("alpha", minute(60*w+n))
				title := fmt.Sprintf("Writer %d, title %d", w, n)
				if _, err := s.Put(s.Context(), run, minute(60*w+n), []harvest.Record{retitled(small(1), title), small(2)}); err != nil {
					s.Errorf("put: %v", err)
				}
				by := harvest.Signature{Author: fmt.Sprintf("w%d", w), Reason: fmt.Sprint(n)}
				change := func(r *harvest.Record) error {
					return r.Override("publisher", harvest.Override{Value: []string{title}, Author: by.Author, Reason: by.Reason})
				}
				done, err := s.Amend(s.Context(), by, minute(60*w+n), []harvest.RecordID{small(1).ID, small(2).ID}, change)
				if err != nil || len(done) != 2 {
					s.Errorf("amend: %v, %v; want both", done, err)
				}
			}
		})
	}
	writers.Wait()
	want := 1 + 8*s.backend.Writers
	if got := s.history(small(1).ID); len(got) != want {
		s.Errorf("%d revisions, want %d", len(got), want)
	}
	if got := s.history(small(2).ID); len(got) != 1+4*s.backend.Writers {
		s.Errorf("%d revisions, want %d", len(got), 1+4*s.backend.Writers)
	}
}

func historyNotFound(s *suite) {
	for _, id := range []harvest.RecordID{"alpha:unknown", ""} {
		if h, err := s.Revisions(s.Context(), id); !errors.Is(err, harvest.ErrNotFound) {
			s.Errorf("revisions of %q: %v, %v; want not found", id, h, err)
		}
	}
}

func asOf(s *suite) {
	s.put(firstRun, minute(10), small(1), small(2))
	s.put(secondRun, minute(70), retitled(small(1), "Second"), small(2), small(3))
	s.amend(harvest.Signature{Run: secondRun}, minute(80), becomes(harvest.StateGone), small(2).ID)
	s.put(thirdRun, minute(130), retitled(small(1), "Third"), small(2))
	s.put(thirdRun, minute(140), small(4))
	s.backend.SetState(s.T, s.Catalogue, small(4).ID, harvest.StateWithdrawn)

	titles := func(at int, q harvest.Query) map[string]bool {
		q.AsOf = minute(at)
		out := make(map[string]bool)
		for _, r := range s.find(q) {
			out[r.Title] = true
		}
		s.same("count", len(out), s.count(q))
		return out
	}
	none := map[string]bool{}
	s.same("before all", none, titles(9, harvest.Query{}))
	s.same("at the first moment", map[string]bool{"Item 1": true, "Item 2": true}, titles(10, harvest.Query{}))
	s.same("after the first run", map[string]bool{"Item 1": true, "Item 2": true}, titles(69, harvest.Query{}))
	s.same("when it changed", map[string]bool{"Second": true, "Item 2": true, "Item 3": true}, titles(70, harvest.Query{}))
	s.same("when one was gone", map[string]bool{"Second": true, "Item 3": true}, titles(80, harvest.Query{}))
	s.same("gone then", map[string]bool{"Item 2": true}, titles(80, harvest.Query{States: []harvest.State{harvest.StateGone}}))
	s.same("any state then", map[string]bool{"Second": true, "Item 2": true, "Item 3": true}, titles(80, harvest.Query{States: []harvest.State{harvest.AnyState}}))
	s.same("when it was back", map[string]bool{"Third": true, "Item 2": true, "Item 3": true}, titles(999, harvest.Query{}))

	for _, r := range s.find(harvest.Query{AsOf: minute(75)}) {
		if r.ID != small(1).ID {
			continue
		}
		if r.Revision != 2 || !r.LastChanged.Equal(minute(70)) || r.Run != secondRun || r.FirstRun != firstRun || !r.FirstSeen.Equal(minute(10)) {
			s.Errorf("the record of that day is %+v", r)
		}
		if !r.LastSeen.IsZero() {
			s.Errorf("last seen %v, which that day could not know", r.LastSeen)
		}
	}
}

func asOfEveryField(s *suite) {
	s.put(firstRun, minute(1), full())
	other := harvest.Record{ID: full().ID, Source: "alpha", URL: "https://alpha.example/other", Title: "Other"}
	s.put(secondRun, minute(61), other)
	s.put(thirdRun, minute(121), full())
	for at, want := range map[int]harvest.Record{30: full(), 90: other, 150: full()} {
		got := s.find(harvest.Query{AsOf: minute(at), States: []harvest.State{harvest.AnyState}})
		if len(got) != 1 {
			s.Fatalf("%d records in minute %d", len(got), at)
		}
		s.same(fmt.Sprintf("record in minute %d", at), want, bare(got[0]))
	}
}

func asOfFilters(s *suite) {
	before, after := full(), full()
	after.Category, after.Language.Value, after.Published = "news", "fr", harvest.YearDate(1999)
	s.put(firstRun, minute(1), before, small(1))
	s.put(secondRun, minute(61), after)
	day := before.Published
	for name, q := range map[string]harvest.Query{
		"category": {Categories: []string{before.Category}}, "language": {Languages: []string{before.Language.Value}}, "since": {Since: day},
		"all": {Categories: []string{before.Category}, Languages: []string{before.Language.Value}, Since: day, Sources: []harvest.SourceID{before.Source}},
	} {
		q.AsOf = minute(30)
		s.same(name+" then", []harvest.RecordID{full().ID}, ids(s.find(q)))
		q.AsOf = minute(90)
		s.same(name+" later", 0, s.count(q))
	}
	s.same("changed since", []harvest.RecordID{full().ID}, ids(s.find(harvest.Query{AsOf: minute(90), ChangedSince: minute(2)})))
	s.same("another source", 0, s.count(harvest.Query{AsOf: minute(90), Sources: []harvest.SourceID{"beta"}}))
	refused(s, "words", s.Records(s.Context(), harvest.Query{Words: "item", AsOf: minute(90)}))
	refused(s, "a date that is none", s.Records(s.Context(), harvest.Query{Since: harvest.Date{Value: "soon"}, AsOf: minute(90)}))
}

func asOfMany(s *suite) {
	records := smalls(min(s.backend.MaxRecords, 700))
	s.put(firstRun, minute(1), records...)
	var second []harvest.Record
	for i, r := range records {
		if i%3 == 0 {
			second = append(second, retitled(r, "Changed"))
		}
	}
	s.put(secondRun, minute(61), second...)
	q := harvest.Query{AsOf: minute(30)}
	found := s.find(q)
	s.same("records", len(records), len(found))
	for _, r := range found {
		if r.Title == "Changed" || r.Revision != 1 {
			s.Fatalf("%s is %q in revision %d", r.ID, r.Title, r.Revision)
		}
	}
	order := ids(found)
	if !slices.IsSorted(order) {
		s.Error("not in order")
	}
	q.Limit, q.After = 5, order[10]
	s.same("a part", order[11:16], ids(s.find(q)))
	s.same("count of all", len(records), s.count(q))
}

func amendSurvives(s *suite) {
	s.put(firstRun, minute(1), full())
	id := full().ID
	s.same("amended", []harvest.RecordID{id}, s.amend(curator, minute(30), says("title", minute(30), "As the cover has it"), id))
	s.amend(curator, minute(31), says("authors", minute(31), "A. One", "B. Two"), id)
	s.amend(curator, minute(32), says("identifiers.doi", minute(32)), id)

	s.same("unchanged harvest", []harvest.Outcome{harvest.UnchangedRecord}, s.put(secondRun, minute(61), full()))
	moved := retitled(full(), "What the source says now")
	moved.Publisher = "Somebody else"
	s.same("changed harvest", []harvest.Outcome{harvest.ChangedRecord}, s.put(thirdRun, minute(121), moved))
	s.same("and again", []harvest.Outcome{harvest.ChangedRecord}, s.put(thirdRun, minute(122), moved))

	r := s.get(id)
	if r.Title != "As the cover has it" || r.Publisher != "Somebody else" || r.Identifiers.DOI != "" || r.Revision != 5 {
		s.Errorf("record: title %q, publisher %q, DOI %q, revision %d", r.Title, r.Publisher, r.Identifiers.DOI, r.Revision)
	}
	s.same("authors", []string{"A. One", "B. Two"}, r.Authors)
	s.same("override", harvest.Override{
		Value: []string{"As the cover has it"}, Harvested: []string{"What the source says now"}, Evidence: full().Provenance["title"],
		Author: curator.Author, Reason: curator.Reason, At: minute(30),
	}, r.Overrides["title"])
	s.same("evidence", harvest.Evidence{Basis: harvest.BasisCuration, Detail: "ana: the cover says so"}, r.Provenance["title"])
	s.same("harvested DOI", []string{full().Identifiers.DOI}, r.Overrides["identifiers.doi"].Harvested)

	history := s.history(id)
	s.same("the first amendment", [2]any{full().Title, "As the cover has it"}, changed(history[1])["title"])
	if history[1].Author != "ana" || history[1].Reason != curator.Reason || history[1].Run != "" {
		s.Errorf("it is signed %+v", history[1])
	}
	if c := changed(history[4]); c["title"] != [2]any{} || c["publisher"] == [2]any{} {
		s.Errorf("the harvest changed %v", c)
	}
	then := s.find(harvest.Query{AsOf: minute(20)})
	s.same("before it", full(), bare(then[0]))
	if len(then[0].Overrides) > 0 {
		s.Errorf("overrides of a day without any: %v", then[0].Overrides)
	}
}

func amendUndone(s *suite) {
	id := full().ID
	s.put(firstRun, minute(1), full())
	s.amend(curator, minute(30), says("title", minute(30), "Other"), id)
	s.amend(curator, minute(31), says("summary", minute(31), "A better one."), id)
	if r := s.get(id); r.SummaryBasis != (harvest.SummaryBasis{Kind: harvest.SummaryCurated}) {
		s.Errorf("the summary is of kind %+v", r.SummaryBasis)
	}
	moved := full()
	moved.Summary = "What the source says now."
	s.put(secondRun, minute(61), moved)
	restore := func(name string) func(*harvest.Record) error {
		return func(r *harvest.Record) error {
			_, err := r.Restore(name)
			return err
		}
	}
	for n, field := range []string{"title", "summary"} {
		s.same("undone", []harvest.RecordID{id}, s.amend(curator, minute(90+n), restore(field), id))
		s.same("undone twice", 0, len(s.amend(curator, minute(95), restore(field), id)))
	}
	r := s.get(id)
	s.same("record", moved, bare(r))
	if len(r.Overrides) > 0 {
		s.Errorf("overrides %v", r.Overrides)
	}
	s.same("the same harvest again", []harvest.Outcome{harvest.UnchangedRecord}, s.put(thirdRun, minute(121), moved))
	s.history(id)
}

func amendNothing(s *suite) {
	s.put(firstRun, minute(1), small(1), small(2))
	s.backend.SetState(s.T, s.Catalogue, small(2).ID, harvest.StateWithdrawn)
	s.same("amended", 0, len(s.amend(curator, minute(5), says("title", minute(5), "X"), "alpha:unknown", small(2).ID)))
	s.same("amended without a change", 0, len(s.amend(curator, minute(5), func(*harvest.Record) error { return nil }, small(1).ID)))
	s.same("amended none", 0, len(s.amend(curator, minute(5), says("title", minute(5), "X"))))
	s.same("history", 1, len(s.history(small(1).ID)))
	s.same("withdrawn", "Item 2", s.get(small(2).ID).Title)
}

func amendFails(s *suite) {
	s.put(firstRun, minute(1), small(1))
	refusal := errors.New("no")
	for name, change := range map[string]func(*harvest.Record) error{
		"refused":    func(*harvest.Record) error { return refusal },
		"no title":   says("title", minute(5)),
		"no field":   says("revision", minute(5), "7"),
		"two titles": says("title", minute(5), "A", "B"),
		"no date":    says("published", minute(5), "last week"),
	} {
		s.T.Run(name, func(t *testing.T) {
			done, err := s.Amend(t.Context(), curator, minute(5), []harvest.RecordID{small(1).ID}, change)
			if err == nil || len(done) > 0 {
				t.Errorf("amended %v, %v; want an error", done, err)
			}
			if name == "refused" && !errors.Is(err, refusal) {
				t.Errorf("error %v does not wrap the one of change", err)
			}
		})
	}
	s.same("history", 1, len(s.history(small(1).ID)))
}

func amendPending(s *suite) {
	s.put(firstRun, minute(1), small(1))
	pending := func() []harvest.Record {
		p, err := s.Pending(s.Context(), "", 10)
		s.must("pending", err)
		return p
	}
	s.must("settle", s.Settle(s.Context(), pending()))
	s.amend(curator, minute(5), says("title", minute(5), "Other"), small(1).ID)
	s.same("pending", []harvest.RecordID{small(1).ID}, ids(pending()))
}
