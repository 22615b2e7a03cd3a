package item_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/item"
)

// A selector that finds the whole text leaves its beginning, up to the end of a
// sentence, and whoever tries it is told.
func TestSelectorOfWholeTextIsTold(t *testing.T) {
	body := "<html><head><title>A guide</title></head><body><h1>A guide</h1><div class=text>" + strings.Repeat("<p>Fees keep workers in debt. Debt keeps them at work.</p>", 900) + "</div></body></html>"
	for _, tt := range []struct {
		name string
		card *harvest.Record
		css  string
	}{
		{"on the page", nil, ".text"},
		{"the body", nil, "body"},
		{"on the card", &harvest.Record{
			Title: "A guide", Summary: strings.Repeat("Fees keep workers in debt. Debt keeps them at work.\n\n", 900),
			SummaryBasis: harvest.SummaryBasis{Kind: harvest.SummaryCard}, Provenance: map[string]harvest.Evidence{"summary": {Basis: "selector", Detail: ".text"}},
		}, ""},
	} {
		p := &harvest.Page{Request: harvest.Request{URL: at, Kind: harvest.KindItem, Card: tt.card}, URL: at, Outcome: harvest.Fetched, Status: 200, MediaType: "text/html", Body: []byte(body)}
		r := reading
		if tt.css != "" {
			r.Rules = config.PageRules{FieldRules: config.FieldRules{Summary: config.Selectors{{CSS: tt.css}}}}
		} else {
			p.Outcome, p.Body = harvest.RobotsDenied, nil
		}
		got := item.Parse(p, r)
		if len(got.Records) != 1 {
			t.Fatalf("%s: %d records, %+v", tt.name, len(got.Records), got.Events)
		}
		s := got.Records[0].Summary
		if n := utf8.RuneCountInString(s); n == 0 || n > 600 || !strings.HasSuffix(s, ".") || got.Records[0].SummaryBasis.Kind != harvest.SummaryLead {
			t.Errorf("%s: %d characters, %+v: …%q", tt.name, n, got.Records[0].SummaryBasis, s[max(0, len(s)-60):])
		}
		if !slices.ContainsFunc(got.Notes, func(n string) bool { return strings.Contains(n, "finds whole texts") }) {
			t.Errorf("%s: nobody is told: %q", tt.name, got.Notes)
		}
	}
	short := &harvest.Page{Request: harvest.Request{URL: at}, URL: at, Outcome: harvest.Fetched, MediaType: "text/html", Body: []byte("<h1>A guide</h1><p class=text>Fees keep workers in debt.</p>")}
	r := reading
	r.Rules = config.PageRules{FieldRules: config.FieldRules{Summary: config.Selectors{{CSS: ".text"}}}}
	if got := item.Parse(short, r); len(got.Records) != 1 || len(got.Notes) != 0 {
		t.Errorf("%d records, notes %q", len(got.Records), got.Notes)
	}
}
