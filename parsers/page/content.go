package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// content is the part of the page that is the item's own text.
type content struct {
	blocks []block // those within it, in order
	first  int     // index of the first in the view
	root   *html.Node
	whole  string // its text, up to maxContent
}

// maxContent bounds the text of an item, in octets.
const maxContent = 100 << 10

// text is the beginning of the content, paragraphs apart; limit is no more than
// maxContent.
func (c content) text(limit int) string { return clip(c.whole, limit) }

// join writes the content down.
func (c *content) join() {
	octets := 0
	for i := range c.blocks {
		octets += len(c.blocks[i].text) + len("\n\n")
	}
	var b strings.Builder
	b.Grow(min(octets, maxContent+maxValue))
	for i, bl := range c.blocks {
		if b.Len() > maxContent {
			break
		}
		if len(bl.text) < 20 && !isHeadingTag(bl.tag) {
			continue // a label, a button, a number
		}
		if b.Len() > 0 {
			if bl.owner == c.blocks[i-1].owner {
				b.WriteByte(' ')
			} else {
				b.WriteString("\n\n")
			}
		}
		b.WriteString(bl.text)
	}
	c.whole = clip(b.String(), maxContent)
}

// findContent finds the element whose paragraphs are the item. Each paragraph
// gives its weight to the elements around it, less with distance.
func (e *extractor) findContent() content {
	if len(e.v.blocks) == 0 {
		return content{}
	}
	var root *html.Node
	if len(e.rules.Content) > 0 && e.scope != e.doc.Selection && e.scope.Length() > 0 {
		root = e.scope.Nodes[0]
	} else {
		root = e.heaviest()
	}
	return e.within(root)
}

func (e *extractor) heaviest() *html.Node {
	weight := make(map[*html.Node]float64)
	var best *html.Node
	var most float64
	for i, b := range e.v.blocks {
		if !isProse(b) || b.owner == nil {
			continue
		}
		w := 1 + float64(min(len(b.text), 600))/100 + float64(strings.Count(b.text, ","))/4
		if e.titleAt >= 0 && i < e.titleAt {
			w /= 4
		}
		share := 1.0
		n := b.owner
		if b.tag == atom.P || b.tag == atom.Li {
			n = n.Parent
		}
		for up := 0; n != nil && up < 4; up++ {
			weight[n] += w * share
			if weight[n] > most {
				best, most = n, weight[n]
			}
			share *= 0.7
			n = n.Parent
		}
	}
	return best
}

// isProse reports whether a block reads like running text of the item.
func isProse(b block) bool {
	if b.zone&offContent != 0 || len(b.text) < 40 || b.links*2 > len(b.text) {
		return false
	}
	switch b.tag {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Figcaption:
		return false
	}
	return b.zone&inFigure == 0
}

// within are the blocks below root that belong to the item.
func (e *extractor) within(root *html.Node) content {
	c := content{root: root, first: -1}
	inside := make(map[*html.Node]bool)
	for i, b := range e.v.blocks {
		if b.owner == nil || root != nil && !isBelow(b.owner, root, inside) || b.zone&offContent != 0 {
			continue
		}
		if c.first < 0 {
			c.first = i
		}
		c.blocks = append(c.blocks, b)
	}
	c.join()
	return c
}

// isBelow reports whether n is root or below it; known remembers answers so
// that deep trees are walked once.
func isBelow(n, root *html.Node, known map[*html.Node]bool) bool {
	var path []*html.Node
	answer := false
	for m := n; m != nil; m = m.Parent {
		if m == root {
			answer = true
			break
		}
		if a, ok := known[m]; ok {
			answer = a
			break
		}
		path = append(path, m)
	}
	for _, m := range path {
		known[m] = answer
	}
	return answer
}
