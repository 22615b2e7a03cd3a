package normalize

import (
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

// dayMonthYear: "15 March 2021", "15. März 2021", "15 de marzo de 2021".
func (r *dateReader) dayMonthYear(i int) (harvest.Date, int) {
	if !isDay(r.get(i)) || r.isFraction(i) {
		return harvest.Date{}, 0
	}
	j := r.skipSmall(i + 1)
	if r.get(j-1).kind == word && strings.EqualFold(r.get(j-1).text, "tháng") {
		j--
	}
	m, n := r.monthAt(j)
	if n == 0 {
		return harvest.Date{}, 0
	}
	name := r.get(j).text
	k := r.skipSmall(j + n)
	y := r.get(k)
	if !isYear(y) {
		if y.kind == numeral && len(y.text) == 2 && r.get(k-1).text != "," && !r.isTime(k) {
			if d, ok := day(century(number(y.text)), m, number(r.get(i).text)); ok {
				return d, k + 1 - i
			}
		}
		return harvest.Date{}, 0
	}
	if d, ok := day(r.year(y, name), m, number(r.get(i).text)); ok {
		return d, k + 1 - i
	}
	return harvest.Date{}, 0
}

// isFraction reports whether the numeral at i goes on another: the 7 of "8.7".
func (r *dateReader) isFraction(i int) bool {
	return !r.get(i).space && !r.get(i-1).space && r.get(i-1).kind == mark && r.get(i-2).kind == numeral
}

// isTime reports whether the numeral at i begins a time of day.
func (r *dateReader) isTime(i int) bool {
	next := r.get(i + 1)
	return next.text == ":" || next.text == "h" || next.text == "." && r.get(i+2).kind == numeral
}

// monthDayYear: "March 15, 2021", "Mar 15 2021", and "March 2021".
func (r *dateReader) monthDayYear(i int) (harvest.Date, int) {
	m, n := r.monthAt(i)
	if n == 0 {
		return harvest.Date{}, 0
	}
	name := r.get(i).text
	j := r.skipSmall(i + n)
	if y := r.get(j); isYear(y) {
		if r.get(i-1).kind == numeral { // a day that the month does not have
			return harvest.Date{}, 0
		}
		if d, ok := monthOf(r.year(y, name), m); ok {
			return d, j + 1 - i
		}
		return harvest.Date{}, 0
	}
	if !isDay(r.get(j)) {
		return harvest.Date{}, 0
	}
	k := r.skipSmall(j + 1)
	// "Mon Mar 15 10:00:00 GMT 2021", the form of asctime and of Java.
	if r.get(k).kind == numeral && r.get(k+1).text == ":" {
		k = r.passTime(k)
	}
	y := r.get(k)
	switch {
	case isYear(y):
		if d, ok := day(r.year(y, name), m, number(r.get(j).text)); ok {
			return d, k + 1 - i
		}
	case y.kind == numeral && len(y.text) == 2 && isApostrophe(r.get(k-1)): // "Mar 15 '21"
		if d, ok := day(century(number(y.text)), m, number(r.get(j).text)); ok {
			return d, k + 1 - i
		}
	}
	return harvest.Date{}, 0
}

func isApostrophe(t token) bool { return t.text == "'" || t.text == "’" }

// passTime passes over "10:00:00 GMT" and "10:00 am,".
func (r *dateReader) passTime(i int) int {
	for r.get(i).kind == numeral && !isYear(r.get(i)) && r.get(i+1).text == ":" {
		i += 2
	}
	if r.get(i).kind == numeral && !isYear(r.get(i)) {
		i++
	}
	for n := 0; n < 4 && (r.get(i).kind == word || r.get(i).kind == mark); n++ {
		i++
	}
	return i
}

// yearMonthDay: "2021 March 15", "2021. március 15.", "2021-Mar-15".
func (r *dateReader) yearMonthDay(i int) (harvest.Date, int) {
	if !isYear(r.get(i)) {
		return harvest.Date{}, 0
	}
	j := r.skipSmall(i + 1)
	m, n := r.monthAt(j)
	if n == 0 {
		return harvest.Date{}, 0
	}
	y := r.year(r.get(i), r.get(j).text)
	k := r.skipSmall(j + n)
	if isDay(r.get(k)) && !r.isTime(k) && !isYear(r.get(r.skipSmall(k+1))) {
		if d, ok := day(y, m, number(r.get(k).text)); ok {
			return d, k + 1 - i
		}
		return harvest.Date{}, 0
	}
	if isDay(r.get(j + n)) {
		return harvest.Date{}, 0
	}
	if d, ok := monthOf(y, m); ok {
		return d, j + n - i
	}
	return harvest.Date{}, 0
}

// compact: "20210315", perhaps with a time behind it.
func (r *dateReader) compact(i int) (harvest.Date, int) {
	t := r.get(i)
	if t.kind != numeral || len(t.text) != 8 && len(t.text) != 14 || len(r.tokens) > 6 {
		return harvest.Date{}, 0
	}
	if d, ok := day(number(t.text[:4]), number(t.text[4:6]), number(t.text[6:8])); ok && d.Year() >= 1900 && d.Year() <= 2100 {
		return d, 1
	}
	return harvest.Date{}, 0
}

// eastAsian: "2021年3月15日", "2021년 3월 15일".
func (r *dateReader) eastAsian(i int) (harvest.Date, int) {
	if d, n := r.era(i); n > 0 {
		return d, n
	}
	y := r.get(i)
	if !isYear(y) || !oneOf(r.get(i+1).text, "年", "년") {
		return harvest.Date{}, 0
	}
	m := r.get(i + 2)
	if m.kind != numeral || !oneOf(r.get(i+3).text, "月", "월", "月号") {
		return harvest.Date{}, 0
	}
	d := r.get(i + 4)
	if d.kind == numeral && len(d.text) <= 2 {
		if unit := r.get(i + 5).text; !strings.HasPrefix(unit, "日") && !strings.HasPrefix(unit, "일") && !strings.HasPrefix(unit, "号") {
			return harvest.Date{}, 0
		}
		if date, ok := day(number(y.text), number(m.text), number(d.text)); ok {
			return date, 6
		}
		return harvest.Date{}, 0
	}
	if date, ok := monthOf(number(y.text), number(m.text)); ok {
		return date, 4
	}
	return harvest.Date{}, 0
}

// eras are the years before the first of the Japanese eras since 1926, and of
// the Republic of China (Taiwan).
var eras = map[string]int{"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911, "中華民國": 1911}

// era: "令和3年3月15日", "平成元年1月8日", "民國110年3月15日".
func (r *dateReader) era(i int) (harvest.Date, int) {
	name := strings.TrimSuffix(r.get(i).text, "元年")
	before, ok := eras[name]
	if !ok {
		return harvest.Date{}, 0
	}
	y, at := before+1, i+1
	if name == r.get(i).text { // no first year
		if n := r.get(at); n.kind != numeral || len(n.text) > 3 || r.get(at+1).text != "年" {
			return harvest.Date{}, 0
		}
		y, at = before+number(r.get(at).text), at+2
	}
	m, d := r.get(at), r.get(at+2)
	if m.kind != numeral || !strings.HasPrefix(r.get(at+1).text, "月") {
		return harvest.Date{}, 0
	}
	if d.kind == numeral && strings.HasPrefix(r.get(at+3).text, "日") {
		if date, ok := day(y, number(m.text), number(d.text)); ok {
			return date, at + 4 - i
		}
		return harvest.Date{}, 0
	}
	if date, ok := monthOf(y, number(m.text)); ok {
		return date, at + 2 - i
	}
	return harvest.Date{}, 0
}

func oneOf(s string, all ...string) bool {
	return slices.Contains(all, s)
}

// numeric: three numbers with one kind of separator, or "03/2021".
func (r *dateReader) numeric(i int) (harvest.Date, int) {
	a, sep, b := r.get(i), r.get(i+1), r.get(i+2)
	if a.kind != numeral || b.kind != numeral || sep.kind != mark || !strings.Contains("/.-–", sep.text) || len(b.text) > 2 && !isYear(b) {
		return harvest.Date{}, 0
	}
	if r.get(i-1).kind == numeral || i > 0 && !a.space && strings.Contains("/.-:", r.get(i-1).text) {
		return harvest.Date{}, 0 // in the middle of something longer
	}
	second, c := r.get(i+3), r.get(i+4)
	three := second.text == sep.text && c.kind == numeral
	switch {
	case three && isYear(a) && len(b.text) <= 2 && len(c.text) <= 2:
		if d, ok := day(number(a.text), number(b.text), number(c.text)); ok {
			return d, 5
		}
	case three && len(a.text) <= 2 && len(b.text) <= 2 && (isYear(c) || len(c.text) == 2 && !sep.space):
		y := number(c.text)
		if len(c.text) == 2 {
			y = century(y)
		}
		if d, ok := r.ordered(number(a.text), number(b.text), y, sep.text); ok {
			return d, 5
		}
	case !three && len(a.text) <= 2 && isYear(b) && sep.text != "–" && !a.spaceAfter(sep):
		if d, ok := monthOf(number(b.text), number(a.text)); ok && sep.text != "." {
			return d, 3
		}
	case !three && isYear(a) && len(b.text) == 2 && !a.spaceAfter(sep) && len(r.tokens) <= i+3:
		if d, ok := monthOf(number(a.text), number(b.text)); ok {
			return d, 3
		}
	}
	return harvest.Date{}, 0
}

// spaceAfter reports whether white space stands between t and next.
func (t token) spaceAfter(next token) bool { return next.space }

// ordered decides between day first and month first.
func (r *dateReader) ordered(a, b, y int, sep string) (harvest.Date, bool) {
	dayFirst, okDay := day(y, b, a)
	monthFirst, okMonth := day(y, a, b)
	switch {
	case okDay && !okMonth:
		return dayFirst, true
	case okMonth && !okDay:
		return monthFirst, true
	case !okDay:
		return harvest.Date{}, false
	case dayFirst == monthFirst:
		return dayFirst, true
	case sep == ".":
		return dayFirst, true
	}
	switch order(r.lang, r.region) {
	case "dmy":
		return dayFirst, true
	case "mdy":
		return monthFirst, true
	}
	return harvest.Date{}, false
}

// order is how a language or country prints numeric dates (CLDR, short date
// formats), empty when it is not one way: English without a country.
func order(lang, region string) string {
	switch region {
	case "US", "PH", "FM", "PW", "MH", "GU", "PR":
		return "mdy"
	}
	switch lang {
	case "":
		return ""
	case "en", "zh", "ja", "ko", "hu", "lt", "mn", "eu":
		if region != "" && lang == "en" {
			return "dmy"
		}
		return ""
	}
	return "dmy"
}

// century places a year of two digits: 70 to 99 in the last century.
func century(y int) int {
	if y >= 70 {
		return 1900 + y
	}
	return 2000 + y
}
