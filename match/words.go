package match

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// wordsOf splits a text into folded words, Cyrillic and Greek ones in Latin
// letters. Scripts that write no spaces give pairs of characters.
func wordsOf(s string) []string {
	if isASCII(s) {
		return asciiWords(s)
	}
	var words []string
	var word strings.Builder
	var previous rune // the last character of a run without spaces
	flush := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	for _, r := range norm.NFKD.String(s) {
		switch {
		case isSilent(r):
			continue
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			flush()
			if previous != 0 {
				words = append(words, string([]rune{previous, r}))
			}
			previous = r
			continue
		case unicode.IsLetter(r) || unicode.IsMark(r):
			if r = foldLetter(r); r >= 0x80 {
				if s, other := latin[r]; other {
					word.WriteString(s)
					break
				}
			}
			word.WriteRune(r)
		case unicode.IsDigit(r):
			word.WriteRune(digit(r))
		default:
			flush()
		}
		previous = 0
	}
	flush()
	return words
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// asciiWords is wordsOf for the most common texts.
func asciiWords(s string) []string {
	s = strings.ToLower(s)
	words := make([]string, 0, len(s)/6+1)
	start := -1
	for i := range len(s) {
		letter := s[i] >= 'a' && s[i] <= 'z' || s[i] >= '0' && s[i] <= '9'
		switch {
		case letter && start < 0:
			start = i
		case !letter && start >= 0:
			words = append(words, s[start:i])
			start = -1
		}
	}
	if start >= 0 {
		words = append(words, s[start:])
	}
	return words
}

// isSilent reports whether r may be missing without making another word:
// combining accents, Hebrew points, Arabic vowel signs, characters without
// width, apostrophes.
func isSilent(r rune) bool {
	switch {
	case r >= 0x0300 && r <= 0x036F, r >= 0x0591 && r <= 0x05BD, r >= 0x064B && r <= 0x065F, r == 0x0670, r == 0x0640:
		return true
	case r == 0x00AD, r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2069, r == 0xFEFF:
		return true
	}
	return false
}

func foldLetter(r rune) rune {
	switch r = unicode.ToLower(r); r {
	case 'ø':
		return 'o'
	case 'ł':
		return 'l'
	case 'ı':
		return 'i'
	case 'ς':
		return 'σ'
	case 'ى', 'ی':
		return 'ي'
	case 'ة':
		return 'ه'
	case 'ک':
		return 'ك'
	}
	return r
}

// digit turns a decimal digit of any script into its ASCII digit: the digits
// of a script stand in order from zero.
func digit(r rune) rune {
	d := rune(0)
	for d < 9 && unicode.IsDigit(r-d-1) {
		d++
	}
	return '0' + d
}

func isNumber(w string) bool {
	return w != "" && strings.IndexFunc(w, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// numberAt reads the word at i as a number, in one form for digits, Roman
// numerals, ordinals, months, and letters that count parts; empty when it is
// none.
func numberAt(words []string, i int) string {
	w, before, after := words[i], "", ""
	if i > 0 {
		before = words[i-1]
	}
	if i+1 < len(words) {
		after = words[i+1]
	}
	switch counted := partWords[before]; {
	case isNumber(w):
		return trimZeros(w)
	case ordinalOf[w] != "" && (partWords[after] || genericWords[after]):
		return ordinalOf[w]
	case romanOf[w] != "" && (counted || len(w) > 1):
		return romanOf[w]
	case monthOf[w] != "":
		return monthOf[w]
	case counted && len(w) == 1:
		return w
	}
	if n := strings.TrimRight(w, "adehnorst"); n != w && isNumber(n) { // 3rd, 2e, 4th
		return trimZeros(n)
	}
	return ""
}

func trimZeros(n string) string {
	if t := strings.TrimLeft(n, "0"); t != "" {
		return t
	}
	return "0"
}
