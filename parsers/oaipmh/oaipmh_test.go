package oaipmh_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/oaipmh"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const home = "https://library.example.org"

func open(t testing.TB, o config.OAIPMH) *oaipmh.Door {
	t.Helper()
	if o.Base == "" {
		o.Base = home + "/oai"
	}
	src := &config.Source{ID: "library", Name: "Example Library", Homepage: home, Doors: []config.Door{{Kind: "oai-pmh", OAIPMH: &o}}}
	d, err := oaipmh.New(src, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func read(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestGolden reads Dublin Core as journals and repositories write it, and MARC.
func TestGolden(t *testing.T) {
	for name, tt := range map[string]struct {
		step string
		oai  config.OAIPMH
	}{
		"records": {"records?prefix=oai_dc", config.OAIPMH{}},
		"marc":    {"record?prefix=marcxml", config.OAIPMH{Metadata: "marcxml", Link: home + "/record/{id}"}},
	} {
		t.Run(name, func(t *testing.T) {
			req := harvest.Request{URL: home + "/oai?verb=ListRecords&metadataPrefix=oai_dc", Kind: harvest.KindDiscovery, Step: tt.step, Page: 1}
			got := open(t, tt.oai).Parse(&harvest.Page{Request: req, URL: req.URL, Outcome: harvest.Fetched, Body: []byte(read(t, name+".xml"))})
			var b bytes.Buffer
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "\t")
			if err := enc.Encode(got); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", name+".golden.json")
			if *update {
				if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%v; run the test with -update", err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// TestLists: where lists go on, and what is done when they do not.
func TestLists(t *testing.T) {
	since := time.Date(2024, time.March, 10, 12, 30, 0, 0, time.UTC)
	expired := 0
	tests := []struct {
		name    string
		oai     config.OAIPMH
		since   time.Time
		answer  repository
		asked   []string
		records string
		event   harvest.Outcome
		dead    string
		note    string
	}{
		{
			name: "two pages, a token with blanks and signs",
			answer: func(a url.Values) string {
				switch {
				case a.Get("resumptionToken") == "1 +/&é":
					return page("", 3)
				case a.Get("verb") == "ListRecords":
					return page("1 +/&amp;é", 1, 2)
				}
				return ""
			},
			asked: []string{"Identify", "ListRecords", "ListRecords resumptionToken=1 +/&é"}, records: "1 2 3",
		},
		{
			name: "an increment by days", since: since, asked: []string{"Identify", "ListRecords from=2024-03-09"}, note: "no records match",
			answer: func(a url.Values) string {
				if a.Get("verb") == "Identify" {
					return identity("YYYY-MM-DD")
				}
				return refusal("noRecordsMatch")
			},
		},
		{
			name: "an increment by seconds", since: since, asked: []string{"Identify", "ListRecords from=2024-03-09T12:30:00Z"}, records: "1",
			answer: func(a url.Values) string {
				if a.Get("verb") == "Identify" {
					return identity("YYYY-MM-DDThh:mm:ssZ")
				}
				return page("", 1)
			},
		},
		{
			name: "sets and a day", oai: config.OAIPMH{Sets: []string{"a", "b:c"}, From: "2023-01-01"},
			asked: []string{"Identify", "ListRecords from=2023-01-01 set=a", "ListRecords from=2023-01-01 set=b:c"}, records: "1 1",
			answer: func(a url.Values) string { return map[string]string{"ListRecords": page("", 1)}[a.Get("verb")] },
		},
		{
			name: "windows", oai: config.OAIPMH{Window: 50 * 24 * time.Hour}, note: "no records match", records: "1 1",
			asked: []string{"Identify", "ListRecords from=2024-01-01 until=2024-02-19", "ListRecords from=2024-02-20 until=2024-04-09", "ListRecords from=2024-04-10"},
			answer: func(a url.Values) string {
				switch {
				case a.Get("verb") == "Identify":
					return ""
				case a.Get("from") == "2024-02-20":
					return refusal("noRecordsMatch")
				}
				return page("", 1)
			},
		},
		{
			name: "an expired token", records: "1 2 1 2 3", note: "begun again",
			asked: []string{"Identify", "ListRecords", "ListRecords resumptionToken=x", "ListRecords", "ListRecords resumptionToken=y"},
			answer: func(a url.Values) string {
				switch token := a.Get("resumptionToken"); {
				case token == "x":
					return refusal("badResumptionToken")
				case token == "y":
					return page("", 3)
				case a.Get("verb") == "ListRecords" && expired == 0:
					expired++
					return page("x", 1, 2)
				case a.Get("verb") == "ListRecords":
					return page("y", 1, 2)
				}
				return ""
			},
		},
		{
			name: "tokens that always expire, by status", records: "1 1 1 1", event: harvest.ParseFailed,
			answer: func(a url.Values) string {
				switch {
				case a.Get("resumptionToken") != "":
					return "status 422"
				case a.Get("verb") == "ListRecords":
					return page("t", 1)
				}
				return ""
			},
		},
		{
			name: "a token that leads to itself", records: "1 2", event: harvest.ParseFailed,
			answer: func(a url.Values) string {
				switch {
				case a.Get("resumptionToken") != "":
					return page("t", 2)
				case a.Get("verb") == "ListRecords":
					return page("t", 1)
				}
				return ""
			},
		},
		{
			name: "ever new tokens for one page", records: "1 1", event: harvest.ParseFailed,
			answer: func(a url.Values) string {
				if a.Get("verb") == "Identify" {
					return ""
				}
				return page(a.Get("resumptionToken")+"t", 1)
			},
		},
		{
			name: "a circle of three", records: "1 2 3 1", event: harvest.ParseFailed,
			answer: func(a url.Values) string {
				switch a.Get("resumptionToken") {
				case "b":
					return page("c", 2)
				case "c":
					return page("a", 3)
				}
				if a.Get("verb") == "Identify" {
					return ""
				}
				return page("b", 1)
			},
		},
		{
			name: "another format", oai: config.OAIPMH{Metadata: "mods"}, note: `"oai_dc" is read instead`, records: "1",
			asked: []string{"Identify", "ListRecords", "ListMetadataFormats", "ListRecords"},
			answer: func(a url.Values) string {
				switch {
				case a.Get("verb") == "ListMetadataFormats":
					return reply(`<ListMetadataFormats><metadataFormat><metadataPrefix>marcxml</metadataPrefix></metadataFormat><metadataFormat><metadataPrefix>oai_dc</metadataPrefix></metadataFormat></ListMetadataFormats>`)
				case a.Get("metadataPrefix") == "mods":
					return refusal("cannotDisseminateFormat")
				case a.Get("verb") == "ListRecords":
					return page("", 1)
				}
				return ""
			},
		},
		{
			name: "no format of ours", dead: "none of its formats is read here: epicur",
			answer: func(a url.Values) string {
				switch a.Get("verb") {
				case "ListMetadataFormats":
					return reply(`<ListMetadataFormats><metadataFormat><metadataPrefix>epicur</metadataPrefix></metadataFormat></ListMetadataFormats>`)
				case "ListRecords":
					return refusal("cannotDisseminateFormat")
				}
				return ""
			},
		},
		{
			name: "a set by its name", oai: config.OAIPMH{Sets: []string{"Working papers"}}, records: "1",
			asked: []string{"Identify", "ListRecords set=Working papers", "ListSets", "ListSets resumptionToken=2", "ListRecords set=wp"},
			answer: func(a url.Values) string {
				switch {
				case a.Get("verb") == "ListSets" && a.Get("resumptionToken") == "":
					return reply(`<ListSets><set><setSpec>x</setSpec><setName>Others</setName></set><resumptionToken>2</resumptionToken></ListSets>`)
				case a.Get("verb") == "ListSets":
					return reply(`<ListSets><set><setSpec>wp</setSpec><setName>working papers</setName></set></ListSets>`)
				case a.Get("set") == "wp":
					return page("", 1)
				case a.Get("verb") == "ListRecords":
					return refusal("badArgument")
				}
				return ""
			},
		},
		{
			name: "one by one", oai: config.OAIPMH{OneByOne: true}, event: harvest.GoneRecord, records: "1",
			asked: []string{"Identify", "ListIdentifiers", "GetRecord identifier=oai:library:1"},
			answer: func(a url.Values) string {
				switch a.Get("verb") {
				case "ListIdentifiers":
					return reply(`<ListIdentifiers><header><identifier>oai:library:1</identifier><datestamp>2024-02-03T04:05:06Z</datestamp></header><header status="deleted"><identifier>oai:library:2</identifier><datestamp>2024-02-03</datestamp></header></ListIdentifiers>`)
				case "GetRecord":
					return strings.ReplaceAll(page("", 1), "ListRecords", "GetRecord")
				}
				return ""
			},
		},
		{name: "a page for people", dead: "begins with <html>", answer: func(url.Values) string { return "<html><body>Moved" }},
		{name: "nothing", dead: "has no element", answer: func(url.Values) string { return " " }},
		{name: "not found", dead: "client-error (404)", answer: func(url.Values) string { return "status 404" }},
		{name: "an error of its own", dead: "undefinedError: No.", answer: func(url.Values) string { return refusal("undefinedError") }},
		{
			name: "cut short", records: "1", event: harvest.ParseFailed,
			answer: func(a url.Values) string {
				if a.Get("verb") == "Identify" {
					return ""
				}
				s := page("t", 1, 2)
				return s[:strings.LastIndex(s, "<title>2")]
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := through(t, open(t, tt.oai), tt.since, tt.answer)
			if diff := cmp.Diff(tt.asked, w.asked); tt.asked != nil && diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
			if got := strings.Join(w.records, " "); got != tt.records || w.incremental != !tt.since.IsZero() {
				t.Errorf("records %q, incremental %v; want %q", got, w.incremental, tt.records)
			}
			if !strings.Contains(w.dead, tt.dead) || tt.dead == "" && w.dead != "" {
				t.Errorf("dead %q, want %q", w.dead, tt.dead)
			}
			if tt.event != "" && !slices.ContainsFunc(w.events, func(e harvest.Event) bool { return e.Outcome == tt.event && e.Reason != "" }) || tt.event == "" && len(w.events) > 0 {
				t.Errorf("events %+v, want %q", w.events, tt.event)
			}
			if !strings.Contains(w.notes, tt.note) {
				t.Errorf("notes %q, want %q", w.notes, tt.note)
			}
			if tt.oai.OneByOne && (len(w.modified) != 1 || !w.modified[0].Equal(time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)) || w.events[0].Record != harvest.NewRecordID("library", "oai:library:2", "")) {
				t.Errorf("modified %v, events %+v", w.modified, w.events)
			}
		})
	}
}

// TestPages: when the web page of an item is asked for too.
func TestPages(t *testing.T) {
	for pages, want := range map[string]int{"": 0, "never": 0, "when-needed": 1, "always": 1} {
		d := open(t, config.OAIPMH{Pages: pages})
		got := d.Parse(&harvest.Page{Request: harvest.Request{URL: home + "/oai", Step: "records", Page: 1}, URL: home + "/oai", Outcome: harvest.Fetched, Body: []byte(page("", 1))})
		if len(got.Requests) != want || len(got.Records) != 1-want || want == 1 && (got.Requests[0].Card == nil || got.Requests[0].Card.NativeID != "oai:library:1") {
			t.Errorf("pages %q: %+v", pages, got)
		}
	}
}

// TestEval reads the answers of other repositories and compares with what is
// known of them. The folder is no part of the project.
func TestEval(t *testing.T) {
	folder := os.Getenv("HARVEST_EVAL_DIR")
	if folder == "" {
		t.Skip("SKIPPED: HARVEST_EVAL_DIR names no folder with answers of known content")
	}
	folder = filepath.Join(folder, "protocol", "oai-pmh")
	text, err := os.ReadFile(filepath.Join(folder, "expected.json"))
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	var expected struct {
		Cases []struct {
			File, Verb, Error string
			XMLError          string `json:"xml_error"`
			Identify          map[string]string
			Formats           []string
			Sets              [][2]string
			Records           []oaipmh.Entry
			ResumptionToken   *struct{ Value, CompleteListSize string }
		}
	}
	if err := json.Unmarshal(text, &expected); err != nil || len(expected.Cases) == 0 {
		t.Fatalf("%d cases, %v", len(expected.Cases), err)
	}
	for _, c := range expected.Cases {
		t.Run(c.File, func(t *testing.T) {
			body, err := os.ReadFile(filepath.Join(folder, c.File))
			if err != nil {
				t.Fatal(err)
			}
			got, err := oaipmh.Read(body)
			if (err != nil) != (c.XMLError != "") {
				t.Fatalf("error %v, want %q", err, c.XMLError)
			}
			codes, identify, formats, sets, token, size := got.Facts()
			if c.Error != "" && !slices.Contains(codes, c.Error) || c.Error == "" && len(codes) > 0 {
				t.Errorf("errors %v, want %q", codes, c.Error)
			}
			for name, want := range c.Identify {
				if have, ok := identify[name]; ok && have != want {
					t.Errorf("%s %q, want %q", name, have, want)
				}
			}
			if diff := cmp.Diff(c.Formats, formats) + cmp.Diff(c.Sets, sets); diff != "" {
				t.Errorf("formats or sets (-want +got):\n%s", diff)
			}
			if want := c.ResumptionToken; want != nil && (token != want.Value || size != want.CompleteListSize) || want == nil && token != "" {
				t.Errorf("token %q, size %q; want %+v", token, size, want)
			}
			fold := cmp.Transformer("folded", func(s string) string { return strings.Join(strings.Fields(s), " ") })
			for i := range c.Records {
				if len(c.Records[i].Sets) == 0 {
					c.Records[i].Sets = nil
				}
			}
			if diff := cmp.Diff(c.Records, got.Entries(), fold); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzParse: any bytes at any step.
func FuzzParse(f *testing.F) {
	steps := []string{"identify", "records", "headers", "record", "formats", "sets", "item", "records?before=x&first=y&retry=2", "identify?since=2024-01-01T00:00:00Z", "?"}
	for i := range steps {
		for _, s := range []string{"", read(f, "records.xml"), read(f, "marc.xml"), identity("x"), refusal("badResumptionToken"), refusal("badArgument"), page("t", 1), "<OAI-PMH><ListRecords><record><metadata><record><datafield tag='856'><subfield code='u'>http://[::1", "<html>"} {
			f.Add([]byte(s), i, 1)
			f.Add([]byte(s), i, 2)
		}
	}
	d := open(f, config.OAIPMH{Sets: []string{"a"}, Window: 24 * time.Hour, Link: home + "/{id}", Pages: "when-needed"})
	f.Fuzz(func(t *testing.T, body []byte, which, number int) {
		p := &harvest.Page{
			Request: harvest.Request{URL: home + "/oai", Kind: harvest.KindDiscovery, Step: steps[(which%len(steps)+len(steps))%len(steps)], Page: number},
			URL:     home + "/oai", Outcome: harvest.Fetched, Body: body,
		}
		got := d.Parse(p)
		d.Recognise(p)
		for _, r := range got.Requests {
			if _, err := url.Parse(r.URL); err != nil || !strings.HasPrefix(r.URL, "http") {
				t.Errorf("request for %q", r.URL)
			}
		}
		for _, r := range got.Records {
			r.ID, r.Source = "x", "library"
			if err := r.Validate(); err != nil {
				t.Errorf("record %+v: %v", r, err)
			}
		}
		if b, err := json.Marshal(got); err != nil || len(b) > 300*len(body)+3_000_000 {
			t.Errorf("%d octets made %d: %v", len(body), len(b), err)
		}
	})
}
