package jsonapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/jsonapi"
)

const home = "https://library.example.org"

func open(t testing.TB, j config.JSON) *jsonapi.Door {
	t.Helper()
	if len(j.Start) == 0 {
		j.Start = []string{home + "/api?q=a&page[size]=2"}
	}
	if j.Fields.Title == nil {
		j.Fields = config.JSONFields{ID: []string{"id"}, Title: []string{"title"}, Link: []string{"url"}}
	}
	d, err := jsonapi.New(&config.Source{ID: "library", Name: "Example Library", Homepage: home, Language: "en", Doors: []config.Door{{Kind: "json", JSON: &j}}}, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func reply(t testing.TB, j config.JSON, body string, change ...func(*harvest.Page)) harvest.Parsed {
	t.Helper()
	d := open(t, j)
	seeds, _ := d.Seeds(time.Time{})
	p := &harvest.Page{Request: seeds[0], URL: seeds[0].URL, Outcome: harvest.Fetched, Status: 200, Header: make(http.Header), Body: []byte(body)}
	for _, c := range change {
		c(p)
	}
	return d.Parse(p)
}

// entries are items with those numbers.
func entries(numbers ...int) string {
	var out []string
	for _, n := range numbers {
		out = append(out, fmt.Sprintf(`{"id":%d,"title":"Item %d","url":"/item/%d"}`, n, n, n))
	}
	return "[" + strings.Join(out, ",") + "]"
}

// TestPaging: every way in which lists go on, and where they end.
func TestPaging(t *testing.T) {
	at := func(page int, address, step string) func(*harvest.Page) {
		return func(p *harvest.Page) {
			p.Request.Page, p.Request.URL, p.URL, p.Request.Step = page, home+address, home+address, step
		}
	}
	header := func(p *harvest.Page) {
		p.Header.Set("Link", `<https://library.example.org/api?page=9>; rel="last", <https://library.example.org/api?page=2>; rel="next"`)
	}
	in := func(key, list string) string {
		return `{"meta":{"total":5,"next":"abc="},"links":{"next":{"href":"/api?p=2"}},"` + key + `":` + list + `}`
	}
	before := reply(t, config.JSON{Next: config.JSONNext{Page: "page"}}, entries(1, 2)).Requests[0].Step
	for name, tt := range map[string]struct {
		json    config.JSON
		body    string
		change  []func(*harvest.Page)
		next    string
		records int
		note    string
		event   harvest.Outcome
	}{
		"one page":           {config.JSON{}, entries(1, 2), nil, "", 2, "", ""},
		"page":               {config.JSON{Next: config.JSONNext{Page: "page"}}, entries(1, 2), nil, "/api?q=a&page[size]=2&page=2", 2, "", ""},
		"a later page":       {config.JSON{Next: config.JSONNext{Page: "page"}}, entries(3), []func(*harvest.Page){at(2, "/api?page=2&q=a", "list?before=x")}, "/api?q=a&page=3", 1, "", ""},
		"pages from 0":       {config.JSON{Start: []string{home + "/api?page=0"}, Next: config.JSONNext{Page: "page"}}, entries(1), nil, "/api?page=1", 1, "", ""},
		"all on one page":    {config.JSON{Items: "results", Total: "meta.total", Next: config.JSONNext{Page: "page"}}, in("results", entries(1, 2, 3, 4, 5)), nil, "", 5, "", ""},
		"offset":             {config.JSON{Items: "results", Total: "meta.total", Next: config.JSONNext{Offset: "start"}}, in("results", entries(1, 2)), nil, "/api?q=a&page[size]=2&start=2", 2, "", ""},
		"offset by its step": {config.JSON{Items: "results", Next: config.JSONNext{Offset: "start", Step: 50}}, in("results", entries(1)), nil, "/api?q=a&page[size]=2&start=50", 1, "", ""},
		"the last offset":    {config.JSON{Items: "results", Total: "meta.total", Next: config.JSONNext{Offset: "start"}}, in("results", entries(5)), []func(*harvest.Page){at(3, "/api?start=4", "list")}, "", 1, "", ""},
		"cursor":             {config.JSON{Items: "results", Next: config.JSONNext{Cursor: "meta.next", Param: "cursor"}}, in("results", entries(1)), nil, "/api?q=a&page[size]=2&cursor=abc%3D", 1, "", ""},
		"no more cursor":     {config.JSON{Items: "results", Next: config.JSONNext{Cursor: "meta.none", Param: "cursor"}}, in("results", entries(1)), nil, "", 1, "", ""},
		"link in the reply":  {config.JSON{Items: "results", Next: config.JSONNext{Link: "links.next.href"}}, in("results", entries(1)), nil, "/api?p=2", 1, "", ""},
		"link in the header": {config.JSON{Next: config.JSONNext{Link: "header"}}, entries(1), []func(*harvest.Page){header}, "/api?page=2", 1, "", ""},
		"an empty page":      {config.JSON{Next: config.JSONNext{Page: "page"}}, "[]", []func(*harvest.Page){at(4, "/api?page=4", "list")}, "", 0, "", ""},
		"the last for ever":  {config.JSON{Next: config.JSONNext{Page: "page"}}, entries(1, 2), []func(*harvest.Page){at(2, "/api?page=2", before)}, "", 0, "repeats the one before", ""},
		"a circle":           {config.JSON{Next: config.JSONNext{Link: "x"}}, entries(1, 2), []func(*harvest.Page){at(3, "/api?page=2", strings.Replace(before, "before=", "before=0", 1))}, "", 0, "", harvest.ParseFailed},
		"too many":           {config.JSON{Next: config.JSONNext{Page: "page", MaxPages: 1}}, entries(1), nil, "", 1, "max_pages", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := reply(t, tt.json, tt.body, tt.change...)
			next := ""
			if len(got.Requests) == 1 {
				next = strings.TrimPrefix(got.Requests[0].URL, home)
			}
			if next != tt.next || len(got.Records) != tt.records || !strings.Contains(strings.Join(got.Notes, " "), tt.note) || got.Dead != "" {
				t.Errorf("next %q, %d records, notes %q, dead %q; want %q, %d, %q", next, len(got.Records), got.Notes, got.Dead, tt.next, tt.records, tt.note)
			}
			if tt.event != "" && (len(got.Events) != 1 || got.Events[0].Outcome != tt.event) || tt.event == "" && len(got.Events) > 0 {
				t.Errorf("events %+v, want %q", got.Events, tt.event)
			}
		})
	}
}

// TestEndings: what is no list, and entries that are no items.
func TestEndings(t *testing.T) {
	for name, tt := range map[string]struct {
		body, dead string
		events     int
	}{
		"no JSON":         {"<html>", "is no JSON", 0},
		"nothing":         {"", "is no JSON", 0},
		"cut":             {`[{"id":1`, "is no JSON", 0},
		"an error":        {`{"error":"appname is not approved"}`, "appname is not approved", 0},
		"other keys":      {`{"data":[],"links":{}}`, "the reply has data, links", 0},
		"a number":        {"7", "float64", 0},
		"no address":      {`[{"id":1,"title":"A"}]`, "", 1},
		"strange entries": {`[null,7,"x",[],{"title":{},"url":[[["/a"]]]}]`, "", 5},
	} {
		t.Run(name, func(t *testing.T) {
			got := reply(t, config.JSON{}, tt.body)
			if !strings.Contains(got.Dead, tt.dead) || tt.dead == "" && got.Dead != "" || len(got.Events) != tt.events || len(got.Records) > 0 {
				t.Errorf("%+v; want dead %q, %d events", got, tt.dead, tt.events)
			}
		})
	}
}

// TestValues: values as interfaces give them.
func TestValues(t *testing.T) {
	j := config.JSON{Fields: config.JSONFields{
		ID: []string{"id"}, Title: []string{"missing", "title"}, Link: []string{"join('', ['https://library.example.org/x/', to_string(id)])"},
		Summary: []string{"index", "text"}, Date: []string{"parts", "at"}, Author: []string{"authors[].join(' ', [given || '', family])"},
		Category: []string{"kinds"}, Document: []string{"files[?type=='pdf'].url"}, Identifier: []string{"doi"}, Modified: []string{"changed"},
	}}
	got := reply(t, j, `[{"id":12345678901234567890,"title":["Fees <i>and</i> debt","Second"],"index":{"debt.":[2],"Fees":[0],"and":[1]},"parts":[[2021,3]],"authors":[{"given":"Amina","family":"Diallo"},{"family":"Thapa"}],"kinds":["Report","Text"],"files":[{"type":"pdf","url":"/a.pdf"},{"type":"doc","url":"/a.doc"}],"doi":"https://doi.org/10.5555/1","changed":1679500000000},
		{"id":2,"title":"Other","text":"<jats:title>Abstract</jats:title><jats:p>One.</jats:p><jats:p>Two.</jats:p>","at":1679500000,"parts":[["x"]]}]`)
	if len(got.Records) != 2 {
		t.Fatalf("%+v", got)
	}
	a, b := got.Records[0], got.Records[1]
	want := []string{"json:12345678901234567890", "Fees and debt", "Second", "Fees and debt.", "2021-03", "Amina Diallo|Thapa", "Report", home + "/a.pdf", "10.5555/1", "2023-03-22", "One.\n\nTwo.", "2023-03-22"}
	have := []string{a.NativeID, a.Title, strings.Join(a.TitleAlt, "|"), a.Summary, a.Published.Value, strings.Join(a.Authors, "|"), strings.Join(a.CategoriesRaw, "|"), a.Documents[0].URL, a.Identifiers.DOI, a.Modified.Value, b.Summary, b.Published.Value}
	if diff := cmp.Diff(want, have); diff != "" || len(a.Documents) != 1 {
		t.Errorf("values (-want +got):\n%s", diff)
	}
}

// TestDetail: an entry's own JSON fills what the list lacks; without it the
// list alone speaks, unless it failed for now.
func TestDetail(t *testing.T) {
	j := config.JSON{Detail: "join('', ['/content', url])", DetailFields: config.JSONFields{Summary: []string{"description"}, Title: []string{"title"}}}
	list := reply(t, j, entries(7))
	if len(list.Requests) != 1 || list.Requests[0].URL != home+"/content/item/7" || list.Requests[0].Kind != harvest.KindItem {
		t.Fatalf("%+v", list)
	}
	page := func(o harvest.Outcome, body string) harvest.Parsed {
		return open(t, j).Parse(&harvest.Page{Request: list.Requests[0], URL: list.Requests[0].URL, Outcome: o, Body: []byte(body)})
	}
	got := page(harvest.Fetched, `{"title":"Item seven, whole","description":"What item seven says of itself in full."}`)
	if len(got.Records) != 1 || got.Records[0].Title != "Item seven, whole" || got.Records[0].Summary == "" || got.Records[0].URL != home+"/item/7" || got.Records[0].NativeID != "json:7" {
		t.Errorf("%+v", got)
	}
	if got := page(harvest.NotFoundPage, ""); len(got.Records) != 1 || got.Records[0].Title != "Item 7" {
		t.Errorf("without its own JSON: %+v", got)
	}
	if got := page(harvest.ServerError, ""); len(got.Records) != 0 {
		t.Errorf("of a failure: %+v", got)
	}
	if got := page(harvest.Fetched, "<html>"); len(got.Records) != 0 || len(got.Events) != 1 {
		t.Errorf("of a page: %+v", got)
	}
}

// TestSince: an increment asks with the moment in the form that is wanted.
func TestSince(t *testing.T) {
	since := time.Date(2024, 3, 10, 12, 30, 0, 0, time.UTC)
	for query, want := range map[string]string{"from={date}": "&from=2024-03-09", "after={time}": "&after=2024-03-09T12%3A30%3A00Z", "": ""} {
		seeds, incremental := open(t, config.JSON{Since: query}).Seeds(since)
		if incremental != (query != "") || len(seeds) != 1 || !strings.HasSuffix(seeds[0].URL, "=2"+want) {
			t.Errorf("%q: %v, %+v", query, incremental, seeds)
		}
	}
}

// FuzzParse: any bytes at any step.
func FuzzParse(f *testing.F) {
	steps := []string{"list", "detail", "item", "list?before=x&first=y", "?"}
	for i := range steps {
		for _, s := range []string{"", entries(1, 2), `{"results":[{"id":1e999,"title":"\ud800","url":"http://[::1"}]}`, `[{"title":{"a":[0]},"parts":[[1e9]],"index":{"w":[-1,1e18]}}]`, strings.Repeat("[", 9000), `{"meta":{"next":{}}}`} {
			f.Add([]byte(s), i, 1)
			f.Add([]byte(s), i, 2)
		}
	}
	d := open(f, config.JSON{
		Next: config.JSONNext{Offset: "o"}, Detail: "detail", Pages: "when-needed", DetailFields: config.JSONFields{Title: []string{"title"}, Link: []string{"url"}},
		Fields: config.JSONFields{ID: []string{"id"}, Title: []string{"title"}, Link: []string{"url"}, Summary: []string{"index"}, Date: []string{"parts"}, Modified: []string{"parts"}, Document: []string{"*"}},
	})
	f.Fuzz(func(t *testing.T, body []byte, which, number int) {
		p := &harvest.Page{
			Request: harvest.Request{URL: home + "/api", Kind: harvest.KindDiscovery, Step: steps[(which%len(steps)+len(steps))%len(steps)], Page: number},
			URL:     home + "/api", Outcome: harvest.Fetched, Body: body,
		}
		got := d.Parse(p)
		d.Recognise(p)
		for _, r := range got.Requests {
			if !strings.HasPrefix(r.URL, "http") {
				t.Errorf("request for %q", r.URL)
			}
		}
		for _, r := range got.Records {
			r.ID, r.Source = "x", "library"
			if err := r.Validate(); err != nil {
				t.Errorf("record %+v: %v", r, err)
			}
		}
		if b, err := json.Marshal(got); err != nil || len(b) > 300*len(body)+100_000 {
			t.Errorf("%d octets made %d: %v", len(body), len(b), err)
		}
	})
}
