package page

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// Bounds of what is read of the things that elements describe.
const (
	maxScopes      = 200    // of one page
	maxMarkupItems = 8      // things that are read whole
	maxMarkupNodes = 20_000 // elements that are looked at for them
	maxItemRefs    = 20     // of one thing
)

// scope is an element that begins a thing which is no part of another: with
// itemscope (microdata) or with typeof (RDFa).
type scope struct {
	node *html.Node
	rdfa bool
	zone zone
	at   int
}

// described is a thing that elements of the page describe, in the form of
// JSON-LD, and what kind of evidence it is: "microdata" or "rdfa".
type described struct {
	thing
	basis string
}

// describedThings are the things that elements describe and that may be the
// item of the page, likeliest first.
func (e *extractor) describedThings() []described {
	r := newMarkupReader(e.base)
	var found []described
	var things []thing
	for _, s := range e.v.scopes {
		if len(found) == maxMarkupItems {
			break
		}
		types := scopeTypes(s.node, s.rdfa)
		if s.zone&offContent != 0 || typeRank(types) == 0 {
			continue
		}
		d := described{basis: "microdata"}
		if s.rdfa {
			d = described{r.rdfaThing(s.node, 0), "rdfa"}
		} else {
			d.thing = r.microdataThing(s.node, 0)
		}
		found, things = append(found, d), append(things, d.thing)
	}
	out := make([]described, 0, len(found))
	for _, i := range rank(things, e.keys) {
		out = append(out, found[i])
	}
	return out
}

// rdfa are the first things of the item that its RDFa describes: what microdata
// says of it stands in the view already, property by property.
func (e *extractor) rdfa() (out []described) {
	for _, d := range e.markup[:min(len(e.markup), 2)] {
		if d.basis == "rdfa" {
			out = append(out, d)
		}
	}
	return out
}

// scopeTypes are the types of the thing that an element begins.
func scopeTypes(n *html.Node, rdfa bool) []string {
	if rdfa {
		return vocabularyOf(n).types(attr(n, "typeof"))
	}
	return thing{"@type": typeList(attr(n, "itemtype"))}.types()
}

func typeList(s string) (out []any) {
	for f := range strings.FieldsSeq(clip(s, 500)) {
		out = append(out, f)
	}
	return out
}

// markupReader reads things out of elements. All that it reads of a page
// together is bounded.
type markupReader struct {
	root *html.Node            // of the document, once an itemref asks
	ids  map[string]*html.Node // elements by id, the same
	base *url.URL              // of the page, nil when addresses stay as they are
	open map[*html.Node]bool   // the things that are being read, against circles
	left int                   // elements that may still be looked at
}

func newMarkupReader(base string) *markupReader {
	r := &markupReader{open: make(map[*html.Node]bool), left: maxMarkupNodes}
	if u, err := url.Parse(base); err == nil && u.IsAbs() {
		r.base = u
	}
	return r
}

// resolved is an address of the page in full.
func (r *markupReader) resolved(s string) string {
	s = strings.TrimSpace(clip(s, maxValue))
	if u, err := url.Parse(s); err == nil && r.base != nil && s != "" {
		return r.base.ResolveReference(u).String()
	}
	return s
}

// microdataThing reads the item that an element begins, with the items that are
// values of its properties (HTML Living Standard, sections 5.2.2, 5.2.4 and
// 5.2.5: itemref names elements elsewhere that hold further properties).
func (r *markupReader) microdataThing(n *html.Node, depth int) thing {
	t := thing{}
	if types := typeList(attr(n, "itemtype")); types != nil {
		t["@type"] = types
	}
	if id := strings.TrimSpace(clip(attr(n, "itemid"), maxValue)); id != "" {
		t["@id"] = id
	}
	r.open[n] = true
	defer delete(r.open, n)
	before := len(t)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.itemProps(c, t, depth)
	}
	seen := 0
	for id := range strings.FieldsSeq(clip(attr(n, "itemref"), 1000)) {
		if seen++; seen > maxItemRefs {
			break
		}
		if other := r.byID(n, id); other != nil && !isBelow(n, other, map[*html.Node]bool{}) {
			r.itemProps(other, t, depth)
		}
	}
	if len(t) == before { // <span itemprop="author" itemscope>Jo Doe</span>
		t.addName(n)
	}
	return t
}

// addName takes the words of an element that states no property of its thing for
// the thing's name.
func (t thing) addName(n *html.Node) {
	if text := normalize.Text(limitedText(n, maxTitle)); len(text) < maxTitle/2 {
		t.add("name", text)
	}
}

// itemProps adds the properties that an element and what is below it have of t.
func (r *markupReader) itemProps(n *html.Node, t thing, depth int) {
	if n.Type != html.ElementNode || r.left <= 0 {
		return
	}
	r.left--
	nested := hasAttr(n, "itemscope")
	if names := attr(n, "itemprop"); names != "" && !r.open[n] {
		var value any
		switch {
		case nested && depth < maxNested:
			value = map[string]any(r.microdataThing(n, depth+1))
		case !nested:
			value = r.itemValue(n)
		}
		for name := range strings.FieldsSeq(clip(names, 200)) {
			t.add(name[strings.LastIndexAny(name, "/#")+1:], value)
		}
	}
	if nested {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.itemProps(c, t, depth)
	}
}

// add gives a property one more value.
func (t thing) add(name string, value any) {
	if name == "" || strings.HasPrefix(name, "@") || value == nil || value == "" {
		return
	}
	switch have := t[name].(type) {
	case nil:
		t[name] = value
	case []any:
		if len(have) < maxThings {
			t[name] = append(have, value)
		}
	default:
		t[name] = []any{have, value}
	}
}

// itemValue is the value of a property that is no item (section 5.2.4). A content
// attribute counts on any element, as publishers use it.
func (r *markupReader) itemValue(n *html.Node) string {
	if c := attr(n, "content"); c != "" {
		return normalize.Text(clip(c, maxValue))
	}
	switch n.DataAtom {
	case atom.Meta:
		return ""
	case atom.A, atom.Area, atom.Link:
		return r.resolved(attr(n, "href"))
	case atom.Audio, atom.Embed, atom.Iframe, atom.Img, atom.Source, atom.Track, atom.Video:
		return r.resolved(attr(n, "src"))
	case atom.Object:
		return r.resolved(attr(n, "data"))
	case atom.Data, atom.Meter:
		return strings.TrimSpace(clip(attr(n, "value"), maxValue))
	case atom.Time:
		if hasAttr(n, "datetime") {
			return strings.TrimSpace(clip(attr(n, "datetime"), maxValue))
		}
	}
	return normalize.Text(limitedText(n, maxValue))
}

// byID finds an element of the document by its id.
func (r *markupReader) byID(n *html.Node, id string) *html.Node {
	if r.ids == nil {
		r.ids = make(map[string]*html.Node)
		for n.Parent != nil {
			n = n.Parent
		}
		r.root = n
		for seen := 0; n != nil && seen < maxNodes; seen++ {
			if v := attr(n, "id"); v != "" && n.Type == html.ElementNode && r.ids[v] == nil {
				r.ids[v] = n
			}
			n = next(n, r.root)
		}
	}
	return r.ids[id]
}

// namesOfDescribed are the authors that a thing of the markup names. What is a
// link is named by its words.
func (e *extractor) namesOfDescribed(d described) []string {
	names, _ := e.namesOf(d.thing["author"])
	if len(names) == 0 {
		names, _ = e.namesOf(d.thing["creator"])
	}
	return slices.DeleteFunc(names, func(s string) bool { return strings.Contains(s, "://") || strings.HasPrefix(s, "/") })
}
