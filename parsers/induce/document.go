package induce

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// The bounds of a page. Beyond them its rest is not looked at.
const (
	maxBody     = 4 << 20 // octets
	maxElements = 60_000
	maxDepth    = 200
	maxText     = 4000 // octets of one element's text that are looked at
)

// document is a page made ready.
type document struct {
	*goquery.Document
	at, base string
	language string
	// elements are those of the body in document order.
	elements []*html.Node
	chrome   map[*html.Node]bool // stands in a menu, footer, sidebar or the like
	main     map[*html.Node]bool // stands in the main part
	classes  map[string]int      // how many elements bear a class
	ids      map[string]int
	texts    map[*html.Node]string
}

// read makes a page ready.
func read(p *harvest.Page) (*document, error) {
	body := p.Body
	if len(body) > maxBody {
		body = body[:maxBody]
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", p.URL, err)
	}
	d := &document{
		Document: doc, at: p.URL, base: p.URL,
		chrome: make(map[*html.Node]bool), main: make(map[*html.Node]bool),
		classes: make(map[string]int), ids: make(map[string]int), texts: make(map[*html.Node]string),
	}
	if d.at == "" {
		d.at, d.base = p.Request.URL, p.Request.URL
	}
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		if u, err := normalize.URL(d.at, href); err == nil {
			d.base = u
		}
	}
	d.language = normalize.Tag(doc.Find("html").AttrOr("lang", ""))
	doc.Find("script, style, template, noscript, svg, iframe, object").Remove()
	for _, body := range doc.Find("body").Nodes {
		d.walk(body, 0, false, false)
	}
	return d, nil
}

// walk notes the elements below n and where each stands.
func (d *document) walk(n *html.Node, depth int, chrome, main bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || len(d.elements) >= maxElements || depth >= maxDepth {
			continue
		}
		d.elements = append(d.elements, c)
		for class := range strings.FieldsSeq(attr(c, "class")) {
			d.classes[class]++
		}
		if id := attr(c, "id"); id != "" {
			d.ids[id]++
		}
		isMain := main || c.DataAtom == atom.Main || attr(c, "role") == "main"
		inChrome := chrome && c.DataAtom != atom.Main || isChrome(c, isMain)
		if inChrome {
			d.chrome[c] = true
		}
		if isMain {
			d.main[c] = true
		}
		d.walk(c, depth+1, inChrome, isMain)
	}
}

// chromeWords stand in the names of menus, footers, sidebars and the like.
var chromeWords = regexp.MustCompile(`(?i)(?:^|[-_ ])(?:nav|navbar|navigation|menu|submenu|megamenu|breadcrumbs?|pagination|pager|pagenav|footer|colophon|sidebar|widget|widgets|cookies?|consent|gdpr|share|sharing|social|comments?|related|popular|trending|newsletter|subscribe|login|search-?form|filters?|facets?|toolbar|topbar|skip-?links?|languages?|lang-?switch\w*|carousel|slider|tag-?cloud|partners|sponsors|donate|advert\w*|promo)(?:$|[-_ ])`)

// isChrome reports whether an element opens a part that is no list of items.
func isChrome(n *html.Node, inMain bool) bool {
	switch n.DataAtom {
	case atom.Nav, atom.Footer, atom.Aside, atom.Form:
		return n.DataAtom != atom.Footer && n.DataAtom != atom.Form || !inMain
	case atom.Header:
		return !inMain && !within(n, atom.Article)
	case atom.Body, atom.Html, atom.Main, atom.Article:
		return false
	}
	switch attr(n, "role") {
	case "navigation", "menu", "menubar", "search", "complementary", "contentinfo", "banner", "dialog":
		return true
	}
	for name := range strings.FieldsSeq(attr(n, "class") + " " + attr(n, "id")) {
		if !isModifier(name) && chromeWords.MatchString(name) {
			return true
		}
	}
	return false
}

// isModifier: "has-sidebar" says how a page is built, not what an element is.
func isModifier(name string) bool {
	for _, p := range [...]string{"has-", "no-", "with-", "without-", "is-", "js-", "wp-"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

func within(n *html.Node, tag atom.Atom) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.DataAtom == tag {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

// text is the text of an element with single spaces, cut to maxText.
func (d *document) text(n *html.Node) string {
	if t, ok := d.texts[n]; ok {
		return t
	}
	t := textOf(n)
	d.texts[n] = t
	return t
}

// textOf is the text of a node with single spaces between its blocks.
func textOf(n *html.Node) string {
	var b strings.Builder
	var add func(n *html.Node, depth int)
	add = func(n *html.Node, depth int) {
		if b.Len() > maxText || depth > maxDepth {
			return
		}
		switch n.Type {
		case html.TextNode:
			b.WriteString(n.Data)
		case html.ElementNode:
			b.WriteByte(' ')
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				add(c, depth+1)
			}
			b.WriteByte(' ')
		}
	}
	add(n, 0)
	return strings.Join(strings.Fields(normalize.Text(b.String())), " ")
}

// resolve makes an address of a link, empty for links within the page, to mail
// programs and to scripts.
func (d *document) resolve(ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" || strings.HasPrefix(ref, "#") {
		return ""
	}
	u, err := normalize.URL(d.base, ref)
	if err != nil {
		return ""
	}
	return u
}
