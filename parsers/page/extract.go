package page

import (
	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// extractor holds the evidence of one page.
type extractor struct {
	url   string
	doc   *goquery.Document
	rules config.PageRules
	meta  map[string][]string
	title string
	h1    []string
	paras []string
}

func newExtractor(url string, doc *goquery.Document, rules config.PageRules) *extractor {
	return &extractor{url: url, doc: doc, rules: rules, meta: make(map[string][]string)}
}

func (e *extractor) gather() {
	for _, sel := range e.rules.Remove {
		match(e.doc.Selection, sel.CSS).Remove()
	}
	for _, n := range e.doc.Nodes {
		e.walk(n)
	}
}

func (e *extractor) walk(n *html.Node) {
	switch n.DataAtom {
	case atom.Meta:
		if k := attr(n, "property") + attr(n, "name"); k != "" {
			e.meta[k] = append(e.meta[k], attr(n, "content"))
		}
	case atom.H1:
		e.h1 = append(e.h1, normalize.Text(nodeText(n)))
	case atom.Title:
		e.title = normalize.Text(nodeText(n))
	case atom.P:
		e.paras = append(e.paras, normalize.Text(nodeText(n)))
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		e.walk(c)
	}
}

func (e *extractor) decide() Result {
	r := Result{Record: harvest.Record{URL: e.url}}
	for _, t := range append(append([]string{}, e.h1...), e.title) {
		if t != "" {
			r.Record.Title = t
			break
		}
	}
	return r
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func isHidden(n *html.Node) bool {
	for _, a := range n.Attr {
		if normalize.Hides(a.Key, a.Val) {
			return true
		}
	}
	return false
}
