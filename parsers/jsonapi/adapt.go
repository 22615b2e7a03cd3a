package jsonapi

import (
	"slices"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/fields"
)

// paths of the fields of an entry.
type paths struct {
	id, link, title, summary, date, modified, author, category, language, publisher, document, licence, identifier []path
}

func compileFields(key string, f *config.JSONFields) (paths, []error) {
	var p paths
	var problems []error
	for _, row := range []struct {
		to   *[]path
		name string
		from []string
	}{
		{&p.id, "id", f.ID},
		{&p.link, "link", f.Link},
		{&p.title, "title", f.Title},
		{&p.summary, "summary", f.Summary},
		{&p.date, "date", f.Date},
		{&p.modified, "modified", f.Modified},
		{&p.author, "author", f.Author},
		{&p.category, "category", f.Category},
		{&p.language, "language", f.Language},
		{&p.publisher, "publisher", f.Publisher},
		{&p.document, "document", f.Document},
		{&p.licence, "licence", f.Licence},
		{&p.identifier, "identifier", f.Identifier},
	} {
		compiled, err := compile(key+"."+row.name, row.from)
		if err != nil {
			problems = append(problems, err)
		}
		*row.to = compiled
	}
	return p, problems
}

// adapt turns an entry into a record without identity.
func (d *Door) adapt(p *paths, entry any, at string) harvest.Record {
	b := fields.New(at, d.source.Homepage, d.source.Language)
	take := func(paths []path, set func(detail string, values ...string)) {
		if values, text := first(paths, entry); len(values) > 0 {
			set(text, values...)
		}
	}
	take(p.id, func(detail string, values ...string) { b.Native(detail, "json:", values[0]) })
	take(p.link, func(detail string, values ...string) { b.Link(detail, values[0]) })
	take(p.title, b.Title)
	for _, one := range p.summary {
		if text := inverted(one.find(entry)); text != "" {
			b.Summary(one.text, harvest.SummaryAbstract, text)
		}
	}
	take(p.summary, func(detail string, values ...string) { b.Summary(detail, harvest.SummaryAbstract, values...) })
	for _, one := range p.date {
		b.Published(one.text, datesOf(one.find(entry))...)
	}
	for _, one := range p.modified {
		b.Modified(one.text, datesOf(one.find(entry))...)
	}
	take(p.author, b.Authors)
	take(p.category, b.Labels)
	take(p.language, b.Language)
	take(p.publisher, b.Publisher)
	take(p.licence, b.Licence)
	take(p.identifier, b.Identifiers)
	take(p.document, func(detail string, values ...string) {
		for _, v := range values {
			b.Document(detail, harvest.Document{URL: v})
		}
	})
	return b.Record()
}

// changed is the moment of the last change, as an entry prints it.
func (p *paths) changed(entry any) time.Time {
	for _, one := range p.modified {
		for _, text := range datesOf(one.find(entry)) {
			if t := fields.Moment(text); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}

// epoch is a time in seconds or milliseconds since 1970 as a text.
func epoch(n float64) string {
	if n > 1e11 {
		n /= 1000
	}
	if n > 1e11 {
		return ""
	}
	return time.Unix(int64(n), 0).UTC().Format(time.RFC3339)
}

func sorted(s []string) []string {
	slices.Sort(s)
	return s
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
