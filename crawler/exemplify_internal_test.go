package crawler

import (
	"strings"
	"testing"

	"github.com/harvest87/harvest"
)

// What is shown of a record that has changed is what has changed of it, though it be
// at the end of a long text; what is held has no state yet, which is no change.
func TestExampleShowsWhatHasChanged(t *testing.T) {
	long := strings.Repeat("à la même page, ", 40)
	was := &harvest.Record{State: harvest.StateActive, Title: "Fees", Summary: long + "as it was"}
	now := &harvest.Record{Title: "Fees", Summary: long + "as it is"}
	got, ok := shows["changed"](nil, now, was)
	if !ok || !strings.HasPrefix(got.Before, "summary: …") || !strings.HasSuffix(got.Before, `as it was"`) || !strings.HasSuffix(got.After, `as it is"`) || len([]rune(got.Before)) > 60 {
		t.Errorf("%+v", got)
	}
	if got, ok := shows["changed"](nil, &harvest.Record{Title: "Fees"}, &harvest.Record{State: harvest.StateActive, Title: "Fees"}); ok {
		t.Errorf("of a record that says the same is shown %+v", got)
	}
	if got, ok := shows["changed"](nil, &harvest.Record{Title: "Fees"}, &harvest.Record{State: harvest.StateGone, Title: "Fees"}); !ok || got.After != `state: "active"` {
		t.Errorf("of a record that is back is shown %+v", got)
	}
	if got, _ := shows["changed"](nil, &harvest.Record{Title: "New fees"}, &harvest.Record{State: harvest.StateActive, Title: "Fees"}); got.After != `title: "New fees"` {
		t.Errorf("of a short text is shown %+v", got)
	}
}
