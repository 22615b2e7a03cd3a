package crawler

import (
	"testing"

	"github.com/harvest87/harvest"
)

// TestFormsAreToldApart: two forms at one address are two requests, of which a
// journal that is read again knows the one that was answered.
func TestFormsAreToldApart(t *testing.T) {
	requests := []harvest.Request{
		{URL: "https://example.org/search", Kind: harvest.KindDiscovery, Step: "listing", Form: "page=1"},
		{URL: "https://example.org/search", Kind: harvest.KindDiscovery, Step: "listing", Form: "page=2"},
		{URL: "https://example.org/search", Kind: harvest.KindDiscovery, Step: "listing"},
	}
	f := newFrontier(func(s string) (string, bool) { return s, false })
	fresh := f.fresh(append(requests, requests[0]), make(map[address]bool))
	if len(fresh) != 3 {
		t.Fatalf("%d of the requests are fresh, want 3", len(fresh))
	}
	found := &entry{Type: entryDoor, Requests: fresh, Pending: f.keys(fresh)}
	b, err := found.encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := decodePending(b)
	if err != nil || again.Requests[1].Form != "page=2" {
		t.Fatalf("%+v, %v", again.Requests, err)
	}
	f.push(again)
	page := &entry{Type: entryPage, Kind: harvest.KindDiscovery, Step: "listing", URL: fresh[1].URL, Form: fresh[1].Form}
	if b, err = page.encode(); err != nil {
		t.Fatal(err)
	}
	if page, err = decodeEntry(b); err != nil {
		t.Fatal(err)
	}
	f.done(page.request())
	if pending, _ := f.size(); pending != 2 {
		t.Errorf("%d requests are pending when one of 3 is answered", pending)
	}
	if left := f.fresh(requests, make(map[address]bool)); len(left) != 0 {
		t.Errorf("%+v are asked for again", left)
	}
}
