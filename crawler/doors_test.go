package crawler_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

func TestDoorsAreTriedInOrder(t *testing.T) {
	s, store := newSite(4), newMemoryStore()
	o := options(s, store, &memoryJournal{})
	o.Doors = []crawler.Door{lineDoor{start: home + "api"}, lineDoor{start: home + "empty"}, lineDoor{start: home + "list/1"}}
	o.DoorNames = []string{"wordpress", "feed", "listing"}
	s.pages[home+"empty"] = "nothing\n"
	run := mustHarvest(t, o)
	want := []harvest.DoorTrial{
		{Door: "wordpress", Reason: "start page: not-found"},
		{Door: "feed", Reason: "gave no record"},
		{Door: "listing", Used: true},
	}
	if diff := cmp.Diff(want, run.Doors); diff != "" || len(store.records) != 4 {
		t.Errorf("doors: %s\n%d records, want 4", diff, len(store.records))
	}
}

func TestVerdicts(t *testing.T) {
	tests := []struct {
		name   string
		change func(s *site, o *crawler.Options)
		want   harvest.RunState
		reason string
	}{
		{"no door works", func(s *site, _ *crawler.Options) { s.fail[home+"list/1"] = harvest.ServerError }, harvest.RunFailed, "no door works: listing start page: server-error"},
		{"a page is missing", func(s *site, _ *crawler.Options) { s.fail[home+"item/2"] = harvest.NotFoundPage }, harvest.RunPassed, ""},
		{"a page fails", func(s *site, _ *crawler.Options) { s.fail[home+"item/2"] = harvest.TimedOut }, harvest.RunPartial, "1 ending that should not be: timeout 1"},
		{"a listing page fails", func(s *site, _ *crawler.Options) { s.fail[home+"list/2"] = harvest.ServerError }, harvest.RunPartial, "1 ending that should not be: server-error 1"},
		{"the parser breaks", func(s *site, _ *crawler.Options) { s.pages[home+"item/2"] = "panic at once\n" }, harvest.RunPartial, "1 ending that should not be: panic 1"},
		{"a door dies late", func(s *site, _ *crawler.Options) { s.pages[home+"item/4"] += "dead of late\n" }, harvest.RunPartial, "1 ending that should not be: parse-failed 1"},
		{"page limit", func(_ *site, o *crawler.Options) { o.Source.Limits.Pages, o.Workers = 2, 1 }, harvest.RunPartial, "stopped at limits.pages: 2 pages"},
		{"gate", func(_ *site, o *crawler.Options) { o.Source.Gates.Records.Op, o.Source.Gates.Records.Value = ">=", 200 }, harvest.RunQuarantined, "records: 4 records, the source file wants >= 200"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, store := newSite(4), newMemoryStore()
			o := options(s, store, &memoryJournal{})
			o.Workers = 1
			tt.change(s, &o)
			run := mustHarvest(t, o)
			if run.State != tt.want || run.Reason != tt.reason {
				t.Errorf("%s (%s), want %s (%s); outcomes %v", run.State, run.Reason, tt.want, tt.reason, run.Outcomes)
			}
		})
	}
}

func TestStopBeforeTheFirstRecordKeepsTheDoor(t *testing.T) {
	s, store, journal := newSite(3), newMemoryStore(), &memoryJournal{}
	ctx, stop := context.WithCancel(t.Context())
	s.onAsk = func(string) { stop() }
	o := options(s, store, journal)
	o.Doors, o.DoorNames = append(o.Doors, lineDoor{start: home + "nothing"}), append(o.DoorNames, "second")
	if run, err := crawler.Harvest(ctx, o); err != nil || run.State != harvest.RunInterrupted {
		t.Fatalf("run %s, err %v", run.State, err)
	}
	s.onAsk = nil
	o = options(s, store, &memoryJournal{entries: journal.entries})
	if run := mustHarvest(t, o); run.State != harvest.RunPassed || len(store.records) != 3 || run.Door() != "listing" {
		t.Errorf("%s (%s) through %q, %d records", run.State, run.Reason, run.Door(), len(store.records))
	}
}

func TestNextDoorMayAskWhatTheLastOneAsked(t *testing.T) {
	s, store := newSite(3), newMemoryStore()
	o := options(s, store, &memoryJournal{})
	o.Doors = []crawler.Door{blindDoor{lineDoor{start: home + "list/1"}}, lineDoor{start: home + "list/1"}}
	o.DoorNames = []string{"listing", "listing"}
	if run := mustHarvest(t, o); run.State != harvest.RunPassed || len(store.records) != 3 {
		t.Errorf("%s (%s), %d records; want the second door's 3", run.State, run.Reason, len(store.records))
	}
}

// blindDoor visits everything and finds nothing.
type blindDoor struct{ lineDoor }

func (d blindDoor) Parse(p *harvest.Page) harvest.Parsed {
	out := d.lineDoor.Parse(p)
	out.Records = nil
	return out
}

func TestDoorPassedOverIsNoHole(t *testing.T) {
	s, store := newSite(3), newMemoryStore()
	s.fail[home+"api"] = harvest.AccessDenied
	o := options(s, store, &memoryJournal{})
	o.Doors = []crawler.Door{lineDoor{start: home + "api"}, lineDoor{start: home + "list/1"}}
	o.DoorNames = []string{"wordpress", "listing"}
	run := mustHarvest(t, o)
	if run.State != harvest.RunPassed || run.Outcomes[harvest.Declined] != 1 || run.Outcomes[harvest.AccessDenied] != 0 {
		t.Errorf("%s (%s), outcomes %v", run.State, run.Reason, run.Outcomes)
	}
}

func TestPageLimitIsKeptByManyWorkers(t *testing.T) {
	for _, limit := range []int{3, 9} { // the site has 9 pages
		s, store := newSite(6), newMemoryStore()
		o := options(s, store, &memoryJournal{})
		o.Source.Limits.Pages = limit
		run := mustHarvest(t, o)
		want := harvest.RunPartial
		if limit == 9 {
			want = harvest.RunPassed
		}
		if run.Requests > limit || run.State != want {
			t.Errorf("limit %d: %d requests, %s (%s)", limit, run.Requests, run.State, run.Reason)
		}
	}
}
