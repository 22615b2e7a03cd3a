package main_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	main "github.com/harvest87/harvest/cmd/harvest"
	"github.com/harvest87/harvest/search"
)

// counting is a catalogue that remembers how much was asked of it at once.
type counting struct {
	asked []int
	fail  error
}

func (c *counting) Lookup(_ context.Context, ids []harvest.RecordID) iter.Seq2[harvest.Record, error] {
	c.asked = append(c.asked, len(ids))
	return func(yield func(harvest.Record, error) bool) {
		if c.fail != nil {
			yield(harvest.Record{}, c.fail)
			return
		}
		for i, id := range ids {
			r := harvest.Record{ID: id, State: harvest.StateActive}
			if i == 1 { // taken down since it was indexed
				r.State = harvest.StateWithdrawn
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// active are the states that searches ask for when nothing is said.
var active = []harvest.State{harvest.StateActive}

func hits(n int, fail error) iter.Seq2[search.Hit, error] {
	return func(yield func(search.Hit, error) bool) {
		for i := range n {
			if !yield(search.Hit{Record: harvest.RecordID(fmt.Sprintf("test:%08d", i))}, nil) {
				return
			}
		}
		if fail != nil {
			yield(search.Hit{}, fail)
		}
	}
}

func TestWhatASearchFindsIsReadSomeHundredAtATime(t *testing.T) {
	const many = 1_000_000
	c := &counting{}
	n, last := 0, harvest.RecordID("")
	for r, err := range main.Looked(t.Context(), c, hits(many, nil), active) {
		if err != nil || r.ID <= last || r.State != harvest.StateActive {
			t.Fatalf("%s after %s: %s, %v", r.ID, last, r.State, err)
		}
		n, last = n+1, r.ID
	}
	if most := slices.Max(c.asked); most > 500 || n != many-len(c.asked) {
		t.Errorf("%d records, at most %d at once, in %d questions", n, most, len(c.asked))
	}
}

func TestErrorsOfIndexAndCatalogueEndAnExport(t *testing.T) {
	broken := errors.New("gone away")
	for name, records := range map[string]iter.Seq2[harvest.Record, error]{
		"index":     main.Looked(t.Context(), &counting{}, hits(3, broken), active),
		"catalogue": main.Looked(t.Context(), &counting{fail: broken}, hits(1200, nil), active),
	} {
		var errs []error
		for _, err := range records {
			if err != nil {
				errs = append(errs, err)
			}
		}
		if diff := cmp.Diff(1, len(errs)); diff != "" || !errors.Is(errs[0], broken) {
			t.Errorf("%s: %v", name, errs)
		}
	}
	for range main.Looked(t.Context(), &counting{}, hits(1200, nil), active) {
		break // a reader that stops early is not called again
	}
}
