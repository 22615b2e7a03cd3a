package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxWordRunes bounds one word; what is longer is cut. No word of a human
// language is so long, encoded files pasted into a text are.
const maxWordRunes = 64

// partGap is the distance between two parts of one field, so that a phrase
// never runs from the end of one into the start of the next.
const partGap = 100

// partBreak separates the parts of one field. It cannot stand in a record's
// text, which holds no control characters.
const partBreak = "\x00"

// word is one word of a text, ready to be indexed or looked up.
type word struct {
	term       string // folded: see fold
	lower      string // lower case, marks kept: what the stemmers read
	start, end int    // octets in the text
	pos        int    // position, from 1
	// dense marks a pair of characters from a script without spaces; tail is
	// the single character that ends a run of pairs.
	dense, tail bool
}

// eachWord calls yield for the words of a text, in order. Scripts that put
// spaces between words are split at anything that is neither letter, mark nor
// digit; the others become overlapping pairs of characters, so that any two
// neighbours can be found. Indexing, queries and snippets all read text
// through this one function.
func eachWord(text string, yield func(word)) {
	pos := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case text[i] == partBreak[0]:
			pos += partGap
			i += size
		case isDense(r):
			i = densePairs(text, i, &pos, yield)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			end := wordEnd(text, i)
			emitWord(text, i, end, &pos, yield)
			i = end
		default:
			i += size
		}
	}
}

// wordEnd finds the end of the word that starts at i.
func wordEnd(text string, i int) int {
	prev := rune(0)
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		next, _ := utf8.DecodeRuneInString(text[i+size:])
		switch {
		case isDense(r):
			return i
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), isIgnorable(r):
		case isApostrophe(r) && unicode.IsLetter(prev) && unicode.IsLetter(next) && !isDense(next):
		case (r == '.' || r == ',') && unicode.IsDigit(prev) && unicode.IsDigit(next):
		case r == '.' && isAcronymDot(text, i, next):
		default:
			return i
		}
		prev = r
		i += size
	}
	return i
}

// isAcronymDot reports whether the full stop at i stands between single
// letters, as in "U.N.".
func isAcronymDot(text string, i int, next rune) bool {
	r, size := utf8.DecodeLastRuneInString(text[:i])
	if !unicode.IsLetter(next) || !unicode.IsLetter(r) {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i-size])
	_, nextSize := utf8.DecodeRuneInString(text[i+1:])
	after, _ := utf8.DecodeRuneInString(text[i+1+nextSize:])
	return !isWordRune(before) && !isWordRune(after)
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// emitWord folds text[start:end] and yields it, if anything is left of it.
func emitWord(text string, start, end int, pos *int, yield func(word)) {
	lower := lowerWord(text[start:end])
	lower = trimApostrophes(lower)
	if term := fold(lower); term != "" {
		*pos++
		yield(word{term: term, lower: lower, start: start, end: end, pos: *pos})
	}
}

// densePairs yields the run of characters at i in overlapping pairs, and the
// last character alone, and returns the end of the run.
func densePairs(text string, i int, pos *int, yield func(word)) int {
	type cell struct {
		term       string
		start, end int
	}
	var prev cell
	first := i
	emit := func(c cell, next cell) {
		*pos++
		term := c.term + next.term
		yield(word{
			term: term, lower: term, start: c.start, end: max(c.end, next.end), pos: *pos,
			dense: true, tail: next.term == "" && c.start > first,
		})
	}
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !isDense(r) {
			break
		}
		end := i + size
		for end < len(text) { // vowel signs and tone marks stay with their letter
			m, msize := utf8.DecodeRuneInString(text[end:])
			if !unicode.IsMark(m) && !isIgnorable(m) {
				break
			}
			end += msize
		}
		c := cell{fold(lowerWord(text[i:end])), i, end}
		if prev.term != "" {
			emit(prev, c)
		}
		prev, i = c, end
	}
	if prev.term != "" {
		emit(prev, cell{})
	}
	return i
}

// lowerWord normalises compatibility forms (full width, ligatures), removes
// what has no width and puts the rest in lower case. ASCII goes the short way.
func lowerWord(s string) string {
	if isASCII(s) {
		return strings.ToLower(cutRunes(s))
	}
	s = cutRunes(norm.NFKC.String(s))
	return strings.Map(func(r rune) rune {
		switch {
		case isIgnorable(r):
			return -1
		case isApostrophe(r):
			return '\''
		}
		return unicode.ToLower(r)
	}, s)
}

// trimApostrophes drops elided articles ("l'esclavage", "dell'uomo"), the
// English possessive ("victim's") and any other apostrophe ("don't").
func trimApostrophes(s string) string {
	for {
		before, after, found := strings.Cut(s, "'")
		if !found {
			return s
		}
		switch {
		case after == "s":
			s = before
		case elided[before]:
			s = after
		default:
			s = before + after
		}
	}
}

// elided are the words that lose their vowel before another word in French,
// Italian, Catalan and Portuguese.
var elided = map[string]bool{
	"l": true, "d": true, "j": true, "m": true, "t": true, "s": true, "n": true, "c": true,
	"qu": true, "jusqu": true, "lorsqu": true, "puisqu": true, "quoiqu": true, "quelqu": true,
	"all": true, "dall": true, "dell": true, "nell": true, "sull": true, "coll": true, "un": true, "dov": true,
}

// fold removes what readers do not type alike: accents of Latin, Greek and
// Cyrillic letters, Arabic vowel signs and letter variants, Hebrew points,
// digits of other scripts, separators in numbers. Vowel signs of Indic scripts
// stay: they are letters.
func fold(lower string) string {
	if isASCII(lower) {
		return strings.ReplaceAll(strings.ReplaceAll(lower, ",", ""), "..", ".")
	}
	var b strings.Builder
	b.Grow(len(lower))
	for _, r := range norm.NFD.String(lower) {
		if isSilentMark(r) {
			continue
		}
		if unicode.IsDigit(r) && r > unicode.MaxASCII {
			r = digitValue(r)
		}
		if s, ok := letterVariants[r]; ok {
			b.WriteString(s)
			continue
		}
		if r != ',' {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// isSilentMark reports whether the mark may be missing without making another
// word: combining accents, Hebrew points, Arabic vowel signs and tatweel.
func isSilentMark(r rune) bool {
	return r >= 0x0300 && r <= 0x036F ||
		r >= 0x0591 && r <= 0x05C7 && unicode.Is(unicode.Mn, r) ||
		r >= 0x064B && r <= 0x065F || r == 0x0670 || r == 0x0640
}

// letterVariants are letters that have no decomposition but are typed as
// others (ASCII for Latin letters; for Arabic script the forms that Arabic,
// Persian and Urdu keyboards write differently).
var letterVariants = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i", 'ħ': "h", 'ŋ': "ng",
	'ς': "σ",
	'ٱ': "ا", 'ى': "ي", 'ی': "ي", 'ې': "ي", 'ة': "ه", 'ہ': "ه", 'ھ': "ه", 'ۀ': "ه", 'ۃ': "ه", 'ک': "ك", 'ڪ': "ك",
}

// digitValue turns a decimal digit of any script into its ASCII digit. The
// digits of a script stand in order from zero (Unicode Standard, section 4.6).
func digitValue(r rune) rune {
	d := rune(0)
	for d < 9 && unicode.IsDigit(r-d-1) {
		d++
	}
	return '0' + d
}

// isDense reports whether r belongs to a script that writes no space between
// words.
func isDense(r rune) bool {
	if r < 0x0E00 {
		return false
	}
	if r > unicode.MaxRune || !unicode.IsLetter(r) {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// isApostrophe reports whether r is used as an apostrophe within words.
func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', 'ʹ', '′', '＇', '`', '´':
		return true
	}
	return false
}

// isIgnorable reports whether r has no width: joiners, soft hyphen, marks of
// direction, variation selectors.
func isIgnorable(r rune) bool {
	return r == 0x00AD || r >= 0x200B && r <= 0x200F || r >= 0x202A && r <= 0x202E ||
		r >= 0x2060 && r <= 0x2069 || r == 0xFEFF || r >= 0xFE00 && r <= 0xFE0F
}

// cutRunes returns at most the first maxWordRunes runes.
func cutRunes(s string) string {
	if len(s) <= maxWordRunes {
		return s
	}
	n := 0
	for i := range s {
		if n == maxWordRunes {
			return s[:i]
		}
		n++
	}
	return s
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
