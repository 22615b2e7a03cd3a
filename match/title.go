package match

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// title is what is compared of a title.
type title struct {
	// key is the title's words; titles that differ in case, accents,
	// punctuation and spacing have one key.
	key string
	// words are its different words, sorted, without function words, numbers
	// and what is counted by them.
	words []string
	// numbers are its years, editions, volumes and other numbers, sorted.
	numbers []string
}

// maxTitleBytes bounds what is read of a title.
const maxTitleBytes = 2000

func readTitle(s string) title {
	if len(s) > maxTitleBytes {
		s = strings.ToValidUTF8(s[:maxTitleBytes], "")
	}
	all := wordsOf(s)
	t := title{key: strings.Join(all, " ")}
	for i, w := range all {
		if n := numberAt(all, i); n != "" {
			t.numbers = append(t.numbers, n)
		} else if !functionWords[w] && !partWords[w] {
			t.words = append(t.words, w)
		}
	}
	slices.Sort(t.words)
	slices.Sort(t.numbers)
	t.words, t.numbers = slices.Compact(t.words), slices.Compact(t.numbers)
	return t
}

// generic reports whether many different documents have such a title: it says
// a kind of document ("Annual report 2021"), a place on a site ("About us") or
// only the subject of this field ("Modern slavery").
func (t title) generic() bool {
	for _, w := range t.words {
		if !genericWords[w] {
			return false
		}
	}
	return true
}

// distinctive reports whether the title is so long that two documents of one
// year hardly both have it. Libraries often name themselves as publisher, so
// that a key with the publisher would miss what they describe again.
func (t title) distinctive() bool {
	const words, telling = 6, 3
	n := 0
	for _, w := range t.words {
		if !genericWords[w] {
			n++
		}
	}
	return len(t.words) >= words && n >= telling
}

// minLikeness is the share of the words of the shorter title that must stand
// in the longer one.
const minLikeness = 0.6

// like reports whether two titles may be those of one document: a subtitle
// dropped, a series name put before, a word spelt otherwise.
func (t title) like(o title) bool {
	if t.key == o.key {
		return t.key != ""
	}
	short, long := t.words, o.words
	if len(short) > len(long) {
		short, long = long, short
	}
	if len(short) == 0 {
		return false
	}
	shared := 0
	for _, w := range short {
		if _, found := slices.BinarySearch(long, w); found {
			shared++
		}
	}
	return shared >= 2 && float64(shared) >= minLikeness*float64(len(short))
}

// otherNumber reports whether both titles have numbers that the other lacks:
// another year, edition, volume or part.
func (t title) otherNumber(o title) bool {
	return !subset(t.numbers, o.numbers) && !subset(o.numbers, t.numbers)
}

// subset reports whether all of a, which is sorted as b is, stand in b.
func subset(a, b []string) bool {
	for _, s := range a {
		if _, found := slices.BinarySearch(b, s); !found {
			return false
		}
	}
	return true
}

// wordsOf splits a text into folded words. Scripts that write no spaces give
// pairs of characters.
func wordsOf(s string) []string {
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
			word.WriteRune(foldLetter(r))
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
