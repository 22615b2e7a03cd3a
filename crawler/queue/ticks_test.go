package queue_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/crawler/queue"
)

const line = "0 3 * * *"

func fire(t testing.TB, e *queue.Engine, n int, want queue.FireResult) {
	t.Helper()
	got, err := e.Fire(t.Context(), "respect", line, at(n))
	if err != nil || got != want {
		t.Errorf("tick %d: %d, %v; want %d", n, got, err, want)
	}
}

func since(t testing.TB, e *queue.Engine, line string, now, want time.Time) {
	t.Helper()
	got, err := e.Since(t.Context(), "respect", line, now)
	if err != nil || !got.Equal(want) {
		t.Errorf("ticks count since %s, %v; want %s", got, err, want)
	}
}

func TestTickIsAnsweredOnce(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	since(t, e, line, at(0), at(0)) // never heard of: from now on
	since(t, e, line, at(2), at(0)) // and from then on after a restart
	fire(t, e, 3, queue.Fired)
	fire(t, e, 3, queue.FiredBefore)
	fire(t, e, 1, queue.FiredBefore)
	fire(t, e, 4, queue.LeftOut) // the job of 3 waits
	since(t, e, line, at(9), at(4))
	since(t, e, "other", at(9), at(9))       // another schedule owes nothing for the past
	since(t, e, "other", at(-120), at(-120)) // what lies in the future is no tick
	if diff := cmp.Diff([]queue.Job{{Source: "respect", At: at(3)}}, jobs(t, e)); diff != "" {
		t.Error(diff)
	}
	c := take(t, e, "respect")
	if err := journal(t, e, c.Job.Run()).End(t.Context()); err != nil {
		t.Fatal(err)
	}
	fired := make(chan queue.FireResult)
	go func() {
		got, err := e.Fire(t.Context(), "respect", "other", at(5))
		if err != nil {
			t.Error(err)
		}
		fired <- got
	}()
	select {
	case got := <-fired:
		t.Errorf("tick 5 while the job before is about to go: %d", got)
	case <-time.After(150 * time.Millisecond):
	}
	if err := c.Done(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := <-fired; got != queue.Fired {
		t.Errorf("tick 5: %d, want fired", got)
	}
}

// A tick that is passed over has no job, then and later; one before it that
// still owes its job has it.
func TestTickIsPassedOver(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	since(t, e, line, at(0), at(0))
	pass := func(n int) {
		t.Helper()
		if err := e.Pass(t.Context(), "respect", line, at(n)); err != nil {
			t.Fatal(err)
		}
	}
	pass(3)
	pass(2) // has been
	fire(t, e, 3, queue.FiredBefore)
	since(t, e, line, at(9), at(3))
	if diff := cmp.Diff([]queue.Job(nil), jobs(t, e)); diff != "" {
		t.Error(diff)
	}
	fire(t, e, 4, queue.Fired)
	pass(5)
	since(t, e, line, at(9), at(5))
	if diff := cmp.Diff([]queue.Job{{Source: "respect", At: at(4)}}, jobs(t, e)); diff != "" {
		t.Error(diff)
	}
}

// A scheduler is killed between winning a tick and queueing its job: the next
// one queues it.
func TestTickOfADeadSchedulerIsSettled(t *testing.T) {
	for _, how := range []string{"since", "fire", "settle"} {
		t.Run(how, func(t *testing.T) {
			e := open(t, t.TempDir())
			since(t, e, line, at(0), at(0))
			queue.WinOnly(t, e, "respect", line, at(3))
			if left := jobs(t, e); len(left) != 0 {
				t.Fatalf("jobs %v", left)
			}
			switch how {
			case "since":
				since(t, e, line, at(9), at(3))
			case "fire":
				fire(t, e, 3, queue.Fired)
			case "settle":
				if err := e.Settle(t.Context(), "respect"); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff([]queue.Job{{Source: "respect", At: at(3)}}, jobs(t, e)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// tickUntilKilled answers one tick after the other, as several schedulers do
// that share a server, each tick when the run of the one before is done.
func tickUntilKilled(url string) error {
	ctx := context.Background()
	e, err := queue.Open(ctx, queue.Options{URL: url})
	if err != nil {
		return err
	}
	say("ready")
	for {
		last, err := e.Since(ctx, "respect", line, at(24*60)) // later than all of them
		if err != nil {
			return err
		}
		busy := false
		for _, err := range e.Jobs(ctx) {
			if busy = true; err != nil {
				return err
			}
		}
		if busy {
			<-time.After(time.Millisecond)
			continue
		}
		got, err := e.Fire(ctx, "respect", line, last.Add(time.Minute))
		if err != nil {
			return err
		}
		if got == queue.LeftOut {
			return errors.New("a tick was left out")
		}
	}
}

// Three schedulers, one of which is killed again and again: every tick is one
// run, none is missing, none comes twice, and they come in order.
func TestTicksOfManySchedulersAndKills(t *testing.T) {
	url := farServer(t)
	e := quick(t, url)
	since(t, e, line, at(0), at(0))
	for range 2 {
		_, out := child(t, "tick", url)
		if s, err := out.ReadString('\n'); err != nil || strings.TrimSpace(s) != "ready" {
			t.Fatalf("the child says %q, %v", s, err)
		}
	}
	ticks := 60
	if testing.Short() {
		ticks = 15
	}
	restarts := make(chan int)
	stop := make(chan struct{})
	go func() { // the third
		n := 0
		for ; ; n++ {
			cmd, out := child(t, "tick", url)
			_, _ = out.ReadString('\n')
			select {
			case <-stop:
				restarts <- n
				return
			case <-time.After(rand.N(60 * time.Millisecond)):
			}
			kill(cmd)
		}
	}()
	for want := 1; want <= ticks; {
		c := take(t, e, "respect")
		if c == nil {
			<-time.After(time.Millisecond)
			continue
		}
		j, err := e.Journal(t.Context(), c.Job.Run())
		switch {
		case errors.Is(err, queue.ErrEnded): // it was queued twice, and is one run
		case err != nil:
			t.Fatal(err)
		default:
			if !c.Job.At.Equal(at(want)) {
				t.Fatalf("run for %s, want %s", c.Job.At, at(want))
			}
			want++
			if err := j.End(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Done(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	t.Logf("%d ticks, %d kills", ticks, <-restarts)
}

// say tells the parent.
func say(s string) { fmt.Println(s) }
