package fetch_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// inMemory runs a test on the bubble's clock with one site, asked every two
// seconds at most.
func inMemory(t *testing.T, o fetch.Options, test func(t *testing.T, site *sitetest.Site, s *fetch.Session)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		net := sitetest.NewMemory()
		defer net.Close()
		site := net.Site("site.example")
		client := fetch.NewOn(o, net.Dial)
		defer client.Close()
		s := client.Source(&config.Source{ID: "test", Politeness: config.Politeness{Delay: 2 * time.Second, MaxDelay: 30 * time.Second}})
		test(t, site, s)
	})
}

func TestSpacingOnTheWire(t *testing.T) {
	inMemory(t, fetch.Options{}, func(t *testing.T, site *sitetest.Site, s *fetch.Session) {
		site.Page("/*", "<p>page")
		site.Handle("/moved", sitetest.Redirect(301, "/new"))
		for _, path := range []string{"/a", "/moved", "/b"} {
			want(t, get(t, s, site.At(path)), harvest.Fetched)
		}
		if n := len(site.Requests()); n != 5 {
			t.Errorf("%d requests: %v", n, site.Paths())
		}
		for i, gap := range site.Gaps() {
			if gap < 2*time.Second || gap > 2*time.Second+100*time.Millisecond {
				t.Errorf("gap %d is %s", i, gap)
			}
		}
	})
}

func TestAnnouncedDelayIsKeptUpToTheCap(t *testing.T) {
	for announced, kept := range map[string]time.Duration{"1": 2 * time.Second, "7": 7 * time.Second, "600": 30 * time.Second} {
		inMemory(t, fetch.Options{}, func(t *testing.T, site *sitetest.Site, s *fetch.Session) {
			site.Robots("User-agent: *\nCrawl-delay: " + announced + "\nDisallow:\n")
			site.Page("/*", "<p>page")
			for range 3 {
				want(t, get(t, s, site.At("/")), harvest.Fetched)
			}
			for i, gap := range site.Gaps() {
				if gap < kept || gap > kept+100*time.Millisecond {
					t.Errorf("announced %s: gap %d is %s, want %s", announced, i, gap, kept)
				}
			}
			host := s.Use()[0]
			if host.Delay != kept || host.Capped != (announced == "600") {
				t.Errorf("announced %s: stats %+v", announced, host)
			}
		})
	}
}

func TestRetriesBackOff(t *testing.T) {
	inMemory(t, fetch.Options{Retries: 3, Backoff: 10 * time.Second}, func(t *testing.T, site *sitetest.Site, s *fetch.Session) {
		site.Handle("/", sitetest.Flaky(3, sitetest.Status(502), sitetest.HTML("<p>at last")))
		page := get(t, s, site.At("/"))
		want(t, page, harvest.Fetched)
		if page.Requests != 4 {
			t.Errorf("%d requests", page.Requests)
		}
		gaps := site.Gaps()[1:] // without robots.txt
		for i, base := range []time.Duration{10, 20, 30} {
			if low, high := base*time.Second/2, base*time.Second*3/2+time.Second; gaps[i] < low || gaps[i] > high {
				t.Errorf("wait %d was %s, want %s to %s", i, gaps[i], low, high)
			}
		}
		if page.Duration > time.Second {
			t.Errorf("the duration of %s counts the waiting", page.Duration)
		}
		if waited := s.Use().Total().Waited; waited < 30*time.Second {
			t.Errorf("waited %s", waited)
		}
	})
}

func TestRetriesEnd(t *testing.T) {
	for _, tc := range []struct {
		name     string
		h        http.Handler
		outcome  harvest.Outcome
		requests int
	}{
		{"500", sitetest.Status(500), harvest.ServerError, 3},
		{"429", sitetest.Status(429), harvest.RateLimited, 3},
		{"503", sitetest.Status(503), harvest.ServerError, 3},
		{"501", sitetest.Status(501), harvest.ServerError, 1},
		{"404", sitetest.Status(404), harvest.NotFoundPage, 1},
		{"403", sitetest.Status(403), harvest.AccessDenied, 1},
		{"reset", sitetest.Reset(""), harvest.ConnectionError, 3},
		{"no answer", sitetest.Silent(), harvest.TimedOut, 2},
		{"a drip", sitetest.Drip(1<<20, time.Second), harvest.TimedOut, 2},
		{"a cut body", sitetest.Truncated("text/html", "<p>whole body", 4), harvest.Incomplete, 3},
		{"a corrupt body", sitetest.Labelled("gzip", "text/html", []byte("this is no gzip at all")), harvest.BadEncoding, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inMemory(t, fetch.Options{Retries: 2}, func(t *testing.T, site *sitetest.Site, s *fetch.Session) {
				site.Handle("/", tc.h)
				page := get(t, s, site.At("/"))
				want(t, page, tc.outcome)
				if page.Requests != tc.requests {
					t.Errorf("%d requests, want %d", page.Requests, tc.requests)
				}
			})
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	for _, tc := range []struct {
		name     string
		value    func() string
		asks     time.Duration
		requests int // of a page that would be there the second time
	}{
		{"seconds", func() string { return "45" }, 45 * time.Second, 2},
		{"a date", func() string { return time.Now().Add(50 * time.Second).UTC().Format(http.TimeFormat) }, 50 * time.Second, 2},
		{"a date that is over", func() string { return time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat) }, 0, 2},
		{"nonsense", func() string { return "soon" }, 0, 2},
		{"too long to wait for", func() string { return "3600" }, time.Hour, 1},
		{"a century", func() string { return "3153600000" }, 24 * time.Hour, 1},
	} {
		for _, status := range []int{429, 503} {
			t.Run(tc.name, func(t *testing.T) {
				inMemory(t, fetch.Options{Retries: 3}, func(t *testing.T, site *sitetest.Site, s *fetch.Session) {
					site.Handle("/", sitetest.Flaky(1, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						sitetest.Busy(status, tc.value()).ServeHTTP(w, r)
					}), sitetest.HTML("<p>at last")))
					page := get(t, s, site.At("/"))
					if page.Requests != tc.requests {
						t.Errorf("%d requests, want %d", page.Requests, tc.requests)
					}
					if tc.requests == 2 {
						want(t, page, harvest.Fetched)
						if gap := site.Gaps()[1]; gap < tc.asks || gap < 2*time.Second || tc.asks > 0 && gap > tc.asks+time.Second {
							t.Errorf("asked again after %s, want %s", gap, tc.asks)
						}
						return
					}
					if page.RetryAfter != tc.asks {
						t.Errorf("retry after %s, want %s", page.RetryAfter, tc.asks)
					}
					// Until then nothing of the host is asked for, and nobody waits.
					begin := time.Now()
					other := get(t, s, site.At("/other"))
					want(t, other, harvest.RateLimited)
					if other.Requests != 0 || time.Since(begin) > time.Second || other.RetryAfter <= 0 {
						t.Errorf("%d requests after %s, retry after %s", other.Requests, time.Since(begin), other.RetryAfter)
					}
					time.Sleep(tc.asks) //nolint:forbidigo // the bubble's clock
					want(t, get(t, s, site.At("/")), harvest.Fetched)
				})
			})
		}
	}
}

func TestRetryAfterCountsOnTheServersClock(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	h := http.Header{"Retry-After": {"Sun, 01 Mar 2026 10:00:30 GMT"}, "Date": {"Sun, 01 Mar 2026 10:00:00 GMT"}}
	if got := fetch.RetryAfter(h, now); got != 30*time.Second {
		t.Errorf("%s, want 30s", got)
	}
}

func TestOneHostHasOneClockWhateverTheSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := sitetest.NewMemory()
		defer net.Close()
		site := net.Site("site.example")
		site.Page("/*", "<p>page")
		client := fetch.NewOn(fetch.Options{}, net.Dial)
		defer client.Close()
		politeness := config.Politeness{Delay: 2 * time.Second}
		a := client.Source(&config.Source{ID: "a", Politeness: politeness, Network: config.Network{Ports: []uint16{8080}}})
		b := client.Source(&config.Source{ID: "b", Politeness: politeness})
		done := make(chan struct{}, 2)
		for _, s := range []*fetch.Session{a, b} {
			go func() {
				for range 3 {
					want(t, get(t, s, "http://site.example/"), harvest.Fetched)
				}
				done <- struct{}{}
			}()
		}
		<-done
		<-done
		want(t, get(t, a, "http://SITE.example.:8080/"), harvest.Fetched) // another origin, the same clock
		begin := time.Now()
		www := net.Site("www.site.example")
		www.Page("/*", "<p>page")
		want(t, get(t, b, www.At("/")), harvest.Fetched)
		if took := time.Since(begin); took < 4*time.Second {
			t.Errorf("www. has a clock of its own: two requests within %s", took)
		}
		gaps := site.Gaps()
		if len(gaps) < 6 || site.MostAtOnce() != 1 {
			t.Errorf("%d gaps, %d at once", len(gaps), site.MostAtOnce())
		}
		for i, gap := range gaps {
			if gap < 2*time.Second || gap > 2*time.Second+100*time.Millisecond {
				t.Errorf("gap %d is %s", i, gap)
			}
		}
	})
}

func TestFullQueueAtOneHostLeavesOthersAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := sitetest.NewMemory()
		defer net.Close()
		busy, idle := net.Site("busy.example"), net.Site("idle.example")
		busy.Page("/*", "<p>page")
		idle.Page("/*", "<p>page")
		client := fetch.NewOn(fetch.Options{Concurrency: 2}, net.Dial)
		defer client.Close()
		s := client.Source(&config.Source{ID: "a", Politeness: config.Politeness{Delay: time.Minute}})
		done := make(chan struct{}, 20)
		for range 20 {
			go func() { get(t, s, busy.At("/")); done <- struct{}{} }()
		}
		synctest.Wait()
		begin := time.Now()
		want(t, get(t, s, idle.At("/")), harvest.Fetched)
		if took := time.Since(begin); took > time.Minute+time.Second { // robots.txt and the page
			t.Errorf("took %s", took)
		}
		for range 20 {
			<-done
		}
	})
}
