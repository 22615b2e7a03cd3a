package xlsxfile

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// lastDay is the number of the last day there is, the end of the year 9999.
const lastDay = 2_958_466

// show is a number as a reader of the sheet sees it, dates as ISO 8601 writes
// them, with no more than the format shows: a month has no day, and a day no
// hour, although the number has both.
func (b *book) show(raw string, style int) string {
	raw = strings.TrimSpace(raw)
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return raw
	}
	var f format
	if style >= 0 && style < len(b.styles) {
		f = b.styles[style]
	}
	if f.kind != asNumber && n >= 0 && n < lastDay {
		return b.moment(n).Format(map[shown]string{
			asDay: time.DateOnly, asMonth: "2006-01", asYear: "2006", asMoment: "2006-01-02 15:04", asHour: "15:04",
		}[f.kind])
	}
	out := plainNumber(n)
	if zeros := f.digits - len(out); zeros > 0 && n >= 0 && n == math.Trunc(n) {
		out = strings.Repeat("0", zeros) + out
	}
	return out
}

// moment is that of a number of days (section 18.17.4.1). Excel keeps an error
// of Lotus 1-2-3, for which 1900 was a leap year: its days before March 1900
// are one less.
func (b *book) moment(days float64) time.Time {
	begin := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case b.from1904:
		begin = time.Date(1904, time.January, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		begin = begin.AddDate(0, 0, 1)
	}
	whole, part := math.Modf(days)
	return begin.AddDate(0, 0, int(whole)).Add(time.Duration(math.Round(part*24*60*60)) * time.Second)
}

// plainNumber has 15 digits, as many as Excel shows: a tenth is 0.1, and not
// 0.10000000000000001.
func plainNumber(n float64) string {
	if n == math.Trunc(n) && math.Abs(n) < 1e15 {
		return strconv.FormatInt(int64(n), 10)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	if err != nil {
		rounded = n
	}
	if math.Abs(rounded) >= 1e21 || math.Abs(rounded) < 1e-9 {
		return strconv.FormatFloat(rounded, 'g', -1, 64)
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
