package crawler

import (
	"fmt"
	"testing"
	"time"
)

func TestEndlessAddresses(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		address string
		trap    bool
	}{
		{"https://a.example/reports/2026/03/forced-labour/", false},
		{"https://a.example/", false},
		{"https://a.example/news/news/latest", false},
		{"https://a.example/news/news/news/", true},
		{"https://a.example/en/a/b/a/b/a/b/c", true},
		{"https://a.example/a/b/c/a/b/c/a/b/c", true},
		{"https://a.example/2011/11/11/11/", false},
		{"https://a.example/report-1/report-2/report-3", false},
		{"https://a.example/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/21/22/23/24/25/26/27/28/29/30/31", true},
		{"https://a.example/events/2028/12/", false},
		{"https://a.example/events/2029/01/", true},
		{"https://a.example/events?month=2031-05", true},
		{"https://a.example/events?from=2031-05-01T00:00", true},
		{"https://a.example/events?year=2099&month=5", true},
		{"https://a.example/agenda-2030/03/", false},
		{"https://a.example/agenda/2030/", false}, // the Agenda 2030 is no calendar
		{"https://a.example/un-agenda-2030-12-goals", false},
		{"https://a.example/treaties/1926/09/25/", false},
		{"https://a.example/search?f=1&f=2", false},
		{"https://a.example/search?f=1&f=2&f=3", true},
		{"https://a.example/search?tags[]=1&tags[]=2&tags[]=3&tags[]=4", false},
		{"https://a.example/search?a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1&l=1&m=1&n=1&o=1&p=1", true},
		{"https://a.example/%zz", false},
	}
	for _, tt := range tests {
		if why := endless(tt.address, now); (why != "") != tt.trap {
			t.Errorf("%s: %q, want a trap: %v", tt.address, why, tt.trap)
		}
	}
}

func TestShapesOfAddresses(t *testing.T) {
	tests := []struct{ address, whole, path string }{
		{"https://www.a.example/item/17/", "a.example/item/#/", ""},
		{"https://a.example/show?id=17&lang=en", "a.example/show?id=#&lang=en", "a.example/show?…"},
		{"https://a.example/doc;jsessionid=0123456789abcdef0123456789abcdef", "a.example/doc;jsessionid=*", ""},
		{"https://a.example/x?sid=9f86d081884c7d65&p=2", "a.example/x?sid=*&p=#", "a.example/x?…"},
		{"https://a.example/modern-slavery-in-supply-chains-worldwide", "a.example/modern-slavery-in-supply-chains-worldwide", ""},
	}
	for _, tt := range tests {
		if whole, path := shapesOf(tt.address); whole != tt.whole || path != tt.path {
			t.Errorf("%s: %q and %q, want %q and %q", tt.address, whole, path, tt.whole, tt.path)
		}
	}
}

// What a run remembers of pages and addresses does not grow with the crawl.
func TestMemoryIsBounded(t *testing.T) {
	m := newMemory()
	for i := range 3 * maxImprints {
		m.learn(imprint(i+1), origin{record: "x:1"})
		m.came(fmt.Sprintf("https://a.example/%c%c%c/", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26), false)
	}
	if len(m.imprints) > maxImprints || len(m.order) > maxImprints || len(m.shapes) > maxShapes {
		t.Errorf("%d imprints, %d shapes", len(m.imprints), len(m.shapes))
	}
	if _, ok := m.said(imprint(3 * maxImprints)); !ok {
		t.Error("the newest page is forgotten")
	}
	if _, ok := m.said(1); ok {
		t.Error("the oldest page is remembered")
	}
}

// One shape among fruitful ones is closed by many barren pages, not by few.
func TestShapesAreClosedOnlyWhenTheyAreBarren(t *testing.T) {
	m := newMemory()
	at := func(i int) string { return fmt.Sprintf("https://a.example/item/%d", i) }
	for i := range 100 {
		m.came(at(i), true)
	}
	for i := range 10 * barrenInARow {
		m.came(at(i), false)
	}
	if why := m.isClosed(at(1)); why != "" {
		t.Errorf("closed after 100 fruitful pages and %d barren ones: %s", 10*barrenInARow, why)
	}
	var remark string
	for i := range 10 * barrenInARow {
		remark += m.came(at(i), false)
	}
	if m.isClosed(at(1)) == "" || remark == "" {
		t.Error("not closed when ten in eleven pages were barren")
	}
	if why := m.isClosed("https://a.example/other/1"); why != "" {
		t.Errorf("another shape is closed: %s", why)
	}
}
