// Package csl writes records as CSL-JSON, which citation processors such as
// Pandoc, citeproc and Zotero read.
//
// What enters: a sequence of records. What leaves: one JSON array (RFC 8259),
// one item a line, with the variables of CSL 1.0.2
// (https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables,
// schema https://github.com/citation-style-language/schema). The same records
// always give the same octets. What it refuses: nothing; text is changed as
// [citation.Text] says.
//
//   - id is [citation.Key]; type that of the table in sinks/citation.
//   - A person has family and given, any other author is literal.
//   - issued has as many parts as are known; accessed is the day on which the
//     document was last seen.
//   - genre is the document type in English; number the official number.
package csl

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/citation"
)

// bufferBytes is the size of the buffer between records and the writer.
const bufferBytes = 64 << 10

// item is one item; the names are those of the schema.
type item struct {
	ID        string `json:"id"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Author    []name `json:"author,omitempty"`
	Publisher string `json:"publisher,omitempty"`
	Issued    *date  `json:"issued,omitempty"`
	Accessed  *date  `json:"accessed,omitempty"`
	Abstract  string `json:"abstract,omitempty"`
	Genre     string `json:"genre,omitempty"`
	Number    string `json:"number,omitempty"`
	Language  string `json:"language,omitempty"`
	Keyword   string `json:"keyword,omitempty"`
	DOI       string `json:"DOI,omitempty"`
	ISBN      string `json:"ISBN,omitempty"`
	URL       string `json:"URL,omitempty"`
	Source    string `json:"source,omitempty"`
}

type name struct {
	Family  string `json:"family,omitempty"`
	Given   string `json:"given,omitempty"`
	Literal string `json:"literal,omitempty"`
}

type date struct {
	Parts [][]int `json:"date-parts"`
}

// Write writes the records in the order in which they come and returns how
// many were written whole. It holds one record at a time. It stops at the
// first error of the sequence or of w, and when ctx ends; the array is closed
// only when all went well, so that a part is not taken for the whole.
func Write(ctx context.Context, w io.Writer, records iter.Seq2[harvest.Record, error]) (int, error) {
	out := bufio.NewWriterSize(w, bufferBytes)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	separator := "["
	n, err := sinks.Each(ctx, records, func(r *harvest.Record) error {
		_, _ = out.WriteString(separator) // bufio keeps the error for the encoder
		separator = ","
		return enc.Encode(itemOf(r))
	})
	if err == nil {
		_, err = out.WriteString(strings.TrimSuffix(separator, ",") + "]\n")
	}
	return n, errors.Join(err, out.Flush())
}

func itemOf(r *harvest.Record) item {
	t := citation.TypeOf(r)
	i := item{
		ID: citation.Key(r.ID), Type: t.CSL, Title: citation.Line(r.Title), Publisher: citation.Line(r.Publisher),
		Issued: dateOf(r.Published), Accessed: dateOf(citation.Accessed(r)), Abstract: citation.Text(r.Summary),
		Genre: t.Label, Number: citation.Number(r), Language: citation.Line(r.Language.Value),
		Keyword: strings.Join(citation.Keywords(r), ", "), DOI: citation.Line(r.Identifiers.DOI), ISBN: citation.Line(r.Identifiers.ISBN),
		URL: citation.Address(r.URL), Source: citation.Line(string(r.Source)),
	}
	for _, n := range citation.Names(r) {
		i.Author = append(i.Author, name{n.Family, n.Given, n.Whole})
	}
	return i
}

func dateOf(d harvest.Date) *date {
	parts := citation.DateParts(d)
	if parts == nil {
		return nil
	}
	return &date{[][]int{parts}}
}
