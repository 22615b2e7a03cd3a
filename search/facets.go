package search

import (
	"fmt"
	"slices"

	"github.com/blevesearch/bleve/v2"
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

// addFacets asks for the facets.
func addFacets(req *bleve.SearchRequest, facets []Facet, values int) error {
	if values == 0 {
		values = 20
	}
	if values < 0 || values > MaxFacetValues {
		return fmt.Errorf("search: %d values of a facet are more than %d", values, MaxFacetValues)
	}
	for _, f := range facets {
		field, ok := facetFields[f]
		if !ok {
			return fmt.Errorf("search: unknown facet %q; known: %v", f, Facets())
		}
		req.AddFacet(string(f), bleve.NewFacetRequest(field, values))
	}
	return nil
}

// countedIn are the values of a result, the most frequent first.
func countedIn(res *bleve.SearchResult) map[Facet][]Counted {
	if len(res.Facets) == 0 {
		return nil
	}
	out := make(map[Facet][]Counted, len(res.Facets))
	for name, facet := range res.Facets {
		values := []Counted{}
		for _, t := range facet.Terms.Terms() {
			values = append(values, Counted{t.Term, t.Count})
		}
		slices.SortStableFunc(values, func(a, b Counted) int {
			switch {
			case a.Count != b.Count:
				return b.Count - a.Count
			case a.Value < b.Value:
				return -1
			}
			return 1
		})
		out[Facet(name)] = values
	}
	return out
}
