package match

import (
	"strings"

	"github.com/harvest87/harvest"
)

// Description is what matching reads of one description of a document,
// wherever it comes from: a record of the catalogue ([Describe]) or a line of a
// file ([ReadDescription]). Unknown fields are empty; only ID is required.
type Description struct {
	ID       string
	Source   string
	Title    string
	TitleAlt []string
	// Authors are names in any order and form: "Ana Sato", "Sato, A.".
	Authors []string
	// Date is "2021", "2021-03" or "2021-03-15".
	Date string
	// Venue is the journal, conference or series; Publisher who issued it.
	Venue, Publisher              string
	Volume, Issue, Pages, Edition string
	// Summary is an abstract or the beginning of the text; Truncated says that
	// it was cut.
	Summary   string
	Truncated bool
	Language  string // BCP 47
	// Citation says that Title may be a whole reference in one string.
	Citation bool
	// Work is where the catalogue has the record now; the rules do not read it.
	Work harvest.WorkID

	extent extent // of its document

	// Withdrawn descriptions belong to no group.
	Withdrawn bool

	keys []Key
}

// Describe reads a record of the catalogue.
func Describe(r *harvest.Record) Description {
	d := Description{
		ID: string(r.ID), Source: string(r.Source), Title: r.Title, TitleAlt: r.TitleAlt, Authors: r.Authors,
		Date: r.Published.Value, Publisher: r.Publisher, Summary: r.Summary, Truncated: r.SummaryBasis.Truncated,
		Language: r.Language.Value, Work: r.Work, keys: Keys(r), extent: extentOf(r.Documents), Withdrawn: r.State == harvest.StateWithdrawn,
	}
	d.TitleAlt = append([]string(nil), r.TitleAlt...)
	for i := range r.Documents {
		if t := r.Documents[i].Title; t != "" {
			d.TitleAlt = append(d.TitleAlt, t)
		}
	}
	return d
}

// year is the year of the date, 0 when unknown.
func (d *Description) year() int { return harvest.Date{Value: d.Date}.Year() }

// language is the primary subtag of a BCP 47 tag, in lower case.
func primaryLanguage(tag string) string {
	first, _, _ := strings.Cut(strings.ToLower(tag), "-")
	return first
}
