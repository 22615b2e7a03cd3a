package sample

import (
	"cmp"
	"slices"

	"github.com/harvest87/harvest"
)

// Expectation is what one record of a harvest must say.
type Expectation struct {
	// ID is the post's id in WordPress, 0 for a card whose page is closed.
	ID int
	// Path is the record's address below the site's base.
	Path        string
	Title       string
	CategoryRaw string
	Category    string
	Published   harvest.Date
	Language    string
	Publisher   string
	// SummaryPrefix begins the summary. SummaryCut is true when no more than
	// the text of the card can be had.
	SummaryPrefix string
	SummaryCut    bool
	// Documents are addresses below the site's base, in order.
	Documents []string
}

// Expected is every record that a harvest of the unchanged site by that source
// must find, and no other, in the order of Path. It is nil for a source that
// is none of [Sources].
func Expected(source harvest.SourceID) []Expectation {
	if source != LibrarySource && source != APISource {
		return nil
	}
	l := newLibrary(Options{})
	var out []Expectation
	for _, i := range l.items {
		if i.listed() && i.Title != "" && !i.NoIndex {
			out = append(out, l.expect(i))
		}
	}
	if source == LibrarySource {
		closed := l.privateCard()
		out = append(out, Expectation{
			Path: closed.Path, Title: string(closed.Title), CategoryRaw: closed.Label, Category: "report", Language: "en",
			SummaryPrefix: prefix(string(closed.Excerpt)), SummaryCut: true,
		})
	}
	slices.SortFunc(out, func(a, b Expectation) int { return cmp.Compare(a.Path, b.Path) })
	return out
}

func (l *library) expect(i *item) Expectation {
	e := Expectation{
		ID: i.ID, Path: i.Path(), Title: i.Title, CategoryRaw: i.Labels[0], Category: i.Category,
		Published: i.publishedDate(), Language: i.Lang, Publisher: i.Citation.Publisher, SummaryPrefix: prefix(i.Paragraphs[0]),
	}
	for _, f := range i.Documents {
		e.Documents = append(e.Documents, "/wp-content/uploads/"+escapedPath(f.File))
	}
	return e
}

// prefix is enough of a summary to know it by.
func prefix(text string) string {
	const long = 80
	r := []rune(text)
	return string(r[:min(long, len(r))])
}

// Endings are the paths that must end in another way than as a new record, by
// outcome, when that source harvests the unchanged site for the first time.
func Endings(source harvest.SourceID) map[harvest.Outcome][]string {
	const untitled, members = "/resources/untitled-upload/", "/resources/list-of-member-libraries/"
	switch source {
	case LibrarySource:
		return map[harvest.Outcome][]string{
			harvest.RobotsDenied:    {privatePath},
			harvest.NotFoundPage:    {gonePath},
			harvest.NoIndexed:       {members},
			harvest.NoTitle:         {untitled},
			harvest.DuplicateRecord: {"/library/recruitment/fees-in-five-corridors/"},
		}
	case APISource:
		return map[harvest.Outcome][]string{
			harvest.NoIndexed: {members},
			harvest.NoTitle:   {untitled},
			harvest.Protected: {"/resources/survivors-panel-minutes/"},
		}
	}
	return nil
}
