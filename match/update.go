package match

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/harvest87/harvest"
)

// Store is what Update reads. The methods are those of the catalogue.
type Store interface {
	// WithKeys streams the records that have at least one of the keys.
	WithKeys(ctx context.Context, keys []string) iter.Seq2[harvest.Record, error]
	// Record returns one record, or harvest.ErrNotFound.
	Record(ctx context.Context, id harvest.RecordID) (harvest.Record, error)
	// Work returns one work, or harvest.ErrNotFound.
	Work(ctx context.Context, id harvest.WorkID) (harvest.Work, error)
}

// keysAtOnce is how many keys Update asks for in one call.
const keysAtOnce = 400

// Update returns the works to write after records have changed, and only those
// that differ from what the store has: new and changed ones with all their
// members, and without members those that are no more. The store must already
// have the keys of the changed records ([KeyStrings]); they may come in any
// number and order, and Record.Work need not be filled. Working through all records in batches builds the same
// works as [Link] over all of them at once, with memory for one batch and the
// records that share keys with it, directly or through others.
//
// One thing is left to the next pass over all records: when a record loses a
// key that more than a few hold, the others are not looked at again, although
// fewer holders may now count as a reason to join.
func Update(ctx context.Context, store Store, changed []harvest.Record) ([]harvest.Work, error) {
	n := neighbourhood{
		store:   store,
		entries: make(map[harvest.RecordID]*entry),
		asked:   make(map[string]bool),
		works:   make(map[harvest.WorkID]harvest.Work),
	}
	for i := range changed {
		if err := n.addChanged(ctx, &changed[i]); err != nil {
			return nil, fmt.Errorf("match records: %w", err)
		}
	}
	if err := n.grow(ctx); err != nil {
		return nil, fmt.Errorf("match records: %w", err)
	}
	return n.difference(linkEntries(n.entries)), nil
}

// neighbourhood is what can be joined with the changed records or was joined
// with them before.
type neighbourhood struct {
	store   Store
	entries map[harvest.RecordID]*entry
	asked   map[string]bool                 // keys whose holders are known
	works   map[harvest.WorkID]harvest.Work // as the store has them
	newKeys []string
	newWork []harvest.WorkID
}

// addChanged takes in a record that changed. What work it was in is known to the
// store, which gives the record again under its keys; one that has lost all
// keys must be asked for.
func (n *neighbourhood) addChanged(ctx context.Context, r *harvest.Record) error {
	n.add(r)
	if len(n.entries[r.ID].keys) > 0 {
		return nil
	}
	stored, err := n.store.Record(ctx, r.ID)
	if errors.Is(err, harvest.ErrNotFound) {
		return nil
	}
	if err == nil {
		n.add(&stored)
	}
	return err
}

// add takes a record in. The last one given counts.
func (n *neighbourhood) add(r *harvest.Record) {
	e := newEntry(r)
	n.entries[r.ID] = e
	for _, k := range e.keys {
		if s := k.String(); !n.asked[s] {
			n.asked[s] = true
			n.newKeys = append(n.newKeys, s)
		}
	}
	if _, known := n.works[e.work]; !known && e.work != "" {
		n.works[e.work] = harvest.Work{ID: e.work}
		n.newWork = append(n.newWork, e.work)
	}
}

// grow takes in the holders of every key and the members of every work of what
// is in, until nothing is missing.
func (n *neighbourhood) grow(ctx context.Context) error {
	for len(n.newKeys)+len(n.newWork) > 0 {
		keys, works := n.newKeys, n.newWork
		n.newKeys, n.newWork = nil, nil
		for some := range slices.Chunk(keys, keysAtOnce) {
			for r, err := range n.store.WithKeys(ctx, some) {
				if err != nil {
					return err
				}
				n.add(&r)
			}
		}
		for _, id := range works {
			if err := n.addWork(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (n *neighbourhood) addWork(ctx context.Context, id harvest.WorkID) error {
	work, err := n.store.Work(ctx, id)
	if errors.Is(err, harvest.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	n.works[id] = work
	for _, m := range work.Members {
		if _, known := n.entries[m.Record]; known {
			continue
		}
		r, err := n.store.Record(ctx, m.Record)
		if errors.Is(err, harvest.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		n.add(&r)
	}
	return nil
}

// astray reports whether a member does not point to its work, as after a crash
// between the writing of a work and that of its records.
func (n *neighbourhood) astray(w harvest.Work) bool {
	return slices.ContainsFunc(w.Members, func(m harvest.Member) bool {
		e := n.entries[m.Record]
		return e != nil && e.work != w.ID
	})
}

// difference leaves out the works that the store has as they are, and adds
// those that it must drop.
func (n *neighbourhood) difference(found []harvest.Work) []harvest.Work {
	var out []harvest.Work
	kept := make(map[harvest.WorkID]bool)
	for _, w := range found {
		kept[w.ID] = true
		if !slices.Equal(w.Members, n.works[w.ID].Members) || n.astray(w) {
			out = append(out, w)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(n.works)) {
		if !kept[id] && len(n.works[id].Members) > 0 {
			out = append(out, harvest.Work{ID: id})
		}
	}
	return out
}
