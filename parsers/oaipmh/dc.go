package oaipmh

import (
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/fields"
	"github.com/harvest87/harvest/parsers/item"
)

// dublinCore reads the fifteen elements (https://www.dublincore.org/specifications/dublin-core/dces/)
// and those of the qualified terms that refine them, first.
func dublinCore(b *fields.Builder, dc map[string][]value) {
	each := func(take func(detail string, values ...string), names ...string) {
		for _, name := range names {
			if values := texts(dc[name]); len(values) > 0 {
				take("dc:"+name, values...)
			}
		}
	}
	each(b.Title, "title", "alternative")
	each(b.Authors, "creator")
	each(func(detail string, values ...string) { b.Summary(detail, harvest.SummaryAbstract, values...) }, "abstract", "description")
	each(b.Published, "issued", "date", "created", "available")
	each(b.Language, "language")
	each(b.Publisher, "publisher")
	each(b.Licence, "license", "rights", "accessrights")
	each(b.Labels, "type")
	each(b.Address, "identifier")
	each(b.Identifiers, "identifier", "isbn", "doi")
	// The file itself, where journals and repositories name it: OJS in
	// relation, others in source.
	for _, name := range []string{"relation", "hasformat", "source"} {
		for _, v := range texts(dc[name]) {
			if kind := item.DocumentType(v); kind != "" && strings.Contains(v, "://") {
				b.Document("dc:"+name, harvest.Document{URL: v, MediaType: kind})
			}
		}
	}
	each(b.Address, "relation", "source") // where no identifier is an address
}

// texts are the values, those without a language or in English first for
// nothing: repositories list the language of the document first.
func texts(values []value) []string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		if !slices.Contains(out, v.text) {
			out = append(out, v.text)
		}
	}
	return out
}
