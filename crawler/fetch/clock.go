package fetch

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/harvest87/harvest"
)

const (
	maxSlow    = time.Minute    // by which a host that complains is slowed down at most
	maxClosed  = 24 * time.Hour // that a Retry-After can close a host at most
	manyClocks = 1024           // above it, clocks that tick for nobody are dropped
)

// clocks keep one clock per host. A request enters, which waits for its turn,
// and leaves when its body has been read. Every request goes by them: pages,
// redirect hops, robots.txt, retries. They are safe for concurrent use.
type clocks struct {
	backoff time.Duration
	maxWait time.Duration
	slots   chan struct{} // one per request that may run, over all hosts

	mu    sync.Mutex
	hosts map[string]*clock
}

// clock is one host. Its channel hands out turns in the order in which they
// were asked for; the rest is guarded by clocks.mu.
type clock struct {
	turns   chan struct{}
	users   int           // that wait or run
	started time.Time     // the last request
	delay   time.Duration // that the last request wanted
	slow    time.Duration // added since the host complained
	closed  time.Time     // no request before
}

func newClocks(concurrency int, backoff, maxWait time.Duration) *clocks {
	return &clocks{
		backoff: backoff,
		maxWait: maxWait,
		slots:   make(chan struct{}, concurrency),
		hosts:   make(map[string]*clock),
	}
}

// turn is the right to run one request. It must be left once.
type turn struct {
	clocks *clocks
	clock  *clock
}

// enter waits until the host is free, delay has passed since its last request
// started, and one of the slots is free. The longer delay counts, this
// request's or the last one's. The wait ends at once when ctx does. When the host has asked to be left alone for
// longer than anybody should wait, enter does not wait but reports RateLimited.
func (c *clocks) enter(ctx context.Context, host string, delay time.Duration) (*turn, error) {
	k := c.open(host)
	if err := c.await(ctx, k, delay); err != nil {
		c.release(k)
		return nil, err
	}
	return &turn{clocks: c, clock: k}, nil
}

func (c *clocks) await(ctx context.Context, k *clock, delay time.Duration) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	select {
	case k.turns <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		wait, p := c.remaining(k, delay)
		if p != nil {
			<-k.turns
			return p
		}
		if wait > 0 {
			if !sleep(ctx, wait) {
				<-k.turns
				return ctx.Err()
			}
			continue
		}
		select {
		case c.slots <- struct{}{}:
		case <-ctx.Done():
			<-k.turns
			return ctx.Err()
		}
		if c.start(k, delay) {
			return nil
		}
		<-c.slots // closed while waiting for the slot
	}
}

// open finds or makes the host's clock and holds it.
func (c *clocks) open(host string) *clock {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.hosts[host]
	if !ok {
		if len(c.hosts) >= manyClocks {
			c.sweep(time.Now())
		}
		k = &clock{turns: make(chan struct{}, 1)}
		c.hosts[host] = k
	}
	k.users++
	return k
}

func (c *clocks) release(k *clock) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k.users--
}

// sweep drops the clocks whose next request could start at once anyway.
func (c *clocks) sweep(now time.Time) {
	for host, k := range c.hosts {
		if k.users == 0 && now.After(k.ready(0)) && now.Sub(k.started) > maxSlow {
			delete(c.hosts, host)
		}
	}
}

// ready is when the next request may start.
func (k *clock) ready(delay time.Duration) time.Time {
	at := k.closed
	if !k.started.IsZero() {
		if next := k.started.Add(max(k.delay, delay) + k.slow); next.After(at) {
			at = next
		}
	}
	return at
}

func (c *clocks) remaining(k *clock, delay time.Duration) (time.Duration, *problem) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if closed := k.closed.Sub(now); closed > c.maxWait {
		return 0, &problem{
			outcome:    harvest.RateLimited,
			reason:     fmt.Sprintf("the host asked to be left alone for another %s", closed.Round(time.Second)),
			retryAfter: closed,
		}
	}
	return k.ready(delay).Sub(now), nil
}

// start notes the start of a request, unless it must wait after all.
func (c *clocks) start(k *clock, delay time.Duration) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if k.ready(delay).After(now) {
		return false
	}
	k.started, k.delay = now, delay
	return true
}

// leave ends the request and lets the next one in.
func (t *turn) leave() {
	<-t.clocks.slots
	<-t.clock.turns
	t.clocks.release(t.clock)
}

// press slows the host down, each time twice as much, and closes it for as
// long as it asks.
func (c *clocks) press(host string, retryAfter time.Duration) {
	k := c.open(host)
	defer c.release(k)
	c.mu.Lock()
	defer c.mu.Unlock()
	k.slow = min(max(2*k.slow, k.delay, c.backoff), maxSlow)
	if until := time.Now().Add(min(retryAfter, maxClosed)); retryAfter > 0 && until.After(k.closed) {
		k.closed = until
	}
}

// ease takes a quarter off what press has added, after each good answer, and
// the rest when little is left.
func (c *clocks) ease(host string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.hosts[host]
	if !ok || k.slow == 0 {
		return
	}
	if k.slow -= k.slow / 4; k.slow < max(k.delay, c.backoff)/4 {
		k.slow = 0
	}
}

// sleep waits and reports true, or false at once when ctx ends.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
