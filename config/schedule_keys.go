package config

import (
	"time"
)

func scheduleKind() kind[Schedule] {
	return group("schedule", []key[Schedule]{
		at("cron", cronLine(), func(s *Schedule) *string { return &s.Cron }, Key{
			Otherwise: "only by hand",
			Doc:       `Minute, hour, day of month, month and weekday, with seconds before them if need be; or @daily and friends, or "@every 6h".`,
			Example:   `"0 3 * * 1"`, Also: []string{"every", "interval", "when"},
		}),
		at("timezone", timeZone(), func(s *Schedule) **time.Location { return &s.Timezone }, Key{
			Default: "UTC", Doc: "The time zone of the cron line and of blackout.", Example: "Europe/London", Also: []string{"tz", "time_zone", "zone"},
		}),
		at("jitter", duration(0, 24*time.Hour), func(s *Schedule) *time.Duration { return &s.Jitter }, Key{
			Default: "0s", Doc: "A random delay up to this, so that not every source starts at the full hour.", Example: "20m",
		}),
		at("blackout", blackout(), func(s *Schedule) *[]Window { return &s.Blackout }, Key{
			Otherwise: "none", Doc: "Times of the week in which no run starts; one that is due then starts when they are over.",
			Example: "[mon-fri 08:00-18:00]", Also: []string{"quiet", "except", "not", "maintenance"},
		}),
		at("catch_up", word(CatchUpOne, CatchUpAll, CatchUpSkip), func(s *Schedule) *CatchUp { return &s.CatchUp }, Key{
			Default: "one", Doc: "What becomes of ticks that were missed while the program was not running: one run for the latest, one for all of them each, or none (skip).",
			Example: "skip", Also: []string{"catchup", "missed", "misfire"},
		}),
		at("stale_after", duration(time.Hour, 8784*time.Hour), func(s *Schedule) *time.Duration { return &s.StaleAfter }, Key{
			Otherwise: "twice the time between two ticks and a day", Doc: "How old the last whole run may be before the source counts as stale.",
			Example: "336h", Also: []string{"max_age", "stale"},
		}),
	}, oftenEnough)
}

// oftenEnough warns of a source that is asked too often.
func oftenEnough(w *walker, v value, s *Schedule) {
	const often = time.Hour
	cron, f := parseCron(s.Cron)
	if s.Cron == "" || !f.isZero() {
		return
	}
	first := cron.Next(w.now)
	if gap := cron.Next(first).Sub(first); gap < often {
		w.warn(v.child("cron"), "asks the source every "+printDuration(gap), "few sites change more than once a day")
	}
}

func calendarKind() kind[Calendar] {
	return group("schedule", []key[Calendar]{
		at("timezone", timeZone(), func(c *Calendar) **time.Location { return &c.Timezone }, Key{
			Default: "UTC", Doc: "The time zone of blackout.", Example: "Europe/London", Also: []string{"tz", "time_zone", "zone"},
		}),
		at("blackout", blackout(), func(c *Calendar) *[]Window { return &c.Blackout }, Key{
			Otherwise: "none", Doc: "Times of the week in which no run of any source starts, besides those of the source.",
			Example: "[sun 02:00-04:00]", Also: []string{"quiet", "except", "maintenance"},
		}),
	})
}

// blackout is a list of windows that leaves some time of the week.
func blackout() kind[[]Window] {
	k := listOf(window())
	read := k.read
	k.read = func(w *walker, v value) ([]Window, bool) {
		windows, ok := read(w, v)
		if ok && wholeWeek(windows) {
			w.add(v, "leaves no time of the week", "take a window away; enabled: false switches a source off")
			return nil, false
		}
		return windows, ok
	}
	return k
}
