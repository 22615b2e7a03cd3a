package fetch_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/gocolly/colly/v2"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// listing is a page of about 11 KB with links and JSON-LD, as listings are.
func listing() string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Resources</title><script type="application/ld+json">{"@type":"CollectionPage","name":"Resources"}</script></head><body><main>`)
	for i := range 24 {
		fmt.Fprintf(&b, `<article class="card"><h3><a href="/resource/%d">Report %d on forced labour in supply chains</a></h3><span class="label">Guidance</span>`+
			`<p class="excerpt">%s</p></article>`, i, i, strings.Repeat("Workers, fees and remedies. ", 10))
	}
	b.WriteString(`</main></body></html>`)
	return b.String()
}

// benchSite answers with little work of its own: it is in the same process.
func benchSite(b *testing.B) (url string) {
	b.Helper()
	page := []byte(listing())
	site := sitetest.NewServer(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page)
	}))
	b.SetBytes(int64(len(page)))
	return site
}

// loops are ways to get the same page: the one that everybody would write with
// net/http, plain Colly, and this package with robots.txt, clock, limits, hash,
// charset and the search for challenges; the first and the last also with the
// links taken out by goquery, which is the least that a crawler does with a page.
func loops(b *testing.B) map[string]func() {
	url := benchSite(b) + "/page"
	plain, forColly := &http.Transport{}, &http.Transport{}
	client := fetch.New(fetch.Options{})
	b.Cleanup(func() {
		plain.CloseIdleConnections()
		forColly.CloseIdleConnections()
		client.Close()
	})
	bare := &http.Client{Transport: plain}
	c := colly.NewCollector(colly.AllowURLRevisit())
	c.WithTransport(forColly)
	s := client.Source(&config.Source{ID: "bench", Network: loopback})
	read := func() []byte {
		res, err := bare.Get(url)
		if err != nil {
			b.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			b.Fatal(err)
		}
		return body
	}
	fetched := func() []byte {
		page := s.Fetch(context.Background(), harvest.Request{URL: url}, harvest.Validators{})
		if page.Outcome != harvest.Fetched {
			b.Fatal(page.Outcome, page.Reason)
		}
		return page.Body
	}
	return map[string]func(){
		"net-http":       func() { read() },
		"net-http+links": func() { links(b, read()) },
		"harvest":        func() { fetched() },
		"harvest+links":  func() { links(b, fetched()) },
		"colly": func() {
			if err := c.Visit(url); err != nil {
				b.Fatal(err)
			}
		},
	}
}

// links parses a page and takes its links out.
func links(b *testing.B, page []byte) {
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(page))
	if err != nil {
		b.Fatal(err)
	}
	if n := len(doc.Find("a[href]").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") })); n != 24 {
		b.Fatal(n, "links")
	}
}

// BenchmarkFetch is one page by each of the loops.
func BenchmarkFetch(b *testing.B) {
	for _, name := range []string{"net-http", "colly", "harvest", "net-http+links", "harvest+links"} {
		b.Run(name, func(b *testing.B) {
			get := loops(b)[name]
			b.ReportAllocs()
			for b.Loop() {
				get()
			}
		})
	}
}

// BenchmarkFetchRatio takes the loops in turn and reports pages per second of
// processor time as a share of the net/http loop's, the server's part included
// in all of them. Processor time, for a busy machine makes any clock lie. Hold:
// harvest 0.8 or better with links, which is what a crawl is made of.
func BenchmarkFetchRatio(b *testing.B) {
	get := loops(b)
	spent := map[string]time.Duration{}
	const batch = 100
	pages := 0
	for b.Loop() {
		for name, once := range get {
			begin := processorTime(b)
			for range batch {
				once()
			}
			spent[name] += processorTime(b) - begin
		}
		pages += batch
	}
	for name, d := range spent {
		b.ReportMetric(float64(d.Microseconds())/float64(pages), "µs-"+name)
	}
	for _, name := range []string{"colly", "harvest"} {
		b.ReportMetric(spent["net-http"].Seconds()/spent[name].Seconds(), name+"/net-http")
	}
	b.ReportMetric(spent["net-http+links"].Seconds()/spent["harvest+links"].Seconds(), "harvest/net-http,links")
}

func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkSpacing reports the error of the spacing on a real clock, in percent
// of the delay. Hold: below 5.
func BenchmarkSpacing(b *testing.B) {
	const delay = 100 * time.Millisecond
	c := fetch.NewClocks(8, time.Second, time.Minute)
	var last time.Time
	var off time.Duration
	n := 0
	for b.Loop() {
		leave, err := c.Enter(context.Background(), "a.example", delay)
		if err != nil {
			b.Fatal(err)
		}
		now := time.Now()
		if !last.IsZero() {
			off += now.Sub(last) - delay
			n++
		}
		last = now
		leave()
	}
	b.ReportMetric(100*float64(off)/float64(delay)/float64(max(n, 1)), "%error")
}

func BenchmarkRobotsMatch(b *testing.B) {
	small := []byte("User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\nDisallow: /*?s=\nSitemap: https://site.example/sitemap.xml\n")
	var large strings.Builder
	large.WriteString("User-agent: *\n")
	for i := range 2000 {
		fmt.Fprintf(&large, "Disallow: /folder-%d/*/private$\n", i)
	}
	for name, content := range map[string][]byte{"small": small, "2000-wildcards": []byte(large.String())} {
		match, _, _ := fetch.Robots(content, "Harvest")
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				match("/resources/2021/03/report-on-forced-labour?lang=en")
			}
		})
	}
}

func BenchmarkChallenge(b *testing.B) {
	page := []byte(listing())
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		fetch.Challenge(nil, page)
	}
}

func BenchmarkToUTF8(b *testing.B) {
	page := []byte(listing())
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		fetch.ToUTF8(page, "text/html; charset=utf-8")
	}
}
