package oaipmh

import (
	"strings"
	"time"
)

// overlap is how far an increment reaches back before the moment asked for:
// servers' clocks differ, and a record may be stamped some time before it can
// be listed.
const overlap = 24 * time.Hour

// maxWindows bounds the pieces of one list.
const maxWindows = 5_000

const (
	days    = "2006-01-02"
	seconds = "2006-01-02T15:04:05Z"
)

// layoutOf is the form of datestamps that a repository wants (section 3.3.1).
// One that does not say, or says something else, gets days, which all must take.
func layoutOf(granularity string) string {
	if strings.Contains(strings.ToLower(granularity), "hh:mm:ss") {
		return seconds
	}
	return days
}

// stamp reads a datestamp of either form, and those with a fraction or a zone
// that are met in earliestDatestamp.
func stamp(s string) (time.Time, bool) {
	for _, layout := range []string{seconds, days, time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01", "2006"} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// window is a piece of a list; an empty end is open.
type window struct{ from, until string }

// windows cuts the time from a moment to now into pieces of a length. The last
// one is open, so that what comes in meanwhile is in it. Ends are inclusive on
// both sides (section 2.7.1), so a piece begins one unit after the one before.
func windows(from, now time.Time, length time.Duration, layout string) []window {
	unit := time.Second
	if layout == days {
		unit = 24 * time.Hour
		from = from.Truncate(unit)
	}
	length = max(length.Truncate(unit), unit)
	for now.Sub(from) > maxWindows*length {
		length *= 2
	}
	var out []window
	for from.Add(length).Before(now) {
		next := from.Add(length)
		out = append(out, window{from.Format(layout), next.Add(-unit).Format(layout)})
		from = next
	}
	return append(out, window{from: from.Format(layout)})
}
