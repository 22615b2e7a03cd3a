package harvest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
)

func TestHostUsesAddUp(t *testing.T) {
	var run harvest.HostUses
	run.Add(harvest.HostUses{{Host: "b.example", Requests: 2, RobotsRequests: 1, WireBytes: 10, Bytes: 30, Robots: "read", RobotsHash: "1", Delay: 2 * time.Second}})
	run.Add(harvest.HostUses{{Host: "a.example", Requests: 1, Refused: 1, Waited: time.Second}, {Host: "b.example", Requests: 1, NotModified: 1, Saved: 9}})
	run.Add(nil)
	run.Add(harvest.HostUses{{Host: "b.example", Requests: 1, Robots: "404 Not Found: no rules", CrawlDelay: time.Hour, Capped: true, Delay: time.Minute}})
	want := harvest.HostUses{
		{Host: "a.example", Requests: 1, Refused: 1, Waited: time.Second},
		{
			Host: "b.example", Requests: 4, RobotsRequests: 1, NotModified: 1, Saved: 9, WireBytes: 10, Bytes: 30,
			Delay: time.Minute, CrawlDelay: time.Hour, Capped: true, Robots: "404 Not Found: no rules",
		},
	}
	if diff := cmp.Diff(want, run); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	total := harvest.HostUse{
		Requests: 5, RobotsRequests: 1, NotModified: 1, Saved: 9, Refused: 1, WireBytes: 10, Bytes: 30, Waited: time.Second,
		Delay: time.Minute, CrawlDelay: time.Hour, Capped: true,
	}
	if diff := cmp.Diff(total, run.Total()); diff != "" {
		t.Errorf("total, -want +got:\n%s", diff)
	}
}
