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
// language of the text and in English. Aliases match as whole words in the form
// that [foldWords] gives them; those in capitals ("TIP") match in capitals only.
// A topic is left out when a word that excludes it stands in the text too,
// unless one that allows it again does. Topics come in the vocabulary's order,
// with the aliases that caused them.
func Topics(text, lang string, vocab *config.Vocabulary) []Found {
	if vocab == nil || text == "" {
		return nil
	}
	langs := []string{"en"}
	if l := primary(lang); l != "en" && l != "" {
		langs = []string{l, "en"}
	}
	folded := foldWords(text)
	has := func(words map[string][]alias) (found []string) {
		for _, l := range langs {
			for _, w := range words[l] {
				if w.stands(text, folded) && !slices.Contains(found, w.as) {
					found = append(found, w.as)
				}
			}
		}
		return found
	}
	var out []Found
	for _, t := range topicWordsOf(vocab) {
		words := has(t.aliases)
		if len(words) == 0 || len(has(t.exclude)) > 0 && len(has(t.unless)) == 0 {
			continue
		}
		out = append(out, Found{t.id, words})
	}
	return out
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
