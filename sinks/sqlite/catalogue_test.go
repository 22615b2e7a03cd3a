package sqlite_test

import (
	"context"
	"database/sql"
	"path/filepath"
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

// open returns a catalogue in a new folder.
func open(t testing.TB) *sqlite.Catalogue {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "harvest.db"))
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
	paths := make(map[sinks.Catalogue]string)
	sinktest.Run(t, sinktest.Backend{
		Open: func(t *testing.T) sinks.Catalogue {
			path := filepath.Join(t.TempDir(), "harvest.db")
			c := openAt(t, path)
			paths[c] = path
			return c
		},
		Reopen: func(t *testing.T, c sinks.Catalogue) sinks.Catalogue {
			return openAt(t, paths[c])
		},
		SetState: func(t *testing.T, c sinks.Catalogue, id harvest.RecordID, state harvest.State) {
			exec(t, raw(t, paths[c]), "UPDATE records SET state = ? WHERE id = ?", string(state), string(id))
		},
	})
}
