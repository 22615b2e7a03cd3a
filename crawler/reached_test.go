package crawler_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A record knows which page it comes from and by which addresses its page was
// reached, so that what was taken down is recognised behind a redirect too.
func TestRecordsTellHowTheyWereReached(t *testing.T) {
	s, store := newSite(2), newMemoryStore()
	s.pages[home+"item/1"] = "title Moved\nlanded " + home + "new-place\n"
	mustHarvest(t, options(s, store, &memoryJournal{}))
	reached := map[string][]string{}
	for _, r := range store.records {
		reached[r.URL] = r.Reached
		if len(r.PageHash) != 64 {
			t.Errorf("%s comes from page %q", r.URL, r.PageHash)
		}
	}
	want := map[string][]string{home + "item/2": nil, home + "new-place": {home + "item/1"}}
	if diff := cmp.Diff(want, reached); diff != "" {
		t.Error(diff)
	}
}
