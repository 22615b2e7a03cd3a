package oai_test

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/exporttest"
	"github.com/harvest87/harvest/sinks/oai"
)

// memory is a catalogue that keeps to the contract of Changed.
type memory struct {
	records map[harvest.RecordID]harvest.Record
	fail    error
	most    int // records that were given at once
}

func (m *memory) put(at time.Time, records ...harvest.Record) {
	for _, r := range records {
		if r.State == "" {
			r.State = harvest.StateActive
		}
		r.LastChanged = at
		m.records[r.ID] = r
	}
}

func (m *memory) Record(_ context.Context, id harvest.RecordID) (harvest.Record, error) {
	r, ok := m.records[id]
	if !ok {
		return r, fmt.Errorf("%s: %w", id, harvest.ErrNotFound)
	}
	return r, m.fail
}

func (m *memory) Changed(_ context.Context, q harvest.Changes) ([]harvest.Record, error) {
	var out []harvest.Record
	for _, r := range m.records {
		gone := r.State == harvest.StateWithdrawn
		at := harvest.ChangePlace{At: r.LastChanged, Record: r.ID}
		if r.LastChanged.Before(q.Since) || !q.Before.IsZero() && !r.LastChanged.Before(q.Before) || order(at, q.Behind) <= 0 ||
			q.Source != "" && r.Source != q.Source || q.Category != "" && r.Category != q.Category && !gone ||
			q.Topic != "" && !slices.Contains(r.Topics, q.Topic) && !gone {
			continue
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b harvest.Record) int {
		return order(harvest.ChangePlace{At: a.LastChanged, Record: a.ID}, harvest.ChangePlace{At: b.LastChanged, Record: b.ID})
	})
	out = out[:min(len(out), q.Limit)]
	m.most = max(m.most, len(out))
	return out, m.fail
}

func order(a, b harvest.ChangePlace) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Record, b.Record))
}

// clock is where the tests' time stands.
var clock = time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return clock.Add(time.Duration(minutes-60) * time.Minute) }

const base = "https://harvest.example.org/oai"

type site struct {
	*memory
	*oai.Provider
	t   *testing.T
	now time.Time
}

func newSite(t *testing.T, o oai.Options) *site {
	s := &site{memory: &memory{records: map[harvest.RecordID]harvest.Record{}}, t: t, now: clock}
	o.BaseURL, o.Name, o.AdminEmail, o.Domain = base, "Harvest <of> tests & more", "admin@example.org", "harvest.example.org"
	o.Key, o.Now = []byte("a key of tests"), func() time.Time { return s.now }
	if o.Sets == nil {
		o.Sets = func(context.Context) ([]oai.Set, error) {
			return []oai.Set{
				{Spec: "source.test", Name: "A source"},
				{Spec: "source.other", Name: "Another"},
				{Spec: "category.report", Name: "Report"},
				{Spec: "topic.mining", Name: "Mining & quarrying"},
				{Spec: "topic.fishing", Name: "Fishing"},
			}, nil
		}
	}
	if o.Settle == 0 {
		o.Settle = -1
	}
	s.Provider = oai.New(s.memory, o)
	return s
}

// library is a site with some records: a and b at the same moment, c gone, d
// withdrawn, e of another source.
func library(t *testing.T, o oai.Options) *site {
	s := newSite(t, o)
	a, b, c, d, e := exporttest.Full(), small("test:b"), small("test:c"), small("test:d"), small("other:e")
	a.ID, a.Category, a.Topics = "test:a", "report", []string{"mining", "fishing"}
	b.Category, c.Topics, c.State, d.State, e.Topics = "report", []string{"mining"}, harvest.StateGone, harvest.StateWithdrawn, []string{"mining"}
	d.Title, d.URL = harvest.WithdrawnTitle, harvest.WithdrawnURL
	s.put(at(1), b, a)
	s.put(at(2), c)
	s.put(at(3), d)
	s.put(at(4).Add(700*time.Millisecond), e)
	return s
}

func small(id harvest.RecordID) harvest.Record {
	r := exporttest.Minimal()
	source, _, _ := strings.Cut(string(id), ":")
	r.ID, r.Source = id, harvest.SourceID(source)
	return r
}

// reply is an answer as a harvester reads it.
type reply struct {
	Date    string `xml:"responseDate"`
	Request struct {
		Base  string     `xml:",chardata"`
		Attrs []xml.Attr `xml:",any,attr"`
	} `xml:"request"`
	Errors []struct {
		Code string `xml:"code,attr"`
		Text string `xml:",chardata"`
	} `xml:"error"`
	Identify struct {
		Inner string `xml:",innerxml"`
		Email string `xml:"adminEmail"`
		Name  string `xml:"repositoryName"`
		First string `xml:"earliestDatestamp"`
	}
	Sets    []string   `xml:"ListSets>set>setSpec"`
	Formats []string   `xml:"ListMetadataFormats>metadataFormat>metadataPrefix"`
	Headers []header   `xml:"ListIdentifiers>header"`
	Records []record   `xml:"ListRecords>record"`
	One     record     `xml:"GetRecord>record"`
	Tokens  []tokenTag `xml:"ListIdentifiers>resumptionToken"`
	Tokens2 []tokenTag `xml:"ListRecords>resumptionToken"`
}

type tokenTag struct {
	Text    string `xml:",chardata"`
	Cursor  string `xml:"cursor,attr"`
	Expires string `xml:"expirationDate,attr"`
}

type header struct {
	Status     string   `xml:"status,attr"`
	Identifier string   `xml:"identifier"`
	Stamp      string   `xml:"datestamp"`
	Sets       []string `xml:"setSpec"`
}

type record struct {
	Header header   `xml:"header"`
	Titles []string `xml:"metadata>dc>title"`
}

func (r *reply) code() string {
	if len(r.Errors) == 0 {
		return ""
	}
	return r.Errors[0].Code
}

func (r *reply) token() string {
	for _, t := range slices.Concat(r.Tokens, r.Tokens2) {
		return t.Text
	}
	return ""
}

// ids are the local parts of what was listed; deleted ones with a minus.
func (r *reply) ids() string {
	headers := slices.Clone(r.Headers)
	for _, x := range r.Records {
		headers = append(headers, x.Header)
	}
	var out []string
	for _, h := range headers {
		id, ok := strings.CutPrefix(h.Identifier, "oai:harvest.example.org:")
		if !ok {
			return "not ours: " + h.Identifier
		}
		if h.Status == "deleted" {
			id = "-" + id
		}
		out = append(out, id)
	}
	return strings.Join(out, " ")
}

func (s *site) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// ask asks by GET. Every answer is held to the schema.
func (s *site) ask(query string) reply {
	s.t.Helper()
	return s.read(s.do(httptest.NewRequest(http.MethodGet, "/oai?"+query, http.NoBody)))
}

func (s *site) read(w *httptest.ResponseRecorder) reply {
	s.t.Helper()
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/xml; charset=UTF-8" {
		s.t.Fatalf("%d, %v, %s", w.Code, w.Header(), w.Body)
	}
	var out reply
	if err := xml.Unmarshal(w.Body.Bytes(), &out); err != nil {
		s.t.Fatalf("%v in\n%s", err, w.Body)
	}
	validate(s.t, w.Body.Bytes())
	return out
}

func TestVerbs(t *testing.T) {
	s := library(t, oai.Options{})
	r := s.ask("verb=Identify")
	if r.Identify.Name != "Harvest <of> tests & more" || r.Identify.Email != "admin@example.org" || r.Identify.First != "2026-06-30T11:01:00Z" ||
		!strings.Contains(r.Identify.Inner, "<deletedRecord>persistent</deletedRecord>") || r.Date != "2026-06-30T12:00:00Z" {
		t.Errorf("Identify: %+v", r)
	}
	if r := s.ask("verb=ListMetadataFormats"); !slices.Equal(r.Formats, []string{"oai_dc"}) {
		t.Errorf("formats %v", r.Formats)
	}
	if r := s.ask("verb=ListMetadataFormats&identifier=oai:harvest.example.org:test:c"); !slices.Equal(r.Formats, []string{"oai_dc"}) {
		t.Errorf("formats of one %v", r.Formats)
	}
	if r := s.ask("verb=ListSets"); len(r.Sets) != 5 || r.Sets[0] != "source.test" {
		t.Errorf("sets %v", r.Sets)
	}
	one := s.ask("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:harvest.example.org:test:a").One
	if len(one.Titles) == 0 || one.Titles[0] != exporttest.Full().Title || one.Header.Stamp != "2026-06-30T11:01:00Z" || one.Header.Status != "" ||
		!slices.Equal(one.Header.Sets, []string{"source.test", "category.report", "topic.mining", "topic.fishing"}) {
		t.Errorf("record %+v", one)
	}
	for id, sets := range map[string]int{"test:c": 2, "test:d": 1} {
		one := s.ask("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:harvest.example.org:" + id).One
		if one.Header.Status != "deleted" || len(one.Titles) > 0 || len(one.Header.Sets) != sets {
			t.Errorf("%s: %+v", id, one)
		}
	}
}

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

func TestErrors(t *testing.T) {
	s := library(t, oai.Options{})
	const id = "oai:harvest.example.org:test:a"
	for query, want := range map[string]string{
		"":                                      "badVerb",
		"verb=":                                 "badVerb",
		"verb=identify":                         "badVerb",
		"verb=Identify&verb=Identify":           "badVerb",
		"verb=Identify&identifier=" + id:        "badArgument",
		"verb=Identify&resumptionToken=x":       "badArgument",
		"verb=ListMetadataFormats&set=x":        "badArgument",
		"verb=ListMetadataFormats&identifier=x": "idDoesNotExist",
		"verb=ListSets&resumptionToken=x":       "badResumptionToken",
		"verb=ListSets&set=x":                   "badArgument",
		"verb=GetRecord":                        "badArgument",
		"verb=GetRecord&identifier=" + id:       "badArgument",
		"verb=GetRecord&metadataPrefix=oai_dc":  "badArgument",
		"verb=GetRecord&metadataPrefix=marc21&identifier=" + id:                       "cannotDisseminateFormat",
		"verb=GetRecord&metadataPrefix=oai_dc&identifier=" + id + "x":                 "idDoesNotExist",
		"verb=GetRecord&metadataPrefix=oai_dc&identifier=test:a":                      "idDoesNotExist",
		"verb=GetRecord&metadataPrefix=oai_dc&identifier=%01%3C%22":                   "idDoesNotExist",
		"verb=GetRecord&metadataPrefix=oai_dc&identifier={$gt:1}":                     "idDoesNotExist",
		"verb=GetRecord&metadataPrefix=oai_dc&identifier=" + id + "&identifier=" + id: "badArgument",
		"verb=GetRecord&metadataPrefix=%00&identifier=" + id:                          "badArgument",
		"verb=ListRecords":                                                                  "badArgument",
		"verb=ListRecords&metadataPrefix=oai_marc":                                          "cannotDisseminateFormat",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026":                                  "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30":                            "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=":                                      "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026-06-30T11:00:00":                   "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026-06-30T11:00:00.5Z":                "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026-06-30T11:00:00%2B01:00":           "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026-06-30&until=2026-06-30T11:00:00Z": "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&from=2026-06-30&until=2026-06-29":           "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x":                          "badArgument",
		"verb=ListRecords&resumptionToken=x":                                                "badResumptionToken",
		"verb=ListRecords&resumptionToken=":                                                 "badResumptionToken",
		"verb=ListRecords&metadataPrefix=oai_dc&colour=red":                                 "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&a%zz":                                       "badArgument",
		"verb=ListRecords&metadataPrefix=oai_dc&%3Cscript%3E%01=1":                          "badArgument",
	} {
		r := s.ask(query)
		if r.code() != want || len(r.Errors) != 1 {
			t.Errorf("%q: %v, want %s", query, r.Errors, want)
		}
		if wrong := want == "badVerb" || want == "badArgument"; wrong != (len(r.Request.Attrs) == 0) || r.Request.Base != base {
			t.Errorf("%q: request %v of %q", query, r.Request.Attrs, r.Request.Base)
		}
	}
	empty := newSite(t, oai.Options{Sets: func(context.Context) ([]oai.Set, error) { return nil, nil }})
	if r := empty.ask("verb=ListSets"); r.code() != "noSetHierarchy" {
		t.Errorf("no sets: %v", r.Errors)
	}
	if r := empty.ask("verb=Identify"); r.Identify.First != "1970-01-01T00:00:00Z" {
		t.Errorf("earliest of nothing: %s", r.Identify.First)
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

func TestHTTP(t *testing.T) {
	s := library(t, oai.Options{})
	post := func(kind, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/oai", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		return s.do(r)
	}
	const form = "application/x-www-form-urlencoded"
	if r := s.read(post(form+"; charset=utf-8", "verb=ListIdentifiers&metadataPrefix=oai_dc&set=source.other")); r.ids() != "other:e" {
		t.Errorf("POST: %q, %v", r.ids(), r.Errors)
	}
	if r := s.read(post(form, "verb=ListIdentifiers&%zz")); r.code() != "badArgument" {
		t.Errorf("a body that is none: %v", r.Errors)
	}
	if w := post("text/xml", "<verb/>"); w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("POST of XML: %d", w.Code)
	}
	if w := post(form, strings.Repeat("a=b&", 20_000)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a long body: %d", w.Code)
	}
	if w := s.do(httptest.NewRequest(http.MethodDelete, "/oai?verb=Identify", http.NoBody)); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
		t.Errorf("DELETE: %d", w.Code)
	}
	for accept, want := range map[string]string{"gzip": "gzip", "br, GZIP;q=0.5": "gzip", "gzip;q=0": "", "": "", "identity": "", "gzip;q=x": ""} {
		r := httptest.NewRequest(http.MethodGet, "/oai?verb=ListRecords&metadataPrefix=oai_dc", http.NoBody)
		r.Header.Set("Accept-Encoding", accept)
		w := s.do(r)
		if got := w.Header().Get("Content-Encoding"); got != want || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: %q", accept, got)
		}
		if want == "gzip" {
			z, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(z)
			if err != nil || !bytes.HasSuffix(text, []byte("</OAI-PMH>\n")) {
				t.Errorf("%v in\n%s", err, text)
			}
		}
	}
	s.fail = errors.New("gone away")
	w := s.do(httptest.NewRequest(http.MethodGet, "/oai?verb=ListRecords&metadataPrefix=oai_dc", http.NoBody))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "gone away") {
		t.Errorf("store away: %d, %v, %s", w.Code, w.Header(), w.Body)
	}
}

func TestHostileTextIsLegalXML(t *testing.T) {
	s := newSite(t, oai.Options{})
	for i, r := range exporttest.HostileRecords() {
		r.ID = harvest.RecordID(fmt.Sprintf("test:%d", i))
		s.put(at(1), r)
	}
	for query := "metadataPrefix=oai_dc"; query != ""; {
		r := s.ask("verb=ListRecords&" + query)
		if query = ""; r.token() != "" {
			query = "resumptionToken=" + url.QueryEscape(r.token())
		}
	}
}

func FuzzRequest(f *testing.F) {
	for _, q := range []string{"verb=Identify", "verb=ListRecords&metadataPrefix=oai_dc&from=2026-06-30", "verb=GetRecord&identifier=oai:harvest.example.org:test:a&metadataPrefix=oai_dc", "verb=ListRecords&resumptionToken=e30.AA"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		s := library(t, oai.Options{PageSize: 1})
		r := httptest.NewRequest(http.MethodGet, "/oai", http.NoBody)
		r.URL.RawQuery = query
		w := s.do(r)
		var out reply
		if err := xml.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%d, %v in\n%s", w.Code, err, w.Body)
		}
	})
}
