package document

import (
	"slices"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// isRightToLeft reports whether a letter is read from right to left (UAX #9,
// classes R and AL).
func isRightToLeft(r rune) bool {
	if r < 0x590 {
		return false
	}
	p, _ := bidi.LookupRune(r)
	return p.Class() == bidi.R || p.Class() == bidi.AL
}

// mostlyRightToLeft reports whether most letters of a line are.
func mostlyRightToLeft(units []uint16) bool {
	letters, such := 0, 0
	for _, u := range units {
		switch r := rune(u); {
		case isRightToLeft(r):
			letters++
			such++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return such > 0 && such*2 > letters
}

// fromVisual turns a line from right to left, as it is drawn from left to
// right, into the order in which it is read. Words and numbers that are read
// from left to right keep their order.
func fromVisual(s string) string {
	runes := reversed([]rune(s))
	for i := 0; i < len(runes); {
		if !leftToRight(runes[i]) {
			if m, ok := mirrored[runes[i]]; ok {
				runes[i] = m
			}
			i++
			continue
		}
		end := i + 1 // just behind the last letter or digit of the run
		for j := i + 1; j < len(runes) && !isRightToLeft(runes[j]); j++ {
			if leftToRight(runes[j]) {
				end = j + 1
			}
		}
		slices.Reverse(runes[i:end])
		i = end
	}
	return string(runes)
}

// reversed turns the order of letters around, each with the marks upon it.
func reversed(runes []rune) []rune {
	out := make([]rune, 0, len(runes))
	for end := len(runes); end > 0; {
		start := end - 1
		for start > 0 && unicode.Is(unicode.Mn, runes[start]) {
			start--
		}
		out = append(out, runes[start:end]...)
		end = start
	}
	return out
}

// leftToRight reports whether a character is of a word or number that is read
// from left to right. The digits of Arabic are.
func leftToRight(r rune) bool {
	return unicode.IsDigit(r) || unicode.IsLetter(r) && !isRightToLeft(r)
}

var mirrored = map[rune]rune{'(': ')', ')': '(', '[': ']', ']': '[', '{': '}', '}': '{', '<': '>', '>': '<', '«': '»', '»': '«'}
