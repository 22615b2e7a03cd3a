package normalize

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/harvest87/harvest/config"
)

// alias is a word or phrase that means a topic.
type alias struct {
	as    string   // as the vocabulary writes it
	forms []string // in the form of foldWords; empty: as it is written, in capitals
}

func (a alias) stands(text, folded string) bool {
	if len(a.forms) == 0 {
		return hasWord(text, a.as)
	}
	for _, form := range a.forms {
		if hasWord(folded, form) {
			return true
		}
	}
	return false
}

// topicWords are the words of one topic, by language. It is read-only.
type topicWords struct {
	id                       string
	aliases, exclude, unless map[string][]alias
}

// topicsMade keeps the folded words of each vocabulary, which is read-only once
// loaded. Those of configurations that were loaded again go when there are many.
var topicsMade = struct {
	mu   sync.Mutex
	made map[*config.Vocabulary][]topicWords
}{made: make(map[*config.Vocabulary][]topicWords)}

const manyVocabularies = 64

func topicWordsOf(vocab *config.Vocabulary) []topicWords {
	topicsMade.mu.Lock()
	defer topicsMade.mu.Unlock()
	words, ok := topicsMade.made[vocab]
	if ok {
		return words
	}
	if len(topicsMade.made) >= manyVocabularies {
		clear(topicsMade.made)
	}
	for _, t := range vocab.Topics {
		words = append(words, topicWords{t.ID, aliasesOf(t.Aliases), aliasesOf(t.Exclude), aliasesOf(t.Unless)})
	}
	topicsMade.made[vocab] = words
	return words
}

func aliasesOf(words map[string][]string) map[string][]alias {
	out := make(map[string][]alias, len(words))
	for lang, list := range words {
		for _, w := range list {
			a := alias{as: w}
			if !isAcronym(w) {
				a.forms = aliasForms(foldWords(w))
			}
			out[lang] = append(out[lang], a)
		}
	}
	return out
}

// aliasForms are the forms in which a phrase stands in running text. Arabic
// writes the article into the word: "the forced labour" becomes "for the forced
// labour" by another letter at its beginning, and "forced labour" by leaving it
// out of every word. A single word without its article would say too little.
func aliasForms(folded string) []string {
	const article = "ال"
	forms := []string{folded}
	rest, ok := strings.CutPrefix(folded, article)
	if !ok {
		return forms
	}
	forms = append(forms, "لل"+rest)
	if strings.Contains(rest, " ") {
		forms = append(forms, strings.ReplaceAll(rest, " "+article, " "))
	}
	return forms
}

// foldWords is a text in the form in which topics are looked for: in the letters
// of [foldLetters], with every word in the singular as far as its ending tells.
// What it makes of a word need not be one: text and vocabulary are folded alike.
func foldWords(text string) string {
	text = foldLetters(text)
	var b strings.Builder
	b.Grow(len(text))
	start := -1 // of the word that is being read
	for i, r := range text {
		switch {
		case isWordPart(r):
			if start < 0 {
				start = i
			}
			continue
		case start >= 0:
			b.WriteString(oneOfMany(text[start:i]))
			start = -1
		}
		b.WriteRune(r)
	}
	if start >= 0 {
		b.WriteString(oneOfMany(text[start:]))
	}
	return b.String()
}

// foldLetters is a text in small letters, without the accents of Latin letters,
// without the vowel marks and with one form of each letter of Arabic, and with one
// form of apostrophes, hyphens and spaces.
func foldLetters(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	var base rune // the letter that a mark belongs to
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		if unicode.Is(unicode.M, r) {
			if !unicode.In(base, unicode.Latin, unicode.Arabic) {
				b.WriteRune(r) // the vowels of Nepali and Khmer are marks too
			}
			continue
		}
		base = r
		switch r {
		case 'ـ': // stretches an Arabic word
			continue
		case 'ى':
			r = 'ي'
		case 'ٱ':
			r = 'ا'
		case '’', 'ʼ':
			r = '\''
		case '\u00a0', '\u2009', '\u202f', '\n', '\t':
			r = ' '
		case '‐', '‑':
			r = '-'
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// oneOfMany is the singular of a folded word of English, French, Spanish or
// Portuguese, as far as its ending tells.
func oneOfMany(w string) string {
	if len(w) < 4 || w[len(w)-1] != 's' {
		return w
	}
	for _, ending := range []struct{ many, one string }{
		{"ciones", "cion"}, {"siones", "sion"}, {"coes", "cao"}, {"soes", "sao"}, {"dores", "dor"}, {"tores", "tor"}, {"jeres", "jer"}, {"dades", "dad"},
	} {
		if rest, ok := strings.CutSuffix(w, ending.many); ok && rest != "" {
			return rest + ending.one
		}
	}
	return singular(w)
}
