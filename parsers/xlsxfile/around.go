package xlsxfile

import (
	"bufio"
	"bytes"
	"io"
	"strings"

	"github.com/harvest87/harvest/parsers/xmlbody"
)

// around is what stands behind the rows of a sheet and belongs to its cells.
type around struct {
	links  map[cellKey]string // of single cells, where they lead outside of the file
	merged map[int][]area     // by their first row; of those over several rows
}

type cellKey struct{ row, column int }

// aroundOf reads what stands behind the rows of a sheet. A sheet that cannot be
// read to its end has nothing around: its rows tell what is wrong.
func (b *book) aroundOf(s sheet) (around, error) {
	a := around{links: make(map[cellKey]string), merged: make(map[int][]area)}
	related, err := b.parts.relations(s.part)
	if err != nil {
		return a, err
	}
	part, err := b.parts.open(s.part)
	if err != nil || part == nil {
		return a, err
	}
	defer func() { _ = part.Close() }() // it was only read
	behind := bufio.NewReaderSize(io.LimitReader(part, b.most.sheet), 64<<10)
	if !skipRows(behind) {
		return a, nil
	}
	links, merges := 0, 0
	_ = elementsOf(xmlbody.OpenReader(behind, maxPart, maxTokens), s.part, func(_ *xmlbody.Reader, name string, attr func(string) string) error {
		switch name {
		case "hyperlink":
			r, known := related[attr("id")]
			at, ok := areaOf(attr("ref"))
			if links++; known && ok && r.external && links <= maxAround && len(r.target) <= maxAddress {
				a.link(at, r.target)
			}
		case "mergeCell":
			at, ok := areaOf(attr("ref"))
			if merges++; ok && at.bottom > at.top && merges <= maxAround {
				a.merged[at.top] = append(a.merged[at.top], at)
			}
		}
		return nil
	}) // it ends with the end of an element whose start was skipped
	return a, nil
}

// link notes where the cells of an area lead: a link over many cells is that of
// the column in which it begins.
func (a *around) link(at area, to string) {
	const most = 1_000
	for row := at.top; row <= min(at.bottom, at.top+most) && len(a.links) < maxAround; row++ {
		a.links[cellKey{row, at.left}] = to
	}
}

// skipRows reads up to the end of the element sheetData, and reports whether
// there is one. Rows are not taken apart for that: they are most of a file.
func skipRows(b *bufio.Reader) bool {
	mark := []byte("sheetData>")
	for {
		window, err := b.Peek(b.Size())
		for from := 0; ; {
			at := bytes.Index(window[from:], mark)
			if at < 0 {
				break
			}
			from += at + len(mark)
			before := window[:from-len(mark)]
			if open := bytes.LastIndexByte(before, '<'); open >= 0 && strings.HasPrefix(string(before[open:]), "</") {
				_, _ = b.Discard(from) // it has been looked at
				return true
			}
		}
		const overlap = 128 // a mark, and the name space before it, may stand across two windows
		if err != nil || len(window) <= overlap {
			return false
		}
		_, _ = b.Discard(len(window) - overlap) // it has been looked at
	}
}
