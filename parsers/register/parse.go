package register

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// above is how many lines of a sheet may stand above the names of its columns:
// some registers have a title there, notes, and a line that puts columns into
// groups.
const above = 50

// errNoTable is returned for a file in which no line could name columns.
var errNoTable = fmt.Errorf("the file is no table: none of its first %d lines has two cells", above)

// row is a line by the folded names of its columns. Cells without a text and
// without a link are left out.
type row map[string]Cell

// table is a file that is open.
type table struct {
	lines Lines

	columns []string // of the sheet, folded
	skipped []string // sheets without the columns
}

// openTable reads up to the names of the columns of the first sheet that has all
// that are wanted. The error says what the file lacks.
func openTable(lines Lines, wanted [][]string) (*table, error) {
	t := &table{lines: lines}
	first, err := lines.Next()
	if err != nil {
		return nil, err
	}
	found, best, err := t.heading(first, wanted)
	switch {
	case err != nil:
		return nil, err
	case !found && best == nil:
		return nil, errNoTable
	case !found:
		return nil, errors.New(lacks(wanted, best))
	}
	return t, nil
}

// heading looks, from a line on that begins a sheet, for one whose cells name
// all the columns that are wanted, in this sheet and those behind it. best are
// the cells of the first line with two of them, for the message when there is none.
func (t *table) heading(line *Line, wanted [][]string) (found bool, best []string, err error) {
	for seen, sheet := 0, ""; line != nil; seen++ {
		if line.First {
			if seen > 0 {
				t.skipped = append(t.skipped, sheet)
			}
			seen, sheet = 0, line.Sheet
		}
		if names, some := namesOf(line); seen < above && some >= 2 {
			if lacks(wanted, names) == "" {
				t.columns = names
				return true, best, nil
			}
			if best == nil {
				best = names
			}
		}
		if line, err = t.lines.Next(); err != nil {
			return false, best, err
		}
		if line == nil {
			t.skipped = append(t.skipped, sheet)
		}
	}
	return false, best, nil
}

// namesOf are the folded texts of a line, and how many of them are not empty.
func namesOf(line *Line) (names []string, some int) {
	for _, c := range line.Cells {
		name := fold(c.Text)
		names = append(names, name)
		if name != "" {
			some++
		}
	}
	return names, some
}

// lacks says which column is missing without which no row is a record.
func lacks(wanted [][]string, columns []string) string {
	for _, templates := range wanted {
		missing := ""
		for _, text := range templates {
			lacking := ""
			for _, c := range (template{text}).columns() {
				if lacking == "" && !slices.Contains(columns, fold(c)) {
					lacking = c
				}
			}
			if lacking == "" {
				missing = ""
				break
			}
			if missing == "" {
				missing = lacking
			}
		}
		if missing != "" {
			return fmt.Sprintf("has no column %q; it has %s", missing, clip(strings.Join(named(columns), ", "), 300))
		}
	}
	return ""
}

// named are the columns that have a name.
func named(columns []string) []string {
	return slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return c == "" })
}

// next reads a row; nil at the end. wanted is what other sheets must have.
func (t *table) next(wanted [][]string) (row, error) {
	for {
		line, err := t.lines.Next()
		if err != nil || line == nil {
			return nil, err
		}
		if line.First {
			if found, _, err := t.heading(line, wanted); !found {
				return nil, err
			}
			continue
		}
		r := make(row, len(t.columns))
		for i, c := range line.Cells[:min(len(line.Cells), len(t.columns))] {
			c.Text = strings.TrimSpace(c.Text)
			if t.columns[i] != "" && c != (Cell{}) {
				r[t.columns[i]] = Cell{Text: strings.Clone(c.Text), Link: strings.Clone(c.Link)}
			}
		}
		if len(r) > 0 {
			return r, nil
		}
	}
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
