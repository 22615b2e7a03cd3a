package oai_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/oai"
)

func TestLists(t *testing.T) {
	s := library(t, oai.Options{})
	for query, want := range map[string]string{
		"":                            "test:a test:b -test:c -test:d other:e",
		"&from=2026-06-30":            "test:a test:b -test:c -test:d other:e",
		"&until=2026-06-29":           "noRecordsMatch",
		"&from=2026-07-01":            "noRecordsMatch",
		"&from=2026-06-30T11:02:00Z":  "-test:c -test:d other:e",
		"&until=2026-06-30T11:02:00Z": "test:a test:b -test:c",
		"&until=2026-06-30T11:04:00Z": "test:a test:b -test:c -test:d other:e", // e is of the fraction after
		"&from=2026-06-30T11:04:00Z":  "other:e",
		"&from=2026-06-30T11:04:01Z":  "noRecordsMatch",
		"&from=2026-06-30T11:02:00Z&until=2026-06-30T11:03:00Z": "-test:c -test:d",
		"&set=source.test":                            "test:a test:b -test:c -test:d",
		"&set=source.other":                           "other:e",
		"&set=category.report":                        "test:a test:b -test:d",
		"&set=topic.mining":                           "test:a -test:c -test:d other:e",
		"&set=topic.mining&from=2026-06-30T11:04:00Z": "other:e",
		"&set=topic.nothing":                          "noRecordsMatch",
		"&set=source.tes":                             "noRecordsMatch",
		"&set=$where":                                 "badArgument",
		"&set[$ne]=x":                                 "badArgument",
		"&set=topic.{$gt:1}":                          "badArgument",
	} {
		for _, verb := range []string{"ListRecords", "ListIdentifiers"} {
			r := s.ask("verb=" + verb + "&metadataPrefix=oai_dc" + query)
			if got := cmp.Or(r.code(), r.ids()); got != want {
				t.Errorf("%s%s: %q, want %q", verb, query, got, want)
			}
			if r.token() != "" || len(r.Tokens)+len(r.Tokens2) > 0 {
				t.Errorf("%s%s: a token in a list of one answer", verb, query)
			}
		}
	}
	for _, h := range s.ask("verb=ListIdentifiers&metadataPrefix=oai_dc&set=topic.mining").Headers {
		if !slices.Contains(h.Sets, "topic.mining") {
			t.Errorf("%s is listed and not in the set: %v", h.Identifier, h.Sets)
		}
	}
}

// TestWholeListWhileRecordsChange harvests many records of few moments while
// they change, are removed and arrive: what a harvester ends with is what there is.
func TestWholeListWhileRecordsChange(t *testing.T) {
	s := newSite(t, oai.Options{PageSize: 7})
	for i := range 200 {
		s.put(at(i/50), small(harvest.RecordID(fmt.Sprintf("test:%03d", i))))
	}
	have, cursor, answers := map[string]string{}, 0, 0
	for query := "metadataPrefix=oai_dc"; query != ""; answers++ {
		r := s.ask("verb=ListIdentifiers&" + query)
		if len(r.Errors) > 0 || len(r.Headers) > 7 {
			t.Fatalf("%v, %d headers", r.Errors, len(r.Headers))
		}
		if len(r.Tokens) != 1 || r.Tokens[0].Cursor != fmt.Sprint(cursor) {
			t.Fatalf("cursor of %+v, want %d", r.Tokens, cursor)
		}
		cursor += len(r.Headers)
		for _, h := range r.Headers {
			have[h.Identifier] = h.Status + h.Stamp
		}
		if query = ""; r.token() != "" {
			query = "resumptionToken=" + url.QueryEscape(r.token())
		}
		if answers < 20 {
			changed, gone := small(harvest.RecordID(fmt.Sprintf("test:%03d", answers*9))), small(harvest.RecordID(fmt.Sprintf("test:%03d", 199-answers*9)))
			gone.State = harvest.StateGone
			s.put(at(20+answers), changed, gone, small(harvest.RecordID(fmt.Sprintf("test:new%d", answers))))
		}
	}
	if len(have) != len(s.records) {
		t.Errorf("%d records harvested, there are %d", len(have), len(s.records))
	}
	for id, r := range s.records {
		status := ""
		if r.State == harvest.StateGone {
			status = "deleted"
		}
		if got, want := have["oai:harvest.example.org:"+string(id)], status+r.LastChanged.Format("2006-01-02T15:04:05Z"); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	if s.most > 8 {
		t.Errorf("%d records in memory for an answer of 7", s.most)
	}
}

func TestTokens(t *testing.T) {
	s := library(t, oai.Options{PageSize: 2})
	first := s.ask("verb=ListRecords&metadataPrefix=oai_dc&set=source.test&until=2026-06-30")
	token := first.token()
	ask := func(token string) string {
		r := s.ask("verb=ListRecords&resumptionToken=" + url.QueryEscape(token))
		return cmp.Or(r.code(), r.ids())
	}
	for range 2 { // a token can be used again
		if got := ask(token); got != "-test:c -test:d" {
			t.Errorf("the second answer has %q", got)
		}
	}
	if r := s.ask("verb=ListIdentifiers&resumptionToken=" + url.QueryEscape(token)); r.code() != "badResumptionToken" {
		t.Errorf("another verb: %v", r.Errors)
	}
	for name, bad := range map[string]string{
		"cut": token[:len(token)-1], "changed": "A" + token[1:], "without signature": strings.Split(token, ".")[0] + ".", "with more": token + "A",
		"long": strings.Repeat(token, 40), "binary": "\x00\xff", "JSON": `{"v":"ListRecords","n":1}`,
	} {
		if got := ask(bad); got != "badResumptionToken" {
			t.Errorf("%s: %q", name, got)
		}
	}
	elsewhere := oai.New(s.memory, oai.Options{BaseURL: base, Key: []byte("another"), Now: func() time.Time { return s.now }, Sets: func(context.Context) ([]oai.Set, error) { return nil, nil }})
	w := httptest.NewRecorder()
	elsewhere.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?verb=ListRecords&resumptionToken="+url.QueryEscape(token), http.NoBody))
	if !strings.Contains(w.Body.String(), "badResumptionToken") {
		t.Errorf("another key: %s", w.Body)
	}
	if s.now = s.now.Add(24 * time.Hour); ask(token) != "-test:c -test:d" {
		t.Error("a token of a day has expired")
	}
	if s.now = s.now.Add(time.Second); ask(token) != "badResumptionToken" {
		t.Error("a token of more than a day has not expired")
	}
}

func TestWhatChangedInTheLastMomentsIsNotListed(t *testing.T) {
	s := library(t, oai.Options{Settle: 2 * time.Minute})
	s.put(at(59), small("test:new"))
	r := s.ask("verb=ListIdentifiers&metadataPrefix=oai_dc&set=source.test")
	if r.ids() != "test:a test:b -test:c -test:d" || r.Date != "2026-06-30T11:58:00Z" {
		t.Errorf("%s at %s", r.ids(), r.Date)
	}
	s.now = at(62)
	if r := s.ask("verb=ListIdentifiers&metadataPrefix=oai_dc&from=" + r.Date); r.ids() != "test:new" {
		t.Errorf("the next harvest has %q", r.ids())
	}
}

// The first records of a catalogue are not listed while their changes settle,
// and what is said of the earliest is not later than the answer.
func TestEarliestIsNotBehindTheAnswer(t *testing.T) {
	s := newSite(t, oai.Options{Settle: 2 * time.Minute})
	s.put(at(59), small("test:new"))
	if r := s.ask("verb=Identify"); r.Identify.First != r.Date || r.Date != "2026-06-30T11:58:00Z" {
		t.Errorf("earliest %s in an answer of %s", r.Identify.First, r.Date)
	}
	s.now = at(62)
	if r := s.ask("verb=Identify"); r.Identify.First != "2026-06-30T11:59:00Z" || r.Date != "2026-06-30T12:00:00Z" {
		t.Errorf("earliest %s in an answer of %s", r.Identify.First, r.Date)
	}
}
