package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/sinktest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

var _ sinks.Catalogue = (*sqlite.Catalogue)(nil)

func TestMain(m *testing.M) {
	if inChild() {
		return
	}
	goleak.VerifyTestMain(m)
}

// fresh is a file with an empty catalogue. Making one takes most of the time of
// a small test, and is tested by itself.
var fresh = sync.OnceValues(func() ([]byte, error) {
	return fileOf(func(*sqlite.Catalogue) error { return nil })
})

// fileOf is the file of a catalogue that was filled so.
func fileOf(fill func(*sqlite.Catalogue) error) ([]byte, error) {
	folder, err := os.MkdirTemp("", "harvest-sqlite")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "harvest.db")
	c, err := sqlite.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(fill(c), c.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// open returns an empty catalogue in a new folder.
func open(t testing.TB) *sqlite.Catalogue {
	t.Helper()
	c, _ := openFresh(t)
	return c
}

// openFresh returns an empty catalogue and its file. Commits do not wait for
// the disk: a power cut is not what is tested with it.
func openFresh(t testing.TB) (*sqlite.Catalogue, string) {
	t.Helper()
	content, err := fresh()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "harvest.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	c := openAt(t, path)
	if err := c.Pragma("synchronous = OFF"); err != nil {
		t.Fatal(err)
	}
	return c, path
}

func openAt(t testing.TB, path string) *sqlite.Catalogue {
	t.Helper()
	c, err := sqlite.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// raw opens the file as another program would.
func raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func exec(t testing.TB, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func TestContract(t *testing.T) {
	t.Parallel()
	var paths sync.Map // of catalogues
	pathOf := func(c sinks.Catalogue) string {
		path, _ := paths.Load(c)
		return path.(string)
	}
	sinktest.Run(t, sinktest.Backend{
		Parallel: true,
		Open: func(t *testing.T) sinks.Catalogue {
			c, path := openFresh(t)
			paths.Store(c, path)
			return c
		},
		Reopen: func(t *testing.T, c sinks.Catalogue) sinks.Catalogue {
			return openAt(t, pathOf(c))
		},
		SetState: func(t *testing.T, c sinks.Catalogue, id harvest.RecordID, state harvest.State) {
			exec(t, raw(t, pathOf(c)), "UPDATE records SET state = ? WHERE id = ?", string(state), string(id))
		},
	})
}
