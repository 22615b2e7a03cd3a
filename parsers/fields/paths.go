package fields

import (
	"errors"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// Paths say where the fields of an entry stand, alternatives in order. The
// zero value finds nothing.
type Paths struct {
	ID, Link, Title, Summary, Date, Modified, Author, Category, Language, Publisher, Document, Licence, Identifier []Path
	// Show, when set, is given what a path has found and answers what is to be
	// read of it, such as the name of an object.
	Show func(found any) any
}

// CompilePaths compiles the paths below a key of a source file. The error names
// every path that is none.
func CompilePaths(key string, f *config.JSONFields) (Paths, error) {
	var p Paths
	var problems []error
	for _, row := range []struct {
		to   *[]Path
		name string
		from []string
	}{
		{&p.ID, "id", f.ID},
		{&p.Link, "link", f.Link},
		{&p.Title, "title", f.Title},
		{&p.Summary, "summary", f.Summary},
		{&p.Date, "date", f.Date},
		{&p.Modified, "modified", f.Modified},
		{&p.Author, "author", f.Author},
		{&p.Category, "category", f.Category},
		{&p.Language, "language", f.Language},
		{&p.Publisher, "publisher", f.Publisher},
		{&p.Document, "document", f.Document},
		{&p.Licence, "licence", f.Licence},
		{&p.Identifier, "identifier", f.Identifier},
	} {
		compiled, err := Compile(key+"."+row.name, row.from)
		if err != nil {
			problems = append(problems, err)
		}
		*row.to = compiled
	}
	return p, errors.Join(problems...)
}

func (p *Paths) find(one Path, entry any) any {
	found := one.Find(entry)
	if p.Show != nil {
		return p.Show(found)
	}
	return found
}

// Fill gives what the paths find in an entry to the builder. idScheme stands
// before identifiers of the source.
func (p *Paths) Fill(b *Builder, idScheme string, entry any) {
	take := func(paths []Path, set func(detail string, values ...string)) {
		for _, one := range paths {
			if values := Values(p.find(one, entry)); len(values) > 0 {
				set(one.Text, values...)
				return
			}
		}
	}
	take(p.ID, func(detail string, values ...string) { b.Native(detail, idScheme, values[0]) })
	take(p.Link, func(detail string, values ...string) { b.Link(detail, values[0]) })
	take(p.Title, b.Title)
	for _, one := range p.Summary {
		if text := inverted(one.Find(entry)); text != "" {
			b.Summary(one.Text, harvest.SummaryAbstract, text)
		}
	}
	take(p.Summary, func(detail string, values ...string) { b.Summary(detail, harvest.SummaryAbstract, values...) })
	for _, one := range p.Date {
		b.Published(one.Text, datesOf(p.find(one, entry))...)
	}
	for _, one := range p.Modified {
		b.Modified(one.Text, datesOf(p.find(one, entry))...)
	}
	take(p.Author, b.Authors)
	take(p.Category, b.Labels)
	take(p.Language, b.Language)
	take(p.Publisher, b.Publisher)
	take(p.Licence, b.Licence)
	take(p.Identifier, b.Identifiers)
	take(p.Document, func(detail string, values ...string) {
		for _, v := range values {
			b.Document(detail, harvest.Document{URL: v})
		}
	})
}

// Changed is the moment of the last change, as an entry prints it; zero when
// it prints none.
func (p *Paths) Changed(entry any) time.Time {
	for _, one := range p.Modified {
		for _, text := range datesOf(p.find(one, entry)) {
			if t := Moment(text); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}
