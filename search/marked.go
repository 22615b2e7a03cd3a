package search

import (
	"encoding/binary"
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/search"
	index "github.com/blevesearch/bleve_index_api"
)

// marked goes through marked records in the order of the index, as Bleve's
// search.Searcher. All have the score 0.
type marked struct {
	on    []*shelf
	found marks
	count uint64

	shelf int                 // the one that is gone through
	it    roaring.IntPeekable // nil before its first record
}

func newMarked(on []*shelf, found marks) *marked {
	return &marked{on: on, found: found, count: uint64(found.count())}
}

// Next implements search.Searcher.
func (m *marked) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	for ; m.shelf < len(m.on); m.shelf, m.it = m.shelf+1, nil {
		if m.it == nil {
			m.it = m.found[m.shelf].Iterator()
		}
		if m.it.HasNext() {
			hit := ctx.DocumentMatchPool.Get()
			hit.IndexInternalID = index.NewIndexInternalID(hit.IndexInternalID, m.on[m.shelf].first+uint64(m.it.Next()))
			return hit, nil
		}
	}
	return nil, nil
}

// Advance implements search.Searcher: it goes to the record, or to the first
// marked one behind it.
func (m *marked) Advance(ctx *search.SearchContext, id index.IndexInternalID) (*search.DocumentMatch, error) {
	const octets = 8
	if len(id) != octets {
		return nil, fmt.Errorf("%w: number of %d octets", ErrDamaged, len(id))
	}
	number := binary.BigEndian.Uint64(id)
	for m.shelf+1 < len(m.on) && m.on[m.shelf+1].first <= number {
		m.shelf, m.it = m.shelf+1, nil
	}
	if m.shelf < len(m.on) && number >= m.on[m.shelf].first {
		if m.it == nil {
			m.it = m.found[m.shelf].Iterator()
		}
		m.it.AdvanceIfNeeded(uint32(number - m.on[m.shelf].first))
	}
	return m.Next(ctx)
}

// Close implements search.Searcher.
func (m *marked) Close() error { return nil }

// Weight implements search.Searcher.
func (m *marked) Weight() float64 { return 0 }

// SetQueryNorm implements search.Searcher.
func (m *marked) SetQueryNorm(float64) {}

// Count implements search.Searcher.
func (m *marked) Count() uint64 { return m.count }

// Min implements search.Searcher.
func (m *marked) Min() int { return 0 }

// Size implements search.Searcher.
func (m *marked) Size() int { return 0 }

// DocumentMatchPoolSize implements search.Searcher.
func (m *marked) DocumentMatchPoolSize() int { return 1 }
