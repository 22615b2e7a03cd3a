package normalize

import (
	"strings"

	"github.com/harvest87/harvest"
)

// What is longer is the text of an item and not its summary: no abstract that
// the field's journals print has so many characters, nor so many paragraphs.
const (
	longAbstract   = 6_000
	longParagraphs = 3_000 // with manyParagraphs
	manyParagraphs = 8
	// maxBeginning is how much of a text then stands for a summary, in characters.
	maxBeginning = 600
)

// isBody reports whether a summary is the text of the item itself, which a
// selector or an API has given in its place. What the source calls an abstract is
// one, however long.
func isBody(s string, e harvest.Evidence) bool {
	if !isLonger(s, longParagraphs) || strings.Contains(strings.ToLower(e.Detail), "abstract") {
		return false
	}
	return isLonger(s, longAbstract) || strings.Count(s, "\n\n")+1 >= manyParagraphs
}

// Beginning cuts a text at the end of a sentence before limit
// characters; where none ends, at a word, with an ellipsis.
func Beginning(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	cut := string(runes[:limit])
	best := -1
	for _, stop := range []string{". ", "! ", "? ", "。", "؟ ", "। ", ".\n", "»", "…"} {
		if i := strings.LastIndex(cut, stop); i >= 0 && i+len(strings.TrimRight(stop, " \n")) > best {
			best = i + len(strings.TrimRight(stop, " \n"))
		}
	}
	if best > len(cut)/4 {
		return strings.TrimSpace(cut[:best])
	}
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		return strings.TrimSpace(cut[:i]) + "…"
	}
	return cut + "…"
}
