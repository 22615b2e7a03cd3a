package normalize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	letters, last := 0, 0
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
		if unicode.Is(scripts[last].table, r) { // mostly as the letter before
			counts[last]++
			letters++
			continue
		}
		for i := range scripts {
			if unicode.Is(scripts[i].table, r) {
				counts[i]++
				letters++
				last = i
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
	var c wordCount
	c.words(text)
	c.letters(text, scriptName)
	no, da := tongue("no"), tongue("da")
	if c.scores[no] > 0 && c.scores[da] > 0 { // the closest pair of all
		low := strings.ToLower(text)
		c.scores[no] += 0.3 * float64(strings.Count(low, "kj")+strings.Count(low, "øy")+strings.Count(low, "gj"))
		c.scores[da] += 0.3 * float64(strings.Count(low, "øj")+strings.Count(low, "æn")+strings.Count(low, "øb"))
	}
	said := 0.0 // for the declared language
	if at, ok := slices.BinarySearch(wordTongues, declared); ok {
		if c.scores[at] > 0 {
			c.scores[at] = c.scores[at]*1.08 + 0.3
		}
		said = c.scores[at]
	}
	var first, second float64
	for at, lang := range wordTongues {
		s := c.scores[at]
		switch {
		case s > first:
			best, first, second = lang, s, first
		case s > second:
			second = s
		}
	}
	if c.hits < 2 || best == "" || !scriptFits(best, scriptName) {
		return "", false, false
	}
	against = declared != "" && c.hits >= 6 && said < first/2
	return best, first > second*1.04 && (c.hits*12 >= c.all || c.hits >= 8) && (c.hits >= 3 || declared == best), against
}

// tongue is a language's place in wordTongues, which has it.
func tongue(lang string) int {
	at, _ := slices.BinarySearch(wordTongues, lang)
	return at
}

// wordCount weighs languages by words and letters.
type wordCount struct {
	all    int // words
	hits   int // of them, function words of more than one letter
	scores [maxTongues]float64
}

// maxTongues is no less than the languages of functionWords.
const maxTongues = 96

// words counts the words of a text: letters and marks, in lower case.
func (c *wordCount) words(text string) {
	var lower [64]byte
	for i := 0; i < len(text); {
		start, n, ascii := i, 0, true
		for i < len(text) {
			if b := text[i]; b < utf8.RuneSelf {
				if 'A' <= b && b <= 'Z' {
					b += 'a' - 'A'
				} else if b < 'a' || b > 'z' {
					break
				}
				if n < len(lower) {
					lower[n] = b
				}
				n++
				i++
				continue
			}
			r, size := utf8.DecodeRuneInString(text[i:])
			if !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) && r != 'ʻ' && r != '\u200c' {
				break
			}
			ascii = false
			i += size
		}
		switch {
		case i == start:
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
		case ascii && n > longestFunctionWord:
			c.all++
		case ascii:
			c.word(n, wordLanguages[string(lower[:n])])
		default:
			w := strings.ToLower(text[start:i])
			c.word(len(w), wordLanguages[w])
		}
	}
}

// word counts one word of that many octets.
func (c *wordCount) word(octets int, langs []uint8) {
	c.all++
	if len(langs) == 0 {
		return
	}
	weight := 1/float64(len(langs)+1) + 0.25 // a word that few share says more
	if octets == 1 {
		weight /= 4 // initials and units are everywhere
	} else {
		c.hits++
	}
	for _, l := range langs {
		c.scores[l] += weight
	}
}

// letters counts letters that set close languages apart.
func (c *wordCount) letters(text, scriptName string) {
	var counts [64]int
	any := false
	for _, r := range text {
		if r < 0x80 {
			continue
		}
		for _, i := range tellingIndex[r] {
			counts[i]++
			any = true
		}
	}
	if !any {
		return
	}
	for i, l := range tellingLetters {
		if n := counts[i]; n > 0 && l.script == scriptName {
			if at, ok := slices.BinarySearch(wordTongues, l.lang); ok && c.scores[at] > 0 {
				c.scores[at] += 0.4 * float64(min(n, 25))
			}
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
