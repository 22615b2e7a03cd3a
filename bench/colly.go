package main

import (
	"encoding/json"
	"sync"

	"github.com/gocolly/colly/v2"
)

// found is what a Colly user would keep of an item page. The selectors are
// those of the source file.
type found struct {
	URL, Title, Category, Summary, Author, Date, Document, Canonical string
	LD                                                               struct {
		Language  string `json:"inLanguage"`
		Publisher struct {
			Name string `json:"name"`
		} `json:"publisher"`
	}
}

// collector is a plain Colly collector, tuned as far as its options go. next
// is called with each address to follow.
func collector(a arguments, keep func(found), next func(e *colly.HTMLElement, u string), options ...colly.CollectorOption) (*colly.Collector, func()) {
	tr := transport(a)
	c := colly.NewCollector(options...)
	c.WithTransport(tr)
	follow := func(e *colly.HTMLElement) { next(e, e.Request.AbsoluteURL(e.Attr("href"))) }
	c.OnHTML(cardLinks, follow)
	c.OnHTML(nextLink, follow)
	c.OnHTML("html", func(e *colly.HTMLElement) {
		item := e.DOM.Find("article.hentry")
		if item.Length() == 0 {
			return
		}
		f := found{
			URL:       e.Request.URL.String(),
			Title:     item.Find("h1.entry-title").Text(),
			Category:  item.Find(".entry-header .label").Text(),
			Summary:   item.Find(".entry-content > p.lead").Text(),
			Author:    item.Find(".author").Text(),
			Date:      item.Find("time").AttrOr("datetime", ""),
			Document:  e.Request.AbsoluteURL(item.Find("a.download").AttrOr("href", "")),
			Canonical: e.ChildAttr(`link[rel="canonical"]`, "href"),
		}
		_ = json.Unmarshal([]byte(e.ChildText(`script[type="application/ld+json"]`)), &f.LD)
		keep(f)
	})
	return c, tr.CloseIdleConnections
}

// collySync is Colly as it is fastest: workers of our own, synchronous visits,
// no goroutine per pending address.
func collySync(a arguments) (work, func(), error) {
	q, kept := newQueue(siteOf(a).starts()), new(keeper)
	c, done := collector(a, kept.keep, func(_ *colly.HTMLElement, u string) { q.push(u) }, colly.AllowURLRevisit())
	return func() (int, int, error) {
		n, err := q.run(a.Connections, c.Visit)
		return n, len(kept.all), err
	}, done, nil
}

// collyAsync is Colly as its documentation shows it.
func collyAsync(a arguments) (work, func(), error) {
	kept := new(keeper)
	c, done := collector(a, kept.keep, func(e *colly.HTMLElement, u string) { _ = e.Request.Visit(u) },
		colly.Async(true), colly.MaxDepth(0))
	if err := c.Limit(&colly.LimitRule{DomainGlob: "*", Parallelism: a.Connections}); err != nil {
		return nil, done, err
	}
	var mu sync.Mutex
	pages := 0
	c.OnResponse(func(*colly.Response) {
		mu.Lock()
		defer mu.Unlock()
		pages++
	})
	return func() (int, int, error) {
		for _, u := range siteOf(a).starts() {
			if err := c.Visit(u); err != nil {
				return 0, 0, err
			}
		}
		c.Wait()
		return pages, len(kept.all), nil
	}, done, nil
}

// keeper holds records in memory, which is less than a store does.
type keeper struct {
	mu  sync.Mutex
	all []found
}

func (k *keeper) keep(f found) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all = append(k.all, f)
}
