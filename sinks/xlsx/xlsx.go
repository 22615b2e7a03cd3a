// Package xlsx writes records as a workbook for spreadsheets.
//
// What enters: a sequence of records. What leaves: Office Open XML (ECMA-376),
// a sheet "Records" with the columns of sinks/csv, its header frozen and with a
// filter, and a sheet "Columns" that says what each means. The same records
// always give the same cells, and the same octets as long as one sheet holds
// them; several are packed in no fixed order. What it refuses: nothing; what a cell cannot
// hold is changed as said below.
//
//   - Cells are text, but for the revision, which is a number. A date keeps its
//     precision only as text.
//   - Text is never a formula here, but would be one in a table that a
//     spreadsheet saves of it: it is guarded as in sinks/csv.
//   - A cell has at most [MaxCell] characters; longer text ends in "…".
//   - A sheet has at most [MaxRows] rows, and no part of the file is larger than
//     a reader without ZIP64 takes; the records go on in "Records 2".
//
// Beyond some megabytes, rows go through a file in the folder for temporary
// files and are packed straight into w, so that memory does not grow with them;
// what is written to w comes at the end.
package xlsx

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/citation"
	"github.com/harvest87/harvest/sinks/csv"
)

// The limits of a workbook that Excel opens.
const (
	MaxCell = 32_767    // in UTF-16 code units
	MaxRows = 1_048_576 // of a sheet, header included
)

// maxOctets is the most that a sheet has as XML: a little less than where ZIP64
// begins.
const maxOctets = 1<<32 - 1<<20

// Write writes the records in the order in which they come and returns how
// many were taken. It stops at the first error of the sequence or of w, and
// when ctx ends; then nothing, or no whole workbook, is written.
func Write(ctx context.Context, w io.Writer, records iter.Seq2[harvest.Record, error]) (int, error) {
	return write(ctx, w, records, MaxRows, maxOctets)
}

func write(ctx context.Context, w io.Writer, records iter.Seq2[harvest.Record, error], maxRows int, maxOctets int64) (n int, err error) {
	b := &book{File: excelize.NewFile(), maxRows: maxRows, maxOctets: maxOctets, columns: csv.Columns()}
	// The library would pack the workbook in memory and pass it on whole.
	pack := zip.NewWriter(w)
	b.SetZipWriter(func(io.Writer) excelize.ZipWriter { return unfinished{pack} })
	defer func() { err = errors.Join(err, b.Close()) }() // removes its temporary files
	if b.bold, err = b.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}}); err != nil {
		return 0, fmt.Errorf("export: %w", err)
	}
	if err := b.next(); err != nil {
		return 0, fmt.Errorf("export: %w", err)
	}
	if n, err = sinks.Each(ctx, records, b.record); err != nil {
		return n, err
	}
	if err := errors.Join(b.end(), b.explain()); err != nil {
		return n, fmt.Errorf("export: %w", err)
	}
	_, err = b.WriteTo(io.Discard) // all of it goes to w
	if err == nil {
		err = pack.Close()
	}
	if err != nil {
		return n, fmt.Errorf("export: %w", err)
	}
	return n, nil
}

// unfinished is packed by the library, which would finish it even after a part
// has failed: what is not whole must not look like a workbook.
type unfinished struct{ *zip.Writer }

// Close implements [excelize.ZipWriter].
func (unfinished) Close() error { return nil }

// book is a workbook that is being written.
type book struct {
	*excelize.File
	maxRows   int
	maxOctets int64
	columns   []csv.Column
	bold      int // the style of headers
	sheets    int
	out       *excelize.StreamWriter // the sheet that is open
	row       int                    // its last row
	octets    int64                  // of its rows as XML, at most
}

// next opens the next sheet of records.
func (b *book) next() error {
	b.sheets++
	name := "Records"
	var err error
	if b.sheets == 1 {
		err = b.SetSheetName("Sheet1", name)
	} else {
		name = fmt.Sprintf("Records %d", b.sheets)
		_, err = b.NewSheet(name)
	}
	if err != nil {
		return err
	}
	if b.out, err = b.NewStreamWriter(name); err != nil {
		return err
	}
	if err := b.out.SetColWidth(1, len(b.columns), 20); err != nil {
		return err
	}
	if err := b.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	header := make([]any, len(b.columns))
	for i, c := range b.columns {
		header[i] = excelize.Cell{StyleID: b.bold, Value: c.Name}
	}
	b.row, b.octets = 1, 0
	return b.out.SetRow("A1", header)
}

// end closes the sheet that is open.
func (b *book) end() error {
	last, err := excelize.CoordinatesToCellName(len(b.columns), b.row)
	if err != nil {
		return err
	}
	return errors.Join(b.out.Flush(), b.AutoFilter(b.out.Sheet, "A1:"+last, nil))
}

func (b *book) record(r *harvest.Record) error {
	cells := make([]any, len(b.columns))
	octets := int64(perRow)
	for i, c := range b.columns {
		switch text := c.Text(r); {
		case text == "": // no cell
		case c.Name == "revision":
			cells[i] = r.Revision
		default:
			text = cell(text)
			cells[i] = text
			octets += perCell + inXML(text)
		}
	}
	if b.row == b.maxRows || b.row > 1 && b.octets+octets > b.maxOctets {
		if err := errors.Join(b.end(), b.next()); err != nil {
			return err
		}
	}
	b.row++
	b.octets += octets
	name, err := excelize.CoordinatesToCellName(1, b.row)
	if err != nil {
		return err
	}
	return b.out.SetRow(name, cells)
}

// What a row and a cell take beside their text, in octets, at most:
// <row r="1048576"></row> and
// <c r="XFD1048576" t="inlineStr"><is><t xml:space="preserve"></t></is></c>.
const (
	perRow  = 64
	perCell = 96
)

// inXML is the most that a text takes in a sheet, in octets: what is escaped
// takes up to six.
func inXML(text string) int64 {
	n := int64(len(text))
	for i := range len(text) {
		if c := text[i]; c < 0x20 || c == '<' || c == '>' || c == '&' || c == '"' || c == '\'' {
			n += 5
		}
	}
	return n
}

// cell is text that is no formula and not longer than a cell may be.
func cell(text string) string {
	text = csv.Guard(citation.Text(text))
	if len(text) <= MaxCell {
		return text
	}
	units, end := 0, 0
	for i, r := range text {
		if units += utf16.RuneLen(r); units > MaxCell {
			return text[:end] + "…"
		}
		if units < MaxCell { // there is room for the ellipsis behind r
			end = i + utf8.RuneLen(r)
		}
	}
	return text
}

// explain adds the sheet that says what the columns are.
func (b *book) explain() error {
	const name = "Columns"
	if _, err := b.NewSheet(name); err != nil {
		return err
	}
	err := errors.Join(
		b.SetColWidth(name, "A", "A", 24), b.SetColWidth(name, "B", "B", 80),
		b.SetSheetRow(name, "A1", &[]any{"column", "means"}), b.SetCellStyle(name, "A1", "B1", b.bold))
	for i, c := range b.columns {
		err = errors.Join(err, b.SetSheetRow(name, fmt.Sprintf("A%d", i+2), &[]any{c.Name, c.Means}))
	}
	return err
}
