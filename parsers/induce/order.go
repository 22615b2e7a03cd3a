package induce

import (
	"regexp"
	"strconv"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// inFigures are dates whose first two numbers may be day and month or month
// and day.
var inFigures = regexp.MustCompile(`^(\d{1,2})[./-](\d{1,2})[./-]\d{4}$`)

// day is the date that a text prints, in either order where the language of
// the page does not say which.
func (d *document) day(text string) (harvest.Date, bool) {
	if day, ok := normalize.Date(text, d.language); ok || !inFigures.MatchString(text) {
		return day, ok
	}
	if day, ok := normalize.Date(text, "en-GB"); ok {
		return day, true
	}
	return normalize.Date(text, "en-US")
}

// orderOf is a language in which all dates of a list can be read, where that of
// the page does not say whether day or month comes first but one of the dates
// does: 11/20/2024 has no day before its month. Empty where there is nothing to
// decide, or nothing that decides.
func orderOf(texts []string, language string) string {
	dayFirst, monthFirst, open := 0, 0, 0
	for _, t := range texts {
		m := inFigures.FindStringSubmatch(t)
		if m == nil {
			continue
		}
		a, errA := strconv.Atoi(m[1])
		b, errB := strconv.Atoi(m[2])
		const months = 12
		switch {
		case errA != nil || errB != nil:
		case a > months && b <= months:
			dayFirst++
		case b > months && a <= months:
			monthFirst++
		default:
			if day, ok := normalize.Date(t, language); !ok || len(day.Value) < len("2006-01-02") {
				open++
			}
		}
	}
	switch {
	case open == 0 || dayFirst > 0 == (monthFirst > 0):
		return ""
	case dayFirst > 0:
		return "en-GB"
	}
	return "en-US"
}
