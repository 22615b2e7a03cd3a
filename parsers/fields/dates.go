package fields

import (
	"regexp"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// withTime is a date with an hour: what software writes down when something is
// entered, not when it was published.
var withTime = regexp.MustCompile(`\d[T ]\d{2}:\d{2}`)

// copyright stands before the year in imprints: c2014, ©2014, [2014].
var copyright = regexp.MustCompile(`^[\[(]?\s*(?:c|©|p|℗|cop\.)?\s*(\d{4})\s*[\])?.]*$`)

// Published takes the date of publication: of several the first that has no
// hour, else the earliest. DSpace lists when an item was entered and made
// available before when it was issued, all as dc:date.
func (b *Builder) Published(detail string, values ...string) {
	if !b.rec.Published.IsZero() {
		return
	}
	var earliest harvest.Date
	for _, v := range limited(values) {
		d, ok := b.date(v)
		switch {
		case !ok:
		case !withTime.MatchString(v):
			b.rec.Published = d
			b.why("published", detail)
			return
		case earliest.IsZero() || d.Value < earliest.Value:
			earliest = d
		}
	}
	if !earliest.IsZero() {
		b.rec.Published = earliest
		b.why("published", detail)
	}
}

// Modified takes the first value that is a date as the day of the last change.
func (b *Builder) Modified(detail string, values ...string) {
	for _, v := range limited(values) {
		if d, ok := b.date(v); ok && b.rec.Modified.IsZero() {
			b.rec.Modified = d
			b.why("modified", detail)
		}
	}
}

func (b *Builder) date(v string) (harvest.Date, bool) {
	v = strings.TrimSpace(v)
	if d, ok := normalize.Date(v, b.language); ok {
		return d, true
	}
	if m := copyright.FindStringSubmatch(v); m != nil {
		return normalize.Date(m[1], "")
	}
	return harvest.Date{}, false
}
