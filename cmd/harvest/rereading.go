package main

import (
	"context"
	"slices"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
	"github.com/harvest87/harvest/sinks"
)

// newestFirst is the store of a pass that follows newer ones: what those have
// shown of a record counts.
type newestFirst struct{ sinks.Catalogue }

// Put writes those records that are not there yet.
func (s newestFirst) Put(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error) {
	known, err := byID(ctx, s.Catalogue, records)
	if err != nil {
		return nil, err
	}
	return putSome(ctx, s.Catalogue, run, at, records, func(r *harvest.Record) bool { return known[r.ID] == nil || known[r.ID].Run == run })
}

// rereading is the catalogue for a run whose pages come from the archive. It
// takes what is read otherwise than before, and nothing else: that a page is in
// the archive does not mean that its source still shows it, so no record has
// been seen, and none that is gone comes back.
type rereading struct {
	sinks.Catalogue
	// final is what all passes together make of the archive. A pass writes
	// what stands in it, and leaves the rest to others.
	final sinks.Catalogue
}

// Put writes the records that are new or read otherwise.
func (s rereading) Put(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error) {
	known, err := byID(ctx, s.Catalogue, records)
	if err != nil {
		return nil, err
	}
	final, err := byID(ctx, s.final, records)
	if err != nil {
		return nil, err
	}
	return putSome(ctx, s.Catalogue, run, at, records, func(r *harvest.Record) bool {
		if f := final[r.ID]; f == nil || f.ContentHash() != r.ContentHash() {
			return false
		}
		k := known[r.ID]
		return k == nil || k.State == harvest.StateActive && (k.Run == run || len(rereadAs(k, r)) > 0)
	})
}

// Touch counts and changes nothing.
func (s rereading) Touch(_ context.Context, _ time.Time, ids []harvest.RecordID) (int, error) {
	return len(ids), nil
}

// Together implements [crawler.Together].
func (s rereading) Together(ctx context.Context, f func(ctx context.Context) error) error {
	return together(ctx, s.Catalogue, f)
}

// Together implements [crawler.Together].
func (s newestFirst) Together(ctx context.Context, f func(ctx context.Context) error) error {
	return together(ctx, s.Catalogue, f)
}

// together makes one write of several calls where the store can.
func together(ctx context.Context, c sinks.Catalogue, f func(ctx context.Context) error) error {
	if unit, ok := c.(crawler.Together); ok {
		return unit.Together(ctx, f)
	}
	return f(ctx)
}

// byID looks up what a catalogue has of records.
func byID(ctx context.Context, c sinks.Catalogue, records []harvest.Record) (map[harvest.RecordID]*harvest.Record, error) {
	ids := make([]harvest.RecordID, len(records))
	for i := range records {
		ids[i] = records[i].ID
	}
	slices.Sort(ids)
	out := make(map[harvest.RecordID]*harvest.Record, len(ids))
	for r, err := range c.Lookup(ctx, slices.Compact(ids)) {
		if err != nil {
			return nil, err
		}
		out[r.ID] = &r
	}
	return out, nil
}

// putSome writes the wanted records, and says of the others that they are unchanged.
func putSome(ctx context.Context, c sinks.Catalogue, run harvest.RunID, at time.Time, records []harvest.Record, wanted func(*harvest.Record) bool) ([]harvest.Change, error) {
	changes := make([]harvest.Change, len(records))
	var some []harvest.Record
	var places []int
	for i := range records {
		if wanted(&records[i]) {
			some, places = append(some, records[i]), append(places, i)
			continue
		}
		changes[i] = harvest.Change{Record: records[i].ID, Outcome: harvest.UnchangedRecord}
	}
	if len(some) == 0 {
		return changes, nil
	}
	made, err := c.Put(ctx, run, at, some)
	if err != nil {
		return nil, err
	}
	for i, ch := range made {
		changes[places[i]] = ch
	}
	return changes, nil
}

// rereadAs is what would change of a record when it was read as next: what
// people said of it stands.
func rereadAs(known, next *harvest.Record) []harvest.FieldChange {
	n := *next
	n.State, n.Overrides = known.State, nil
	if len(known.Overrides) > 0 {
		if err := n.Curate(known.Overrides); err != nil {
			return nil // an override of a field that is no more: Put says so
		}
	}
	return harvest.Diff(known, &n)
}
