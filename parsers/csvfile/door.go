package csvfile

import (
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/register"
)

// New returns the door at that position of the source, which must be of the
// kind csv. Nothing is fetched.
func New(src *config.Source, vocab *config.Vocabulary, door int) (*register.Door, error) {
	return register.New(src, vocab, door, *src.Doors[door].CSV, register.Format{
		Kind: "csv", MediaType: "text/csv",
		Open: func(body []byte) (register.Lines, error) { return open(body) },
	}), nil
}
