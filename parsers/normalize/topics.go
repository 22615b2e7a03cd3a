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
// case; aliases that are acronyms ("TIP") match in capitals only.
func Topics(text, lang string, vocab *config.Vocabulary) []Found {
	if vocab == nil || text == "" {
		return nil
	}
	folded := strings.ToLower(text)
	var out []Found
	for _, t := range vocab.Topics {
		var words []string
		for _, l := range []string{primary(lang), "en"} {
			for _, alias := range t.Aliases[l] {
				alias = strings.TrimSuffix(alias, "*")
				if containsAlias(text, folded, alias) && !slices.Contains(words, alias) {
					words = append(words, alias)
				}
			}
		}
		if len(words) > 0 {
			out = append(out, Found{t.ID, words})
		}
	}
	return out
}

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
		loose := unicode.In(first, unicode.Arabic, unicode.Han, unicode.Thai, unicode.Hebrew)
		if loose || !isWordPart(before) && !isWordPart(after) {
			return true
		}
		at = i + len(word)
	}
}

func isWordPart(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r))
}
