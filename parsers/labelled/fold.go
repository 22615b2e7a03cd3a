package labelled

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

// colons end a label: the ASCII one, that of full-width scripts, and that of
// Armenian.
const colons = ":：։"

// Fold is a label as it is compared: capitals, spaces, the colon at its end and
// the mark of a required field make no difference.
func Fold(label string) string {
	label = strings.ToLower(norm.NFKC.String(label))
	label = strings.Join(strings.FieldsFunc(label, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r)
	}), " ")
	return strings.TrimSpace(strings.TrimRight(label, colons+" *"))
}

// endsInColon reports whether a text announces what comes behind it.
func endsInColon(text string) bool {
	text = strings.TrimRightFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	return text != "" && strings.ContainsRune(colons, lastRune(text))
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// short is the text of a node when it has at most limit octets of it and few
// nodes; false for anything longer, which is no label.
func short(n *html.Node, limit int) (string, bool) {
	s := shortText{limit: limit, nodes: 40}
	ok := s.add(n)
	return s.b.String(), ok
}

type shortText struct {
	b            strings.Builder
	limit, nodes int
}

// space keeps words of two nodes apart, once.
func (s *shortText) space() {
	if text := s.b.String(); text != "" && !strings.HasSuffix(text, " ") {
		s.b.WriteByte(' ')
	}
}

func (s *shortText) add(n *html.Node) bool {
	if s.nodes--; s.nodes < 0 {
		return false
	}
	switch n.Type {
	case html.TextNode:
		const longest = 4 << 10 // with the indentation of the source
		if len(n.Data) > longest {
			return false
		}
		text := strings.Join(strings.Fields(n.Data), " ")
		if s.b.Len()+len(text) > s.limit {
			return false
		}
		s.b.WriteString(text)
		if text == "" || unicode.IsSpace(lastRune(n.Data)) {
			s.space()
		}
		return true
	case html.ElementNode, html.DocumentNode:
		if silent(n) {
			return true
		}
		if n.DataAtom == atom.Br || block(n) {
			s.space()
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if !s.add(c) {
				return false
			}
		}
	}
	return true
}

// silent elements hold no text for readers.
func silent(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Head, atom.Svg, atom.Select, atom.Textarea:
		return true
	}
	return false
}

// block elements begin a line.
func block(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	switch n.DataAtom {
	case atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Bdo, atom.Cite, atom.Code, atom.Data, atom.Em, atom.Font, atom.I, atom.Img, atom.Input,
		atom.Ins, atom.Kbd, atom.Label, atom.Mark, atom.Q, atom.S, atom.Small, atom.Span, atom.Strong, atom.Sub, atom.Sup, atom.Svg,
		atom.Time, atom.U, atom.Var, atom.Wbr, atom.Script, atom.Style, atom.Button, atom.Del:
		return false
	}
	return n.DataAtom != 0 // elements of the site's own making stand in lines
}

func heading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

func is(n *html.Node, atoms ...atom.Atom) bool {
	return n != nil && n.Type == html.ElementNode && slices.Contains(atoms, n.DataAtom)
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// blank reports whether a node says nothing.
func blank(n *html.Node) bool {
	switch n.Type {
	case html.TextNode:
		return strings.TrimFunc(n.Data, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(colons, r)
		}) == ""
	case html.ElementNode:
		if silent(n) {
			return true
		}
		if is(n, atom.Img, atom.Iframe, atom.Object, atom.Video, atom.A, atom.Time, atom.Input, atom.Button) {
			return false
		}
		text, ok := short(n, 4)
		return ok && strings.Trim(strings.TrimSpace(text), colons) == "" && !holdsLink(n)
	}
	return true
}

// holdsLink reports whether there is a link among the first nodes of an element.
func holdsLink(n *html.Node) bool {
	seen := 0
	for c := range n.Descendants() {
		if seen++; seen > 40 {
			return true
		}
		if is(c, atom.A, atom.Img) {
			return true
		}
	}
	return false
}
