package fetch

import (
	"fmt"
	"net/http"
	"sync"

	"github.com/harvest87/harvest/config"
)

// Client owns what all sources share: the clock of each host, the robots.txt
// of each origin, and the connections. There is one per process; two would not
// know of each other's requests. It is safe for concurrent use.
type Client struct {
	options Options
	clocks  *clocks
	robots  *robots

	mu       sync.Mutex
	networks map[string]*network // by policy
}

// New returns a client. It opens no connection and reads no file.
func New(o Options) *Client {
	o = o.withDefaults()
	clocks := newClocks(o.Concurrency, o.Backoff, o.MaxWait)
	if o.Leases != nil {
		clocks.leases = o.Leases
	}
	return &Client{
		options:  o,
		clocks:   clocks,
		robots:   newRobots(productToken(o.UserAgent), o.CacheDir, o.Logger),
		networks: make(map[string]*network),
	}
}

// Close gives back the idle connections. Fetches that are under way are ended
// by their own contexts, which is for the caller to do first. It always
// returns nil.
func (c *Client) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, n := range c.networks {
		n.transport.CloseIdleConnections()
	}
	return nil
}

// Source returns a session for one run of one source, with its politeness, its
// network and cookies of its own. The source must not change afterwards.
func (c *Client) Source(src *config.Source) *Session {
	s := &Session{
		client:     c,
		source:     src.ID,
		politeness: src.Politeness,
		network:    c.network(src.Network),
		jar:        newJar(),
		tally:      newTally(),
	}
	chain := &chain{clocks: c.clocks, next: s.network.transport, options: &c.options}
	s.shell = newShell(&http.Client{Transport: chain, Jar: s.jar, CheckRedirect: stay}, c.options.UserAgent)
	s.plain = &http.Client{Transport: chain, CheckRedirect: stay}
	return s
}

// stay keeps http.Client from following redirects: [Session.Fetch] follows them,
// with every check made again at each hop.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// network returns the dialer and connections for a policy. Sources of one
// policy share connections; others must not, for a connection once dialled is
// not judged again.
func (c *Client) network(policy config.Network) *network {
	key := fmt.Sprint(policy.Allow, policy.Ports)
	c.mu.Lock()
	defer c.mu.Unlock()
	n, ok := c.networks[key]
	if !ok {
		n = newNetwork(policy, &c.options)
		c.networks[key] = n
	}
	return n
}
