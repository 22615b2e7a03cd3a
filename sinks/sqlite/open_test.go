package sqlite_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// stranger makes a database of another program.
func stranger(t *testing.T, path string, statements ...string) {
	t.Helper()
	db := raw(t, path)
	for _, s := range statements {
		exec(t, db, s)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// ours makes a closed catalogue with 200 records.
func ours(t *testing.T, path string) {
	t.Helper()
	content, err := filled()
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, content)
}

// filled is the file of one.
var filled = sync.OnceValues(func() ([]byte, error) {
	return fileOf(func(c *sqlite.Catalogue) error {
		_, err := c.Put(context.Background(), "source-1@1", noon, usual(0, 200))
		return err
	})
})

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestRefused opens what is not a catalogue: the error says why, and not one
// octet is changed.
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(t *testing.T, path string)
		says    string
	}{
		"text": {func(t *testing.T, p string) { write(t, p, []byte("title,url\na,b\n")) }, "is not an SQLite database"},
		"a few octets": {
			func(t *testing.T, p string) { write(t, p, []byte("SQLite")) },
			"is not an SQLite database",
		},
		"header only": {func(t *testing.T, p string) { write(t, p, []byte("SQLite format 3\x00")) }, "is damaged"},
		"another program's": {func(t *testing.T, p string) {
			stranger(t, p, "CREATE TABLE notes (a)", "INSERT INTO notes VALUES (1)")
		}, "is a database of another program"},
		"another program's in WAL mode": {func(t *testing.T, p string) {
			stranger(t, p, "PRAGMA journal_mode = WAL", "CREATE TABLE records (id)", "PRAGMA user_version = 1")
		}, "is a database of another program"},
		"another program's with an application_id": {func(t *testing.T, p string) {
			stranger(t, p, "PRAGMA application_id = 252006673", "CREATE TABLE a (b)")
		}, "is a database of another program"},
		"a newer schema": {func(t *testing.T, p string) {
			ours(t, p)
			stranger(t, p, "PRAGMA user_version = 99")
		}, "has schema 99, this program knows schemas up to"},
		"cut short": {func(t *testing.T, p string) {
			ours(t, p)
			data := read(t, p)
			write(t, p, data[:len(data)/2])
		}, "is damaged"},
		"overwritten schema": {func(t *testing.T, p string) {
			ours(t, p)
			data := read(t, p)
			copy(data[100:], bytes.Repeat([]byte("garbage"), 400))
			write(t, p, data)
		}, "is damaged"},
		"impossible page size": {func(t *testing.T, p string) {
			ours(t, p)
			data := read(t, p)
			binary.BigEndian.PutUint16(data[16:], 77)
			write(t, p, data)
		}, "is damaged"},
		"a folder":          {func(_ *testing.T, p string) { os.Mkdir(p, 0o755) }, "is a folder"},
		"a folder missing":  {func(_ *testing.T, p string) { os.Remove(filepath.Dir(p)) }, "its folder does not exist"},
		"a dangling folder": {func(t *testing.T, p string) { os.Remove(filepath.Dir(p)); write(t, filepath.Dir(p), nil) }, "folder"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "data")
			if err := os.Mkdir(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, "harvest.db")
			c.prepare(t, path)
			before, _ := os.ReadFile(path)
			files, _ := os.ReadDir(folder)
			for kind, open := range map[string]func(context.Context, string) (*sqlite.Catalogue, error){
				"open": sqlite.Open, "open read-only": sqlite.OpenReadOnly,
			} {
				got, err := open(t.Context(), path)
				if err == nil {
					got.Close()
					t.Fatalf("%s: no error", kind)
				}
				if !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "catalogue "+path+": ") {
					t.Errorf("%s: %q, want %q and the path", kind, err, c.says)
				}
				if strings.Count(err.Error(), path) != 1 {
					t.Errorf("%s: %q names the path more than once", kind, err)
				}
			}
			after, _ := os.ReadFile(path)
			if !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
			left, _ := os.ReadDir(folder)
			if len(left) != len(files) {
				t.Errorf("%d files became %v", len(files), left)
			}
		})
	}
}

func TestOpenCreates(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T, path string){
		"missing":        func(*testing.T, string) {},
		"of no length":   func(t *testing.T, p string) { write(t, p, nil) },
		"empty database": func(t *testing.T, p string) { stranger(t, p, "PRAGMA journal_mode = WAL") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "harvest.db")
			prepare(t, path)
			c := openAt(t, path)
			for pragma, want := range map[string]string{
				"application_id": "1213616980", "user_version": "12", "journal_mode": "wal", "synchronous": "2", "foreign_keys": "1",
				"integrity_check": "ok",
			} {
				if got, err := c.Setting(pragma); err != nil || got != want {
					t.Errorf("%s is %q, want %q (%v)", pragma, got, want, err)
				}
			}
		})
	}
}

// TestOddNames has file names that mean something in a URI.
func TestOddNames(t *testing.T) {
	for _, name := range []string{"a b.db", "what?.db", "100%.db", "%20.db", "#1.db", "a&mode=memory.db", "नेपाली.db", ":memory:", "file:x.db", "semi;colon'\".db"} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			c := openAt(t, name)
			put(t, c, 0, usual(0, 1))
			if err := c.Close(); err != nil {
				t.Fatal(err)
			}
			if files, err := filepath.Glob("*"); err != nil || !slices.Equal(files, []string{name}) {
				t.Errorf("files %q, want %q alone (%v)", files, name, err)
			}
			if n, err := openAt(t, name).Count(t.Context(), harvest.Query{}); err != nil || n != 1 {
				t.Errorf("%d records, want 1 (%v)", n, err)
			}
		})
	}
}

func TestOpenReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "harvest.db")
	if _, err := sqlite.OpenReadOnly(t.Context(), path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v, want %v", err, fs.ErrNotExist)
	}
	if _, err := os.Stat(path); err == nil {
		t.Fatal("opening for reading created the file")
	}
	ours(t, path)
	before := read(t, path)
	c, err := sqlite.OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if n, err := c.Count(t.Context(), harvest.Query{}); err != nil || n != 200 {
		t.Errorf("%d records, want 200 (%v)", n, err)
	}
	_, putErr := c.Put(t.Context(), "a@1", noon, usual(0, 1))
	_, touchErr := c.Touch(t.Context(), noon, []harvest.RecordID{usual(0, 1)[0].ID})
	for name, err := range map[string]error{
		"put": putErr, "touch": touchErr, "put run": c.PutRun(t.Context(), harvest.Run{ID: "a@1"}),
		"put pages": c.PutPages(t.Context(), []harvest.PageFacts{{URL: "u"}}),
		"put keys":  c.PutKeys(t.Context(), map[harvest.RecordID][]string{"a": nil}),
		"put works": c.PutWorks(t.Context(), noon, []harvest.Work{{ID: "w:1"}}),
	} {
		if err == nil || !strings.Contains(err.Error(), "open for reading only") {
			t.Errorf("%s: %v, want that it is open for reading only", name, err)
		}
	}
	if !bytes.Equal(before, read(t, path)) {
		t.Error("the file was changed")
	}

	writer := openAt(t, path)
	put(t, writer, 1, usual(1000, 1))
	if n, err := c.Count(t.Context(), harvest.Query{}); err != nil || n != 201 {
		t.Errorf("%d records after a writer added one, want 201 (%v)", n, err)
	}
}

// TestDeletedUnderUs: a file that somebody removes must not come back empty
// and look like a catalogue without records.
func TestDeletedUnderUs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "harvest.db")
	ours(t, path)
	c := openAt(t, path)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		os.Remove(path + suffix)
	}
	if n, err := c.Count(t.Context(), harvest.Query{}); err == nil && n != 200 {
		t.Errorf("count %d and no error", n)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("reading created a new file")
	}
}
