package sinktest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/harvest87/harvest"
)

var changedTests = []contract{
	{"records come in the order in which they changed, each once", changedOrder},
	{"every filter selects what it says, and what was withdrawn", changedFilters},
	{"a record that changes meanwhile comes again, and none is left out", changedMeanwhile},
	{"a limit below 1 is refused", changedLimit},
}

// changes walks through all pages.
func (s *suite) changes(q harvest.Changes) []harvest.Record {
	s.Helper()
	var out []harvest.Record
	for {
		page, err := s.Changed(s.Context(), q)
		s.must("changed", err)
		if len(page) > q.Limit {
			s.Fatalf("%d records for limit %d", len(page), q.Limit)
		}
		if len(page) == 0 {
			return out
		}
		out = append(out, page...)
		last := page[len(page)-1]
		q.Behind = harvest.ChangePlace{At: last.LastChanged, Record: last.ID}
	}
}

func changedOrder(s *suite) {
	records := smalls(23)
	s.put(firstRun, minute(2), records[12:]...)
	s.put(firstRun, minute(2).Add(time.Millisecond), records[5:12]...)
	s.put(firstRun, minute(1), records[:5]...)
	want := slices.Concat(inOrder(records[:5]), inOrder(records[12:]), inOrder(records[5:12]))
	for _, limit := range []int{1, 4, 23, 100} {
		got := s.changes(harvest.Changes{Limit: limit})
		s.same(fmt.Sprintf("pages of %d", limit), want, ids(got))
		s.same("whole", s.get(got[0].ID), got[0])
	}
}

func inOrder(records []harvest.Record) []harvest.RecordID {
	out := ids(records)
	slices.Sort(out)
	return out
}

func changedFilters(s *suite) {
	library(s)
	for _, c := range []struct {
		name    string
		query   harvest.Changes
		letters string
	}{
		{"nothing asked: every state", harvest.Changes{}, "abcdefghi"},
		{"since that moment", harvest.Changes{Since: minute(8)}, "hi"},
		{"since a millisecond later", harvest.Changes{Since: minute(8).Add(time.Millisecond)}, "i"},
		{"before a moment", harvest.Changes{Before: minute(3)}, "ab"},
		{"since and before", harvest.Changes{Since: minute(3), Before: minute(5)}, "cd"},
		{"in another time zone", harvest.Changes{Since: minute(7).In(time.FixedZone("", -7*3600))}, "ghi"},
		{"a place before since counts for nothing", harvest.Changes{Since: minute(3), Behind: harvest.ChangePlace{At: minute(1), Record: "z"}}, "cdefghi"},
		{"a place of a record that is not there", harvest.Changes{Behind: harvest.ChangePlace{At: minute(5), Record: "a"}}, "efghi"},
		{"a source", harvest.Changes{Source: "beta"}, "efg"},
		{"no source", harvest.Changes{Source: "bet"}, ""},
		{"a category", harvest.Changes{Category: "news"}, "cfh"},
		{"a topic", harvest.Changes{Topic: "mining"}, "bcfh"},
		{"a topic of one source", harvest.Changes{Topic: "mining", Source: "alpha"}, "bc"},
		{"a topic and a category", harvest.Changes{Topic: "mining", Category: "guidance", Since: minute(2)}, "bh"},
		{"no operator", harvest.Changes{Source: "$ne", Category: "$gt", Topic: "{}"}, ""},
	} {
		s.T.Run(c.name, func(t *testing.T) {
			for _, limit := range []int{1, 2, 9} {
				c.query.Limit = limit
				var got []byte
				one := &suite{Catalogue: s.Catalogue, T: t, backend: s.backend}
				for _, r := range one.changes(c.query) {
					got = append(got, r.Title...)
				}
				if string(got) != c.letters {
					t.Errorf("pages of %d: %q, want %q", limit, got, c.letters)
				}
			}
		})
	}
}

func changedMeanwhile(s *suite) {
	records := smalls(40)
	s.put(firstRun, minute(1), records...)
	seen := map[harvest.RecordID]string{}
	q := harvest.Changes{Limit: 3}
	for n := 0; ; n++ {
		page, err := s.Changed(s.Context(), q)
		s.must("changed", err)
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			seen[r.ID] = r.Title
		}
		last := page[len(page)-1]
		q.Behind = harvest.ChangePlace{At: last.LastChanged, Record: last.ID}
		if n < 10 { // one that was seen and one that was not; the order may hold either
			s.put(secondRun, minute(61+n), retitled(records[n], fmt.Sprint("Changed ", n)), retitled(records[39-n], fmt.Sprint("Changed ", n)))
		}
	}
	for _, r := range s.find(harvest.Query{}) {
		if seen[r.ID] != r.Title {
			s.Errorf("%s was last seen as %q, and is %q", r.ID, seen[r.ID], r.Title)
		}
	}
}

func changedLimit(s *suite) {
	if _, err := s.Changed(s.Context(), harvest.Changes{}); err == nil {
		s.Error("no error")
	}
}
