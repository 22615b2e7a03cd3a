package match

import (
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

// entry is what is compared of a record: about a kilobyte, whatever the
// record's size.
type entry struct {
	id       harvest.RecordID
	source   harvest.SourceID
	language string // first subtag, empty when unknown
	work     harvest.WorkID
	date     harvest.Date
	keys     []Key
	// titles are the title, the other titles and those of the documents.
	titles []title
	// ids are the identifiers of which a document has one.
	ids  [4]string // DOI, UN symbol, CELEX, ECLI
	isbn string
}

// maxTitles bounds how many titles of a record are compared.
const maxTitles = 8

func newEntry(r *harvest.Record) *entry {
	e := &entry{id: r.ID, source: r.Source, work: r.Work, date: r.Published, keys: Keys(r)}
	e.language, _, _ = strings.Cut(strings.ToLower(r.Language.Value), "-")
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
			e.isbn = k.Value
		}
	}
	texts := append([]string{r.Title}, r.TitleAlt...)
	for _, d := range r.Documents {
		texts = append(texts, d.Title)
	}
	for _, text := range texts {
		if t := readTitle(text); t.key != "" && len(e.titles) < maxTitles {
			e.titles = append(e.titles, t)
		}
	}
	return e
}

// title is the record's own title.
func (e *entry) title() title {
	if len(e.titles) == 0 {
		return title{}
	}
	return e.titles[0]
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
	return slices.ContainsFunc(e.titles, func(t title) bool { return slices.ContainsFunc(o.titles, t.like) })
}

// otherLanguage reports whether both languages are known and differ.
func (e *entry) otherLanguage(o *entry) bool {
	return e.language != "" && o.language != "" && e.language != o.language
}

// contradicts reports whether the two cannot describe one document, however
// sure the key that they share: they bear different identifiers of one kind, or
// one source gives them different titles in one language. A source that lists
// a document twice gives it one title; one that puts the identifier of its
// journal, or of what it talks about, on every page does not.
func (e *entry) contradicts(o *entry) bool {
	for i, id := range e.ids {
		if id != "" && o.ids[i] != "" && id != o.ids[i] {
			return true
		}
	}
	return e.source == o.source && !e.otherLanguage(o) && !e.likeTitles(o)
}

// differs reports whether the two look like different documents: another ISBN,
// or another year, edition, volume or part in the title. Sure identifiers
// outweigh it, other keys do not.
func (e *entry) differs(o *entry) bool {
	if e.isbn != "" && o.isbn != "" && e.isbn != o.isbn {
		return true
	}
	return e.title().otherNumber(o.title())
}

// farApart reports whether the dates of an exact repeat are too far apart for
// one document that two libraries describe.
func (e *entry) farApart(o *entry) bool {
	months := func(d harvest.Date) (int, bool) {
		if len(d.Value) < len("2006-01") {
			return 0, false
		}
		month := int(d.Value[5]-'0')*10 + int(d.Value[6]-'0')
		return d.Year()*12 + month, true
	}
	a, knownA := months(e.date)
	b, knownB := months(o.date)
	return knownA && knownB && (a-b > 1 || b-a > 1)
}
