package main_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// TestFollowedLinks harvests sites that have no list: their links are followed, also
// where they have no end. Asked again, hubs and items that have not changed are
// not sent again.
func TestFollowedLinks(t *testing.T) {
	paper := func(n int) string {
		return fmt.Sprintf(`<!DOCTYPE html><html lang="en"><head><title>Wages withheld, part %[1]d</title><meta property="og:type" content="article"></head><body><main><h1>Wages withheld, part %[1]d</h1><time datetime="2023-03-%02[1]d">%[1]d March 2023</time>
<p>Part %[1]d describes how employers withheld the wages of %[1]d00 workers in one district, who complained, what inspectors found when they came, and what was paid in the end and to whom. <a href="/papers/">All papers</a></p></main></body></html>`, n)
	}
	// etag answers with a page that says whether it has changed.
	etag := func(html string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if r.Header.Get("If-None-Match") == `"1"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			fmt.Fprint(w, html)
		})
	}
	h := spring(t, quick,
		trap{
			name: "a-site-without-a-list", doors: `- links: {start: "{{base}}/"}`, records: 5, requests: 15, keys: "revisit: {max: 720h}\n",
			site: func(s *sitetest.Site) {
				hub := "<!DOCTYPE html><title>Papers</title><h1>Papers</h1><ul>"
				for n := 1; n <= 4; n++ {
					s.Handle(fmt.Sprintf("/papers/wages-withheld-part-%d", n), etag(paper(n)))
					hub += fmt.Sprintf(`<li><a href="/papers/wages-withheld-part-%d">Wages withheld, part %d</a>`, n, n)
				}
				s.Page("/", `<!DOCTYPE html><title>A library</title><a href="/papers/">Papers</a> <a href="/about">About</a> <a href="/files/recruitment-fees.pdf">Recruitment fees in five corridors</a> <a href="/logout">Log out</a> <a href="https://other.invalid/">Elsewhere</a>`)
				s.Handle("/papers/", etag(hub+"</ul>"))
				s.Page("/about", "<title>About</title><p>"+strings.Repeat("We are a library of papers about labour. ", 40))
			},
			check: func(t *testing.T, c *caught) {
				if paths := strings.Join(c.site.Paths(), " "); strings.Contains(paths, "logout") {
					t.Errorf("what only does something was asked for: %s", paths)
				}
			},
		},
		trap{
			name: "links-without-end", doors: `- links: {start: "{{base}}/", depth: 3}`, records: 0, state: harvest.RunFailed, requests: 12, says: "gave no record",
			site: func(s *sitetest.Site) {
				s.Handle("/*", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "text/html")
					fmt.Fprintf(w, `<title>Deeper</title><a href="%[1]sa/">a</a> <a href="%[1]sb/">b</a>`, "/x"+r.URL.Path)
				}))
				s.Page("/", `<title>Start</title><a href="/a/">a</a>`)
			},
		},
		trap{
			name: "no-links-at-all", doors: `- links: {start: "{{base}}/"}` + "\n  " + items, records: 1, says: "no links that can be followed",
			site: func(s *sitetest.Site) {
				library(s, 1)
				s.Page("/", "<title>Empty</title><p>Nothing.")
				s.Page("/list", list("/item/1"))
			},
		},
	)
	h.run("a-site-without-a-list")
	if r := h.runs[0]; r.State != harvest.RunPassed || r.Outcomes[harvest.UnchangedRecord] != 5 || r.Outcomes[harvest.NotModified]+r.Outcomes[harvest.Skipped] < 5 {
		t.Errorf("the second run: %s, %+v", r.State, r.Outcomes)
	}
}
