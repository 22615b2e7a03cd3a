package labelled

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// beside is the value behind an element that is a label.
func (s *search) beside(label *html.Node) []*html.Node {
	if label == s.scope {
		return nil
	}
	if heading(label) {
		return below(label)
	}
	if block(label) {
		return s.nextBlock(label)
	}
	if run := s.run(label, label.NextSibling); len(run) > 0 {
		return made(run)
	}
	return s.nextBlock(label)
}

// below is what follows a heading, up to the next.
func below(h *html.Node) []*html.Node {
	var out []*html.Node
	for c := h.NextSibling; c != nil && len(out) < maxValues; c = c.NextSibling {
		switch {
		case heading(c), is(c, atom.Section, atom.Article, atom.Aside, atom.Footer):
			return out
		case blank(c):
		case c.Type == html.ElementNode:
			out = append(out, c)
		case c.Type == html.TextNode:
			out = append(out, made([]*html.Node{c})...)
		}
	}
	return out
}

// nextBlock is the next element behind a label, or the text there. What
// announces something itself is the next label, and this one has no value.
func (s *search) nextBlock(label *html.Node) []*html.Node {
	for c := label.NextSibling; c != nil; c = c.NextSibling {
		switch {
		case blank(c):
			continue
		case announces(c), is(label, atom.Li) && is(c, atom.Li):
			return nil
		case c.Type == html.ElementNode && block(c):
			return []*html.Node{c}
		}
		return made(s.run(label, c))
	}
	return nil
}

// run is the line that begins at a node: up to the end of the block, a line
// break, a block or the next label.
func (s *search) run(label, from *html.Node) []*html.Node {
	var out []*html.Node
	says := false
	for c := from; c != nil && len(out) < maxValues; c = c.NextSibling {
		if is(c, atom.Br) {
			if says {
				break
			}
			continue // the value stands on the next line
		}
		if block(c) || announces(c) || says && isLike(c, label) {
			break
		}
		if c.Type == html.TextNode || c.Type == html.ElementNode {
			out = append(out, c)
			says = says || !blank(c)
		}
	}
	if !says {
		return nil
	}
	return out
}

// isLike reports whether an element looks like the label, and therefore is the
// next one: it is the same element with the same class.
func isLike(n, label *html.Node) bool {
	class := attribute(n, "class")
	return class != "" && n.Type == html.ElementNode && n.Data == label.Data && class == attribute(label, "class")
}

// announces reports whether an element is a label by what it is or says.
func announces(n *html.Node) bool {
	if n.Type != html.ElementNode || n.DataAtom == atom.A {
		return false
	}
	if is(n, atom.Dt, atom.Th) {
		return true
	}
	text, ok := short(n, 80)
	return ok && endsInColon(text) && strings.Trim(strings.TrimSpace(text), colons) != ""
}

// made is an element for the nodes of a value: the element itself where there is
// one only, else a new one with copies of them.
func made(run []*html.Node) []*html.Node {
	var only *html.Node
	n := 0
	for _, c := range run {
		if !blank(c) {
			only = c
			n++
		}
	}
	switch {
	case n == 0:
		return nil
	case n == 1 && only.Type == html.ElementNode:
		return []*html.Node{only}
	}
	span := &html.Node{Type: html.ElementNode, DataAtom: atom.Span, Data: "span"}
	left := maxNodes
	for i, c := range run {
		k := clone(c, &left)
		if k == nil {
			break
		}
		if i == 0 && k.Type == html.TextNode { // the colon outside of the label's element
			k.Data = strings.TrimLeft(k.Data, colons+" \t\r\n\u00a0")
		}
		span.AppendChild(k)
	}
	return []*html.Node{span}
}

// clone copies a node and what is in it, as long as there are nodes left.
func clone(n *html.Node, left *int) *html.Node {
	if *left--; *left < 0 {
		return nil
	}
	k := &html.Node{Type: n.Type, DataAtom: n.DataAtom, Data: n.Data, Namespace: n.Namespace, Attr: n.Attr}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		inner := clone(c, left)
		if inner == nil {
			break
		}
		k.AppendChild(inner)
	}
	return k
}
