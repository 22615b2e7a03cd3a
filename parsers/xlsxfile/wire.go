package xlsxfile

import (
	"errors"
	"fmt"
	"strings"

	"github.com/harvest87/harvest/parsers/register"
)

// What is read of a workbook, in octets after decompression and in number. Excel
// itself ends at 1,048,576 rows and 65,530 links of a sheet (Excel
// specifications and limits).
const (
	maxSheet   = 512 << 20
	maxPart    = 64 << 20 // of the parts that are read as a whole
	maxText    = 64 << 20 // of the texts that cells share, together
	maxTexts   = 4 << 20
	maxParts   = 20_000
	maxSheets  = 1_000
	maxStyles  = 100_000
	maxAround  = 100_000 // links, and merged cells, of a sheet
	maxTokens  = 200_000_000
	maxAddress = 2_000
)

// errNone is wrapped when a body is no workbook that can be read.
var errNone = errors.New("is no workbook that can be read")

// notWorkbook says what a body is that is no archive.
func notWorkbook(body []byte) error {
	head := strings.TrimLeft(string(body[:min(len(body), 512)]), " \t\r\n\ufeff")
	switch {
	case strings.HasPrefix(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"):
		return fmt.Errorf("a file of the old form .xls, or one with a password, %w; ask for .xlsx or .csv", errNone)
	case strings.HasPrefix(head, "<"):
		return fmt.Errorf("a web page %w", errNone)
	case strings.HasPrefix(head, "%PDF-"):
		return fmt.Errorf("a PDF %w", errNone)
	}
	return fmt.Errorf("the file %w: it is no archive", errNone)
}

// cellAt reads the reference of a cell, such as "BC23", as row and column from
// 0; ok is false for what is none.
func cellAt(ref string) (row, column int, ok bool) {
	i := 0
	for ; i < len(ref) && i < 4; i++ {
		c := ref[i] &^ 0x20 // capitals
		if c < 'A' || c > 'Z' {
			break
		}
		column = column*26 + int(c-'A') + 1
	}
	for k := i; k < len(ref); k++ {
		if ref[k] < '0' || ref[k] > '9' || row > 10_000_000 {
			return 0, 0, false
		}
		row = row*10 + int(ref[k]-'0')
	}
	return row - 1, column - 1, i > 0 && row > 0
}

// area is a rectangle of cells, from 0, both ends included.
type area struct{ top, left, bottom, right int }

// areaOf reads a reference such as "A2:B5" or "A2"; "$" may stand in it.
func areaOf(ref string) (area, bool) {
	from, to, ranged := strings.Cut(strings.ReplaceAll(ref, "$", ""), ":")
	if !ranged {
		to = from
	}
	top, left, ok1 := cellAt(from)
	bottom, right, ok2 := cellAt(to)
	return area{top, left, bottom, right}, ok1 && ok2 && top <= bottom && left <= right && left < register.MaxColumns
}
