// Package ris writes records in RIS, which every reference manager imports.
//
// What enters: a sequence of records. What leaves: UTF-8 text without a byte
// order mark, lines that end in CRLF, one reference a record from TY to ER, as
// the specification of RIS says
// (https://web.archive.org/web/20110930172154/http://www.refman.com/support/risformat_intro.asp).
// The same records always give the same octets. What it refuses: nothing; what
// a line cannot hold is changed as [citation.Line] says.
//
//   - TY is the type of the table in sinks/citation; M3 is the document type
//     in English.
//   - ID is [citation.Key]; AN the record's identifier, DB its source.
//   - Persons are "Family, Given". A body has no comma, by which readers would
//     take its name apart: commas in it are left out. Asterisks are left out of
//     authors and keywords, where RIS forbids them.
//   - PY is the year, DA year/month/day with empty places for what is unknown,
//     Y2 the day on which the document was last seen.
//   - UR is the page of the document, L1 its files.
package ris

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
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
	n, err := sinks.Each(ctx, records, func(r *harvest.Record) error { return writeReference(out, r) })
	return n, errors.Join(err, out.Flush())
}

func writeReference(out *bufio.Writer, r *harvest.Record) error {
	tag := func(name, value string) {
		if value = citation.Line(value); value != "" {
			_, _ = out.WriteString(name + "  - " + value + "\r\n") // bufio keeps the error for the last write
		}
	}
	t := citation.TypeOf(r)
	_, _ = out.WriteString("TY  - " + t.RIS + "\r\n")
	tag("ID", citation.Key(r.ID))
	tag("TI", r.Title)
	for _, title := range r.TitleAlt {
		tag("TT", title)
	}
	for _, n := range citation.Names(r) {
		tag("AU", author(n))
	}
	tag("PB", r.Publisher)
	if d := citation.DateParts(r.Published); d != nil {
		tag("PY", fmt.Sprintf("%04d", d[0]))
		tag("DA", date(d))
	}
	tag("AB", r.Summary)
	for _, k := range citation.Keywords(r) {
		tag("KW", withoutStars(k))
	}
	tag("LA", r.Language.Value)
	tag("DO", r.Identifiers.DOI)
	tag("SN", r.Identifiers.ISBN)
	tag("M1", citation.Number(r))
	tag("M3", t.Label)
	tag("UR", citation.Address(r.URL))
	for i := range r.Documents {
		tag("L1", citation.Address(r.Documents[i].URL))
	}
	if d := citation.DateParts(citation.Accessed(r)); d != nil {
		tag("Y2", date(d))
	}
	tag("C1", r.Licence)
	tag("DB", string(r.Source))
	tag("AN", string(r.ID))
	_, err := out.WriteString("ER  - \r\n\r\n")
	return err
}

func author(n citation.Name) string {
	if n.Whole != "" {
		return withoutStars(strings.ReplaceAll(n.Whole, ",", " "))
	}
	return withoutStars(n.Inverted())
}

func withoutStars(s string) string { return strings.ReplaceAll(s, "*", " ") }

// date is year/month/day, with both slashes whatever is known.
func date(parts []int) string {
	places := [3]string{}
	for i, part := range parts {
		places[i] = fmt.Sprintf("%02d", part)
	}
	return fmt.Sprintf("%04d/%s/%s", parts[0], places[1], places[2])
}
