package normalize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxRounds bounds how often entities and tags are looked for in what earlier
// rounds uncovered. Real text is encoded twice at most.
const maxRounds = 6

// Text cleans a field of one line, such as a title or a name:
//
//   - invalid UTF-8 becomes U+FFFD;
//   - character references are decoded, also those encoded twice; the HTML
//     elements that they spell are removed, other angle brackets stay;
//   - control characters, zero-width characters, private-use glyphs and other
//     invisible junk are removed, see [Paragraphs] for what of them stays;
//   - the result is in NFC (Unicode Standard Annex 15);
//   - runs of white space of any kind become one space, none at the ends.
//
// Quotation marks, dashes and letters stay as they are, homoglyphs included.
// Text(Text(s)) is Text(s).
func Text(s string) string {
	if isPlain(s) {
		return s
	}
	return fold(uncover(s), false)
}

// Paragraphs cleans a text of several paragraphs like [Text], but keeps blank
// lines between paragraphs as "\n\n".
//
// Of the invisible characters these stay: a joiner or non-joiner within a word
// of a script that needs it (Arabic, the Indic scripts and others) or within
// an emoji; direction marks, embeddings and isolates in a text with
// right-to-left letters, unless the embeddings or isolates do not balance;
// variation selectors. Direction overrides never stay: they make a text
// read otherwise than it is (Unicode Technical Report 36, section 2.5).
func Paragraphs(s string) string {
	if isPlain(s) {
		return s
	}
	return fold(uncover(s), true)
}

// isPlain reports whether s is clean already: printable ASCII without markup
// and with single inner spaces.
func isPlain(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == '&' || c == '<' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return !space || s == ""
}

// uncover decodes character references, removes tags and junk and composes,
// until nothing changes: each of these can bring out something for another.
func uncover(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	for range maxRounds {
		before := s
		s = norm.NFC.String(removeJunk(removeTags(decodeEntities(s))))
		if s == before {
			return s
		}
	}
	// Only a text made to deceive nests deeper.
	s = strings.NewReplacer("&", " ", "<", " ").Replace(s)
	for range maxRounds {
		before := s
		if s = norm.NFC.String(removeJunk(s)); s == before {
			break
		}
	}
	return s
}

// isFolded reports whether white space needs no folding: single spaces only.
func isFolded(s string) bool {
	space := true
	for _, r := range s {
		switch {
		case r == ' ':
			if space {
				return false
			}
			space = true
			continue
		case r < ' ', r >= 0x80 && (unicode.IsSpace(r) || unicode.Is(unicode.Zs, r)):
			return false
		}
		space = false
	}
	return !space || s == ""
}

// fold folds white space.
func fold(s string, paragraphs bool) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	spaces, lines := false, 0
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.Is(unicode.Zs, r) {
			spaces = true
			if r == '\n' || r == '\u2029' {
				lines++
				if r == '\u2029' {
					lines++
				}
			}
			continue
		}
		if spaces && b.Len() > 0 {
			if paragraphs && lines > 1 {
				b.WriteString("\n\n")
			} else {
				b.WriteByte(' ')
			}
		}
		spaces, lines = false, 0
		b.WriteRune(r)
	}
	return b.String()
}

// removeJunk drops what has no business in data; see [Paragraphs].
func removeJunk(s string) string {
	if !hasJunk(s) {
		return s
	}
	keepMarks := hasRightToLeft(s)
	keepPairs := keepMarks && isBalanced(s)
	var b strings.Builder
	b.Grow(len(s))
	var last rune // the last rune kept
	for i, r := range s {
		size := utf8.RuneLen(r)
		switch {
		case r == '\r':
			if strings.HasPrefix(s[i+1:], "\n") {
				continue
			}
			r = '\n'
		case r == '\v' || r == '\f' || r == '\u0085':
			r = '\n'
		case r == '\t' || r == '\n':
		case r >= 0x80 && r < 0xa0:
			// Windows-1252 that was taken for Latin-1 (WHATWG Encoding, section 9).
			r = windows1252[r-0x80]
			if r == 0 {
				continue
			}
		case isJoiner(r):
			next, _ := utf8.DecodeRuneInString(s[i+size:])
			if !joins(r, last, next) {
				continue
			}
		case isMark(r):
			if !keepMarks {
				continue
			}
		case isPair(r):
			if !keepPairs {
				continue
			}
		case r == '\uFFFC': // stands for an object, such as an image
			r = ' '
		case isJunk(r):
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// hasJunk is a fast look for anything that removeJunk could change.
func hasJunk(s string) bool {
	for _, r := range s {
		if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 || r == 0xad || r > 0x2ff && (isJoiner(r) || isMark(r) || isPair(r) || isJunk(r) || r == '\uFFFC') {
			return true
		}
	}
	return false
}

func isJoiner(r rune) bool { return r == '\u200C' || r == '\u200D' }

// isMark: left-to-right, right-to-left and Arabic letter mark.
func isMark(r rune) bool { return r == '\u200E' || r == '\u200F' || r == '\u061C' }

// isPair: embeddings and isolates and what ends them.
func isPair(r rune) bool { return r >= '\u202A' && r <= '\u202C' || r >= '\u2066' && r <= '\u2069' }

func isJunk(r rune) bool {
	switch {
	case r < ' ', r == 0x7f, r == 0xad, r == 0x034f, r == 0x180e, r == 0xfeff:
		return true
	case r == 0x200b, r >= 0x202d && r <= 0x202e, r >= 0x2060 && r <= 0x2065, r >= 0x206a && r <= 0x206f:
		return true
	case r >= 0xe000 && r <= 0xf8ff, r >= 0xf0000: // private use: glyphs of icon fonts
		return true
	case r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe: // noncharacters
		return true
	case r >= 0xfff0 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe0fff && !unicode.Is(unicode.Mn, r):
		return true
	}
	return false
}

// joins reports whether a joiner between two runes changes what is read.
func joins(joiner, before, after rune) bool {
	if unicode.In(before, joining...) {
		// At the end of a word only a half form, after a virama, is meant.
		return unicode.In(after, joining...) || joiner == '\u200D' && unicode.Is(unicode.Mn, before) && !isJoiner(after)
	}
	emoji := unicode.In(before, unicode.So, unicode.Sk, unicode.Mn)
	return joiner == '\u200D' && emoji && unicode.In(after, unicode.So, unicode.Sk)
}

// joining are the scripts in which ZWJ and ZWNJ matter (Unicode Standard
// Annex 31, section 2.3).
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Nko, unicode.Thaana,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya,
	unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala,
	unicode.Tibetan, unicode.Myanmar, unicode.Khmer, unicode.Javanese, unicode.Balinese,
}

// hasRightToLeft reports whether s has letters that run from right to left.
func hasRightToLeft(s string) bool {
	for _, r := range s {
		if r >= 0x590 && unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko) && unicode.IsLetter(r) {
			return true
		}
	}
	return false
}

// isBalanced reports whether every embedding and isolate ends, in order.
func isBalanced(s string) bool {
	var open []rune
	for _, r := range s {
		switch {
		case r == '\u202A' || r == '\u202B':
			open = append(open, '\u202C')
		case r >= '\u2066' && r <= '\u2068':
			open = append(open, '\u2069')
		case r == '\u202C' || r == '\u2069':
			if len(open) == 0 || open[len(open)-1] != r {
				return false
			}
			open = open[:len(open)-1]
		case r == '\u202D' || r == '\u202E':
			return false
		}
	}
	return len(open) == 0
}

// windows1252 maps 0x80 to 0x9F; 0 where the code page has nothing.
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}
