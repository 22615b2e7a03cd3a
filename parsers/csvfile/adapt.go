package csvfile

import (
	"net/url"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/fields"
)

// adapt turns a row into a record without identity.
func (d *Door) adapt(row map[string]string, at string) harvest.Record {
	b, f := fields.New(at, d.source.Homepage, d.source.Language), &d.csv.Fields
	take := func(templates []string, set func(detail string, values ...string)) {
		for _, text := range templates {
			if v := (template{text}).of(row, plain); v != "" {
				set(text, v)
				return
			}
		}
	}
	for _, text := range f.Link {
		if v := (template{text}).of(row, url.PathEscape); v != "" {
			b.Link(text, v)
		}
	}
	take(f.ID, func(detail string, values ...string) { b.Native(detail, "csv:", values[0]) })
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
	take(f.Document, func(detail string, values ...string) { b.Document(detail, harvest.Document{URL: values[0]}) })
	return b.Record()
}

func plain(s string) string { return s }

// whole makes the record of a file, with what the source file says of it.
func (d *Door) whole(p *harvest.Page) harvest.Record {
	b, f := fields.New(p.URL, d.source.Homepage, d.source.Language), &d.csv.Fields
	one := func(texts []string) string {
		if len(texts) == 0 {
			return ""
		}
		return texts[0]
	}
	b.Native("start", "csv:", p.Request.URL)
	b.Link("fields.link", one(f.Link))
	b.Link("start", p.URL)
	b.Title("fields.title", one(f.Title))
	b.Summary("fields.summary", harvest.SummaryDescription, one(f.Summary))
	b.Labels("fields.category", f.Category...)
	b.Publisher("fields.publisher", one(f.Publisher))
	b.Licence("fields.licence", one(f.Licence))
	b.Language("fields.language", one(f.Language))
	b.Document("start", harvest.Document{URL: p.URL, MediaType: "text/csv", Bytes: p.Bytes, SHA256: p.Hash})
	return b.Record()
}

// needed are the templates of which at least one column must be there.
func needed(f *config.JSONFields) [][]string { return [][]string{f.Title, f.Link} }
