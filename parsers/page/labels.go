package page

import (
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// decideLabels finds category labels and keywords.
func (e *extractor) decideLabels() {
	var labels []string
	var from Candidate
	add := func(values []string, basis, detail string) {
		for _, v := range values {
			v = normalize.Text(v)
			if v == "" || len(v) > 100 || e.isSiteName(v) || slices.Contains(labels, v) || len(labels) >= 30 {
				continue
			}
			if len(labels) == 0 {
				from = Candidate{Value: v, Basis: basis, Detail: detail}
			}
			labels = append(labels, v)
		}
	}
	if values, which := findParts(e.scope, e.rules.Category); len(values) > 0 {
		add(values, "selector", which)
	} else {
		for i, t := range e.things {
			if i < 2 {
				add(t.texts("articleSection"), "json-ld", "articleSection")
				add(t.texts("genre"), "json-ld", "genre")
				add(t.texts("recipeCategory"), "json-ld", "recipeCategory")
			}
		}
		for i, d := range e.markup {
			if i < 2 {
				add(d.texts("articleSection"), d.basis, "articleSection")
				add(d.texts("genre"), d.basis, "genre")
			}
		}
		for _, m := range []string{"article:section", "dc.type", "dcterms.type", "citation_journal_title", "category", "section", "parsely-section"} {
			if m != "citation_journal_title" {
				add(e.v.meta[m], "meta", m)
			}
		}
		for _, m := range e.v.marks {
			if m.role&forCategory != 0 && m.zone&offContent == 0 && e.nearTitle(m.at) {
				add(labelsIn(m.node), "class", classDetail(m.node))
			}
		}
	}
	if len(labels) > 0 {
		e.result.Record.CategoriesRaw = labels
		e.result.Record.CategoryRaw = labels[0]
		e.result.Candidates["category_raw"] = []Candidate{from}
		e.evidence("category_raw", from)
		e.evidence("categories_raw", from)
	}
	e.tags()
}

// labelsIn are the labels of an element that its class calls a category: its
// links where they are all it says ("Category: A B"), else its own text. An
// element that holds more than labels has none: WordPress gives the classes of
// its categories to whole articles
// (https://developer.wordpress.org/reference/functions/get_post_class/).
func labelsIn(n *html.Node) []string {
	const most = 1000 // octets and elements; no label is as long
	w := textWriter{left: most}
	if w.write(n); w.left <= 0 {
		return nil
	}
	doc, text := goquery.NewDocumentFromNode(n), normalize.Text(w.b.String())
	rest := text
	var links []string
	for _, a := range doc.Find("a").EachIter() {
		if label := normalize.Text(textOf(a)); label != "" {
			links = append(links, label)
			rest = strings.Replace(rest, label, "", 1)
		}
	}
	const row = 5 // more links in a box are a menu
	if rest = strings.Trim(rest, " ,;|/·•"); len(links) > 0 && (rest == "" || strings.HasSuffix(rest, ":")) {
		if n.DataAtom == atom.Div && len(links) > row {
			return nil
		}
		return slices.DeleteFunc(links, isNoLabel)
	}
	if n.DataAtom == atom.Div || n.DataAtom == atom.Article || doc.Find("h1, h2, h3, h4, p, time").Length() > 0 {
		return nil
	}
	if isNoLabel(text) {
		return nil
	}
	return []string{text}
}

// isNoLabel: a date, a number, or the words before a value.
func isNoLabel(s string) bool {
	_, isDate := normalize.Date(s, "")
	return isDate || strings.Trim(s, "0123456789 ") == "" || strings.HasSuffix(s, ":")
}

// tags are the keywords of the page.
func (e *extractor) tags() {
	add := func(values []string) {
		for _, v := range values {
			for _, t := range strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ';' || r == '、' }) {
				if t = normalize.Text(t); t != "" && len(t) < 100 && len(e.result.Tags) < 100 && !slices.Contains(e.result.Tags, t) {
					e.result.Tags = append(e.result.Tags, t)
				}
			}
		}
	}
	add(e.v.meta["article:tag"])
	if len(e.result.Tags) == 0 {
		for i, t := range e.things {
			if i < 2 {
				add(t.texts("keywords"))
			}
		}
	}
	for i, d := range e.markup {
		if i < 2 && len(e.result.Tags) == 0 {
			add(d.texts("keywords"))
		}
	}
	for _, m := range []string{"citation_keywords", "news_keywords", "keywords", "dc.subject", "parsely-tags", "sailthru.tags"} {
		if len(e.result.Tags) == 0 {
			add(e.v.meta[m])
		}
	}
	if len(e.result.Tags) == 0 {
		for _, a := range e.v.anchor {
			if hasToken(attr(a.node, "rel"), "tag") && a.zone&(inRelated|inComments|inCard) == 0 {
				add([]string{limitedText(a.node, 120)})
			}
		}
	}
}

// decidePublisher finds who issued the item. The site's own name is not
// offered: that it publishes its pages is what the source file says.
func (e *extractor) decidePublisher() {
	b := &ballot{}
	e.selected(b, e.rules.Publisher, func(s string) string { return s })
	if e.cited {
		b.offer(e.cite.publisher, "citation", e.cite.detail, e.cite.score)
	}
	for _, m := range []string{"citation_publisher", "dc.publisher", "dcterms.publisher", "citation_technical_report_institution", "eprints.publisher"} {
		for _, value := range e.v.meta[m] {
			b.offer(normalize.Text(value), "meta", m, 80)
		}
	}
	for i, t := range e.things {
		if i > 0 {
			break
		}
		if p, ok := e.g.resolve(t["publisher"]).(map[string]any); ok {
			b.offer(normalize.Text(thing(p).text("name")), "json-ld", "publisher", 60)
		}
	}
	for i, d := range e.markup {
		if p, ok := d.thing["publisher"].(map[string]any); ok && i == 0 {
			b.offer(normalize.Text(thing(p).text("name")), d.basis, "publisher", 58)
		}
	}
	if c, ok := e.settle("publisher", b); ok {
		e.result.Record.Publisher = c.Value
	}
}
