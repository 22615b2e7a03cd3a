package page

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// propText is the value of a microdata property (HTML Living Standard,
// section 5.2.4): an attribute for the elements that have one, else the text;
// of a nested item, its name.
func propText(n *html.Node) string {
	if c := attr(n, "content"); c != "" {
		return normalize.Text(clip(c, maxValue))
	}
	switch n.DataAtom {
	case atom.Meta:
		return ""
	case atom.Time:
		if d := attr(n, "datetime"); d != "" {
			return d
		}
	case atom.Link, atom.Img:
		return ""
	}
	if hasAttr(n, "itemscope") || hasAttr(n, "typeof") {
		if name := findProp(n, "name"); name != nil {
			return propText(name)
		}
	}
	return normalize.Text(limitedText(n, 2000))
}

// findProp looks for a property below n.
func findProp(n *html.Node, name string) *html.Node {
	root := n
	for seen := 0; n != nil && seen < 300; seen++ {
		if n != root && n.Type == html.ElementNode && (hasToken(attr(n, "itemprop"), name) || hasToken(attr(n, "property"), name) || hasToken(attr(n, "property"), "schema:"+name)) {
			return n
		}
		n = next(n, root)
	}
	return nil
}
