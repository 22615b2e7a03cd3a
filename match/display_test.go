package match_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
)

// at places a record on a site.
func at(url string, changes ...func(*harvest.Record)) func(*harvest.Record) {
	return func(r *harvest.Record) {
		r.URL = url
		for _, change := range changes {
			change(r)
		}
	}
}

func by(publisher string) func(*harvest.Record) {
	return func(r *harvest.Record) { r.Publisher = publisher }
}

func summed(text string, kind harvest.SummaryKind, truncated bool) func(*harvest.Record) {
	return func(r *harvest.Record) {
		r.Summary, r.SummaryBasis.Kind, r.SummaryBasis.Truncated = text, kind, truncated
	}
}

func gone(r *harvest.Record) { r.State = harvest.StateGone }

// Each rule of the order is shown by two records between which it decides, the
// better one second, with every later rule against it.
func TestTheRecordThatIsShownIsChosenByRules(t *testing.T) {
	const title = "Global estimates of modern slavery"
	cases := []struct {
		name          string
		worse, better func(*harvest.Record)
		third         func(*harvest.Record) // another member, ranked last by its name
	}{
		{
			name:   "offered before gone",
			worse:  at("https://www.ilo.org/estimates", by("International Labour Organization"), gone, doi("10.54394/CHUI5986")),
			better: at("https://library.example/1"),
		},
		{
			name:   "the publisher's name is its host",
			worse:  at("https://library.example/1", by("Walk Free"), doi("10.54394/CHUI5986")),
			better: at("https://www.walkfree.org/reports/1", by("Walk Free")),
		},
		{
			name:   "the publisher's initials are its host",
			worse:  at("https://library.example/1", by("International Labour Organization"), doi("10.54394/CHUI5986")),
			better: at("https://www.ilo.org/estimates", by("International Labour Organization")),
		},
		{
			name:   "others take their document from its host",
			worse:  at("https://library.example/1", doi("10.54394/CHUI5986"), document("https://files.publisher.example/a.pdf")),
			better: at("https://files.publisher.example/estimates"),
		},
		{
			name:   "a library links out to its page",
			worse:  at("https://library.example/1", doi("10.54394/CHUI5986")),
			better: at("https://publisher.example/estimates"),
			third:  at("https://other.example/9", func(r *harvest.Record) { r.CanonicalURL = "https://www.publisher.example/estimates" }),
		},
		{
			name:   "an identifier before a summary",
			worse:  at("https://a.example/1", summed("Whole.", harvest.SummaryAbstract, false)),
			better: at("https://b.example/1", doi("10.54394/CHUI5986")),
		},
		{
			name:   "an abstract before a card",
			worse:  at("https://a.example/1", summed("Card.", harvest.SummaryCard, false), func(r *harvest.Record) { r.Category, r.Licence = "report", "CC-BY-4.0" }),
			better: at("https://b.example/1", summed("Abstract.", harvest.SummaryAbstract, false)),
		},
		{
			name:   "a whole card before a truncated abstract",
			worse:  at("https://a.example/1", summed("Abstr…", harvest.SummaryAbstract, true), func(r *harvest.Record) { r.Category = "report" }),
			better: at("https://b.example/1", summed("Card.", harvest.SummaryCard, false)),
		},
		{
			name:   "more fields",
			worse:  at("https://a.example/1"),
			better: at("https://b.example/1", func(r *harvest.Record) { r.Category = "report" }),
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			records := []harvest.Record{record("a/1", title, c.worse), record("b/1", title, c.better)}
			if c.third != nil {
				records = append(records, record("z/1", title, c.third))
			}
			for range 6 {
				rand.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
				if got := match.Rank(records)[0].ID; got != "b/1" {
					t.Fatalf("%s is shown, want b/1", got)
				}
			}
		})
	}
	equal := []harvest.Record{record("b/1", title, nil), record("a/1", title, nil)}
	if got := match.Rank(equal)[0].ID; got != "a/1" {
		t.Errorf("of equal records %s is shown, want the one whose identifier comes first", got)
	}
}

func TestEachFieldOfAWorkNamesItsRecord(t *testing.T) {
	records := []harvest.Record{
		record("pub/1", "Global estimates", at("https://www.ilo.org/1", by("International Labour Organization"), func(r *harvest.Record) {
			r.Published = harvest.YearDate(2022)
			r.Summary, r.SummaryBasis.Kind = "A card.", harvest.SummaryCard
		})),
		record("lib/1", "Global estimates: report", at("https://lib.example/1", func(r *harvest.Record) {
			r.Published = harvest.Date{Value: "2022-09-12", Precision: harvest.PrecisionDay}
			r.Authors, r.Category = []string{"A. Author", "B. Author"}, "report"
			r.Summary, r.SummaryBasis.Kind = "The abstract.", harvest.SummaryAbstract
		})),
		record("old/1", "Global estimates", at("https://old.example/1", func(r *harvest.Record) {
			r.Published = harvest.Date{Value: "2021-05-01", Precision: harvest.PrecisionDay} // another day: not a finer one
		})),
		record("fr/1", "Estimations mondiales", at("https://lib.example/fr", in("fr", func(r *harvest.Record) {
			r.Summary, r.SummaryBasis.Kind = "Le résumé.", harvest.SummaryAbstract
			r.Identifiers.DOI = "10.54394/FRAN0001"
		}))),
	}
	got := make(map[string]string)
	for _, f := range match.Display(records) {
		got[f.Field] = f.Value + " < " + string(f.Record)
		if f.Rule == "" {
			t.Errorf("%s is chosen by no rule", f.Field)
		}
	}
	want := map[string]string{
		"title":     "Global estimates < pub/1",
		"url":       "https://www.ilo.org/1 < pub/1",
		"category":  "report < lib/1",
		"published": "2022-09-12 < lib/1",
		"authors":   "A. Author; B. Author < lib/1",
		"publisher": "International Labour Organization < pub/1",
		"language":  "en < pub/1",
		"doi":       "10.54394/FRAN0001 < fr/1",
		"summary":   "The abstract. < lib/1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	expressions := match.Expressions(records)
	wantExpressions := []match.Expression{
		{Language: "en", Title: "Global estimates", URL: "https://www.ilo.org/1", Record: "pub/1", Records: 3},
		{Language: "fr", Title: "Estimations mondiales", URL: "https://lib.example/fr", Record: "fr/1", Records: 1},
	}
	if diff := cmp.Diff(wantExpressions, expressions); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
