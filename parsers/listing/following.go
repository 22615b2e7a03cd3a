package listing

import (
	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// mostFollowing bounds how many nodes behind a card belong to it.
const mostFollowing = 200

// Following makes of each card an element that holds copies of it and of what
// follows beside it, up to the next card: for lists that have no element around
// an item, such as <dt>…</dt><dd>…</dd> or <h3>…</h3><p>…</p>. What follows a
// heading ends at the next heading that is as high. The page is not changed.
func Following(cards *goquery.Selection) []*goquery.Selection {
	ends := make(map[*html.Node]bool, cards.Length())
	for _, card := range cards.Nodes {
		for n := card; n != nil && !ends[n]; n = n.Parent {
			ends[n] = true
		}
	}
	out := make([]*goquery.Selection, 0, cards.Length())
	for _, card := range cards.Nodes {
		around := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
		around.AppendChild(clone(card))
		level := headingLevel(card)
		n := card.NextSibling
		for i := 0; n != nil && i < mostFollowing && !ends[n]; i++ {
			if l := headingLevel(n); level > 0 && l > 0 && l <= level {
				break
			}
			around.AppendChild(clone(n))
			n = n.NextSibling
		}
		out = append(out, goquery.NewDocumentFromNode(around).Selection)
	}
	return out
}

// headingLevel is 1 to 6 for headings, 0 for everything else.
func headingLevel(n *html.Node) int {
	switch n.DataAtom {
	case atom.H1:
		return 1
	case atom.H2:
		return 2
	case atom.H3:
		return 3
	case atom.H4:
		return 4
	case atom.H5:
		return 5
	case atom.H6:
		return 6
	}
	return 0
}

// clone copies a node and all below it.
func clone(n *html.Node) *html.Node {
	own := &html.Node{Type: n.Type, Data: n.Data, DataAtom: n.DataAtom, Namespace: n.Namespace, Attr: n.Attr}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		own.AppendChild(clone(c))
	}
	return own
}
