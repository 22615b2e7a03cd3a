package item

import (
	"maps"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// Merge joins what a page says of an item with what the card said, field by
// field, and keeps with each value where it came from. Neither argument is
// kept by the result, but their slices are.
//
//   - What only one of them has is taken.
//   - A listing's card gives way to the page, except where the page merely
//     guesses what the source file selects in the card.
//   - An API's card stands, except where the source file selects in the page.
//   - Labels and documents of both are kept, the card's first.
//
// Title and summary have rules of their own: see title.go and summary.go.
func Merge(card, own *harvest.Record, r Reading) harvest.Record {
	m := merging{card: card, own: own, cardWins: r.CardWins, out: *card}
	m.out.Provenance = maps.Clone(card.Provenance)
	if m.out.Provenance == nil {
		m.out.Provenance = make(map[string]harvest.Evidence)
	}
	m.title(r.Source)
	m.summary()
	m.labels()
	m.documents()
	m.dates()

	o := &m.out
	m.take("authors", len(card.Authors) > 0, len(own.Authors) > 0, func() { o.Authors = own.Authors })
	m.take("language", card.Language != (harvest.Language{}), own.Language != (harvest.Language{}), func() { o.Language = own.Language })
	m.take("translations", len(card.Translations) > 0, len(own.Translations) > 0, func() { o.Translations = own.Translations })
	m.take("licence", card.Licence != "", own.Licence != "", func() { o.Licence = own.Licence })
	m.take("countries", len(card.Countries) > 0, len(own.Countries) > 0, func() { o.Countries = own.Countries })
	m.take("regions", len(card.Regions) > 0, len(own.Regions) > 0, func() { o.Regions = own.Regions })
	m.take("topics", len(card.Topics) > 0, len(own.Topics) > 0, func() { o.Topics = own.Topics })
	// A page names its site as the publisher; a card names the document's.
	if own.Publisher != "" && (card.Publisher == "" || m.strength("publisher", own) >= told && !r.CardWins || m.strength("publisher", own) > m.strength("publisher", card)) {
		o.Publisher = own.Publisher
		m.explain("publisher")
	}
	m.identifiers()
	return m.out
}

type merging struct {
	card, own *harvest.Record
	cardWins  bool
	out       harvest.Record
}

// The strength of evidence.
const (
	guessed = iota // read off the text or an address
	stated         // in a field made for it: JSON-LD, meta, an API
	told           // where the source file points
)

func (m *merging) strength(field string, of *harvest.Record) int {
	switch of.Provenance[field].Basis {
	case "selector", "citation":
		return told
	case "json-ld", "meta", "door":
		return stated
	}
	return guessed
}

// ownWins reports whether the page's value stands where both have one.
func (m *merging) ownWins(field string) bool {
	own, card := m.strength(field, m.own), m.strength(field, m.card)
	if m.cardWins {
		return own == told
	}
	return own > guessed || own >= card
}

// take applies set when the page's value is the one to keep.
func (m *merging) take(field string, card, own bool, set func()) {
	if own && (!card || m.ownWins(field)) {
		set()
		m.explain(field)
	}
}

// explain takes the page's evidence for a field.
func (m *merging) explain(field string) {
	if e, ok := m.own.Provenance[field]; ok {
		m.out.Provenance[field] = e
	} else {
		delete(m.out.Provenance, field)
	}
}

// dates keeps the day where one side knows only the month of the same date.
func (m *merging) dates() {
	for _, d := range []struct {
		field          string
		out, card, own *harvest.Date
	}{
		{"published", &m.out.Published, &m.card.Published, &m.own.Published},
		{"modified", &m.out.Modified, &m.card.Modified, &m.own.Modified},
	} {
		switch {
		case d.own.IsZero() || d.card.Finer(*d.own):
		case d.card.IsZero() || d.own.Finer(*d.card) || m.ownWins(d.field):
			*d.out = *d.own
			m.explain(d.field)
		}
	}
}

// labels joins the raw labels of both. The card's first label keeps deciding.
// An API has said all there is; only selectors add to it.
func (m *merging) labels() {
	if len(m.own.CategoriesRaw) == 0 || m.cardWins && len(m.card.CategoriesRaw) > 0 && m.strength("categories_raw", m.own) < told {
		return
	}
	all := slices.Clone(m.card.CategoriesRaw)
	for _, l := range m.own.CategoriesRaw {
		if !slices.ContainsFunc(all, func(k string) bool { return strings.EqualFold(k, l) }) {
			all = append(all, l)
		}
	}
	m.out.CategoriesRaw = all
	if len(m.card.CategoriesRaw) == 0 {
		m.out.CategoryRaw = m.own.CategoryRaw
		m.explain("category_raw")
		m.explain("categories_raw")
	}
}

// documents joins the files of both by address.
func (m *merging) documents() {
	all := slices.Clone(m.card.Documents)
	for _, d := range m.own.Documents {
		same := func(k harvest.Document) bool { return normalize.URLKey(k.URL) == normalize.URLKey(d.URL) }
		if at := slices.IndexFunc(all, same); at < 0 {
			all = append(all, d)
		} else if all[at].Title == "" {
			all[at].Title = d.Title
		}
	}
	if len(m.card.Documents) == 0 && len(all) > 0 {
		m.explain("documents")
	}
	m.out.Documents = all
}

// identifiers takes each public identifier from the page where it has one.
func (m *merging) identifiers() {
	c, o := m.card.Identifiers, m.own.Identifiers
	pick := func(card, own string) string {
		if own != "" && (card == "" || m.ownWins("identifiers")) {
			return own
		}
		return card
	}
	m.out.Identifiers = harvest.Identifiers{
		DOI: pick(c.DOI, o.DOI), ISBN: pick(c.ISBN, o.ISBN), UNSymbol: pick(c.UNSymbol, o.UNSymbol),
		CELEX: pick(c.CELEX, o.CELEX), ELI: pick(c.ELI, o.ELI), ECLI: pick(c.ECLI, o.ECLI), Handle: pick(c.Handle, o.Handle),
	}
	if m.out.Identifiers != c {
		m.explain("identifiers")
	}
}
