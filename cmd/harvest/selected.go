package main

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/search"
)

// lookupSize is the number of records asked of the catalogue at once.
const lookupSize = 500

// lookup is what selected needs of the catalogue.
type lookup interface {
	Lookup(ctx context.Context, ids []harvest.RecordID) iter.Seq2[harvest.Record, error]
}

// selected are the records that the query asks for, in the order of their
// identifiers, and how many there are. Words are the index's matter; all else
// the catalogue answers.
func (m Main) selected(ctx context.Context, r *room, q harvest.Query) (*chosenRecords, int, error) {
	if q.Words == "" {
		total, err := r.store.Count(ctx, q)
		if q.Limit > 0 {
			total = min(total, q.Limit)
		}
		return &chosenRecords{records: r.store.Records(ctx, q)}, total, err
	}
	ix, err := m.openIndex(ctx, r)
	if err != nil {
		return nil, 0, err
	}
	found := &chosenRecords{index: ix}
	one := q
	one.Limit = 1
	result, err := ix.Search(ctx, one, search.Options{}) // says what is wrong with the words, before a file is begun
	if err != nil {
		found.close()
		if syntax, ok := errors.AsType[*search.SyntaxError](err); ok {
			return nil, 0, usageError{syntax}
		}
		return nil, 0, err
	}
	hits := ix.Hits(ctx, q, search.ByRecord)
	total := result.Total
	if q.Limit > 0 {
		hits, total = best(ix.Hits(ctx, q, search.ByRelevance)), min(total, q.Limit)
	}
	found.records = looked(ctx, r.store, hits, q.WantedStates())
	return found, total, nil
}

// best are the hits, of which there are few, in the order of their records.
func best(hits iter.Seq2[search.Hit, error]) iter.Seq2[search.Hit, error] {
	return func(yield func(search.Hit, error) bool) {
		var all []search.Hit
		for hit, err := range hits {
			if err != nil {
				yield(search.Hit{}, err)
				return
			}
			all = append(all, hit)
		}
		slices.SortFunc(all, func(a, b search.Hit) int { return cmp.Compare(a.Record, b.Record) })
		for _, hit := range all {
			if !yield(hit, nil) {
				return
			}
		}
	}
}

// looked are the records of hits that come in their order, some hundred at a
// time. What was removed, or has gone into another state, since the index was
// brought up to date is passed over.
func looked(ctx context.Context, store lookup, hits iter.Seq2[search.Hit, error], states []harvest.State) records {
	return func(yield func(harvest.Record, error) bool) {
		ids := make([]harvest.RecordID, 0, lookupSize)
		flush := func() bool {
			for r, err := range store.Lookup(ctx, ids) {
				if err == nil && states != nil && !slices.Contains(states, r.State) {
					continue
				}
				if !yield(r, err) || err != nil {
					return false
				}
			}
			ids = ids[:0]
			return true
		}
		for hit, err := range hits {
			if err != nil {
				yield(harvest.Record{}, err)
				return
			}
			if ids = append(ids, hit.Record); len(ids) == lookupSize && !flush() {
				return
			}
		}
		if len(ids) > 0 {
			flush()
		}
	}
}
