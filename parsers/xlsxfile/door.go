package xlsxfile

import (
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/register"
)

// MediaType is that of workbooks (https://www.iana.org/assignments/media-types/).
const MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// New returns the door at that position of the source, which must be of the
// kind xlsx. Nothing is fetched.
func New(src *config.Source, vocab *config.Vocabulary, door int) (*register.Door, error) {
	settings := *src.Doors[door].XLSX
	return register.New(src, vocab, door, settings, register.Format{
		Kind: "xlsx", MediaType: MediaType,
		Open: func(body []byte) (register.Lines, error) {
			return openLines(body, settings.Sheets, bounds{sheet: maxSheet, text: maxText})
		},
	}), nil
}
