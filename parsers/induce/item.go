package induce

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/page"
)

// Item is one item page and what led to it.
type Item struct {
	Page *harvest.Page
	Card *harvest.Record // may be nil
}

// mostItems bounds the item pages that are looked at.
const mostItems = 6

// Page finds rules for item pages: for what their own evidence gives wrongly or
// not at all, as far as several of them show where it stands. Most pages need
// none. The second result is what a person should look at.
func Page(items []Item) (config.PageRules, []string) {
	w := &pages{}
	for _, it := range items[:min(len(items), mostItems)] {
		d, err := read(it.Page)
		if err != nil {
			continue
		}
		bodies := d.Find("body").Nodes
		if len(bodies) == 0 {
			continue
		}
		w.documents = append(w.documents, d)
		w.facts = append(w.facts, &facts{root: bodies[0]})
		w.cards = append(w.cards, it.Card)
		w.says = append(w.says, page.Extract(it.Page, config.PageRules{}).Record)
	}
	if len(w.facts) < 2 {
		return config.PageRules{}, nil
	}
	w.title()
	w.date()
	w.summary()
	w.category()
	return w.rules, w.doubts
}

// pages are several item pages of one site.
type pages struct {
	documents []*document
	facts     []*facts
	cards     []*harvest.Record
	says      []harvest.Record // what each page says by itself
	rules     config.PageRules
	doubts    []string
}

func (w *pages) doubtf(format string, args ...any) {
	w.doubts = append(w.doubts, fmt.Sprintf(format, args...))
}

// count is the number of pages for which something holds.
func (w *pages) count(holds func(i int) bool) int {
	n := 0
	for i := range w.facts {
		if holds(i) {
			n++
		}
	}
	return n
}

// rule finds the place of a field. wanted is the element that holds it on a
// page, nil when none does.
func (w *pages) rule(wanted func(i int) *html.Node) (config.Selectors, bool) {
	of := make(map[*facts]*html.Node)
	for i, f := range w.facts {
		of[f] = wanted(i)
	}
	p, ok := locate(w.facts, func(f *facts) *html.Node { return of[f] }, 0.8)
	if !ok || p.right < 2 {
		return nil, false
	}
	return selector(p.selector), true
}

// first is the first element of a page, besides menus, that is of a kind.
func (w *pages) first(i int, is func(d *document, n *html.Node) bool) *html.Node {
	d := w.documents[i]
	for _, n := range d.elements {
		if !d.chrome[n] && is(d, n) {
			return n
		}
	}
	return nil
}

func alike(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	return a != "" && b != "" && (strings.Contains(a, b) || strings.Contains(b, a))
}

// title: the heading that the cards promise, where the page says another.
func (w *pages) title() {
	wrong := w.count(func(i int) bool {
		return w.cards[i] != nil && w.cards[i].Title != "" && !alike(w.cards[i].Title, w.says[i].Title)
	})
	same := w.count(func(i int) bool { return w.says[i].Title == w.says[0].Title })
	missing := w.count(func(i int) bool { return w.says[i].Title == "" })
	if wrong*2 <= len(w.facts) && same < len(w.facts) && missing == 0 {
		return
	}
	found, ok := w.rule(func(i int) *html.Node {
		if w.cards[i] == nil {
			return w.first(i, func(d *document, n *html.Node) bool { return n.DataAtom == atom.H1 && d.text(n) != "" })
		}
		return w.first(i, func(d *document, n *html.Node) bool { return leaf(n) && d.text(n) == w.cards[i].Title })
	})
	if ok {
		w.rules.Title = found
		return
	}
	w.doubtf("the titles of item pages differ from those in the list, and no selector leads to the right ones")
}

// date: the day that the cards print, where the page says another; or any day
// that stands in the same place of every page.
func (w *pages) date() {
	wrong := w.count(func(i int) bool {
		c := w.cards[i]
		return c != nil && !c.Published.IsZero() && !w.says[i].Published.IsZero() && c.Published.Value != w.says[i].Published.Value
	})
	missing := w.count(func(i int) bool {
		return w.says[i].Published.IsZero() && (w.cards[i] == nil || w.cards[i].Published.IsZero())
	})
	switch {
	case wrong*2 > len(w.facts):
		found, ok := w.rule(func(i int) *html.Node {
			return w.first(i, func(d *document, n *html.Node) bool {
				day, ok := normalize.Date(d.text(n), d.language)
				return ok && leaf(n) && w.cards[i] != nil && day.Value == w.cards[i].Published.Value
			})
		})
		if ok {
			w.rules.Date = found
			return
		}
		w.doubtf("the days on item pages differ from those in the list; the pages' own are taken")
	case missing*2 > len(w.facts):
		found, ok := w.rule(func(i int) *html.Node {
			return w.first(i, func(d *document, n *html.Node) bool { return d.judgeDate(n) >= 40 && leaf(n) })
		})
		if ok {
			w.rules.Date = found
		}
	}
}

// summary: paragraphs, where all pages give one and the same text or none.
func (w *pages) summary() {
	same := w.count(func(i int) bool { return w.says[i].Summary == w.says[0].Summary })
	missing := w.count(func(i int) bool { return w.says[i].Summary == "" })
	if w.labelledSummary() {
		return
	}
	if same < len(w.facts) && missing*2 <= len(w.facts) {
		return
	}
	found, ok := w.rule(func(i int) *html.Node {
		return w.first(i, func(d *document, n *html.Node) bool {
			const enough = 60 // characters
			return n.DataAtom == atom.P && utf8.RuneCountInString(d.text(n)) >= enough && leaf(n)
		})
	})
	if ok {
		w.rules.Summary = found
		return
	}
	if same == len(w.facts) && missing == 0 {
		w.doubtf("all item pages give one and the same summary, that of the site")
	}
}

var labelOfText = regexp.MustCompile(`^(\p{L}+(?: \p{L}+)?):?\s`)

// labelledSummary takes the name of the field off, where every page has it in
// front of its summary and it stands in an element before the text.
func (w *pages) labelledSummary() bool {
	m := labelOfText.FindStringSubmatch(w.says[0].Summary)
	if m == nil {
		return false
	}
	for _, label := range []string{m[1], strings.Fields(m[1])[0]} {
		if w.count(func(i int) bool { return strings.HasPrefix(w.says[i].Summary, label) }) < len(w.facts) {
			continue
		}
		found, ok := w.rule(func(i int) *html.Node {
			return w.first(i, func(_ *document, n *html.Node) bool { return labelBefore(n) == label })
		})
		if ok {
			w.rules.Summary = found
			return true
		}
	}
	return false
}

// category: a label that stands in the same place of every page, where neither
// pages nor cards give one.
func (w *pages) category() {
	missing := w.count(func(i int) bool {
		return len(w.says[i].CategoriesRaw) == 0 && (w.cards[i] == nil || len(w.cards[i].CategoriesRaw) == 0)
	})
	if missing*2 <= len(w.facts) {
		return
	}
	found, ok := w.rule(func(i int) *html.Node {
		return w.first(i, func(d *document, n *html.Node) bool {
			text := d.text(n)
			const longestLabel = 45
			return leaf(n) && len(text) > 2 && len(text) < longestLabel && (labelName.MatchString(attr(n, "class")) || labelled.MatchString(labelOf(n)))
		})
	})
	if ok {
		w.rules.Category = found
	}
}
