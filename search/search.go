package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2"
	bsearch "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"

	"github.com/harvest87/harvest"
)

// MaxHits is the furthest that [Index.Search] looks: offset and limit together.
// [Index.Hits] goes through everything.
const MaxHits = 10_000

// Order says in which order records are found.
type Order string

// The orders. The zero value means ByRelevance.
const (
	// ByRelevance puts the best match first; without words, the newest.
	ByRelevance Order = "relevance"
	// Newest puts the latest published first and records without a date last.
	Newest Order = "newest"
	// ByRecord is the order of the catalogue, which no later change of other
	// records or of the index disturbs.
	ByRecord Order = "record"
)

// Options say how to list what a query finds.
type Options struct {
	Order Order
	// Behind continues behind a hit of the same search, see [Result.Place]. What
	// is indexed meanwhile may change scores, and with them the order by relevance.
	Behind string
	// Offset skips that many hits.
	Offset int
	// Facets are to be counted over all that is found, FacetValues of each at
	// most, the most frequent first; 0 means 20, see [MaxFacetValues].
	Facets      []Facet
	FacetValues int
}

// Hit is one record that was found.
type Hit struct {
	Record harvest.RecordID `json:"record"`
	// Score is comparable within one result only; higher is better.
	Score float64 `json:"score"`
}

// Result is what a search found.
type Result struct {
	// Total counts all records that match, whatever the limit.
	Total int
	Hits  []Hit
	// Facets are those that were asked for.
	Facets map[Facet][]Counted
	Took   time.Duration

	match  *matcher
	search []byte
	places [][]string // of the hits
}

// Search finds the records that match all that the query says. Query.Words are
// in the language that [Syntax] explains; a mistake in it is a *[SyntaxError].
// Query.Limit of 0 means [MaxHits]. Query.After is refused: it belongs to the
// order of the catalogue. An index that was never filled gives [ErrNotBuilt].
func (ix *Index) Search(ctx context.Context, q harvest.Query, o Options) (Result, error) {
	c, order, err := prepare(q, o.Order)
	if err != nil {
		return Result{}, err
	}
	limit := q.Limit
	if limit == 0 {
		limit = MaxHits - o.Offset
	}
	if o.Offset < 0 || limit < 0 || limit+o.Offset > MaxHits {
		return Result{}, fmt.Errorf("search: limit %d at offset %d is outside the first %d hits", limit, o.Offset, MaxHits)
	}
	values, err := checkFacets(o)
	if err != nil {
		return Result{}, err
	}
	_, scored := order[0].(*bsearch.SortScore)
	out := Result{match: newMatcher(c), search: searchOf(q, o.Order)}
	after, err := behind(o.Behind, out.search, scored)
	if err != nil || after != nil && len(after) != len(order) {
		return Result{}, cmp.Or(err, ErrPlace)
	}
	need := o.Offset + limit
	if after != nil {
		need = math.MaxInt // those before the place are in the way of the first ones
	}
	a := &asked{compiled: c, ix: ix, order: o.Order, need: need, facets: o.Facets, values: values}
	req := bleve.NewSearchRequestOptions(a, limit, o.Offset, false)
	req.SortByCustom(order)
	req.SearchAfter = after
	err = ix.run(ctx, req, func(res *bleve.SearchResult) {
		out.Total, out.Took, out.Facets = a.total, res.Took, a.counted
		for _, hit := range res.Hits {
			out.Hits = append(out.Hits, Hit{harvest.RecordID(hit.ID), hit.Score})
			out.places = append(out.places, position(hit, order))
		}
	})
	return out, err
}

// Hits streams everything that the query finds, up to Query.Limit, in order
// and with memory that does not grow with the result. Records that are indexed
// meanwhile may be missed or found. The sequence ends after the first error.
func (ix *Index) Hits(ctx context.Context, q harvest.Query, order Order) iter.Seq2[Hit, error] {
	const size = 1000
	return func(yield func(Hit, error) bool) {
		c, sort, err := prepare(q, order)
		if err != nil {
			yield(Hit{}, err)
			return
		}
		var after []string
		for left := q.Limit; ; {
			var find query.Query = c
			if order == ByRecord {
				find = nextByRecord{c, strings.Join(after, ""), size}
			}
			req := bleve.NewSearchRequestOptions(find, size, 0, false)
			req.SortByCustom(sort.Copy())
			req.SearchAfter = after
			var page []*bsearch.DocumentMatch
			err := ix.run(ctx, req, func(res *bleve.SearchResult) { page = res.Hits })
			if err != nil {
				yield(Hit{}, err)
				return
			}
			for _, hit := range page {
				if !yield(Hit{harvest.RecordID(hit.ID), hit.Score}, nil) {
					return
				}
				if left--; left == 0 {
					return
				}
			}
			if len(page) < size {
				return
			}
			after = position(page[len(page)-1], sort)
		}
	}
}

// prepare compiles a query and chooses its order.
func prepare(q harvest.Query, o Order) (*compiled, bsearch.SortOrder, error) {
	if q.After != "" {
		return nil, nil, errors.New("search: a query with After is for the catalogue, not for the index")
	}
	if q.Limit < 0 {
		return nil, nil, fmt.Errorf("search: limit %d is below 0", q.Limit)
	}
	c, err := compile(q)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case o == Newest, o == ByRelevance && c.tree.empty(), o == "" && c.tree.empty():
		return c, bsearch.SortOrder{
			&bsearch.SortField{Field: fieldDay, Desc: true, Type: bsearch.SortFieldAsString, Missing: bsearch.SortFieldMissingLast},
			&bsearch.SortDocID{},
		}, nil
	case o == ByRecord:
		return c, bsearch.SortOrder{&bsearch.SortDocID{}}, nil
	case o == ByRelevance, o == "":
		return c, bsearch.SortOrder{&bsearch.SortScore{Desc: true}, &bsearch.SortDocID{}}, nil
	}
	return nil, nil, fmt.Errorf("search: unknown order %q; known: %s, %s, %s", o, ByRelevance, Newest, ByRecord)
}

// run runs one request against an index that has been filled.
func (ix *Index) run(ctx context.Context, req *bleve.SearchRequest, read func(*bleve.SearchResult)) error {
	return ix.use(func(b bleve.Index) error {
		if _, built, err := readMark(b); err != nil || !built {
			return errors.Join(err, ErrNotBuilt)
		}
		res, err := b.SearchInContext(ctx, req)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		read(res)
		return nil
	})
}

// position is where a hit stands in an order, as SearchAfter takes it.
func position(hit *bsearch.DocumentMatch, order bsearch.SortOrder) []string {
	out := make([]string, len(order))
	for i, s := range order {
		switch s.(type) {
		case *bsearch.SortScore:
			out[i] = strconv.FormatFloat(hit.Score, 'g', -1, 64)
		case *bsearch.SortDocID:
			out[i] = hit.ID
		default:
			out[i] = hit.Sort[i]
		}
	}
	return out
}

// count is the number of records that pass the filters of a query.
func count(ctx context.Context, b bleve.Index, q harvest.Query) (n int, err error) {
	advanced, err := b.Advanced()
	if err != nil {
		return 0, fmt.Errorf("count in search index: %w", err)
	}
	r, err := advanced.Reader()
	if err != nil {
		return 0, fmt.Errorf("count in search index: %w", err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	on, err := shelves(r)
	if err != nil {
		return 0, err
	}
	found, err := plan{form: allOf, parts: append(filters(q), plan{})}.find(ctx, on)
	if err != nil {
		return 0, fmt.Errorf("count in search index: %w", err)
	}
	return found.count(), nil
}
