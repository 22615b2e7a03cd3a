package search_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/search"
)

func TestFacets(t *testing.T) {
	var records []harvest.Record
	for n := range 12 {
		r := titled(fmt.Sprintf("r%02d", n), "Forced labour in supply chains", []string{"en", "en-GB", "fr"}[n%3])
		r.Category = []string{"guidance", "report"}[n%2]
		r.Countries = []string{"NP", "GB", "NP"}[:1+n%3] // one of them twice
		r.Topics = []string{"supply-chains"}
		if n > 0 {
			r.Published = harvest.MonthDate(2019+n%3, 5)
		}
		records = append(records, r)
	}
	gone, down := titled("gone", "Forced labour, gone", "en"), titled("down", "Forced labour, taken down", "en")
	gone.State, down.State = harvest.StateGone, harvest.StateWithdrawn
	ix := indexed(t, append(records, gone, down)...)

	got, err := ix.Search(t.Context(), harvest.Query{Words: "forced", Limit: 2}, search.Options{Facets: search.Facets()})
	if err != nil {
		t.Fatal(err)
	}
	want := map[search.Facet][]search.Counted{
		search.FacetSource:   {{Value: string(records[0].Source), Count: 12}},
		search.FacetCategory: {{Value: "guidance", Count: 6}, {Value: "report", Count: 6}},
		search.FacetTopic:    {{Value: "supply-chains", Count: 12}},
		search.FacetCountry:  {{Value: "NP", Count: 12}, {Value: "GB", Count: 8}},
		search.FacetLanguage: {{Value: "en", Count: 8}, {Value: "fr", Count: 4}},
		search.FacetYear:     {{Value: "2020", Count: 4}, {Value: "2021", Count: 4}, {Value: "2019", Count: 3}},
		search.FacetState:    {{Value: "active", Count: 12}},
	}
	if diff := cmp.Diff(want, got.Facets); diff != "" {
		t.Errorf("facets (-want +got):\n%s", diff)
	}
	if got.Total != 12 || len(got.Hits) != 2 {
		t.Errorf("%d hits of %d", len(got.Hits), got.Total)
	}

	got, err = ix.Search(t.Context(), harvest.Query{States: []harvest.State{harvest.AnyState}, Languages: []string{"fr"}}, search.Options{
		Facets: []search.Facet{search.FacetCategory}, FacetValues: 1,
	})
	if err != nil || len(got.Facets) != 1 || len(got.Facets[search.FacetCategory]) != 1 {
		t.Errorf("facets %v, %v; want one value of one", got.Facets, err)
	}
	got, err = ix.Search(t.Context(), harvest.Query{Words: "zzzz"}, search.Options{Facets: search.Facets()})
	if err != nil || len(got.Facets[search.FacetYear]) != 0 {
		t.Errorf("facets of nothing: %v, %v", got.Facets, err)
	}
	for _, bad := range []search.Options{{Facets: []search.Facet{"colour"}}, {Facets: search.Facets(), FacetValues: search.MaxFacetValues + 1}} {
		if _, err := ix.Search(t.Context(), harvest.Query{}, bad); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}
