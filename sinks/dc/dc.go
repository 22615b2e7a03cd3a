// Package dc writes records in unqualified Dublin Core, the form that every
// library system reads.
//
// What enters: a sequence of records. What leaves: XML 1.0 in UTF-8, one
// oai_dc:dc element a record (http://www.openarchives.org/OAI/2.0/oai_dc.xsd)
// within a records element, which belongs to no standard and only holds them.
// The same records always give the same octets. What it refuses: nothing; text
// is changed as [citation.Text] says, which leaves out what XML cannot hold.
//
//   - dc:creator is "Family, Given" for persons.
//   - dc:type is the term of the DCMI Type Vocabulary, then the document type in
//     English.
//   - dc:date is the date of publication with its precision (W3CDTF).
//   - dc:identifier is the address, then the record's identifier, DOI, ISBN and
//     the rest, each as a URN or address where there is one.
//   - dc:coverage has countries (ISO 3166-1) and regions (UN M49).
//   - dc:relation has the files and the same item in other languages.
//   - xml:lang stands at title and description when the language is known.
package dc

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"iter"

	"golang.org/x/text/language"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/citation"
)

// bufferBytes is the size of the buffer between records and the writer.
const bufferBytes = 64 << 10

// Where the form of one description is laid down.
const (
	Namespace = "http://www.openarchives.org/OAI/2.0/oai_dc/"
	Schema    = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"

	namespaces = ` xmlns:oai_dc="` + Namespace + `" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
		` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="` + Namespace + " " + Schema + `"`
)

// head and tail enclose the records.
const (
	head = xml.Header + "<records" + namespaces + ">\n"
	tail = "</records>\n"
)

// Write writes the records in the order in which they come and returns how
// many were written whole. It holds one record at a time. It stops at the
// first error of the sequence or of w, and when ctx ends; the document is
// closed only when all went well, so that a part is not taken for the whole.
func Write(ctx context.Context, w io.Writer, records iter.Seq2[harvest.Record, error]) (int, error) {
	out := bufio.NewWriterSize(w, bufferBytes)
	_, _ = out.WriteString(head) // bufio keeps the error
	n, err := sinks.Each(ctx, records, func(r *harvest.Record) error { return writeRecord(out, r, "") })
	if err == nil {
		_, err = out.WriteString(tail)
	}
	return n, errors.Join(err, out.Flush())
}

// element is one statement of Dublin Core.
type element struct {
	name, value string
	inLanguage  bool // the value is written in the language of the document
}

// Append adds the description of one record, an element that stands by itself.
func Append(out *bytes.Buffer, r *harvest.Record) {
	_ = writeRecord(out, r, namespaces) // a buffer takes everything
}

// writer is what a buffer of either kind can do.
type writer interface {
	io.Writer
	io.ByteWriter
	io.StringWriter
}

func writeRecord(out writer, r *harvest.Record, attributes string) error {
	_, _ = out.WriteString("<oai_dc:dc" + attributes + ">\n")
	tag, err := language.Parse(r.Language.Value)
	lang := ""
	if err == nil && tag != language.Und {
		lang = tag.String()
	}
	for _, e := range elements(r) {
		value := citation.Text(e.value)
		if value == "" {
			continue
		}
		_, _ = out.WriteString("  <dc:" + e.name)
		if e.inLanguage && lang != "" {
			_, _ = out.WriteString(` xml:lang="` + lang + `"`)
		}
		_ = out.WriteByte('>')
		if err := xml.EscapeText(out, []byte(value)); err != nil {
			return err
		}
		_, _ = out.WriteString("</dc:" + e.name + ">\n")
	}
	_, err = out.WriteString("</oai_dc:dc>\n")
	return err
}

// elements are the statements about a record, in the order of the schema's
// list where one has a place there.
func elements(r *harvest.Record) []element {
	t := citation.TypeOf(r)
	out := []element{{"title", r.Title, true}}
	add := func(name string, values ...string) {
		for _, v := range values {
			out = append(out, element{name: name, value: v})
		}
	}
	add("title", r.TitleAlt...)
	for _, n := range citation.Names(r) {
		add("creator", n.Inverted())
	}
	add("subject", citation.Keywords(r)...)
	out = append(out, element{"description", r.Summary, true})
	add("publisher", r.Publisher)
	add("date", r.Published.Value)
	add("type", t.DCMI, t.Label)
	seen := make(map[string]bool)
	for i := range r.Documents {
		if m := r.Documents[i].MediaType; !seen[m] {
			seen[m] = true
			add("format", m)
		}
	}
	add("identifier", identifiers(r)...)
	add("source", string(r.Source))
	add("language", r.Language.Value)
	for i := range r.Documents {
		add("relation", citation.Address(r.Documents[i].URL))
	}
	for _, x := range r.Translations {
		add("relation", citation.Address(x.URL))
	}
	add("coverage", r.Countries...)
	add("coverage", r.Regions...)
	add("rights", r.Licence)
	return out
}

func identifiers(r *harvest.Record) []string {
	out := []string{citation.Address(r.URL), string(r.ID)}
	for _, x := range []struct{ prefix, value string }{
		{"https://doi.org/", citation.Address(citation.Line(r.Identifiers.DOI))},
		{"urn:isbn:", r.Identifiers.ISBN},
		{"", r.Identifiers.UNSymbol},
		{"celex:", r.Identifiers.CELEX},
		{"", r.Identifiers.ELI},
		{"", r.Identifiers.ECLI},
		{"https://hdl.handle.net/", citation.Address(citation.Line(r.Identifiers.Handle))},
	} {
		if x.value != "" {
			out = append(out, x.prefix+x.value)
		}
	}
	return out
}
