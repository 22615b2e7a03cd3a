package page

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// Bounds of what is read of one page. Real pages stay far below.
const (
	maxNodes  = 300_000
	maxBlocks = 20_000
	maxMarks  = 4_000
	maxMeta   = 2_000
	maxValue  = 8 << 10 // octets of one attribute or short text
)

// block is one line of the page as a reader sees it: the inline content
// between two borders of block elements or line breaks.
type block struct {
	text  string
	owner *html.Node // the nearest block element
	tag   atom.Atom  // of the owner, or the heading that holds it
	zone  zone
	role  role // of the owner and the inline elements within
	links int  // octets of text within links
	bold  int  // octets of text within strong and the like
}

// view is what one walk over the document finds.
type view struct {
	meta   map[string][]string
	links  []*html.Node // <link>
	ld     []string     // JSON-LD scripts
	state  []string     // other scripts that hold data
	title  string       // <title>
	lang   string       // <html lang>
	langs  bool         // whether other elements declare languages too
	base   string       // <base href>
	body   string       // class of <body>
	blocks []block
	marks  []mark
	times  []mark // <time>
	props  []itemProp
	scopes []scope
	h1s    []heading
	heads  []heading // h2 to h4
	anchor []anchor  // links within the content
	notes  []string

	nodes  int
	exempt map[*html.Node]bool
	words  map[string]meaning // of class names seen before
	buf    strings.Builder
	linked int
	strong int
	roles  role
	last   byte // the last octet of buf
	apart  bool // an element ended or began after it
	ended  bool // an element ended after it
	next   bool // one ended, and then another began
}

// heading is a heading with its place.
type heading struct {
	node  *html.Node
	text  string
	level int
	zone  zone
	role  role
	at    int
}

// anchor is a link in the page's text.
type anchor struct {
	node *html.Node
	href string
	zone zone
	at   int
}

func look(root *html.Node) *view {
	v := &view{meta: make(map[string][]string), exempt: make(map[*html.Node]bool), words: make(map[string]meaning)}
	v.findHeadings(root)
	v.walk(root, state{})
	v.flush(state{})
	v.unmargin()
	if v.nodes > maxNodes {
		v.notes = append(v.notes, "the page has too many elements; the rest is not read")
	}
	return v
}

// next is the node after n in document order.
func next(n, root *html.Node) *html.Node {
	if n.FirstChild != nil {
		return n.FirstChild
	}
	for n != root && n != nil {
		if n.NextSibling != nil {
			return n.NextSibling
		}
		n = n.Parent
	}
	return nil
}

// state is what is inherited on the way down.
type state struct {
	zone  zone
	role  role
	item  string // the type of the microdata item
	owner *html.Node
	head  *html.Node // the heading around
	link  bool
	bold  bool
	depth int
}

func (v *view) walk(n *html.Node, s state) {
	v.nodes++
	if v.nodes > maxNodes || s.depth > 600 {
		return
	}
	switch n.Type {
	case html.TextNode:
		v.text(n.Data, s)
		return
	case html.ElementNode:
		v.element(n, s)
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		v.walk(c, s)
	}
}

func (v *view) text(data string, s state) {
	if strings.TrimSpace(data) == "" {
		if v.buf.Len() > 0 {
			v.buf.WriteByte(' ')
		}
		return
	}
	if s.link {
		v.linked += len(strings.TrimSpace(data))
	}
	if s.bold {
		v.strong += len(strings.TrimSpace(data))
	}
	v.roles |= s.role
	if v.apart && v.buf.Len() > 0 && (isDigitByte(data[0]) && isDigitByte(v.last) || v.next && beginsAnew(v.buf.String(), data)) {
		v.buf.WriteByte(' ') // the day in one element, the time in the next
	}
	v.apart, v.ended, v.next = false, false, false
	v.last = data[len(data)-1]
	v.buf.WriteString(data)
}

// beginsAnew reports whether the text of an element begins a sentence or a name
// of its own right behind the text of another: a style sets the two apart.
func beginsAnew(before, text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsUpper(first) && (unicode.IsLower(last) || strings.ContainsRune(".!?:", last))
}

func isDigitByte(c byte) bool { return c >= '0' && c <= '9' }

func (v *view) element(n *html.Node, s state) {
	switch n.DataAtom {
	case atom.Meta, atom.Link, atom.Title, atom.Base, atom.Script:
		v.headElement(n, s)
		return
	case atom.Html:
		v.lang = attr(n, "lang")
		if v.lang == "" {
			v.lang = attr(n, "xml:lang")
		}
	case atom.Body:
		v.body = attr(n, "class") + " " + attr(n, "id")
	case atom.Head:
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			v.walk(c, s)
		}
		return
	case atom.Br:
		v.flush(s)
		return
	}
	if isSilent(n) && n.DataAtom != atom.Noscript {
		v.hiddenProps(n, s)
		v.apart, v.ended, v.next = true, true, true
		return
	}
	if n.DataAtom == atom.Noscript {
		return
	}
	named := classOf(n, v.meaningOf)
	class, role := named.zone, named.role
	if n.DataAtom == atom.Body || n.DataAtom == atom.Html {
		class, role = 0, 0
	}
	inner := s
	inner.depth++
	inner.zone = zoneOf(n, s.zone, class, v.exempt[n])
	blockLevel := isBlock(n.DataAtom)
	if blockLevel {
		v.flush(s)
		inner.owner, inner.role = n, role
	} else {
		inner.role |= role
		v.apart, v.next = true, v.ended
	}
	v.marked(n, role, &inner)
	level := 0
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4:
		level = int(n.Data[1] - '0')
		inner.head = n
	case atom.A:
		inner.link = true
		if len(v.anchor) < maxMarks {
			v.anchor = append(v.anchor, anchor{n, attr(n, "href"), inner.zone, len(v.blocks)})
		}
	case atom.B, atom.Strong, atom.Em, atom.I:
		inner.bold = true
	case atom.Img, atom.Input:
		return
	}
	start := len(v.blocks)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		v.walk(c, inner)
	}
	v.apart, v.ended = true, true
	if blockLevel {
		v.flush(inner)
	} else if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
		v.buf.WriteByte(' ')
	}
	if level > 0 {
		v.heading(n, level, inner.zone, role, start)
	}
}

func (v *view) heading(n *html.Node, level int, z zone, r role, at int) {
	if len(v.h1s)+len(v.heads) >= 500 {
		return
	}
	h := heading{n, "", level, z, r, at}
	if at == len(v.blocks)-1 && v.blocks[at].tag == n.DataAtom && len(v.blocks[at].text) < 2000 {
		h.text = v.blocks[at].text // it is one line
	} else {
		h.text = normalize.Text(limitedText(n, 2000))
	}
	if h.text == "" {
		return
	}
	if level == 1 {
		v.h1s = append(v.h1s, h)
	} else {
		v.heads = append(v.heads, h)
	}
}

// flush ends a block.
func (v *view) flush(s state) {
	if v.buf.Len() == 0 {
		return
	}
	text := normalize.Text(v.buf.String())
	if text != "" && len(v.blocks) < maxBlocks {
		b := block{text: text, owner: s.owner, zone: s.zone, role: v.roles, links: v.linked, bold: v.strong}
		if s.owner != nil {
			b.tag = s.owner.DataAtom
		}
		if s.head != nil {
			b.tag = s.head.DataAtom
		}
		v.blocks = append(v.blocks, b)
	}
	v.buf.Reset()
	v.linked, v.strong, v.roles = 0, 0, 0
}

// clip bounds a string without cutting a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}
