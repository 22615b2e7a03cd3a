package ferrettest_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/mongo"
	"github.com/harvest87/harvest/sinks/sqlite"
	"github.com/harvest87/harvest/sinks/transfer"
	"github.com/harvest87/harvest/sinks/transfer/transfertest"
)

// A catalogue that goes from SQLite to MongoDB and back is the same.
func TestCopyThereAndBack(t *testing.T) {
	uri := serve(t)
	file := func(name string) sinks.Catalogue {
		c, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	database := func(name string) sinks.Catalogue {
		c, err := mongo.Open(t.Context(), mongo.Options{URI: uri, Database: name, Batch: 50})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	line := []struct {
		name string
		sinks.Catalogue
	}{{"a file", file("first.db")}, {"a database", database("second")}, {"another database", database("third")}, {"another file", file("fourth.db")}}
	if err := transfertest.Fill(t.Context(), line[0].Catalogue, 60); err != nil {
		t.Fatal(err)
	}
	var first []transfer.Part
	for i := range line[1:] {
		parts, err := transfer.Copy(t.Context(), line[i].Catalogue, line[i+1].Catalogue, transfer.Options{From: line[i].name, Memos: []string{transfertest.Kind}})
		if err != nil {
			t.Fatalf("from %s to %s: %v", line[i].name, line[i+1].name, err)
		}
		if i == 0 {
			first = parts
		}
		if diff := cmp.Diff(first, parts); diff != "" {
			t.Errorf("from %s to %s (-first +now):\n%s", line[i].name, line[i+1].name, diff)
		}
	}
}
