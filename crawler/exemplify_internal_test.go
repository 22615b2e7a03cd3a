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

// A selector that has died while another rule fills in is named with the gate that
// speaks of changes. One that few records were read by is not.
func TestSelectorThatDiedBehindAnotherIsNamed(t *testing.T) {
	from := func(basis, detail string) map[string]harvest.Evidence {
		return map[string]harvest.Evidence{"summary": {Basis: basis, Detail: detail}, "title": {Basis: "selector", Detail: "h1"}}
	}
	was := map[harvest.RecordID]*harvest.Record{}
	var pages []harvest.Held
	for i := range 10 {
		id := harvest.RecordID(string(rune('a' + i)))
		before, now := harvest.Record{ID: id, Provenance: from("selector", "p.sum (1 of 2)")}, harvest.Record{ID: id, Provenance: from("text", "")}
		if i == 0 {
			now.Provenance = before.Provenance
		}
		if i == 1 {
			now.Provenance["title"] = harvest.Evidence{Basis: "meta", Detail: "og:title"}
		}
		was[id] = &before
		pages = append(pages, harvest.Held{Records: []harvest.Record{now}})
	}
	pages = append(pages, harvest.Held{Records: []harvest.Record{{ID: "new", Provenance: from("text", "")}}})
	got := moved(pages, was)
	if len(got) != 1 || got[0] != "selector p.sum (1 of 2) gave summary of 9 of 10 known records that are held; now text does" {
		t.Errorf("%q", got)
	}
}
