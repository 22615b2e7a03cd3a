package register

import (
	"net/url"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/fields"
)

// adapt turns a row into a record without identity.
func (d *Door) adapt(r row, at string) harvest.Record {
	b, f := fields.New(at, d.source.Homepage, d.source.Language), &d.register.Fields
	take := func(templates []string, set func(detail string, values ...string)) {
		for _, text := range templates {
			if v := (template{text}).of(r, plain); v != "" {
				set(text, v)
				return
			}
		}
	}
	for _, text := range f.Link {
		if v := (template{text}).address(r); v != "" {
			b.Link(text, v)
		}
	}
	take(f.ID, func(detail string, values ...string) { b.Native(detail, d.format.Kind+":", values[0]) })
	take(f.Title, b.Title)
	take(f.Summary, func(detail string, values ...string) { b.Summary(detail, harvest.SummaryAbstract, values...) })
	take(f.Date, b.Published)
	take(f.Modified, b.Modified)
	take(f.Author, b.Authors)
	take(f.Category, b.Labels)
	take(f.Language, b.Language)
	take(f.Publisher, b.Publisher)
	take(f.Licence, b.Licence)
	take(f.Identifier, b.Identifiers)
	for _, text := range f.Document {
		if v := (template{text}).address(r); v != "" {
			b.Document(text, harvest.Document{URL: v})
			break
		}
	}
	return b.Record()
}

func plain(s string) string { return s }

// escapeForPath is how a cell is put into an address.
func escapeForPath(s string) string { return url.PathEscape(s) }

// whole makes the record of a file, with what the source file says of it.
func (d *Door) whole(p *harvest.Page) harvest.Record {
	b, f := fields.New(p.URL, d.source.Homepage, d.source.Language), &d.register.Fields
	one := func(texts []string) string {
		if len(texts) == 0 {
			return ""
		}
		return texts[0]
	}
	b.Native("start", d.format.Kind+":", p.Request.URL)
	b.Link("fields.link", one(f.Link))
	b.Link("start", p.URL)
	b.Title("fields.title", one(f.Title))
	b.Summary("fields.summary", harvest.SummaryDescription, one(f.Summary))
	b.Labels("fields.category", f.Category...)
	b.Publisher("fields.publisher", one(f.Publisher))
	b.Licence("fields.licence", one(f.Licence))
	b.Language("fields.language", one(f.Language))
	b.Document("start", harvest.Document{URL: p.URL, MediaType: d.format.MediaType, Bytes: p.Bytes, SHA256: p.Hash})
	return b.Record()
}

// wanted are the templates of which, of each list, at least one must have its
// columns. Of a file that is one record nothing is wanted.
func (d *Door) wanted() [][]string {
	if d.register.WholeFile {
		return nil
	}
	return [][]string{d.register.Fields.Title, d.register.Fields.Link}
}
