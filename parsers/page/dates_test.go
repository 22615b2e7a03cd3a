package page_test

import (
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/page"
)

// Where the day of publication stands when nothing declares it plainly, and
// where it must not be taken from.
func TestPublished(t *testing.T) {
	const text = `<p>Wages were withheld for eleven months in all three of the plants that inspectors visited, and passports were kept.</p>`
	for _, tt := range []struct{ name, url, html, want, basis string }{
		{"script data", "", `<h1>Wages withheld</h1>` + text + `<script>{"props":{"publishedAt":"2021-03-04T10:00:00Z"}}</script>`, "2021-03-04", "script"},
		{"script data within a string", "", `<h1>Wages withheld</h1>` + text + `<script>push("{\"datePublished\":\"2021-03-04\"}")</script>`, "2021-03-04", "script"},
		{"seconds since 1970 in script data", "", `<h1>Wages withheld</h1>` + text + `<script>x={firstPublished:1614852000000}</script>`, "2021-03-04", "script"},
		{"script data of several items", "", `<h1>Wages withheld</h1>` + text + `<script>[{"publishedAt":"2021-03-04"},{"publishedAt":"2021-03-05"}]</script>`, "", ""},
		{"other keys of script data", "", `<h1>Wages withheld</h1>` + text + `<script>{"lastPublished":"2021-03-04","expires":"2021-03-04","unpublished":"2021-03-04"}</script>`, "", ""},
		{"day and time in the address", "https://example.org/A2021030409240000123", `<h1>Wages withheld</h1>` + text, "2021-03-04", "url"},
		{"time of an archived copy", "https://archive.example/web/20210304101112/https://example.org/a", `<h1>Wages withheld</h1>` + text, "", ""},
		{"address of an archived page", "https://archive.example/web/20220304101112/https://example.org/2021/03/04/a", `<h1>Wages withheld</h1>` + text, "2021-03-04", "url"},
		{"its own card", "https://example.org/wages", `<h1>Wages withheld</h1>` + text + strings.Repeat("<p>A line.</p>", 20) + `<ul><li><a href="/other">Other</a> <p>5 May 2021</p></li><li><article><article><a href="/wages">Wages withheld</a><p>4 March 2021</p></article></article></li></ul>`, "2021-03-04", "text"},
		{"picture", "", `<meta property="og:image" content="https://example.org/img/2021/03/04/a.jpg"><h1>Wages withheld</h1>` + text, "2021-03-04", "url"},
		{"date and time in two elements", "", `<h1>Wages withheld</h1><p class="meta"><span>4.3.21</span><span>12:44</span></p>` + text, "2021-03-04", "text"},
		{"machine's form beside the printed one", "", `<h1>Wages withheld</h1><p><span content="2021-03-04T10:00:00Z">yesterday</span></p>` + text, "2021-03-04", "time"},
		{"a change marked within the line", "", `<h1>Wages withheld</h1><p class="meta"><span class="updated">2021-05-05</span><span>4 March 2021</span></p>` + text, "2021-03-04", "text"},
		{"title of a relative date", "", `<h1>Wages withheld</h1><p><span title="Donnerstag, 4. März 2021 um 04:00">vor 3 Jahren</span></p>` + text, "2021-03-04", "time"},
		{"titles of several relative dates", "", `<h1>Wages withheld</h1><p><span title="8 March 2021 at 04:00">3 years ago</span></p>` + text + `<p><span title="4 March 2021 at 04:00">3 years ago</span></p>`, "", ""},
		{"byline at the end", "", `<h1>Wages withheld</h1>` + strings.Repeat(text, 20) + `<div>Written by Jo Doe in <a href=/news>News</a> on 4th March 2021</div>`, "2021-03-04", "text"},
		{"told to a service alone", "", `<meta name="sailthru.date" content="2021-03-04"><h1>Wages withheld</h1>` + text, "", ""},
		{"told to a service and to all", "", `<meta name="sailthru.date" content="2021-03-04"><meta property="article:published_time" content="2021-03-04"><h1>Wages withheld</h1>` + text, "2021-03-04", "meta"},
		{"the last line of the item", "", `<h1>Wages withheld</h1>` + strings.Repeat(text, 20) + `<p>4 March 2021</p>`, "2021-03-04", "text"},
		{"two days on lines of their own", "", `<h1>Wages withheld</h1>` + strings.Repeat(text, 20) + `<p>4 March 2021</p>` + text + `<p>9 May 2021</p>`, "", ""},
		{"the last line of a related item", "", `<h1>Wages withheld</h1>` + strings.Repeat(text, 20) + `<div class="related"><p>4 March 2021</p></div>`, "", ""},
		{"relative", "", `<h1>Wages withheld</h1><p class="date">3 days ago</p>` + text, "", ""},
		{"deadline", "", `<h1>Wages withheld</h1><p>Apply until 4 March 2021</p>` + text, "", ""},
		{"copyright", "", `<h1>Wages withheld</h1>` + text + `<p>© 4 March 2021</p><p>Copyright 5 March 2021 Example</p>`, "", ""},
		{"footer", "", `<h1>Wages withheld</h1>` + text + `<footer>4 March 2021</footer>`, "", ""},
		{"future", "", `<h1>Wages withheld</h1><p class="date">4 March 2031</p>` + text, "", ""},
		{"future of an event", "", `<script type="application/ld+json">{"@type":"Event","name":"Wages withheld"}</script><h1>Wages withheld</h1><p class="date">4 March 2031</p>` + text, "2031-03-04", "text"},
		{"Arabic-Indic digits", "", `<html lang="ar"><h1>حجز الأجور</h1><p class="date">٤ مارس ٢٠٢١</p><p>حُجزت الأجور لأحد عشر شهرا في المصانع الثلاثة التي زارها المفتشون وكانت جوازات السفر في مكتب الوكالة.</p>`, "2021-03-04", "text"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.url == "" {
				tt.url = "https://example.org/wages"
			}
			p := &harvest.Page{URL: tt.url, Body: []byte("<title>Wages withheld</title>" + tt.html), FetchedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
			r := page.Extract(p, config.PageRules{})
			if got := r.Record.Published.Value; got != tt.want || r.Record.Provenance["published"].Basis != tt.basis {
				t.Errorf("got %q by %q, want %q by %q; candidates %+v", got, r.Record.Provenance["published"].Basis, tt.want, tt.basis, r.Candidates["published"])
			}
		})
	}
}

// A date that only machines are told gives way to the printed one where a reader
// asks for one date; the record keeps both apart.
func TestShownDate(t *testing.T) {
	const text = `<p>Wages were withheld for eleven months in all three of the plants that inspectors visited, and passports were kept.</p>`
	const declared = `<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2019-10-15","dateModified":"2021-03-04"}</script>`
	const changed = `<p class="updated">Updated 4 March 2021</p>`
	for _, tt := range []struct{ name, html, published, modified, shown string }{
		{"the change alone is printed", declared + `<h1>Wages withheld</h1>` + changed + text, "2019-10-15", "2021-03-04", "2021-03-04"},
		{"nothing else is known", `<h1>Wages withheld</h1>` + changed + text, "", "2021-03-04", "2021-03-04"},
		{"both are printed", declared + `<h1>Wages withheld</h1><p class="date">15 October 2019</p>` + changed + text, "2019-10-15", "2021-03-04", ""},
		{"neither is printed", declared + `<h1>Wages withheld</h1>` + text, "2019-10-15", "2021-03-04", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := page.ExtractBytes("https://example.org/wages", []byte("<title>Wages withheld</title>"+tt.html), "", config.PageRules{})
			got := [3]string{r.Record.Published.Value, r.Record.Modified.Value, r.ShownDate.Value}
			if want := [3]string{tt.published, tt.modified, tt.shown}; got != want {
				t.Errorf("published, modified and shown are %q, want %q", got, want)
			}
		})
	}
}
