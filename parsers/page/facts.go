package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// byLabels say in front of a value that it names authors, as [key] writes them.
var byLabels = func() map[string]bool {
	words := make(map[string]bool)
	for w := range strings.FieldsSeq(`
		author authors authored authoredby written writtenby byline creator creators personalauthor personalauthors corporateauthor corporateauthors authorsandeditors
		autor autorin autoren autorinnen autorinnenundautoren verfasser verfasserin verfasstvon geschriebenvon auteur auteurs auteure auteures auteurice auteurices auteurtrices autrice écritpar rédigépar
		autora autores autoras autoresas autoría autoria escritopor escritpor elaboradopor autore autori scrittoda geschrevendoor författare författareav skrevetav skrevetaf skrivenav forfatter forfattere
		kirjoittaja kirjoittajat tekijä tekijät höfundur szerző szerzők autorzy autorka napisaneprzez autoři autorky автор авторы автори написаноавтором συγγραφέας συγγραφείς yazan yazar yazarlar penulis pengarang ditulisoleh oleh tácgiả mwandishi
		المؤلف المؤلفون المؤلفين الكاتب الكاتبة كتبه كتببواسطة بقلم إعداد نویسنده نویسندگان مصنف מחבר מחברים מאת लेखक लेखकहरू লেখক ผู้เขียน ผู้แต่ง 著者 作者 執筆者 投稿者 글쓴이 저자 지은이`) {
		words[key(w)] = true
	}
	return words
}()

// isByLabel reports whether a text is such a label and nothing else.
func isByLabel(s string) bool { return len(s) < 60 && byLabels[key(s)] }

// listedAuthors reads lists and tables of facts, as libraries print them beside
// an item: a label, and behind it or below it the names.
func (e *extractor) listedAuthors(add addNames) {
	for i, b := range e.v.blocks {
		if len(b.text) > 300 || b.owner == nil || b.zone&(inComments|inRelated|inCard|inNav|inFooter|inForm) != 0 || !mayBeFact(b.text) {
			continue
		}
		lines := factLines(b)
		if lines == nil {
			continue
		}
		score := 68
		if e.nearTitle(i) {
			score = 80
		}
		add(lines, "text", "labelled value", score)
	}
}

// mayBeFact is a fast look at the first word of a line.
func mayBeFact(line string) bool {
	first, second := line, ""
	if i := strings.IndexAny(line, " :："); i > 0 {
		first, second = line[:i], line[i:]
	}
	if byLabels[key(first)] {
		return true
	}
	next, _, _ := strings.Cut(strings.TrimSpace(second), " ")
	return len(first)+len(next) < 50 && byLabels[key(first+next)]
}

// factLines are the lines of the value that the label in block b is of, nil when
// it holds none, or a text rather than names.
func factLines(b block) []string {
	var text string
	switch label := firstElement(b.owner); {
	case isByLabel(b.text):
		text = valueAfter(b.owner)
	case label != nil && isByLabel(normalize.Text(limitedText(label, 100))):
		var w strings.Builder
		for n := label.NextSibling; n != nil && w.Len() < 600; n = n.NextSibling {
			w.WriteString(limitedText(n, 600))
			if n.Type == html.ElementNode {
				w.WriteByte('\n')
			}
		}
		text = w.String()
	}
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimLeft(normalize.Text(line), ":： ")
		if line == "" {
			continue
		}
		if len(line) > 160 || len(lines) > 40 || endsSentence(line) && strings.Count(line, " ") > 6 {
			return nil
		}
		lines = append(lines, line)
	}
	return lines
}

// firstElement is the first element within n, nil when text stands before it.
func firstElement(n *html.Node) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			return c
		}
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
			return nil
		}
	}
	return nil
}

// valueAfter is the text of the element behind a label that stands alone: of
// all <dd> behind a <dt>, of the next element of the label or of what holds
// nothing but the label.
func valueAfter(n *html.Node) string {
	for range 3 {
		next := nextElement(n)
		if next == nil {
			if n.Parent == nil || n.Parent.Type != html.ElementNode || elementsIn(n.Parent) > 1 {
				return ""
			}
			n = n.Parent
			continue
		}
		var w strings.Builder
		for first := true; next != nil && w.Len() < 3000 && (first || n.DataAtom == atom.Dt && next.DataAtom == atom.Dd); first = false {
			w.WriteString(limitedText(next, 3000))
			w.WriteByte('\n')
			next = nextElement(next)
		}
		return w.String()
	}
	return ""
}

func nextElement(n *html.Node) *html.Node {
	for c := n.NextSibling; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			return c
		}
	}
	return nil
}

// elementsIn is how many elements n holds, as far as two.
func elementsIn(n *html.Node) int {
	count := 0
	for c := n.FirstChild; c != nil && count < 2; c = c.NextSibling {
		if c.Type == html.ElementNode {
			count++
		}
	}
	return count
}
