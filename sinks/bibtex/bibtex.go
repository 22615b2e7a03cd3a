// Package bibtex writes records as a bibliography for BibTeX and biber.
//
// What enters: a sequence of records. What leaves: UTF-8 text, one entry a
// record, fields in a fixed order. The same records always give the same
// octets. What it refuses: nothing; characters that TeX would obey are written
// so that they print as themselves ([Escape]), and addresses are
// percent-encoded.
//
//   - The entry is the type of the table in sinks/citation. A techreport needs
//     an institution, which is the publisher; without one it is misc.
//     A journal is no field of a record, so that papers are techreports too.
//   - The key is [citation.Key].
//   - Titles and names of bodies have a second pair of braces, because styles
//     would turn capitals into small letters and take names apart.
//   - month is the macro of that month; day is a field that old styles pass over.
//   - urldate is the day on which the document was last seen.
package bibtex

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/citation"
)

// bufferBytes is the size of the buffer between records and the writer.
const bufferBytes = 64 << 10

// Write writes the records in the order in which they come and returns how
// many were written whole. It holds one record at a time. It stops at the
// first error of the sequence or of w, and when ctx ends.
func Write(ctx context.Context, w io.Writer, records iter.Seq2[harvest.Record, error]) (int, error) {
	out := bufio.NewWriterSize(w, bufferBytes)
	n, err := sinks.Each(ctx, records, func(r *harvest.Record) error { return writeEntry(out, r) })
	return n, errors.Join(err, out.Flush())
}

// months are the macros that every style defines.
var months = []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

func writeEntry(out *bufio.Writer, r *harvest.Record) error {
	t := citation.TypeOf(r)
	entry, publisher := t.BibTeX, "institution"
	if citation.Line(r.Publisher) == "" || entry == "misc" {
		entry, publisher = "misc", "publisher"
	}
	raw := func(name, value string) { _, _ = out.WriteString(",\n  " + name + " = " + value) } // bufio keeps the error for the last write
	text := func(name, value string) {
		if value = Escape(value); value != "" {
			raw(name, "{"+value+"}")
		}
	}
	verbatim := func(name, value string) {
		if value = unbraced.Replace(value); value != "" {
			raw(name, "{"+value+"}")
		}
	}
	_, _ = out.WriteString("@" + entry + "{" + citation.Key(r.ID))
	if authors := authors(citation.Names(r)); authors != "" {
		raw("author", "{"+authors+"}")
	}
	if title := Escape(r.Title); title != "" {
		raw("title", "{{"+title+"}}")
	}
	text(publisher, r.Publisher)
	if entry == "techreport" {
		text("type", t.Label)
	}
	d := citation.DateParts(r.Published)
	if len(d) > 0 {
		raw("year", fmt.Sprintf("{%04d}", d[0]))
	}
	if len(d) > 1 {
		raw("month", months[d[1]-1])
	}
	if len(d) > 2 {
		raw("day", "{"+strconv.Itoa(d[2])+"}")
	}
	text("number", citation.Number(r))
	verbatim("doi", citation.Line(r.Identifiers.DOI))
	text("isbn", r.Identifiers.ISBN)
	verbatim("url", citation.Address(r.URL))
	text("urldate", citation.Accessed(r).Value)
	text("language", r.Language.Value)
	text("keywords", strings.Join(keywords(r), ", "))
	text("abstract", r.Summary)
	text("copyright", r.Licence)
	_, err := out.WriteString("\n}\n\n")
	return err
}

// authors are joined by "and", the only separator that BibTeX knows.
func authors(names []citation.Name) string {
	var out []string
	for _, n := range names {
		if n.Whole != "" {
			if whole := Escape(n.Whole); whole != "" {
				out = append(out, "{"+whole+"}")
			}
			continue
		}
		out = append(out, Escape(n.Inverted()))
	}
	return strings.Join(out, " and ")
}

// keywords are joined by commas, so that commas within one become semicolons.
func keywords(r *harvest.Record) []string {
	out := citation.Keywords(r)
	for i := range out {
		out[i] = strings.ReplaceAll(out[i], ",", ";")
	}
	return out
}
