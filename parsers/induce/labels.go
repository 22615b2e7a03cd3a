package induce

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

var labelName = regexp.MustCompile(`(?i)(?:^|[-_ ]|[a-z](?-i:[A-Z]))(?:category|categories|cat|tag|tags|label|type|kicker|eyebrow|topic|topics|badge|term|taxonomy|genre|rubrik|theme|pill|chip|format|kind|section|resource-type|content-type|doctype|tipo|typ|art|categor[ií]a|catégorie|rubrique)s?(?:$|[-_ ])`)

// categoryRule finds where the cards print their label, and returns the
// elements that were taken for it.
func (g *group) categoryRule(d *document, r *config.ItemRules, vocab *config.Vocabulary) map[*html.Node]bool {
	taken := g.labelRule(d, r)
	if len(r.Category) == 0 {
		taken = g.knownRule(d, r, vocab)
	}
	if len(r.Category) == 0 {
		r.Category = g.textRule(d, labelled)
	}
	return taken
}

// labelRule finds it by what the markup says.
func (g *group) labelRule(d *document, r *config.ItemRules) map[*html.Node]bool {
	taken := make(map[*html.Node]bool)
	wanted := make(map[*facts]*html.Node)
	values := make(map[string]int)
	for _, f := range g.cards {
		if n := labelIn(d, f); n != nil {
			wanted[f] = n
			values[strings.ToLower(d.text(n))]++
		}
	}
	if len(wanted)*2 < len(g.cards) || len(values) == len(wanted) && len(wanted) > 3 {
		return taken
	}
	p, ok := locate(g.cards, func(f *facts) *html.Node { return wanted[f] }, 0.6)
	if !ok {
		return taken
	}
	r.Category = selector(p.selector)
	for _, n := range wanted {
		taken[n] = true
	}
	return taken
}

// labelIn is the element of a card that prints a label: by its name, its link,
// or the label before it.
func labelIn(d *document, f *facts) *html.Node {
	var found *html.Node
	best := 0
	for _, n := range elementsIn(f.root)[1:] {
		text := d.text(n)
		length := utf8.RuneCountInString(text)
		if length < 3 || length > 45 || len(strings.Fields(text)) > 6 || !leaf(n) || genericText.MatchString(text) ||
			f.title != nil && (contains(f.title, n) || contains(n, f.title)) || f.date != nil && contains(n, f.date) || n == f.summary {
			continue
		}
		if _, isDate := normalize.Date(text, d.language); isDate || strings.HasSuffix(text, ":") {
			continue
		}
		s := 0
		class := attr(n, "class")
		if labelName.MatchString(class) {
			s += 30
		} else if n.Parent != f.root && n.Parent != nil && labelName.MatchString(attr(n.Parent, "class")) {
			s += 20
		}
		if n.DataAtom == atom.A && (strings.Contains(attr(n, "rel"), "tag") || asideAddress.MatchString(attr(n, "href")) && !strings.Contains(attr(n, "href"), "/author")) {
			s += 25
		}
		if labelled.MatchString(labelOf(n)) {
			s += 30
		}
		if authorName.MatchString(class) || dateName.MatchString(class) {
			s -= 25
		}
		if s > best {
			best, found = s, n
		}
	}
	return found
}

var (
	labelled   = regexp.MustCompile(`(?i)^(?:(?:content|document|publication|resource|item)?[ -]*(?:type|category|kind|format)|tipo|type de document|categor[ií]a|catégorie|rubrique|kategorie|typ|art|نوع|النوع|التصنيف)$`)
	authorName = regexp.MustCompile(`(?i)(?:^|[-_ ])(?:author|byline|auteur|autor|writer|creator|contributor|person[-_]?name)s?(?:$|[-_ ])`)
	authored   = regexp.MustCompile(`(?i)^(?:author(?:s|\(s\))?|(?:written )?by|creators?|auteure?s?|autor(?:es|as?|en)?|verfasser(?:in)?|المؤلف|الكاتب)$`)
	byLine     = regexp.MustCompile(`(?i)^(?:by|par|por|von)\s+\p{Lu}`)
)

// knownRule finds labels that bear no name by what they are: short texts in one
// place of the cards, the same ones again and again, of which some mean a type.
func (g *group) knownRule(d *document, r *config.ItemRules, vocab *config.Vocabulary) map[*html.Node]bool {
	taken := make(map[*html.Node]bool)
	tried := make(map[string]bool)
	for _, f := range g.cards[:min(len(g.cards), 3)] {
		for _, n := range elementsIn(f.root)[1:] {
			if !d.mayLabel(f, n) {
				continue
			}
			for _, way := range ways(f.root, n) {
				if tried[way] || len(tried) > 400 {
					continue
				}
				tried[way] = true
				if found := g.knownLabels(d, way, vocab); found != nil {
					r.Category = selector(way)
					for _, n := range found {
						taken[n] = true
					}
					return taken
				}
			}
		}
	}
	return taken
}

// knownLabels are what a selector finds, when these are labels.
func (g *group) knownLabels(d *document, way string, vocab *config.Vocabulary) []*html.Node {
	m, err := cascadia.Compile(way)
	if err != nil {
		return nil
	}
	var found []*html.Node
	values := make(map[string]bool)
	for _, f := range g.cards {
		n := firstBelow(f.root, m)
		if n == nil {
			continue
		}
		if !d.mayLabel(f, n) {
			return nil
		}
		found = append(found, n)
		values[d.text(n)] = true
	}
	known := 0
	for v := range values {
		if id, raw, _ := normalize.Category([]string{v}, nil, vocab, harvest.Record{}); id != "" && raw == v {
			known++
		}
	}
	if len(found)*10 < len(g.cards)*8 || len(values) < 2 || len(values)*4 > len(found)*3 || known*2 < len(values) {
		return nil
	}
	return found
}

// mayLabel reports whether an element is as short as a label and nothing else.
func (d *document) mayLabel(f *facts, n *html.Node) bool {
	text := d.text(n)
	length := utf8.RuneCountInString(text)
	if length < 3 || length > 45 || len(strings.Fields(text)) > 4 || !leaf(n) || genericText.MatchString(text) || n == f.summary || n == f.date ||
		f.title != nil && (contains(f.title, n) || contains(n, f.title)) || f.date != nil && contains(n, f.date) || strings.HasSuffix(text, ":") {
		return false
	}
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode && d.text(c) != "" && d.text(c) != text {
			return false // it holds more than one thing
		}
	}
	return !authorName.MatchString(attr(n, "class")) && !strings.ContainsFunc(text, unicode.IsDigit)
}

// textRule finds a value whose name, as given, stands before it in an element of its own,
// and which itself stands in none: <b>Type:</b> Report<br>.
func (g *group) textRule(d *document, named *regexp.Regexp) config.Selectors {
	wanted := make(map[*facts]*html.Node)
	forms := make(map[string]int)
	for _, f := range g.cards {
		for _, n := range elementsIn(f.root)[1:] {
			if form := formAfter(d, n, named); form != "" {
				wanted[f] = n.Parent
				forms[form]++
				break
			}
		}
	}
	for form, count := range forms {
		if count*10 < len(g.cards)*8 {
			continue
		}
		if p, ok := locate(g.cards, func(f *facts) *html.Node { return wanted[f] }, 0.8); ok {
			if re, err := regexp.Compile(form); err == nil {
				return config.Selectors{{CSS: p.selector, Regex: re}}
			}
		}
	}
	return nil
}

// formAfter cuts the value after the name of a label out of the text around
// both, empty when n is no such name.
func formAfter(d *document, n *html.Node, named *regexp.Regexp) string {
	name := d.text(n)
	if !strings.HasSuffix(name, ":") || len(name) > 40 || !named.MatchString(strings.TrimRight(name, ": ")) || n.NextSibling == nil || n.NextSibling.Type != html.TextNode {
		return ""
	}
	value := strings.Join(strings.Fields(n.NextSibling.Data), " ")
	if length := utf8.RuneCountInString(value); length < 3 || length > 45 {
		return ""
	}
	end := "$"
	for s := next(n); s != nil; s = next(s) {
		if text := d.text(s); text != "" {
			if !strings.HasSuffix(text, ":") || len(text) > 40 {
				return ""
			}
			end = regexp.QuoteMeta(text)
			break
		}
	}
	return regexp.QuoteMeta(name) + `\s*(.+?)\s*` + end
}

// authorIn is the element of a card that names the author.
func authorIn(d *document, f *facts, taken map[*html.Node]bool) *html.Node {
	for _, n := range elementsIn(f.root)[1:] {
		text := d.text(n)
		if len(text) < 4 || len(text) > 120 || taken[n] || n == f.summary || n == f.date || !leaf(n) || f.title != nil && contains(f.title, n) {
			continue
		}
		if authored.MatchString(labelOf(n)) && len(normalize.Dates(text, d.language)) == 0 || authorName.MatchString(attr(n, "class")) || strings.Contains(attr(n, "rel"), "author") || byLine.MatchString(text) && len(text) < 80 && len(normalize.Dates(text, d.language)) == 0 {
			return n
		}
	}
	return nil
}
