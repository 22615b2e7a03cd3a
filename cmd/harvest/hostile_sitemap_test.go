package main_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// mapped is a sitemap door without keys.
const mapped = `- sitemap: {}`

// urlset is a sitemap of items with those numbers.
func urlset(base string, items ...int) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>` + base + `/</loc></url>`)
	for _, i := range items {
		fmt.Fprintf(&b, "<url><loc>%s/item/%d</loc><lastmod>2021-03-15</lastmod></url>", base, i)
	}
	return b.String() + "</urlset>"
}

// sends answers with a body of a type.
func sends(mediaType string, body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.Write(body)
	})
}

func gzipped(s string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.Bytes()
}

// library puts items on a site.
func library(s *sitetest.Site, items int) {
	for i := 1; i <= items; i++ {
		s.Page(fmt.Sprintf("/item/%d", i), article(i, ""))
	}
}

// TestSitemaps harvests sites by their sitemaps: named in robots.txt or found,
// in an index with dead and strange children, in every wrapping; and sites
// whose sitemap is a trap.
func TestSitemaps(t *testing.T) {
	t.Parallel()
	const xml = "application/xml"
	h := spring(t, patient,
		trap{
			name: "named-in-robots", doors: mapped, records: 3, requests: 10, outcomes: map[harvest.Outcome]int{harvest.OffScope: 1},
			site: func(s *sitetest.Site) {
				library(s, 3)
				s.Handle("/robots.txt", sends("text/plain", []byte("User-agent: *\nDisallow:\nSitemap: "+s.URL+"/ours.xml\n")))
				s.Handle("/ours.xml", sends(xml, []byte(urlset(s.URL, 1, 2, 3))))
			},
		},
		trap{
			name: "found-at-last", doors: mapped, records: 2, requests: 12,
			site: func(s *sitetest.Site) {
				library(s, 2)
				s.Handle("/wp-sitemap.xml", sends(xml, []byte(urlset(s.URL, 1, 2))))
			},
		},
		trap{
			name: "an-index", doors: `- sitemap: {start: "{{base}}/index.xml", exclude: ["/item/4$"]}`, records: 3, requests: 16,
			outcomes: map[harvest.Outcome]int{harvest.NotFoundPage: 1},
			site: func(s *sitetest.Site) {
				library(s, 4)
				var b strings.Builder
				for _, child := range []string{"one.xml.gz", "dead.xml", "author-sitemap.xml", "index.xml", "list.txt"} {
					fmt.Fprintf(&b, "<sitemap><loc>%s/%s</loc></sitemap>", s.URL, child)
				}
				s.Handle("/index.xml", sends("text/html", []byte("\ufeff\n<?xml version='1.1'?><sitemapindex>"+b.String()+"</sitemapindex>")))
				s.Handle("/one.xml.gz", sends("application/x-gzip", gzipped(urlset(s.URL, 1, 2, 4))))
				s.Handle("/author-sitemap.xml", sends(xml, []byte(urlset(s.URL, 99))))
				s.Handle("/list.txt", sends("text/plain", []byte(s.URL+"/item/3\nnothing\n")))
			},
		},
		trap{
			name: "more-tags-than-a-page", doors: `- sitemap: {start: "{{base}}/big.xml", include: ["/item/"]}`, records: 1, requests: 8,
			site: func(s *sitetest.Site) {
				library(s, 1)
				links := strings.Repeat(`<x:link/>`, 200)
				s.Handle("/big.xml", sends(xml, []byte("<urlset>"+strings.Repeat("<url><loc>"+s.URL+"/about</loc>"+links+"</url>", 5100)+"<url><loc>"+s.URL+"/item/1</loc></url></urlset>")))
			},
		},
		trap{
			name: "cut-short", doors: `- sitemap: {start: "{{base}}/cut.xml"}`, state: harvest.RunPartial, records: 1, says: "breaks off", requests: 6,
			site: func(s *sitetest.Site) {
				library(s, 2)
				s.Handle("/cut.xml", sends(xml, []byte(strings.TrimSuffix(urlset(s.URL, 1, 2), "2</loc><lastmod>2021-03-15</lastmod></url></urlset>"))))
			},
		},
		trap{
			name: "a-page-for-a-map", doors: mapped + "\n  " + items, records: 1, says: "none of the usual places has one", requests: 14,
			site: func(s *sitetest.Site) {
				library(s, 1)
				s.Page("/list", list("/item/1"))
				s.Page("/sitemap.xml", "<!doctype html><title>Not found</title>")
			},
		},
		trap{
			name: "endless-indexes", doors: `- sitemap: {start: "{{base}}/maps/0"}`, state: harvest.RunFailed, records: 0, says: "deep", requests: 12,
			site: func(s *sitetest.Site) {
				s.Handle("/maps/*", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", xml)
					fmt.Fprintf(w, "<sitemapindex><sitemap><loc>%sx</loc></sitemap></sitemapindex>", s.URL+r.URL.Path)
				}))
			},
		},
		trap{
			name: "a-bomb", doors: `- sitemap: {start: "{{base}}/bomb.xml.gz"}`, state: harvest.RunFailed, records: 0, says: "longer than", requests: 3,
			site: func(s *sitetest.Site) {
				s.Handle("/bomb.xml.gz", sends("application/gzip", gzipped("<urlset>"+strings.Repeat(" ", 257<<20))))
			},
		},
	)
	const roof = 400 << 20
	if h.peak > roof {
		t.Errorf("%d MiB at the peak, want less than %d", h.peak>>20, roof>>20)
	}
}
