package xlsxfile

import "github.com/harvest87/harvest/parsers/register"

// OpenLines begins to read all sheets of a workbook that are shown, of each part
// so many octets.
func OpenLines(body []byte, most int64) (register.Lines, error) {
	return openLines(body, nil, bounds{sheet: most, text: int(most)})
}
