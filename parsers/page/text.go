package page

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// maxText bounds the text of one selected element, in octets.
const maxText = 200_000

// textOf is the visible text of a selection.
func textOf(s *goquery.Selection) string {
	w := textWriter{left: maxText}
	for _, n := range s.Nodes {
		w.write(n)
		w.b.WriteByte(' ')
	}
	return w.b.String()
}

// blockText is the visible text of a node with "\n\n" between blocks.
func blockText(n *html.Node) string { return limitedText(n, maxText) }

// limitedText is the beginning of the visible text of a node, with "\n\n"
// between blocks. It stops after limit octets, so that nested elements that
// are all asked for their text cannot make the work grow without bounds.
func limitedText(n *html.Node, limit int) string {
	w := textWriter{left: limit}
	w.write(n)
	return w.b.String()
}

type textWriter struct {
	b    strings.Builder
	left int
}

func (w *textWriter) write(n *html.Node) {
	if w.left <= 0 {
		return
	}
	w.left-- // every node costs, also empty ones
	if n.Type == html.TextNode {
		w.text(n.Data)
		return
	}
	if n.Type == html.ElementNode && isSilent(n) {
		return
	}
	block := n.Type == html.ElementNode && isBlock(n.DataAtom)
	if block {
		w.b.WriteString("\n\n")
	}
	if n.DataAtom == atom.Br {
		w.b.WriteByte('\n')
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.write(c)
	}
	if block {
		w.b.WriteString("\n\n")
	} else if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
		w.b.WriteByte(' ')
	}
}

// text writes characters; line breaks in the source mean nothing.
func (w *textWriter) text(s string) {
	s = clip(s, w.left)
	w.left -= len(s)
	for i := range len(s) {
		if c := s[i]; c == '\n' || c == '\r' || c == '\t' {
			w.b.WriteByte(' ')
		} else {
			w.b.WriteByte(c)
		}
	}
}

func isSilent(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Noscript, atom.Template, atom.Iframe, atom.Object, atom.Svg, atom.Math, atom.Select, atom.Textarea, atom.Head, atom.Audio, atom.Video, atom.Canvas, atom.Dialog, atom.Button:
		return true
	}
	return isHidden(n)
}

func isHidden(n *html.Node) bool {
	hidden := false
	for _, a := range n.Attr {
		if a.Key == "id" && isStreamed(a.Val) {
			return false
		}
		hidden = hidden || normalize.Hides(a.Key, a.Val)
	}
	return hidden
}

// isStreamed reports whether an element with this id arrives hidden and is put
// in its place by a script: "S:1", as React writes the parts of a page that it
// streams (https://react.dev/reference/react-dom/server/renderToPipeableStream).
func isStreamed(id string) bool {
	return len(id) > 2 && len(id) < 8 && id[:2] == "S:" && strings.Trim(id[2:], "0123456789abcdef") == ""
}

func isBlock(a atom.Atom) bool {
	switch a {
	case atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Caption, atom.Center, atom.Dd, atom.Details, atom.Div, atom.Dl, atom.Dt,
		atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hr,
		atom.Li, atom.Main, atom.Menu, atom.Nav, atom.Ol, atom.P, atom.Pre, atom.Section, atom.Summary, atom.Table, atom.Tr, atom.Ul:
		return true
	}
	return false
}

func isHeadingTag(a atom.Atom) bool {
	switch a {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

func attr(n *html.Node, key string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val
		}
	}
	return ""
}
