package normalize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harvest87/harvest/config"
)

// Found is one term and the words of the text that caused it.
type Found struct {
	ID    string
	Words []string
}

// Topics finds the controlled topics of a text by their aliases, in the
// language of the text and in English. Aliases match as whole words, without
// case; those in capitals ("TIP") match in capitals only. A topic is left out
// when a word that excludes it stands in the text too, unless one that allows
// it again does. Topics come in the vocabulary's order, with their words.
func Topics(text, lang string, vocab *config.Vocabulary) []Found {
	if vocab == nil || text == "" {
		return nil
	}
	folded := strings.ToLower(text)
	var pairs octetPairs
	pairs.add(folded)
	langs := []string{"en"}
	if l := primary(lang); l != "en" && l != "" {
		langs = []string{l, "en"}
	}
	has := func(words map[string][]string) (found []string) {
		for _, l := range langs {
			for _, w := range words[l] {
				if pairs.mayHave(w) && containsAlias(text, folded, w) && !slices.Contains(found, w) {
					found = append(found, w)
				}
			}
		}
		return found
	}
	var out []Found
	for _, t := range vocab.Topics {
		words := has(t.Aliases)
		if len(words) == 0 || len(has(t.Exclude)) > 0 && len(has(t.Unless)) == 0 {
			continue
		}
		out = append(out, Found{t.ID, words})
	}
	return out
}

// octetPairs are the pairs of neighbouring octets of a text. Most words that are
// looked for in it begin with a pair that it does not have.
type octetPairs [1 << 16 / 64]uint64

func (p *octetPairs) add(folded string) {
	for i := 1; i < len(folded); i++ {
		pair := uint16(folded[i-1])<<8 | uint16(folded[i])
		p[pair/64] |= 1 << (pair % 64)
	}
}

// mayHave reports whether the text can have an alias. Words that do not begin
// with two lower-case letters of ASCII are let through.
func (p *octetPairs) mayHave(alias string) bool {
	if len(alias) < 2 || !isLowerASCII(alias[0]) || !isLowerASCII(alias[1]) {
		return true
	}
	pair := uint16(alias[0])<<8 | uint16(alias[1])
	return p[pair/64]&(1<<(pair%64)) != 0
}

func isLowerASCII(c byte) bool { return 'a' <= c && c <= 'z' }

func containsAlias(text, folded, alias string) bool {
	if isAcronym(alias) {
		return hasWord(text, alias)
	}
	return hasWord(folded, strings.ToLower(alias))
}

func isAcronym(s string) bool {
	return len(s) <= 6 && strings.ToUpper(s) == s && strings.ToLower(s) != s
}

// hasWord reports whether word stands in text with no letter or digit on
// either side. Arabic words may carry a one-letter prefix or the article.
func hasWord(text, word string) bool {
	if word == "" {
		return false
	}
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		i += at
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(word):])
		first, _ := utf8.DecodeRuneInString(word)
		loose := unicode.In(first, unicode.Han, unicode.Thai, unicode.Hiragana, unicode.Katakana)
		prefixed := unicode.In(first, unicode.Arabic, unicode.Hebrew) && afterPrefix(text[:i])
		if loose || (!isWordPart(before) || prefixed) && !isWordPart(after) {
			return true
		}
		at = i + len(word)
	}
}

// afterPrefix reports whether text ends with a word of nothing but the small
// prefixes that Arabic and Hebrew write together with a noun: and, by, for, the.
func afterPrefix(text string) bool {
	n := 0
	for len(text) > 0 && n <= 3 {
		r, size := utf8.DecodeLastRuneInString(text)
		if !isWordPart(r) {
			return n > 0
		}
		if !strings.ContainsRune("وفبكلاأللـהבוכלמש", r) {
			return false
		}
		text, n = text[:len(text)-size], n+1
	}
	return n > 0 && n <= 3
}

func isWordPart(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r))
}
