package sqlite_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
)

// TestDiskFull fills the file to its limit: the error says so, what was
// written stays, and when there is room again the same call completes.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	c := open(t)
	fill(t, c, 100)
	if err := c.Pragma("max_page_count = 250"); err != nil {
		t.Fatal(err)
	}
	records := usual(100, 1000)
	done, err := c.Put(t.Context(), "source-1@2", noon, records)
	if err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Fatalf("%v, want that the disk is full", err)
	}
	if errors.Is(err, harvest.ErrUnavailable) {
		t.Errorf("%v: waiting does not make room", err)
	}
	if n, err := c.Count(t.Context(), harvest.Query{}); err != nil || n != 100+len(done) {
		t.Errorf("%d records, want the 100 from before and the %d that were acknowledged (%v)", n, len(done), err)
	}
	if err := c.Pragma("max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	changes, err := c.Put(t.Context(), "source-1@2", noon, records)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range changes {
		if change.Outcome != harvest.NewRecord {
			t.Fatalf("%s is %s, want new: the run found it, before or after the disk was full", change.Record, change.Outcome)
		}
	}
	if got, err := c.Setting("integrity_check"); err != nil || got != "ok" {
		t.Errorf("integrity check: %s, %v", got, err)
	}
}

// TestLocked has another program hold the write lock.
func TestLocked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "harvest.db")
	c := openAt(t, path)
	put(t, c, 0, usual(0, 1))
	other, err := raw(t, path).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}

	t.Run("readers do not wait", func(t *testing.T) {
		if n, err := c.Count(t.Context(), harvest.Query{}); err != nil || n != 1 {
			t.Errorf("%d records, want 1 (%v)", n, err)
		}
	})
	t.Run("a waiting writer can be cancelled", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		begun := time.Now()
		_, err := c.Put(ctx, "source-1@2", noon, usual(1, 1))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, want that the time is up", err)
		}
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("cancelling took %v", took)
		}
	})
	t.Run("a writer waits a bounded time", func(t *testing.T) {
		if err := c.Pragma("busy_timeout = 20"); err != nil {
			t.Fatal(err)
		}
		_, err := c.Put(t.Context(), "source-1@2", noon, usual(1, 1))
		if !errors.Is(err, harvest.ErrUnavailable) || !strings.Contains(err.Error(), "another process holds its lock") {
			t.Errorf("%v, want that another process holds the lock, and that waiting may help", err)
		}
	})
	t.Run("afterwards it can write", func(t *testing.T) {
		if _, err := other.ExecContext(t.Context(), "ROLLBACK"); err != nil {
			t.Fatal(err)
		}
		put(t, c, 1, usual(1, 1))
	})
}

// TestDamageIsSaid overwrites the second half of the file.
func TestDamageIsSaid(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "harvest.db")
	ours(t, path)
	data := read(t, path)
	for i := len(data) / 2; i < len(data); i++ {
		data[i] = 0xEE
	}
	write(t, path, data)
	c := openAt(t, path)
	whole := true
	for r, err := range c.Records(t.Context(), harvest.Query{}) {
		if err == nil {
			if r.Validate() != nil {
				t.Fatalf("garbage as a record: %+v", r)
			}
			continue
		}
		whole = false
		if !strings.Contains(err.Error(), "the file is damaged") || !strings.Contains(err.Error(), path) {
			t.Errorf("%v, want that the file is damaged", err)
		}
	}
	if whole {
		t.Error("half of the file is garbage and nobody noticed")
	}
}

// TestForeignKeys: a work cannot name a record that is not there.
func TestForeignKeys(t *testing.T) {
	t.Parallel()
	c := open(t)
	put(t, c, 0, usual(0, 1))
	err := c.PutWorks(t.Context(), noon, []harvest.Work{{ID: "w:1", Members: []harvest.Member{
		{Record: usual(0, 1)[0].ID, Method: "doi"}, {Record: "source-1:unknown", Method: "doi"},
	}}})
	if err == nil || !strings.Contains(err.Error(), "w:1") {
		t.Errorf("%v, want an error that names the work", err)
	}
	if _, err := c.Work(t.Context(), "w:1"); !errors.Is(err, harvest.ErrNotFound) {
		t.Errorf("half of the work was written: %v", err)
	}
}
