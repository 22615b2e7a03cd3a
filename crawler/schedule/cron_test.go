package schedule_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/schedule"
)

const layout = "2006-01-02 15:04:05 -0700"

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(layout, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// starts are the next n starts of an entry.
func starts(t *testing.T, e schedule.Entry, after time.Time, n int) []string {
	t.Helper()
	var got []string
	for range n {
		next, err := schedule.Next(e, after)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, next.Format(layout))
		after = next
	}
	return got
}

func TestNext(t *testing.T) {
	tests := []struct {
		name, cron, zone string
		after            string
		want             []string
	}{
		{
			"weekly", "0 3 * * 1", "UTC", "2026-03-01 12:00:00 +0000",
			[]string{"2026-03-02 03:00:00 +0000", "2026-03-09 03:00:00 +0000"},
		},
		{
			"a tick is after, not at", "0 3 * * *", "UTC", "2026-03-01 03:00:00 +0000",
			[]string{"2026-03-02 03:00:00 +0000"},
		},
		{
			"descriptor", "@monthly", "UTC", "2026-01-31 03:00:00 +0000",
			[]string{"2026-02-01 00:00:00 +0000", "2026-03-01 00:00:00 +0000"},
		},
		{
			"seconds", "30 0 3 * * *", "Europe/Berlin", "2026-01-31 03:00:30 +0100",
			[]string{"2026-02-01 03:00:30 +0100", "2026-02-02 03:00:30 +0100"},
		},
		{
			"seconds in a skipped hour", "30 15 2 * * *", "Europe/Berlin", "2026-03-28 12:00:00 +0100",
			[]string{"2026-03-29 03:00:00 +0200", "2026-03-30 02:15:30 +0200"},
		},
		{
			"every six hours, whatever the zone", "@every 6h", "Asia/Kathmandu", "2026-01-31 03:00:00 +0000",
			[]string{"2026-01-31 11:45:00 +0545", "2026-01-31 17:45:00 +0545"},
		},
		{
			"every six hours, in the night of the clocks", "@every 6h", "Europe/Berlin", "2026-03-28 23:00:00 +0000",
			[]string{"2026-03-29 01:00:00 +0100", "2026-03-29 08:00:00 +0200"},
		},
		{
			"leap day", "0 0 29 2 *", "UTC", "2026-03-01 00:00:00 +0000",
			[]string{"2028-02-29 00:00:00 +0000"},
		},
		{
			"zone with a quarter", "30 6 * * *", "Asia/Kathmandu", "2026-03-01 00:00:00 +0000",
			[]string{"2026-03-01 06:30:00 +0545", "2026-03-02 06:30:00 +0545"},
		},
		{
			"every hour in it", "0 * * * *", "Asia/Kathmandu", "2026-03-01 00:00:00 +0000",
			[]string{"2026-03-01 06:00:00 +0545", "2026-03-01 07:00:00 +0545"},
		},

		{
			"spring: a skipped time comes when the gap ends", "30 2 * * *", "Europe/Berlin", "2026-03-28 12:00:00 +0100",
			[]string{"2026-03-29 03:00:00 +0200", "2026-03-30 02:30:00 +0200"},
		},
		{
			"spring: several skipped times are one", "0,20,40 2,3 * * *", "Europe/Berlin", "2026-03-29 00:00:00 +0100",
			[]string{"2026-03-29 03:00:00 +0200", "2026-03-29 03:20:00 +0200"},
		},
		{
			"spring: the day after is as always", "0 3 * * *", "Europe/Berlin", "2026-03-28 12:00:00 +0100",
			[]string{"2026-03-29 03:00:00 +0200", "2026-03-30 03:00:00 +0200"},
		},
		{
			"spring: every hour, the skipped one is not there", "15 * * * *", "Europe/Berlin", "2026-03-29 00:30:00 +0100",
			[]string{"2026-03-29 01:15:00 +0100", "2026-03-29 03:15:00 +0200"},
		},
		{
			"autumn: a repeated time counts once", "30 2 * * *", "Europe/Berlin", "2026-10-24 12:00:00 +0200",
			[]string{"2026-10-25 02:30:00 +0200", "2026-10-26 02:30:00 +0100"},
		},
		{
			"autumn: started within the repetition", "30 2 * * *", "Europe/Berlin", "2026-10-25 02:10:00 +0100",
			[]string{"2026-10-26 02:30:00 +0100"},
		},
		{
			"autumn: every hour, the repeated one twice", "15 * * * *", "Europe/Berlin", "2026-10-25 01:30:00 +0200",
			[]string{"2026-10-25 02:15:00 +0200", "2026-10-25 02:15:00 +0100", "2026-10-25 03:15:00 +0100"},
		},
		{
			"autumn: every half hour does not pause", "*/30 * * * *", "America/New_York", "2026-11-01 01:15:00 -0400",
			[]string{"2026-11-01 01:30:00 -0400", "2026-11-01 01:00:00 -0500", "2026-11-01 01:30:00 -0500", "2026-11-01 02:00:00 -0500"},
		},
		{
			"half an hour forward", "15 2 * * *", "Australia/Lord_Howe", "2026-10-03 12:00:00 +1030",
			[]string{"2026-10-04 02:30:00 +1100", "2026-10-05 02:15:00 +1100"},
		},
		{
			"half an hour back", "45 1 * * *", "Australia/Lord_Howe", "2026-04-04 12:00:00 +1100",
			[]string{"2026-04-05 01:45:00 +1100", "2026-04-06 01:45:00 +1030"},
		},
		{
			"midnight that is skipped", "0 0 * * *", "America/Sao_Paulo", "2018-11-03 12:00:00 -0300",
			[]string{"2018-11-04 01:00:00 -0200", "2018-11-05 00:00:00 -0200"},
		},
		{
			"a day that is skipped", "0 3 * * *", "Pacific/Apia", "2011-12-29 12:00:00 -1000",
			[]string{"2011-12-31 00:00:00 +1400", "2011-12-31 03:00:00 +1400"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := schedule.Entry{Source: "respect", Spec: config.Schedule{Cron: tt.cron, Timezone: zone(t, tt.zone)}}
			if diff := cmp.Diff(tt.want, starts(t, e, at(t, tt.after), len(tt.want))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNextWithoutATick(t *testing.T) {
	for cron, want := range map[string]string{
		"":             "schedule of respect: it has no cron line and runs only by hand",
		"0 0 30 2 *":   "schedule of respect: its cron line names no day that comes",
		"61 * * * *":   "schedule of respect: cron line",
		"@every 1s":    "schedule of respect: cron line",
		"@every":       "schedule of respect: cron line",
		"every monday": "schedule of respect: cron line",
	} {
		_, err := schedule.Next(schedule.Entry{Source: "respect", Spec: config.Schedule{Cron: cron}}, time.Unix(0, 0))
		if err == nil || len(err.Error()) < len(want) || err.Error()[:len(want)] != want {
			t.Errorf("%q: %v, want %s", cron, err, want)
		}
	}
}

// TestTicksAgainstEveryMinute holds the ticks of lines of the day against a
// walk through every minute, around the nights on which clocks change.
func TestTicksAgainstEveryMinute(t *testing.T) {
	nights := []struct{ zone, from string }{
		{"Europe/Berlin", "2026-03-28 10:00:00 +0000"},
		{"Europe/Berlin", "2026-10-24 10:00:00 +0000"},
		{"America/New_York", "2026-03-07 10:00:00 +0000"},
		{"America/New_York", "2026-10-31 10:00:00 +0000"},
		{"Australia/Lord_Howe", "2026-10-03 00:00:00 +0000"},
		{"Australia/Lord_Howe", "2026-04-04 00:00:00 +0000"},
		{"America/Sao_Paulo", "2018-11-03 10:00:00 +0000"},
		{"Africa/Casablanca", "2026-02-14 10:00:00 +0000"},
		{"Asia/Kathmandu", "2026-02-14 10:00:00 +0000"},
	}
	rapid.Check(t, func(rt *rapid.T) {
		night := rapid.SampledFrom(nights).Draw(rt, "night")
		hour := rapid.IntRange(0, 23).Draw(rt, "hour")
		minutes := rapid.SampledFrom([]string{"0", "30", "59", "*/15", "*/7", "5,45"}).Draw(rt, "minutes")
		loc, from := zone(t, night.zone), at(t, night.from)
		spec := config.Schedule{Cron: fmt.Sprintf("%s %d,%d * * *", minutes, hour, (hour+1)%24), Timezone: loc}

		wanted := map[string]bool{} // minutes of the day, asked of a plain day
		for m := time.Date(2026, 1, 5, 23, 59, 0, 0, time.UTC); ; {
			next, err := schedule.Next(schedule.Entry{Source: "a", Spec: config.Schedule{Cron: spec.Cron}}, m)
			if err != nil {
				rt.Fatal(err)
			}
			if m = next; m.Day() != 6 {
				break
			}
			wanted[m.Format("15:04")] = true
		}
		var want []time.Time
		to := from.Add(48 * time.Hour)
		shown := map[string]bool{}
		for m := from; m.Before(to); m = m.Add(time.Minute) {
			l := m.In(loc)
			first := !shown[l.Format("02 15:04")]
			shown[l.Format("02 15:04")] = true
			due := first && wanted[l.Format("15:04")]
			// What the clocks have just skipped is due now.
			_, before := m.Add(-time.Minute).In(loc).Zone()
			_, after := l.Zone()
			for skipped := after - before; skipped > 0; skipped -= 60 {
				due = due || wanted[l.Add(-time.Duration(skipped)*time.Second).In(time.FixedZone("", after)).Format("15:04")]
			}
			if due && m.After(from) {
				want = append(want, m)
			}
		}
		var got []time.Time
		for m := from; ; {
			next, err := schedule.Next(schedule.Entry{Source: "a", Spec: spec}, m)
			if err != nil {
				rt.Fatal(err)
			}
			if m = next; !m.Before(to) {
				break
			}
			got = append(got, m)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(time.Time.Equal)); diff != "" {
			rt.Fatalf("%s in %s: %s", spec.Cron, night.zone, diff)
		}
	})
}

func TestJitterIsTheSameEverywhereAndBounded(t *testing.T) {
	start := at(t, "2026-03-01 00:00:00 +0000")
	spec := config.Schedule{Cron: "0 * * * *", Jitter: 20 * time.Minute}
	seen := map[time.Duration]bool{}
	for i := range 200 {
		e := schedule.Entry{Source: harvest.SourceID(fmt.Sprintf("source%d", i)), Spec: spec}
		tick := start.Add(time.Duration(i+1) * time.Hour)
		got, err := schedule.Next(e, tick.Add(-30*time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		late := got.Sub(tick)
		if late < 0 || late > 20*time.Minute {
			t.Errorf("tick %s starts %s later", tick, late)
		}
		seen[late/time.Minute] = true
		// Asked at any moment before it, the answer is the same.
		if again, err := schedule.Next(e, got.Add(-time.Second)); err != nil || !again.Equal(got) {
			t.Errorf("asked just before: %s, want %s", again, got)
		}
	}
	if len(seen) < 15 {
		t.Errorf("200 starts fall into %d minutes of 20", len(seen))
	}
}

func TestJitterStaysBeforeTheNextTick(t *testing.T) {
	e := schedule.Entry{Source: "respect", Spec: config.Schedule{Cron: "*/10 * * * *", Jitter: 3 * time.Hour}}
	last := at(t, "2026-03-01 00:00:00 +0000")
	for i := range 500 {
		next, err := schedule.Next(e, last)
		if err != nil {
			t.Fatal(err)
		}
		// One start in each ten minutes, none skipped.
		if i > 0 && !next.Truncate(10*time.Minute).Equal(last.Truncate(10*time.Minute).Add(10*time.Minute)) {
			t.Fatalf("start %s follows %s", next, last)
		}
		last = next
	}
}

func TestDescribe(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	tests := []struct {
		spec config.Schedule
		want string
	}{
		{config.Schedule{Cron: "0 3 * * 1", Jitter: 20 * time.Minute}, "every Monday at 03:00 UTC, up to 20 min later"},
		{config.Schedule{Cron: "30 4 * * *", Timezone: berlin}, "every day at 04:30 Europe/Berlin"},
		{config.Schedule{Cron: "0 3 * * mon,thu", Jitter: 90 * time.Minute}, "every Monday and Thursday at 03:00 UTC, up to 1 h 30 min later"},
		{config.Schedule{Cron: "0 3,15 * * 1-5"}, "every day from Monday to Friday at 03:00 and 15:00 UTC"},
		{config.Schedule{Cron: "0 3 * * 0,6"}, "every Saturday and Sunday at 03:00 UTC"},
		{config.Schedule{Cron: "0 */6 * * *"}, "every day at 00:00, 06:00, 12:00 and 18:00 UTC"},
		{config.Schedule{Cron: "0 0 1 * *"}, "on the 1st of every month at 00:00 UTC"},
		{config.Schedule{Cron: "0 0 2,3,11,22 * *"}, "on the 2nd, 3rd, 11th and 22nd of every month at 00:00 UTC"},
		{config.Schedule{Cron: "15 2 1 1,7 *"}, "every year on the 1st of January and July at 02:15 UTC"},
		{config.Schedule{Cron: "0 3 * 6-8 *"}, "every day in June, July and August at 03:00 UTC"},
		{config.Schedule{Cron: "0 3 * 6 2"}, "every Tuesday in June at 03:00 UTC"},
		{config.Schedule{Cron: "@daily"}, "every day at 00:00 UTC"},
		{config.Schedule{Cron: "@weekly"}, "every Sunday at 00:00 UTC"},
		{config.Schedule{Cron: "@monthly"}, "on the 1st of every month at 00:00 UTC"},
		{config.Schedule{Cron: "@yearly"}, "every year on the 1st of January at 00:00 UTC"},
		{config.Schedule{Cron: "@hourly"}, "every hour, on the hour"},
		{config.Schedule{Cron: "15 * * * *", Jitter: 45 * time.Second}, "every hour at minute 15, up to 45 s later"},
		{config.Schedule{Cron: "*/10 * * * *"}, "every 10 minutes"},
		{config.Schedule{Cron: "* * * * *"}, "every minute"},
		{config.Schedule{Cron: "5,25 * * * *"}, "every hour at the minutes 5 and 25"},
		{config.Schedule{Cron: "*/30 * * * 1", Timezone: berlin}, "every 30 minutes, every Monday in Europe/Berlin"},
		{config.Schedule{Cron: "0 3 13 * 0-6"}, "every day at 03:00 UTC"},
		{config.Schedule{Cron: "0 3 13 * 5"}, `whenever "0 3 13 * 5" matches in UTC`},
		{config.Schedule{Cron: "*/5 3-5 * * *"}, `whenever "*/5 3-5 * * *" matches in UTC`},
		{config.Schedule{Cron: "30 0 3 * * 1"}, "every Monday at 03:00:30 UTC"},
		{config.Schedule{Cron: "15 */10 * * * *"}, "every 10 minutes, at second 15"},
		{config.Schedule{Cron: "15 0 * * * *"}, "every hour at 00:15"},
		{config.Schedule{Cron: "*/20 0 * * * *"}, `whenever "*/20 0 * * * *" matches in UTC`},
		{config.Schedule{Cron: "@every 6h", Jitter: time.Minute}, "every 6 h, counted from midnight UTC, up to 1 min later"},
		{config.Schedule{Cron: "@every 24h", Timezone: berlin}, "every day, counted from midnight UTC"},
		{config.Schedule{Cron: "@every 36h"}, "every 36 h, counted from 1970-01-01 00:00 UTC"},
		{
			config.Schedule{Cron: "@daily", Blackout: []config.Window{blackout(t, "mon-fri 08:00-18:00"), blackout(t, "sun")}},
			"every day at 00:00 UTC, not mon-fri 08:00-18:00 and sun",
		},
		{config.Schedule{}, "only by hand"},
	}
	for _, tt := range tests {
		if got := schedule.Describe(tt.spec); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.spec.Cron, got, tt.want)
		}
	}
	if got := schedule.Describe(config.Schedule{Cron: "0 25 * * *"}); len(got) < 10 || got[:7] != "never: " {
		t.Errorf("bad line: %s", got)
	}
}

// FuzzNext asks for the next start of whatever parses: it comes later, or
// there is an error.
func FuzzNext(f *testing.F) {
	for _, line := range []string{"0 3 * * 1", "@daily", "*/7 1-5 29 2 *", "30 2 * * *", "0 0 31 * 0", "", "? ? ? ? ?"} {
		f.Add(line, int64(1774746000), uint16(1200))
	}
	berlin := zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, line string, unix int64, jitter uint16) {
		if unix < 0 || unix > 1<<33 {
			return
		}
		after := time.Unix(unix, 0)
		spec := config.Schedule{Cron: line, Timezone: berlin, Jitter: time.Duration(jitter) * time.Second}
		next, err := schedule.Next(schedule.Entry{Source: "a", Spec: spec}, after)
		if err == nil && !next.After(after) {
			t.Errorf("%q after %s: %s", line, after, next)
		}
		if schedule.Describe(spec) == "" {
			t.Errorf("%q has no description", line)
		}
	})
}
