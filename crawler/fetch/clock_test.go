package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/harvest87/harvest/crawler/fetch"
)

// starts lets n requests enter, each of which takes some time, and returns
// when they started, counted from the first.
func starts(t *testing.T, c *fetch.Clocks, host string, n int, delay, takes time.Duration) []time.Duration {
	t.Helper()
	begin := time.Now()
	var out []time.Duration
	for range n {
		leave, err := c.Enter(t.Context(), host, delay)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, time.Since(begin))
		time.Sleep(takes) //nolint:forbidigo // the bubble's clock
		leave()
	}
	return out
}

func TestDelayCountsFromTheStartOfTheLastRequest(t *testing.T) {
	for _, tc := range []struct{ delay, takes, gap time.Duration }{
		{2 * time.Second, 500 * time.Millisecond, 2 * time.Second},
		{2 * time.Second, 3 * time.Second, 3 * time.Second},
		{0, time.Second, time.Second},
		{0, 0, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := fetch.NewClocks(8, time.Second, time.Minute)
			for i, at := range starts(t, c, "a.example", 5, tc.delay, tc.takes) {
				if want := time.Duration(i) * tc.gap; at != want {
					t.Errorf("delay %s, takes %s: request %d started after %s, want %s", tc.delay, tc.takes, i, at, want)
				}
			}
		})
	}
}

func TestTheLongerDelayOfTwoSourcesHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := fetch.NewClocks(8, time.Second, time.Minute)
		begin := time.Now()
		var got []time.Duration
		for _, delay := range []time.Duration{10 * time.Second, time.Second, time.Second, 10 * time.Second} {
			leave, err := c.Enter(t.Context(), "a.example", delay)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, time.Since(begin))
			leave()
		}
		if want := []time.Duration{0, 10 * time.Second, 11 * time.Second, 21 * time.Second}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("started at %v, want %v", got, want)
		}
	})
}

func TestHostsDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := fetch.NewClocks(8, time.Second, time.Minute)
		starts(t, c, "a.example", 1, time.Hour, 0)
		if at := starts(t, c, "b.example", 1, time.Hour, 0); at[0] != 0 {
			t.Errorf("waited %s", at[0])
		}
	})
}

func TestOneRequestAtAHostAndNoMoreThanTheSlots(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := fetch.NewClocks(3, time.Second, time.Minute)
		var mu sync.Mutex
		running, most, perHost := 0, 0, map[string]int{}
		var wg sync.WaitGroup
		for i := range 60 {
			host := fmt.Sprint("host", i%10)
			wg.Go(func() {
				leave, err := c.Enter(t.Context(), host, 0)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				running++
				perHost[host]++
				most = max(most, running)
				if perHost[host] > 1 {
					t.Errorf("%d requests at %s", perHost[host], host)
				}
				mu.Unlock()
				time.Sleep(time.Second) //nolint:forbidigo // the bubble's clock
				mu.Lock()
				running--
				perHost[host]--
				mu.Unlock()
				leave()
			})
		}
		begin := time.Now()
		wg.Wait()
		if most != 3 || time.Since(begin) != 20*time.Second {
			t.Errorf("%d at once, 60 requests of a second in %s", most, time.Since(begin))
		}
	})
}

func TestWaitingForADelayHoldsNoSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := fetch.NewClocks(1, time.Second, time.Minute)
		starts(t, c, "slow.example", 1, time.Hour, 0)
		var wg sync.WaitGroup
		wg.Go(func() { starts(t, c, "slow.example", 1, time.Hour, 0) })
		synctest.Wait()
		if at := starts(t, c, "fast.example", 3, time.Second, 0); at[2] != 2*time.Second {
			t.Errorf("the other host started at %v", at)
		}
		wg.Wait()
	})
}

func TestTurnsAreInTheOrderOfArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := fetch.NewClocks(8, time.Second, time.Minute)
		var order []int
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				leave, err := c.Enter(t.Context(), "a.example", time.Second)
				if err != nil {
					t.Error(err)
					return
				}
				order = append(order, i) // one at a time
				leave()
			})
			synctest.Wait()
		}
		wg.Wait()
		for i, got := range order {
			if got != i {
				t.Fatalf("order %v", order)
			}
		}
	})
}

func TestCancelOfAHundredWaiters(t *testing.T) {
	var took time.Duration
	for range 3 { // the best of three: the machine may be busy
		if took = cancelWaiters(t, 100); took < 100*time.Millisecond {
			return
		}
	}
	t.Errorf("took %s", took)
}

func cancelWaiters(t *testing.T, n int) time.Duration {
	c := fetch.NewClocks(8, time.Second, time.Minute)
	leave, err := c.Enter(t.Context(), "a.example", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	leave() // the next one waits for the hour, the others for the next one
	ctx, cancel := context.WithCancel(t.Context())
	var ready, wg sync.WaitGroup
	for range n {
		ready.Add(1)
		wg.Go(func() {
			ready.Done()
			if _, err := c.Enter(ctx, "a.example", time.Hour); !errors.Is(err, context.Canceled) {
				t.Errorf("error %v", err)
			}
		})
	}
	ready.Wait()
	begin := time.Now()
	cancel()
	wg.Wait()
	return time.Since(begin)
}

func TestAComplaintSlowsTheHostDownAndItRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := fetch.NewClocks(8, time.Second, time.Hour)
		gap := func() time.Duration {
			t.Helper()
			starts(t, c, "a.example", 1, 2*time.Second, 0)
			return starts(t, c, "a.example", 1, 2*time.Second, 0)[0]
		}
		for i, want := range []time.Duration{2, 4, 6, 10, 18, 34, 62, 62} {
			if got := gap(); got != want*time.Second {
				t.Errorf("after %d complaints: %s, want %ds", i, got, want)
			}
			c.Press("a.example", 0)
		}
		last := gap()
		for i := range 30 {
			c.Ease("a.example")
			got := gap()
			if got > last || i == 0 && got == 2*time.Second {
				t.Fatalf("after %d good answers: %s after %s", i+1, got, last)
			}
			last = got
		}
		if last != 2*time.Second {
			t.Errorf("never recovered: %s", last)
		}
	})
}

func TestAHostIsLeftAloneForAsLongAsItAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := fetch.NewClocks(8, time.Second, 2*time.Minute)
		starts(t, c, "a.example", 1, 0, 0)
		c.Press("a.example", 90*time.Second)
		if at := starts(t, c, "a.example", 1, 0, 0)[0]; at != 90*time.Second {
			t.Errorf("started after %s", at)
		}
		c.Press("a.example", time.Hour)
		begin := time.Now()
		if _, err := c.Enter(t.Context(), "a.example", 0); err == nil || time.Since(begin) != 0 {
			t.Errorf("error %v after %s: want a refusal at once", err, time.Since(begin))
		}
		time.Sleep(time.Hour - time.Minute) //nolint:forbidigo // the bubble's clock
		if at := starts(t, c, "a.example", 1, 0, 0)[0]; at != time.Minute {
			t.Errorf("started after another %s", at)
		}
	})
}

func TestClocksAreForgottenWhenTheyDoNotMatter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := fetch.NewClocks(8, time.Second, time.Minute)
		for i := range 20_000 {
			leave, err := c.Enter(t.Context(), fmt.Sprint("host", i), time.Second)
			if err != nil {
				t.Fatal(err)
			}
			leave()
			time.Sleep(time.Second) //nolint:forbidigo // the bubble's clock
		}
		if n := c.Hosts(); n > 2000 {
			t.Errorf("%d clocks", n)
		}
	})
}

func BenchmarkClock(b *testing.B) {
	c := fetch.NewClocks(8, time.Second, time.Minute)
	for b.Loop() {
		leave, err := c.Enter(context.Background(), "a.example", 0)
		if err != nil {
			b.Fatal(err)
		}
		leave()
	}
}
