package main_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// rss is a feed of items with those numbers.
func rss(base, channel string, items ...int) string {
	var b strings.Builder
	for _, i := range items {
		fmt.Fprintf(&b, "<item><title>Recruitment fees, part %d</title><link>%s/item/%d</link><pubDate>Mon, 15 Mar 2021 10:00:00 GMT</pubDate></item>", i, base, i)
	}
	return `<?xml version="1.0"?><rss version="2.0"><channel><title>Library</title>` + channel + b.String() + "</channel></rss>"
}

// TestFeeds harvests sites by their feeds, and sites whose feed is a trap.
func TestFeeds(t *testing.T) {
	t.Parallel()
	const made = "<generator>https://wordpress.org/?v=6.4</generator>"
	h := spring(t, patient,
		trap{
			name: "newest-only", doors: `- feed: {start: "{{base}}/feed"}`, records: 2, requests: 5, says: `"newest": true`,
			site: func(s *sitetest.Site) {
				library(s, 2)
				s.Handle("/feed", sends("application/rss+xml", []byte(rss(s.URL, "", 1, 2))))
			},
		},
		trap{
			name: "in-pages", doors: `- feed: {start: "{{base}}/", pages: never}`, records: 3, requests: 7, says: "ends before page 3",
			site: func(s *sitetest.Site) {
				s.Page("/", `<!doctype html><title>Library</title><link rel="alternate" type="application/rss+xml" href="/feed">`)
				s.Handle("/feed", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "application/rss+xml")
					switch r.URL.Query().Get("paged") {
					case "":
						fmt.Fprint(w, rss(s.URL, made, 1, 2))
					case "2":
						fmt.Fprint(w, rss(s.URL, made, 3))
					default:
						w.WriteHeader(http.StatusNotFound)
					}
				}))
			},
		},
		trap{
			name: "cut-short", doors: `- feed: {start: "{{base}}/feed", pages: never}`, state: harvest.RunPartial, records: 1, requests: 3, says: "breaks off",
			site: func(s *sitetest.Site) {
				s.Handle("/feed", sends("text/xml", []byte(strings.TrimSuffix(rss(s.URL, "", 1, 2), "</link><pubDate>Mon, 15 Mar 2021 10:00:00 GMT</pubDate></item></channel></rss>"))))
			},
		},
		trap{
			name: "deep", doors: `- feed: {start: "{{base}}/feed"}`, state: harvest.RunFailed, requests: 3, says: "deep within each other",
			site: func(s *sitetest.Site) {
				s.Handle("/feed", sends("text/xml", []byte("<rss><channel><item>"+strings.Repeat("<a:b>", 300_000))))
			},
		},
		trap{
			name: "the-same-for-ever", doors: `- feed: {start: "{{base}}/feed", paging: paged, pages: never}`, records: 1, requests: 4, says: "repeats the page before",
			site: func(s *sitetest.Site) {
				s.Handle("/feed", sends("text/xml", []byte(rss(s.URL, "", 1))))
			},
		},
	)
	const roof = 400 << 20
	if h.peak > roof {
		t.Errorf("%d MiB at the peak, want less than %d", h.peak>>20, roof>>20)
	}
}
