package search

import (
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// phraseWord is a word of a phrase: how far behind the first it stands, and where it
// stands in each record.
type phraseWord struct {
	behind   uint64
	postings segment.PostingsIterator
	at       []uint64 // in the record that is looked at, in order
}

// inOrder are the records in whose field the terms stand next to each other,
// an empty one for any word. Positions are read of those records alone that
// have all of them.
func (s *shelf) inOrder(field string, terms []string) (*roaring.Bitmap, error) {
	var sets []*roaring.Bitmap
	for _, term := range terms {
		if term == "" {
			continue
		}
		set, err := s.having(field, term)
		if err != nil || set.IsEmpty() {
			return roaring.New(), err
		}
		sets = append(sets, set)
	}
	candidates := roaring.FastAnd(sets...)
	if s.removed != nil {
		candidates = roaring.AndNot(candidates, s.removed)
	}
	if candidates.IsEmpty() {
		return candidates, nil
	}
	places, err := s.places(field, terms, candidates)
	if err != nil {
		return nil, err
	}
	found := roaring.New()
	for it := candidates.Iterator(); it.HasNext(); {
		number := it.Next()
		ok, err := adjacent(places, uint64(number))
		if err != nil {
			return nil, err
		}
		if ok {
			found.Add(number)
		}
	}
	return found, nil
}

func (s *shelf) places(field string, terms []string, among *roaring.Bitmap) (out []phraseWord, err error) {
	for i, term := range terms {
		if term == "" {
			continue
		}
		list, err := s.postings(field, term)
		if err != nil {
			return nil, err
		}
		it := list.Iterator(false, false, true, nil)
		if o, ok := it.(segment.OptimizablePostingsIterator); ok && o.ActualBitmap() != nil {
			o.ReplaceActual(among)
		}
		out = append(out, phraseWord{behind: uint64(i), postings: it})
	}
	return out, nil
}

// adjacent reads where the words stand in the record, and reports whether they
// do so in order anywhere.
func adjacent(places []phraseWord, number uint64) (bool, error) {
	for i := range places {
		p := &places[i]
		posting, err := p.postings.Advance(number)
		if err != nil {
			return false, err
		}
		if posting == nil || posting.Number() != number {
			return false, fmt.Errorf("%w: a word has no place in record %d", ErrDamaged, number)
		}
		p.at = p.at[:0]
		for _, l := range posting.Locations() {
			p.at = append(p.at, l.Pos())
		}
		slices.Sort(p.at)
	}
	first := places[0]
	for _, start := range first.at {
		if slices.ContainsFunc(places[1:], func(p phraseWord) bool {
			_, ok := slices.BinarySearch(p.at, start+p.behind-first.behind)
			return !ok
		}) {
			continue
		}
		return true, nil
	}
	return false, nil
}
