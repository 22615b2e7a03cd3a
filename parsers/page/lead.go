package page

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// leadSummary takes the first paragraphs of the text, up to maxLead.
func (e *extractor) leadSummary(b *ballot) {
	if text := e.aboveCitation(); text != "" {
		b.offer(text, "citation", "paragraphs above the citation line", 0)
	}
	if text := e.lead(); text != "" {
		b.offer(text, "text", "first paragraphs", 0)
	}
}

func (e *extractor) lead() string {
	var parts []string
	total := 0
	for i, bl := range e.body.blocks {
		if !isProse(bl) || bl.tag == atom.Li && total > 0 || bl.role&(forAuthor|forDate) != 0 && len(bl.text) < 120 {
			if total > 0 && i > 0 && isHeadingTag(bl.tag) {
				break
			}
			continue
		}
		if e.vetoSummary(bl.text) != "" || len(bl.text) < 60 && total == 0 || e.cited && key(bl.text) == key(e.cite.line) {
			continue
		}
		if _, cut := normalize.Truncated(bl.text); cut {
			continue // a card of another item
		}
		n := utf8.RuneCountInString(bl.text)
		if total > 0 && total+n > maxLead {
			break
		}
		parts = append(parts, bl.text)
		total += n
		if total >= 200 {
			break
		}
	}
	text := strings.Join(parts, "\n\n")
	if utf8.RuneCountInString(text) > maxLead {
		text = normalize.Beginning(text, maxLead)
	}
	return text
}
