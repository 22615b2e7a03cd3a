package feed_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/feed"
	"github.com/harvest87/harvest/parsers/normalize"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const home = "https://library.example.org"

// never is a feed whose items are not visited.
var never = config.Feed{Start: []string{home + "/feed/"}, Pages: "never"}

func open(t testing.TB, f config.Feed) *feed.Door {
	t.Helper()
	d, err := feed.New(&config.Source{ID: "library", Name: "Example Library", Homepage: home, Language: "en", Doors: []config.Door{{Kind: "feed", Feed: &f}}}, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func reply(t testing.TB, f config.Feed, body string, change ...func(*harvest.Page)) harvest.Parsed {
	t.Helper()
	d := open(t, f)
	seeds, _ := d.Seeds(time.Time{})
	p := &harvest.Page{Request: seeds[0], URL: seeds[0].URL, Outcome: harvest.Fetched, Status: 200, Body: []byte(body)}
	for _, c := range change {
		c(p)
	}
	return d.Parse(p)
}

func read(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestGolden reads RSS as WordPress and others write it: once for what the feed
// says alone, once for the pages that are asked for besides.
func TestGolden(t *testing.T) {
	for name, pages := range map[string]string{"alone": "never", "pages": "when-needed"} {
		t.Run(name, func(t *testing.T) {
			f := never
			f.Pages, f.MaxPages = pages, 10
			got := reply(t, f, read(t, "rss.xml"))
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

const (
	rss  = `<rss version="2.0"><channel><title>L</title>%s<item><title>One</title><link>https://library.example.org/1</link><pubDate>Mon, 15 Mar 2021 10:00:00 GMT</pubDate></item></channel></rss>`
	atom = `<feed xmlns="http://www.w3.org/2005/Atom"><title>L</title>%s<entry><title type="html">One &amp;amp; two</title><link rel="self" href="/self"/><link href="/1"/><updated>2021-03-15T10:00:00Z</updated><published>2021-03-14T10:00:00Z</published></entry></feed>`
)

// TestKinds: every kind of feed gives its items.
func TestKinds(t *testing.T) {
	for name, tt := range map[string]struct{ body, title, address, published string }{
		"RSS 2.0":       {fmt.Sprintf(rss, ""), "One", "/1", "2021-03-15"},
		"RSS 0.91":      {`<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><item><title>One</title><link>https://library.example.org/1</link></item></channel></rss>`, "One", "/1", ""},
		"RDF":           {`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item><title>One</title><link>https://library.example.org/1</link><dc:date>2021-03-15</dc:date></item></rdf:RDF>`, "One", "/1", "2021-03-15"},
		"Atom":          {fmt.Sprintf(atom, ""), "One & two", "/1", "2021-03-14"},
		"Atom 0.3":      {`<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>One</title><link rel="alternate" href="https://library.example.org/1"/><issued>2021-03-15T10:00:00Z</issued></entry></feed>`, "One", "/1", "2021-03-15"},
		"JSON Feed":     {`{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"One","url":"https://library.example.org/1","date_published":"2021-03-15T10:00:00Z"}]}`, "One", "/1", "2021-03-15"},
		"a mark before": {"\ufeff\n<?xml version='1.1' encoding='utf-8'?>" + fmt.Sprintf(rss, ""), "One", "/1", "2021-03-15"},
		"control signs": {strings.Replace(fmt.Sprintf(rss, ""), "One", "O\x0bn&#x1F;e", 1), "One", "/1", "2021-03-15"},
		"cut short":     {strings.Replace(fmt.Sprintf(rss, ""), "</item></channel></rss>", "</item><item><title>Two</title><lin", 1), "One", "/1", "2021-03-15"},
	} {
		t.Run(name, func(t *testing.T) {
			got := reply(t, never, tt.body)
			if len(got.Records) != 1 {
				t.Fatalf("%+v", got)
			}
			r := got.Records[0]
			if r.Title != tt.title || r.URL != home+tt.address || r.Published.Value != tt.published {
				t.Errorf("%q at %q of %q", r.Title, r.URL, r.Published.Value)
			}
			if failed := len(got.Events) > 0; failed != (name == "cut short") {
				t.Errorf("events %+v", got.Events)
			}
		})
	}
}

// TestPaging: where a feed goes on, and when it shows no more than its newest.
func TestPaging(t *testing.T) {
	at := func(page int, step string) func(*harvest.Page) {
		return func(p *harvest.Page) { p.Request.Page, p.Request.Step = page, step }
	}
	ended := func(o harvest.Outcome) func(*harvest.Page) {
		return func(p *harvest.Page) { p.Outcome, p.Body = o, nil }
	}
	wordpress := fmt.Sprintf(rss, "<generator>https://wordpress.org/?v=6.4</generator>")
	first := reply(t, never, wordpress).Requests[0].Step
	for name, tt := range map[string]struct {
		paging, body string
		change       []func(*harvest.Page)
		next, note   string
		newest       bool
	}{
		"no more":                {"", fmt.Sprintf(rss, ""), nil, "", "newest 1 items", true},
		"next of Atom":           {"", fmt.Sprintf(atom, `<link rel="next" href="/feed?page=2"/>`), nil, "/feed?page=2", "", false},
		"an archive":             {"", fmt.Sprintf(atom, `<link rel="prev-archive" href="/2020.xml"/>`), nil, "/2020.xml", "", false},
		"next in RSS":            {"", fmt.Sprintf(rss, `<atom:link rel="next" href="https://library.example.org/feed?page=2"/>`), nil, "/feed?page=2", "", false},
		"next of JSON":           {"", `{"version":"https://jsonfeed.org/version/1","next_url":"https://library.example.org/feed.json?p=2","items":[]}`, nil, "/feed.json?p=2", "", false},
		"all there is":           {"", fmt.Sprintf(atom, `<fh:complete xmlns:fh="http://purl.org/syndication/history/1.0"/>`), nil, "", "", false},
		"WordPress":              {"", wordpress, nil, "/feed/?paged=2", "", false},
		"WordPress, not wanted":  {"none", wordpress, nil, "", "newest", true},
		"paged, as told":         {"paged", fmt.Sprintf(rss, ""), nil, "/feed/?paged=2", "", false},
		"the same page again":    {"", wordpress, []func(*harvest.Page){at(2, first)}, "", "repeats the page before", true},
		"behind the last page":   {"", "", []func(*harvest.Page){at(3, first), ended(harvest.NotFoundPage)}, "", "ends before page 3", false},
		"a page behind the last": {"", "<html>", []func(*harvest.Page){at(3, first)}, "", "ends before it", false},
		"too many":               {"", wordpress, []func(*harvest.Page){at(1000, "feed?by=paged")}, "", "max_pages", true},
	} {
		t.Run(name, func(t *testing.T) {
			f := never
			f.Paging = tt.paging
			got := reply(t, f, tt.body, tt.change...)
			next := ""
			if len(got.Requests) == 1 {
				next = strings.TrimPrefix(got.Requests[0].URL, home)
			}
			if next != tt.next || got.Newest != tt.newest || !strings.Contains(strings.Join(got.Notes, "\n"), tt.note) || got.Dead != "" || len(got.Events) > 0 {
				t.Errorf("next %q, newest %v, notes %q, dead %q, events %v; want %q, %v, %q", next, got.Newest, got.Notes, got.Dead, got.Events, tt.next, tt.newest, tt.note)
			}
		})
	}
}

// TestEndings: what is no feed.
func TestEndings(t *testing.T) {
	for name, tt := range map[string]struct {
		body string
		dead string
		next string
	}{
		"a web page":         {"<html><body>Hello", "a web page is no feed", ""},
		"a page that has it": {`<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head>`, "", "/rss"},
		"another document":   {"<urlset/>", "<urlset>", ""},
		"nothing":            {"", "no element", ""},
		"words":              {"hello", "no element", ""},
		"JSON":               {`{"a":1}`, "no feed", ""},
		"broken JSON":        {`{"version":"https://jsonfeed.org/version/1"`, "no feed", ""},
		"very deep":          {"<rss><channel>" + strings.Repeat("<a:b>", 100_000), "deep", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := reply(t, never, tt.body)
			next := ""
			if len(got.Requests) == 1 {
				next = strings.TrimPrefix(got.Requests[0].URL, home)
			}
			if !strings.Contains(got.Dead, tt.dead) || tt.dead == "" && got.Dead != "" || next != tt.next || len(got.Records) > 0 {
				t.Errorf("dead %q, next %q; want %q, %q", got.Dead, next, tt.dead, tt.next)
			}
		})
	}
}

// TestModified: an entry that says when it changed need not be fetched again.
func TestModified(t *testing.T) {
	f := never
	f.Pages = "always"
	if got := reply(t, f, fmt.Sprintf(atom, "")).Requests; len(got) != 1 || !got[0].Modified.Equal(time.Date(2021, 3, 15, 10, 0, 0, 0, time.UTC)) {
		t.Errorf("Atom: %+v", got)
	}
	if got := reply(t, f, fmt.Sprintf(rss, "")).Requests; len(got) != 1 || !got[0].Modified.IsZero() {
		t.Errorf("RSS says nothing of changes: %+v", got)
	}
}

// TestEval reads the feeds of others and compares titles and addresses with
// what is known of them. The folder is no part of the project.
func TestEval(t *testing.T) {
	folder := os.Getenv("HARVEST_EVAL_DIR")
	if folder == "" {
		t.Skip("SKIPPED: HARVEST_EVAL_DIR names no folder with feeds of known content")
	}
	text, err := os.ReadFile(filepath.Join(folder, "protocol", "feeds", "gofeed-unified.json"))
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	var expected struct {
		Cases []struct {
			Name, Feed string
			Expected   struct {
				Items []struct{ Title, Link, Published string }
			}
		}
	}
	if err := json.Unmarshal(text, &expected); err != nil || len(expected.Cases) == 0 {
		t.Fatalf("%d cases, %v", len(expected.Cases), err)
	}
	items, compared := 0, 0
	for _, c := range expected.Cases {
		got := reply(t, never, c.Feed)
		if got.Dead != "" {
			t.Errorf("%s: %s", c.Name, got.Dead)
			continue
		}
		if n := len(got.Records) + len(got.Events); n < len(c.Expected.Items) {
			t.Errorf("%s: %d items, want %d: %+v", c.Name, n, len(c.Expected.Items), got)
		}
		items += len(c.Expected.Items)
		titles := make(map[string]harvest.Record)
		for _, r := range got.Records {
			titles[r.Title] = r
		}
		for _, i := range c.Expected.Items {
			if i.Title == "" || i.Link == "" || !strings.HasPrefix(i.Link, "http") {
				continue
			}
			r, ok := titles[normalize.Text(i.Title)]
			if !ok || normalize.URLKey(r.URL) != normalize.URLKey(i.Link) {
				t.Errorf("%s: no record %q at %s: %+v", c.Name, i.Title, i.Link, got)
			}
			compared++
		}
	}
	t.Logf("%d feeds read with %d items, %d of them with title and address", len(expected.Cases), items, compared)
}

// FuzzParse: any bytes at any step.
func FuzzParse(f *testing.F) {
	steps := []string{"feed", "item", "feed?before=x&first=y&by=paged", "?"}
	for i := range steps {
		for _, s := range []string{"", read(f, "rss.xml"), fmt.Sprintf(rss, ""), fmt.Sprintf(atom, `<link rel="next" href="http://[::1"/>`), `{"version":"https://jsonfeed.org/version/1","items":[null,{"url":"x"}]}`, "<rss><channel><item><guid>http://\xff", "<rdf:RDF><item></item>", "<html><link rel=alternate type=rss href='//'>"} {
			f.Add([]byte(s), i, 1)
			f.Add([]byte(s), i, 2)
		}
	}
	d := open(f, config.Feed{Start: []string{home + "/feed/"}, Paging: "auto", Pages: "when-needed"})
	f.Fuzz(func(t *testing.T, body []byte, which, number int) {
		p := &harvest.Page{
			Request: harvest.Request{URL: home + "/feed/", Kind: harvest.KindDiscovery, Step: steps[(which%len(steps)+len(steps))%len(steps)], Page: number},
			URL:     home + "/feed/", Outcome: harvest.Fetched, Body: body,
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
