package queue_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/queue"
)

// at is a moment of which the nth minute names a run.
func at(n int) time.Time { return time.Date(2026, 3, 1, 3, n, 0, 0, time.UTC) }

func put(t testing.TB, e *queue.Engine, source harvest.SourceID, n int) {
	t.Helper()
	if err := e.Put(t.Context(), queue.Job{Source: source, At: at(n)}); err != nil {
		t.Fatal(err)
	}
}

func take(t testing.TB, e *queue.Engine, source harvest.SourceID) *queue.Claim {
	t.Helper()
	c, err := e.Take(t.Context(), source)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func jobs(t testing.TB, e *queue.Engine) []queue.Job {
	t.Helper()
	var all []queue.Job
	for job, err := range e.Jobs(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, job)
	}
	return all
}

// quick opens a queue at a server elsewhere that gives up on a worker soon.
func quick(t testing.TB, url string) *queue.Engine {
	t.Helper()
	e, err := queue.Open(t.Context(), queue.Options{URL: url, Silence: 400 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func TestOneJobOfASourceAtATime(t *testing.T) {
	e := open(t, t.TempDir())
	put(t, e, "b", 1)
	put(t, e, "a", 2)
	again := queue.Job{Source: "b", At: at(3), ByHand: true}
	if err := e.Put(t.Context(), again); !errors.Is(err, queue.ErrQueued) {
		t.Errorf("a second job of b: %v, want ErrQueued", err)
	}
	if diff := cmp.Diff([]queue.Job{{Source: "b", At: at(1)}, {Source: "a", At: at(2)}}, jobs(t, e)); diff != "" {
		t.Error(diff)
	}
	c := take(t, e, "b")
	if err := e.Put(t.Context(), again); !errors.Is(err, queue.ErrQueued) {
		t.Errorf("a second job of b, the first is worked on: %v, want ErrQueued", err)
	}
	if second := take(t, e, "b"); second != nil {
		t.Error("a job was given out twice")
	}
	if err := c.Done(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := e.Put(t.Context(), again); err != nil {
		t.Errorf("a job of b after the first is done: %v", err)
	}
	c = take(t, e, "b")
	if diff := cmp.Diff(again, c.Job); diff != "" {
		t.Error(diff)
	}
	if err := c.Return(0); err != nil {
		t.Fatal(err)
	}
	if c = take(t, e, "b"); c == nil {
		t.Fatal("a job that was given back is not there")
	}
	c.Drop()
}

// A process that is killed leaves its job to the next, at once.
func TestJobOfAKilledProcessIsFreeAtTheNextStart(t *testing.T) {
	dir := t.TempDir()
	cmd, out := child(t, "take", dir)
	if line, err := out.ReadString('\n'); err != nil || line != "taken\n" {
		t.Fatalf("the child says %q, %v", line, err)
	}
	kill(cmd)
	e := open(t, dir)
	c := take(t, e, "respect")
	if c == nil {
		t.Fatal("the job is still taken")
	}
	if err := c.Done(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := jobs(t, e); len(left) != 0 {
		t.Errorf("jobs left: %v", left)
	}
}

func takeAndHold(dir string) error {
	e, err := queue.Open(context.Background(), queue.Options{Dir: dir})
	if err != nil {
		return err
	}
	if err := e.Put(context.Background(), queue.Job{Source: "respect", At: at(0)}); err != nil {
		return err
	}
	if c, err := e.Take(context.Background(), "respect"); err != nil || c == nil {
		return errors.Join(errors.New("no job"), err)
	}
	say("taken")
	select {}
}

// A worker that lives keeps its job however long it takes; one that falls
// silent loses it, and its late word does not end the other's run.
func TestSilentWorkerLosesItsJob(t *testing.T) {
	url := farServer(t)
	one, two := quick(t, url), quick(t, url)
	put(t, one, "respect", 0)
	first := take(t, one, "respect")
	j1 := journal(t, one, first.Job.Run())
	add(t, j1, "a", "b")
	for range 5 { // twice as long as a silence may be
		<-time.After(200 * time.Millisecond)
		if c := take(t, two, "respect"); c != nil {
			t.Fatal("the job of a worker that lives was given to another")
		}
	}
	first.Drop() // silent from now on
	var second *queue.Claim
	until(t, "the job is given to another", func() bool { second = take(t, two, "respect"); return second != nil })
	j2 := journal(t, two, second.Job.Run())
	if err := j1.End(t.Context()); !errors.Is(err, queue.ErrFenced) {
		t.Errorf("end by the silent worker: %v, want ErrFenced", err)
	}
	if err := j2.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := second.Done(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := jobs(t, one); len(left) != 0 {
		t.Errorf("jobs left: %v", left)
	}
}

func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-t.Context().Done():
			t.Fatalf("never: %s", what)
		}
	}
}

// Many workers of several processes want the jobs of many sources: none is
// given to two, all are done.
func TestWorkersShareJobs(t *testing.T) {
	url := farServer(t)
	sources := []harvest.SourceID{"a", "b", "c", "d", "e", "f"}
	var working [6]atomic.Int32
	var done atomic.Int32
	engines := []*queue.Engine{quick(t, url), quick(t, url), quick(t, url)}
	for _, s := range sources {
		put(t, engines[0], s, 0)
	}
	var wg sync.WaitGroup
	for _, e := range engines {
		for range 2 {
			wg.Go(func() {
				for done.Load() < int32(len(sources)) {
					for i, s := range sources {
						c, err := e.Take(t.Context(), s)
						if err != nil {
							t.Error(err)
							return
						}
						if c == nil {
							continue
						}
						if working[i].Add(1) != 1 {
							t.Errorf("%s is worked on twice", s)
						}
						<-time.After(30 * time.Millisecond)
						working[i].Add(-1)
						if err := c.Done(t.Context()); err != nil {
							t.Error(err)
						}
						done.Add(1)
					}
				}
			})
		}
	}
	wg.Wait()
	if n := done.Load(); n != int32(len(sources)) {
		t.Errorf("%d jobs were done, want %d", n, len(sources))
	}
}

func TestPutWakes(t *testing.T) {
	url := farServer(t)
	one, two := quick(t, url), quick(t, url)
	wake, stop, err := one.Wake()
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	put(t, two, "respect", 0)
	select {
	case <-wake:
	case <-t.Context().Done():
		t.Error("nobody was woken")
	}
}

func TestOddSourcesHaveJobs(t *testing.T) {
	e := open(t, t.TempDir())
	for _, s := range []harvest.SourceID{"odd.*>@ %41é", "a.b", "A"} {
		put(t, e, s, 0)
		c := take(t, e, s)
		if c == nil || c.Job.Source != s {
			t.Fatalf("job of %q: %v", s, c)
		}
		if err := c.Done(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestClaimsInVainAreCounted(t *testing.T) {
	e := open(t, t.TempDir())
	claim := func(want int) *queue.Journal {
		t.Helper()
		if n, err := e.Vain(t.Context(), run); err != nil || n != want {
			t.Errorf("%d claims in vain, %v; want %d", n, err, want)
		}
		j := journal(t, e, run)
		if j.Vain() != want {
			t.Errorf("the claim counts %d claims in vain, want %d", j.Vain(), want)
		}
		return j
	}
	j := claim(0)
	add(t, j, "begin")
	add(t, j, "door", "page")
	claim(0) // the first one got somewhere
	j = claim(1)
	add(t, j, "goes on")
	j = claim(2) // that it goes on is not getting anywhere
	add(t, j, "goes on")
	add(t, j, "page")
	j = claim(0)
	if err := j.Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := j.Append(t.Context(), []byte("late")); err == nil {
		t.Error("a journal that was released takes entries")
	}
	for i := range queue.MaxVain {
		add(t, claim(i), "goes on")
	}
	claim(queue.MaxVain)
	claim(queue.MaxVain) // counted no further
	if err := journal(t, e, run).Release(t.Context()); err != nil {
		t.Fatal(err)
	}
	j = claim(0)
	if diff := cmp.Diff(6+queue.MaxVain, len(collect(t, j.Read(t.Context(), 0)))); diff != "" {
		t.Errorf("entries: %s", diff)
	}
}

// farServer is the URL of a server elsewhere.
func farServer(t testing.TB) string { return "nats://harvest:s3cret@" + elsewhere(t) }
