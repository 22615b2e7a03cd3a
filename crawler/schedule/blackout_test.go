package schedule_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/schedule"
)

func blackout(t testing.TB, text string) config.Window {
	t.Helper()
	w, err := config.ParseWindow(text)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestNothingStartsInABlackout(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	tests := []struct {
		name, cron, windows, everywhere string
		after                           string
		want                            []string
	}{
		{
			"put off to its end", "0 10 * * *", "mon-fri 08:00-18:00", "", "2026-03-05 12:00:00 +0100", // a Thursday
			[]string{"2026-03-05 18:00:00 +0100", "2026-03-06 18:00:00 +0100", "2026-03-07 10:00:00 +0100"},
		},
		{
			"several ticks are one start", "0 * * * *", "09:00-17:30", "", "2026-03-05 07:30:00 +0100",
			[]string{"2026-03-05 08:00:00 +0100", "2026-03-05 17:30:00 +0100", "2026-03-05 18:00:00 +0100"},
		},
		{
			"asked in the middle", "0 10 * * *", "09:00-17:30", "", "2026-03-05 12:00:00 +0100",
			[]string{"2026-03-05 17:30:00 +0100", "2026-03-06 17:30:00 +0100"},
		},
		{
			"over midnight", "0 3 * * *", "22:00-06:00", "", "2026-03-05 12:00:00 +0100",
			[]string{"2026-03-06 06:00:00 +0100"},
		},
		{
			"over midnight into a day without one", "0 3 * * *", "fri 22:00-06:00", "", "2026-03-06 12:00:00 +0100",
			[]string{"2026-03-07 06:00:00 +0100", "2026-03-08 03:00:00 +0100"},
		},
		{
			"windows that follow each other", "0 3 * * *", "sat,sun;mon 00:00-08:00", "", "2026-03-06 12:00:00 +0100",
			[]string{"2026-03-09 08:00:00 +0100", "2026-03-10 03:00:00 +0100"},
		},
		{
			"that of all sources, in its own zone", "0 3 * * *", "", "01:00-04:00", "2026-03-05 12:00:00 +0100",
			[]string{"2026-03-06 05:00:00 +0100"},
		},
		{
			"both", "0 3 * * *", "04:30-07:00", "01:00-04:00", "2026-03-05 12:00:00 +0100",
			[]string{"2026-03-06 07:00:00 +0100"},
		},
		{
			"an end that the clock skips", "0 1 * * *", "00:30-02:30", "", "2026-03-28 12:00:00 +0100",
			[]string{"2026-03-29 03:00:00 +0200", "2026-03-30 02:30:00 +0200"},
		},
		{
			"an end that comes twice", "0 1 * * *", "00:30-02:30", "", "2026-10-24 12:00:00 +0200",
			[]string{"2026-10-25 02:30:00 +0200", "2026-10-26 02:30:00 +0100"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := schedule.Entry{Source: "a", Spec: config.Schedule{Cron: tt.cron, Timezone: berlin}}
			for text := range strings.SplitSeq(tt.windows, ";") {
				if text != "" {
					e.Spec.Blackout = append(e.Spec.Blackout, blackout(t, text))
				}
			}
			if tt.everywhere != "" {
				e.Closed.Blackout = []config.Window{blackout(t, tt.everywhere)}
			}
			if diff := cmp.Diff(tt.want, starts(t, e, at(t, tt.after), len(tt.want))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestBlackoutNeverHoldsAStart asks random windows and lines for their starts:
// none is in a window, each comes after the one before, and asked from any
// moment between two starts the answer is the same.
func TestBlackoutNeverHoldsAStart(t *testing.T) {
	nights := []string{"2026-03-27 10:00:00 +0000", "2026-10-23 10:00:00 +0000", "2026-06-05 10:00:00 +0000"}
	zones := []*time.Location{zone(t, "Europe/Berlin"), zone(t, "America/New_York"), time.UTC}
	rapid.Check(t, func(rt *rapid.T) {
		e := schedule.Entry{Source: "a", Spec: config.Schedule{
			Cron:     rapid.SampledFrom([]string{"0 * * * *", "*/20 1-4 * * *", "30 2 * * *", "0 0 * * 1", "@every 5h"}).Draw(rt, "cron"),
			Timezone: rapid.SampledFrom(zones).Draw(rt, "zone"),
			Jitter:   time.Duration(rapid.IntRange(0, 90).Draw(rt, "jitter")) * time.Minute,
			Blackout: []config.Window{anyWindow(rt), anyWindow(rt)},
		}, Closed: config.Calendar{Blackout: []config.Window{anyWindow(rt)}}}
		from := at(t, rapid.SampledFrom(nights).Draw(rt, "from"))
		var starts []time.Time
		for after := from; len(starts) < 30; {
			next, err := schedule.Next(e, after)
			if err != nil {
				return // nothing is left of the week
			}
			if !next.After(after) {
				rt.Fatalf("%s does not come after %s", next, after)
			}
			for _, w := range e.Spec.Blackout {
				if _, _, shut := w.Holds(next.In(e.Spec.Timezone)); shut {
					rt.Fatalf("%s lies in %s", next.In(e.Spec.Timezone), w)
				}
			}
			if _, _, shut := e.Closed.Blackout[0].Holds(next.UTC()); shut {
				rt.Fatalf("%s lies in %s", next.UTC(), e.Closed.Blackout[0])
			}
			between := after.Add(time.Duration(rapid.Int64Range(0, int64(next.Sub(after))-1).Draw(rt, "between")))
			if again, err := schedule.Next(e, between); err != nil || !again.Equal(next) {
				rt.Fatalf("after %s comes %s, and after %s comes %s (%v)", after, next, between, again, err)
			}
			starts = append(starts, next)
			after = next
		}
	})
}

func anyWindow(rt *rapid.T) config.Window {
	w := config.Window{
		From: time.Duration(rapid.IntRange(0, 1439).Draw(rt, "opens")) * time.Minute,
		To:   time.Duration(rapid.IntRange(1, 1440).Draw(rt, "ends")) * time.Minute,
	}
	for i := range w.Days {
		w.Days[i] = rapid.Bool().Draw(rt, "day")
	}
	if w.From == w.To {
		w.To = w.From + time.Minute
	}
	return w
}

// The run that was put off answers the latest tick, and after a restart none of
// those before it is owed.
func TestRunPutOffAnswersTheLatestTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := entry("a", "0 * * * *")
		e.Spec.Blackout = []config.Window{blackout(t, "01:30-05:15")}
		var d diary
		keep(t, schedule.New([]schedule.Entry{e}, d.note(nil), schedule.Options{}), 5*time.Hour+30*time.Minute)
		e.Since = time.Date(2000, 1, 1, 5, 0, 0, 0, time.UTC)
		keep(t, schedule.New([]schedule.Entry{e}, d.note(nil), schedule.Options{}), 45*time.Minute)
		want := []string{"a 01 01:00 at 01 01:00:00", "a 01 05:00 at 01 05:15:00", "a 01 06:00 at 01 06:00:00"}
		if diff := cmp.Diff(want, d.lines); diff != "" {
			t.Error(diff)
		}
	})
}

func TestBlackoutOfAllTime(t *testing.T) {
	e := entry("a", "0 * * * *")
	e.Spec.Blackout = []config.Window{blackout(t, "mon-fri")}
	e.Closed.Blackout = []config.Window{blackout(t, "sat,sun")}
	if next, err := schedule.Next(e, time.Unix(0, 0)); err == nil || err.Error() != "schedule of a: blackout leaves no time for it" {
		t.Errorf("%s, %v", next, err)
	}
}
