package sinktest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
)

var queryTests = []contract{
	{"records come in the order of ID, each once", queryOrder},
	{"after and limit walk through all pages", queryPaging},
	{"every filter selects and counts what it says", queryFilters},
	{"filters add up", queryCombined},
	{"count ignores limit and after", queryCount},
	{"words are refused", queryWords},
	{"a since that is no date is refused", queryBadSince},
	{"hostile strings are only strings", queryHostile},
	{"streamed records are whole", queryWhole},
	{"breaking out early leaves nothing behind", queryBreak},
	{"a catalogue can be written while it is read", queryWhileWriting},
}

func queryOrder(s *suite) {
	records := smalls(min(s.backend.MaxRecords, 1100))
	s.put(firstRun, minute(1), records...)
	want := ids(records)
	slices.Sort(want)
	s.same("order", want, ids(s.find(harvest.Query{})))
}

func queryPaging(s *suite) {
	records := smalls(25)
	s.put(firstRun, minute(1), records...)
	want := ids(records)
	slices.Sort(want)
	for _, limit := range []int{1, 7, 24, 25, 26} {
		var got []harvest.RecordID
		q := harvest.Query{Limit: limit}
		for {
			page := ids(s.find(q))
			if len(page) > limit {
				s.Fatalf("limit %d: page of %d", limit, len(page))
			}
			if len(page) == 0 {
				break
			}
			got = append(got, page...)
			q.After = page[len(page)-1]
		}
		s.same(fmt.Sprintf("pages of %d", limit), want, got)
	}
	s.same("after an ID that is not there", want[10:], ids(s.find(harvest.Query{After: want[9] + "0"})))
	s.same("after the last", 0, len(s.find(harvest.Query{After: want[24]})))
}

// library puts records a to j; each is found by what its letter stands for.
func library(s *suite) {
	type book struct {
		letter, source, category, language, published string
		changed                                       int
		state                                         harvest.State
		topics, countries                             string
	}
	for _, b := range []book{
		{"a", "alpha", "guidance", "en", "2020", 1, "", "fishing", "NP"},
		{"b", "alpha", "guidance", "en-GB", "2021", 2, "", "fishing mining", "NP IN"},
		{"c", "alpha", "news", "eng", "2021-03", 3, "", "mining", "IN"},
		{"d", "alpha", "", "", "", 4, "", "", ""},
		{"e", "beta", "guidance", "fr", "2021-03-15", 5, "", "fishing-law", "GB"},
		{"f", "beta", "news", "en-US", "2021-04", 6, harvest.StateGone, "mining", "NP"},
		{"g", "beta", "guidance-note", "e", "2022", 7, "", "", "N"},
		{"h", "alpha-2", "guidance", "en-Latn-GB", "1999-12-31", 8, harvest.StateWithdrawn, "", ""},
		{"i", "gamma", "law", "ar", "2021-12-31", 9, "", "", "NP"},
	} {
		r := harvest.Record{
			Topics: strings.Fields(b.topics), Countries: strings.Fields(b.countries),
			ID: harvest.RecordID(b.source + ":" + b.letter), Source: harvest.SourceID(b.source), Title: b.letter,
			URL: "https://example.org/" + b.letter, Category: b.category, Language: harvest.Language{Value: b.language, Declared: "de"},
		}
		if b.published != "" {
			d, err := harvest.ParseDate(b.published)
			s.must("date", err)
			r.Published = d
		}
		s.put(firstRun, minute(b.changed), r)
		if b.state != "" {
			s.backend.SetState(s.T, s.Catalogue, r.ID, b.state)
		}
	}
}

func date(value string) harvest.Date {
	d, err := harvest.ParseDate(value)
	if err != nil {
		panic(err)
	}
	return d
}

// selects checks that the query finds exactly those letters, by streaming and
// by counting.
func selects(t *testing.T, s *suite, q harvest.Query, letters string) {
	t.Helper()
	var found []byte
	for r, err := range s.Records(t.Context(), q) {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, r.Title...)
	}
	slices.Sort(found)
	if string(found) != letters {
		t.Errorf("%+v found %q, want %q", q, found, letters)
	}
	if n := s.count(q); n != len(letters) {
		t.Errorf("%+v counted %d, want %d", q, n, len(letters))
	}
}

func queryFilters(s *suite) {
	library(s)
	for _, c := range []struct {
		name    string
		query   harvest.Query
		letters string
	}{
		{"nothing asked: active records", harvest.Query{}, "abcdegi"},
		{"source", harvest.Query{Sources: []harvest.SourceID{"alpha"}}, "abcd"},
		{"source, not its prefix", harvest.Query{Sources: []harvest.SourceID{"alph"}}, ""},
		{"source with a hyphen", harvest.Query{Sources: []harvest.SourceID{"alpha-2"}, States: []harvest.State{harvest.AnyState}}, "h"},
		{"source of other letter case", harvest.Query{Sources: []harvest.SourceID{"Alpha"}}, ""},
		{"category", harvest.Query{Categories: []string{"guidance"}}, "abe"},
		{"category unknown", harvest.Query{Categories: []string{"nothing"}}, ""},
		{"language with its regions", harvest.Query{Languages: []string{"en"}}, "ab"},
		{"language with region", harvest.Query{Languages: []string{"en-GB"}}, "b"},
		{"language, one letter", harvest.Query{Languages: []string{"e"}}, "g"},
		{"language with script in between", harvest.Query{Languages: []string{"en"}, States: []harvest.State{harvest.AnyState}}, "abfh"},
		{"declared language is not asked", harvest.Query{Languages: []string{"de"}}, ""},
		{"since a year", harvest.Query{Since: date("2021")}, "bcegi"},
		{"since a month: the bare year counts from January", harvest.Query{Since: date("2021-03")}, "cegi"},
		{"since a day: the bare month counts from its first", harvest.Query{Since: date("2021-03-02")}, "egi"},
		{"since that very day", harvest.Query{Since: date("2021-03-15")}, "egi"},
		{"since the day after", harvest.Query{Since: date("2021-03-16")}, "gi"},
		{"since the first of January", harvest.Query{Since: date("2021-01-01")}, "bcegi"},
		{"since the last of December", harvest.Query{Since: date("2021-12-31")}, "gi"},
		{"changed at that moment or later", harvest.Query{ChangedSince: minute(4)}, "degi"},
		{"changed a millisecond later", harvest.Query{ChangedSince: minute(4).Add(time.Millisecond)}, "egi"},
		{"changed, asked in another time zone", harvest.Query{ChangedSince: minute(7).In(time.FixedZone("", -7*3600))}, "gi"},
		{"topic", harvest.Query{Topics: []string{"fishing"}}, "ab"},
		{"topic unknown", harvest.Query{Topics: []string{"fish"}}, ""},
		{"one of two topics", harvest.Query{Topics: []string{"mining", "fishing-law"}}, "bce"},
		{"country", harvest.Query{Countries: []string{"NP"}}, "abi"},
		{"country of other letter case", harvest.Query{Countries: []string{"np"}}, ""},
		{"one of two countries", harvest.Query{Countries: []string{"GB", "IN"}}, "bce"},
		{"year", harvest.Query{Years: []int{2021}}, "bcei"},
		{"one of two years", harvest.Query{Years: []int{2020, 2022}}, "ag"},
		{"a year of one digit", harvest.Query{Years: []int{2}}, ""},
		{"one of two sources", harvest.Query{Sources: []harvest.SourceID{"beta", "gamma"}}, "egi"},
		{"one source twice", harvest.Query{Sources: []harvest.SourceID{"beta", "beta"}}, "eg"},
		{"one of two categories", harvest.Query{Categories: []string{"law", "news"}}, "ci"},
		{"one of two languages", harvest.Query{Languages: []string{"en", "fr"}}, "abe"},
		{"one of two states", harvest.Query{States: []harvest.State{harvest.StateGone, harvest.StateWithdrawn}}, "fh"},
		{"a state among any", harvest.Query{States: []harvest.State{harvest.StateGone, harvest.AnyState}}, "abcdefghi"},
		{"state gone", harvest.Query{States: []harvest.State{harvest.StateGone}}, "f"},
		{"state withdrawn", harvest.Query{States: []harvest.State{harvest.StateWithdrawn}}, "h"},
		{"state active", harvest.Query{States: []harvest.State{harvest.StateActive}}, "abcdegi"},
		{"any state", harvest.Query{States: []harvest.State{harvest.AnyState}}, "abcdefghi"},
	} {
		s.T.Run(c.name, func(t *testing.T) { selects(t, s, c.query, c.letters) })
	}
}

func queryCombined(s *suite) {
	library(s)
	for _, c := range []struct {
		query   harvest.Query
		letters string
	}{
		{harvest.Query{Sources: []harvest.SourceID{"alpha"}, Categories: []string{"guidance"}}, "ab"},
		{harvest.Query{Sources: []harvest.SourceID{"beta"}, Since: date("2021-03"), States: []harvest.State{harvest.AnyState}}, "efg"},
		{harvest.Query{Categories: []string{"guidance"}, Languages: []string{"en"}, ChangedSince: minute(2)}, "b"},
		{harvest.Query{Sources: []harvest.SourceID{"beta"}, Categories: []string{"news"}, Languages: []string{"en"}, Since: date("2021"), ChangedSince: minute(1), States: []harvest.State{harvest.StateGone}}, "f"},
		{harvest.Query{Sources: []harvest.SourceID{"gamma"}, Categories: []string{"guidance"}}, ""},
		{harvest.Query{Languages: []string{"en", "ar"}, Years: []int{2021, 2022}}, "bi"},
		{harvest.Query{Topics: []string{"mining", "fishing"}, Countries: []string{"IN"}, Sources: []harvest.SourceID{"alpha", "beta"}}, "bc"},
		{harvest.Query{Topics: []string{"mining"}, Countries: []string{"NP"}, Years: []int{2021}, States: []harvest.State{harvest.AnyState}}, "bf"},
	} {
		selects(s.T, s, c.query, c.letters)
	}
	s.same("a page of a filtered query", []harvest.RecordID{"alpha:c", "alpha:d"},
		ids(s.find(harvest.Query{Sources: []harvest.SourceID{"alpha"}, After: "alpha:b", Limit: 2})))
}

func queryCount(s *suite) {
	s.same("empty", 0, s.count(harvest.Query{}))
	s.put(firstRun, minute(1), smalls(9)...)
	s.same("count", 9, s.count(harvest.Query{Limit: 2, After: small(4).ID}))
}

func queryWords(s *suite) {
	s.put(firstRun, minute(1), small(1))
	refused(s, "records with words", s.Records(s.Context(), harvest.Query{Words: "item"}))
	if _, err := s.Count(s.Context(), harvest.Query{Words: "item"}); err == nil {
		s.Error("count with words: no error")
	}
}

func queryBadSince(s *suite) {
	library(s)
	for _, value := range []string{"' OR 1=1 --", "21", "2021-13", "yesterday"} {
		q := harvest.Query{Since: harvest.Date{Value: value}}
		refused(s, value, s.Records(s.Context(), q))
		if _, err := s.Count(s.Context(), q); err == nil {
			s.Errorf("count since %q: no error", value)
		}
	}
}

func queryHostile(s *suite) {
	library(s)
	all := s.find(harvest.Query{States: []harvest.State{harvest.AnyState}})
	for _, text := range hostile {
		for _, q := range []harvest.Query{
			{Sources: []harvest.SourceID{harvest.SourceID(text)}},
			{Categories: []string{text}},
			{Topics: []string{text}},
			{Countries: []string{text}},
			{Languages: []string{text}},
			{States: []harvest.State{harvest.State(text)}},
			{Sources: []harvest.SourceID{harvest.SourceID(text), "$where"}, Topics: []string{text, "$gt"}, Countries: []string{text, "NP"}},
		} {
			selects(s.T, s, q, "")
		}
		var behind []harvest.RecordID
		for _, r := range all {
			if r.ID > harvest.RecordID(text) {
				behind = append(behind, r.ID)
			}
		}
		s.same("after "+text, behind, ids(s.find(harvest.Query{States: []harvest.State{harvest.AnyState}, After: harvest.RecordID(text)})))
		s.same("with key "+text, 0, len(s.withKeys(text)))
		if _, err := s.Record(s.Context(), harvest.RecordID(text)); !errors.Is(err, harvest.ErrNotFound) {
			s.Errorf("record %q: %v, want not found", text, err)
		}
		if _, err := s.Work(s.Context(), harvest.WorkID(text)); !errors.Is(err, harvest.ErrNotFound) {
			s.Errorf("work %q: %v, want not found", text, err)
		}
		if _, err := s.Catalogue.Run(s.Context(), harvest.RunID(text)); !errors.Is(err, harvest.ErrNotFound) {
			s.Errorf("run %q: %v, want not found", text, err)
		}
		pages, err := s.Pages(s.Context(), harvest.SourceID(text), []string{text})
		s.must("pages", err)
		s.same("pages", 0, len(pages))
	}
	s.same("records afterwards", all, s.find(harvest.Query{States: []harvest.State{harvest.AnyState}}))
}

func queryWhole(s *suite) {
	s.put(firstRun, minute(1), full(), small(1))
	for _, r := range s.find(harvest.Query{}) {
		s.same("streamed record", s.get(r.ID), r)
	}
	for r, err := range s.Lookup(s.Context(), []harvest.RecordID{full().ID}) {
		s.must("lookup", err)
		s.same("record looked up", s.get(full().ID), r)
	}
}

// queryBreak leaves many streams early. A cursor or connection that each of
// them kept would stop the writes after it.
func queryBreak(s *suite) {
	records := smalls(min(s.backend.MaxRecords, 600))
	s.put(firstRun, minute(1), records...)
	for range 50 {
		for _, err := range s.Records(s.Context(), harvest.Query{}) {
			s.must("records", err)
			break
		}
		for _, err := range s.Lookup(s.Context(), ids(records[:20])) {
			s.must("lookup", err)
			break
		}
	}
	s.put(secondRun, minute(61), retitled(small(1), "Written after"))
	s.same("written after", "Written after", s.get(small(1).ID).Title)
}

func queryWhileWriting(s *suite) {
	n := min(s.backend.MaxRecords/2, 700)
	records := smalls(2 * n)
	s.put(firstRun, minute(1), records[:n]...)
	var seen []harvest.RecordID
	for r, err := range s.Records(s.Context(), harvest.Query{}) {
		s.must("records", err)
		if len(seen)%100 == 0 {
			s.put(secondRun, minute(61), records[n+len(seen)/100], retitled(r, "Rewritten"))
			s.get(r.ID)
		}
		seen = append(seen, r.ID)
	}
	if !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != len(seen) {
		s.Error("records came out of order or twice")
	}
	for _, id := range ids(records[:n]) {
		if !slices.Contains(seen, id) {
			s.Errorf("record %s was there before and was not seen", id)
		}
	}
}
