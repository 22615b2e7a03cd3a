package induce

import (
	"maps"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/listing"
	"github.com/harvest87/harvest/parsers/normalize"
)

// The bounds of groups.
const (
	fewest    = 3   // elements that make a group
	sampled   = 40  // cards of a group that are looked at
	maxGroups = 600 // that are looked at
	maxCard   = 6000
)

// group are elements that repeat.
type group struct {
	selector string
	// flat is true when a card goes on over what stands behind its element.
	flat  bool
	roots []*html.Node // as they stand on the page
	cards []*facts     // of the first of them
	score float64
	// firm says how likely the selector holds on other pages of the list.
	firm int
	// good are the cards that look like items, out of all of the page.
	good int
	// order is that of the printed dates, see [List.Order].
	order string
}

// weights are the number of links and the length of the text below each element.
type weights struct{ links, text map[*html.Node]int }

func (d *document) weigh() weights {
	w := weights{make(map[*html.Node]int), make(map[*html.Node]int)}
	for _, n := range slices.Backward(d.elements) { // what is below comes later in the document
		if n.DataAtom == atom.A && attr(n, "href") != "" {
			w.links[n]++
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.TextNode {
				w.text[n] += len(strings.TrimSpace(c.Data))
			}
			w.links[n] += w.links[c]
			w.text[n] += w.text[c]
		}
	}
	return w
}

// groups finds the elements that repeat, those of each name and those of each
// place.
func (d *document) groups() []*group {
	w := d.weigh()
	buckets := make(map[string]*group)
	var order []string
	add := func(selector string, n *html.Node, firm int, flat bool) {
		if selector == "" {
			return
		}
		key := selector
		if flat {
			key += " +"
		}
		g := buckets[key]
		if g == nil {
			g = &group{selector: selector, firm: firm, flat: flat}
			buckets[key] = g
			order = append(order, key)
		}
		if len(g.roots) == 0 || !slices.ContainsFunc(g.roots[max(0, len(g.roots)-3):], func(r *html.Node) bool { return contains(r, n) }) {
			g.roots = append(g.roots, n)
		}
	}
	for _, n := range d.elements {
		if !mayBeCard(n) || !plainName.MatchString(n.Data) || w.text[n] < 8 || w.text[n] > maxCard {
			continue
		}
		linked := w.links[n] > 0
		if flatTag(n) && before(n) != nil || flatTag(n) && next(n) != nil {
			add(d.path(n), n, 1, true)
			for _, name := range names(n) {
				add(n.Data+name, n, 3, true)
			}
		}
		if !linked {
			continue
		}
		for _, name := range names(n) {
			add(n.Data+name, n, 4, false)
		}
		for p, depth := n.Parent, 0; p != nil && depth < 2; p, depth = p.Parent, depth+1 {
			between := " > "
			if depth > 0 {
				between = " > " + n.Parent.Data + " > "
			}
			for _, name := range names(p) {
				add(name+between+n.Data, n, 3-depth, false)
			}
		}
		add(d.path(n), n, 1, false)
	}
	var out []*group
	for _, key := range order {
		if g := buckets[key]; len(g.roots) >= fewest && len(out) < maxGroups {
			out = append(out, g)
		}
	}
	return out
}

// mayBeCard reports whether an element of this kind may hold an item.
func mayBeCard(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Li, atom.Article, atom.Div, atom.Section, atom.Tr, atom.Dt, atom.A, atom.P, atom.H2, atom.H3, atom.H4, atom.H5, atom.Td, atom.Figure, atom.Dl, atom.Table, atom.Ul, atom.Span, atom.Tbody, atom.Details, atom.Blockquote, atom.Dd:
		return true
	}
	return strings.Contains(n.Data, "-") // custom elements
}

// flatTag: such elements begin an item in lists that have none around it.
func flatTag(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Dt, atom.H2, atom.H3, atom.H4, atom.H5:
		return true
	}
	return false
}

func next(n *html.Node) *html.Node {
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		if s.Type == html.ElementNode {
			return s
		}
	}
	return nil
}

// read fills in the facts of the first cards.
func (g *group) read(d *document, known map[*html.Node]*facts) {
	roots := g.roots
	if len(roots) > sampled {
		roots = roots[:sampled]
	}
	if g.flat {
		for _, s := range listing.Following(d.selection(g.roots)) {
			if len(g.cards) == len(roots) {
				break
			}
			g.cards = append(g.cards, d.factsOf(s.Nodes[0]))
		}
		return
	}
	for _, n := range roots {
		f := known[n]
		if f == nil {
			f = d.factsOf(n)
			known[n] = f
		}
		g.cards = append(g.cards, f)
	}
}

func (d *document) selection(nodes []*html.Node) *goquery.Selection {
	return d.Selection.FindNodes(nodes...)
}

// narrowed are groups of those elements alone that look like items, where the
// others, such as the numbers of pages, lack something or bear a name.
func (d *document) narrowed(g *group) []*group {
	if g.flat {
		return nil
	}
	inGood, inBad, good, bad := make(map[string]int), make(map[string]bool), 0, 0
	var bears []string
	for i, f := range g.cards {
		if d.likeItem(f) {
			good++
			for tag := range tagsIn(f.root) {
				inGood[tag]++
			}
			continue
		}
		bad++
		for tag := range tagsIn(f.root) {
			inBad[tag] = true
		}
		bears = append(bears, names(g.roots[i])...)
	}
	if bad == 0 || good < fewest {
		return nil
	}
	var ways []string
	for _, tag := range slices.Sorted(maps.Keys(inGood)) {
		if !inBad[tag] && inGood[tag] == good {
			ways = append(ways, ":has("+tag+")")
		}
	}
	for _, name := range bears {
		ways = append(ways, ":not("+name+")")
	}
	var out []*group
	for _, way := range ways[:min(len(ways), 6)] {
		if n := d.selected(g.selector+way, g.firm); n != nil {
			out = append(out, n)
		}
	}
	return out
}

// likeItem reports whether a card has what every item has.
func (d *document) likeItem(f *facts) bool {
	return f.url != "" && f.title != nil && worth(d.text(f.title)) > 0 && !nextText.MatchString(d.text(f.title))
}

// tagsIn are the tags of the elements below one.
func tagsIn(root *html.Node) map[string]bool {
	out := make(map[string]bool)
	for _, n := range elementsIn(root)[1:] {
		out[n.Data] = true
	}
	return out
}

// selected is the group that a selector finds, nil when it is none.
func (d *document) selected(selector string, firm int) *group {
	m, err := cascadia.Compile(selector)
	if err != nil {
		return nil
	}
	g := &group{selector: selector, firm: firm}
	for _, n := range d.Selection.FindMatcher(m).Nodes {
		if !slices.ContainsFunc(g.roots, func(r *html.Node) bool { return contains(r, n) }) {
			g.roots = append(g.roots, n)
		}
		if len(g.roots) > 500 {
			break
		}
	}
	if len(g.roots) < fewest {
		return nil
	}
	return g
}

// links are the addresses of a group's cards, as one text: what tells two
// lists apart.
func (g *group) links() string {
	var b strings.Builder
	for _, f := range g.cards {
		if f.url != "" {
			b.WriteString(normalize.URLKey(f.url))
			b.WriteByte('\n')
		}
	}
	return b.String()
}
