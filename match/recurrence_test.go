package match_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/match"
)

// TestColumns tells the issues of a column apart: by year, author and journal
// where each source has one of them, and by a person where a source has more.
func TestColumns(t *testing.T) {
	var records []match.Description
	add := func(id, source, author string, year int) {
		d, err := match.ReadDescription(fmt.Appendf(nil, `{"id":%q,"source":%q,"title":"Guest editorial","authors":[%q],"venue":"Migration Journal","year":%d}`,
			id, source, author, year))
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, d)
	}
	add("a1", "a", "Ana Sato", 1999)
	add("a2", "a", "Ana Sato", 2000)
	add("a3", "a", "Bo Diop", 2001)
	add("a4", "a", "Bo Diop", 2001)
	add("a5", "a", "Li Wei", 2001)
	add("b1", "b", "A. Sato", 1999)
	add("b2", "b", "A. Sato", 2000)
	add("b3", "b", "B. Diop", 2001)
	add("b5", "b", "Wei, Li", 2001)
	want := map[string]string{"a1": "a1", "a2": "a2", "a3": "a3", "a4": "a4", "a5": "a5", "b1": "a1", "b2": "a2", "b3": "b3", "b5": "a5"}
	if diff := cmp.Diff(want, clusters(records)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
