package search

import (
	"slices"
	"strings"
	"unicode"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/ar"
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
)

// A stemmer cuts a lower-case word to what it shares with its other forms.
type stemmer struct {
	language string // ISO 639-1
	script   *unicode.RangeTable
	stem     func(string) string
}

// stemmers are the languages with word forms that the index knows
// (https://snowballstem.org/algorithms/; Arabic: the light stemmer of Larkey,
// Ballesteros and Connell). The first of a script also serves texts in that
// script whose language is unknown.
var stemmers = []stemmer{
	{"en", unicode.Latin, snowball(english.Stem)},
	{"fr", unicode.Latin, snowball(french.Stem)},
	{"es", unicode.Latin, snowball(spanish.Stem)},
	{"pt", unicode.Latin, stemPortuguese},
	{"de", unicode.Latin, snowball(german.Stem)},
	{"it", unicode.Latin, snowball(italian.Stem)},
	{"nl", unicode.Latin, snowball(dutch.Stem)},
	{"ar", unicode.Arabic, stemArabic},
	{"ru", unicode.Cyrillic, snowball(russian.Stem)},
}

// minStemRunes is the length from which words are stemmed.
const minStemRunes = 3

// stems lists the stems of a word by the rules of those languages that are
// written in its script. Words are stemmed with and without their accents, so
// that "educacion" and "educación" meet.
func (w word) stems(languages []stemmer) []string {
	if w.dense || len(w.term) < minStemRunes || functionWords[w.term] {
		return nil
	}
	var out []string
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, st := range languages {
		if !letterIn(w.lower, st.script) {
			continue
		}
		add(fold(st.stem(w.lower)))
		if w.lower != w.term {
			add(fold(st.stem(w.term)))
		}
	}
	return out
}

// otherForms lists the stems under which a word is indexed: those that are not
// the word itself.
func (w word) otherForms(languages []stemmer) []string {
	return slices.DeleteFunc(w.stems(languages), func(s string) bool { return s == w.term })
}

// stemmersFor are the stemmers for a text in that language: its own, and for
// words in another script the first of that script. An unknown or empty
// language gets the first of each script.
func stemmersFor(tag string) []stemmer {
	base := baseLanguage(tag)
	var own *unicode.RangeTable
	var out []stemmer
	for _, st := range stemmers {
		if st.language == base {
			own = st.script
			out = append(out, st)
		}
	}
	if own == nil && base != "" && base != "und" && base != "mul" {
		own = unicode.Latin // a Latin-script language without a stemmer keeps its words whole
	}
	var seen []*unicode.RangeTable
	for _, st := range stemmers {
		if st.script != own && !slices.Contains(seen, st.script) {
			seen = append(seen, st.script)
			out = append(out, st)
		}
	}
	return out
}

// stemmersOf are those for a text in one of the languages, each once.
func stemmersOf(tags []string) []stemmer {
	var out []stemmer
	for _, tag := range tags {
		for _, st := range stemmersFor(tag) {
			if !slices.ContainsFunc(out, func(x stemmer) bool { return x.language == st.language }) {
				out = append(out, st)
			}
		}
	}
	return out
}

// baseLanguage is the first subtag of a BCP 47 tag, in lower case.
func baseLanguage(tag string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	return strings.ToLower(strings.TrimSpace(base))
}

// snowball adapts one algorithm. They were generated for well-formed words;
// one that trips over garbage leaves the word as it is.
func snowball(algorithm func(*snowballstem.Env) bool) func(string) string {
	return func(s string) (stem string) {
		defer func() {
			if recover() != nil {
				stem = s
			}
		}()
		env := snowballstem.NewEnv(s)
		algorithm(env)
		return env.Current()
	}
}

// stemPortuguese joins the plurals of words in -ão, which the Snowball
// algorithm leaves apart.
func stemPortuguese(s string) string {
	for _, ending := range [][2]string{{"ões", "ão"}, {"ães", "ão"}, {"oes", "ao"}, {"aes", "ao"}} {
		if base, found := strings.CutSuffix(s, ending[0]); found {
			s = base + ending[1]
		}
	}
	return snowball(portuguese.Stem)(s)
}

func stemArabic(s string) string {
	tokens := ar.NewArabicStemmerFilter().Filter(analysis.TokenStream{{Term: []byte(fold(s))}})
	return string(tokens[0].Term)
}

// letterIn reports whether the first letter of s belongs to the script.
func letterIn(s string, script *unicode.RangeTable) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return unicode.Is(script, r)
		}
	}
	return false
}

// functionWords carry grammar, not meaning. They are indexed, so that phrases
// find them, but a query does not insist on them. Only words that mean nothing
// in all of the languages are listed: "war" (German "was") is not.
var functionWords = wordSet(`
	a an and are as at be been by for from has have in is it its of on or that the their this to was were which with
	au aux avec ce ces dans de des du elle en est et il la le les leur leurs ne ou par pas pour qu que qui sa se ses sur un une
	al como con del el ella esta este lo los las mas o para pero por se sin su sus una unos unas y
	aos ao as com da das do dos e em entre foi mais na nas no nos os pela pelo seu sua um uma
	aber auf aus bei das dem den der die ein eine einer eines fur im ist mit nach nicht oder sich sind und vom von zu zum zur
	alla che dei delle degli della di gli nel nella non per piu sono tra
	een het van voor zijn
	в во и к на не о об от по при с со у что это для из как
	في من على الي الى عن مع هذا هذه التي الذي ان او و ما لا
`)

func wordSet(list string) map[string]bool {
	set := make(map[string]bool)
	for w := range strings.FieldsSeq(list) {
		set[fold(w)] = true
	}
	return set
}
