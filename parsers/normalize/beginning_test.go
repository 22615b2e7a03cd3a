package normalize_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// A body in the place of a summary gives its beginning, in whole sentences; an
// abstract stays whole, however long.
func TestSummaryIsNoBody(t *testing.T) {
	sentence := "Inspectors found that wages had been withheld in all of the plants. "
	body := strings.TrimSpace(strings.Repeat(strings.TrimSpace(strings.Repeat(sentence, 8))+"\n\n", 10))
	for _, tt := range []struct {
		name, text, detail string
		whole              bool
	}{
		{"a body", body, "div.content", false},
		{"one endless paragraph", strings.Repeat(sentence, 200), "div.content", false},
		{"without a sentence", strings.Repeat("wages ", 2000), "div.content", false},
		{"in a script without spaces", strings.Repeat("工资被扣留。", 1500), "div.content", false},
		{"an abstract of four parts", strings.TrimSpace(strings.Repeat(strings.TrimSpace(strings.Repeat(sentence, 12))+"\n\n", 4)), "div.content", true},
		{"what is called an abstract", body, "div.abstract", true},
		{"a standfirst", strings.TrimSpace(strings.Repeat(sentence, 12)), "p.intro", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &harvest.Record{URL: "https://example.org/a", Title: "Wages withheld", Summary: tt.text, SummaryBasis: harvest.SummaryBasis{Kind: harvest.SummaryCard}, Provenance: map[string]harvest.Evidence{"summary": {Basis: "selector", Detail: tt.detail}}}
			normalize.Finish(r, &config.Source{}, &config.Vocabulary{})
			n := utf8.RuneCountInString(r.Summary)
			switch {
			case tt.whole && (r.Summary != tt.text || r.SummaryBasis.Kind != harvest.SummaryCard):
				t.Errorf("cut to %d characters", n)
			case !tt.whole && (n > 600 || n < 300 || r.SummaryBasis.Kind != harvest.SummaryLead):
				t.Errorf("%d characters of kind %q: %q", n, r.SummaryBasis.Kind, r.Summary)
			case !tt.whole && strings.Contains(tt.text, ".") && !strings.HasSuffix(r.Summary, "."):
				t.Errorf("cut within a sentence: %q", r.Summary)
			}
		})
	}
}
