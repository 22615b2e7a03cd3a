package csvfile

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"

	"github.com/harvest87/harvest/parsers/register"
	"github.com/harvest87/harvest/parsers/xmlbody"
)

// errNone is wrapped when a body is no table.
var errNone = errors.New("is no table")

// lines are those of a file that is open.
type lines struct {
	rows *csv.Reader
	line register.Line // the one that was read last
	read int
}

// open looks at the first octets and finds the separator.
func open(body []byte) (*lines, error) {
	if start := bytes.TrimLeft(body[:min(len(body), 512)], " \t\r\n\ufeff"); len(start) > 0 && start[0] == '<' {
		return nil, fmt.Errorf("a web page %w", errNone)
	}
	if bytes.HasPrefix(body, []byte("PK\x03\x04")) {
		return nil, fmt.Errorf("a file of another kind %w of comma-separated values; for workbooks there is the door xlsx", errNone)
	}
	if bytes.HasPrefix(body, []byte("%PDF-")) {
		return nil, fmt.Errorf("a file of another kind %w", errNone)
	}
	b := bufio.NewReaderSize(xmlbody.Text(body, maxSize), 32<<10)
	separator := separatorOf(b)
	l := &lines{rows: csv.NewReader(b)}
	l.rows.Comma, l.rows.LazyQuotes, l.rows.FieldsPerRecord, l.rows.ReuseRecord = separator, true, -1, true
	return l, nil
}

// Next implements register.Lines.
func (l *lines) Next() (*register.Line, error) {
	cells, err := l.rows.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	l.line.First, l.line.Cells = l.read == 0, l.line.Cells[:0]
	l.read++
	for _, cell := range cells[:min(len(cells), register.MaxColumns)] {
		if len(cell) > register.MaxCell {
			return nil, fmt.Errorf("a cell has more than %d octets; a quotation mark may be missing", register.MaxCell)
		}
		l.line.Cells = append(l.line.Cells, register.Cell{Text: cell})
	}
	return &l.line, nil
}
