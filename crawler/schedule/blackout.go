package schedule

import (
	"time"

	"github.com/harvest87/harvest/config"
)

// closed is a window in which nothing starts, in its time zone.
type closed struct {
	config.Window
	zone *time.Location
}

func windows(of []config.Window, zone *time.Location) []closed {
	out := make([]closed, len(of))
	for i, w := range of {
		out[i] = closed{w, zone}
	}
	return out
}

// bounds is when the window that holds a moment began and ends. In a night in
// which clocks change it ends when the clocks first show so, or, once they have
// been put back behind that, after as long as they say.
func (c closed) bounds(t time.Time) (from, to time.Time, ok bool) {
	t = t.In(c.zone)
	wall := onWall(t)
	since, left, ok := c.Holds(wall)
	if !ok {
		return t, t, false
	}
	if from = whenClockShows(wall.Add(-since), c.zone); from.After(t) {
		from = t.Add(-since)
	}
	if to = whenClockShows(wall.Add(left), c.zone); !to.After(t) {
		to = t.Add(left)
	}
	return from, to, true
}

// mostWindows bounds the search for a free moment, for windows that follow each
// other without a gap.
const mostWindows = 64

// open is the first moment from t on at which a run may start; false when there
// is none within weeks.
func (l *line) open(t time.Time) (time.Time, bool) {
	for range mostWindows {
		shut := false
		for _, c := range l.closed {
			if _, to, ok := c.bounds(t); ok {
				t, shut = to, true
			}
		}
		if !shut {
			return t, true
		}
	}
	return t, false
}

// closedSince is the moment since which no run may have started up to t: t
// itself when one may start then.
func (l *line) closedSince(t time.Time) time.Time {
	for range mostWindows {
		shut := false
		for _, c := range l.closed {
			from, _, ok := c.bounds(t)
			if !ok { // it may have ended just then
				from, _, ok = c.bounds(t.Add(-1))
			}
			if ok && from.Before(t) {
				t, shut = from, true
			}
		}
		if !shut {
			break
		}
	}
	return t
}
