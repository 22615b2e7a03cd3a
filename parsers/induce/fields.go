package induce

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// place is a selector for a field, and how well it does.
type place struct {
	selector string
	right    int // cards in which it finds what it should
	wrong    int // cards in which it finds something else first
}

// locate finds the selector that leads from most cards to what is wanted in
// them. The selector must find it first. ok is false when none does for at
// least part of the cards that have it.
func locate(cards []*facts, wanted func(*facts) *html.Node, part float64) (place, bool) {
	total := 0
	tried := make(map[string]bool)
	var ranked []place
	for _, f := range cards {
		target := wanted(f)
		if target == nil {
			continue
		}
		total++
		if total > 6 && len(ranked) > 0 { // the ways of the first cards are those of all
			continue
		}
		for _, way := range ways(f.root, target) {
			if tried[way] {
				continue
			}
			tried[way] = true
			if p, ok := measure(way, cards, wanted); ok {
				ranked = append(ranked, p)
			}
		}
	}
	if len(ranked) == 0 {
		return place{}, false
	}
	best := slices.MaxFunc(ranked, func(a, b place) int { // the first of several
		return cmp.Or(cmp.Compare(a.right-a.wrong, b.right-b.wrong), cmp.Compare(b.wrong, a.wrong))
	})
	for _, p := range ranked {
		if p.right-p.wrong == best.right-best.wrong && p.wrong == best.wrong {
			best = p
			break
		}
	}
	return best, float64(best.right) >= part*float64(total) && best.right > 2*best.wrong
}

// measure applies a selector to every card.
func measure(way string, cards []*facts, wanted func(*facts) *html.Node) (place, bool) {
	m, err := cascadia.Compile(way)
	if err != nil {
		return place{}, false
	}
	p := place{selector: way}
	for _, f := range cards {
		target := wanted(f)
		found := firstBelow(f.root, m)
		if found == nil && m.Match(f.root) {
			found = f.root
		}
		switch {
		case found == nil:
		case target != nil && (found == target || textOf(found) == textOf(target) && sameLink(found, target)):
			p.right++
		default:
			p.wrong++
		}
	}
	return p, true
}

func sameLink(a, b *html.Node) bool { return attr(a, "href") == attr(b, "href") }

// firstBelow is the first element below root that matches, root excluded.
func firstBelow(root *html.Node, m cascadia.Matcher) *html.Node {
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if m.Match(c) {
			return c
		}
		if found := firstBelow(c, m); found != nil {
			return found
		}
	}
	return nil
}

// rules finds the fields of the cards, and says what is unsure.
func (g *group) rules(d *document, vocab *config.Vocabulary) (config.ItemRules, []string) {
	r := config.ItemRules{Card: selector(g.selector), WithFollowing: g.flat}
	var doubts []string
	if p, ok := locate(g.cards, func(f *facts) *html.Node { return f.link }, 0.8); ok {
		r.Link = config.Selectors{{CSS: p.selector, Attr: "href"}}
		if g.allSelf() {
			r.Link = config.Selectors{{Attr: "href"}}
		}
		if p.wrong > 0 {
			doubts = append(doubts, "in some cards another link than that of the item may be taken")
		}
	} else {
		r.Link = selector("a@href")
		doubts = append(doubts, "no selector leads to the item's link in all cards; the likeliest link of each is taken")
	}
	if p, ok := locate(g.cards, func(f *facts) *html.Node { return f.title }, 0.7); ok {
		r.Title = selector(p.selector)
	} else {
		doubts = append(doubts, "no selector leads to the titles in the cards; the heading or the link's text is taken")
	}
	g.dateRule(d, &r, &doubts)
	taken := g.categoryRule(d, &r, vocab)
	if p, ok := locate(g.cards, func(f *facts) *html.Node { return f.summary }, 0.5); ok && g.share(func(f *facts) bool { return f.summary != nil }) >= 0.3 {
		r.Summary = selector(p.selector)
	}
	if p, ok := locate(g.cards, func(f *facts) *html.Node { return authorIn(d, f, taken) }, 0.6); ok && g.share(func(f *facts) bool { return authorIn(d, f, taken) != nil }) >= 0.3 {
		r.Author = selector(p.selector)
	} else {
		r.Author = g.textRule(d, authored)
	}
	if p, ok := locate(g.cards, func(f *facts) *html.Node { return documentIn(d, f) }, 0.6); ok && g.share(func(f *facts) bool { return documentIn(d, f) != nil }) >= 0.2 {
		r.Document = config.Selectors{{CSS: p.selector, Attr: "href"}}
	}
	return r, doubts
}

func (g *group) share(has func(*facts) bool) float64 {
	n := 0
	for _, f := range g.cards {
		if has(f) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(g.cards)))
}

// allSelf reports whether every card is its own link.
func (g *group) allSelf() bool {
	return g.share(func(f *facts) bool { return f.link == f.root }) == 1
}

// selector is a selector as a source file writes it.
func selector(written string) config.Selectors {
	if css, name, ok := strings.Cut(written, "@"); ok && plainName.MatchString(name) {
		return config.Selectors{{CSS: css, Attr: name}}
	}
	return config.Selectors{{CSS: written}}
}

// dateForms cut a date out of a longer text, the precise ones first.
var dateForms = []string{
	`(\d{4}-\d{2}-\d{2})`,
	`(\d{1,2}(?:st|nd|rd|th|er|º|ª)?\.?,? (?:de |of )?\p{L}{3,}\.?,? (?:de )?\d{4})`,
	`(\p{L}{3,}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})`,
	`(\d{1,2}[./-]\d{1,2}[./-]\d{4})`,
	`(\d{4}[./]\d{1,2}[./]\d{1,2})`,
	`(\p{L}{3,}\.?,? (?:de )?\d{4})`,
}

// dateRule finds where the cards print their days.
func (g *group) dateRule(d *document, r *config.ItemRules, doubts *[]string) {
	if g.share(func(f *facts) bool { return f.date != nil }) < 0.5 {
		return
	}
	p, ok := locate(g.cards, func(f *facts) *html.Node { return f.date }, 0.6)
	if !ok {
		*doubts = append(*doubts, "the cards seem to print dates, but no selector leads to them")
		return
	}
	m, err := cascadia.Compile(p.selector)
	if err != nil {
		return
	}
	var texts []string
	attrs := 0
	for _, f := range g.cards {
		n := firstBelow(f.root, m)
		if n == nil {
			continue
		}
		if _, ok := normalize.Date(attr(n, "datetime"), d.language); ok {
			attrs++
		}
		texts = append(texts, textOf(n))
	}
	language := d.language
	if g.order = orderOf(texts, language); g.order != "" {
		language = g.order
	}
	if attrs*2 > len(texts) {
		r.Date = config.Selectors{{CSS: p.selector, Attr: "datetime"}, {CSS: p.selector}}
		return
	}
	if readable(texts, nil, language) >= 0.8 {
		r.Date = selector(p.selector)
		return
	}
	for _, form := range dateForms {
		re := regexp.MustCompile(form)
		if readable(texts, re, language) >= 0.8 {
			r.Date = config.Selectors{{CSS: p.selector, Regex: re}}
			return
		}
	}
	if readable(texts, nil, "en") < 0.8 && readable(texts, nil, "de") >= 0.8 {
		*doubts = append(*doubts, "whether day or month comes first in the printed dates is not to be seen; write language: en-GB or en-US into the file")
		return
	}
	*doubts = append(*doubts, "the cards print dates in a form that is not read")
}

// readable is the part of the texts of which a date can be made.
func readable(texts []string, re *regexp.Regexp, language string) float64 {
	n := 0
	for _, t := range texts {
		if re != nil {
			m := re.FindStringSubmatch(t)
			if m == nil {
				continue
			}
			t = m[1]
		}
		if _, ok := normalize.Date(t, language); ok {
			n++
		}
	}
	return float64(n) / float64(max(1, len(texts)))
}

// documentIn is the link of a card to a file.
func documentIn(d *document, f *facts) *html.Node {
	for _, n := range elementsIn(f.root) {
		if n.DataAtom == atom.A && isDocument(d.resolve(attr(n, "href"))) {
			return n
		}
	}
	return nil
}
