package queue_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/queue"
)

var _ fetch.Leases = (*queue.Hosts)(nil)

func hosts(t testing.TB, e *queue.Engine) *queue.Hosts {
	t.Helper()
	h, err := e.Hosts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func hold(t testing.TB, h *queue.Hosts, host string) func(time.Time) {
	t.Helper()
	release, err := h.Hold(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	return release
}

// refuses reports whether a host cannot be held for a while.
func refuses(t testing.TB, h *queue.Hosts, host string, long time.Duration) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), long)
	defer cancel()
	release, err := h.Hold(ctx, host)
	if err == nil {
		release(time.Time{})
	} else if !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	return err != nil
}

func TestEmbeddedQueueNeedsNoLeases(t *testing.T) {
	if h := hosts(t, open(t, t.TempDir())); h != nil {
		t.Error("an embedded queue has leases")
	}
}

// Two processes want the same hosts: never both at once, and never before the
// moment that the one before has named.
func TestProcessesTakeTurnsAtAHost(t *testing.T) {
	url := farServer(t)
	all := []*queue.Hosts{hosts(t, quick(t, url)), hosts(t, quick(t, url))}
	names := []string{"a.example", "b.example:8443", "[::1]:80"}
	const delay = 15 * time.Millisecond
	inside := make([]atomic.Int32, len(names))
	last := make([]atomic.Pointer[time.Time], len(names))
	var times [2]atomic.Int32
	var wg sync.WaitGroup
	for p, h := range all {
		for i, name := range names {
			wg.Go(func() {
				for range 10 {
					release := hold(t, h, name)
					now := time.Now()
					if inside[i].Add(1) != 1 {
						t.Errorf("two processes ask %s at once", name)
					}
					if before := last[i].Swap(&now); before != nil && now.Sub(*before) < delay {
						t.Errorf("%s is asked again after %s, want %s", name, now.Sub(*before), delay)
					}
					inside[i].Add(-1)
					times[p].Add(1)
					release(now.Add(delay))
				}
			})
		}
	}
	wg.Wait()
	if a, b := times[0].Load(), times[1].Load(); a != 30 || b != 30 {
		t.Errorf("asked %d and %d times", a, b)
	}
}

func TestOneProcessHoldsAHostSeveralTimes(t *testing.T) {
	url := farServer(t)
	one, two := hosts(t, quick(t, url)), hosts(t, quick(t, url))
	first, second := hold(t, one, "a.example"), hold(t, one, "a.example")
	first(time.Time{})
	first(time.Time{}) // counts once
	if !refuses(t, two, "a.example", 100*time.Millisecond) {
		t.Error("the host is free while one hold is left")
	}
	second(time.Time{})
	hold(t, two, "a.example")(time.Time{})
}

// A hold lasts as long as its process lives, however long a request takes, and
// ends by itself when that is dead.
func TestHoldOfADeadProcessEnds(t *testing.T) {
	url := farServer(t)
	e := quick(t, url)
	one, two := hosts(t, e), hosts(t, quick(t, url))
	release := hold(t, one, "a.example")
	if !refuses(t, two, "a.example", time.Second) { // more than twice the silence
		t.Error("the hold of a process that lives has ended")
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	hold(t, two, "a.example")(time.Time{})
	release(time.Time{}) // late; it changes nothing
}

// What a host has asked for outlives who heard it.
func TestLongPauseIsRemembered(t *testing.T) {
	url := farServer(t)
	e := quick(t, url)
	one, two := hosts(t, e), hosts(t, quick(t, url))
	until := time.Now().Add(time.Hour)
	hold(t, one, "a.example")(until)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if !refuses(t, two, "a.example", time.Second) { // the lease itself is forgotten by then
		t.Error("a host that asked for an hour is asked at once")
	}
	hold(t, two, "b.example")(time.Time{})
}

// The same seen from the site: two crawlers, each with a queue of its own at
// one server, two sources of one host.
func TestCrawlersTakeTurnsAtASite(t *testing.T) {
	const delay = 40 * time.Millisecond
	var mu sync.Mutex
	var starts []time.Time
	asking := 0
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		starts = append(starts, time.Now())
		if asking++; asking > 1 {
			t.Error("two requests at once")
		}
		mu.Unlock()
		<-time.After(5 * time.Millisecond)
		mu.Lock()
		asking--
		mu.Unlock()
		fmt.Fprint(w, "<html><title>a page</title><p>enough to read</p></html>")
	}))
	defer site.Close()
	url := farServer(t)
	var wg sync.WaitGroup
	const pages = 6
	for p := range 2 {
		client := fetch.New(fetch.Options{Leases: hosts(t, quick(t, url))})
		defer client.Close()
		session := client.Source(&config.Source{
			ID: harvest.SourceID(fmt.Sprint("source", p)), Politeness: config.Politeness{Delay: delay},
			Network: config.Network{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
		})
		for i := range pages {
			wg.Go(func() {
				page := session.Fetch(t.Context(), harvest.Request{URL: fmt.Sprintf("%s/%d/%d", site.URL, p, i), Kind: harvest.KindItem}, harvest.Validators{})
				if page.Outcome != harvest.Fetched {
					t.Errorf("%s: %s (%s)", page.URL, page.Outcome, page.Reason)
				}
			})
		}
	}
	wg.Wait()
	if want := 2 * (pages + 1); len(starts) != want { // and robots.txt each
		t.Errorf("%d requests, want %d", len(starts), want)
	}
	for i := 1; i < len(starts); i++ { // as they arrive; that they leave in time is TestProcessesTakeTurnsAtAHost
		if gap := starts[i].Sub(starts[i-1]); gap < delay/2 {
			t.Errorf("request %d comes %s after the one before, want about %s", i, gap, delay)
		}
	}
}

func BenchmarkHold(b *testing.B) {
	h := hosts(b, quick(b, farServer(b)))
	for i := range b.N {
		hold(b, h, fmt.Sprint("host", i%10))(time.Time{})
	}
}
