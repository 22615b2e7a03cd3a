package links

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/item"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/page"
)

// The steps of the door.
const (
	StepStart = "start" // a page of the source file
	StepPage  = "page"  // a page that a link led to
)

// mostLinks bounds the links that are taken from one page.
const mostLinks = 2000

// Door follows links. It is immutable and safe for concurrent use.
type Door struct {
	source     *config.Source
	vocabulary *config.Vocabulary
	links      config.LinksDoor
	rules      config.PageRules
	door       int
	hosts      map[string]bool
	suffixes   []string // ".example.org"
}

// New returns the door at that position of the source, which must be of the
// kind links. Nothing is fetched.
func New(src *config.Source, vocab *config.Vocabulary, door int) (*Door, error) {
	d := &Door{source: src, vocabulary: vocab, links: *src.Doors[door].Links, rules: src.Doors[door].Page, door: door, hosts: make(map[string]bool)}
	if d.links.Depth <= 0 {
		d.links.Depth = 4
	}
	for _, raw := range append([]string{src.Homepage}, d.links.Start...) {
		if u, err := url.Parse(raw); err == nil && u.Host != "" {
			d.hosts[bareHost(u)] = true
		}
	}
	for _, h := range src.Scope.Hosts {
		h = strings.ToLower(h)
		if strings.HasPrefix(h, ".") {
			d.suffixes = append(d.suffixes, h)
			continue
		}
		d.hosts[strings.TrimPrefix(h, "www.")] = true
	}
	return d, nil
}

// Seeds asks for the start pages. Links cannot be asked for changes only.
func (d *Door) Seeds(time.Time) ([]harvest.Request, bool) {
	out := make([]harvest.Request, 0, len(d.links.Start))
	for _, start := range d.links.Start {
		out = append(out, harvest.Request{URL: start, Kind: harvest.KindDiscovery, Door: d.door, Step: StepStart, Page: 1})
	}
	return out, false
}

// Reading is how the door has its item pages read.
func (d *Door) Reading() item.Reading {
	return item.Reading{Source: d.source, Vocabulary: d.vocabulary, Rules: d.rules, Lists: d.links.Start}
}

// Recognise takes every page of the source's hosts, and says what it looks like.
// Doors that know their pages better are asked before.
func (d *Door) Recognise(p *harvest.Page) (req harvest.Request, why string, ok bool) {
	at := p.URL
	if at == "" && len(d.links.Start) > 0 {
		at = d.links.Start[0]
	}
	if isDocument(at) || !isHTML(p) || !d.inside(at) {
		return req, "", false
	}
	req = d.request(at, &harvest.Page{URL: at})
	for _, start := range d.links.Start {
		if normalize.URLKey(start) == normalize.URLKey(at) {
			req.Kind, req.Step, req.Page = harvest.KindDiscovery, StepStart, 1
		}
	}
	own := *p
	own.URL, own.Request = at, req
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(p.Body))
	if err != nil {
		return req, "", false
	}
	found := page.Extract(&own, d.rules)
	return req, "links are followed from it, and it looks like " + d.judge(&own, doc, &found).String(), true
}

// Parse answers for one page. It is pure and accepts any bytes.
func (d *Door) Parse(p *harvest.Page) harvest.Parsed {
	if p.Request.Step != StepStart && p.Request.Step != StepPage {
		return harvest.Parsed{Notes: []string{fmt.Sprintf("the links door has no step %q", p.Request.Step)}}
	}
	if p.Outcome != harvest.Fetched || !isHTML(p) {
		return d.notHad(p)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(p.Body))
	if err != nil {
		return harvest.Parsed{Events: []harvest.Event{{Outcome: harvest.ParseFailed, URL: p.URL, Reason: err.Error()}}}
	}
	var out harvest.Parsed
	parsed, found := item.Read(p, d.Reading())
	for _, ev := range parsed.Events {
		if ev.Outcome == harvest.NotFoundPage { // it says so in words
			return parsed
		}
	}
	isItem := found != nil && d.judge(p, doc, found).item
	if isItem {
		out = parsed
	}
	if p.NoFollow || found != nil && found.NoFollow {
		out.Notes = append(out.Notes, p.URL+" says nofollow: its links were not followed")
		return out
	}
	d.follow(&out, p, doc, isItem)
	if p.Request.Step == StepStart && len(out.Requests) == 0 && len(out.Records) == 0 && len(d.links.Start) == 1 {
		out.Dead = p.URL + " has no links that can be followed"
	}
	return out
}

// notHad answers for what is no page of HTML: a page that was not had, or a file.
func (d *Door) notHad(p *harvest.Page) harvest.Parsed {
	switch {
	case p.Request.Kind == harvest.KindItem:
		return item.Parse(p, d.Reading())
	case p.Request.Step == StepStart && len(d.links.Start) == 1 && p.Outcome != harvest.Cancelled:
		why := strings.TrimSpace(fmt.Sprintf("%s (%d) %s", p.Outcome, p.Status, p.Reason))
		if p.Outcome == harvest.Fetched {
			why = "it is " + p.MediaType + ", not HTML"
		}
		return harvest.Parsed{Dead: p.Request.URL + ": " + why}
	}
	return harvest.Parsed{}
}

// follow asks for the pages that a page leads to. A file that a hub leads to is
// an item of its own; one that an item leads to belongs to that.
func (d *Door) follow(out *harvest.Parsed, p *harvest.Page, doc *goquery.Document, isItem bool) {
	if p.Request.Depth >= d.links.Depth {
		return
	}
	base := p.URL
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		if u, err := normalize.URL(base, href); err == nil {
			base = u
		}
	}
	asked := map[string]bool{normalize.URLKey(p.URL): true, normalize.URLKey(p.Request.URL): true}
	for _, a := range doc.Find("a[href], area[href]").EachIter() {
		if len(out.Requests) >= mostLinks {
			out.Notes = append(out.Notes, fmt.Sprintf("%s: links beyond the first %d were left out", p.URL, mostLinks))
			return
		}
		href := strings.TrimSpace(a.AttrOr("href", ""))
		if href == "" || strings.HasPrefix(href, "#") || strings.Contains(strings.ToLower(a.AttrOr("rel", "")), "nofollow") {
			continue
		}
		u, err := normalize.URL(base, href)
		if err != nil || !d.inside(u) || asked[normalize.URLKey(u)] {
			continue
		}
		asked[normalize.URLKey(u)] = true
		if isDocument(u) {
			if !isItem {
				d.file(out, p, u, normalize.Text(a.Text()))
			}
			continue
		}
		out.Requests = append(out.Requests, d.request(u, p))
	}
}

// file makes a record of a file that a hub links to, named as the link names it.
func (d *Door) file(out *harvest.Parsed, p *harvest.Page, at, title string) {
	const shortest = 12 // characters; "Download" and "PDF" name nothing
	if len([]rune(title)) < shortest {
		return
	}
	rec := harvest.Record{URL: at, CanonicalURL: at, Title: title, Documents: []harvest.Document{{URL: at, MediaType: item.DocumentType(at)}}, Provenance: map[string]harvest.Evidence{
		"url": {Basis: "door", Detail: "a link", Page: p.URL}, "title": {Basis: "text", Detail: "link text", Page: p.URL}, "documents": {Basis: "url", Detail: "the link itself", Page: p.URL},
	}}
	item.Finish(out, &rec, d.source, d.vocabulary)
}

// request asks for a page as what its address looks like: a hub as a further
// page of a list, of which the links are kept while it does not change, and
// everything else as an item.
func (d *Door) request(at string, from *harvest.Page) harvest.Request {
	req := harvest.Request{
		URL: at, Kind: harvest.KindItem, Door: d.door, Step: StepPage, Depth: from.Request.Depth + 1, Referrer: from.URL,
	}
	if d.looksLikeHub(at) {
		req.Kind, req.Page = harvest.KindDiscovery, 2
	}
	return req
}

func isHTML(p *harvest.Page) bool {
	switch p.MediaType {
	case "", "text/html", "application/xhtml+xml":
		return true
	}
	return false
}
