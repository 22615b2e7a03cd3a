package sqlite_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// A backup that is made while a writer works holds whole calls, and can be
// opened as a catalogue.
func TestBackupWhileWriting(t *testing.T) {
	t.Parallel()
	c, path := openFresh(t)
	const before = 4 * perPut
	fill(t, c, before)
	calls := make(chan int) // to the writer: so many more
	written := make(chan int, 1)
	go func() {
		n := 0
		for more := range calls {
			for range more {
				if _, err := c.Put(context.Background(), "source-1@1", noon, usual(before+n*perPut, perPut)); err != nil {
					t.Error(err)
					break
				}
				n++
			}
		}
		written <- n
	}()
	for n := range 3 {
		calls <- 4 // it begins, and goes on while the backup is made
		name := filepath.Join(filepath.Dir(path), "backup-"+string(rune('a'+n)))
		if err := c.Backup(t.Context(), name); err != nil {
			t.Fatal(err)
		}
		stats, err := sqlite.Verify(t.Context(), name)
		if err != nil || stats.Records < before || (stats.Records-before)%perPut != 0 {
			t.Errorf("the backup holds %d records, %v; want whole calls", stats.Records, err)
		}
		if _, err := os.Stat(name + "-wal"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the backup is not one file: %v", err)
		}
	}
	close(calls)
	if n := <-written; n != 12 {
		t.Errorf("the writer made %d calls of 12", n)
	}
}

func TestBackupHoldsAll(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	c := bookshop(t, filepath.Join(folder, "harvest.db"))
	name := filepath.Join(folder, "copy 'with' quotes.db")
	if err := c.Backup(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	back := openAt(t, name)
	all := func(c *sqlite.Catalogue) (out []any) {
		for r, err := range c.Records(t.Context(), harvest.Query{States: []harvest.State{harvest.AnyState}}) {
			if err != nil {
				t.Fatal(err)
			}
			history, err := c.Revisions(t.Context(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, r, history)
		}
		runs, err := c.Runs(t.Context(), "", 0)
		if err != nil {
			t.Fatal(err)
		}
		return append(out, runs)
	}
	if diff := cmp.Diff(all(c), all(back)); diff != "" {
		t.Errorf("backup (-catalogue +backup):\n%s", diff)
	}
	if err := c.Backup(t.Context(), name); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a backup was written over another file: %v", err)
	}
}

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	c, path := openFresh(t)
	fill(t, c, 100)
	good := filepath.Join(filepath.Dir(path), "good.db")
	if err := c.Backup(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func([]byte) []byte{
		"cut":       func(b []byte) []byte { return b[:len(b)/2] },
		"no file":   func([]byte) []byte { return nil },
		"a text":    func([]byte) []byte { return []byte("id,title\n1,x\n") },
		"one page":  func(b []byte) []byte { copy(b[len(b)/2:], strings.Repeat("x", 4096)); return b },
		"the front": func(b []byte) []byte { copy(b[100:], strings.Repeat("\xff", 64)); return b },
	} {
		t.Run(name, func(t *testing.T) {
			bad := filepath.Join(t.TempDir(), "bad.db")
			if err := os.WriteFile(bad, spoil(append([]byte(nil), content...)), 0o600); err != nil {
				t.Fatal(err)
			}
			before, _ := os.ReadFile(bad)
			if stats, err := sqlite.Verify(t.Context(), bad); err == nil {
				t.Errorf("it is good, with %d records", stats.Records)
			}
			if after, _ := os.ReadFile(bad); string(before) != string(after) {
				t.Error("it was written to")
			}
		})
	}
	if stats, err := sqlite.Verify(t.Context(), good); err != nil || stats.Records != 100 {
		t.Errorf("the good one: %d records, %v", stats.Records, err)
	}
}
