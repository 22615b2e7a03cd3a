package sqlite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// earlier makes a file as the program of an earlier schema left it, with one
// record, one page and one run in the columns that it had.
func earlier(t *testing.T, path string, scripts []string) {
	t.Helper()
	db := raw(t, path)
	for n, script := range scripts {
		sql, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		exec(t, db, string(sql))
		exec(t, db, fmt.Sprintf("PRAGMA application_id = 1213616980; PRAGMA user_version = %d", n+1))
		if n > 0 {
			continue
		}
		exec(t, db, `INSERT INTO records (id, source, state, revision, content_hash, first_run, run, first_seen, last_seen, last_changed, url, title, authors, published, published_precision)
			VALUES ('alpha:1', 'alpha', 'active', 3, 'x', 'alpha@1', 'alpha@3', '2026-03-01T03:00:00.000Z', '2026-03-09T03:00:00.000Z', '2026-03-05T03:00:00.000Z',
				'https://alpha.example/1', 'An old record', '["A. Author"]', '2021-03', 'month')`)
		exec(t, db, `INSERT INTO pages (source, url, status, fetched_at, records) VALUES ('alpha', 'https://alpha.example/1', 200, '2026-03-09T03:00:00.000Z', '["alpha:1"]')`)
		exec(t, db, `INSERT INTO runs (id, source, scheduled_at, state, resumed, incremental, requests, wire_bytes, bytes)
			VALUES ('alpha@3', 'alpha', '2026-03-09T03:00:00.000Z', 'passed', 0, 0, 7, 8, 9)`)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// schemaOf is all that makes a schema, by name.
func schemaOf(t *testing.T, c *sqlite.Catalogue) []string {
	t.Helper()
	got, err := c.Names(t.Context(), "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestUpgrade opens a file of each earlier schema: it ends with the schema of a
// new file, and with what was in it.
func TestUpgrade(t *testing.T) {
	scripts, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(scripts) < 10 {
		t.Fatalf("%d migrations, %v", len(scripts), err)
	}
	want := schemaOf(t, open(t))
	for version := 1; version < len(scripts); version++ {
		t.Run(fmt.Sprintf("from schema %d", version), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "harvest.db")
			earlier(t, path, scripts[:version])
			c := openAt(t, path)
			if diff := cmp.Diff(want, schemaOf(t, c)); diff != "" {
				t.Errorf("schema (-new +upgraded):\n%s", diff)
			}
			r, err := c.Record(t.Context(), "alpha:1")
			if err != nil || r.Title != "An old record" || r.Revision != 3 || r.Published != harvest.MonthDate(2021, 3) || len(r.Authors) != 1 {
				t.Errorf("record %+v, %v", r, err)
			}
			history, err := c.Revisions(t.Context(), r.ID)
			if err != nil || len(history) != 1 || history[0].Number != 3 || history[0].Run != "alpha@3" {
				t.Errorf("history %+v, %v; want the one revision that is known", history, err)
			}
			pages, err := c.Pages(t.Context(), "alpha", []string{r.URL})
			if err != nil || pages[r.URL].Status != 200 {
				t.Errorf("pages %v, %v", pages, err)
			}
			if run, err := c.Run(t.Context(), "alpha@3"); err != nil || run.Requests != 7 {
				t.Errorf("run %+v, %v", run, err)
			}
			put(t, c, 1, []harvest.Record{{ID: "alpha:1", Source: "alpha", URL: r.URL, Title: "A new title"}})
			if history, err := c.Revisions(t.Context(), r.ID); err != nil || len(history) != 2 || history[1].Number != 4 {
				t.Errorf("history goes on with %+v, %v", history, err)
			}
		})
	}
}

// An upgrade that fails leaves the schema that was there, which the earlier
// program knows, and is done whole when it is tried again.
func TestUpgradeIsWhole(t *testing.T) {
	scripts, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "harvest.db")
	earlier(t, path, scripts[:3])
	db := raw(t, path)
	exec(t, db, "CREATE TABLE revisions (x)") // in the way of the sixth
	if c, err := sqlite.Open(t.Context(), path); err == nil {
		c.Close()
		t.Fatal("it was opened")
	}
	version := 0
	if err := db.QueryRow("PRAGMA user_version").Scan(&version); err != nil || version != 3 {
		t.Errorf("schema %d, %v; want 3", version, err)
	}
	exec(t, db, "DROP TABLE revisions")
	if diff := cmp.Diff(schemaOf(t, open(t)), schemaOf(t, openAt(t, path))); diff != "" {
		t.Errorf("schema (-new +upgraded):\n%s", diff)
	}
}
