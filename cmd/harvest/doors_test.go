package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
)

// Doors are tried in their order. The report says of each why it was passed over,
// in words and as JSON, and which was used.
func TestDoorsThatArePassedOverSayWhy(t *testing.T) {
	t.Parallel()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch path := r.URL.Path; {
		case path == "/robots.txt":
			w.Header().Set("Content-Type", "text/plain")
			io.WriteString(w, "User-agent: *\nDisallow: /oai\n")
		case path == "/feed":
			w.WriteHeader(http.StatusUnauthorized)
		case path == "/sitemap.xml":
			w.Header().Set("Content-Type", "application/xml")
			io.WriteString(w, `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>`)
		case path == "/api":
			io.WriteString(w, "<p>Maintenance</p>")
		case path == "/broken":
			w.WriteHeader(http.StatusServiceUnavailable)
		case path == "/changed":
			io.WriteString(w, `<div><a href="/item/1">Recruitment fees, part 1</a></div>`)
		case path == "/list":
			io.WriteString(w, `<article><a href="/item/1">Recruitment fees, part 1</a></article>`)
		case path == "/item/1":
			io.WriteString(w, article(1, ""))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer site.Close()
	cards := "item: {card: article, link: a@href}"
	source := fmt.Sprintf(`id: library
name: A library
homepage: %[1]s/
doors:
  - wordpress: {}
  - feed: {start: '%[1]s/feed'}
  - oai-pmh: {base: '%[1]s/oai'}
  - sitemap: {start: '%[1]s/sitemap.xml'}
  - json: {start: '%[1]s/api', items: results, fields: {title: title, link: url}}
  - listing: {start: '%[1]s/broken', %[2]s}
  - listing: {start: '%[1]s/changed', %[2]s}
  - listing: {start: '%[1]s/list', %[2]s}
  - links: {start: '%[1]s/list'}
network: {allow: [127.0.0.0/8]}
politeness: {delay: 0s}
checked: never
`, site.URL, cards)
	p := newWithin(t, map[string]string{"harvest.yaml": "contact: test@example.org\nfetch: {retries: 0}\n", "sources/library.yaml": source})
	p.does(0, "run", "library")
	var run harvest.Run
	if err := json.Unmarshal([]byte(p.does(0, "runs", "show", "library", "--json")), &run); err != nil {
		t.Fatal(err)
	}
	shown := p.does(0, "runs", "show", "library")
	want := []struct{ door, reason string }{
		{"wordpress", "not-found (404)"},
		{"feed", "401"},
		{"oai-pmh", "robots-denied"},
		{"sitemap", "gave no record"},
		{"json", "JSON"},
		{"listing", "503"},
		{"listing", "no element matches item.card"},
		{"listing", ""},
	}
	if len(run.Doors) != len(want) {
		t.Fatalf("%d doors: %+v", len(run.Doors), run.Doors)
	}
	for i, d := range run.Doors {
		used := i == len(want)-1
		if d.Door != want[i].door || d.Used != used || !strings.Contains(d.Reason, want[i].reason) || (d.Reason == "") != used {
			t.Errorf("door %d: %+v, want %+v", i+1, d, want[i])
		}
		if line := d.Door + ", passed over: "; !used && !strings.Contains(shown, line) {
			t.Errorf("runs show does not say %q\n%s", line, shown)
		}
	}
	if run.State != harvest.RunPassed || run.Door() != "listing" {
		t.Errorf("%s through %s: %s", run.State, run.Door(), run.Reason)
	}
}
