package sqlite_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/sinks/sqlite"
)

// What is told of the columns is what a new catalogue has.
func TestColumns(t *testing.T) {
	t.Parallel()
	columns, err := sqlite.Columns(t.Context(), "records")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	byName := make(map[string]sqlite.Column)
	for _, c := range columns {
		got, byName[c.Name] = append(got, c.Name), c
	}
	want, err := open(t).Names(t.Context(), "SELECT name FROM pragma_table_xinfo('records') ORDER BY cid")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("columns (-catalogue +told):\n%s", diff)
	}
	for _, want := range []sqlite.Column{
		{Name: "title", Type: "TEXT", Required: true},
		{Name: "revision", Type: "INTEGER", Required: true},
		{Name: "published_from", Type: "TEXT", Computed: true},
		{Name: "overrides", Type: "TEXT"},
	} {
		if got := byName[want.Name]; got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}
