package page

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// markedSummaries reads standfirsts: elements near the title whose class says
// that they sum up.
func (e *extractor) markedSummaries(b *ballot) {
	var joined *html.Node // the last of a row of paragraphs that is one standfirst
	for i, m := range e.v.marks {
		if m.role&forSummary == 0 || m.zone&(offContent|inFigure) != 0 || !e.nearTitle(m.at) || m.at < e.titleAt {
			continue
		}
		if joined != nil && continues(joined, m.node) {
			joined = m.node
			continue
		}
		var text string
		text, joined = e.rowOf(i)
		n := width(text)
		if n < 40 || n > 1500 || e.vetoSummary(text) != "" || isQuoted(text) {
			continue
		}
		less := (m.at - e.titleAt) / 3
		if e.holdsMark(i) {
			less += 3
		}
		b.offer(text, "class", classDetail(m.node), -less)
	}
}

// holdsMark reports whether an element within mark i is marked as a summary too:
// the inner one says it more closely.
func (e *extractor) holdsMark(i int) bool {
	outer := e.v.marks[i].node
	for _, m := range e.v.marks[i+1 : min(len(e.v.marks), i+8)] {
		for p := m.node.Parent; m.role&forSummary != 0 && p != nil; p = p.Parent {
			if p == outer {
				return true
			}
		}
	}
	return false
}

// rowOf is the text of mark i and of the marks that continue it, and the last of
// these elements.
func (e *extractor) rowOf(i int) (string, *html.Node) {
	last := e.v.marks[i].node
	parts := []string{e.proseOf(e.v.marks[i])}
	for _, m := range e.v.marks[i+1 : min(len(e.v.marks), i+8)] {
		if m.role&forSummary == 0 || !continues(last, m.node) {
			continue // marks within the last, or of other things
		}
		if text := e.proseOf(m); text != "" {
			parts = append(parts, text)
		}
		last = m.node
	}
	return strings.TrimSpace(strings.Join(parts, "\n\n")), last
}

// continues reports whether an element follows another as the next paragraph of
// one standfirst: a sibling of the same kind and class.
func continues(n, after *html.Node) bool {
	next := n.NextSibling
	for seen := 0; next != nil && next.Type != html.ElementNode && seen < 20; seen++ {
		next = next.NextSibling
	}
	return next == after && n.DataAtom == after.DataAtom && attr(n, "class") == attr(after, "class")
}

// proseOf is the running text of a marked element: its lines without title,
// byline, date, caption and links.
func (e *extractor) proseOf(m mark) string {
	var parts []string
	known := make(map[*html.Node]bool)
	if isHeadingTag(m.node.DataAtom) && m.at < len(e.v.blocks) && e.v.blocks[m.at].owner == m.node {
		if bl := e.v.blocks[m.at]; bl.links*2 > len(bl.text) {
			return ""
		}
		return e.subheadings(m.at)
	}
	for i := m.at; i < min(len(e.v.blocks), m.at+12); i++ {
		bl := e.v.blocks[i]
		if bl.owner == nil || i > m.at && !isBelow(bl.owner, m.node, known) {
			break
		}
		n := width(bl.text)
		if bl.zone&(offContent|inFigure) != 0 || bl.role&(forAuthor|forDate|forCategory|forTags|forKicker) != 0 || bl.links*2 > len(bl.text) || n < 30 || key(bl.text) == key(e.title.Value) {
			continue
		}
		if n < 80 && (len(normalize.Dates(bl.text, e.lang)) > 0 || mayBeByline(bl.text) && byline.MatchString(bl.text)) {
			continue
		}
		if isHeadingTag(bl.tag) && len(parts) > 0 {
			break
		}
		parts = append(parts, bl.text)
	}
	return strings.Join(parts, "\n\n")
}

// standfirst reads the lines right below the title that are set apart: as
// subheadings, in bold, or by the byline that follows them.
func (e *extractor) standfirst(b *ballot) {
	if e.titleAt < 0 {
		return
	}
	for i := e.titleAt + 1; i < min(len(e.v.blocks), e.titleAt+8); i++ {
		bl := e.v.blocks[i]
		n := width(bl.text)
		label := bl.role&(forAuthor|forDate|forCategory|forTags) != 0 && n < 120 || (bl.tag == atom.H4 || bl.tag == atom.H5 || bl.tag == atom.H6) && n < 120
		if bl.zone&(offContent|inFigure) != 0 || label || bl.links*3 > len(bl.text) || n < 25 || n < 40 && !isHeadingTag(bl.tag) {
			if n > 200 {
				return
			}
			continue
		}
		text, detail := bl.text, boldLine
		switch heading := bl.tag == atom.H2 || bl.tag == atom.H3; {
		case n > 600:
			return
		case heading:
			text, detail = e.subheadings(i), subheading
		case bl.bold*10 >= len(bl.text)*9:
		case e.beforeByline(i):
			detail = lineBetween
		case e.isSetApart(i):
			detail = setApart
		default:
			return // the text itself has begun
		}
		if width(text) >= 40 && e.vetoSummary(text) == "" && !e.titleAgain(text) && e.wordsAgree(text) && !isQuoted(text) {
			b.offer(text, "class", detail, 0)
		}
		return
	}
}

// titleAgain reports whether a line is the title with little around it, such as
// a kicker.
func (e *extractor) titleAgain(text string) bool {
	k, title := key(text), key(e.title.Value)
	return len(title) > 15 && len(k) < len(title)*8/5 && strings.Contains(k, title)
}

// width is how long a text is in the characters of an alphabet: one of Chinese,
// Japanese and Korean writing says as much as two.
func width(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) {
			n++
		}
	}
	return n
}

// isQuoted reports whether a text is a quotation and nothing else: it is set
// apart to catch the eye.
func isQuoted(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	const marks = "\"“”„«»‘’'「」『』"
	return strings.ContainsRune(marks, first) && strings.ContainsRune(marks, last)
}

// subheadings are the lines of one subheading, which some sites print as
// several headings of one kind.
func (e *extractor) subheadings(i int) string {
	first := e.v.blocks[i]
	parts := []string{first.text}
	for _, bl := range e.v.blocks[i+1 : min(len(e.v.blocks), i+6)] {
		if bl.tag != first.tag || bl.links*2 > len(bl.text) || bl.owner == nil || first.owner == nil || attr(bl.owner, "class") != attr(first.owner, "class") {
			break
		}
		parts = append(parts, bl.text)
	}
	return strings.Join(parts, "\n")
}

// isSetApart reports whether block i is a paragraph above the text and outside
// the element that holds it.
func (e *extractor) isSetApart(i int) bool {
	if e.body.first <= i || i > e.titleAt+4 || e.body.root == nil || e.v.blocks[i].tag == atom.Li {
		return false
	}
	return isProse(e.v.blocks[i]) && len(e.body.text(2000)) > 600
}

// beforeByline reports whether block i stands alone between the title and the
// line that tells author or date.
func (e *extractor) beforeByline(i int) bool {
	if i > e.titleAt+3 {
		return false
	}
	if slices.ContainsFunc(e.v.blocks[e.titleAt+1:i], e.isByline) {
		return false
	}
	for _, bl := range e.v.blocks[i+1 : min(len(e.v.blocks), i+4)] {
		if bl.zone&(offContent&^inBanner) != 0 || len(bl.text) > 100 {
			return false
		}
		if e.isByline(bl) {
			return true
		}
	}
	return false
}

// isByline reports whether a line tells who wrote the item, or when.
func (e *extractor) isByline(bl block) bool {
	return len(bl.text) < 120 && bl.role&(forAuthor|forDate) != 0 || mayBeByline(bl.text) && byline.MatchString(bl.text) ||
		len(bl.text) < 60 && hasDigit(bl.text) && len(normalize.Dates(bl.text, e.lang)) > 0
}
