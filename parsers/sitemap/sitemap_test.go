package sitemap_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/sitemap"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const home = "https://library.example.org"

func source(s config.Sitemap) *config.Source {
	return &config.Source{ID: "library", Name: "Example Library", Homepage: home, Doors: []config.Door{{Kind: "sitemap", Sitemap: &s}}}
}

func open(t testing.TB, s config.Sitemap) *sitemap.Door {
	t.Helper()
	d, err := sitemap.New(source(s), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// one is a door with one sitemap.
var one = config.Sitemap{Start: []string{home + "/sitemap.xml"}}

// reply is what the door makes of a body at its first address.
func reply(t testing.TB, s config.Sitemap, body string, change ...func(*harvest.Page)) harvest.Parsed {
	t.Helper()
	d := open(t, s)
	seeds, _ := d.Seeds(time.Time{})
	p := &harvest.Page{Request: seeds[0], URL: seeds[0].URL, Outcome: harvest.Fetched, Status: 200, MediaType: "application/xml", Body: []byte(body)}
	for _, c := range change {
		c(p)
	}
	return d.Parse(p)
}

func addresses(p harvest.Parsed) []string {
	var out []string
	for _, r := range p.Requests {
		out = append(out, string(r.Kind)+" "+strings.TrimPrefix(r.URL, home))
	}
	return out
}

func zipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

const (
	urls = `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://library.example.org/a</loc></url><url><loc>https://library.example.org/b</loc></url></urlset>`
	maps = `<sitemapindex><sitemap><loc>https://library.example.org/post-sitemap.xml</loc></sitemap><sitemap><loc>https://library.example.org/wp-sitemap-users-1.xml</loc></sitemap><sitemap><loc>https://library.example.org/category-sitemap.xml</loc></sitemap></sitemapindex>`
)

// TestGolden reads a sitemap with extensions, relative and missing addresses
// and dates of every form.
func TestGolden(t *testing.T) {
	body, err := os.ReadFile("testdata/urlset.xml")
	if err != nil {
		t.Fatal(err)
	}
	got := reply(t, one, string(body))
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	if err := enc.Encode(got); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "urlset.golden.json")
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
}

// TestKinds: what sitemaps look like, and what is found in each.
func TestKinds(t *testing.T) {
	const a, b = "item /a", "item /b"
	for name, tt := range map[string]struct {
		body string
		want []string
		note string
	}{
		"a sitemap":                       {urls, []string{a, b}, ""},
		"compressed":                      {zipped(urls), []string{a, b}, ""},
		"a prefix":                        {strings.NewReplacer("</", "</sit:", "<", "<sit:", "xmlns=", "xmlns:sit=").Replace(urls), []string{a, b}, ""},
		"another namespace":               {strings.ReplaceAll(urls, "www.sitemaps.org", "www.google.com"), []string{a, b}, ""},
		"no namespace":                    {strings.ReplaceAll(urls, ` xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"`, ""), []string{a, b}, ""},
		"capitals":                        {strings.NewReplacer("urlset", "URLSET", "<url>", "<Url>", "</url>", "</Url>", "loc>", "Loc>").Replace(urls), []string{a, b}, ""},
		"an unescaped &":                  {`<urlset><url><loc>https://library.example.org/a?x=1&y=2</loc></url></urlset>`, []string{"item /a?x=1&y=2"}, ""},
		"white space before":              {"\ufeff \n<?xml version=\"1.0\"?>" + urls, []string{a, b}, ""},
		"a file of the server":            {`<!DOCTYPE urlset [<!ENTITY t SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://library.example.org/a</loc></url><url><loc>https://library.example.org/&t;</loc></url></urlset>`, []string{a}, ""},
		"text":                            {"\ufeffhttps://library.example.org/a\r\n\r\nlibrary.example.org/c\n# comment\nhttps://library.example.org/b", []string{a, b}, ""},
		"RSS":                             {`<rss version="2.0"><channel><link>https://library.example.org/</link><item><link>https://library.example.org/a</link><pubDate>Mon, 15 Mar 2021 10:00:00 GMT</pubDate></item></channel></rss>`, []string{a}, ""},
		"Atom":                            {`<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://library.example.org/"/><entry><link rel="self" href="https://library.example.org/x"/><link href="https://library.example.org/a"/><updated>2021-03-15T10:00:00Z</updated></entry></feed>`, []string{a}, ""},
		"a picture's address":             {`<urlset><url><image><loc>https://library.example.org/p.png</loc></image><loc>https://library.example.org/a</loc></url></urlset>`, []string{a}, ""},
		"an index":                        {maps, []string{"discovery /post-sitemap.xml", "discovery /wp-sitemap-users-1.xml", "discovery /category-sitemap.xml"}, ""},
		"cut":                             {urls[:len(urls)-30], []string{a}, ""},
		"addresses that are no addresses": {`<urlset><url><loc>https://library.example.org/a</loc></url><url><loc>javascript:alert(1)</loc></url><url><loc>http://[::1</loc></url></urlset>`, []string{a}, "usable address: 2"},
	} {
		t.Run(name, func(t *testing.T) {
			got := reply(t, one, tt.body)
			if diff := cmp.Diff(tt.want, addresses(got)); diff != "" {
				t.Errorf("requests (-want +got):\n%s\n%+v", diff, got.Events)
			}
			if notes := strings.Join(got.Notes, "\n"); !strings.Contains(notes, tt.note) || tt.note == "" && notes != "" {
				t.Errorf("notes %q, want %q", notes, tt.note)
			}
			if name == "cut" != (len(got.Events) == 1 && got.Events[0].Outcome == harvest.ParseFailed) {
				t.Errorf("events %+v", got.Events)
			}
		})
	}
}

// TestPatterns: which items and which sitemaps are taken.
func TestPatterns(t *testing.T) {
	re := func(s ...string) (out []*regexp.Regexp) {
		for _, one := range s {
			out = append(out, regexp.MustCompile(one))
		}
		return out
	}
	noItems := regexp.MustCompile(`(?i)[/_-](users?|authors?|taxonom(y|ies)|categor(y|ies)|(post_)?tags?|post_format)([._-]|\d|$)`)
	for name, tt := range map[string]struct {
		sitemap config.Sitemap
		body    string
		want    []string
		out     int
	}{
		"include": {config.Sitemap{Include: re("/a$")}, urls, []string{"item /a"}, 1},
		"exclude": {config.Sitemap{Exclude: re("/a$")}, urls, []string{"item /b"}, 1},
		"both":    {config.Sitemap{Include: re("/[ab]$"), Exclude: re("/b")}, urls, []string{"item /a"}, 1},
		"follow":  {config.Sitemap{Follow: re("category")}, maps, []string{"discovery /category-sitemap.xml"}, 2},
		"ignore":  {config.Sitemap{Ignore: []*regexp.Regexp{noItems}}, maps, []string{"discovery /post-sitemap.xml"}, 2},
		"none":    {config.Sitemap{}, maps, []string{"discovery /post-sitemap.xml", "discovery /wp-sitemap-users-1.xml", "discovery /category-sitemap.xml"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			tt.sitemap.Start = one.Start
			got := reply(t, tt.sitemap, tt.body)
			if diff := cmp.Diff(tt.want, addresses(got)); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			n := 0
			for _, e := range got.Events {
				if e.Outcome == harvest.OffScope && e.Reason != "" && e.URL != "" {
					n++
				}
			}
			if n != tt.out || n != len(got.Events) {
				t.Errorf("events %+v, want %d off scope", got.Events, tt.out)
			}
		})
	}
}

// TestSearch: without a start the door asks robots.txt, then the usual places,
// and gives up with a reason.
func TestSearch(t *testing.T) {
	d := open(t, config.Sitemap{})
	seeds, incremental := d.Seeds(time.Now())
	if len(seeds) != 1 || seeds[0].URL != home+"/robots.txt" || incremental {
		t.Fatalf("seeds %+v", seeds)
	}
	page := func(r harvest.Request, o harvest.Outcome, body string) harvest.Parsed {
		return d.Parse(&harvest.Page{Request: r, URL: r.URL, Outcome: o, Body: []byte(body)})
	}
	named := page(seeds[0], harvest.Fetched, "User-agent: *\nDisallow:\nSITEMAP : https://library.example.org/one.xml # ours\nSitemap: /two.xml\nSitemap:\nsitemap: mailto:x\n")
	if diff := cmp.Diff([]string{"discovery /one.xml", "discovery /two.xml"}, addresses(named)); diff != "" {
		t.Errorf("named in robots.txt (-want +got):\n%s", diff)
	}
	next, asked := page(seeds[0], harvest.NotFoundPage, ""), []string{}
	for next.Dead == "" {
		if len(next.Requests) != 1 || len(asked) > 20 || next.Expected == "" {
			t.Fatalf("%+v after %v", next, asked)
		}
		asked = append(asked, strings.TrimPrefix(next.Requests[0].URL, home))
		if len(asked)%2 == 0 {
			next = page(next.Requests[0], harvest.Fetched, "<html><body>Nothing here")
		} else {
			next = page(next.Requests[0], harvest.NotFoundPage, "")
		}
	}
	if len(asked) < 3 || asked[0] != "/sitemap.xml" || !strings.Contains(next.Dead, "usual places") {
		t.Errorf("asked %v, then %q", asked, next.Dead)
	}
	found := page(page(seeds[0], harvest.Fetched, "User-agent: *").Requests[0], harvest.Fetched, urls)
	if len(found.Requests) != 2 {
		t.Errorf("requests %+v", found.Requests)
	}
}

// TestEndings: a start that is no sitemap means that the door does not work; a
// sitemap that an index still names is no more than missing.
func TestEndings(t *testing.T) {
	ended := func(o harvest.Outcome) func(*harvest.Page) {
		return func(p *harvest.Page) { p.Outcome, p.Body, p.Reason = o, nil, "as the test wants it" }
	}
	child := func(p *harvest.Page) { p.Request.URL, p.URL = home+"/child.xml", home+"/child.xml" }
	for name, tt := range map[string]struct {
		body   string
		change []func(*harvest.Page)
		dead   string
		event  harvest.Outcome
	}{
		"a web page":           {"<!doctype html><html><head><title>Not found", nil, "a web page is no sitemap", ""},
		"another document":     {"<catalogue><book/></catalogue>", nil, "<catalogue>", ""},
		"words":                {"There is nothing here.", nil, "no line of it is an address", ""},
		"nothing":              {"", nil, "nothing in it", ""},
		"not there":            {"", []func(*harvest.Page){ended(harvest.NotFoundPage)}, "not-found", ""},
		"refused":              {"", []func(*harvest.Page){ended(harvest.AccessDenied)}, "access-denied", ""},
		"stopped":              {"", []func(*harvest.Page){ended(harvest.Cancelled)}, "", ""},
		"a child that is gone": {"", []func(*harvest.Page){ended(harvest.NotFoundPage), child}, "", ""},
		"a child that is none": {"<html>", []func(*harvest.Page){child}, "", harvest.ParseFailed},
		"an index of itself":   {maps, []func(*harvest.Page){func(p *harvest.Page) { p.Request.Depth = 9 }}, "", harvest.OffScope},
	} {
		t.Run(name, func(t *testing.T) {
			got := reply(t, one, tt.body, tt.change...)
			if !strings.Contains(got.Dead, tt.dead) || tt.dead == "" && got.Dead != "" || len(got.Requests) > 0 {
				t.Errorf("dead %q, want %q; requests %v", got.Dead, tt.dead, addresses(got))
			}
			if tt.event != "" && (len(got.Events) == 0 || got.Events[0].Outcome != tt.event) || tt.event == "" && len(got.Events) > 0 {
				t.Errorf("events %+v, want %s", got.Events, tt.event)
			}
		})
	}
}

// TestHugeFile reads a compressed sitemap of more addresses than are taken at
// one reading: all of them, in parts of that size.
func TestHugeFile(t *testing.T) {
	const all, part = 1_200, 500
	var b strings.Builder
	b.WriteString("<urlset>")
	for i := range all {
		fmt.Fprintf(&b, "<url><loc>https://library.example.org/item/%d</loc><lastmod>2021-03-15</lastmod></url>", i)
	}
	b.WriteString("</urlset>")
	body := []byte(zipped(b.String()))
	d := open(t, one)
	d.SetPart(part)
	seeds, _ := d.Seeds(time.Time{})
	next, seen, readings := &seeds[0], make(map[string]bool), 0
	for next != nil {
		readings++
		got := d.Parse(&harvest.Page{Request: *next, URL: next.URL, Outcome: harvest.Fetched, Body: body})
		next = nil
		if len(got.Requests) > part+1 {
			t.Fatalf("%d requests at one reading", len(got.Requests))
		}
		for i := range got.Requests {
			if r := got.Requests[i]; r.Kind == harvest.KindDiscovery {
				next = &r
			} else {
				seen[r.URL] = true
			}
		}
		if len(got.Events) > 0 {
			t.Fatal(got.Events)
		}
	}
	if len(seen) != all || readings != 3 {
		t.Errorf("%d addresses in %d readings, want %d in 3", len(seen), readings, all)
	}
}

// TestEval reads the sitemaps of others and compares with what is known of
// them. The folder is no part of the project.
func TestEval(t *testing.T) {
	folder := os.Getenv("HARVEST_EVAL_DIR")
	if folder == "" {
		t.Skip("SKIPPED: HARVEST_EVAL_DIR names no folder with sitemaps of known content")
	}
	folder = filepath.Join(folder, "protocol", "sitemaps")
	text, err := os.ReadFile(filepath.Join(folder, "expected.json"))
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	var expected struct {
		Cases []struct {
			File, Kind string
			Security   bool
			Entries    []struct {
				Loc, Lastmod string
				News         struct{ Title, Language string }
			}
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
			got := reply(t, one, string(body))
			if c.Security {
				if strings.Contains(fmt.Sprintf("%+v", got), "root:") || len(got.Requests) > 1 {
					t.Errorf("the entity was read: %+v", got)
				}
				return
			}
			if c.Kind == "feed" {
				if len(got.Requests) == 0 {
					t.Errorf("no address in a feed: %+v", got)
				}
				return
			}
			all := make(map[string]harvest.Request)
			for _, r := range got.Requests {
				all[plain(r.URL)] = r
			}
			for _, e := range got.Events { // the front page
				all[plain(e.URL)] = harvest.Request{Modified: time.Now()}
			}
			for _, e := range c.Entries {
				r, ok := all[plain(e.Loc)]
				if !ok {
					t.Errorf("%s is missing", e.Loc)
				}
				if e.Lastmod != "" && r.Modified.IsZero() && r.Kind != harvest.KindDiscovery {
					t.Errorf("%s: lastmod %q was not read", e.Loc, e.Lastmod)
				}
				if e.News.Title != "" && (r.Card == nil || r.Card.Title != e.News.Title) {
					t.Errorf("%s: card %+v, want %q", e.Loc, r.Card, e.News.Title)
				}
			}
			if len(c.Entries) > 0 && len(all) != len(c.Entries) {
				t.Errorf("%d addresses, want %d", len(all), len(c.Entries))
			}
		})
	}
}

// plain is an address without what its normal form leaves out.
func plain(address string) string {
	address, _, _ = strings.Cut(address, "#")
	return strings.TrimSuffix(address, "/")
}

// FuzzParse: any bytes at any step.
func FuzzParse(f *testing.F) {
	steps := []string{"robots", "sitemap", "item", "sitemap?from=1", "sitemap?guess=2", "?"}
	for i := range steps {
		for _, s := range []string{"", urls, maps, zipped(urls), "Sitemap: /x\n", "https://library.example.org/a\n", "<rss><item><link>x", "<urlset><url><loc>&x;</loc><xhtml:link hreflang='\xff' href='//[::1'/>", "\ufeff<?xml version='1.1'?>" + urls} {
			f.Add([]byte(s), i)
		}
	}
	d := open(f, config.Sitemap{Include: []*regexp.Regexp{regexp.MustCompile(`^https?://`)}})
	f.Fuzz(func(t *testing.T, body []byte, which int) {
		p := &harvest.Page{
			Request: harvest.Request{URL: home + "/sitemap.xml", Kind: harvest.KindDiscovery, Step: steps[(which%len(steps)+len(steps))%len(steps)]},
			URL:     home + "/sitemap.xml", Outcome: harvest.Fetched, Body: body,
		}
		got := d.Parse(p)
		d.Recognise(p)
		for _, r := range got.Requests {
			if !strings.HasPrefix(r.URL, "http") {
				t.Errorf("request for %q", r.URL)
			}
			if r.Card != nil && r.Card.URL != r.URL {
				t.Errorf("card of %q at %q", r.Card.URL, r.URL)
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

// BenchmarkMillion reads sitemaps of a million addresses, 50,000 in each of
// twenty files, and reports the memory that is live after each.
func BenchmarkMillion(b *testing.B) {
	var s strings.Builder
	s.WriteString("<urlset>")
	for i := range 50_000 {
		fmt.Fprintf(&s, "<url><loc>https://library.example.org/publications/2021/item-%d/</loc><lastmod>2021-03-15T10:00:00+00:00</lastmod></url>", i)
	}
	s.WriteString("</urlset>")
	body := []byte(s.String())
	d := open(b, one)
	var most uint64
	for b.Loop() {
		for range 20 {
			got := d.Parse(&harvest.Page{Request: harvest.Request{URL: one.Start[0], Step: "sitemap"}, URL: one.Start[0], Outcome: harvest.Fetched, Body: body})
			if len(got.Requests) != 50_000 {
				b.Fatal(len(got.Requests))
			}
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
			runtime.KeepAlive(got)
		}
	}
	b.ReportMetric(float64(most)/(1<<20), "MiB-live")
	b.ReportMetric(1_000_000*float64(b.N)/b.Elapsed().Seconds(), "urls/s")
}
