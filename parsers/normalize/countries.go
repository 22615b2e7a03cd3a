package normalize

import (
	"iter"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Countries finds the countries that a text names (ISO 3166-1 alpha-2), in
// English and in the language of the text, with the names that caused them.
// Names come from CLDR; further names that people use stand in moreNames. They
// match as whole words with their capitals. Adjectives and demonyms ("French",
// "Nepali") do not count. Names that are also something else count only where
// the text makes sure: "Georgia" not beside a place in the United States,
// "Jordan" and "Chad" not beside another name like a person's, "Guinea" not
// within "Equatorial Guinea" or "guinea pig", and so on. Countries come in the
// order of the text.
func Countries(text, lang string) []Found {
	if text == "" {
		return nil
	}
	english := namesIn("en")
	names := namesIn(primary(lang))
	var hits []hit
	seen := make(map[string]bool)
	for start := range wordStarts(text) {
		rest := text[start:]
		name, id := longestName(rest, names)
		if name == "" {
			name, id = longestName(rest, english)
		}
		if name == "" || !plausible(name, text, start) {
			continue
		}
		hits = append(hits, hit{start, start + len(name), id, name})
	}
	var out []Found
	end := 0
	for _, h := range hits {
		if h.start < end { // within a longer name
			continue
		}
		end = h.end
		if seen[h.id] {
			for i := range out {
				if out[i].ID == h.id && !slices.Contains(out[i].Words, h.name) {
					out[i].Words = append(out[i].Words, h.name)
				}
			}
			continue
		}
		seen[h.id] = true
		out = append(out, Found{h.id, []string{h.name}})
	}
	return out
}

type hit struct {
	start, end int
	id, name   string
}

// wordStarts yields where words begin. Scripts without spaces begin a word at
// every character; small Arabic and Hebrew prefixes may stand before a name.
func wordStarts(text string) iter.Seq[int] {
	return func(yield func(int) bool) {
		last := rune(' ')
		for i, r := range text {
			inner := isWordPart(last)
			switch {
			case unicode.In(r, unicode.Han, unicode.Thai, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
				inner = false
			case inner && unicode.In(r, unicode.Arabic, unicode.Hebrew):
				inner = !afterPrefix(text[:i])
			}
			if isWordPart(r) && !inner && (unicode.IsUpper(r) || !unicode.IsLower(r)) {
				if !yield(i) {
					return
				}
			}
			last = r
		}
	}
}

// longestName is the longest name with which text begins.
func longestName(text string, names countryIndex) (name, id string) {
	first := firstWord(text)
	for _, n := range names[first] {
		if strings.HasPrefix(text, n.name) && !continues(text[len(n.name):]) {
			return n.name, n.id
		}
	}
	return "", ""
}

// continues reports whether the word goes on. A possessive ending ends it.
func continues(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return rest != "" && isWordPart(r) && !unicode.In(r, unicode.Han, unicode.Thai, unicode.Hangul)
}

func firstWord(text string) string {
	for i, r := range text {
		if !isWordPart(r) {
			return text[:i]
		}
		if unicode.In(r, unicode.Han, unicode.Thai, unicode.Hangul) {
			return string(r)
		}
	}
	return text
}

// countryName is one name of a country.
type countryName struct{ name, id string }

// countryIndex holds the names of countries by first word, longest first.
type countryIndex map[string][]countryName

// countryNames holds an index per language, each built from CLDR when it is
// first asked for, as a constant would be if Go had such constants.
var countryNames = func() map[string]func() countryIndex {
	byLanguage := make(map[string]func() countryIndex, len(countryLanguages))
	for _, lang := range countryLanguages {
		byLanguage[lang] = sync.OnceValue(func() countryIndex { return indexCountries(lang) })
	}
	return byLanguage
}()

// countryLanguages are the languages whose names are looked for besides English.
var countryLanguages = []string{
	"en", "fr", "es", "pt", "ar", "de", "it", "nl", "ru", "uk", "pl", "cs", "sv", "da", "no", "fi", "tr", "ro", "hu", "el", "bg", "hr", "sr", "sq", "ca",
	"id", "ms", "vi", "th", "zh", "ja", "ko", "hi", "ne", "bn", "ur", "fa", "he", "sw", "am", "ta", "si", "km", "my", "tl",
}

func namesIn(lang string) countryIndex {
	if index := countryNames[lang]; index != nil {
		return index()
	}
	return nil
}

func indexCountries(lang string) countryIndex {
	names := make(countryIndex, 300)
	add := func(name, id string) {
		if name = strings.TrimSpace(name); len(name) < 2 || len(name) < 3 && lang != "en" {
			return
		}
		first := firstWord(name)
		if !slices.ContainsFunc(names[first], func(n countryName) bool { return n.name == name }) {
			names[first] = append(names[first], countryName{name, id})
		}
	}
	if namer := display.Regions(language.MustParse(lang)); namer != nil {
		for id := range strings.FieldsSeq(countryCodes) {
			add(namer.Name(language.MustParseRegion(id)), id)
		}
	}
	for more := range strings.SplitSeq(moreNames[lang], "|") {
		if id, name, ok := strings.Cut(more, " "); ok {
			add(name, id)
		}
	}
	for first := range names {
		slices.SortStableFunc(names[first], func(a, b countryName) int { return len(b.name) - len(a.name) })
	}
	return names
}

// countryCodes are the officially assigned codes of ISO 3166-1, and XK.
const countryCodes = `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN
GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV
LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT
PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ
VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW`

// moreNames are names in use besides CLDR's, by language.
var moreNames = map[string]string{
	"en": "US United States of America|US USA|US U.S.|US US|GB UK|GB U.K.|GB Great Britain|GB England|GB Scotland|GB Wales|GB Northern Ireland|CI Ivory Coast|CI Cote d'Ivoire|MM Burma|MM Myanmar|CZ Czech Republic|CZ Czechia|MK Macedonia|SZ Swaziland|SZ Eswatini|CV Cape Verde|TL East Timor|TL Timor-Leste|PS Palestine|PS State of Palestine|KP North Korea|KR South Korea|KR Republic of Korea|CD DRC|CD DR Congo|CD Democratic Republic of the Congo|CD Democratic Republic of Congo|CG Republic of the Congo|CG Congo-Brazzaville|LA Laos|LA Lao PDR|VN Viet Nam|RU Russian Federation|IR Islamic Republic of Iran|SY Syrian Arab Republic|TZ United Republic of Tanzania|MD Republic of Moldova|BO Plurinational State of Bolivia|VE Bolivarian Republic of Venezuela|TR Türkiye|TR Turkey|AE UAE|BN Brunei Darussalam|GM The Gambia|BS The Bahamas|NL The Netherlands|HK Hong Kong|MO Macau|TW Taiwan|BA Bosnia|BA Bosnia and Herzegovina|TT Trinidad and Tobago|ST Sao Tome and Principe|AG Antigua and Barbuda|KN Saint Kitts and Nevis|VC Saint Vincent and the Grenadines|XK Kosovo|VA Holy See|SA Saudi Arabia|CF Central African Republic",
	"fr": "US États-Unis d'Amérique|US USA|GB Grande-Bretagne|GB Angleterre|CI Côte d'Ivoire|CD RDC|CD République démocratique du Congo|CG République du Congo|BY Biélorussie|MM Birmanie|PS Palestine|CZ République tchèque|MK Macédoine|VN Viêt Nam|VN Vietnam|CF République centrafricaine|TR Turquie",
	"es": "US EE. UU.|US EE.UU.|US Estados Unidos de América|GB Gran Bretaña|GB Inglaterra|CI Costa de Marfil|CD República Democrática del Congo|PS Palestina|CZ República Checa|MM Birmania|NL Países Bajos|NL Holanda|KR Corea del Sur|KP Corea del Norte",
	"pt": "US EUA|US Estados Unidos da América|GB Grã-Bretanha|GB Inglaterra|PS Palestina|CD República Democrática do Congo|NL Países Baixos|NL Holanda|CZ República Checa|VN Vietname|MZ Moçambique",
	"de": "US USA|US Vereinigte Staaten von Amerika|GB Großbritannien|GB England|CZ Tschechische Republik|CI Elfenbeinküste|MM Birma|PS Palästina|BY Weißrussland|CD Demokratische Republik Kongo|MK Mazedonien",
	"it": "US USA|US Stati Uniti d'America|GB Gran Bretagna|GB Inghilterra|PS Palestina|CZ Repubblica Ceca|CI Costa d'Avorio|MM Birmania",
	"nl": "US VS|US Verenigde Staten van Amerika|GB Groot-Brittannië|GB Engeland|CI Ivoorkust|PS Palestina",
	"ar": "US الولايات المتحدة الأمريكية|US أمريكا|GB بريطانيا|GB المملكة المتحدة|PS فلسطين|SY سورية|AE الإمارات|CD الكونغو الديمقراطية|CI ساحل العاج|SA السعودية|VN فيتنام|LB لبنان",
	"ru": "US США|GB Великобритания|BY Белоруссия|MD Молдавия|KG Киргизия|PS Палестина",
	"ne": "NP नेपाल|IN भारत|QA कतार|MY मलेसिया|SA साउदी अरब|AE युएई",
	"hi": "IN भारत|NP नेपाल|US अमेरिका|GB ब्रिटेन",
	"zh": "US 美国|GB 英国|KR 韩国|KP 朝鲜|TW 台湾",
	"ja": "US アメリカ|US 米国|GB 英国|KR 韓国|KP 北朝鮮",
}
