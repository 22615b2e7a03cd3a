package search_test

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/search"
)

func TestMain(m *testing.M) {
	// Bleve starts its analysis workers with the program and never ends them.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

// catalogue is a store in memory with the rules of sinks.Catalogue that the
// index relies on.
type catalogue struct {
	mu      sync.Mutex
	records map[harvest.RecordID]harvest.Record
	reads   int   // records given out
	fail    error // given after the first record
}

func newCatalogue(records ...harvest.Record) *catalogue {
	c := &catalogue{records: make(map[harvest.RecordID]harvest.Record)}
	c.put(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), records...)
	return c
}

func (c *catalogue) put(at time.Time, records ...harvest.Record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range records {
		if r.ID == "" {
			r.ID = harvest.NewRecordID(r.Source, r.NativeID, r.URL)
		}
		r.LastChanged = at
		r.Revision = c.records[r.ID].Revision + 1
		r.State = cmp.Or(r.State, harvest.StateActive)
		c.records[r.ID] = r
	}
}

func (c *catalogue) edit(id harvest.RecordID, change func(*harvest.Record)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.records[id]
	change(&r)
	c.records[id] = r
}

func (c *catalogue) remove(id harvest.RecordID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.records, id)
}

func (c *catalogue) Records(_ context.Context, q harvest.Query) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) {
		c.mu.Lock()
		ids := slices.Sorted(maps.Keys(c.records))
		c.mu.Unlock()
		for _, id := range ids {
			c.mu.Lock()
			r, ok := c.records[id]
			fail := c.fail
			c.mu.Unlock()
			if !ok || len(q.Sources) > 0 && !slices.Contains(q.Sources, r.Source) || r.LastChanged.Before(q.ChangedSince) ||
				q.WantedStates() != nil && !slices.Contains(q.WantedStates(), cmp.Or(r.State, harvest.StateActive)) {
				continue
			}
			c.mu.Lock()
			c.reads++
			c.mu.Unlock()
			if !yield(r, nil) {
				return
			}
			if fail != nil {
				yield(harvest.Record{}, fail)
				return
			}
		}
	}
}

func (c *catalogue) Stats(context.Context) (harvest.Stats, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := harvest.Stats{Records: len(c.records), BySource: make(map[harvest.SourceID]int)}
	for _, r := range c.records {
		if r.State == harvest.StateActive {
			s.BySource[r.Source]++
		}
		if r.LastChanged.After(s.LastChanged) {
			s.LastChanged = r.LastChanged
		}
	}
	return s, nil
}

var quiet = slog.New(slog.DiscardHandler)

func open(t testing.TB, dir string) *search.Index {
	t.Helper()
	ix, err := search.Open(t.Context(), dir, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return ix
}

func syncWith(t testing.TB, ix *search.Index, c *catalogue) {
	t.Helper()
	if err := ix.Sync(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
}

// indexed opens an index over the records.
func indexed(t testing.TB, records ...harvest.Record) *search.Index {
	t.Helper()
	ix := open(t, t.TempDir())
	syncWith(t, ix, newCatalogue(records...))
	return ix
}

// titled makes a record whose ID is its name, so that tests read well.
func titled(name, title, language string) harvest.Record {
	return harvest.Record{
		ID: harvest.RecordID("test:" + name), Source: "test", URL: "https://test.example/" + name,
		Title: title, Language: harvest.Language{Value: language},
	}
}

// found lists the names of the records that the query finds, in order of ID.
func found(t testing.TB, ix *search.Index, q harvest.Query) []string {
	t.Helper()
	names := ranked(t, ix, q, search.Options{})
	slices.Sort(names)
	return names
}

// ranked lists the names of the records that the query finds, in its order.
func ranked(t testing.TB, ix *search.Index, q harvest.Query, o search.Options) []string {
	t.Helper()
	res, err := ix.Search(t.Context(), q, o)
	if err != nil {
		t.Fatalf("search %+v: %v", q, err)
	}
	names := []string{}
	for _, hit := range res.Hits {
		names = append(names, string(hit.Record[len("test:"):]))
	}
	return names
}

func words(format string, args ...any) harvest.Query {
	return harvest.Query{Words: fmt.Sprintf(format, args...)}
}
