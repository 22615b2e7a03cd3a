package main_test

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// patient are settings under which a busy machine fails no site, quick those
// under which a site that does nothing ends soon.
const (
	patient = "fetch: {timeout: 1m, retries: 0}\n"
	quick   = "fetch: {timeout: 3s, retries: 0}\n"
)

// numbered answers with what a function makes of the page's number, which is
// what stands behind the last "=" or the number of further "/".
func numbered(page func(n int) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := strings.Count(strings.TrimPrefix(r.URL.Path, "/list"), "/")
		if _, value, ok := strings.Cut(r.URL.RawQuery, "="); ok {
			n, _ = strconv.Atoi(value) // else 0
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, page(n))
	})
}

// limited is a listing door of cards that gives up after some pages.
func limited(pages int) string {
	return strings.Replace(cards, "next: a.next", fmt.Sprintf("next: {link: a.next, max_pages: %d}", pages), 1)
}

func TestListingsThatNeverEnd(t *testing.T) {
	t.Parallel()
	h := spring(t, patient,
		trap{
			name: "endless-query", doors: limited(20), records: 20, says: "stopped at next.max_pages, 20", requests: 21,
			site: func(s *sitetest.Site) {
				s.Handle("/list", numbered(func(n int) string { return card(n, fmt.Sprintf("/item/%d", n)) + next(fmt.Sprintf("/list?p=%d", n+1)) }))
			},
		},
		trap{
			name: "endless-by-pages", doors: cards, keys: "limits: {pages: 15}\n", state: harvest.RunPartial, records: 15, says: "limits.pages", requests: 16 + 4,
			site: func(s *sitetest.Site) {
				s.Handle("/list", numbered(func(n int) string { return card(n, fmt.Sprintf("/item/%d", n)) + next(fmt.Sprintf("/list?p=%d", n+1)) }))
			},
		},
		trap{
			name: "endless-by-time", doors: cards, keys: "limits: {duration: 1s}\npoliteness: {delay: 50ms, contact: optional}\n", state: harvest.RunPartial, says: "limits.duration", records: -1,
			site: func(s *sitetest.Site) {
				s.Handle("/list", numbered(func(n int) string { return card(n, fmt.Sprintf("/item/%d", n)) + next(fmt.Sprintf("/list?p=%d", n+1)) }))
			},
		},
		trap{
			name: "ever-deeper", doors: strings.Replace(limited(20), "/list", "/list/", 1), records: 3, outcomes: map[harvest.Outcome]int{harvest.Trap: 1}, requests: 4,
			site: func(s *sitetest.Site) {
				s.Handle("/list/*", numbered(func(n int) string { return card(n, fmt.Sprintf("/item/%d", n)) + next("deeper/") }))
			},
		},
		trap{
			name: "calendar", doors: cards, records: 2, says: "repeats the one before", requests: 3,
			site: func(s *sitetest.Site) {
				s.Handle("/list", numbered(func(n int) string { return list("/item/1", "/item/2") + next(fmt.Sprintf("/list?month=%d", n+1)) }))
			},
		},
		trap{
			name: "calendar-without-events", doors: cards, records: 1, says: "has no cards", requests: 3,
			site: func(s *sitetest.Site) {
				s.Handle("/list", numbered(func(n int) string {
					if n == 0 {
						return list("/item/1") + next("/list?month=1")
					}
					return "<h1>Nothing in this month</h1>" + next(fmt.Sprintf("/list?month=%d", n+1))
				}))
			},
		},
		trap{
			name: "circle-of-two", doors: cards, records: 2, requests: 4,
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1")+next("/list?p=1"))
				s.Handle("/list", numbered(func(n int) string {
					return list(fmt.Sprintf("/item/%d", n%2)) + next(fmt.Sprintf("/list?p=%d", (n+1)%2))
				}))
			},
		},
		trap{
			name: "circle-behind-the-start", doors: cards, records: 4, requests: 9,
			site: func(s *sitetest.Site) {
				s.Handle("/list", numbered(func(n int) string {
					return card(n, fmt.Sprintf("/item/%d", n)) + next(fmt.Sprintf("/list?p=%d", n%3+1))
				}))
			},
		},
		trap{
			name: "itself-with-new-query", doors: cards, records: 1, requests: 3,
			site: func(s *sitetest.Site) {
				i := 0
				s.Handle("/list", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					i++
					io.WriteString(w, list("/item/1")+next(fmt.Sprintf("/list?session=%d", i*7919)))
				}))
			},
		},
		trap{
			name: "items-with-sessions", doors: limited(10), state: harvest.RunQuarantined, says: "same_title", records: 10, requests: 11, // each page shows the one item under a new address
			site: func(s *sitetest.Site) {
				s.Handle("/list", numbered(func(n int) string {
					return list(fmt.Sprintf("/item/1?sid=%d", n*7919)) + next(fmt.Sprintf("/list?p=%d", n+1))
				}))
			},
		},
		trap{
			name: "itself-as-item", doors: items, state: harvest.RunFailed, says: "none of the 3 cards has a link", requests: 3,
			site: func(s *sitetest.Site) { s.Page("/list", list("/list", "/list#a", "?")) },
		},
	)
	h.bounded(200 << 20)
}

func TestListingsTooLargeForMemory(t *testing.T) {
	t.Parallel()
	h := spring(t, patient,
		trap{
			name: "ten-thousand-cards", doors: cards, state: harvest.RunPartial, records: 2000, says: "8000 cards beyond the first 2000",
			site: func(s *sitetest.Site) {
				s.Handle("/list", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					for i := range 10_000 {
						fmt.Fprintf(w, `<article><h3><a href="/item/%d">Debt bondage %d</a></h3></article>`, i, i)
					}
				}))
			},
		},
		trap{
			name: "forty-megabytes-of-cards", doors: cards, state: harvest.RunFailed, outcomes: map[harvest.Outcome]int{harvest.TooLarge: 1},
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1")+strings.Repeat(`<article><h3><a href="/item/2">Wages</a></h3>`+strings.Repeat("<i>x</i>", 117)+"</article>", 40<<10))
			},
		},
		trap{
			name: "forty-megabytes-of-text", doors: items, state: harvest.RunPartial, records: -1, outcomes: map[harvest.Outcome]int{harvest.TooLarge: 1},
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1", "/item/2"))
				s.Page("/item/2", article(2, ""))
				s.Page("/item/1", "<title>Wages</title><h1>Wages withheld</h1><main><p>"+strings.Repeat("Wages are due. ", 3<<20))
			},
		},
		trap{
			name: "a-million-tags", doors: items, state: harvest.RunPartial, records: -1, outcomes: map[harvest.Outcome]int{harvest.TooLarge: 1},
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1", "/item/2"))
				s.Page("/item/2", article(2, ""))
				s.Page("/item/1", article(1, "")+strings.Repeat("<i>", 1<<20))
			},
		},
		trap{
			name: "eight-heavy-pages-at-once", doors: items, records: 8,
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1", "/item/2", "/item/3", "/item/4", "/item/5", "/item/6", "/item/7", "/item/8"))
				for i := 1; i <= 8; i++ {
					s.Page(fmt.Sprintf("/item/%d", i), article(i, "")+strings.Repeat("<i>x</i>", 200_000))
				}
			},
		},
		trap{
			name: "card-of-eight-megabytes", doors: strings.Replace(items, "title: h3", "title: h3, summary: p", 1), records: 1,
			site: func(s *sitetest.Site) {
				s.Page("/list", strings.Replace(list("/item/1"), "</h3>", "</h3><p>"+strings.Repeat("Wages are due. ", 550_000), 1))
				s.Page("/item/1", article(1, ""))
			},
		},
		trap{
			name: "nested-hundred-thousand", doors: cards, state: harvest.RunFailed, says: "exceeds 512 nodes",
			site: func(s *sitetest.Site) { s.Page("/list", strings.Repeat("<div>", 100_000)+list("/item/1")) },
		},
		trap{
			name: "nested-item", doors: items, records: -1,
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1"))
				s.Page("/item/1", strings.Replace(article(1, ""), "<main>", "<main>"+strings.Repeat("<b><p>", 50_000), 1))
			},
		},
		trap{
			name: "bomb", doors: cards, state: harvest.RunFailed, outcomes: map[harvest.Outcome]int{harvest.TooLarge: 1},
			site: func(s *sitetest.Site) { s.Handle("/list", sitetest.Bomb("gzip", 100<<20)) },
		},
		trap{
			name: "bomb-as-item", doors: items, state: harvest.RunPartial, records: -1, outcomes: map[harvest.Outcome]int{harvest.TooLarge: 1},
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1", "/item/2"))
				s.Page("/item/1", article(1, ""))
				s.Handle("/item/2", sitetest.Bomb("br", 100<<20))
			},
		},
		trap{
			name: "endless-body", doors: cards, state: harvest.RunFailed,
			site: func(s *sitetest.Site) { s.Handle("/list", sitetest.Endless()) },
		},
	)
	h.bounded(500 << 20)
}
