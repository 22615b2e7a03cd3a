// Package csv writes records as a table for spreadsheets.
//
// What enters: a sequence of records. What leaves: RFC 4180 text in UTF-8, with
// CRLF at the end of each line, a header line, and every cell that is not
// empty in double quotes. The columns are those of [Columns], always all of
// them and always in that order. What it refuses: nothing; what a cell cannot
// hold is changed as said below. The lossless form is sinks/jsonl.
//
//   - A list is one cell, its items joined by "; ". A semicolon or backslash
//     within an item has a backslash before it; [SplitList] takes a cell apart.
//   - A date has its value ("2021-03") in one column and its precision
//     ("month") in the next.
//   - A moment is in UTC, RFC 3339 to the second.
//   - Line breaks within a cell are LF; other control characters are left out.
//   - A cell that a spreadsheet could take for a formula begins with an
//     apostrophe ([Guard]); [Unguard] removes it.
//
// Provenance and the details of documents other than their addresses are left
// out. Excel shows at most 32,767 characters of a cell; nothing is cut here.
package csv

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/harvest87/harvest"
)

// Options say how to write a table. The zero value is what programs expect.
type Options struct {
	// BOM starts the file with a byte order mark, without which Excel reads
	// UTF-8 as the code page of the country.
	BOM bool
}

// bufferBytes is the size of the buffer between records and the writer.
const bufferBytes = 64 << 10

// Write writes the header and the records in the order in which they come, and
// returns how many records were written whole. It holds one record at a time.
// It stops at the first error of the sequence or of w, and when ctx ends.
func Write(ctx context.Context, w io.Writer, records iter.Seq2[harvest.Record, error], o Options) (int, error) {
	out := bufio.NewWriterSize(w, bufferBytes)
	if o.BOM {
		_, _ = out.WriteString("\uFEFF") // bufio keeps the error for Flush
	}
	for i, c := range columns {
		writeCell(out, i, c.Name)
	}
	_, _ = out.WriteString("\r\n")
	n := 0
	for r, err := range records {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return n, errors.Join(fmt.Errorf("export record %d: %w", n+1, err), out.Flush())
		}
		for i, c := range columns {
			writeCell(out, i, Guard(clean(c.value(&r))))
		}
		if _, err := out.WriteString("\r\n"); err != nil {
			return n, fmt.Errorf("export record %s: %w", r.ID, err)
		}
		n++
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("export: %w", err)
	}
	return n, nil
}

// writeCell quotes every cell: in a country where spreadsheets split at
// semicolons, an unquoted list would fall apart.
func writeCell(out *bufio.Writer, column int, cell string) {
	if column > 0 {
		_ = out.WriteByte(',')
	}
	if cell == "" {
		return
	}
	_ = out.WriteByte('"')
	_, _ = out.WriteString(strings.ReplaceAll(cell, `"`, `""`))
	_ = out.WriteByte('"')
}
