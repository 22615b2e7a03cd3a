package item

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// passing is what a text says of the moment at which it was read: the time of
// day, and "3 minutes ago". It is asked only where a number begins a word, which
// is a hundred times as fast as to look for it everywhere.
var passing = regexp.MustCompile(`(?i)^(?:\d{1,2}:\d{2}(?::\d{2})?\b|\d+ (?:seconds?|minutes?|hours?|days?|weeks?|months?|years?) ago\b)`)

// contentHash recognises the text of an item from visit to visit, whatever
// stands around it and whenever it is read.
func contentHash(text string) string {
	if text == "" {
		return ""
	}
	sum := sha256.Sum256(folded(withoutPassing(text)))
	return hex.EncodeToString(sum[:16])
}

// folded are the words of a text with one space between them.
func folded(text string) []byte {
	out := make([]byte, 0, len(text))
	for word := range strings.FieldsSeq(text) {
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out = append(out, word...)
	}
	return out
}

// withoutPassing drops what is passing.
func withoutPassing(text string) string {
	var out strings.Builder
	kept := 0 // up to where the text is decided
	for i := 0; i < len(text); i++ {
		if !isDigit(text[i]) || i > 0 && isWordByte(text[i-1]) {
			continue
		}
		if n := len(passing.FindString(text[i:])); n > 0 {
			out.WriteString(text[kept:i])
			kept = i + n
			i = kept - 1
		}
	}
	if kept == 0 {
		return text
	}
	out.WriteString(text[kept:])
	return out.String()
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isWordByte is what \w means in a regular expression.
func isWordByte(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}
