package schedule_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/schedule"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func entry(source harvest.SourceID, cron string) schedule.Entry {
	return schedule.Entry{Source: source, Spec: config.Schedule{Cron: cron}}
}

// A bubble's clock starts at midnight UTC of 2000-01-01, a Saturday.

// diary notes what runs, and when.
type diary struct {
	mu      sync.Mutex
	lines   []string
	running int
	most    int
}

// note makes a run that takes that long, or until it is told to stop.
func (d *diary) note(takes map[harvest.SourceID]time.Duration) func(context.Context, harvest.SourceID, time.Time) {
	return func(ctx context.Context, source harvest.SourceID, tick time.Time) {
		d.mu.Lock()
		d.lines = append(d.lines, fmt.Sprintf("%s %s at %s", source, tick.Format("02 15:04"), time.Now().UTC().Format("02 15:04:05")))
		d.running++
		d.most = max(d.most, d.running)
		d.mu.Unlock()
		select {
		case <-ctx.Done():
		case <-time.After(takes[source]):
		}
		d.mu.Lock()
		d.running--
		d.mu.Unlock()
	}
}

// keep runs the scheduler for that long.
func keep(t *testing.T, s *schedule.Scheduler, long time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	if err := s.Run(ctx); err != nil {
		t.Error(err)
	}
}

func TestRunsStartWhenDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		s := schedule.New([]schedule.Entry{entry("a", "0 3 * * *"), entry("b", "0 */12 * * *")}, d.note(nil), schedule.Options{})
		keep(t, s, 50*time.Hour)
		want := []string{
			"a 01 03:00 at 01 03:00:00", "b 01 12:00 at 01 12:00:00", "b 02 00:00 at 02 00:00:00",
			"a 02 03:00 at 02 03:00:00", "b 02 12:00 at 02 12:00:00", "b 03 00:00 at 03 00:00:00",
		}
		if diff := cmp.Diff(want, d.lines); diff != "" {
			t.Error(diff)
		}
	})
}

func TestTwoSchedulersAgree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := []schedule.Entry{{Source: "a", Spec: config.Schedule{Cron: "0 3 * * *", Jitter: 2 * time.Hour}}}
		var one, two diary
		var wg sync.WaitGroup
		wg.Go(func() { keep(t, schedule.New(e, one.note(nil), schedule.Options{}), 96*time.Hour) })
		wg.Go(func() { keep(t, schedule.New(e, two.note(nil), schedule.Options{}), 96*time.Hour) })
		wg.Wait()
		if diff := cmp.Diff(one.lines, two.lines); diff != "" || len(one.lines) != 4 {
			t.Errorf("%q %s", one.lines, diff)
		}
		for i, line := range one.lines { // the tick, not the start, names the run
			if !strings.HasPrefix(line, fmt.Sprintf("a %02d 03:00 at ", i+1)) {
				t.Errorf("run %q", line)
			}
		}
	})
}

func TestTickIsSkippedWhileItsRunIsGoing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		var log bytes.Buffer
		s := schedule.New([]schedule.Entry{entry("slow", "0 * * * *"), entry("quick", "0 * * * *")},
			d.note(map[harvest.SourceID]time.Duration{"slow": 150 * time.Minute}),
			schedule.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		keep(t, s, 6*time.Hour+30*time.Minute)
		var slow []string
		for _, l := range d.lines {
			if strings.HasPrefix(l, "slow") {
				slow = append(slow, l)
			}
		}
		want := []string{"slow 01 01:00 at 01 01:00:00", "slow 01 04:00 at 01 04:00:00"}
		if diff := cmp.Diff(want, slow); diff != "" {
			t.Error(diff)
		}
		if len(d.lines) != 8 {
			t.Errorf("the quick source did not run every hour: %q", d.lines)
		}
		for _, st := range s.Snapshot() {
			if want := map[harvest.SourceID]int{"slow": 4}[st.Source]; st.Skipped != want {
				t.Errorf("%s skipped %d ticks, want %d", st.Source, st.Skipped, want)
			}
		}
		if n := strings.Count(log.String(), "tick skipped"); n != 4 {
			t.Errorf("%d skipped ticks in the log, want 4: %s", n, &log)
		}
	})
}

func TestRunsAtOnceAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		var entries []schedule.Entry
		takes := map[harvest.SourceID]time.Duration{}
		for i := range 7 {
			id := harvest.SourceID(fmt.Sprintf("s%d", i))
			entries = append(entries, entry(id, "0 1 * * *"))
			takes[id] = 10 * time.Minute
		}
		s := schedule.New(entries, d.note(takes), schedule.Options{MaxRunning: 3})
		go func() {
			<-time.After(65 * time.Minute)
			var running, waiting int
			for _, st := range s.Snapshot() {
				if st.Running {
					running++
				}
				if st.Waiting {
					waiting++
				}
			}
			if running != 3 || waiting != 4 {
				t.Errorf("%d running and %d waiting, want 3 and 4", running, waiting)
			}
		}()
		keep(t, s, 3*time.Hour)
		if d.most != 3 || len(d.lines) != 7 {
			t.Errorf("%d runs, %d at once; want 7 and 3", len(d.lines), d.most)
		}
		if last := d.lines[6]; last != "s6 01 01:00 at 01 01:20:00" {
			t.Errorf("last run: %s", last)
		}
	})
}

func TestCancelStopsTheClockAndWaitsForRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cleaned := false
		s := schedule.New([]schedule.Entry{entry("a", "0 * * * *"), entry("b", "0 * * * *")},
			func(ctx context.Context, _ harvest.SourceID, _ time.Time) {
				<-ctx.Done()
				<-time.After(time.Second) // what was in flight
				cleaned = true
			}, schedule.Options{MaxRunning: 1})
		go func() {
			<-time.After(90 * time.Minute)
			cancel()
		}()
		start := time.Now()
		if err := s.Run(ctx); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != 90*time.Minute+time.Second || !cleaned {
			t.Errorf("Run returned after %s, cleaned %v", took, cleaned)
		}
		for _, st := range s.Snapshot() {
			if st.Running || st.Waiting {
				t.Errorf("%s is still under way: %+v", st.Source, st)
			}
		}
	})
}

func TestCancelledBeforeItBegan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := schedule.New([]schedule.Entry{entry("a", "* * * * *")}, func(context.Context, harvest.SourceID, time.Time) {
			t.Error("a run was started")
		}, schedule.Options{})
		<-time.After(2 * time.Minute) // a tick is due
		if err := s.Run(ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestPanicIsReportedAndDisturbsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		runs := map[harvest.SourceID]int{}
		var mu sync.Mutex
		s := schedule.New([]schedule.Entry{entry("bad", "0 * * * *"), entry("good", "0 * * * *")},
			func(_ context.Context, source harvest.SourceID, _ time.Time) {
				mu.Lock()
				runs[source]++
				mu.Unlock()
				if source == "bad" {
					panic("selector of nil")
				}
			}, schedule.Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), MaxRunning: 1})
		keep(t, s, 3*time.Hour+time.Minute)
		if diff := cmp.Diff(map[harvest.SourceID]int{"bad": 3, "good": 3}, runs); diff != "" {
			t.Error(diff)
		}
		if st := s.Snapshot(); st[0].Source != "bad" || st[0].Panics != 3 || st[0].Running || st[1].Panics != 0 {
			t.Errorf("snapshot: %+v", st)
		}
		if !strings.Contains(log.String(), "selector of nil") || !strings.Contains(log.String(), "scheduler_test.go") {
			t.Errorf("log without reason or stack: %s", &log)
		}
	})
}

func TestBadEntriesDoNotStopOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		s := schedule.New([]schedule.Entry{
			entry("broken", "0 25 * * *"), entry("hand", ""), entry("never", "0 0 31 2 *"), entry("good", "0 3 * * *"), entry("good", "0 4 * * *"),
		}, d.note(nil), schedule.Options{})
		keep(t, s, 24*time.Hour)
		if diff := cmp.Diff([]string{"good 01 03:00 at 01 03:00:00"}, d.lines); diff != "" {
			t.Error(diff)
		}
		got := map[harvest.SourceID]string{}
		all := s.Snapshot()
		for _, st := range all[1:] {
			got[st.Source] = st.Problem
			if !st.Next.IsZero() {
				t.Errorf("%s is to run at %s", st.Source, st.Next)
			}
		}
		want := map[harvest.SourceID]string{
			"broken": got["broken"],
			"hand":   "schedule of hand: it has no cron line and runs only by hand",
			"never":  "schedule of never: its cron line names no day that comes",
			"good":   "schedule of good: the source is there twice",
		}
		if diff := cmp.Diff(want, got); diff != "" || !strings.Contains(got["broken"], "0 25 * * *") {
			t.Errorf("%s %q", diff, got["broken"])
		}
		if first := all[0]; first.Source != "good" || !first.Next.Equal(time.Date(2000, 1, 2, 3, 0, 0, 0, time.UTC)) {
			t.Errorf("first to run: %+v", first)
		}
	})
}

// steppedClock is a wall clock that somebody moves.
type steppedClock struct {
	mu  sync.Mutex
	off time.Duration
}

func (c *steppedClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.off)
}

func (c *steppedClock) step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off += d
}

func TestClockThatIsMoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		var clock steppedClock
		s := schedule.New([]schedule.Entry{entry("a", "0 * * * *")}, d.note(nil), schedule.Options{Now: clock.now})
		go func() {
			<-time.After(90*time.Minute + 30*time.Second)
			clock.step(-time.Hour) // 00:30 again; 01:00 has been
			<-time.After(2 * time.Hour)
			clock.step(4 * time.Hour) // 06:30; 03:00 to 06:00 are missed
		}()
		keep(t, s, 4*time.Hour+30*time.Minute)
		// The times at which runs started are those of the bubble's clock.
		want := []string{
			"a 01 01:00 at 01 01:00:00", "a 01 02:00 at 01 03:00:00",
			"a 01 06:00 at 01 03:31:00", "a 01 07:00 at 01 04:00:00",
		}
		if diff := cmp.Diff(want, d.lines); diff != "" {
			t.Error(diff)
		}
		if st := s.Snapshot()[0]; st.Skipped != 3 {
			t.Errorf("skipped %d, want 3", st.Skipped)
		}
	})
}

func TestNoEntriesIsAQuietClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := schedule.New(nil, nil, schedule.Options{})
		keep(t, s, time.Hour)
		if st := s.Snapshot(); len(st) != 0 {
			t.Errorf("snapshot: %+v", st)
		}
	})
}

// What was missed while no process was there is answered once, by the latest
// tick, and the plan goes on from there.
func TestMissedTicksAreAnsweredOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		day := func(n int) time.Time { return time.Date(1999, 12, n, 3, 0, 0, 0, time.UTC) }
		since := func(source harvest.SourceID, last time.Time) schedule.Entry {
			e := entry(source, "0 3 * * *")
			e.Since = last
			return e
		}
		jitter := since("jitter", day(29))
		jitter.Spec.Jitter = time.Hour
		var d diary
		s := schedule.New([]schedule.Entry{
			since("missed", day(28)), since("answered", day(31)), since("new", time.Time{}), since("ahead", day(31).AddDate(0, 0, 5)), jitter,
		}, d.note(nil), schedule.Options{})
		keep(t, s, 10*time.Hour)
		got := map[string]int{}
		for _, line := range d.lines {
			source, rest, _ := strings.Cut(line, " at ")
			got[source]++
			if strings.HasPrefix(source, "missed 31") && rest != "01 00:00:00" {
				t.Errorf("the missed tick is answered at %s", rest)
			}
		}
		want := map[string]int{
			"missed 31 03:00": 1, "missed 01 03:00": 1, "answered 01 03:00": 1, "new 01 03:00": 1, "ahead 01 03:00": 1,
			"jitter 31 03:00": 1, "jitter 01 03:00": 1,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// What was missed is made up for as the source wishes: at the start, and when
// the machine slept.
func TestCatchUp(t *testing.T) {
	tests := []struct {
		policy config.CatchUp
		want   []string
	}{
		{config.CatchUpOne, []string{"a 31 03:00 at 01 00:00:00", "a 01 03:00 at 01 03:00:00", "a 04 03:00 at 01 05:01:00"}},
		{config.CatchUpSkip, []string{"a 01 03:00 at 01 03:00:00"}},
		{config.CatchUpAll, []string{
			"a 29 03:00 at 01 00:00:00", "a 30 03:00 at 01 00:10:00", "a 31 03:00 at 01 00:20:00", "a 01 03:00 at 01 03:00:00",
			"a 02 03:00 at 01 05:01:00", "a 03 03:00 at 01 05:11:00", "a 04 03:00 at 01 05:21:00",
		}},
	}
	for _, tt := range tests {
		t.Run(string(tt.policy), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := entry("a", "0 3 * * *")
				e.Spec.CatchUp = tt.policy
				e.Since = time.Date(1999, 12, 28, 3, 0, 0, 0, time.UTC)
				var d diary
				var clock steppedClock
				s := schedule.New([]schedule.Entry{e}, d.note(map[harvest.SourceID]time.Duration{"a": 10 * time.Minute}), schedule.Options{Now: clock.now})
				go func() {
					<-time.After(5*time.Hour + 30*time.Second)
					clock.step(72 * time.Hour)
				}()
				keep(t, s, 8*time.Hour)
				if diff := cmp.Diff(tt.want, d.lines); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// With "all", a tick that comes while the run before is going on is answered
// after it, and never at the same time.
func TestEveryTickIsAnsweredAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := entry("a", "0 * * * *")
		e.Spec.CatchUp = config.CatchUpAll
		var d diary
		s := schedule.New([]schedule.Entry{e}, d.note(map[harvest.SourceID]time.Duration{"a": 90 * time.Minute}), schedule.Options{})
		keep(t, s, 5*time.Hour+20*time.Minute)
		want := []string{"a 01 01:00 at 01 01:00:00", "a 01 02:00 at 01 02:30:00", "a 01 03:00 at 01 04:00:00"}
		if diff := cmp.Diff(want, d.lines); diff != "" || d.most != 1 {
			t.Errorf("%d at once; %s", d.most, diff)
		}
	})
}

// A source that was down for years does not run for years.
func TestBacklogIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := entry("a", "0 * * * *")
		e.Spec.CatchUp = config.CatchUpAll
		e.Since = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
		var d diary
		s := schedule.New([]schedule.Entry{e}, d.note(nil), schedule.Options{})
		keep(t, s, 30*time.Minute)
		if len(d.lines) != 100 || d.lines[99] != "a 01 00:00 at 01 00:00:00" {
			t.Errorf("%d runs, the last %v", len(d.lines), d.lines[max(0, len(d.lines)-1):])
		}
		if st := s.Snapshot()[0]; st.Skipped != 10*365*24+2*24-100 {
			t.Errorf("%d skipped", st.Skipped)
		}
	})
}

// Entries can be replaced: what is as it was goes on, what is new begins, and
// what has gone ends, but for the run that is going on.
func TestEntriesAreReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d diary
		kept, goes, moves := entry("kept", "0 * * * *"), entry("goes", "0 * * * *"), entry("moves", "0 * * * *")
		s := schedule.New([]schedule.Entry{kept, goes, moves}, d.note(map[harvest.SourceID]time.Duration{"goes": 90 * time.Minute}), schedule.Options{})
		go func() {
			<-time.After(75 * time.Minute) // a run of "goes" is going on
			d.mu.Lock()
			running := d.running
			d.mu.Unlock()
			if running != 1 {
				t.Errorf("%d runs are going on", running)
			}
			moved := entry("moves", "30 * * * *")
			s.Set([]schedule.Entry{kept, moved, entry("new", "20 * * * *"), entry("bad", "0 25 * * *")})
			if st := s.Snapshot(); len(st) != 4 || st[3].Source != "bad" || st[3].Problem == "" {
				t.Errorf("snapshot: %+v", st)
			}
		}()
		keep(t, s, 2*time.Hour+10*time.Minute)
		slices.Sort(d.lines)
		want := []string{
			"goes 01 01:00 at 01 01:00:00",
			"kept 01 01:00 at 01 01:00:00", "kept 01 02:00 at 01 02:00:00",
			"moves 01 01:00 at 01 01:00:00", "moves 01 01:30 at 01 01:30:00",
			"new 01 01:20 at 01 01:20:00",
		}
		if diff := cmp.Diff(want, d.lines); diff != "" {
			t.Error(diff)
		}
	})
}
