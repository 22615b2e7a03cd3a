package match

import "github.com/harvest87/harvest"

// extent is how long the document of a record is, by what its source or its file
// says; see dcterms:extent. It is known only of records with one document:
// which of several a record describes is not.
type extent struct {
	pages  int
	octets int64
}

func extentOf(documents []harvest.Document) extent {
	if len(documents) != 1 {
		return extent{}
	}
	return extent{max(documents[0].Pages, 0), max(documents[0].Bytes, 0)}
}

const (
	// minOctets is the size of a file from which another of the same size is
	// hardly there by chance.
	minOctets = 20_000
	// minPagesApart is how many pages longer a document may be at least, and
	// still be the same one with a cover and an imprint.
	minPagesApart = 6
)

// weighExtent compares how long the documents are. A summary of a report often
// bears the title of the report.
func (j *judge) weighExtent(a, b *entry) {
	x, y := a.extent, b.extent
	if x.octets >= minOctets && x.octets == y.octets {
		j.settled = true
		j.addf("document", 3, "their documents have the same %d octets", x.octets)
		return
	}
	if x.pages == 0 || y.pages == 0 || a.otherLanguage(b) {
		return
	}
	switch shorter, longer := min(x.pages, y.pages), max(x.pages, y.pages); {
	case shorter == longer && shorter >= minPagesApart:
		j.addf("document", 1, "their documents have %d pages", shorter)
	case longer-shorter > minPagesApart && 4*shorter < 3*longer:
		j.doubtful = true
		j.addf("document", -2, "their documents have %d and %d pages", x.pages, y.pages)
	}
}
