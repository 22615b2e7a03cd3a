package normalize

import (
	"strings"
	"unicode/utf8"
)

// The most characters and entries of a field. No document needs more: the
// longest titles of treaties and regulations have some 1,500 characters. What
// is longer is a page read wrongly, or one made to fill the catalogue.
const (
	maxTitle   = 2_000
	maxName    = 1_000 // of a label, an author, a publisher, a licence
	maxSummary = 50_000
	maxEntries = 500
)

// cutLine cuts a line to n characters, at a word, with an ellipsis for what is
// left out.
func cutLine(s string, n int) string {
	if !isLonger(s, n) {
		return s
	}
	return cutAtWord(s, n-1) + "…"
}

// isLonger reports whether s has more than n characters.
func isLonger(s string, n int) bool { return len(s) > n && utf8.RuneCountInString(s) > n }

// cutAtWord is the first n characters of a longer text, up to white space where
// there is any in their last tenth.
func cutAtWord(s string, n int) string {
	end, space := 0, 0 // in octets
	for range n {
		r, size := utf8.DecodeRuneInString(s[end:])
		if r == ' ' || r == '\n' {
			space = end
		}
		end += size
	}
	if space > end-end/10 {
		end = space
	}
	return strings.TrimSpace(s[:end])
}
