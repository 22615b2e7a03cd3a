package match

import (
	"slices"

	"github.com/harvest87/harvest"
)

// entry is what is compared of a description: a few kilobytes at most,
// whatever the size of the description.
type entry struct {
	id       harvest.RecordID
	source   harvest.SourceID
	language string // first subtag, empty when unknown
	work     harvest.WorkID
	date     harvest.Date
	year     int // of the date, else of the citation, 0 when unknown
	keys     []Key
	// titles are the title, the other titles and those of the documents.
	titles []title
	// whole are the words of a citation, sorted; nil for a plain title.
	whole   []string
	people  []person
	venue   venue
	issuer  venue // the publisher
	volume  string
	issue   string
	edition string
	pages   pages
	extent  extent
	text    sketch
	cut     bool     // the text was truncated
	blocks  []uint64 // where candidates are looked for
	wide    []uint64 // the same, among many that are unlike
	words   signature
	// titleBlock is the block of those with the same title, 0 without a title.
	titleBlock uint64
	twin       uint64 // see fingerprint
	withdrawn  bool
	// ids are the identifiers of which a document has one.
	ids  [4]string // DOI, UN symbol, CELEX, ECLI
	isbn []string  // a book has one for each of its forms
}

// otherISBN reports whether both have ISBNs, and none in common.
func (e *entry) otherISBN(o *entry) bool {
	return len(e.isbn) > 0 && len(o.isbn) > 0 && !slices.ContainsFunc(e.isbn, func(n string) bool { return slices.Contains(o.isbn, n) })
}

// maxTitles bounds how many titles of a record are compared.
const maxTitles = 8

func newEntry(r *harvest.Record) *entry {
	d := Describe(r)
	return entryOf(&d)
}

func entryOf(d *Description) *entry {
	e := bareEntry(d)
	if d.Withdrawn {
		return e // it is found by nobody
	}
	shingles := textShingles(d.Summary)
	e.text = newSketch(shingles)
	e.blocks, e.wide = blocksOf(e, shingles)
	e.twin = e.fingerprint()
	return e
}

// bareEntry is an entry without what is made of its text and for finding it.
func bareEntry(d *Description) *entry {
	e := &entry{
		id: harvest.RecordID(d.ID), source: harvest.SourceID(d.Source), work: d.Work,
		language: primaryLanguage(d.Language), date: harvest.Date{Value: d.Date}, keys: d.keys, extent: d.extent, cut: d.Truncated,
	}
	e.setIdentifiers()
	own, authors, venueText, pageText := d.Title, d.Authors, d.Venue, d.Pages
	e.volume, e.issue, e.year = firstNumber(d.Volume), firstNumber(d.Issue), d.year()
	if d.Citation {
		if c, ok := readCitation(d.Title); ok {
			own, venueText = c.title, orElse(venueText, c.venue)
			pageText, e.volume = orElse(pageText, c.pages), orElse(e.volume, c.volume)
			if len(authors) == 0 {
				authors = c.authors
			}
			if e.year == 0 {
				e.year = c.year
			}
			e.whole = wordsOf(cleanTitle(d.Title))
			slices.Sort(e.whole)
			e.whole = slices.Compact(e.whole)
		}
	}
	if e.withdrawn = d.Withdrawn; e.withdrawn {
		return e
	}
	e.people = readPeople(authors)
	for _, text := range append([]string{withoutStatement(own, e.people)}, d.TitleAlt...) {
		if t := readTitle(text); t.key != "" && len(e.titles) < maxTitles {
			e.titles = append(e.titles, t)
		}
	}
	e.words = signatureOf(e.title())
	e.venue, e.issuer = readVenue(venueText), readIssuer(d.Publisher)
	e.pages = readPages(pageText)
	e.edition = editionOf(d.Edition)
	return e
}

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// setIdentifiers takes the identifiers out of the keys.
func (e *entry) setIdentifiers() {
	for _, k := range e.keys {
		switch k.Method {
		case DOI:
			e.ids[0] = k.Value
		case UNSymbol:
			e.ids[1] = k.Value
		case CELEX:
			e.ids[2] = k.Value
		case ECLI:
			e.ids[3] = k.Value
		case ISBN:
			e.isbn = append(e.isbn, k.Value)
		}
	}
}

// firstNumber is the first number in s without leading zeros, else s folded.
func firstNumber(s string) string {
	words := wordsOf(cut(s, 60))
	for i := range words {
		if n := numberAt(words, i); n != "" && isNumber(n) {
			return n
		}
	}
	return ""
}

// editionOf reads "2nd ed.", "Second edition" or "2" as 2.
func editionOf(s string) string {
	words := wordsOf(cut(s, 60))
	for i, w := range words {
		if n := ordinalOf[w]; n != "" {
			return n
		}
		if n := numberAt(words, i); n != "" && isNumber(n) {
			return n
		}
	}
	return ""
}

// title is the record's own title.
func (e *entry) title() *title {
	if len(e.titles) == 0 {
		return &title{}
	}
	return &e.titles[0]
}

// key returns the entry's key that stores index under that string, the zero
// Key when it has none.
func (e *entry) key(s string) Key {
	for _, k := range e.keys {
		if k.String() == s {
			return k
		}
	}
	return Key{}
}

// likeTitles reports whether any title of one is like any of the other.
func (e *entry) likeTitles(o *entry) bool {
	for i := range e.titles {
		for j := range o.titles {
			if e.titles[i].like(&o.titles[j]) {
				return true
			}
		}
	}
	return false
}

// otherLanguage reports whether both languages are known and differ.
func (e *entry) otherLanguage(o *entry) bool {
	return e.language != "" && o.language != "" && e.language != o.language
}
