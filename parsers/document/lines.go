package document

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// line is one line of a page, or one paragraph of an office document.
type line struct {
	page int
	size float64 // of its letters, in points; 0 when nobody knows
	text string
	// hyphen is what divides the last word of text from its rest in the next
	// line, 0 for nothing: '-' may be the word's own, others are not.
	hyphen rune
	// style is that of an office document: styleTitle, styleHeading, or none.
	style lineStyle
	whole bool // a paragraph, which the next line does not go on with
	// running is true of headers and footers.
	running bool
}

type lineStyle int

const (
	styleNone lineStyle = iota
	styleTitle
	styleHeading
)

// divided are the ends of a line that divide a word. PDFium gives U+0002 or
// U+FFFE for a hyphen that it takes for one.
const divided = "\x02\ufffe\u00ad\u2010-"

// set cleans a line and reports whether anything is left of it.
func (l *line) set(s string) bool {
	s = strings.TrimSpace(s)
	if last, n := utf8.DecodeLastRuneInString(s); strings.ContainsRune(divided, last) {
		if before, _ := utf8.DecodeLastRuneInString(s[:len(s)-n]); unicode.IsLetter(before) {
			l.hyphen, s = last, s[:len(s)-n]
		}
	}
	l.text = normalize.Text(compose(s))
	return l.text != ""
}

// compose replaces the forms that fonts have of letters, such as ligatures and
// the Arabic presentation forms, by the letters. Markup that stands in a
// document is its text.
func compose(s string) string {
	if !strings.ContainsFunc(s, isForm) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if isForm(r) {
			b.WriteString(norm.NFKC.String(string(r)))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isForm(r rune) bool {
	return r >= 0xfb00 && r <= 0xfb4f || r >= 0xfb50 && r <= 0xfdff || r >= 0xfe70 && r <= 0xfefc
}

// letters counts the letters of a line.
func (l *line) letters() int {
	n := 0
	for _, r := range l.text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

var digits = regexp.MustCompile(`\d+`)

// margin is how many lines at the top and at the bottom of a page may be its
// header and footer.
const margin = 3

// markRunning marks what stands at the top or bottom of several pages, but for
// its numbers, and the page numbers.
func markRunning(lines []line) {
	body := bodySize(lines)
	key := func(l *line) string { return digits.ReplaceAllString(strings.ToLower(l.text), "#") }
	on := make(map[string]map[int]bool)
	atMargin := make([]bool, len(lines))
	for start := 0; start < len(lines); {
		end := start
		for end < len(lines) && lines[end].page == lines[start].page {
			end++
		}
		for i := start; i < end; i++ {
			if atMargin[i] = !lines[i].whole && (i < start+margin || i >= end-margin); !atMargin[i] {
				continue
			}
			k := key(&lines[i])
			if on[k] == nil {
				on[k] = make(map[int]bool)
			}
			on[k][lines[i].page] = true
		}
		start = end
	}
	for i := range lines {
		l := &lines[i]
		repeats := atMargin[i] && len(on[key(l)]) > 1 && utf8.RuneCountInString(l.text) < 120 && l.size <= body
		l.running = repeats || l.letters() == 0 || pageNumber.MatchString(l.text)
	}
}

var pageNumber = regexp.MustCompile(`(?i)^(?:page|p\.|seite|página|pág\.|صفحة)\s*\d+(?:\s*(?:of|de|von|sur|/)\s*\d+)?$`)

// bodySize is the size of most letters.
func bodySize(lines []line) float64 {
	count := make(map[float64]int)
	for i := range lines {
		count[lines[i].size] += len(lines[i].text)
	}
	var out float64
	most := 0
	for size, n := range count {
		if n > most || n == most && size < out {
			out, most = size, n
		}
	}
	return out
}

// prose is the text of all lines but headers and footers, for what reads a
// language off it.
func prose(lines []line) string {
	var b strings.Builder
	for i := range lines {
		if !lines[i].running && b.Len() < 8000 {
			join(&b, &lines[i], i > 0 && lines[i-1].hyphen != 0, prior(lines, i))
		}
	}
	return b.String()
}

func prior(lines []line, i int) *line {
	if i == 0 {
		return nil
	}
	return &lines[i-1]
}

// join adds a line to text, with the word that the line before has divided.
func join(b *strings.Builder, l *line, afterHyphen bool, before *line) {
	if b.Len() > 0 {
		switch {
		case !afterHyphen:
			b.WriteByte(' ')
		case before.hyphen == '-' && !isDivided(before.text, l.text):
			b.WriteByte('-')
		}
	}
	b.WriteString(l.text)
}

// ownHyphen are beginnings of words that often keep their hyphen.
var ownHyphen = regexp.MustCompile(`(?i)(?:^|\s)(?:anti|non|self|co|pre|post|multi|sub|cross|long|short|well|high|low|socio|inter|mid|re|ex|all|follow|up|decision|policy|state|victim|survivor|labour|child|human)$`)

// isDivided guesses whether a hyphen at the end of a line is that of the line:
// then a part of a word follows, in small letters.
func isDivided(before, after string) bool {
	r, _ := utf8.DecodeRuneInString(after)
	return unicode.IsLower(r) && !ownHyphen.MatchString(before)
}

const maxHeading = 250 // characters

// headingOf is the first heading: the paragraph of that style, or the lines of
// the first pages whose letters are largest. Empty when none stands out.
func headingOf(lines []line) string {
	for _, style := range []lineStyle{styleTitle, styleHeading} {
		for i := range lines {
			if l := &lines[i]; l.style == style && isName(l.text) {
				return l.text
			}
		}
	}
	body := bodySize(lines)
	var sizes []float64
	for i := range lines {
		if l := &lines[i]; l.page <= 1 && !l.running && l.size > body*1.15 && !slices.Contains(sizes, l.size) {
			sizes = append(sizes, l.size)
		}
	}
	slices.Sort(sizes)
	for _, size := range slices.Backward(sizes) {
		if h := largest(lines, size); isName(h) {
			return h
		}
	}
	return ""
}

// largest joins the first row of lines of about that size.
func largest(lines []line, size float64) string {
	var b strings.Builder
	for i := range lines {
		l := &lines[i]
		near := l.page <= 1 && !l.running && l.size >= size*0.9 && l.size <= size*1.02
		switch {
		case near && utf8.RuneCountInString(b.String()) < maxHeading:
			join(&b, l, b.Len() > 0 && lines[i-1].hyphen != 0, prior(lines, i))
		case b.Len() > 0:
			return b.String()
		}
	}
	return b.String()
}

// isName reports whether a heading can be the name of a document: it has a word
// or two and is not one that every document has.
func isName(s string) bool {
	l := line{text: s}
	if l.letters() < 6 || utf8.RuneCountInString(s) > maxHeading || sections.MatchString(s) || junk.MatchString(s) {
		return false
	}
	if dates := normalize.Dates(s, ""); len(dates) > 0 && l.letters() < 20 {
		return false
	}
	return true
}

// sections are headings of parts that many documents have.
var sections = regexp.MustCompile(`(?i)^[\dIVX.\s]*(?:(?:table of )?contents|(?:executive )?summary|abstract|introduction|foreword|preface|acknowledge?ments?|acronyms(?: and abbreviations)?|abbreviations|annex(?:es)?|report|final report|background|draft|confidential|resumen(?: ejecutivo)?|índice|introducción|résumé(?: exécutif)?|sommaire|table des matières|avant-propos|sumário(?: executivo)?|resumo(?: executivo)?|المحتويات|مقدمة|ملخص(?: تنفيذي)?)[:.]?$`)

// abstracts are the headings of a document's own summary.
var abstracts = regexp.MustCompile(`(?i)^[\dIVX.\s]*(?:executive summary|summary|abstract|resumen(?: ejecutivo)?|résumé(?: exécutif)?|resumo(?: executivo)?|sumário executivo|ملخص(?: تنفيذي)?|الملخص(?: التنفيذي)?)[:.]?$`)

// printedDate is the date on the first page, to the month at least, when it
// stands in a short line by itself: what running text mentions is another
// matter, and two different dates are none.
func printedDate(lines []line, lang string) harvest.Date {
	var out harvest.Date
	for i := range lines {
		l := &lines[i]
		if l.page > 0 || utf8.RuneCountInString(l.text) > 60 || l.style != styleNone && i > 8 {
			continue
		}
		for _, p := range normalize.Dates(l.text, lang) {
			if p.Date.Precision == harvest.PrecisionYear || p.Date == out {
				continue
			}
			if !out.IsZero() {
				return harvest.Date{}
			}
			out = p.Date
		}
	}
	return out
}
