package page

import (
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// extractor holds the evidence of one page while its fields are decided.
type extractor struct {
	url   string // as fetched
	base  string // for resolving links
	doc   *goquery.Document
	scope *goquery.Selection // where selectors look
	rules config.PageRules

	v      *view
	g      graph
	things []thing // what the JSON-LD says of this page, likeliest first
	keys   map[string]bool
	sites  []string // what the site calls itself
	lang   string   // for reading dates: declared, with region where known

	title   Candidate
	titleAt int // the block of the title, -1 when it is not shown
	body    content

	result Result
}

func newExtractor(url string, doc *goquery.Document, rules config.PageRules) *extractor {
	return &extractor{url: url, doc: doc, rules: rules, keys: make(map[string]bool), titleAt: -1}
}

// gather takes stock of the page.
func (e *extractor) gather() {
	for _, sel := range e.rules.Remove {
		match(e.doc.Selection, sel.CSS).Remove()
	}
	e.scope = e.doc.Selection
	for _, sel := range e.rules.Content {
		if s := match(e.doc.Selection, sel.CSS); s.Length() > 0 {
			e.scope = s.First()
			break
		}
	}
	e.v = &view{}
	if len(e.doc.Nodes) > 0 {
		e.v = look(e.doc.Nodes[0])
	}
	e.base = e.url
	if b, err := normalize.URL(e.url, e.v.base); err == nil && e.v.base != "" {
		e.base = b
	}
	e.g = readGraph(e.v.ld)
	e.result.Record = harvest.Record{URL: e.url, Provenance: make(map[string]harvest.Evidence)}
	e.result.Candidates = make(map[string][]Candidate)
	e.result.Notes = e.v.notes
	e.linkElements()
	e.robots()
	e.keys[normalize.URLKey(e.url)] = true
	if e.result.CanonicalURL != "" {
		e.keys[normalize.URLKey(e.result.CanonicalURL)] = true
	}
	e.things = e.g.ranked(e.keys)
	e.sites = e.siteNames()
}

// decide settles field after field; later ones lean on earlier ones.
func (e *extractor) decide() Result {
	e.decideTitle()
	e.body = e.findContent()
	e.decideLanguage()
	e.decideCitation()
	e.decideDates()
	e.decideAuthors()
	e.decideSummary()
	e.decideLabels()
	e.decidePublisher()
	e.decideDocuments()
	e.result.Text = e.body.text(100 << 10)
	return e.result
}

// put records the winner of a field.
func (e *extractor) settle(field string, b *ballot) (Candidate, bool) {
	c, ok := b.winner()
	if len(b.list) > 0 {
		e.result.Candidates[field] = b.list
	}
	if ok {
		e.evidence(field, c)
	}
	return c, ok
}

func (e *extractor) evidence(field string, c Candidate) {
	e.result.Record.Provenance[field] = harvest.Evidence{Basis: c.Basis, Detail: c.Detail, Page: e.url}
}

// selected offers what the source's own selectors find; it outranks all.
func (e *extractor) selected(b *ballot, selectors config.Selectors, clean func(string) string) bool {
	values, which := Find(e.scope, selectors)
	found := false
	for i, value := range values {
		if value = clean(value); value != "" {
			b.offer(value, "selector", which, 1000-i)
			found = true
		}
	}
	return found
}

// siteNames are what the site calls itself, surest first.
func (e *extractor) siteNames() []string {
	var out []string
	add := func(s string) {
		s = normalize.Text(s)
		if s == "" || len(s) > 80 {
			return
		}
		for _, o := range out {
			if key(o) == key(s) {
				return
			}
		}
		out = append(out, s)
	}
	for _, name := range []string{"og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site_name"} {
		for _, s := range e.v.meta[name] {
			add(s)
		}
	}
	for _, t := range e.g.things {
		for _, typ := range t.types() {
			if typ == "WebSite" || typ == "Organization" || typ == "NewsMediaOrganization" {
				add(t.text("name"))
				add(t.text("alternateName"))
			}
		}
	}
	for _, t := range e.things {
		if p, ok := e.g.resolve(t["publisher"]).(map[string]any); ok {
			add(thing(p).text("name"))
		}
	}
	if len(out) > 0 {
		e.result.SiteName = out[0]
	}
	return out
}

// isSiteName reports whether s is a name of the site or of its host.
func (e *extractor) isSiteName(s string) bool {
	k := key(s)
	if k == "" {
		return false
	}
	for _, name := range e.sites {
		if key(name) == k {
			return true
		}
	}
	return hostKey(e.url, k)
}

// hostKey reports whether k is the host of an address, with or without its
// "www." and its ending: "nzz", "nzzch".
func hostKey(address, k string) bool {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return false
	}
	host, _, _ := strings.Cut(rest, "/")
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	if key(host) == k {
		return true
	}
	labels := strings.Split(host, ".")
	for i := range labels {
		if len(labels[i]) > 2 && i < len(labels)-1 && labels[i] == k {
			return true
		}
	}
	return false
}
