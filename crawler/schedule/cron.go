package schedule

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// Entry is one source and when it is harvested.
type Entry struct {
	Source harvest.SourceID
	Spec   config.Schedule
	// Closed are times in which no run starts, besides those of Spec.
	Closed config.Calendar
	// Since, when set, is the last tick that was answered, by an earlier
	// process too: ticks since then are due, and are answered once.
	Since time.Time
}

var (
	errByHand = errors.New("it has no cron line and runs only by hand")
	errNever  = errors.New("its cron line names no day that comes")
	errClosed = errors.New("blackout leaves no time for it")
)

// Next is the first moment after that one at which a run of the entry starts,
// jitter included, in the time zone of the entry. It fails when the cron line
// is missing, cannot be read, or never comes.
func Next(e Entry, after time.Time) (time.Time, error) {
	l, err := parse(e)
	if err != nil {
		return time.Time{}, err
	}
	_, start, err := l.next(after)
	return start, err
}

// line is an entry whose cron line has been read.
type line struct {
	Entry
	cron  *cron.SpecSchedule
	every config.Every // in place of cron
	zone  *time.Location
	// flows is true for lines that name every hour and so follow the time
	// that passes, whatever the clocks on the wall do.
	flows  bool
	closed []closed
}

func parse(e Entry) (*line, error) {
	if e.Spec.Cron == "" {
		return nil, fmt.Errorf("schedule of %s: %w", e.Source, errByHand)
	}
	parsed, err := config.ParseCron(e.Spec.Cron)
	if err != nil {
		return nil, fmt.Errorf("schedule of %s: %w", e.Source, err)
	}
	l := &line{Entry: e, zone: orUTC(e.Spec.Timezone)}
	switch spec := parsed.(type) {
	case config.Every:
		l.every, l.flows = spec, true
	case *cron.SpecSchedule:
		l.cron, l.flows = spec, len(values(spec.Hour)) == 24
	}
	l.closed = append(windows(e.Spec.Blackout, l.zone), windows(e.Closed.Blackout, orUTC(e.Closed.Timezone))...)
	return l, nil
}

func orUTC(zone *time.Location) *time.Location {
	if zone == nil {
		return time.UTC
	}
	return zone
}

// next is the first start after that moment, and the tick that it answers: the
// latest of those that start then.
func (l *line) next(after time.Time) (tick, start time.Time, err error) {
	// The tick may lie before the moment, by the jitter at most, and by as long
	// as nothing has been allowed to start.
	tick = l.closedSince(after).Add(-max(0, l.Spec.Jitter)).Add(-time.Second)
	for {
		if tick, err = l.tickAfter(tick); err != nil {
			return time.Time{}, time.Time{}, err
		}
		if start, err = l.start(tick); err != nil {
			return time.Time{}, time.Time{}, err
		}
		if start.After(after) {
			return l.latest(tick, start)
		}
	}
}

// latest is the last tick that starts at that time.
func (l *line) latest(tick, start time.Time) (time.Time, time.Time, error) {
	for len(l.closed) > 0 {
		following, err := l.tickAfter(tick)
		if errors.Is(err, errNever) {
			break // it was the last of all
		}
		if err != nil {
			return time.Time{}, time.Time{}, err
		}
		if same, err := l.start(following); err != nil || !same.Equal(start) {
			return tick, start, err
		}
		tick = following
	}
	return tick, start, nil
}

// first is the first start in the plan: after now, or, when ticks have been
// missed since the last that was answered and are to be made up for, at a time
// that is past.
func (l *line) first(now time.Time) (tick, start time.Time, err error) {
	if l.Since.IsZero() || !l.Since.Before(now) || l.Spec.CatchUp == config.CatchUpSkip {
		return l.next(now)
	}
	if tick, err = l.tickAfter(l.Since); err != nil {
		return time.Time{}, time.Time{}, err
	}
	if start, err = l.start(tick); err != nil {
		return time.Time{}, time.Time{}, err
	}
	return l.latest(tick, start)
}

// start is when the run of a tick starts: after its delay, and when nothing
// forbids it any more.
func (l *line) start(tick time.Time) (time.Time, error) {
	at := tick.Add(l.delay(tick))
	open, ok := l.open(at)
	if !ok {
		return time.Time{}, fmt.Errorf("schedule of %s: %w", l.Source, errClosed)
	}
	return open.In(l.zone), nil
}

// tickAfter is the first tick after that moment.
func (l *line) tickAfter(after time.Time) (time.Time, error) {
	after = after.In(l.zone)
	if l.every > 0 {
		return l.every.Next(after), nil
	}
	if l.flows {
		if t := l.cron.Next(after); !t.IsZero() {
			return t, nil
		}
		return time.Time{}, fmt.Errorf("schedule of %s: %w", l.Source, errNever)
	}
	// The line is about clocks on the wall, so it is asked in a zone whose
	// clocks never change, and what it says is carried over.
	for wall := onWall(after); ; {
		if wall = l.cron.Next(wall); wall.IsZero() {
			return time.Time{}, fmt.Errorf("schedule of %s: %w", l.Source, errNever)
		}
		if t := whenClockShows(wall, l.zone); t.After(after) {
			return t, nil
		}
	}
}

// onWall is what the clocks show at that moment, written as UTC.
func onWall(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.Add(time.Duration(offset) * time.Second).UTC()
}

// whenClockShows is the first moment at which the clocks of a zone show that
// time, written as UTC; when they skip it, the moment at which they jump.
func whenClockShows(wall time.Time, zone *time.Location) time.Time {
	// No zone is further from UTC than this, nor changes twice in between.
	const around = 36 * time.Hour
	var before time.Time
	for i, near := range []time.Time{wall.Add(-around), wall.Add(around)} {
		_, offset := near.In(zone).Zone()
		t := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if onWall(t).Equal(wall) {
			return t
		}
		if i == 0 {
			before = t
		}
	}
	jump, _ := before.ZoneBounds()
	return jump
}

// delay is how long after its tick a run starts: the same in every process,
// at most the jitter, and before the next tick.
func (l *line) delay(tick time.Time) time.Duration {
	bound := l.Spec.Jitter
	if bound <= 0 {
		return 0
	}
	if following, err := l.tickAfter(tick); err == nil {
		bound = min(bound, following.Sub(tick)-time.Second)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s@%d", l.Source, tick.Unix()))
	seconds := uint64(bound/time.Second) + 1
	return time.Duration(binary.BigEndian.Uint64(sum[:])%seconds) * time.Second
}

// values are the numbers whose bits are set in a field of a cron line.
func values(field uint64) []int {
	var v []int
	for i := range 60 {
		if field&(1<<i) != 0 {
			v = append(v, i)
		}
	}
	return v
}
