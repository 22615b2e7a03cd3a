package crawler_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// asking is a site on which some pages ask something of robots.
type asking struct {
	*site
	noIndex, noFollow string // URLs
}

func (a asking) Fetch(ctx context.Context, req harvest.Request, v harvest.Validators) *harvest.Page {
	p := a.site.Fetch(ctx, req, v)
	p.NoIndex, p.NoFollow = req.URL == a.noIndex, req.URL == a.noFollow
	if p.NoIndex || p.NoFollow {
		p.RobotsSaid = "the page has words for it"
	}
	return p
}

func TestNoindexItemsAreNotRecorded(t *testing.T) {
	s, store := newSite(6), newMemoryStore()
	o := options(s, store, &memoryJournal{})
	o.Fetcher = asking{site: s, noIndex: home + "item/3"}
	run := mustHarvest(t, o)
	if run.State != harvest.RunPassed || run.Outcomes[harvest.NoIndexed] != 1 || slices.Contains(store.titles(), "Report 3") || len(store.records) != 5 {
		t.Errorf("%s, outcomes %v, records %v", run.State, run.Outcomes, store.titles())
	}
	if len(run.Samples) != 1 || run.Samples[0].Reason != "the page has words for it" {
		t.Errorf("samples %+v", run.Samples)
	}
}

func TestLinksOfNofollowPagesAreNotFollowed(t *testing.T) {
	s, store := newSite(6), newMemoryStore() // two to a list page
	o := options(s, store, &memoryJournal{})
	o.Fetcher = asking{site: s, noFollow: home + "list/2"}
	run := mustHarvest(t, o)
	if titles := store.titles(); len(titles) != 2 || s.asked[home+"list/3"]+s.asked[home+"item/3"] != 0 {
		t.Errorf("records %v, asked %v", titles, s.asked)
	}
	if !slices.ContainsFunc(run.Notes, func(n string) bool {
		return strings.Contains(n, "the page has words for it") && strings.Contains(n, "not followed")
	}) {
		t.Errorf("notes %q", run.Notes)
	}
}

func TestDiscoveryGoesOnWhereAListAsksNotToBeIndexed(t *testing.T) {
	s, store := newSite(6), newMemoryStore()
	o := options(s, store, &memoryJournal{})
	o.Fetcher = asking{site: s, noIndex: home + "list/2"}
	if run := mustHarvest(t, o); run.State != harvest.RunPassed || len(store.records) != 6 {
		t.Errorf("%s, records %v", run.State, store.titles())
	}
}

var _ crawler.Fetcher = asking{}
