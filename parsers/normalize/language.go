package normalize

import (
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"
	"golang.org/x/text/language"

	"github.com/harvest87/harvest"
)

// Language tells which language a text is written in and keeps what the page
// declares beside it. The script decides first, then the commonest words and
// letter sequences. Where the text is too short or the evidence divided, the
// declared language is believed if it fits the script; with no declaration
// Value stays empty. Tags are BCP 47, shortened to the language alone in Value
// ("pt", "zh") and in canonical form in Declared ("pt-BR", "zh-Hans").
func Language(text, declared string) harvest.Language {
	l := harvest.Language{Declared: Tag(declared)}
	l.Value = detect(text, primary(l.Declared))
	return l
}

// Tag brings a declared language into the canonical form of BCP 47: "en_us"
// becomes "en-US". What is no language tag, and "und", gives "".
func Tag(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, ",; ."); i >= 0 {
		s = s[:i]
	}
	if len(s) < 2 || len(s) > 35 || strings.EqualFold(s, "und") || strings.HasPrefix(strings.ToLower(s), "x-") {
		return ""
	}
	t, err := language.Parse(strings.ReplaceAll(s, "_", "-"))
	if err != nil || t == language.Und {
		return ""
	}
	base, conf := t.Base()
	if conf == language.No || len(base.String()) > 3 {
		return ""
	}
	return t.String()
}

// longestSample bounds the text that is looked at, in octets.
const longestSample = 6 << 10

// detect decides by script, then by function words. declared decides between
// languages that the evidence does not set apart.
func detect(text, declared string) string {
	if len(text) > longestSample {
		text = strings.ToValidUTF8(text[:longestSample], "")
	}
	script, letters := scriptOf(text)
	if letters == 0 {
		return ""
	}
	switch {
	case script.only != "":
		return script.only
	case script.name == "Han":
		return chinese(text, declared)
	}
	best, clear, against := byWords(text, declared, script.name)
	if best != "" && (clear || against) {
		return best
	}
	if declared != "" && scriptFits(declared, script.name) {
		return declared
	}
	if best != "" || letters < minLetters {
		return best
	}
	if info := whatlanggo.Detect(text); info.IsReliable() && scriptFits(info.Lang.Iso6391(), script.name) {
		return info.Lang.Iso6391()
	}
	return ""
}

// minLetters is how much text the letters alone can tell a language from.
const minLetters = 60

// script is a writing system; only is the language that alone uses it here.
type script struct{ name, only string }

// scripts in which one language or several are written.
var scripts = []struct {
	table *unicode.RangeTable
	script
}{
	{unicode.Latin, script{"Latin", ""}},
	{unicode.Cyrillic, script{"Cyrillic", ""}},
	{unicode.Arabic, script{"Arabic", ""}},
	{unicode.Devanagari, script{"Devanagari", ""}},
	{unicode.Han, script{"Han", ""}},
	{unicode.Hiragana, script{"Kana", "ja"}},
	{unicode.Katakana, script{"Kana", "ja"}},
	{unicode.Hangul, script{"Hangul", "ko"}},
	{unicode.Greek, script{"Greek", "el"}},
	{unicode.Hebrew, script{"Hebrew", "he"}},
	{unicode.Thai, script{"Thai", "th"}},
	{unicode.Bengali, script{"Bengali", "bn"}},
	{unicode.Tamil, script{"Tamil", "ta"}},
	{unicode.Telugu, script{"Telugu", "te"}},
	{unicode.Malayalam, script{"Malayalam", "ml"}},
	{unicode.Kannada, script{"Kannada", "kn"}},
	{unicode.Gujarati, script{"Gujarati", "gu"}},
	{unicode.Gurmukhi, script{"Gurmukhi", "pa"}},
	{unicode.Oriya, script{"Oriya", "or"}},
	{unicode.Sinhala, script{"Sinhala", "si"}},
	{unicode.Khmer, script{"Khmer", "km"}},
	{unicode.Lao, script{"Lao", "lo"}},
	{unicode.Myanmar, script{"Myanmar", "my"}},
	{unicode.Ethiopic, script{"Ethiopic", "am"}},
	{unicode.Georgian, script{"Georgian", "ka"}},
	{unicode.Armenian, script{"Armenian", "hy"}},
	{unicode.Tibetan, script{"Tibetan", "bo"}},
	{unicode.Thaana, script{"Thaana", "dv"}},
}

// scriptOf counts letters by script and returns the one that prevails. Kana
// among Han characters make a text Japanese.
func scriptOf(text string) (script, int) {
	var counts [32]int
	letters := 0
	for _, r := range text {
		if r < 0x80 {
			if isAlphanumeric(byte(r)) && (r < '0' || r > '9') {
				counts[0]++
				letters++
			}
			continue
		}
		if !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) {
			continue
		}
		for i := range scripts {
			if unicode.Is(scripts[i].table, r) {
				counts[i]++
				letters++
				break
			}
		}
	}
	han, kana := counts[4], counts[5]+counts[6]
	if kana*10 > han && kana > 0 && (han+kana)*2 > letters {
		return script{"Kana", "ja"}, letters
	}
	best := 0
	for i := range scripts {
		if counts[i] > counts[best] {
			best = i
		}
	}
	// A word in another script's language needs fewer letters: names and
	// addresses in Latin letters stand in every text.
	for i := 1; i < len(scripts); i++ {
		if best == 0 && counts[i]*3 > letters {
			best = i
		}
	}
	return scripts[best].script, letters
}

// chinese: Han characters without kana. Only declarations tell Japanese
// titles without kana and Cantonese from Chinese.
func chinese(text, declared string) string {
	if declared == "ja" && len([]rune(text)) < 30 || declared == "yue" {
		return declared
	}
	return "zh"
}

// byWords counts function words. clear is true when the best language leads
// the next by a margin that chance does not give; against, when the declared
// language is far behind.
func byWords(text, declared, scriptName string) (best string, clear, against bool) {
	scores := make(map[string]float64, 16)
	words, hits := 0, 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) && r != 'ʻ' && r != '\u200c'
	}) {
		words++
		langs := wordLanguages[w]
		if len(langs) == 0 {
			continue
		}
		weight := 1/float64(len(langs)+1) + 0.25 // a word that few share says more
		if len(w) == 1 {
			weight /= 4 // initials and units are everywhere
		} else {
			hits++
		}
		for _, l := range langs {
			scores[l] += weight
		}
	}
	letterBonus(text, scriptName, scores)
	if scores["no"] > 0 && scores["da"] > 0 { // the closest pair of all
		low := strings.ToLower(text)
		scores["no"] += 0.3 * float64(strings.Count(low, "kj")+strings.Count(low, "øy")+strings.Count(low, "gj"))
		scores["da"] += 0.3 * float64(strings.Count(low, "øj")+strings.Count(low, "æn")+strings.Count(low, "øb"))
	}
	if s, ok := scores[declared]; ok {
		scores[declared] = s*1.08 + 0.3
	}
	var first, second float64
	for _, lang := range languagesOf(functionWords) {
		s := scores[lang]
		switch {
		case s > first:
			best, first, second = lang, s, first
		case s > second:
			second = s
		}
	}
	if hits < 2 || best == "" || !scriptFits(best, scriptName) {
		return "", false, false
	}
	against = declared != "" && hits >= 6 && scores[declared] < first/2
	return best, first > second*1.04 && (hits*12 >= words || hits >= 8) && (hits >= 3 || declared == best), against
}

// letterBonus counts letters that set close languages apart.
func letterBonus(text, scriptName string, scores map[string]float64) {
	var counts [64]int
	for _, r := range text {
		if r < 0x80 {
			continue
		}
		for _, i := range tellingIndex[r] {
			counts[i]++
		}
	}
	for i, l := range tellingLetters {
		if n := counts[i]; n > 0 && l.script == scriptName && scores[l.lang] > 0 {
			scores[l.lang] += 0.4 * float64(min(n, 25))
		}
	}
}

// tellingIndex finds the rows of tellingLetters that have a letter.
var tellingIndex = func() map[rune][]int {
	index := make(map[rune][]int)
	for i, l := range tellingLetters {
		for _, r := range l.letters {
			index[r] = append(index[r], i)
		}
	}
	return index
}()

// tellingLetters are letters that few languages of a script use.
var tellingLetters = []struct{ script, lang, letters string }{
	{"Cyrillic", "uk", "іїєґІЇЄҐ"},
	{"Cyrillic", "be", "ўЎ"},
	{"Cyrillic", "sr", "ђћђјљњ"},
	{"Cyrillic", "mk", "ѓќѕ"},
	{"Cyrillic", "ru", "ыэё"},
	{"Cyrillic", "be", "ыэё"},
	{"Cyrillic", "kk", "әғқңөұүһ"},
	{"Cyrillic", "mn", "өү"},
	{"Cyrillic", "bg", "ъщ"},
	{"Arabic", "fa", "پچژگ"},
	{"Arabic", "ur", "ٹڈڑںےۓھہ"},
	{"Arabic", "ps", "ښځڅډړږڼټګې"},
	{"Arabic", "ckb", "ڕڵۆێە"},
	{"Arabic", "ar", "ةىيك"},
	{"Latin", "sk", "ľĺŕôä"},
	{"Latin", "cs", "ěřů"},
	{"Latin", "pl", "ąęłńśźż"},
	{"Latin", "tr", "ğış"},
	{"Latin", "az", "əğış"},
	{"Latin", "ro", "șțăâ"},
	{"Latin", "vi", "ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"},
	{"Latin", "de", "ßäü"},
	{"Latin", "sv", "äö"},
	{"Latin", "no", "øå"},
	{"Latin", "da", "øå"},
	{"Latin", "fi", "äö"},
	{"Latin", "et", "õäü"},
	{"Latin", "hu", "őűá"},
	{"Latin", "pt", "ãõç"},
	{"Latin", "es", "ñ¿¡"},
	{"Latin", "ca", "·ç"},
	{"Latin", "lv", "āēīūģķļņ"},
	{"Latin", "lt", "ėįųūą"},
	{"Latin", "is", "ðþæ"},
	{"Latin", "sq", "ëç"},
	{"Latin", "hr", "đćč"},
	{"Latin", "mt", "ħġċż"},
	{"Latin", "eo", "ĉĝĥĵŝŭ"},
	{"Latin", "cy", "ŵŷ"},
	{"Latin", "yo", "ọẹṣ"},
	{"Devanagari", "hi", "ड़ढ़"},
	{"Devanagari", "mr", "ळ"},
}

// scriptFits reports whether a language is written in the script.
func scriptFits(lang, scriptName string) bool {
	for _, s := range scripts {
		if s.only == lang {
			return s.name == scriptName || lang == "ja" && scriptName == "Han"
		}
	}
	switch lang {
	case "ru", "uk", "be", "bg", "mk", "kk", "mn", "ky", "tg", "tt":
		return scriptName == "Cyrillic"
	case "sr", "bs", "uz":
		return scriptName == "Cyrillic" || scriptName == "Latin"
	case "az":
		return scriptName != "Han" && scriptName != "Devanagari"
	case "ar", "fa", "ur", "ps", "ckb", "sd", "ug":
		return scriptName == "Arabic"
	case "hi", "ne", "mr", "sa", "mai", "bho", "new":
		return scriptName == "Devanagari"
	case "zh", "yue":
		return scriptName == "Han"
	case "ku":
		return scriptName == "Latin" || scriptName == "Arabic"
	}
	return scriptName == "Latin"
}
