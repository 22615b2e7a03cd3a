package xlsxfile

import (
	"fmt"

	"github.com/harvest87/harvest/parsers/register"
)

// lines are those of the sheets of a file, one sheet after the other.
type lines struct {
	book   *book
	sheets []sheet // that are still to be read, after the open one
	open   *rows
	name   string
	line   register.Line // the one that was read last
	failed error
}

// openLines reads all but the rows of a file.
func openLines(body []byte, names []string, most bounds) (*lines, error) {
	b, err := openBook(body, most)
	if err != nil {
		return nil, err
	}
	sheets, err := b.wanted(names)
	if err != nil {
		return nil, err
	}
	return &lines{book: b, sheets: sheets}, nil
}

// Next implements register.Lines. After an error there is nothing more.
func (l *lines) Next() (*register.Line, error) {
	for l.failed == nil {
		first := l.open == nil
		if first {
			if len(l.sheets) == 0 {
				return nil, nil
			}
			opened, err := l.book.openRows(l.sheets[0])
			if err != nil {
				return nil, l.fail(err)
			}
			l.open, l.name, l.sheets = opened, l.sheets[0].name, l.sheets[1:]
		}
		cells, err := l.open.read()
		switch {
		case err != nil:
			return nil, l.fail(err)
		case cells == nil:
			l.open.close()
			l.open = nil
			continue
		}
		l.line.Cells, l.line.Sheet, l.line.First = cells, l.name, first
		return &l.line, nil
	}
	return nil, l.failed
}

func (l *lines) fail(err error) error {
	if l.open != nil {
		l.open.close()
		l.open = nil
	}
	l.failed = fmt.Errorf("sheet %q: %w", l.name, err)
	return l.failed
}
