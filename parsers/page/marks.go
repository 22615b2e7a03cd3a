package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

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

// marked notes an element that says for what it is.
func (v *view) marked(n *html.Node, r role, s *state) {
	hasScope, typed := false, false
	for _, a := range n.Attr {
		switch a.Key {
		case "itemprop":
			v.prop(a.Val, n, *s)
		case "itemscope":
			hasScope = true
		case "lang", "xml:lang":
			v.langs = v.langs || n.DataAtom != atom.Html
		case "rel":
			if n.DataAtom == atom.A && hasToken(a.Val, "author") {
				r |= forAuthor
			}
			if n.DataAtom == atom.A && hasToken(a.Val, "tag") {
				r |= forTags
			}
		case "typeof":
			typed = true
		case "property":
			v.rdfa(a.Val, n, *s)
		}
	}
	if len(v.scopes) < maxScopes && (hasScope && !hasAttr(n, "itemprop") || !hasScope && typed && !hasAttr(n, "property")) {
		v.scopes = append(v.scopes, scope{n, !hasScope, s.zone, len(v.blocks)})
	}
	if typed && !hasScope {
		s.item = typedItem(attr(n, "typeof"), s.item)
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

// typedItem is the type of the thing that an element with typeof begins, in
// lower case. Where it says no more than that it is a document of a site (SIOC,
// FOAF), it stays what it is without.
func typedItem(typeof, without string) string {
	item := ""
	for term := range strings.FieldsSeq(strings.ToLower(clip(typeof, 200))) {
		prefix, local, ok := strings.Cut(term, ":")
		switch {
		case !ok:
			return term
		case prefix == "schema" || prefix == "rnews":
			return local
		case local != "item" && local != "document" && local != "post" && local != "blogpost":
			item = term
		}
	}
	if item == "" {
		return without
	}
	return item
}

// dateAttr is the machine's form of a date that is shown: what <time> has as
// datetime, and other elements as content or title (RDFa; microformats, hAtom);
// or the date in words that is the title of "three years ago".
func dateAttr(n *html.Node) string {
	for i := range n.Attr {
		switch a := &n.Attr[i]; a.Key {
		case "datetime", "content", "title":
			v := strings.TrimSpace(a.Val)
			printed := a.Key == "title" && len(v) > 7 && len(v) < 60 && (n.DataAtom == atom.Span || n.DataAtom == atom.Abbr || n.DataAtom == atom.Time) && hasYear(v)
			if a.Key == "datetime" && n.DataAtom == atom.Time || isMachineDate(v) || printed {
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
			} else if hasAttr(n, "itemscope") && len(v.scopes) < maxScopes {
				v.scopes = append(v.scopes, scope{n, false, s.zone, len(v.blocks)})
			}
		}
		n = next(n, root)
	}
}
