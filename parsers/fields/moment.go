package fields

import (
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// westmost is where a day ends last (UTC-12).
var westmost = time.FixedZone("", -12*60*60)

// layouts are forms of a moment that are met. Sitemaps want a
// profile of ISO 8601 (https://www.w3.org/TR/NOTE-datetime); plugins print what
// their language prints.
var layouts = []string{
	time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00",
	"2006-01-02 15:04:05 MST", time.RFC1123Z, time.RFC1123, time.RFC850, time.ANSIC, "02 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700",
}

// withoutZone are those that do not say where.
var withoutZone = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}

// Moment is the moment until which a page may have changed, by what a
// sitemap or feed prints as the time of its last change; the zero time when
// that is none. Of a day, month or year it is the end, in the westmost zone.
func Moment(printed string) time.Time {
	printed = strings.TrimSpace(printed)
	if len(printed) < 4 || len(printed) > 60 {
		return time.Time{}
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, printed); err == nil {
			return plausible(t)
		}
	}
	for _, layout := range withoutZone {
		if t, err := time.ParseInLocation(layout, printed, westmost); err == nil {
			return plausible(t)
		}
	}
	d, ok := normalize.Date(printed, "")
	if !ok {
		return time.Time{}
	}
	first, last := map[harvest.Precision]string{harvest.PrecisionYear: "2006", harvest.PrecisionMonth: "2006-01", harvest.PrecisionDay: time.DateOnly}[d.Precision], time.Time{}
	if t, err := time.ParseInLocation(first, d.Value, westmost); err == nil {
		switch d.Precision {
		case harvest.PrecisionYear:
			last = t.AddDate(1, 0, 0)
		case harvest.PrecisionMonth:
			last = t.AddDate(0, 1, 0)
		case harvest.PrecisionDay:
			last = t.AddDate(0, 0, 1)
		}
	}
	return plausible(last)
}

// plausible drops the years 0000 and 1970 that stand for "unknown".
func plausible(t time.Time) time.Time {
	if t.Year() < 1990 || t.Year() > 9000 {
		return time.Time{}
	}
	return t.UTC()
}
