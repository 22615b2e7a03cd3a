package config

import (
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Every is the schedule of a line "@every 6h": ticks that far apart, counted
// from the beginning of 1970 in UTC, so that they are the same after a restart
// and in every process, and clocks that change do not move them.
type Every time.Duration

// Next implements [cron.Schedule].
func (e Every) Next(after time.Time) time.Time {
	step := int64(time.Duration(e) / time.Second)
	if step <= 0 {
		return time.Time{}
	}
	n := after.Unix() / step
	if after.Unix()%step < 0 {
		n--
	}
	return time.Unix((n+1)*step, 0).In(after.Location())
}

// ParseCron reads a cron line: five fields (minute, hour, day of month, month,
// weekday; crontab(5)), six with seconds before them, one of @yearly, @monthly,
// @weekly, @daily, @hourly, or "@every" with a duration. The result is a
// *[cron.SpecSchedule] or an [Every]. Its times are in the location of the time
// that Next is given.
func ParseCron(text string) (cron.Schedule, error) {
	s, f := parseCron(text)
	if !f.isZero() {
		return nil, fmt.Errorf("cron line %s: %s", show(text), f.what)
	}
	return s, nil
}

// cronFields are those of a line with seconds.
var cronFields = []struct{ name, bounds string }{
	{"a second", "seconds are 0 to 59"},
	{"a minute", "minutes are 0 to 59"},
	{"an hour", "hours are 0 to 23"},
	{"a day of the month", "days are 1 to 31"},
	{"a month", "months are 1 to 12 or jan to dec"},
	{"a weekday", "weekdays are 0 (Sunday) to 6 or sun to sat"},
}

const cronForm = `write minute, hour, day, month and weekday, such as "0 3 * * 1" for Mondays at 03:00`

var cronWords = []string{"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly", "@every"}

func parseCron(text string) (cron.Schedule, fault) {
	parser := cron.NewParser(cron.Second | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)
	if strings.HasPrefix(text, "@") {
		return cronWord(parser, text)
	}
	if strings.Contains(text, "TZ=") {
		return nil, fault{"the time zone does not belong into the cron line", `give it as the key "timezone"`}
	}
	fields := strings.Fields(text)
	switch len(fields) {
	case len(cronFields):
	case len(cronFields) - 1:
		fields = append([]string{"0"}, fields...)
	default:
		return nil, fault{fmt.Sprintf("%s has %s, a cron line has five, or six with seconds", show(text), count(len(fields), "field")), cronForm}
	}
	for i, field := range fields {
		alone := []string{"*", "*", "*", "*", "*", "*"}
		alone[i] = field
		if _, err := parser.Parse(strings.Join(alone, " ")); err != nil {
			return nil, fault{fmt.Sprintf("%s is not %s of a cron line", show(field), cronFields[i].name), cronFields[i].bounds}
		}
	}
	s, err := parser.Parse(strings.Join(fields, " "))
	if err != nil {
		return nil, notA(text, "a cron line", cronForm)
	}
	return s, fault{}
}

// Bounds of @every.
const (
	leastEvery = time.Minute
	mostEvery  = 366 * 24 * time.Hour
)

// cronWord reads a line that begins with @.
func cronWord(parser cron.Parser, text string) (cron.Schedule, fault) {
	word, rest, _ := strings.Cut(text, " ")
	if word == "@every" {
		d, err := time.ParseDuration(strings.TrimSpace(rest))
		switch {
		case err != nil:
			return nil, notA(text, "a cron line", `write a duration behind @every, such as "@every 6h"`)
		case d < leastEvery || d > mostEvery || d%time.Second != 0:
			return nil, fault{show(text) + " is out of bounds", "use whole seconds, from " + printDuration(leastEvery) + " to " + printDuration(mostEvery)}
		}
		return Every(d), fault{}
	}
	for _, known := range cronWords {
		if text != known {
			continue
		}
		if s, err := parser.Parse(text); err == nil {
			return s, fault{}
		}
	}
	return nil, notA(text, "a cron line", didYouMean(word, cronWords))
}

// cronLine is when a source is harvested.
func cronLine() kind[string] {
	return single("cron line", "a cron line", func(w *walker, text string) (string, fault) {
		s, f := parseCron(text)
		if !f.isZero() {
			return "", f
		}
		if s.Next(w.now).IsZero() {
			return "", fault{show(text) + " never comes: no month has that day", "choose a day that exists"}
		}
		return strings.Join(strings.Fields(text), " "), fault{}
	}, itself)
}
