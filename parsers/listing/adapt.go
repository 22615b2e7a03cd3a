package listing

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/PuerkitoBio/goquery"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/item"
	"github.com/harvest87/harvest/parsers/normalize"
)

// fields are the finders of a card's fields.
type fields struct {
	title, category, summary, date, modified, author, language, publisher, document, citation finder
}

// adapting makes a record of one card.
type adapting struct {
	*Door
	card card
	base string
	page string
	rec  *harvest.Record
}

// adapt turns a card with a link into a record without identity. What the
// source file has no selector for stays empty, except the title.
func (d *Door) adapt(c card, base, at string) harvest.Record {
	a := &adapting{Door: d, card: c, base: base, page: at, rec: &harvest.Record{
		URL: c.link, CanonicalURL: c.link, Provenance: make(map[string]harvest.Evidence),
	}}
	a.told("url", c.linkDetail)
	a.title()
	a.categories()
	a.summary()
	a.date("published", d.fields.date, &a.rec.Published)
	a.date("modified", d.fields.modified, &a.rec.Modified)
	a.line("publisher", d.fields.publisher, &a.rec.Publisher)
	a.line("language", d.fields.language, &a.rec.Language.Declared)
	a.rec.Language.Declared = normalize.Tag(a.rec.Language.Declared)
	a.authors()
	a.documents()
	a.citation()
	return *a.rec
}

func (a *adapting) why(field, basis, detail string) {
	a.rec.Provenance[field] = harvest.Evidence{Basis: basis, Detail: detail, Page: a.page}
}

func (a *adapting) told(field, detail string) { a.why(field, "selector", detail) }

// line fills a field of one line.
func (a *adapting) line(field string, f finder, to *string) {
	if v, detail, ok := first(f, a.card.Selection, selector.text); ok {
		*to = v
		a.told(field, detail)
	}
}

// title falls back to the card's heading, the text of its link, and what the
// link or its picture says to those who cannot see it.
func (a *adapting) title() {
	a.line("title", a.fields.title, &a.rec.Title)
	if a.rec.Title != "" {
		return
	}
	s := a.card.Selection
	for _, from := range []struct{ detail, value string }{
		{"heading", innerText(s.Find("h1, h2, h3, h4, h5, h6").First())},
		{"link text", a.card.linkText},
		{"a[title]", s.Find("a[title]").AddSelection(s.Filter("a[title]")).First().AttrOr("title", "")},
		{"a[aria-label]", s.Find("a[aria-label]").AddSelection(s.Filter("a[aria-label]")).First().AttrOr("aria-label", "")},
		{"img[alt]", s.Find("a img[alt]").First().AttrOr("alt", "")},
	} {
		if v := normalize.Text(from.value); v != "" && !generic.MatchString(v) {
			a.rec.Title = v
			a.why("title", "text", from.detail)
			return
		}
	}
}

// generic matches the texts of links that name nothing.
var generic = regexp.MustCompile(`(?i)^\W*(?:read|learn|find out|see|view|show)?\s*(?:more|details?|here|click here|download|open|link|lire la suite|leer más|continue reading)\W*$`)

func (a *adapting) categories() {
	labels, detail, ok := first(a.fields.category, a.card.Selection, selector.texts)
	if !ok {
		return
	}
	for _, l := range labels {
		if !strings.EqualFold(l, a.rec.Title) {
			a.rec.CategoriesRaw = append(a.rec.CategoriesRaw, l)
		}
	}
	if len(a.rec.CategoriesRaw) > 0 {
		a.rec.CategoryRaw = a.rec.CategoriesRaw[0]
		a.told("category_raw", detail)
		a.told("categories_raw", detail)
	}
}

// summary is marked as cut where the card cuts it ("... Read More").
func (a *adapting) summary() {
	v, detail, ok := first(a.fields.summary, a.card.Selection, selector.paragraphs)
	if !ok {
		return
	}
	clean, cut := normalize.Truncated(v)
	if clean == "" {
		return
	}
	a.rec.Summary = clean
	a.rec.SummaryBasis = harvest.SummaryBasis{Kind: harvest.SummaryCard, Truncated: cut}
	a.told("summary", detail)
}

// date reads what is printed or, where that is no date, the datetime attribute.
func (a *adapting) date(field string, f finder, to *harvest.Date) {
	d, detail, ok := first(f, a.card.Selection, func(s selector, found *goquery.Selection) (harvest.Date, bool) {
		for _, e := range found.EachIter() {
			printed, _ := s.text(e)
			for _, v := range []string{printed, s.match(e.AttrOr("datetime", "")), s.match(e.Find("time[datetime]").AttrOr("datetime", ""))} {
				if d, ok := normalize.Date(v, a.source.Language); ok && v != "" {
					return d, true
				}
			}
		}
		return harvest.Date{}, false
	})
	if ok {
		*to = d
		a.told(field, detail)
	}
}

// byLine stands before names.
var byLine = regexp.MustCompile(`(?i)^(?:written by|authors?:|by:?|par|por|von)\s+`)

func (a *adapting) authors() {
	names, detail, ok := first(a.fields.author, a.card.Selection, selector.texts)
	if !ok {
		return
	}
	for _, n := range names {
		for one := range strings.SplitSeq(byLine.ReplaceAllString(n, ""), ";") {
			if one = normalize.Text(one); strings.ContainsFunc(one, unicode.IsLetter) { // "," between two names is none
				a.rec.Authors = append(a.rec.Authors, one)
			}
		}
	}
	if len(a.rec.Authors) > 0 {
		a.told("authors", detail)
	}
}

func (a *adapting) documents() {
	docs, detail, ok := first(a.fields.document, a.card.Selection, func(s selector, found *goquery.Selection) ([]harvest.Document, bool) {
		var out []harvest.Document
		for _, e := range s.references(found).EachIter() {
			if u, ok := resolve(a.base, s.reference(e)); ok && len(out) < 50 {
				out = append(out, harvest.Document{URL: u, MediaType: item.DocumentType(u)})
			}
		}
		return out, len(out) > 0
	})
	if ok {
		a.rec.Documents = docs
		a.told("documents", detail)
		return
	}
	if kind := item.DocumentType(a.card.link); kind != "" {
		a.rec.Documents = []harvest.Document{{URL: a.card.link, MediaType: kind}}
		a.why("documents", "url", "the card's link")
	}
}

// citation takes what a line "Title - Publisher, Month Year DOWNLOAD" adds.
func (a *adapting) citation() {
	type cited struct {
		title, publisher string
		date             harvest.Date
		link             string
	}
	c, detail, ok := first(a.fields.citation, a.card.Selection, func(s selector, found *goquery.Selection) (cited, bool) {
		for _, e := range found.EachIter() {
			line, _ := s.text(e)
			title, publisher, date, ok := normalize.Citation(line)
			if !ok {
				continue
			}
			link, _ := resolve(a.base, e.Find("a[href]").AddSelection(e.Filter("a[href]")).Last().AttrOr("href", ""))
			return cited{title, publisher, date, link}, true
		}
		return cited{}, false
	})
	if !ok {
		return
	}
	if a.rec.Title == "" {
		a.rec.Title = c.title
		a.why("title", "citation", detail)
	}
	if a.rec.Publisher == "" {
		a.rec.Publisher = c.publisher
		a.why("publisher", "citation", detail)
	}
	if a.rec.Published.IsZero() {
		a.rec.Published = c.date
		a.why("published", "citation", detail)
	}
	if len(a.rec.Documents) == 0 && c.link != "" && c.link != a.card.link {
		a.rec.Documents = []harvest.Document{{URL: c.link, MediaType: item.DocumentType(c.link)}}
		a.why("documents", "citation", detail)
	}
}
