package page

import (
	"strings"

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

// mark is an element that says for what it is.
type mark struct {
	node *html.Node
	role role
	zone zone
	at   int // the block in which it begins
}

// itemProp is an element with itemprop, or with an RDFa property that means the
// same.
type itemProp struct {
	name  string
	node  *html.Node
	owner string // the type of the item it belongs to, in lower case
	zone  zone
	at    int
}

// view is what one walk over the document finds.
type view struct {
	meta   map[string][]string
	links  []*html.Node // <link>
	ld     []string     // JSON-LD scripts
	state  []string     // other scripts that hold data
	title  string       // <title>
	lang   string       // <html lang>
	base   string       // <base href>
	body   string       // class of <body>
	blocks []block
	marks  []mark
	times  []mark // <time>
	props  []itemProp
	h1s    []heading
	heads  []heading // h2 to h4
	anchor []anchor  // links within the content
	notes  []string

	nodes  int
	exempt map[*html.Node]bool
	buf    strings.Builder
	linked int
	strong int
	roles  role
	last   byte // the last octet of buf
	apart  bool // an element ended or began after it
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
	v := &view{meta: make(map[string][]string), exempt: make(map[*html.Node]bool)}
	v.findHeadings(root)
	v.walk(root, state{})
	v.flush(state{})
	v.unmargin()
	if v.nodes > maxNodes {
		v.notes = append(v.notes, "the page has too many elements; the rest is not read")
	}
	return v
}

// unmargin takes back the zones that hold most of the page's running text: what
// a template calls the sidebar, or puts into a form, is then no margin.
func (v *view) unmargin() {
	const margins = inAside | inForm | inBanner | inRelated | inCard | inNav | inFooter
	total := 0
	var within [16]int
	for _, b := range v.blocks {
		if len(b.text) < 80 || b.links*2 > len(b.text) {
			continue
		}
		total += len(b.text)
		for bit := range within {
			if z := zone(1) << bit; z&margins&b.zone != 0 {
				within[bit] += len(b.text)
			}
		}
	}
	var not zone
	for bit, n := range within {
		if total > 1000 && n*10 > total*8 {
			not |= 1 << bit
		}
	}
	if not != 0 {
		v.rezone(0, not)
	}
}

// rezone takes zones off everything that stands in block from or later.
func (v *view) rezone(from int, not zone) {
	for i := from; i < len(v.blocks); i++ {
		v.blocks[i].zone &^= not
	}
	for _, marks := range [][]mark{v.marks, v.times} {
		for i := range marks {
			if marks[i].at >= from {
				marks[i].zone &^= not
			}
		}
	}
	for _, heads := range [][]heading{v.h1s, v.heads} {
		for i := range heads {
			if heads[i].at >= from {
				heads[i].zone &^= not
			}
		}
	}
	for i := range v.anchor {
		if v.anchor[i].at >= from {
			v.anchor[i].zone &^= not
		}
	}
	for i := range v.props {
		if v.props[i].at >= from {
			v.props[i].zone &^= not
		}
	}
}

// findHeadings notes the ancestors of the first headings of level one.
func (v *view) findHeadings(root *html.Node) {
	found, seen := 0, 0
	for n := root; n != nil && found < 4 && seen < maxNodes; seen++ {
		if n.DataAtom == atom.H1 && n.Type == html.ElementNode {
			found++
			for p := n.Parent; p != nil && !v.exempt[p]; p = p.Parent {
				v.exempt[p] = true
			}
		}
		n = next(n, root)
	}
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
	if v.apart && isDigitByte(data[0]) && isDigitByte(v.last) && v.buf.Len() > 0 {
		v.buf.WriteByte(' ') // the day in one element, the time in the next
	}
	v.apart = false
	v.last = data[len(data)-1]
	v.buf.WriteString(data)
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
		return
	}
	if n.DataAtom == atom.Noscript {
		return
	}
	class, role := classOf(n)
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
		v.apart = true
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
	v.apart = true
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

// headElement reads an element that stands in the head, or should.
func (v *view) headElement(n *html.Node, s state) {
	switch n.DataAtom {
	case atom.Meta:
		v.metaElement(n, s)
	case atom.Link:
		if len(v.links) < maxMeta {
			v.links = append(v.links, n)
		}
		if p := attr(n, "itemprop"); p != "" {
			v.prop(p, n, s)
		}
	case atom.Base:
		if v.base == "" {
			v.base = attr(n, "href")
		}
	case atom.Title:
		if v.title == "" && n.Parent != nil && n.Parent.DataAtom != atom.Svg && n.FirstChild != nil {
			v.title = normalize.Text(clip(n.FirstChild.Data, maxValue))
		}
	case atom.Script:
		switch {
		case n.FirstChild == nil:
		case strings.Contains(strings.ToLower(attr(n, "type")), "ld+json"):
			if len(v.ld) < 50 {
				v.ld = append(v.ld, n.FirstChild.Data)
			}
		case len(v.state) < 100:
			v.state = append(v.state, n.FirstChild.Data)
		}
	}
}

func (v *view) metaElement(n *html.Node, s state) {
	content := attr(n, "content")
	if content == "" {
		content = attr(n, "value")
	}
	if content == "" || v.nodes > maxNodes || len(v.meta) > maxMeta {
		return
	}
	content = clip(content, maxValue)
	for _, key := range []string{"property", "name", "http-equiv"} {
		for name := range strings.FieldsSeq(clip(attr(n, key), 200)) {
			name = strings.ToLower(name)
			if len(v.meta[name]) < 100 {
				v.meta[name] = append(v.meta[name], content)
			}
		}
	}
	if p := attr(n, "itemprop"); p != "" {
		v.prop(p, n, s)
	}
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

// marked notes an element that says for what it is.
func (v *view) marked(n *html.Node, r role, s *state) {
	hasScope := false
	for _, a := range n.Attr {
		switch a.Key {
		case "itemprop":
			v.prop(a.Val, n, *s)
		case "itemscope":
			hasScope = true
		case "rel":
			if n.DataAtom == atom.A && hasToken(a.Val, "author") {
				r |= forAuthor
			}
			if n.DataAtom == atom.A && hasToken(a.Val, "tag") {
				r |= forTags
			}
		case "property":
			v.rdfa(a.Val, n, *s)
		}
	}
	if hasScope {
		s.item = strings.ToLower(clip(attr(n, "itemtype"), 200))
		if s.item == "" {
			s.item = "?"
		}
	}
	if (n.DataAtom == atom.Time || dateAttr(n) != "") && len(v.times) < maxMarks {
		v.times = append(v.times, mark{n, r | s.role, s.zone, len(v.blocks)})
	}
	if r != 0 && len(v.marks) < maxMarks {
		v.marks = append(v.marks, mark{n, r, s.zone, len(v.blocks)})
	}
}

// dateAttr is the machine's form of a date that is shown: what <time> has as
// datetime, and other elements as content or title (RDFa; microformats, hAtom).
func dateAttr(n *html.Node) string {
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "datetime", "content", "title":
			if v := strings.TrimSpace(a.Val); a.Key == "datetime" && n.DataAtom == atom.Time || isMachineDate(v) {
				return v
			}
		}
	}
	return ""
}

// isMachineDate: "2021-03-15", perhaps with a time.
func isMachineDate(s string) bool {
	return len(s) >= 10 && len(s) < 40 && isDigitByte(s[0]) && isDigitByte(s[3]) && s[4] == '-' && s[7] == '-' && isDigitByte(s[9])
}

func hasToken(list, token string) bool {
	for f := range strings.FieldsSeq(clip(list, 200)) {
		if strings.EqualFold(f, token) {
			return true
		}
	}
	return false
}

func (v *view) prop(names string, n *html.Node, s state) {
	for name := range strings.FieldsSeq(clip(names, 200)) {
		if len(v.props) < maxMarks {
			if i := strings.LastIndexByte(name, '/'); i >= 0 {
				name = name[i+1:]
			}
			v.props = append(v.props, itemProp{strings.ToLower(name), n, s.item, s.zone, len(v.blocks)})
		}
	}
}

// rdfa notes properties of Dublin Core and schema.org (RDFa Lite).
func (v *view) rdfa(names string, n *html.Node, s state) {
	for name := range strings.FieldsSeq(clip(names, 200)) {
		prefix, local, ok := strings.Cut(strings.ToLower(name), ":")
		switch {
		case ok && (prefix == "schema" || prefix == "dc" || prefix == "dcterms" || prefix == "dct"):
			name = map[string]string{"title": "headline", "created": "datepublished", "issued": "datepublished", "date": "datepublished", "modified": "datemodified", "creator": "author", "abstract": "description"}[local]
			if name == "" {
				name = local
			}
			v.prop(name, n, s)
		case !ok && attr(n, "typeof") == "":
			v.prop(name, n, s)
		}
	}
}

// hiddenProps reads microdata that is not shown, as publishers hide it.
func (v *view) hiddenProps(n *html.Node, s state) {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Svg:
		return
	}
	root := n
	for seen := 0; n != nil && seen < 2000; seen++ {
		v.nodes++
		if n.Type == html.ElementNode {
			inner := s
			if n.DataAtom == atom.Meta {
				v.metaElement(n, s)
			} else if n.DataAtom == atom.Script {
				v.headElement(n, s)
			} else if p := attr(n, "itemprop"); p != "" {
				v.prop(p, n, inner)
			}
		}
		n = next(n, root)
	}
}
