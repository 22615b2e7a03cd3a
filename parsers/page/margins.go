package page

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

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
	for i := range v.scopes {
		if v.scopes[i].at >= from {
			v.scopes[i].zone &^= not
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
