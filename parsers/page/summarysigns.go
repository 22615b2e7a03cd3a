package page

import (
	"strings"
)

// What a standfirst is known by when no class says what it is.
const (
	subheading  = "subheading below the title"
	boldLine    = "bold lines below the title"
	lineBetween = "line between title and byline"
	setApart    = "paragraph set apart above the text"
)

// summaryWeights say how much each sign speaks for or against a text as the
// summary of a page. The score of a text is the sum over its signs, the first
// of which says what kind of evidence it is, less its distance from the title
// or from the thing that the page is of. They are set by hand: fitted to two
// hundred pages they did worse on pages left out of the fit.
var summaryWeights = map[string]int{
	"abstract": 98, "above the citation": 99, "first paragraphs": 50,
	"og:description": 80, "description": 79, "dc.description": 74, "twitter:description": 70, "other description": 70, "json-ld": 72, "microdata": 68, "rdfa": 68,
	"marked": 91, subheading: 82, boldLine: 88, lineBetween: 82, setApart: 66,
	"short line": -2, "very short line": -14, "short description": -6, "begins another": -22, "of the site": -40,
	"excerpt, others wrote": -9, "declared alike": 5, "printed alike": 5,
}

// weighSummaries finds the signs of each candidate and sums their weights.
func (e *extractor) weighSummaries(b *ballot) {
	w := e.compareSummaries(b.list)
	for i := range b.list {
		c := &b.list[i]
		if c.Rejected != "" || c.Basis == "selector" {
			continue
		}
		c.Signs = w.signs(i)
		for _, s := range c.Signs {
			c.Score += summaryWeights[s]
		}
	}
}

// compared are the candidates for the summary as the weighing looks at them.
type compared struct {
	list    []Candidate
	keys    []string // of the texts, empty for those that are not compared
	starts  []string // of their first 200 octets
	excerpt []bool   // it is the beginning of the page's text
	lead    string   // key of the beginning of the page's text
	site    map[string]bool
}

func (e *extractor) compareSummaries(list []Candidate) compared {
	w := compared{list: list, lead: key(e.body.text(3000)), site: e.siteLines()}
	for _, c := range list {
		k := ""
		if len(c.Value) <= 3000 && c.Rejected == "" && c.Basis != "selector" {
			k = key(c.Value)
		}
		w.keys = append(w.keys, k)
		w.starts = append(w.starts, key(clip(c.Value, 200)))
		w.excerpt = append(w.excerpt, len(k) > 40 && strings.Contains(w.lead, k[:len(k)*8/10]))
	}
	return w
}

// signs are what speaks for and against candidate i.
func (w *compared) signs(i int) []string {
	c := &w.list[i]
	kind := kindOfSummary(c)
	out := []string{kind}
	say := func(when bool, sign string) {
		if when {
			out = append(out, sign)
		}
	}
	declared := isDeclared(c)
	switch n := width(c.Value); {
	case kind != "marked":
	case n < 50:
		out = append(out, "very short line") // a second title rather than a summary
	case n < 70:
		out = append(out, "short line")
	}
	say(declared && kind != "abstract" && width(c.Value) < 100, "short description")
	if w.keys[i] == "" {
		return out
	}
	say(declared && w.site[w.keys[i]], "of the site")
	say(declared && w.excerpt[i] && w.wroteElse(i), "excerpt, others wrote")
	say((kind == subheading || kind == boldLine || kind == setApart) && w.begunBy(i), "begins another")
	alike, printed := w.alike(i)
	say(alike, "declared alike")
	say(printed, "printed alike")
	return out
}

// kindOfSummary is the first sign of a candidate.
func kindOfSummary(c *Candidate) string {
	switch {
	case strings.Contains(c.Detail, "abstract") && c.Basis != "class":
		return "abstract"
	case c.Basis == "json-ld", c.Basis == "microdata", c.Basis == "rdfa":
		return c.Basis
	case c.Basis == "text":
		return "first paragraphs"
	case c.Basis == "citation":
		return "above the citation"
	case c.Basis == "class":
		if c.Detail == subheading || c.Detail == boldLine || c.Detail == lineBetween || c.Detail == setApart {
			return c.Detail
		}
		return "marked"
	}
	switch c.Detail {
	case "og:description", "description", "twitter:description":
		return c.Detail
	case "dc.description", "dcterms.description":
		return "dc.description"
	}
	return "other description"
}

func isDeclared(c *Candidate) bool {
	return c.Basis == "meta" || c.Basis == "json-ld" || c.Basis == "microdata" || c.Basis == "rdfa"
}

// begunBy reports whether a declared description holds candidate i and more.
func (w *compared) begunBy(i int) bool {
	for j, k := range w.keys {
		if isDeclared(&w.list[j]) && len(k) > len(w.keys[i])+10 && strings.Contains(k, w.keys[i]) {
			return true
		}
	}
	return false
}

// wroteElse reports whether another description, or an element marked as a
// summary, is a text of its own.
func (w *compared) wroteElse(i int) bool {
	for j, k := range w.keys {
		own := w.list[j].Basis == "meta" && len(k) >= 60 || len(k) >= 30 && kindOfSummary(&w.list[j]) == "marked"
		if own && !w.excerpt[j] && k[:30] != w.keys[i][:min(30, len(w.keys[i]))] {
			return true
		}
	}
	return false
}

// alike reports whether another kind of evidence has the text of candidate i:
// one that is declared, one that is printed.
func (w *compared) alike(i int) (declared, printed bool) {
	for j := range w.list {
		o := &w.list[j]
		if j == i || o.Rejected != "" || o.Basis == w.list[i].Basis || w.starts[j] != w.starts[i] {
			continue
		}
		declared = declared || isDeclared(o)
		printed = printed || !isDeclared(o)
	}
	return declared, printed
}

// siteLines are what the page says of its site, not of itself.
func (e *extractor) siteLines() map[string]bool {
	out := make(map[string]bool)
	for _, t := range e.g.things {
		for _, typ := range t.types() {
			if typ == "WebSite" || strings.HasSuffix(typ, "Organization") {
				out[key(t.text("description"))] = true
			}
		}
	}
	delete(out, "")
	return out
}
