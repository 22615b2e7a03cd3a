package search

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/harvest87/harvest"
)

// ErrPlace is returned for a place that is none, or of another search.
var ErrPlace = errors.New("search: this is no place in the list of this search")

// maxPlace bounds what is looked at, in octets.
const maxPlace = 1000

// place is where a hit stands in the list of a search: what it is sorted by,
// and which search that is.
type placeOf struct {
	Search []byte   `json:"s"`
	At     []string `json:"a"`
}

// Place is where a hit stands, for [Options.Behind]. It is text that may stand in
// an URL, and is of no other use.
func (r *Result) Place(hit int) string {
	text, _ := json.Marshal(placeOf{r.search, r.places[hit]}) // it has no value that JSON lacks
	return base64.RawURLEncoding.EncodeToString(text)
}

// searchOf tells searches from each other: by what is asked and the order.
func searchOf(q harvest.Query, o Order) []byte {
	q.Limit = 0
	text, _ := json.Marshal(struct {
		Query harvest.Query
		Order Order
	}{q, o})
	sum := sha256.Sum256(text)
	return sum[:8]
}

// behind reads a place. Places come from outside.
func behind(text string, search []byte, scored bool) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	var p placeOf
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(text) > maxPlace || json.Unmarshal(decoded, &p) != nil ||
		string(p.Search) != string(search) || len(p.At) == 0 || len(p.At) > 2 {
		return nil, ErrPlace
	}
	for _, v := range p.At {
		if !utf8.ValidString(v) {
			return nil, ErrPlace
		}
	}
	if scored {
		score, err := strconv.ParseFloat(p.At[0], 64)
		if err != nil || math.IsNaN(score) || math.IsInf(score, 0) {
			return nil, ErrPlace
		}
	}
	return p.At, nil
}
