package crawler_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// The pages of a list behind the first are asked for with their validators, and
// lead where they led when they have not changed.
func TestUnchangedListPagesLeadWhereTheyLed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newSite(8), newMemoryStore() // four list pages
		s.etags = true
		runs := weekly(t, s, store, 4, func(week int, o *crawler.Options) {
			o.Source.Revisit.Max = 20 * day
			switch week {
			case 1:
				s.pages[home+"item/99"] = "title Report 99\n"
			case 2: // a new item on the third page
				s.pages[home+"list/3"] += "item " + home + "item/99\n"
			}
		}, func(int) {})
		want := []struct{ notModified, fetched, records int }{
			{0, 12, 8},
			{3 + 8, 1, 8},
			{2 + 8, 3, 9}, // the first page, the third, and the new item
			{1 + 9, 3, 9}, // after three weeks those pages that nobody has seen whole since; the item pages have their own clock
		}
		for week, w := range want {
			r := runs[week]
			if r.State != harvest.RunPassed || r.Outcomes[harvest.NotModified] != w.notModified || r.Outcomes[harvest.Fetched] != w.fetched || r.Records() != w.records {
				t.Errorf("week %d: %s (%s), outcomes %v, want %+v", week, r.State, r.Reason, r.Outcomes, w)
			}
		}
	})
}

// A list that was read by another source file is read again.
func TestListPagesAreReadAgainByAnotherFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, store := newSite(8), newMemoryStore()
		s.etags = true
		runs := weekly(t, s, store, 3, func(week int, o *crawler.Options) {
			o.Fingerprint = fmt.Sprint("version ", week/2)
			o.Full = week == 1
		}, func(int) {})
		for week, r := range runs {
			if r.Outcomes[harvest.NotModified] != 0 || r.Outcomes[harvest.Fetched] != 12 {
				t.Errorf("week %d: outcomes %v, want all 12 pages fetched whole", week, r.Outcomes)
			}
		}
	})
}
