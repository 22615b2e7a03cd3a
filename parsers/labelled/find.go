package labelled

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds of the work for one label.
const (
	maxHits   = 50      // places where a label is printed
	maxValues = 100     // elements that hold its value
	maxNodes  = 2_000   // nodes of one value
	maxWalk   = 200_000 // nodes of a page that are looked at
)

// hit is one place where a label is printed.
type hit struct {
	node  *html.Node // the element that is the label, or the text node that begins with it
	group *html.Node // what holds the label and its like
	value func() []*html.Node
}

// Find returns the elements that hold the value of the first of the labels that
// has one in scope, and that label; an empty selection when none has. A label
// that stands in a group several times, as one dt for each author, counts as
// often. Elements are those of the page where a whole one is the value, else
// made for it; the page is not changed.
func Find(scope *goquery.Selection, labels []string) (found *goquery.Selection, label string) {
	for _, label := range labels {
		folded := Fold(label)
		if folded == "" {
			continue
		}
		s := search{label: folded, longest: len(label) + 24, left: maxWalk}
		for _, n := range scope.Nodes {
			s.scope = n
			s.rowOf(n)
			s.walk(n)
		}
		for _, hits := range [][]hit{s.sure, s.likely} {
			if values := valuesOf(hits); len(values) > 0 {
				return scope.FilterNodes().AddNodes(values...), label
			}
		}
	}
	return scope.FilterNodes(), ""
}

// Holding are the elements of a value that hold an attribute: the value itself,
// else those in it.
func Holding(found *goquery.Selection, attributes ...string) *goquery.Selection {
	out := found.FilterNodes()
	for _, e := range found.EachIter() {
		for _, name := range attributes {
			if _, ok := e.Attr(name); ok {
				out = out.AddSelection(e)
				break
			}
			if in := e.Find("[" + name + "]"); in.Length() > 0 {
				out = out.AddSelection(in)
				break
			}
		}
	}
	return out
}

// Parts are the single values of a list that is printed in one element, such as
// links with commas between them; an element that says more than these is one.
func Parts(found *goquery.Selection) *goquery.Selection {
	out := found.FilterNodes()
	for _, e := range found.EachIter() {
		if inner := e.Children().Not("br"); inner.Length() > 1 && onlySeparates(e) {
			out = out.AddSelection(inner)
			continue
		}
		out = out.AddSelection(e)
	}
	return out
}

// onlySeparates reports whether an element's own text is what stands between
// the members of a list.
func onlySeparates(e *goquery.Selection) bool {
	for _, n := range e.Nodes {
		for c := range n.ChildNodes() {
			if c.Type != html.TextNode {
				continue
			}
			switch word := strings.ToLower(strings.Trim(c.Data, " \t\r\n\u00a0,;/|·•&")); word {
			case "", "and", "und", "et", "y", "e", "и", "و":
			default:
				return false
			}
		}
	}
	return true
}

// valuesOf are the values of the first group of hits that has any.
func valuesOf(hits []hit) []*html.Node {
	var values []*html.Node
	var group *html.Node
	for _, h := range hits {
		if len(values) > 0 && h.group != group || len(values) >= maxValues {
			continue
		}
		for _, v := range h.value() {
			if !slices.Contains(values, v) && len(values) < maxValues {
				values, group = append(values, v), h.group
			}
		}
	}
	return values
}

// search is the walk for one label.
type search struct {
	label        string
	longest      int
	left         int
	scope        *html.Node
	sure, likely []hit
}

func (s *search) add(sure bool, h hit) {
	to := &s.likely
	if sure {
		to = &s.sure
	}
	if len(*to) < maxHits {
		*to = append(*to, h)
	}
}

// walk looks at a node and what is in it.
func (s *search) walk(n *html.Node) {
	if s.left--; s.left < 0 || silent(n) && n != s.scope {
		return
	}
	if n.Type == html.TextNode {
		s.line(n)
		return
	}
	if n.Type == html.ElementNode && n != s.scope {
		for _, name := range []string{"data-label", "data-th", "data-title", "data-heading"} {
			if v := attribute(n, name); v != "" && len(v) <= s.longest && Fold(v) == s.label {
				s.add(true, hit{n, n.Parent, func() []*html.Node { return []*html.Node{n} }})
				return
			}
		}
		if text, ok := short(n, s.longest); ok && Fold(text) == s.label {
			s.element(n, text)
			return
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		s.walk(c)
	}
}

// element takes an element whose whole text is the label.
func (s *search) element(n *html.Node, text string) {
	n = inner(n)
	switch {
	case is(n, atom.Dt):
		s.add(true, hit{n, listOf(n), func() []*html.Node { return descriptions(n) }})
	case is(n, atom.Th, atom.Td):
		s.add(is(n, atom.Th) || endsInColon(text), hit{n, closest(n, atom.Table), func() []*html.Node { return s.cells(n) }})
	case is(n, atom.A, atom.Button, atom.Option, atom.Title):
		// what can be clicked is called so, and labels nothing
	case closest(n, atom.Nav) != nil:
	default:
		s.add(endsInColon(text) || colonFollows(n), hit{n, n.Parent, func() []*html.Node { return s.beside(n) }})
	}
}

// colonFollows: <b>Date</b>: 2021.
func colonFollows(n *html.Node) bool {
	c := n.NextSibling
	if c == nil || c.Type != html.TextNode {
		return false
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeftFunc(c.Data, unicode.IsSpace))
	return strings.ContainsRune(colons, r)
}

// inner is the dt, th or td that is all there is in a wrapper.
func inner(n *html.Node) *html.Node {
	for at, depth := n, 0; at != nil && depth < 4; depth++ {
		if is(at, atom.Dt, atom.Th, atom.Td) {
			return at
		}
		var only *html.Node
		for c := at.FirstChild; c != nil; c = c.NextSibling {
			if blank(c) {
				continue
			}
			if only != nil {
				return n
			}
			only = c
		}
		at = only
	}
	return n
}

func closest(n *html.Node, a atom.Atom) *html.Node {
	depth := 0
	for at := n.Parent; at != nil && depth < 50; at = at.Parent {
		if is(at, a) {
			return at
		}
		depth++
	}
	return nil
}

// listOf is the definition list of a term.
func listOf(dt *html.Node) *html.Node {
	if dl := closest(dt, atom.Dl); dl != nil {
		return dl
	}
	return dt.Parent
}

// descriptions are the dd of a term: those that follow it or the terms right
// behind it, which share them
// (https://html.spec.whatwg.org/multipage/grouping-content.html#the-dl-element).
func descriptions(dt *html.Node) []*html.Node {
	var out []*html.Node
	described := false
	for c := dt.NextSibling; c != nil && len(out) < maxValues; c = c.NextSibling {
		switch {
		case is(c, atom.Dd):
			if described = true; !blank(c) {
				out = append(out, c)
			}
		case is(c, atom.Dt) && described:
			return out
		}
	}
	return out
}
