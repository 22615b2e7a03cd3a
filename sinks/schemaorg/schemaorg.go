// Package schemaorg writes records as JSON-LD in the words of schema.org.
//
// What enters: a sequence of records. What leaves: one JSON-LD 1.1 document
// (https://www.w3.org/TR/json-ld11/) with a context of its own, so that no
// reader needs the network, and a graph with one node a line. The same records
// always give the same octets. What it refuses: nothing; text is changed as
// [citation.Text] says.
//
//   - @id is the address of the document's page; where two records have one
//     page, the graph says two things of it, as the sources do. identifier has
//     the record's identifier as a PropertyValue, and DOI, ISBN and the rest.
//   - @type is the type of the table in sinks/citation.
//   - Dates are of the precision that is known, as schema.org's Date allows.
//   - encoding are the files, workTranslation the same item in other languages.
package schemaorg

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"strconv"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/citation"
)

// bufferBytes is the size of the buffer between records and the writer.
const bufferBytes = 64 << 10

// head opens the document. Terms whose values are addresses are links.
const head = `{"@context":{"@vocab":"https://schema.org/","url":{"@type":"@id"},"contentUrl":{"@type":"@id"},"sameAs":{"@type":"@id"}},"@graph":[`

// node is one document; the names are those of schema.org.
type node struct {
	ID              string     `json:"@id"`
	Type            string     `json:"@type"`
	Name            string     `json:"name,omitempty"`
	AlternateName   []string   `json:"alternateName,omitempty"`
	URL             string     `json:"url,omitempty"`
	Identifier      []property `json:"identifier,omitempty"`
	SameAs          []string   `json:"sameAs,omitempty"`
	Genre           string     `json:"genre,omitempty"`
	Author          []agent    `json:"author,omitempty"`
	Publisher       *agent     `json:"publisher,omitempty"`
	DatePublished   string     `json:"datePublished,omitempty"`
	DateModified    string     `json:"dateModified,omitempty"`
	InLanguage      string     `json:"inLanguage,omitempty"`
	Abstract        string     `json:"abstract,omitempty"`
	Keywords        []string   `json:"keywords,omitempty"`
	SpatialCoverage []place    `json:"spatialCoverage,omitempty"`
	Licence         string     `json:"license,omitempty"`
	ISBN            string     `json:"isbn,omitempty"`
	Encoding        []file     `json:"encoding,omitempty"`
	Translation     []work     `json:"workTranslation,omitempty"`
}

type property struct {
	Type  string `json:"@type"`
	ID    string `json:"propertyID"`
	Value string `json:"value"`
}

type agent struct {
	Type   string `json:"@type"`
	Name   string `json:"name"`
	Family string `json:"familyName,omitempty"`
	Given  string `json:"givenName,omitempty"`
}

type place struct {
	Type       string   `json:"@type"`
	Identifier property `json:"identifier"`
}

type file struct {
	Type       string `json:"@type"`
	ContentURL string `json:"contentUrl"`
	Format     string `json:"encodingFormat,omitempty"`
	Size       string `json:"contentSize,omitempty"` // octets
	SHA256     string `json:"sha256,omitempty"`
	Name       string `json:"name,omitempty"`
	InLanguage string `json:"inLanguage,omitempty"`
}

type work struct {
	Type       string `json:"@type"`
	URL        string `json:"url"`
	InLanguage string `json:"inLanguage,omitempty"`
}

// Write writes the records in the order in which they come and returns how
// many were written whole. It holds one record at a time. It stops at the
// first error of the sequence or of w, and when ctx ends; the document is
// closed only when all went well, so that a part is not taken for the whole.
func Write(ctx context.Context, w io.Writer, records iter.Seq2[harvest.Record, error]) (int, error) {
	out := bufio.NewWriterSize(w, bufferBytes)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(true) // the text may stand in a script element of a page
	_, _ = out.WriteString(head + "\n")
	separator := ""
	n, err := sinks.Each(ctx, records, func(r *harvest.Record) error {
		_, _ = out.WriteString(separator) // bufio keeps the error for the encoder
		separator = ","
		return enc.Encode(nodeOf(r))
	})
	if err == nil {
		_, err = out.WriteString("]}\n")
	}
	return n, errors.Join(err, out.Flush())
}

func nodeOf(r *harvest.Record) node {
	t := citation.TypeOf(r)
	n := node{
		ID: citation.Address(r.URL), Type: t.SchemaOrg, Name: citation.Line(r.Title), AlternateName: citation.Lines(r.TitleAlt),
		URL: citation.Address(r.URL), Identifier: identifiers(r), Genre: t.Label,
		DatePublished: r.Published.Value, DateModified: r.Modified.Value, InLanguage: citation.Line(r.Language.Value),
		Abstract: citation.Text(r.Summary), Keywords: citation.Keywords(r), Licence: citation.Line(r.Licence), ISBN: citation.Line(r.Identifiers.ISBN),
	}
	if r.CanonicalURL != "" && r.CanonicalURL != r.URL {
		n.SameAs = []string{citation.Address(r.CanonicalURL)}
	}
	for _, a := range citation.Names(r) {
		n.Author = append(n.Author, agentOf(a))
	}
	if p := citation.Line(r.Publisher); p != "" {
		n.Publisher = &agent{Type: "Organization", Name: p}
	}
	for _, c := range citation.Lines(r.Countries) {
		n.SpatialCoverage = append(n.SpatialCoverage, place{"Country", property{"PropertyValue", "ISO 3166-1", c}})
	}
	for _, c := range citation.Lines(r.Regions) {
		n.SpatialCoverage = append(n.SpatialCoverage, place{"Place", property{"PropertyValue", "UN M49", c}})
	}
	for i := range r.Documents {
		n.Encoding = append(n.Encoding, fileOf(&r.Documents[i]))
	}
	for _, x := range r.Translations {
		n.Translation = append(n.Translation, work{"CreativeWork", citation.Address(x.URL), citation.Line(x.Language)})
	}
	return n
}

// agentOf is a person, a body, or a thing of which only the name is known: a
// whole name may be that of a person too.
func agentOf(n citation.Name) agent {
	if n.Body {
		return agent{Type: "Organization", Name: n.Whole}
	}
	if n.Whole != "" {
		return agent{Type: "Thing", Name: n.Whole}
	}
	return agent{Type: "Person", Name: n.Direct(), Family: n.Family, Given: n.Given}
}

func identifiers(r *harvest.Record) []property {
	var out []property
	for _, x := range []struct{ id, value string }{
		{"harvest", string(r.ID)},
		{"DOI", r.Identifiers.DOI},
		{"ISBN", r.Identifiers.ISBN},
		{"UN symbol", r.Identifiers.UNSymbol},
		{"CELEX", r.Identifiers.CELEX},
		{"ELI", r.Identifiers.ELI},
		{"ECLI", r.Identifiers.ECLI},
		{"Handle", r.Identifiers.Handle},
	} {
		if v := citation.Line(x.value); v != "" {
			out = append(out, property{"PropertyValue", x.id, v})
		}
	}
	return out
}

func fileOf(d *harvest.Document) file {
	f := file{
		Type: "MediaObject", ContentURL: citation.Address(d.URL), Format: citation.Line(d.MediaType), SHA256: citation.Line(d.SHA256),
		Name: citation.Line(d.Title), InLanguage: citation.Line(d.Language),
	}
	if d.Bytes > 0 {
		f.Size = strconv.FormatInt(d.Bytes, 10)
	}
	return f
}
