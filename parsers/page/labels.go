package page

import (
	"slices"
	"strings"

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
	if values, which := Find(e.scope, e.rules.Category); len(values) > 0 {
		add(values, "selector", which)
	} else {
		for i, t := range e.things {
			if i < 2 {
				add(t.texts("articleSection"), "json-ld", "articleSection")
				add(t.texts("genre"), "json-ld", "genre")
				add(t.texts("recipeCategory"), "json-ld", "recipeCategory")
			}
		}
		for _, m := range []string{"article:section", "dc.type", "dcterms.type", "citation_journal_title", "category", "section", "parsely-section"} {
			if m != "citation_journal_title" {
				add(e.v.meta[m], "meta", m)
			}
		}
		for _, m := range e.v.marks {
			if m.role&forCategory != 0 && m.zone&(offContent) == 0 && e.nearTitle(m.at) && m.node.Data != "div" {
				add([]string{limitedText(m.node, 120)}, "class", classDetail(m.node))
			}
		}
	}
	if len(labels) > 0 {
		e.result.Record.CategoriesRaw = labels
		e.result.Record.CategoryRaw = labels[0]
		e.result.Candidates["category_raw"] = []Candidate{from}
		e.evidence("category_raw", from)
	}
	e.tags()
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
	if _, p, _, ok := e.citationBySelector(); ok {
		b.offer(p, "citation", "citation line", 990)
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
	if c, ok := e.settle("publisher", b); ok {
		e.result.Record.Publisher = c.Value
	}
}
