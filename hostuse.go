package harvest

import (
	"slices"
	"strings"
	"time"
)

// HostUse is what was asked of one host, for one page or over a run: how
// polite the run was, in numbers. The host is the one whose clock the requests
// went by, so that names of one organisation count together.
type HostUse struct {
	Host string `json:"host" bson:"host"`
	// Requests counts everything that was sent: pages, redirect hops, retries
	// and robots.txt, which RobotsRequests counts alone.
	Requests       int `json:"requests" bson:"requests"`
	RobotsRequests int `json:"robots_requests,omitempty" bson:"robots_requests,omitempty"`
	// NotModified counts answers 304; Saved is what those pages had weighed on
	// the wire, in octets, when they were last fetched.
	NotModified int   `json:"not_modified,omitempty" bson:"not_modified,omitempty"`
	Saved       int64 `json:"saved_bytes,omitempty" bson:"saved_bytes,omitempty"`
	// Refused counts answers 429 and 503, each of which slowed the host down.
	Refused int `json:"refused,omitempty" bson:"refused,omitempty"`
	// WireBytes is what travelled in bodies, Bytes what it was after decompression.
	WireBytes int64 `json:"wire_bytes" bson:"wire_bytes"`
	Bytes     int64 `json:"bytes" bson:"bytes"`
	// Waited is the time spent waiting for the host's turn and between
	// attempts, over all requests.
	Waited time.Duration `json:"waited_ns,omitempty" bson:"waited_ns,omitempty"`
	// Delay is the time kept between the starts of two requests, the longest
	// that was wanted of the host before it complained of anything.
	Delay time.Duration `json:"delay_ns,omitempty" bson:"delay_ns,omitempty"`
	// CrawlDelay is what robots.txt announces to us. Capped says that it is
	// more than the source's limit, so that the limit was kept instead.
	CrawlDelay time.Duration `json:"crawl_delay_ns,omitempty" bson:"crawl_delay_ns,omitempty"`
	Capped     bool          `json:"capped,omitempty" bson:"capped,omitempty"`
	// Robots says how robots.txt was had, such as "read"; RobotsHash is the
	// SHA-256 of its content, in lower-case hex. With several files (a host
	// has one for each scheme, name and port) they are of the last one that was read.
	Robots     string `json:"robots,omitempty" bson:"robots,omitempty"`
	RobotsHash string `json:"robots_hash,omitempty" bson:"robots_hash,omitempty"`
}

// Add adds another use of the same host.
func (u *HostUse) Add(v *HostUse) {
	u.Requests += v.Requests
	u.RobotsRequests += v.RobotsRequests
	u.NotModified += v.NotModified
	u.Saved += v.Saved
	u.Refused += v.Refused
	u.WireBytes += v.WireBytes
	u.Bytes += v.Bytes
	u.Waited += v.Waited
	u.Delay = max(u.Delay, v.Delay)
	u.CrawlDelay = max(u.CrawlDelay, v.CrawlDelay)
	u.Capped = u.Capped || v.Capped
	if v.Robots != "" {
		u.Robots, u.RobotsHash = v.Robots, v.RobotsHash
	}
}

// HostUses are the uses of several hosts, sorted by host. The zero value is
// that of none.
type HostUses []HostUse

// Of returns the use of a host, which it adds when there is none. The pointer
// is good until the next call.
func (s *HostUses) Of(host string) *HostUse {
	i, found := slices.BinarySearchFunc(*s, host, func(u HostUse, host string) int { return strings.Compare(u.Host, host) })
	if !found {
		*s = slices.Insert(*s, i, HostUse{Host: host})
	}
	return &(*s)[i]
}

// Add adds uses host by host.
func (s *HostUses) Add(more HostUses) {
	for i := range more {
		s.Of(more[i].Host).Add(&more[i])
	}
}

// Total is the sum over all hosts, without a host's name.
func (s HostUses) Total() HostUse {
	var sum HostUse
	for i := range s {
		sum.Add(&s[i])
	}
	sum.Robots, sum.RobotsHash = "", ""
	return sum
}
