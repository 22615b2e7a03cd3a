package search

import (
	"context"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/mapping"
	bsearch "github.com/blevesearch/bleve/v2/search"
	index "github.com/blevesearch/bleve_index_api"
)

// fieldID is where Bleve keeps the identifiers of its documents, as terms.
const fieldID = "_id"

// nextByRecord is a query of which only the first records behind an identifier
// are wanted. A list of a million is so read in pages without looking at all of
// it for each.
type nextByRecord struct {
	*compiled
	after string
	need  int
}

// Searcher implements Bleve's query.Query.
func (q nextByRecord) Searcher(ctx context.Context, r index.IndexReader, _ mapping.IndexMapping, options bsearch.SearcherOptions) (bsearch.Searcher, error) {
	b, err := q.builder(r, options)
	if err != nil {
		return nil, err
	}
	found, err := q.find(ctx, b)
	if err != nil {
		return nil, err
	}
	if found.count() > 2*q.need {
		found, err = onEach(ctx, b.on, func(i int, s *shelf) (*roaring.Bitmap, error) {
			return s.behind(q.after, found[i], q.need)
		})
		if err != nil {
			return nil, err
		}
	}
	return q.scored(ctx, b, found)
}

// behind are those of the records whose identifiers come next, so many at most.
func (s *shelf) behind(after string, of *roaring.Bitmap, need int) (*roaring.Bitmap, error) {
	out := roaring.New()
	if of.IsEmpty() {
		return out, nil
	}
	d, err := s.dict(fieldID)
	if err != nil {
		return nil, err
	}
	var from []byte
	if after != "" {
		from = []byte(after + "\x00")
	}
	for it := d.AutomatonIterator(nil, from, nil); need > 0; {
		entry, err := it.Next()
		if err != nil || entry == nil {
			return out, err
		}
		who, err := s.having(fieldID, entry.Term)
		if err != nil {
			return nil, err
		}
		if who = roaring.And(who, of); !who.IsEmpty() { // a removed one may have the identifier too
			out.Or(who)
			need--
		}
	}
	return out, nil
}
