package main_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// lists are that many listing pages of so many links each, made by link of a
// number that counts on.
func lists(site *sitetest.Site, pages, each int, link func(n int) string) {
	site.Handle("/list", numbered(func(page int) string {
		var links []string
		for n := range each {
			links = append(links, link(page*each+n))
		}
		onwards := ""
		if page+1 < pages {
			onwards = next(fmt.Sprintf("/list?p=%d", page+1))
		}
		return list(links...) + onwards
	}))
}

// Places without end are left when they have shown what they are, and what is
// real beside them is harvested all the same.
func TestPlacesWithoutEnd(t *testing.T) {
	t.Parallel()
	h := spring(t, patient,
		trap{
			name: "one-page-for-everything", doors: items, state: harvest.RunPartial, records: 1, says: "word for word",
			requests: 4 + 51 + 8,
			site: func(s *sitetest.Site) {
				lists(s, 4, 30, func(n int) string { return fmt.Sprintf("/item/%d", n) })
				s.Handle("/item/*", sitetest.SameForEverything(article(1, "")))
			},
		},
		trap{
			name: "not-found-with-200", doors: items, state: harvest.RunQuarantined, says: "pages: 97 %", records: 1, outcomes: map[harvest.Outcome]int{harvest.NotFoundPage: 30},
			site: func(s *sitetest.Site) {
				s.Page("/list", list(append([]string{"/real"}, made(30, "/item/%d")...)...))
				s.Page("/real", article(1, ""))
				s.Handle("/item/*", sitetest.SoftNotFound())
			},
		},
		trap{
			name: "one-page-by-many-names", doors: items, records: 4, says: "are not followed further", requests: 100,
			site: func(s *sitetest.Site) {
				lists(s, 10, 30, func(n int) string {
					if n >= 297 {
						return fmt.Sprintf("/real/%d", n)
					}
					return fmt.Sprintf("/item/1?ref=%d", n)
				})
				s.Page("/item/1", article(1, ""))
				for n := 297; n < 300; n++ {
					s.Page(fmt.Sprintf("/real/%d", n), article(n, ""))
				}
			},
		},
		trap{
			name: "sessions-in-items", doors: items, records: 5, outcomes: map[harvest.Outcome]int{harvest.Trap: 0}, requests: 40,
			site: func(s *sitetest.Site) {
				lists(s, 3, 10, func(n int) string { return fmt.Sprintf("/doc/%d?token=%032x", n%5, n*7919) })
				s.Handle("/doc/*", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					var n int
					_, _ = fmt.Sscanf(r.URL.Path, "/doc/%d", &n) // else 0
					sitetest.HTML(article(n, "")).ServeHTTP(w, r)
				}))
			},
		},
		trap{
			name: "ever-longer-paths", doors: items, records: 1, outcomes: map[harvest.Outcome]int{harvest.Trap: 2},
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1", "/news/news/news/", "/en/docs/en/docs/en/docs/en"))
				s.Page("/item/1", article(1, ""))
			},
		},
		trap{
			name: "months-to-come", doors: limited(400), records: -1, says: "it is of the year", requests: 20 * 12,
			site: func(s *sitetest.Site) {
				s.Handle("/list", sitetest.Redirect(http.StatusFound, "/list/2020/01/"))
				s.Handle("/list/*", sitetest.Calendar())
			},
		},
	)
	h.bounded(200 << 20)
}

func made(n int, format string) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf(format, i))
	}
	return out
}
