package induce

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// List is a list of items that was found on a page.
type List struct {
	// Rules are those of a listing door, without its start.
	Rules config.Listing
	// Score ranks the lists of one page and of several; it has no unit. Below 8
	// a list may well be something else.
	Score float64
	// Cards counts the items on the page, Links are the first addresses.
	Cards int
	Links []string
	// How says how the next page was found, empty when there is none.
	How string
	// Archives are pages of the same list by year or letter.
	Archives []string
	// Order is "en-US" or "en-GB" when the printed dates show that the month, or
	// the day, comes first, and the language of the page says neither.
	Order string
	// Doubts are what a person should look at.
	Doubts []string
}

// mostLists is how many lists of one page are told.
const mostLists = 4

// Lists finds the lists of items on a page, best first. A page without any, or
// that is not HTML, gives none. The vocabulary, which may be nil, tells labels
// from other short texts.
func Lists(p *harvest.Page, vocab *config.Vocabulary) []List {
	d, err := read(p)
	if err != nil {
		return nil
	}
	groups := d.ranked()
	var out []List
	seen := make(map[string]bool)
	var taken []*group
	for _, g := range groups {
		key := g.links()
		if g.score < least || len(out) == mostLists {
			break
		}
		if seen[key] || overlaps(g, taken) {
			continue
		}
		seen[key] = true
		taken = append(taken, g)
		out = append(out, d.list(g, vocab))
	}
	return out
}

// ranked are the groups of the page, best first; of several for
// the same items the one whose selector holds longest.
func (d *document) ranked() []*group {
	body := 0 // octets of text besides menus and the like
	for _, n := range d.elements {
		for c := n.FirstChild; c != nil && !d.chrome[n]; c = c.NextSibling {
			if c.Type == html.TextNode {
				body += len(strings.TrimSpace(c.Data))
			}
		}
	}
	known := make(map[*html.Node]*facts)
	groups := d.groups()
	for _, g := range groups {
		g.read(d, known)
		g.score = g.judge(d, body)
	}
	sortGroups(groups)
	for _, g := range groups[:min(8, len(groups))] {
		// A selector by place may find more than the elements that it was made of.
		if s := d.selected(g.selector, g.firm); s != nil && len(s.roots) != len(g.roots) {
			g.roots, g.cards = s.roots, nil
			g.read(d, known)
			g.score = g.judge(d, body)
		}
		for _, n := range d.narrowed(g) {
			n.read(d, known)
			n.score = n.judge(d, body)
			groups = append(groups, n)
		}
	}
	sortGroups(groups)
	return groups
}

// sortGroups puts the best first. Scores that are near count as the same: then
// more items win, then the selector that holds longer.
func sortGroups(groups []*group) {
	slices.SortStableFunc(groups, func(a, b *group) int { return cmp.Compare(b.score, a.score) })
	for i := 0; i < len(groups); {
		j := i + 1
		for j < len(groups) && groups[i].score-groups[j].score < 0.35 && groups[j].score > 0 {
			j++
		}
		slices.SortStableFunc(groups[i:j], func(a, b *group) int {
			return cmp.Or(cmp.Compare(b.good, a.good), cmp.Compare(len(a.roots), len(b.roots)), cmp.Compare(b.firm, a.firm), cmp.Compare(b.score, a.score), cmp.Compare(len(a.selector), len(b.selector)))
		})
		i = j
	}
}

// overlaps reports whether most items of a group are those of another.
func overlaps(g *group, others []*group) bool {
	for _, o := range others {
		have := make(map[string]bool)
		for _, f := range o.cards {
			have[normalize.URLKey(f.url)] = true
		}
		same := 0
		for _, f := range g.cards {
			if f.url != "" && have[normalize.URLKey(f.url)] {
				same++
			}
		}
		if same*2 > len(g.cards) {
			return true
		}
	}
	return false
}

// list makes rules of a group.
func (d *document) list(g *group, vocab *config.Vocabulary) List {
	out := List{Score: g.score, Cards: len(g.roots), Archives: d.archives()}
	out.Rules.ItemPages = true
	out.Rules.Item, out.Doubts = g.rules(d, vocab)
	out.Order = g.order
	out.Rules.Next, out.How = d.next(g.roots)
	for _, f := range g.cards {
		if f.url != "" {
			out.Links = append(out.Links, f.url)
		}
	}
	if g.firm <= 1 {
		out.Doubts = append(out.Doubts, "the cards have no name of their own; they are found by their place, which a redesign moves")
	}
	return out
}
