package search

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"golang.org/x/sync/errgroup"
)

// The index is a few segments, each with a bitmap of its records for every
// term of every field. What a query finds is computed with those bitmaps: a
// million records are sixteen thousand machine words. Bleve's searchers go from
// record to record, which scores need and nothing else.

// shelf is one segment while a search looks at it. It is not for concurrent use.
type shelf struct {
	number  int
	segment segment.Segment
	removed *roaring.Bitmap // nil for none
	first   uint64          // the number in the index of its first record
	dicts   map[string]segment.TermDictionary
}

// marks are records, for each shelf those that are meant.
type marks []*roaring.Bitmap

func (m marks) count() (n int) {
	for _, b := range m {
		n += int(b.GetCardinality())
	}
	return n
}

// nothing marks no record.
func nothing(on []*shelf) marks {
	out := make(marks, len(on))
	for i := range out {
		out[i] = roaring.New()
	}
	return out
}

func (m marks) and(other marks) marks { return m.with(other, roaring.And) }

func (m marks) or(other marks) marks { return m.with(other, roaring.Or) }

func (m marks) with(other marks, f func(a, b *roaring.Bitmap) *roaring.Bitmap) marks {
	out := make(marks, len(m))
	for i := range m {
		out[i] = f(m[i], other[i])
	}
	return out
}

// shelves are the segments of one state of the index.
func shelves(r index.IndexReader) ([]*shelf, error) {
	snapshot, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("%w: unknown storage", ErrDamaged)
	}
	var out []*shelf
	var first uint64
	for i, s := range snapshot.Segments() {
		out = append(out, &shelf{i, s.Segment(), s.Deleted(), first, make(map[string]segment.TermDictionary)})
		first += s.Segment().Count()
	}
	return out, nil
}

// onEach computes marks, several shelves at once.
func onEach(ctx context.Context, on []*shelf, f func(i int, s *shelf) (*roaring.Bitmap, error)) (marks, error) {
	out := make(marks, len(on))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range on {
		g.Go(func() (err error) {
			// Bleve panics over files that are not what it wrote; a panic here
			// would end the program.
			defer func() {
				if p := recover(); p != nil {
					err = fmt.Errorf("%w: %v", errPanic, p)
				}
			}()
			if err := ctx.Err(); err != nil {
				return err
			}
			out[i], err = f(i, s)
			return err
		})
	}
	err := g.Wait()
	if errors.Is(err, errPanic) {
		panic(err) // in the goroutine of the search, where it is dealt with
	}
	return out, err
}

var errPanic = errors.New("reading the index panicked")

func (s *shelf) dict(field string) (segment.TermDictionary, error) {
	if d, ok := s.dicts[field]; ok {
		return d, nil
	}
	d, err := s.segment.Dictionary(field)
	if err == nil {
		s.dicts[field] = d
	}
	return d, err
}

func (s *shelf) postings(field, term string) (segment.PostingsList, error) {
	d, err := s.dict(field)
	if err != nil {
		return nil, err
	}
	return d.PostingsList([]byte(term), nil, nil)
}

// having are the records with the term in the field, removed ones among them.
// The bitmap belongs to the index and must not be changed.
func (s *shelf) having(field, term string) (*roaring.Bitmap, error) {
	list, err := s.postings(field, term)
	if err != nil {
		return nil, err
	}
	it, ok := list.Iterator(false, false, false, nil).(segment.OptimizablePostingsIterator)
	if !ok {
		return nil, fmt.Errorf("%w: unknown storage", ErrDamaged)
	}
	if number, one := it.DocNum1Hit(); one {
		return roaring.BitmapOf(uint32(number)), nil
	}
	if b := it.ActualBitmap(); b != nil {
		return b, nil
	}
	return roaring.New(), nil
}

// havingAny are the records with one of the terms in the field.
func (s *shelf) havingAny(field string, terms []string) (*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, 0, len(terms))
	for _, term := range terms {
		set, err := s.having(field, term)
		if err != nil {
			return nil, err
		}
		if !set.IsEmpty() {
			sets = append(sets, set)
		}
	}
	if len(sets) == 1 {
		return sets[0], nil
	}
	return roaring.FastOr(sets...), nil
}

// terms are those of a field from one on and before another; nil stands for
// no bound.
func (s *shelf) terms(field string, from, before []byte) (out []string, err error) {
	d, err := s.dict(field)
	if err != nil {
		return nil, err
	}
	it := d.AutomatonIterator(nil, from, before)
	for {
		entry, err := it.Next()
		if err != nil || entry == nil {
			return out, err
		}
		out = append(out, entry.Term)
	}
}

// all are the records that are not removed.
func (s *shelf) all() *roaring.Bitmap {
	b := roaring.New()
	b.AddRange(0, s.segment.Count())
	if s.removed != nil {
		b.AndNot(s.removed)
	}
	return b
}
