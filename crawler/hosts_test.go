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

// stopping is a site whose n-th page is cut short, after it was asked for.
type stopping struct {
	*costly
	stop  context.CancelFunc
	pages int
}

func (s *stopping) Fetch(ctx context.Context, req harvest.Request, v harvest.Validators) *harvest.Page {
	p := s.costly.Fetch(ctx, req, v)
	if s.pages--; s.pages == 0 {
		s.stop()
		p.Outcome, p.Reason, p.Body = harvest.Cancelled, "told to stop", nil
	}
	return p
}

func TestWhatACutVisitAskedIsCounted(t *testing.T) {
	s, store, journal := newSite(6), newMemoryStore(), &memoryJournal{}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := options(s, store, journal)
	o.Workers, o.Fetcher = 1, &stopping{costly: &costly{site: s}, stop: cancel, pages: 4}
	run, err := crawler.Harvest(ctx, o)
	if err != nil || run.State != harvest.RunInterrupted || run.Requests != 5 { // robots.txt and four pages
		t.Fatalf("%s after %d requests, %v", run.State, run.Requests, err)
	}
	o = options(s, store, &memoryJournal{entries: journal.entries})
	o.Workers, o.Fetcher = 1, &costly{site: s}
	run = mustHarvest(t, o)
	asked := 0
	for _, n := range s.asked {
		asked += n
	}
	if run.State != harvest.RunPassed || run.Hosts.Total().Requests != asked+2 || run.Requests != asked+2 || len(store.records) != 6 {
		t.Errorf("%s, %d requests, by hosts %d, the site saw %d and robots.txt twice", run.State, run.Requests, run.Hosts.Total().Requests, asked)
	}
}
