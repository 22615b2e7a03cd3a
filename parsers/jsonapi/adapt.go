package jsonapi

import (
	"slices"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/fields"
)

// adapt turns an entry into a record without identity.
func (d *Door) adapt(p *fields.Paths, entry any, at string) harvest.Record {
	b := fields.New(at, d.source.Homepage, d.source.Language)
	p.Fill(b, "json:", entry)
	return b.Record()
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
