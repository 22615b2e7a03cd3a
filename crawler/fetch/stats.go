package fetch

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/harvest87/harvest"
)

// Stats is what a run did to the hosts it visited.
type Stats struct {
	// Requests counts everything that was sent: pages, redirect hops, retries
	// and robots.txt, which RobotsRequests counts alone.
	Requests       int `json:"requests"`
	RobotsRequests int `json:"robots_requests"`
	// Pages counts calls of Fetch, NotModified those that ended so.
	Pages       int `json:"pages"`
	NotModified int `json:"not_modified"`
	// WireBytes is what travelled in bodies, Bytes what it was after decompression.
	WireBytes int64 `json:"wire_bytes"`
	Bytes     int64 `json:"bytes"`
	// Waited is the time spent waiting for hosts, over all pages.
	Waited time.Duration `json:"waited_ns"`
	Hosts  []HostStats   `json:"hosts,omitempty"` // sorted by host
}

// HostStats is the share of one host, with what its robots.txt announced.
type HostStats struct {
	Host        string        `json:"host"`
	Requests    int           `json:"requests"`
	NotModified int           `json:"not_modified,omitempty"`
	WireBytes   int64         `json:"wire_bytes"`
	Bytes       int64         `json:"bytes"`
	Waited      time.Duration `json:"waited_ns"`
	// Refused counts answers 429 and 503, each of which slowed the host down.
	Refused int `json:"refused,omitempty"`
	// CrawlDelay is what robots.txt announces to us. Capped says that it is more
	// than the source's limit, Delay, that was kept instead.
	CrawlDelay time.Duration `json:"crawl_delay_ns,omitempty"`
	Capped     bool          `json:"capped,omitempty"`
	Delay      time.Duration `json:"delay_ns"` // between the starts of two requests, as last kept
	// Robots says how robots.txt was had, RobotsHash is the SHA-256 of it.
	Robots     string `json:"robots,omitempty"`
	RobotsHash string `json:"robots_hash,omitempty"`
}

// tally counts for one session. It is safe for concurrent use.
type tally struct {
	mu    sync.Mutex
	stats Stats
	hosts map[string]*HostStats
}

func newTally() *tally { return &tally{hosts: make(map[string]*HostStats)} }

// Stats returns the numbers so far. It may be called at any time.
func (s *Session) Stats() Stats {
	t := s.tally
	t.mu.Lock()
	defer t.mu.Unlock()
	out := t.stats
	for _, host := range slices.Sorted(maps.Keys(t.hosts)) {
		out.Hosts = append(out.Hosts, *t.hosts[host])
	}
	return out
}

// page counts the end of a Fetch.
func (t *tally) page(p *harvest.Page) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stats.Pages++
	if p.Outcome == harvest.NotModified {
		t.stats.NotModified++
	}
}

// asked counts the requests for one URL.
func (t *tally) asked(host string, a *answer, delay time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.add(host, a)
	h.Delay = delay
	if a.status == 304 {
		h.NotModified++
	}
}

// askedRobots counts the requests for one robots.txt.
func (t *tally) askedRobots(host string, a *answer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.add(host, a)
	t.stats.RobotsRequests += a.attempts
}

func (t *tally) add(host string, a *answer) *HostStats {
	h := t.host(host)
	h.Requests += a.attempts
	h.WireBytes += a.wire
	h.Bytes += a.plain
	h.Waited += a.idle
	h.Refused += a.refused
	t.stats.Requests += a.attempts
	t.stats.WireBytes += a.wire
	t.stats.Bytes += a.plain
	t.stats.Waited += a.idle
	return h
}

// robots notes what a host's robots.txt says.
func (t *tally) robots(host string, f *robotsFile, limit time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.host(host)
	h.Robots, h.RobotsHash = f.note, f.hash
	h.CrawlDelay, h.Capped = f.rules.crawlDelay, f.rules.crawlDelay > limit
}

func (t *tally) host(name string) *HostStats {
	h, ok := t.hosts[name]
	if !ok {
		h = &HostStats{Host: name}
		t.hosts[name] = h
	}
	return h
}
