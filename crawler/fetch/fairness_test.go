package fetch_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// visitor runs one request at a host and says when it started.
type visitor struct {
	host   string
	delay  time.Duration
	atOnce int
	takes  time.Duration
}

// visits lets visitors in, in their order, and returns when each of them
// started, and the most that were at each host at the same time.
func visits(t *testing.T, c *fetch.Clocks, all []visitor) (started []time.Duration, most map[string]int) {
	t.Helper()
	begin := time.Now()
	started, most = make([]time.Duration, len(all)), map[string]int{}
	now := map[string]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i, v := range all {
		wg.Go(func() {
			leave, err := c.EnterWith(t.Context(), v.host, v.delay, v.atOnce)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			started[i] = time.Since(begin)
			now[v.host]++
			most[v.host] = max(most[v.host], now[v.host])
			mu.Unlock()
			time.Sleep(v.takes) //nolint:forbidigo // the bubble's clock
			mu.Lock()
			now[v.host]--
			mu.Unlock()
			leave()
		})
		synctest.Wait() // in the order of the list
	}
	wg.Wait()
	return started, most
}

// A host with a thousand requests waiting gets its turn like any other when
// there are fewer slots than hosts, and no more than that.
func TestAThousandWaitersStarveNobody(t *testing.T) {
	for _, atOnce := range []int{1, 4} {
		synctest.Test(t, func(t *testing.T) {
			const slots, hosts, each = 2, 9, 3
			c := fetch.NewClocks(slots, time.Second, time.Minute)
			var all []visitor
			for range 1000 {
				all = append(all, visitor{host: "greedy.example", atOnce: atOnce, takes: time.Second})
			}
			for i := range hosts {
				for range each {
					all = append(all, visitor{host: fmt.Sprintf("small%d.example", i), atOnce: atOnce, takes: time.Second})
				}
			}
			started, _ := visits(t, c, all)
			// Ten hosts take turns at two slots, so that each has one in five
			// seconds; a slot or two more are taken when the line forms.
			for i, at := range started[1000:] {
				if turn := i%each + 1; at > time.Duration(turn)*(hosts+1)/slots*time.Second+2*time.Second {
					t.Errorf("%d at once: request %d of %s waited %s", atOnce, turn, all[1000+i].host, at)
				}
			}
			inTime := 0
			for _, at := range started[:1000] {
				if at < 15*time.Second {
					inTime++
				}
			}
			if inTime < 3 || inTime > 8 {
				t.Errorf("%d at once: the greedy host had %d of 30 turns, its share is 3", atOnce, inTime)
			}
		})
	}
}

func TestAHostIsAskedAsManyThingsAtOnceAsItsSourceSays(t *testing.T) {
	for _, tc := range []struct {
		name    string
		all     []visitor
		most    int
		last    time.Duration
		because string
	}{
		{"one by default", repeat(4, visitor{takes: 10 * time.Second}), 1, 30 * time.Second, "one after the other"},
		{"three", repeat(6, visitor{takes: 10 * time.Second, atOnce: 3}), 3, 10 * time.Second, "two rounds of three"},
		{"three, a delay apart", repeat(6, visitor{takes: 10 * time.Second, atOnce: 3, delay: 2 * time.Second}), 3, 14 * time.Second, "starts keep the delay: 0, 2, 4, 10, 12, 14"},
		{"no faster than the delay", repeat(4, visitor{takes: time.Second, atOnce: 3, delay: 2 * time.Second}), 1, 6 * time.Second, "answers are quicker than the delay"},
		{
			"a careful source comes second", append(repeat(3, visitor{takes: 10 * time.Second, atOnce: 3}), visitor{takes: 10 * time.Second, atOnce: 1}),
			3, 10 * time.Second, "it starts when all others have ended",
		},
		{
			"a careful source comes first", append(repeat(1, visitor{takes: 10 * time.Second, atOnce: 1}), repeat(3, visitor{takes: 10 * time.Second, atOnce: 3})...),
			3, 10 * time.Second, "all others start when it has ended",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for i := range tc.all {
					tc.all[i].host = "a.example"
				}
				started, most := visits(t, fetch.NewClocks(8, time.Second, time.Minute), tc.all)
				if last := started[len(started)-1]; most["a.example"] != tc.most || last != tc.last {
					t.Errorf("%d at once, starts %v; want %d, the last after %s (%s)", most["a.example"], started, tc.most, tc.last, tc.because)
				}
			})
		})
	}
}

func repeat(n int, v visitor) []visitor {
	var out []visitor
	for range n {
		out = append(out, v)
	}
	return out
}

func TestAHostThatComplainsIsAskedOneThingAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := fetch.NewClocks(8, time.Second, time.Minute)
		quick := repeat(6, visitor{host: "a.example", atOnce: 3, takes: 10 * time.Second})
		c.Press("a.example", 0)
		if _, most := visits(t, c, quick); most["a.example"] != 1 {
			t.Errorf("%d at once after a complaint", most["a.example"])
		}
		for range 30 {
			c.Ease("a.example")
		}
		if _, most := visits(t, c, quick); most["a.example"] != 3 {
			t.Errorf("%d at once after it has recovered", most["a.example"])
		}
	})
}

func TestOneOrganisationHasOneClock(t *testing.T) {
	for raw, want := range map[string]string{
		"https://example.org/":                      "example.org",
		"http://EXAMPLE.org.:8080/":                 "example.org",
		"https://www.example.org/":                  "example.org",
		"https://docs.api.example.org/a":            "example.org",
		"https://dol.example.co.uk/":                "example.co.uk",
		"https://homeoffice.gov.uk/":                "homeoffice.gov.uk", // gov.uk is nobody's domain
		"https://assets.publishing.service.gov.uk/": "publishing.service.gov.uk",
		"https://one.github.io/":                    "one.github.io",
		"https://two.github.io/":                    "two.github.io",
		"https://github.io/":                        "github.io",
		"https://intranet/":                         "intranet",
		"https://bücher.example/":                   "xn--bcher-kva.example",
		"http://192.0.2.7:8080/":                    "192.0.2.7",
		"https://192.0.2.7/":                        "192.0.2.7",
		"http://192.0.2.8/":                         "192.0.2.8",
		"http://[2001:db8::7]:8080/":                "2001:db8::7",
		"http://127.0.0.1:8080/":                    "127.0.0.1:8080",
		"http://[::1]:8080/":                        "[::1]:8080",
		"http://localhost:9/":                       "localhost:9",
		"http://a.localhost:9/":                     "a.localhost:9",
	} {
		if got := fetch.ClockKey(raw); got != want {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
}

// Two names of one organisation wait for each other, and a third host does not.
func TestSubdomainsShareTheirClockOnTheWire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := sitetest.NewMemory()
		defer net.Close()
		www, docs, other := net.Site("www.site.example"), net.Site("docs.site.example"), net.Site("www.other.example")
		for _, s := range []*sitetest.Site{www, docs, other} {
			s.Page("/*", "<p>page")
		}
		client := fetch.NewOn(fetch.Options{}, net.Dial)
		defer client.Close()
		begin := time.Now()
		var wg sync.WaitGroup
		for i, s := range []*sitetest.Site{www, docs, other} {
			session := client.Source(&config.Source{Politeness: config.Politeness{Delay: time.Duration(i+1) * time.Second}})
			wg.Go(func() { get(t, session, s.At("/")) })
			synctest.Wait()
		}
		wg.Wait()
		var starts []time.Duration
		for _, r := range append(www.Requests(), docs.Requests()...) {
			starts = append(starts, r.At.Sub(begin).Round(time.Millisecond))
		}
		// robots.txt and page of www. are a second apart, as its source says, and
		// the two of docs. follow after two seconds each.
		if want := "[0s 1s 3s 5s]"; fmt.Sprint(starts) != want {
			t.Errorf("www. and docs. were asked after %v, want %s", starts, want)
		}
		if at := other.Requests()[1].At.Sub(begin); at != 3*time.Second {
			t.Errorf("the other host's page was asked for after %s", at)
		}
	})
}
