package search

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// Facet is a field by whose values the records that a search finds are counted.
type Facet string

// The facets. Of languages the first subtag counts, of dates the year.
const (
	FacetSource   Facet = "source"
	FacetCategory Facet = "category"
	FacetTopic    Facet = "topic"
	FacetCountry  Facet = "country"
	FacetLanguage Facet = "language"
	FacetYear     Facet = "year"
	FacetState    Facet = "state"
)

// Facets are all of them, in the order in which they are shown.
func Facets() []Facet {
	return []Facet{FacetSource, FacetCategory, FacetTopic, FacetCountry, FacetLanguage, FacetYear, FacetState}
}

// facetFields are where the index has the values.
var facetFields = map[Facet]string{
	FacetSource: fieldSource, FacetCategory: fieldCategory, FacetTopic: fieldTopic, FacetCountry: fieldCountry,
	FacetLanguage: fieldTongue, FacetYear: fieldYear, FacetState: fieldState,
}

// MaxFacetValues is the most values that are told of a facet.
const MaxFacetValues = 100

// Counted is one value of a facet, with how many of the records found have it.
type Counted struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// checkFacets reports a facet that there is not, and too many values; it
// returns how many values of each are to be told.
func checkFacets(o Options) (values int, err error) {
	values = o.FacetValues
	if values == 0 {
		values = 20
	}
	if values < 0 || values > MaxFacetValues {
		return 0, fmt.Errorf("search: %d values of a facet are more than %d", values, MaxFacetValues)
	}
	for _, f := range o.Facets {
		if facetFields[f] == "" {
			return 0, fmt.Errorf("search: unknown facet %q; known: %v", f, Facets())
		}
	}
	return values, nil
}

// holders are the records of one segment that have a value.
type holders struct {
	value   string
	records *roaring.Bitmap
	lists   bool // see [listed]
}

// facetValues knows of each segment who has which value of which field. It
// learns that when it is first asked; a segment never changes. The bitmaps stand
// in the files of the segment, so they are used by those alone who look at it.
// Its methods may be called concurrently.
type facetValues struct {
	mu    sync.Mutex
	known map[segment.Segment]map[string][]holders
}

// forget drops what is known of segments that are no more.
func (v *facetValues) forget(but []*shelf) {
	v.mu.Lock()
	defer v.mu.Unlock()
	maps.DeleteFunc(v.known, func(s segment.Segment, _ map[string][]holders) bool {
		return !slices.ContainsFunc(but, func(x *shelf) bool { return x.segment == s })
	})
}

func (v *facetValues) of(s *shelf, field string) ([]holders, error) {
	v.mu.Lock()
	out, ok := v.known[s.segment][field]
	v.mu.Unlock()
	if ok {
		return out, nil
	}
	terms, err := s.terms(field, nil, nil)
	if err != nil {
		return nil, err
	}
	for _, term := range terms {
		records, err := s.having(field, term)
		if err != nil {
			return nil, err
		}
		out = append(out, holders{term, records, listed(records)})
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.known == nil {
		v.known = make(map[segment.Segment]map[string][]holders)
	}
	if v.known[s.segment] == nil {
		v.known[s.segment] = make(map[string][]holders)
	}
	v.known[s.segment][field] = out
	return out, nil
}

// count counts the facets of what was found, the most frequent value first.
func (v *facetValues) count(ctx context.Context, on []*shelf, found marks, facets []Facet, values int) (map[Facet][]Counted, error) {
	if len(facets) == 0 {
		return nil, nil
	}
	v.forget(on)
	counts := make([]map[Facet]map[string]int, len(on))
	_, err := onEach(ctx, on, func(i int, s *shelf) (*roaring.Bitmap, error) {
		counts[i] = make(map[Facet]map[string]int)
		if found[i].IsEmpty() {
			return nil, nil
		}
		among := newTally(found[i], s.segment.Count())
		for _, f := range facets {
			who, err := v.of(s, facetFields[f])
			if err != nil {
				return nil, err
			}
			counts[i][f] = make(map[string]int)
			for _, h := range who {
				if n := among.of(h.records, h.lists); n > 0 {
					counts[i][f][h.value] = n
				}
			}
		}
		return nil, nil
	})
	if err != nil {
		return nil, err
	}
	out := make(map[Facet][]Counted, len(facets))
	for _, f := range facets {
		sum := make(map[string]int)
		for _, c := range counts {
			for value, n := range c[f] {
				sum[value] += n
			}
		}
		out[f] = mostFrequent(sum, values)
	}
	return out, nil
}

// mostFrequent are so many values at most, in the order of their counts.
func mostFrequent(sum map[string]int, values int) []Counted {
	out := make([]Counted, 0, len(sum))
	for value, n := range sum {
		out = append(out, Counted{value, n})
	}
	slices.SortFunc(out, func(a, b Counted) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.Value, b.Value))
	})
	return out[:min(len(out), values)]
}
