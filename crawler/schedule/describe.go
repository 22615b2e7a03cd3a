package schedule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/harvest87/harvest/config"
)

// Describe says in words when a source is harvested: "every Monday at 03:00
// UTC, up to 20 min later". A line that is too intricate for a short sentence
// is quoted; one that cannot be read is "never: " and why.
func Describe(s config.Schedule) string {
	if s.Cron == "" {
		return "only by hand"
	}
	l, err := parse(Entry{Source: "it", Spec: s})
	if err != nil {
		return "never: " + strings.TrimPrefix(err.Error(), "schedule of it: ")
	}
	words := l.words()
	if s.Jitter > 0 {
		words += ", up to " + duration(s.Jitter) + " later"
	}
	if len(s.Blackout) > 0 {
		words += ", not " + list(texts(s.Blackout))
	}
	return words
}

// words say which moments the line names.
func (l *line) words() string {
	if l.every > 0 {
		return everySoOften(time.Duration(l.every))
	}
	words := sentence(l.cron)
	switch {
	case words == "":
		words = fmt.Sprintf("whenever %q matches in %s", l.Spec.Cron, l.zone)
	case !l.flows:
		words += " " + l.zone.String()
	case !everyDay(l.cron):
		words += " in " + l.zone.String()
	}
	return words
}

func texts(windows []config.Window) []string {
	out := make([]string, len(windows))
	for i, w := range windows {
		out[i] = w.String()
	}
	return out
}

// everySoOften says what "@every" means.
func everySoOften(d time.Duration) string {
	const day = 24 * time.Hour
	words := "every " + duration(d)
	if d == day {
		words = "every day"
	}
	if day%d == 0 {
		return words + ", counted from midnight UTC"
	}
	return words + ", counted from 1970-01-01 00:00 UTC"
}

// sentence is empty when there is no short one.
func sentence(c *cron.SpecSchedule) string {
	days, ok := days(c)
	if !ok {
		return ""
	}
	seconds, minutes, hours := values(c.Second), values(c.Minute), values(c.Hour)
	onTheMinute := len(seconds) == 1 && seconds[0] == 0
	if len(hours) == 24 {
		often := everyHour(minutes)
		switch {
		case len(seconds) > 1:
			return ""
		case !onTheMinute && often == onTheHour:
			often = fmt.Sprintf("every hour at 00:%02d", seconds[0])
		case !onTheMinute:
			often += fmt.Sprintf(", at second %d", seconds[0])
		}
		if !everyDay(c) {
			often += ", " + days
		}
		return often
	}
	if len(seconds)*len(minutes)*len(hours) > 6 {
		return ""
	}
	var times []string
	for _, h := range hours {
		for _, m := range minutes {
			for _, s := range seconds {
				if onTheMinute {
					times = append(times, fmt.Sprintf("%02d:%02d", h, m))
				} else {
					times = append(times, fmt.Sprintf("%02d:%02d:%02d", h, m, s))
				}
			}
		}
	}
	return days + " at " + list(times)
}

const onTheHour = "every hour, on the hour"

// everyHour says which minutes of every hour.
func everyHour(minutes []int) string {
	switch n := len(minutes); {
	case n == 60:
		return "every minute"
	case n == 1 && minutes[0] == 0:
		return onTheHour
	case n == 1:
		return "every hour at minute " + strconv.Itoa(minutes[0])
	case 60%n == 0 && minutes[0] == 0 && evenly(minutes, 60/n):
		return fmt.Sprintf("every %d minutes", 60/n)
	default:
		return "every hour at the minutes " + list(numbers(minutes))
	}
}

// restricted reports whether a field was written as anything but a star.
func restricted(field uint64) bool { return field&(1<<63) == 0 }

func everyDay(c *cron.SpecSchedule) bool {
	words, _ := days(c)
	return words == anyDay
}

const anyDay = "every day"

var (
	everyDom = values(1<<32 - 2)
	everyDow = values(1<<7 - 1)
)

// days says on which days; not ok when there is no short way.
func days(c *cron.SpecSchedule) (string, bool) {
	dom, months, dow := values(c.Dom), values(c.Month), values(c.Dow)
	if restricted(c.Dom) && restricted(c.Dow) { // cron takes days that are in either
		if len(dom) < 31 && len(dow) < 7 {
			return "", false
		}
		dom, dow = everyDom, everyDow
	}
	anyMonth := len(months) == 12
	switch {
	case len(dow) < 7:
		words := "every " + list(weekdays(dow))
		if n := len(dow); n > 2 && evenly(dow, 1) {
			words = fmt.Sprintf("every day from %s to %s", time.Weekday(dow[0]), time.Weekday(dow[n-1]))
		}
		if !anyMonth {
			words += " in " + list(monthNames(months))
		}
		return words, true
	case len(dom) == 31 && anyMonth:
		return anyDay, true
	case len(dom) == 31:
		return "every day in " + list(monthNames(months)), true
	case anyMonth:
		return "on the " + list(ordinals(dom)) + " of every month", len(dom) <= 6
	default:
		return "every year on the " + list(ordinals(dom)) + " of " + list(monthNames(months)), len(dom) <= 6
	}
}

func evenly(v []int, step int) bool {
	for i := 1; i < len(v); i++ {
		if v[i]-v[i-1] != step {
			return false
		}
	}
	return true
}

func numbers(v []int) []string { return each(v, strconv.Itoa) }
func weekdays(v []int) []string {
	if slices.Contains(v, 0) { // a week ends on Sunday
		v = append(slices.Clone(v[1:]), 0)
	}
	return each(v, func(i int) string { return time.Weekday(i).String() })
}

func monthNames(v []int) []string {
	return each(v, func(i int) string { return time.Month(i).String() })
}

func ordinals(v []int) []string {
	return each(v, func(i int) string {
		suffix := "th"
		if i/10 != 1 {
			switch i % 10 {
			case 1:
				suffix = "st"
			case 2:
				suffix = "nd"
			case 3:
				suffix = "rd"
			}
		}
		return strconv.Itoa(i) + suffix
	})
}

func each(v []int, say func(int) string) []string {
	out := make([]string, len(v))
	for i, x := range v {
		out[i] = say(x)
	}
	return out
}

// list joins words as people do: "a, b and c".
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// duration is a length of time in words, to the second.
func duration(d time.Duration) string {
	d = d.Round(time.Second)
	var parts []string
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{time.Hour, "h"}, {time.Minute, "min"}, {time.Second, "s"}} {
		if n := int64(d / unit.length); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, unit.name))
			d %= unit.length
		}
	}
	return strings.Join(parts, " ")
}
