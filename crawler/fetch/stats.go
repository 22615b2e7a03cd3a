package fetch

import (
	"slices"
	"sync"
	"time"

	"github.com/harvest87/harvest"
)

// tally counts what one session asks of each host. It is safe for concurrent
// use.
type tally struct {
	mu    sync.Mutex
	total harvest.HostUses
	// loose is what was asked for no page, until a page takes it along.
	loose harvest.HostUses
	// told is what the last page that came to something said of each host.
	told map[string]harvest.HostUse
}

func newTally() *tally { return &tally{told: make(map[string]harvest.HostUse)} }

// Use returns what the session has asked of each host so far. It may be called
// at any time.
func (s *Session) Use() harvest.HostUses {
	s.tally.mu.Lock()
	defer s.tally.mu.Unlock()
	return slices.Clone(s.tally.total)
}

// bill is what getting one page, or one robots.txt, asks of each host. It
// belongs to the goroutine that asks.
type bill struct {
	uses  harvest.HostUses
	trace *trace // nil unless somebody wants the whole account
}

// asked notes the requests for one URL.
func (b *bill) asked(host string, a *answer, delay time.Duration) {
	u := b.add(host, a)
	u.Delay = max(u.Delay, delay)
	if a.status == 304 {
		u.NotModified++
	}
}

// askedRobots notes the requests for one robots.txt.
func (b *bill) askedRobots(host string, a *answer) { b.add(host, a).RobotsRequests += a.attempts }

func (b *bill) add(host string, a *answer) *harvest.HostUse {
	u := b.uses.Of(host)
	u.Requests += a.attempts
	u.WireBytes += a.wire
	u.Bytes += a.plain
	u.Waited += a.idle
	u.Refused += a.refused
	return u
}

// robots notes what a host's robots.txt says.
func (b *bill) robots(host string, f *robotsFile, limit time.Duration) {
	u := b.uses.Of(host)
	u.Robots, u.RobotsHash = f.note, f.hash
	u.CrawlDelay = max(u.CrawlDelay, f.rules.crawlDelay)
	u.Capped = u.Capped || f.rules.crawlDelay > limit
}

// settle adds a bill to the session's and returns what its page is to say: the
// bill without what is known of a host already, and with what is loose. A page
// that was cancelled tells nobody, so it counts as not told.
func (t *tally) settle(b *bill, cancelled bool) harvest.HostUses {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total.Add(b.uses)
	if cancelled {
		return b.uses
	}
	uses := b.uses
	uses.Add(t.loose)
	t.loose = nil
	for i := range uses {
		u := &uses[i]
		facts := harvest.HostUse{Delay: u.Delay, CrawlDelay: u.CrawlDelay, Capped: u.Capped, Robots: u.Robots, RobotsHash: u.RobotsHash}
		if t.told[u.Host] == facts {
			u.Delay, u.CrawlDelay, u.Capped, u.Robots, u.RobotsHash = 0, 0, false, "", ""
			continue
		}
		t.told[u.Host] = facts
	}
	return slices.DeleteFunc(uses, func(u harvest.HostUse) bool { return u == harvest.HostUse{Host: u.Host} })
}

// hold keeps a bill for the next page.
func (t *tally) hold(b *bill) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total.Add(b.uses)
	t.loose.Add(b.uses)
}
