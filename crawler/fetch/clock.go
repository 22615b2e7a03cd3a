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
	// slots has one place per request that may run, over all hosts. A channel
	// serves those that wait in the order in which they came, and of each host
	// only the first in line waits here: hosts take turns, however long their
	// lines are.
	slots  chan struct{}
	leases Leases // on hosts that other processes ask too

	mu    sync.Mutex
	hosts map[string]*clock
}

// clock is one host. line lets through those that ask, one at a time and in
// order, from the head of the line to the start of the request; the rest is
// guarded by clocks.mu.
type clock struct {
	line    chan struct{}
	left    chan struct{} // a request has ended
	users   int           // that wait or run
	running int
	atOnce  int           // the fewest that one of those running stands beside itself
	started time.Time     // the last request
	delay   time.Duration // that the last request wanted
	slow    time.Duration // added since the host complained
	closed  time.Time     // no request before
	knows   bool          // it has answered
	away    time.Time     // since when it takes no connection, though it has answered; zero when it does
}

// pace is how hard a request's source may ask a host.
type pace struct {
	delay  time.Duration // between the starts of two requests
	atOnce int           // requests at the same time; less than 1 is 1
}

func newClocks(concurrency int, backoff, maxWait time.Duration) *clocks {
	return &clocks{
		backoff: backoff,
		maxWait: maxWait,
		slots:   make(chan struct{}, concurrency),
		leases:  alone{},
		hosts:   make(map[string]*clock),
	}
}

// turn is the right to run one request. It must be left once.
type turn struct {
	clocks *clocks
	clock  *clock
	lease  func(next time.Time) // gives the lease back
}

// enter waits until the host has room for another request, the delay has passed
// since its last one started, and one of the slots is free. Of two sources the
// more careful one counts: the longer delay, this request's or the last one's,
// and the fewer requests at once, this one's or those running. The wait ends at
// once when ctx does. When the host has asked to be left alone for longer than
// anybody should wait, enter does not wait but reports RateLimited.
func (c *clocks) enter(ctx context.Context, host string, p pace) (*turn, error) {
	p.atOnce = max(p.atOnce, 1)
	k := c.open(host)
	lease, err := c.await(ctx, host, k, p)
	if err != nil {
		c.release(k)
		return nil, err
	}
	return &turn{clocks: c, clock: k, lease: lease}, nil
}

func (c *clocks) await(ctx context.Context, host string, k *clock, p pace) (lease func(time.Time), err error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	select {
	case k.line <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-k.line }()
	for {
		room, wait, refused := c.look(k, p)
		switch {
		case refused != nil:
			return nil, refused
		case !room:
			select {
			case <-k.left:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			continue
		case wait > 0:
			if !sleep(ctx, wait) {
				return nil, ctx.Err()
			}
			continue
		}
		if lease, err = c.leases.Hold(ctx, host); err != nil {
			return nil, err
		}
		select {
		case c.slots <- struct{}{}:
		case <-ctx.Done():
			lease(time.Time{})
			return nil, ctx.Err()
		}
		if c.start(k, p) {
			return lease, nil
		}
		<-c.slots // closed while waiting for the slot
		lease(time.Time{})
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
		k = &clock{line: make(chan struct{}, 1), left: make(chan struct{}, 1)}
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

// look says whether the host has room for another request, and how long it is
// until one may start.
func (c *clocks) look(k *clock, p pace) (room bool, wait time.Duration, refused *problem) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if closed := k.closed.Sub(now); closed > c.maxWait {
		return false, 0, &problem{
			outcome:    harvest.RateLimited,
			reason:     fmt.Sprintf("the host asked to be left alone for another %s", closed.Round(time.Second)),
			retryAfter: closed,
		}
	}
	return k.room(p), k.ready(p.delay).Sub(now), nil
}

// room reports whether another request may run beside those that do. A host
// that has complained is asked one thing at a time until it has recovered.
func (k *clock) room(p pace) bool {
	return k.running == 0 || k.slow == 0 && k.running < min(k.atOnce, p.atOnce)
}

// start notes the start of a request, unless it must wait after all.
func (c *clocks) start(k *clock, p pace) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if !k.room(p) || k.ready(p.delay).After(now) {
		return false
	}
	if k.running == 0 {
		k.atOnce = p.atOnce
	}
	k.running++
	k.atOnce = min(k.atOnce, p.atOnce)
	k.started, k.delay = now, p.delay
	return true
}

// leave ends the request and lets the next one in.
func (t *turn) leave() {
	t.lease(t.end())
	<-t.clocks.slots
	t.clocks.mu.Lock()
	defer t.clocks.mu.Unlock()
	t.clock.running--
	t.clock.users--
	select {
	case t.clock.left <- struct{}{}:
	default: // the head of the line has not seen the last one yet
	}
}

// end is when the host may be asked next.
func (t *turn) end() time.Time {
	t.clocks.mu.Lock()
	defer t.clocks.mu.Unlock()
	return t.clock.ready(0)
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

// answered notes that the host is there.
func (c *clocks) answered(host string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.hosts[host]; ok {
		k.knows, k.away = true, time.Time{}
	}
}

// missed notes that the host takes no connection.
func (c *clocks) missed(host string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k, ok := c.hosts[host]; ok && k.knows && k.away.IsZero() {
		k.away = time.Now()
	}
}

// isAwaited reports whether a host that takes no connection is to be waited for:
// it has answered before, and has not been away for longer than anybody should
// wait. When it was, it has had its chance until it answers again.
func (c *clocks) isAwaited(host string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.hosts[host]
	return ok && !k.away.IsZero() && time.Since(k.away) < c.maxWait
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
