package page

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// citation is a line "Title - Publisher, Month Year DOWNLOAD" of the page.
type citation struct {
	line             string
	at               int // its block, -1 when unknown
	title, publisher string
	date             harvest.Date
	detail           string
	score            int // of what it says: 990 where a selector names it
}

// findCitation reads the citation line: the one that the source's selectors
// name, else a line of the text that ends with the offer of a file. ok is
// false when there is none.
func (e *extractor) findCitation() (c citation, ok bool) {
	values, which := Find(e.scope, e.rules.Citation)
	for _, v := range values {
		if c.title, c.publisher, c.date, ok = normalize.Citation(v); ok {
			c.line, c.at, c.detail, c.score = v, e.lineAt(v), which, 990
			return c, true
		}
	}
	for i, b := range e.v.blocks {
		if len(b.text) > 400 || len(b.text) < 15 || b.zone&offContent != 0 || !hasYear(b.text) || !strings.ContainsAny(b.text, "-‐‒–—―|") || !e.offersFile(i) {
			continue
		}
		if c.title, c.publisher, c.date, ok = normalize.Citation(b.text); ok && c.date.Precision != harvest.PrecisionYear {
			c.line, c.at, c.detail, c.score = b.text, i, "citation line", 90
			return c, true
		}
	}
	return citation{}, false
}

// offersFile reports whether a line ends with the offer of a file, or a link
// to one stands in it or right behind it.
func (e *extractor) offersFile(i int) bool {
	if normalize.EndsWithDownload(e.v.blocks[i].text) {
		return true
	}
	from := sort.Search(len(e.v.anchor), func(n int) bool { return e.v.anchor[n].at >= i })
	for _, a := range e.v.anchor[from:] {
		if a.at > i+1 {
			return false
		}
		if MediaType(a.href) != "" {
			return true
		}
	}
	return false
}

// hasYear reports whether four decimal digits of any script stand in a row.
func hasYear(s string) bool {
	n := 0
	for _, r := range s {
		if n++; !(r >= '0' && r <= '9' || r > 0x600 && unicode.Is(unicode.Nd, r)) {
			n = 0
		}
		if n == 4 {
			return true
		}
	}
	return false
}

// lineAt is the block that shows a text, -1 when none does.
func (e *extractor) lineAt(text string) int {
	for i, b := range e.v.blocks {
		if b.text == text || strings.HasPrefix(text, b.text) && len(b.text)*2 > len(text) {
			return i
		}
	}
	return -1
}

// aboveCitation are the paragraphs over the citation line: on the sites that
// end an item so, they are its summary. Empty when the line is unknown or
// more than a summary stands there.
func (e *extractor) aboveCitation() string {
	const most = 4000 // characters
	if !e.cited || e.cite.at < 0 {
		return ""
	}
	var parts []string
	total := 0
	for _, b := range e.v.blocks[max(0, e.titleAt):e.cite.at] {
		if !isProse(b) || e.vetoSummary(b.text) != "" {
			continue
		}
		parts = append(parts, b.text)
		total += utf8.RuneCountInString(b.text)
	}
	if total > most {
		return ""
	}
	return strings.Join(parts, "\n\n")
}
