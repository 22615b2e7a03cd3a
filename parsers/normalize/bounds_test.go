package normalize_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// What is longer than any document needs is cut, at a word, and cut once only.
func TestFinishBoundsFields(t *testing.T) {
	many := make([]string, 2000)
	for i := range many {
		many[i] = strings.Repeat("é", i+1)
	}
	rec := harvest.Record{
		URL: "https://library.example/1", Title: strings.Repeat("Löhne ", 10_000), Summary: strings.Repeat("ab", 100_000),
		Publisher: strings.Repeat("x", 5000), Authors: many,
		Provenance: map[string]harvest.Evidence{"summary": {Basis: "meta", Detail: "citation_abstract"}},
	}
	normalize.Finish(&rec, nil, nil)
	if n := utf8.RuneCountInString(rec.Title); n > 2000 || n < 1900 || !strings.HasSuffix(rec.Title, "Löhne…") {
		t.Errorf("title has %d characters and ends %q", n, rec.Title[len(rec.Title)-12:])
	}
	if n := len(rec.Summary); n != 50_000 || !rec.SummaryBasis.Truncated {
		t.Errorf("summary has %d characters, truncated %v", n, rec.SummaryBasis.Truncated)
	}
	if n := utf8.RuneCountInString(rec.Publisher); n != 1000 {
		t.Errorf("publisher has %d characters", n)
	}
	if n := len(rec.Authors); n != 500 {
		t.Errorf("%d authors", n)
	}
	again := rec
	normalize.Finish(&again, nil, nil)
	if diff := cmp.Diff(rec, again); diff != "" {
		t.Errorf("finishing twice changes (-once +twice):\n%s", diff)
	}
	whole := harvest.Record{URL: "https://library.example/2", Title: strings.Repeat("é", 2000)}
	normalize.Finish(&whole, nil, nil)
	if utf8.RuneCountInString(whole.Title) != 2000 || strings.HasSuffix(whole.Title, "…") {
		t.Error("a title within the bound was cut")
	}
}
