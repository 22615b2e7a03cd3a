package normalize

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/harvest87/harvest"
)

// The years that a document of this field can bear. Slavery conventions begin
// in 1926; older laws are catalogued too.
const (
	firstYear = 1700
	lastYear  = 2199
)

// maxDate bounds the text in which a date is looked for, in octets.
const maxDate = 200

// Date reads one date as people print it:
//
//   - ISO 8601 and RFC 3339 ("2021-03-15T10:00:00+01:00"; the printed day
//     stands, time zones do not move it), "20210315", "2021/03/15";
//   - RFC 5322 and RFC 9110 dates ("Mon, 15 Mar 2021 10:00:00 GMT");
//   - day, month name and year in any order that prints them, with ordinals
//     and prepositions, in the languages of the table of month names;
//     "March 2021" has month precision, "2021" year precision;
//   - "15/03/2021", "15.03.2021", "15-03-21": the order follows lang, which is
//     a BCP 47 tag or empty. When the order could be either and lang does not
//     tell, a date with full stops is read day first and every other is refused;
//   - East Asian "2021年3月15日" and "2021년 3월 15일", Vietnamese "15 tháng 3, 2021",
//     Thai years of the Buddhist era, Japanese eras ("令和3年3月15日"), the years of
//     the Republic of China; where lang is of Nepal, days of the Bikram Sambat, and
//     where it is of Iran or Afghanistan, of the Solar Hijri calendar;
//   - digits of every script.
//
// Words before the date ("Published on", a weekday) and a time after it are
// passed over; a text with two different dates, a relative date ("yesterday"),
// a date without a year and anything else are refused. No precision is added.
func Date(text, lang string) (harvest.Date, bool) {
	text = strings.TrimSpace(text)
	if len(text) < 4 || len(text) > maxDate {
		return harvest.Date{}, false
	}
	r := dateReader{lang: primary(lang), region: regionOf(lang)}
	if d, ok := machineDate(text); ok && !r.isNepal() && !r.usesHijri() {
		return d, true
	}
	r.tokens = lex(digits(Text(text)), 40)
	_, bikram := r.bikramNumeric(0)
	_, hijri := r.hijri(0)
	if bikram+hijri == 0 {
		if d, ok := machineDate(text); ok {
			return d, true
		}
	}
	return r.read()
}

// machineDate reads dates that begin like ISO 8601.
func machineDate(s string) (harvest.Date, bool) {
	if len(s) < 10 || !allDigits(s[:4]) || s[4] != s[7] || s[4] != '-' && s[4] != '/' && s[4] != '.' || !allDigits(s[5:7]) || !allDigits(s[8:10]) {
		return harvest.Date{}, false
	}
	if len(s) > 10 && s[10] != 'T' && s[10] != 't' && s[10] != ' ' && s[10] != 'Z' && s[10] != '+' && s[10] != ',' {
		return harvest.Date{}, false
	}
	if len(s) > 11 && strings.ContainsFunc(s[11:], isDateSeparator) {
		if _, two := secondDate(s[10:]); two {
			return harvest.Date{}, false
		}
	}
	return day(number(s[:4]), number(s[5:7]), number(s[8:10]))
}

func isDateSeparator(r rune) bool { return r == '-' || r == '/' || r == '.' }

// secondDate reports whether another ISO date follows.
func secondDate(s string) (string, bool) {
	for i := 0; i+10 <= len(s); i++ {
		if allDigits(s[i:i+4]) && (s[i+4] == '-' || s[i+4] == '/') && allDigits(s[i+5:i+7]) && s[i+7] == s[i+4] && allDigits(s[i+8:i+10]) {
			return s[i:], true
		}
	}
	return "", false
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func number(s string) int {
	n := 0
	for i := 0; i < len(s) && i < 9; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// day is a date in the years that are believed.
func day(y, m, d int) (harvest.Date, bool) {
	if y < firstYear || y > lastYear {
		return harvest.Date{}, false
	}
	date := harvest.DayDate(y, time.Month(m), d)
	return date, !date.IsZero()
}

func monthOf(y, m int) (harvest.Date, bool) {
	if y < firstYear || y > lastYear {
		return harvest.Date{}, false
	}
	date := harvest.MonthDate(y, time.Month(m))
	return date, !date.IsZero()
}

// token is a number, a word or a separator of a printed date.
type token struct {
	text  string
	kind  tokenKind
	space bool // white space stands before it
}

type tokenKind int

const (
	numeral tokenKind = iota + 1
	word
	mark
)

// lex cuts a text into at most so many tokens.
func lex(s string, most int) []token {
	var out []token
	space := false
	for i := 0; i < len(s) && len(out) < most; {
		r, size := utf8.DecodeRuneInString(s[i:])
		start := i
		i += size
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case r >= '0' && r <= '9':
			for i < len(s) && s[i] >= '0' && s[i] <= '9' {
				i++
			}
			out = append(out, token{s[start:i], numeral, space})
		case isWordRune(r):
			for i < len(s) {
				next, n := utf8.DecodeRuneInString(s[i:])
				if !isWordRune(next) && !(next == '.' && isThai(r)) && next != '\u200c' && next != '\u200d' {
					break
				}
				i += n
			}
			out = append(out, token{s[start:i], word, space})
		default:
			out = append(out, token{s[start:i], mark, space})
		}
		space = false
	}
	return out
}

func isWordRune(r rune) bool {
	if r >= 0x2e80 && unicode.Is(unicode.Han, r) {
		return true
	}
	return unicode.IsLetter(r) || unicode.Is(unicode.M, r)
}

func isThai(r rune) bool { return r >= 0x0e00 && r <= 0x0e7f }

// dateReader looks for the one date among tokens.
type dateReader struct {
	tokens       []token
	lang, region string
}

// Printed is a date found in a text.
type Printed struct {
	Date harvest.Date
	// Label are the words before it, since the last date, in lower case:
	// "last updated on".
	Label string
	// Order is the order that a numeric date proves, "dmy" or "mdy"; empty
	// when the date is not numeric or could be either.
	Order string
}

// Dates finds every date of day or month precision in a text, in order. It is
// meant for short lines such as "Published 3 March 2021, updated 5 March 2021";
// only the beginning of a long text is read. The rules are those of [Date].
func Dates(text, lang string) []Printed {
	if !strings.ContainsFunc(text, unicode.IsNumber) {
		return nil
	}
	if len(text) > 4*maxDate {
		text = strings.ToValidUTF8(text[:4*maxDate], "")
	}
	r := dateReader{tokens: lex(digits(text), 200), lang: primary(lang), region: regionOf(lang)}
	var out []Printed
	var label []string
	for i := 0; i < len(r.tokens); {
		d, n := r.at(i)
		if n == 0 {
			if t := r.tokens[i]; t.kind == word {
				label = append(label, strings.ToLower(t.text))
			}
			i++
			continue
		}
		out = append(out, Printed{d, strings.Join(label, " "), r.proves(i, n)})
		label = nil
		i += n
	}
	return out
}

// proves says which order of day and month a numeric date at token i shows.
func (r *dateReader) proves(i, n int) string {
	if n != 5 || r.get(i+2).kind != numeral || len(r.get(i).text) > 2 {
		return ""
	}
	switch a, b := number(r.get(i).text), number(r.get(i+2).text); {
	case a > 12 && b <= 12:
		return "dmy"
	case b > 12 && a <= 12:
		return "mdy"
	}
	return ""
}

// read tries every position and refuses two dates that differ.
func (r *dateReader) read() (harvest.Date, bool) {
	var found harvest.Date
	for i := 0; i < len(r.tokens); {
		d, n := r.at(i)
		if n == 0 {
			i++
			continue
		}
		if !found.IsZero() && d != found {
			return harvest.Date{}, false
		}
		found = d
		i += n
	}
	if !found.IsZero() {
		return found, true
	}
	return r.yearAlone()
}

// yearAlone accepts "2021" and "© 2021"-free forms only: nothing but a year.
func (r *dateReader) yearAlone() (harvest.Date, bool) {
	if len(r.tokens) == 0 || len(r.tokens) > 3 {
		return harvest.Date{}, false
	}
	year := 0
	for _, t := range r.tokens {
		switch {
		case t.kind == numeral && len(t.text) == 4 && year == 0:
			year = number(t.text)
		case t.kind == word && (t.text == "年" || t.text == "년" || t.text == "г" || t.text == "عام" || t.text == "سنة" || t.text == "م"):
		case t.kind == mark && strings.Contains("().[],", t.text):
		default:
			return harvest.Date{}, false
		}
	}
	if year < firstYear || year > lastYear {
		return harvest.Date{}, false
	}
	return harvest.YearDate(year), true
}

// at reads a date that begins at token i and returns how many tokens it took.
func (r *dateReader) at(i int) (harvest.Date, int) {
	for _, form := range []func(int) (harvest.Date, int){r.bikram, r.hijri, r.eastAsian, r.numeric, r.dayMonthYear, r.monthDayYear, r.yearMonthDay, r.compact} {
		if d, n := form(i); n > 0 {
			return d, n
		}
	}
	return harvest.Date{}, 0
}

func (r *dateReader) get(i int) token {
	if i >= 0 && i < len(r.tokens) {
		return r.tokens[i]
	}
	return token{}
}

// skipSmall passes over what may stand between the parts of a date: a mark, an
// ordinal ending, a preposition.
func (r *dateReader) skipSmall(i int) int {
	for range 3 {
		t := r.get(i)
		switch {
		case t.kind == mark && strings.Contains(".,،-–/'’ºª°|", t.text):
		case t.kind == word && isConnector(strings.ToLower(t.text)):
		default:
			return i
		}
		i++
	}
	return i
}

// isConnector: "15th of March", "15 de marzo de 2021", "am 15ten März".
func isConnector(w string) bool {
	switch w {
	case "st", "nd", "rd", "th", "er", "ère", "e", "de", "del", "do", "da", "of", "the", "ten", "a", "o", "à", "den", "ի", "г", "року", "р", "წლის", "जी", "ம்", "m", "d", "году", "года", "من", "שנת", "το", "του", "í", "tháng", "năm", "noi", "ng", "v", "ই", "লা", "রা", "ঠা", "শে":
		return true
	}
	return false
}

// monthAt reads the month name at token i: one word or two.
func (r *dateReader) monthAt(i int) (m, n int) {
	t := r.get(i)
	if t.kind != word {
		return 0, 0
	}
	if next := r.get(i + 1); next.kind == word {
		if m, ok := month(t.text+" "+next.text, r.lang); ok {
			return m, 2
		}
	}
	if m, ok := month(t.text, r.lang); ok {
		// Arabic sources print both names: "كانون الثاني/يناير".
		if r.get(i+1).text == "/" {
			if again, n := r.monthAt(i + 2); n > 0 && again == m {
				return m, n + 2
			}
		}
		return m, 1
	}
	if strings.EqualFold(t.text, "tháng") { // Vietnamese: "month 3"
		if num := r.get(i + 1); num.kind == numeral && len(num.text) <= 2 {
			return number(num.text), 2
		}
	}
	return 0, 0
}

func isDay(t token) bool {
	return t.kind == numeral && len(t.text) <= 2 && number(t.text) >= 1 && number(t.text) <= 31
}
func isYear(t token) bool { return t.kind == numeral && len(t.text) == 4 }

// year turns the Buddhist era into the common one where the script says so.
func (r *dateReader) year(t token, monthName string) int {
	y := number(t.text)
	first, _ := utf8.DecodeRuneInString(monthName)
	if isThai(first) && y > 2400 && y < 2700 {
		y -= 543
	}
	return y
}

// primary is the language of a BCP 47 tag, in lower case, by the codes of the
// tables here.
func primary(tag string) string {
	tag, _, _ = strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(tag)), "_", "-"), "-")
	switch tag {
	case "nb", "nn":
		return "no"
	case "iw":
		return "he"
	case "in":
		return "id"
	case "fil":
		return "tl"
	case "sh":
		return "sr"
	}
	return tag
}

// regionOf is the country of a BCP 47 tag, in upper case.
func regionOf(tag string) string {
	parts := strings.Split(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"), "-")
	for _, p := range parts[min(1, len(parts)):] {
		if len(p) == 2 {
			return strings.ToUpper(p)
		}
	}
	return ""
}
