package fetch_test

import (
	"context"
	"net"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// cable is a network that can be cut: connections break, and there are no new
// ones.
type cable struct {
	*sitetest.Memory
	mu    sync.Mutex
	down  bool
	dials int // while it was down
	open  []net.Conn
}

func (c *cable) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down {
		c.dials++
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ENETUNREACH}
	}
	conn, err := c.Memory.Dial(ctx, network, address)
	if err == nil {
		c.open = append(c.open, conn)
	}
	return conn, err
}

func (c *cable) cut(down bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down = down; down {
		for _, conn := range c.open {
			conn.Close()
		}
		c.open = nil
	}
}

func onCable(t *testing.T, test func(t *testing.T, c *cable, site *sitetest.Site, s *fetch.Session)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := &cable{Memory: sitetest.NewMemory()}
		defer c.Close()
		site := c.Site("site.example")
		site.Page("/*", "<p>page")
		client := fetch.NewOn(fetch.Options{Retries: 3}, c.dial)
		defer client.Close()
		test(t, c, site, client.Source(&config.Source{ID: "test", Politeness: config.Politeness{Delay: 2 * time.Second}}))
	})
}

// A network that is cut for a minute costs the time and no page: what was being
// asked for waits, and then the host is asked as before.
func TestNetworkCutForAMinuteLosesNoPage(t *testing.T) {
	onCable(t, func(t *testing.T, c *cable, site *sitetest.Site, s *fetch.Session) {
		want(t, get(t, s, site.At("/1")), harvest.Fetched)
		c.cut(true)
		time.AfterFunc(time.Minute, func() { c.cut(false) })
		begin := time.Now()
		want(t, get(t, s, site.At("/2")), harvest.Fetched)
		if took := time.Since(begin); took < time.Minute || took > time.Minute+15*time.Second {
			t.Errorf("the page came after %s; want soon after the network was back", took)
		}
		if c.dials < 5 || c.dials > 20 {
			t.Errorf("%d attempts to connect within a minute", c.dials)
		}
		begin = time.Now()
		want(t, get(t, s, site.At("/3")), harvest.Fetched)
		if took := time.Since(begin); took > 2*time.Second+100*time.Millisecond {
			t.Errorf("the next page took %s: the host is not asked as before", took)
		}
		if n := site.Count("/2"); n != 1 {
			t.Errorf("the page was asked for %d times", n)
		}
	})
}

// A host that stays away is waited for once, not for each of its pages, and
// again after it was back.
func TestHostThatStaysAwayIsWaitedForOnce(t *testing.T) {
	onCable(t, func(t *testing.T, c *cable, site *sitetest.Site, s *fetch.Session) {
		want(t, get(t, s, site.At("/1")), harvest.Fetched)
		for range 2 {
			c.cut(true)
			for n, most := range []time.Duration{150 * time.Second, 30 * time.Second, 30 * time.Second} {
				begin := time.Now()
				want(t, get(t, s, site.At("/2")), harvest.ConnectionError)
				if took := time.Since(begin); took > most || n == 0 && took < 2*time.Minute {
					t.Errorf("page %d was given up after %s", n, took)
				}
			}
			c.cut(false)
			want(t, get(t, s, site.At("/3")), harvest.Fetched)
		}
	})
}

// A host that never answered is nothing to wait for.
func TestHostThatNeverAnsweredIsNotWaitedFor(t *testing.T) {
	onCable(t, func(t *testing.T, c *cable, site *sitetest.Site, s *fetch.Session) {
		c.cut(true)
		begin := time.Now()
		if page := get(t, s, site.At("/1")); page.Outcome == harvest.Fetched {
			t.Fatal("fetched without a network")
		}
		if took := time.Since(begin); took > time.Minute {
			t.Errorf("it was given up after %s", took)
		}
	})
}
