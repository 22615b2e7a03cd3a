package config

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // time zones must not depend on the machine
)

var wordyDuration = regexp.MustCompile(`^(\d{1,6})\s*([a-z]*)$`)

// hoursAndLess are the units of time.ParseDuration by the words people use,
// days and weeks as hours.
var hoursAndLess = map[string]struct {
	times int
	unit  string
}{
	"s": {1, "s"}, "sec": {1, "s"}, "secs": {1, "s"}, "second": {1, "s"}, "seconds": {1, "s"}, "": {1, "s"},
	"m": {1, "m"}, "min": {1, "m"}, "mins": {1, "m"}, "minute": {1, "m"}, "minutes": {1, "m"},
	"h": {1, "h"}, "hr": {1, "h"}, "hrs": {1, "h"}, "hour": {1, "h"}, "hours": {1, "h"},
	"d": {24, "h"}, "day": {24, "h"}, "days": {24, "h"}, "w": {168, "h"}, "week": {168, "h"}, "weeks": {168, "h"},
}

// duration is a length of time with its unit, within bounds.
func duration(least, most time.Duration) kind[time.Duration] {
	const want = "a duration such as 90s, 6h or 168h"
	return single("duration", want, func(_ *walker, text string) (time.Duration, fault) {
		d, err := time.ParseDuration(text)
		if err != nil {
			hint := ""
			if m := wordyDuration.FindStringSubmatch(strings.ToLower(text)); m != nil {
				if u, ok := hoursAndLess[m[2]]; ok {
					n, _ := strconv.Atoi(m[1]) // six digits at most
					hint = "write " + strconv.Itoa(n*u.times) + u.unit
				}
			}
			return 0, notA(text, want, hint)
		}
		if d < 0 {
			return 0, fault{show(text) + " is less than no time", "take the minus sign away"}
		}
		if d < least {
			return 0, fault{show(text) + " is too short", "use at least " + printDuration(least)}
		}
		if d > most {
			return 0, fault{show(text) + " is too long", "use at most " + printDuration(most)}
		}
		return d, fault{}
	}, func(d time.Duration) string {
		if d == 0 && least > 0 {
			return ""
		}
		return printDuration(d)
	})
}

// printDuration is the shortest form that [time.ParseDuration] reads: 168h, not 168h0m0s.
func printDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// timeZone is a time zone by its name in the IANA database.
func timeZone() kind[*time.Location] {
	common := []string{
		"UTC", "Africa/Nairobi", "America/New_York", "America/Sao_Paulo", "Asia/Bangkok", "Asia/Dhaka", "Asia/Dubai",
		"Asia/Hong_Kong", "Asia/Kathmandu", "Asia/Kolkata", "Australia/Sydney", "Europe/Amsterdam", "Europe/Berlin",
		"Europe/Brussels", "Europe/London", "Europe/Paris", "Europe/Vienna", "Europe/Zurich",
	}
	const want = "a time zone such as UTC, Europe/London or Asia/Kathmandu"
	return single("time zone", want, func(_ *walker, text string) (*time.Location, fault) {
		if zone, err := time.LoadLocation(text); err == nil && text != "Local" {
			return zone, fault{}
		}
		for _, name := range common {
			if _, city, _ := strings.Cut(name, "/"); strings.EqualFold(city, strings.ReplaceAll(text, " ", "_")) {
				return nil, notA(text, want, "write "+name)
			}
		}
		if text == "Local" {
			return nil, notA(text, want, "name the zone itself, so that it does not depend on the machine")
		}
		return nil, notA(text, want, closest(text, common))
	}, func(zone *time.Location) string {
		if zone == nil {
			return ""
		}
		return zone.String()
	})
}

// checkedDate is "never" or the date of the last live check.
func checkedDate() kind[string] {
	const want = "never or a date such as 2026-01-31"
	return single("never or a date", want, func(w *walker, text string) (string, fault) {
		if text == "never" {
			return text, fault{}
		}
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return "", notA(text, want, "")
		}
		const eastMost = 14 * time.Hour // UTC+14, where the day begins first
		if day.After(w.now.UTC().Add(eastMost)) {
			return "", fault{show(text) + " is in the future", `write the day of the last check, or "never"`}
		}
		return text, fault{}
	}, itself)
}
