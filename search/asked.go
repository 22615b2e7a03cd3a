package search

import (
	"context"

	"github.com/blevesearch/bleve/v2/mapping"
	bsearch "github.com/blevesearch/bleve/v2/search"
	index "github.com/blevesearch/bleve_index_api"
)

const (
	// MaxScored is the most records that a search puts in the order of their
	// scores. Where it finds more, it looks for its first [MaxLikely] among
	// those that have the words in the title, and then among the newest.
	MaxScored = 20_000
	// MaxLikely is how far that goes, offset and limit together. Behind it all
	// records that were found are scored, however many.
	MaxLikely = 2_000
)

// asked is one search: a query, what is to be counted of all that it finds, and
// how many of the first hits are wanted. It is run once.
type asked struct {
	*compiled
	ix     *Index
	order  Order
	need   int
	facets []Facet
	values int

	// What came of it.
	total   int
	counted map[Facet][]Counted
}

// Searcher implements Bleve's query.Query. It goes through those records that
// may be among the first.
func (a *asked) Searcher(ctx context.Context, r index.IndexReader, _ mapping.IndexMapping, options bsearch.SearcherOptions) (bsearch.Searcher, error) {
	b, err := a.builder(r, options)
	if err != nil {
		return nil, err
	}
	found, err := a.find(ctx, b)
	if err != nil {
		return nil, err
	}
	a.total = found.count()
	if a.counted, err = a.ix.facetValues.count(ctx, b.on, found, a.facets, a.values); err != nil {
		return nil, err
	}
	switch {
	case a.order == Newest || a.order != ByRecord && a.tree.empty():
		found, err = newest(ctx, b.on, found, a.need)
	case a.order != ByRecord && a.total > a.ix.maxScored && a.need <= a.ix.maxLikely:
		found, err = a.likeliest(ctx, b, found)
	}
	if err != nil {
		return nil, err
	}
	return a.scored(ctx, b, found)
}

// likeliest are those of many records among which the best are looked for: a
// word in a title counts more than any number of them in a long text.
func (a *asked) likeliest(ctx context.Context, b builder, found marks) (marks, error) {
	taken := nothing(b.on)
	for _, where := range []titles{allInTitles, someInTitles, anywhere} {
		more := found
		if where != anywhere {
			words, err := planner{b, where}.plan(a.tree)
			if err != nil {
				return nil, err
			}
			if more, err = words.find(ctx, b.on); err != nil {
				return nil, err
			}
			more = more.and(found)
		}
		if more.count() > a.ix.maxScored {
			var err error
			if more, err = newest(ctx, b.on, more, a.ix.maxLikely); err != nil {
				return nil, err
			}
		}
		taken = taken.or(more)
		if taken.count() >= a.ix.maxLikely {
			break
		}
	}
	return taken, nil
}
