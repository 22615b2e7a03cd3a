package match_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
)

// TestDocumentsOfAnotherLength compares two libraries' records of reports with
// one title, by the files that they link to.
func TestDocumentsOfAnotherLength(t *testing.T) {
	with := func(language string, documents ...harvest.Document) func(*harvest.Record) {
		return func(r *harvest.Record) {
			r.Language.Value, r.Published = language, harvest.YearDate(2019)
			for i, d := range documents {
				d.URL = fmt.Sprintf("%s/%d.pdf", r.URL, i) // a file of its own
				r.Documents = append(r.Documents, d)
			}
		}
	}
	pages := func(n int) harvest.Document { return harvest.Document{Pages: n} }
	octets := func(n int64) harvest.Document { return harvest.Document{Bytes: n} }
	const long, short = "Recruitment fees and debt among garment workers in Jordan", "Annual report"
	cases := []struct {
		name, title string
		a, b        func(*harvest.Record)
		answer      match.Answer
		evidence    string
	}{
		{"the report and its summary", long, with("en", pages(140)), with("en", pages(12)), match.Unsure, "140 and 12 pages"},
		{"a cover more", long, with("en", pages(140)), with("en", pages(144)), match.Same, ""},
		{"as long", long, with("en", pages(140)), with("en", pages(140)), match.Same, "have 140 pages"},
		{"a leaflet of two pages or four", long, with("en", pages(2)), with("en", pages(4)), match.Same, ""},
		{"nothing known of one", long, with("en", pages(140)), with("en"), match.Same, ""},
		{"one file among several", long, with("en", pages(140), pages(3)), with("en", pages(12)), match.Same, ""},
		{"pages below nought", long, with("en", pages(-1)), with("en", pages(12)), match.Same, ""},
		{"another language is longer", long, with("en", pages(100)), with("ar", pages(60)), match.Same, ""},
		{"a title that says little, and one file", short, with("en", octets(1_234_567)), with("en", octets(1_234_567)), match.Unsure, "1234567 octets"},
		{"a title that says little", short, with("en", octets(1_234_567)), with("en", octets(1_234_568)), match.Different, ""},
		{"empty files", short, with("en", octets(512)), with("en", octets(512)), match.Different, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, b := match.Describe(new(record("a/1", c.title, c.a))), match.Describe(new(record("b/1", c.title, c.b)))
			for range 2 {
				v := match.Compare(&a, &b)
				if v.Answer != c.answer || !strings.Contains(v.Evidence(), c.evidence) {
					t.Errorf("%v (%.2f): %s; want %v for %q", v.Answer, v.Score, v.Evidence(), c.answer, c.evidence)
				}
				a, b = b, a
			}
		})
	}
}
