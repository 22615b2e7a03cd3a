package crawler_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// orderedStore knows in which order it was given records.
type orderedStore struct {
	*memoryStore
	order []string
}

func (o *orderedStore) Put(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error) {
	changes, err := o.memoryStore.Put(ctx, run, at, records)
	if err == nil {
		for _, r := range records {
			o.order = append(o.order, r.URL)
		}
	}
	return changes, err
}

// What is read while the catalogue is away for the whole of a run stands in the
// journal. The run ends as interrupted; once the catalogue is back the next
// process publishes it, in the order in which it was read, and asks no item again.
func TestSpoolIsDrainedInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const items = 40
		s, journal, store := newSite(items), &memoryJournal{}, &orderedStore{memoryStore: newMemoryStore()}
		store.away = 1 << 30
		var read []string
		s.onAsk = func(url string) {
			if strings.Contains(url, "/item/") {
				read = append(read, url)
			}
		}
		o := options(s, store.memoryStore, journal)
		o.Store, o.Workers = store, 1
		run, err := crawler.Harvest(t.Context(), o)
		if !errors.Is(err, harvest.ErrUnavailable) || run.State != harvest.RunInterrupted {
			t.Fatalf("run %s, %v; want interrupted because the store is away", run.State, err)
		}
		if len(read) != items || len(store.records) != 0 {
			t.Fatalf("%d items were read and %d records written, want all and none", len(read), len(store.records))
		}

		store.away = 0
		want := slices.Clone(read)
		o = options(s, store.memoryStore, &memoryJournal{entries: journal.entries})
		o.Store, o.Workers = store, 1
		if run = mustHarvest(t, o); run.State != harvest.RunPassed || run.Outcomes[harvest.NewRecord] != items {
			t.Errorf("%s (%s), outcomes %v", run.State, run.Reason, run.Outcomes)
		}
		if diff := cmp.Diff(want, store.order); diff != "" {
			t.Errorf("records (-as read +as written):\n%s", diff)
		}
		if len(read) != items {
			t.Errorf("%d items were asked for again", len(read)-items)
		}
	})
}
