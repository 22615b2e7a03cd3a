package normalize

import (
	"strings"
	"time"

	"github.com/harvest87/harvest"
)

// The years of the Solar Hijri calendar, that of Iran and Afghanistan, that are
// told in days of the Gregorian one: for these the leap years follow a cycle of
// 33 years (K. M. Borkowski, "The Persian calendar for 3000 years", 1996), and
// numerals of this size mean no Gregorian year that a document could bear.
const (
	firstHijri = 1305 // 1926
	lastHijri  = 1472
)

// hijriStart is the first day of the year 1400 of the Solar Hijri calendar.
var hijriStart = time.Date(2021, time.March, 21, 0, 0, 0, 0, time.UTC)

// hijriNames are the names of the months in Persian, Dari and Pashto, as
// [monthNames] writes them, and in the Latin letters of English pages.
const hijriNames = "فروردین حمل وری farvardin|اردیبهشت ثور غویی ordibehesht|خرداد جوزا غبرگولی khordad|تیر سرطان چنگاښ tir|مرداد اسد زمری mordad|شهریور سنبله وږی shahrivar|" +
	"مهر میزان تله mehr|آبان عقرب لړم aban|آذر قوس لیندۍ azar|دی جدی مرغومی dey|بهمن دلو سلواغه bahman|اسفند حوت کب esfand"

var hijriIndex = func() map[string]int {
	index := make(map[string]int)
	for i, group := range strings.Split(hijriNames, "|") {
		for form := range strings.FieldsSeq(group) {
			index[monthForm(form)] = i + 1
		}
	}
	return index
}()

// usesHijri reports whether the text is in a language of the calendar, or of one
// of its countries.
func (r *dateReader) usesHijri() bool {
	return oneOf(r.lang, "fa", "prs", "ps") || oneOf(r.region, "IR", "AF")
}

func isHijriLeap(y int) bool {
	switch y % 33 {
	case 1, 5, 9, 13, 17, 22, 26, 30:
		return true
	}
	return false
}

func hijriLength(y, m int) int {
	switch {
	case m <= 6:
		return 31
	case m < 12 || isHijriLeap(y):
		return 30
	}
	return 29
}

// hijriDay turns a day of the Solar Hijri calendar into a Gregorian one. ok is
// false for days that do not exist or cannot be told.
func hijriDay(y, m, d int) (date harvest.Date, ok bool) {
	if y < firstHijri || y > lastHijri || m < 1 || m > 12 || d < 1 || d > hijriLength(y, m) {
		return harvest.Date{}, false
	}
	days := d - 1
	for month := 1; month < m; month++ {
		days += hijriLength(y, month)
	}
	for year := 1400; year < y; year++ {
		days += hijriYear(year)
	}
	for year := y; year < 1400; year++ {
		days -= hijriYear(year)
	}
	at := hijriStart.AddDate(0, 0, days)
	return harvest.DayDate(at.Year(), at.Month(), at.Day()), true
}

func hijriYear(y int) int { return 336 + hijriLength(y, 12) }

// hijri reads "۱۴ اسفند ۱۳۹۹", "Esfand 14, 1399" and "۱۳۹۹/۱۲/۱۴". A month alone spans
// two of the Gregorian calendar and is refused.
func (r *dateReader) hijri(i int) (harvest.Date, int) {
	if !r.usesHijri() {
		return harvest.Date{}, 0
	}
	y, m, d := r.get(i), r.get(i+2), r.get(i+4)
	sep := r.get(i + 1).text
	if isYear(y) && m.kind == numeral && d.kind == numeral && sep == r.get(i+3).text && oneOf(sep, "-", "/", ".") {
		if date, ok := hijriDay(number(y.text), number(m.text), number(d.text)); ok {
			return date, 5
		}
		return harvest.Date{}, 0
	}
	return r.namedDay(i, hijriIndex, hijriDay)
}

// namedDay reads day, month and year, in any order that prints them, of a
// calendar whose months have the names in index.
func (r *dateReader) namedDay(i int, index map[string]int, day func(y, m, d int) (harvest.Date, bool)) (harvest.Date, int) {
	var parts [3]int // year, month, day
	at := i
	for range 3 {
		t := r.get(at)
		switch {
		case t.kind == word && parts[1] == 0:
			if parts[1] = index[monthForm(t.text)]; parts[1] == 0 {
				return harvest.Date{}, 0
			}
		case isYear(t) && parts[0] == 0:
			parts[0] = number(t.text)
		case isDay(t) && parts[2] == 0, t.kind == numeral && t.text == "32" && parts[2] == 0:
			parts[2] = number(t.text)
		default:
			return harvest.Date{}, 0
		}
		at = r.skipSmall(at + 1)
		if next := r.get(at); next.kind == word && (oneOf(next.text, "गते", "ماه") || strings.EqualFold(next.text, "gate")) {
			at = r.skipSmall(at + 1)
		}
	}
	d, ok := day(parts[0], parts[1], parts[2])
	if !ok {
		return harvest.Date{}, 0
	}
	for r.get(at-1).kind == mark { // a mark behind the date is not of it
		at--
	}
	return d, at - i
}
