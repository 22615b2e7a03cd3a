package csvfile

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/harvest87/harvest/parsers/xmlbody"
)

// errNone is wrapped when a body is no table.
var errNone = errors.New("is no table")

// table is a file that is open.
type table struct {
	rows    *csv.Reader
	columns []string // folded
}

// open reads the names of the columns, which stand in the first line that has
// more than one cell: some registers have a title above them.
func open(body []byte) (*table, error) {
	if start := bytes.TrimLeft(body[:min(len(body), 512)], " \t\r\n\ufeff"); len(start) > 0 && start[0] == '<' {
		return nil, fmt.Errorf("a web page %w", errNone)
	}
	if bytes.HasPrefix(body, []byte("PK\x03\x04")) || bytes.HasPrefix(body, []byte("%PDF-")) {
		return nil, fmt.Errorf("a file of another kind %w", errNone)
	}
	b := bufio.NewReaderSize(xmlbody.Text(body, maxSize), 32<<10)
	t := &table{}
	separator := separatorOf(b)
	t.rows = csv.NewReader(b)
	t.rows.Comma, t.rows.LazyQuotes, t.rows.FieldsPerRecord, t.rows.ReuseRecord = separator, true, -1, true
	const above = 20 // lines
	for range above {
		row, err := t.rows.Read()
		if err != nil {
			return nil, fmt.Errorf("the file %w: %w", errNone, err)
		}
		if len(row) < 2 || len(row) > maxColumns {
			continue
		}
		for _, name := range row {
			t.columns = append(t.columns, fold(name))
		}
		return t, nil
	}
	return nil, fmt.Errorf("the file %w: none of its first %d lines has two cells", errNone, above)
}

// next reads a row by the names of its columns; nil at the end.
func (t *table) next() (map[string]string, error) {
	for {
		cells, err := t.rows.Read()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		row, some := make(map[string]string, len(cells)), false
		for i, cell := range cells {
			if len(cell) > maxCell {
				return nil, fmt.Errorf("a cell has more than %d octets; a quotation mark may be missing", maxCell)
			}
			cell = strings.TrimSpace(cell)
			if i < len(t.columns) && t.columns[i] != "" && cell != "" {
				row[t.columns[i]], some = strings.Clone(cell), true
			}
		}
		if some {
			return row, nil
		}
	}
}
