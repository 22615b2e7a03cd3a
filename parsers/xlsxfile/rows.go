package xlsxfile

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/harvest87/harvest/parsers/register"
	"github.com/harvest87/harvest/parsers/xmlbody"
)

// rows are those of one sheet.
type rows struct {
	*book
	around around
	part   io.Closer
	xml    *xmlbody.Reader
	next   int // number of the next row, where it has none of its own
	cells  []register.Cell
	// below is what stands in a merged cell that goes on over further rows, by
	// its column.
	below map[int]continued
}

// continued is a merged cell whose rows are not over.
type continued struct {
	cell   register.Cell
	bottom int
}

// openRows begins to read a sheet.
func (b *book) openRows(s sheet) (*rows, error) {
	a, err := b.aroundOf(s)
	if err != nil {
		return nil, err
	}
	part, err := b.parts.open(s.part)
	if err != nil {
		return nil, err
	}
	if part == nil {
		return nil, fmt.Errorf("the part %s is missing", s.part)
	}
	return &rows{book: b, around: a, part: part, xml: xmlbody.OpenReader(part, b.most.sheet, maxTokens), below: make(map[int]continued)}, nil
}

// read returns the cells of the next row that has any; nil at the end.
func (s *rows) read() ([]register.Cell, error) {
	for {
		token, err := s.xml.Next()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.EndElement:
			if t.Name.Local == "sheetData" {
				return nil, nil
			}
		case xml.StartElement:
			if t.Name.Local != "row" {
				continue
			}
			number := s.next
			if n, err := strconv.Atoi(xmlbody.Attr(t, "r")); err == nil && n > 0 && n < 1<<30 {
				number = n - 1
			}
			s.next = number + 1
			if err := s.row(number); err != nil {
				return nil, err
			}
			if s.merge(number); len(s.cells) > 0 {
				return s.cells, nil
			}
		}
	}
}

// row reads the cells of the row that was just opened. A cell need not say which
// it is: then it stands behind the one before.
func (s *rows) row(number int) error {
	s.cells = s.cells[:0]
	column := 0
	for outside := s.xml.Depth() - 1; s.xml.Depth() > outside; {
		token, err := s.xml.Next()
		if err != nil {
			return err
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if e.Name.Local != "c" {
			if err := s.xml.Skip(); err != nil {
				return err
			}
			continue
		}
		if _, at, ok := cellAt(xmlbody.Attr(e, "r")); ok {
			column = at
		}
		c, err := s.cell(e)
		if err != nil {
			return err
		}
		if link := s.around.links[cellKey{number, column}]; link != "" {
			c.Link = link
		}
		s.put(column, c)
		column++
	}
	return nil
}

// put places a cell; empty ones make no room.
func (s *rows) put(column int, c register.Cell) {
	if c == (register.Cell{}) || column >= register.MaxColumns {
		return
	}
	for len(s.cells) <= column {
		s.cells = append(s.cells, register.Cell{})
	}
	s.cells[column] = c
}

// cell reads the cell that was just opened (section 18.3.1.4).
func (s *rows) cell(e xml.StartElement) (register.Cell, error) {
	kind := xmlbody.Attr(e, "t")
	style, err := strconv.Atoi(xmlbody.Attr(e, "s"))
	if err != nil {
		style = 0 // the first style is that of cells without one
	}
	var value, formula, inline string
	for outside := s.xml.Depth() - 1; s.xml.Depth() > outside; {
		token, err := s.xml.Next()
		if err != nil {
			return register.Cell{}, err
		}
		child, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch child.Name.Local {
		case "v":
			value, err = s.xml.Text(register.MaxCell)
		case "f":
			formula, err = s.xml.Text(4 * maxAddress)
		case "is":
			inline, err = richText(s.xml)
		default:
			err = s.xml.Skip()
		}
		if err != nil {
			return register.Cell{}, err
		}
	}
	c := register.Cell{Text: s.text(kind, value, inline, style)}
	linked(formula, &c)
	return c, nil
}

// text is what a reader sees of a value of some kind (section 18.18.11).
func (s *rows) text(kind, value, inline string, style int) string {
	switch kind {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(value)); err == nil {
			return s.texts.at(i)
		}
		return ""
	case "inlineStr":
		return inline
	case "str":
		return plainText(value)
	case "b":
		if strings.TrimSpace(value) == "1" {
			return "TRUE"
		}
		return "FALSE"
	case "e": // #N/A, #REF!
		return ""
	case "d":
		day, hour, _ := strings.Cut(strings.TrimSpace(value), "T")
		if strings.Trim(hour, "0:.Z") != "" {
			return day + " " + hour
		}
		return day
	}
	if value == "" {
		return inline
	}
	return s.show(value, style)
}

// hyperlink matches a formula that links to an address and says how it is shown.
var hyperlink = regexp.MustCompile(`(?i)^\s*HYPERLINK\(\s*"((?:[^"]|"")*)"\s*(?:[,;]\s*"((?:[^"]|"")*)"\s*)?\)\s*$`)

// linked takes from a formula where it leads and, where nobody has calculated it
// yet, what it will show: programs that write workbooks leave that to Excel.
func linked(formula string, c *register.Cell) {
	m := hyperlink.FindStringSubmatch(formula)
	if m == nil {
		return
	}
	if to := strings.ReplaceAll(m[1], `""`, `"`); len(to) <= maxAddress {
		c.Link = to
	}
	if c.Text == "" || c.Text == "0" {
		c.Text = strings.ReplaceAll(m[2], `""`, `"`)
	}
}

// merge repeats what stands in a merged cell in the further rows that it covers,
// where a reader sees it: "2023" beside all statements of that year. A row that
// has nothing of its own stays empty.
func (s *rows) merge(number int) {
	own := len(s.cells) > 0
	for column, c := range s.below {
		switch {
		case number > c.bottom:
			delete(s.below, column)
		case own && (column >= len(s.cells) || s.cells[column] == register.Cell{}):
			s.put(column, c.cell)
		}
	}
	for _, a := range s.around.merged[number] {
		if a.left < len(s.cells) {
			s.below[a.left] = continued{s.cells[a.left], a.bottom}
		}
	}
}

func (s *rows) close() { _ = s.part.Close() } // it was only read
