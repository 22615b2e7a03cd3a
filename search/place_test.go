package search_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/search"
)

// TestPages goes through a list page by page: it is the list that one page of
// everything has, in every order.
func TestPages(t *testing.T) {
	var records []harvest.Record
	for i := range 40 {
		r := titled(fmt.Sprintf("%02d", i), "Slavery "+strings.Repeat("report ", i%5), "en")
		if i%4 > 0 {
			r.Published = harvest.YearDate(2000 + i%7)
		}
		records = append(records, r)
	}
	ix := indexed(t, records...)
	for _, order := range []search.Order{search.ByRelevance, search.Newest, search.ByRecord} {
		for _, q := range []harvest.Query{words("slavery"), words("report"), {}} {
			all, err := ix.Search(t.Context(), q, search.Options{Order: order})
			if err != nil {
				t.Fatal(err)
			}
			var got []search.Hit
			o := search.Options{Order: order}
			for q.Limit = 7; ; {
				page, err := ix.Search(t.Context(), q, o)
				if err != nil || page.Total != all.Total {
					t.Fatalf("%d of %d, %v", page.Total, all.Total, err)
				}
				if got = append(got, page.Hits...); len(page.Hits) < q.Limit {
					break
				}
				o.Behind = page.Place(len(page.Hits) - 1)
			}
			if !slices.Equal(got, all.Hits) {
				t.Errorf("%s %q: pages have\n%v, want\n%v", order, q.Words, got, all.Hits)
			}
		}
	}
}

func TestPlacesOfOthersAreRefused(t *testing.T) {
	ix := indexed(t, titled("a", "Slavery", "en"), titled("b", "Slavery", "en"))
	one := words("slavery")
	one.Limit = 1
	page, err := ix.Search(t.Context(), one, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	place := page.Place(0)
	for name, tt := range map[string]struct {
		q harvest.Query
		o search.Options
	}{
		"another query": {words("slave"), search.Options{Behind: place}},
		"another order": {one, search.Options{Behind: place, Order: search.Newest}},
		"cut":           {one, search.Options{Behind: place[1:]}},
		"no place":      {one, search.Options{Behind: "$gt"}},
		"JSON":          {one, search.Options{Behind: "e30"}},
		"long":          {one, search.Options{Behind: strings.Repeat(place, 30)}},
	} {
		if _, err := ix.Search(t.Context(), tt.q, tt.o); !errors.Is(err, search.ErrPlace) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ix.Search(t.Context(), one, search.Options{Behind: place}); err != nil {
		t.Error(err)
	}
}
