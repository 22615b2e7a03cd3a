package normalize

import (
	"strings"
	"time"

	"github.com/harvest87/harvest"
)

// The years of the Bikram Sambat, Nepal's calendar, that can be told in days of
// the Gregorian one. How long its months are follows from no rule; it is published
// for each year. From 2084 (April 2027) on, published tables differ.
const (
	firstBikram = 2000
	lastBikram  = 2083
)

// bikramStart is the first day of the year 2000 of the Bikram Sambat.
var bikramStart = time.Date(1943, time.April, 14, 0, 0, 0, 0, time.UTC)

// bikramMonths has, for each year from 2000 on, a digit for each month: how many
// days it has, less 28. Two published tables agree on all of them.
const bikramMonths = `
243432221213 334333212122 334432212122 343432221123 243432221213 334333212122 334432212122 343432221123
333433122113 334333212122 334432212122 343432221123 333433122122 334333212122 334432212122 343432221123
333433122122 334333212122 343432212122 343432221213 333433212122 334333212122 343432221122 343432221213
333433212122 334333212122 343432221123 243432221213 334333212122 334342212122 343432221123 243432221213
334333212122 334432212122 343432221123 243433122113 334333212122 334432212122 343432221123 333433122122
334333212122 334432212122 343432221123 333433122122 334333212122 343432212122 343432221123 333433212122
334333212122 343432221122 343432221213 333433212122 334333212122 343432221122 343432221213 334333212122
334342212122 343432221123 243432221213 334333212122 334432212122 343432221123 243433121213 334333212122
334432212122 343432221123 333433122113 334333212122 334432212122 343432221123 333433122122 334333212122
343432212122 343432221123 333433212122 334333212122 343432221122 343432221213 333433212122 334333212122
343432221122 343432221213 334333212122 334333212122`

// bikramNames are the names of the months, as [monthNames] writes them, in
// Nepali and in the Latin letters that English pages of Nepal use.
const bikramNames = "वैशाख बैशाख बैसाख baisakh baishakh vaishakh|जेठ ज्येष्ठ जेष्ठ jestha jeth jyestha|असार आषाढ असाढ asar ashadh ashar asadh|साउन श्रावण सावन shrawan saun sawan|" +
	"भदौ भाद्र भाद्रपद bhadra bhadau|असोज आश्विन आसोज ashwin asoj ashoj aswin|कात्तिक कार्तिक kartik kattik|मंसिर मङ्सिर मार्ग मार्गशीर्ष mangsir|" +
	"पुस पुष पौष poush paush|माघ magh|फागुन फाल्गुन falgun phalgun fagun|चैत चैत्र chaitra chait"

var (
	bikramYears = strings.Fields(bikramMonths)
	bikramIndex = indexBikram()
)

func indexBikram() map[string]int {
	index := make(map[string]int)
	for i, group := range strings.Split(bikramNames, "|") {
		for form := range strings.FieldsSeq(group) {
			index[monthForm(form)] = i + 1
		}
	}
	return index
}

// isNepal reports whether the text is Nepali, or of Nepal. Elsewhere the same
// names are those of lunar months and of other calendars.
func (r *dateReader) isNepal() bool { return r.lang == "ne" || r.region == "NP" }

// bikramDay turns a day of the Bikram Sambat into a Gregorian one. ok is false
// for days that do not exist or cannot be told.
func bikramDay(y, m, d int) (date harvest.Date, ok bool) {
	if y < firstBikram || y > lastBikram || m < 1 || m > 12 || d < 1 {
		return harvest.Date{}, false
	}
	days := d - 1
	for _, year := range bikramYears[:y-firstBikram] {
		for i := range len(year) {
			days += bikramLength(year, i)
		}
	}
	year := bikramYears[y-firstBikram]
	if d > bikramLength(year, m-1) {
		return harvest.Date{}, false
	}
	for i := range m - 1 {
		days += bikramLength(year, i)
	}
	at := bikramStart.AddDate(0, 0, days)
	return harvest.DayDate(at.Year(), at.Month(), at.Day()), true
}

func bikramLength(year string, month int) int { return 28 + int(year[month]-'0') }

// bikram reads "१५ वैशाख २०७८", "२०७८ वैशाख १५ गते", "Baisakh 15, 2078" and, with a
// year that is yet to come elsewhere, "२०७८/०१/१५". A month alone spans two of the
// Gregorian calendar and is refused.
func (r *dateReader) bikram(i int) (harvest.Date, int) {
	if !r.isNepal() {
		return harvest.Date{}, 0
	}
	if d, n := r.bikramNumeric(i); n > 0 {
		return d, n
	}
	return r.namedDay(i, bikramIndex, bikramDay)
}

// bikramNumeric reads year, month and day in numbers.
func (r *dateReader) bikramNumeric(i int) (harvest.Date, int) {
	y, m, d := r.get(i), r.get(i+2), r.get(i+4)
	sep := r.get(i + 1).text
	if !isYear(y) || number(y.text) < firstBikram+50 || m.kind != numeral || d.kind != numeral || sep != r.get(i+3).text || !oneOf(sep, "-", "/", ".") {
		return harvest.Date{}, 0
	}
	if date, ok := bikramDay(number(y.text), number(m.text), number(d.text)); ok {
		return date, 5
	}
	return harvest.Date{}, 0
}
