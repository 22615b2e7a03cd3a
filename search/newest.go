package search

import (
	"context"
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// newest are those of the records that were published last, so many at least
// if there are: whole days of them, so that whoever comes first among these
// comes first among all. Records without a date come when all others are in.
func newest(ctx context.Context, on []*shelf, found marks, need int) (marks, error) {
	if found.count() <= need {
		return found, nil
	}
	years, err := yearsIn(on)
	if err != nil {
		return nil, err
	}
	b := backwards{on: on, taken: nothing(on), need: need}
	for _, year := range years {
		if err := b.take(ctx, found, year, 0); err != nil {
			return nil, err
		}
		if b.enough() {
			return b.taken, nil
		}
	}
	return found, nil
}

// yearsIn are the years of publication, the latest first.
func yearsIn(on []*shelf) ([]string, error) {
	var years []string
	for _, s := range on {
		terms, err := s.terms(fieldSince, []byte(level(0)), []byte(level(1)))
		if err != nil {
			return nil, err
		}
		for _, term := range terms {
			years = append(years, term[len(level(0)):])
		}
	}
	slices.Sort(years)
	years = slices.Compact(years)
	slices.Reverse(years)
	return years, nil
}

// backwards goes back in time until it has enough.
type backwards struct {
	on    []*shelf
	taken marks
	count int
	need  int
}

func (b *backwards) enough() bool { return b.count >= b.need }

// take takes the records of a span, which is a moment cut at a level: all when
// not all are needed to have enough, else of its parts the latest.
func (b *backwards) take(ctx context.Context, of marks, span string, cutAt int) error {
	in, err := onEach(ctx, b.on, func(i int, s *shelf) (*roaring.Bitmap, error) {
		if of[i].IsEmpty() {
			return of[i], nil
		}
		set, err := s.having(fieldSince, level(cutAt)+span)
		if err != nil {
			return nil, err
		}
		return roaring.And(set, of[i]), nil
	})
	if err != nil {
		return err
	}
	n := in.count()
	if b.count+n <= b.need || cutAt == len(dayLevels)-1 {
		b.taken, b.count = b.taken.or(in), b.count+n
		return nil
	}
	parts := []int{12, 31}[cutAt]
	for part := parts; part > 0 && !b.enough(); part-- {
		if err := b.take(ctx, in, fmt.Sprintf("%s-%02d", span, part), cutAt+1); err != nil {
			return err
		}
	}
	return nil
}
