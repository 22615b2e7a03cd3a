package crawler_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// costly is a site whose pages say what they asked of its host: the first one
// of each session robots.txt, too.
type costly struct {
	*site
	session atomic.Int64
}

func (c *costly) Fetch(ctx context.Context, req harvest.Request, v harvest.Validators) *harvest.Page {
	p := c.site.Fetch(ctx, req, v)
	if p.Outcome == harvest.Cancelled {
		return p
	}
	use := harvest.HostUse{Host: "library.example", Requests: 1, WireBytes: 10, Bytes: 20}
	if p.Outcome == harvest.NotModified {
		use.NotModified = 1
	}
	if c.session.Add(1) == 1 {
		use.Requests, use.RobotsRequests, use.Robots, use.RobotsHash = 2, 1, "read", "0badcafe"
	}
	p.Size, p.WireBytes, p.Bytes, p.Hosts = 10, 10, 20, harvest.HostUses{use}
	return p
}

func TestWhatHostsHadToBearSurvivesACrash(t *testing.T) {
	const items, die = 6, 5
	s, store, journal := newSite(items), newMemoryStore(), &memoryJournal{dieAfter: die, stored: true}
	o := options(s, store, journal)
	o.Workers, o.Fetcher = 1, &costly{site: s}
	if _, err := crawler.Harvest(t.Context(), o); err == nil {
		t.Fatal("the run was to die")
	}
	o = options(s, store, &memoryJournal{entries: journal.entries})
	o.Workers, o.Fetcher = 1, &costly{site: s}
	run := mustHarvest(t, o)
	asked := 0
	for _, n := range s.asked {
		asked += n
	}
	// Each of the two sessions asked for robots.txt once.
	want := harvest.HostUses{{
		Host: "library.example", Requests: asked + 2, RobotsRequests: 2, WireBytes: int64(10 * asked), Bytes: int64(20 * asked),
		Robots: "read", RobotsHash: "0badcafe",
	}}
	if diff := cmp.Diff(want, run.Hosts); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if run.Requests != asked+2 || run.WireBytes != int64(10*asked) || run.Resumed != 1 {
		t.Errorf("%d requests, %d octets, resumed %d", run.Requests, run.WireBytes, run.Resumed)
	}
	if diff := cmp.Diff(run.Hosts, store.runs[run.ID].Hosts); diff != "" {
		t.Errorf("the store has another report:\n%s", diff)
	}
}

func TestA304SavesWhatThePageHadWeighed(t *testing.T) {
	const items = 4
	s, store := newSite(items), newMemoryStore()
	s.etags = true
	o := options(s, store, &memoryJournal{})
	o.Fetcher = &costly{site: s}
	first := mustHarvest(t, o)
	o = options(s, store, &memoryJournal{})
	o.ScheduledAt = later()
	o.ID = harvest.NewRunID("library", o.ScheduledAt)
	o.Now, o.Fetcher = later, &costly{site: s}
	second := mustHarvest(t, o)
	if first.Hosts[0].Saved != 0 || second.Hosts[0].NotModified != items || second.Hosts[0].Saved != 10*items {
		t.Errorf("first %+v\nsecond %+v", first.Hosts, second.Hosts)
	}
}
