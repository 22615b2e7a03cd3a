package sqlite_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// writeAll makes one call of each kind, and reads back what it wrote.
func writeAll(ctx context.Context, t *testing.T, c *sqlite.Catalogue, records []harvest.Record) error {
	t.Helper()
	if _, err := c.Put(ctx, "source-1@1", noon, records); err != nil {
		return err
	}
	keys := make(map[harvest.RecordID][]string)
	work := harvest.Work{ID: "w"}
	for _, r := range records {
		keys[r.ID] = []string{"url:" + r.URL}
		work.Members = append(work.Members, harvest.Member{Record: r.ID, Method: "url"})
	}
	if err := errors.Join(c.PutKeys(ctx, keys), c.PutWorks(ctx, noon, []harvest.Work{work})); err != nil {
		return err
	}
	key := "url:" + records[0].URL
	if found, err := c.Holders(ctx, []string{key}, 2); err != nil || len(found[key]) != 1 || found[key][0] != records[0].ID {
		t.Errorf("the call sees %v under the key, %v; want %s", found, err, records[0].ID)
	}
	for r, err := range c.Lookup(ctx, []harvest.RecordID{records[0].ID}) {
		if err != nil || r.ID != records[0].ID || r.Work != "w" {
			t.Errorf("the call sees %s in work %q, %v; want %s in w", r.ID, r.Work, err, records[0].ID)
		}
	}
	if w, err := c.Work(ctx, "w"); err != nil || len(w.Members) != len(records) {
		t.Errorf("the call sees a work of %d members, %v", len(w.Members), err)
	}
	if _, err := c.Record(ctx, records[0].ID); err != nil {
		t.Error(err)
	}
	return c.PutPages(ctx, []harvest.PageFacts{{Source: "source-1", URL: records[0].URL, Status: 200, FetchedAt: noon}})
}

func TestTogetherIsOneWrite(t *testing.T) {
	t.Parallel()
	c := open(t)
	records := usual(0, 3)
	broken := errors.New("broken")
	err := c.Together(t.Context(), func(ctx context.Context) error {
		if err := writeAll(ctx, t, c, records); err != nil {
			t.Error(err)
		}
		if n, err := c.Count(t.Context(), harvest.Query{}); err != nil || n != 0 {
			t.Errorf("others see %d records of a write that has not ended, %v", n, err)
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("%v, want the function's error", err)
	}
	if s, err := c.Stats(t.Context()); err != nil || s.Records != 0 || s.Works != 0 {
		t.Errorf("%+v, %v; want nothing of a write that failed", s, err)
	}
	if pages, err := c.Pages(t.Context(), "source-1", []string{records[0].URL}); err != nil || len(pages) != 0 {
		t.Errorf("%v, %v; want no ledger of a write that failed", pages, err)
	}
	if err := c.Together(t.Context(), func(ctx context.Context) error { return writeAll(ctx, t, c, records) }); err != nil {
		t.Fatal(err)
	}
	if s, err := c.Stats(t.Context()); err != nil || s.Records != 3 || s.Works != 1 {
		t.Errorf("%+v, %v; want 3 records in a work", s, err)
	}
}

func TestTogetherEndsWithItsContext(t *testing.T) {
	t.Parallel()
	c := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := c.Together(ctx, func(ctx context.Context) error {
		_, err := c.Put(ctx, "source-1@1", noon, usual(0, 2))
		cancel()
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was cancelled", err)
	}
	if n, err := c.Count(t.Context(), harvest.Query{}); err != nil || n != 0 {
		t.Errorf("%d records, %v; want none", n, err)
	}
}

func TestTogetherRefusesWithoutWriting(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "harvest.db")
	fill(t, openAt(t, path), 1)
	c, err := sqlite.OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Together(t.Context(), func(context.Context) error { return nil }); err == nil {
		t.Error("a catalogue that is open for reading took a write")
	}
}

// TestTogetherTakesTurns lets many write at once, with statements that are
// not kept yet, and single calls in between.
func TestTogetherTakesTurns(t *testing.T) {
	t.Parallel()
	c := open(t)
	const writers, each = 8, 10
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := range each {
				records := usual(1000*w+i, 1)
				put := func(ctx context.Context) error {
					if _, err := c.Put(ctx, "source-1@1", noon.Add(time.Duration(i)*time.Second), records); err != nil {
						return err
					}
					return c.PutKeys(ctx, map[harvest.RecordID][]string{records[0].ID: {"url:" + records[0].URL}})
				}
				err := put(t.Context())
				if i%2 == 0 {
					err = errors.Join(err, c.Together(t.Context(), put))
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if n, err := c.Count(t.Context(), harvest.Query{}); err != nil || n != writers*each {
		t.Errorf("%d records, %v; want %d", n, err, writers*each)
	}
}
