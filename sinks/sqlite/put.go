package sqlite

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/harvest87/harvest"
)

// batch is how many records one transaction writes. A longer call becomes
// several, so that other writers get their turn.
const batch = 500

// Put writes records; see sinks.Catalogue. When it fails part of the way it
// returns the changes that are durable, and the error.
func (c *Catalogue) Put(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error) {
	for i := range records {
		if err := records[i].Validate(); err != nil {
			return nil, c.explain(ctx, fmt.Errorf("put %s: %w", records[i].ID, err))
		}
	}
	done := make([]harvest.Change, 0, len(records))
	for part := range slices.Chunk(records, batch) {
		var changes []harvest.Change
		err := c.transact(ctx, func(tx *transaction) (err error) {
			changes, err = putBatch(ctx, tx, run, at, part)
			return err
		})
		if err != nil {
			return done, err
		}
		done = append(done, changes...)
	}
	if len(records) == 0 {
		return done, c.explain(ctx, ctx.Err())
	}
	return done, nil
}

// standing is what Put needs to know of a record that is already there.
type standing struct {
	hash          string
	state         harvest.State
	firstRun, run harvest.RunID
}

// outcome is what has become of the record, seen from the run that wrote it.
func (s standing) outcome(run harvest.RunID) harvest.Outcome {
	switch run {
	case s.firstRun:
		return harvest.NewRecord
	case s.run:
		return harvest.ChangedRecord
	}
	return harvest.UnchangedRecord
}

func putBatch(ctx context.Context, tx *transaction, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error) {
	known, err := standings(ctx, tx, records)
	if err != nil {
		return nil, err
	}
	down, err := barring(ctx, tx, records, known)
	if err != nil {
		return nil, err
	}
	insert, err := tx.PrepareContext(ctx, insertRecord)
	if err != nil {
		return nil, err
	}
	defer insert.Close()
	now := stamp(at)
	changes := make([]harvest.Change, 0, len(records))
	var same, pending []harvest.RecordID
	for i := range records {
		r := records[i]
		r.Overrides = nil // they are not the caller's matter
		hash := r.ContentHash()
		old, ok := known[r.ID]
		if !ok {
			yes, err := barred(ctx, tx, down, &r)
			if err != nil {
				return nil, err
			}
			if yes {
				old.state = harvest.StateWithdrawn
			}
		}
		switch {
		case old.state == harvest.StateWithdrawn:
			changes = append(changes, harvest.Change{Record: r.ID, Outcome: harvest.Withdrawn})
			continue
		case !ok:
			old = standing{firstRun: run}
			_, err = insert.ExecContext(ctx, append(values(&r, identity), hash, now, now, now, string(run), string(run))...)
		case old.hash != hash || old.state == harvest.StateGone:
			err = revise(ctx, tx, run, at, &r, hash)
		default:
			same = append(same, r.ID)
			changes = append(changes, harvest.Change{Record: r.ID, Outcome: old.outcome(run)})
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("put %s: %w", r.ID, err)
		}
		pending = append(pending, r.ID)
		old.hash, old.state, old.run = hash, harvest.StateActive, run
		known[r.ID] = old
		changes = append(changes, harvest.Change{Record: r.ID, Outcome: old.outcome(run)})
	}
	if err := each(ctx, tx, putPending, pending, func(id harvest.RecordID) []any { return []any{string(id)} }); err != nil {
		return nil, err
	}
	_, err = see(ctx, tx, now, same)
	return changes, err
}

// values are the record's columns in the order of the statements.
func values(r *harvest.Record, first ...column) []any {
	out := make([]any, 0, len(first)+len(content)+8)
	for _, c := range first {
		out = append(out, c.of(r))
	}
	for _, c := range content {
		out = append(out, c.of(r))
	}
	return out
}

const standingsQuery = "SELECT id, content_hash, state, first_run, run FROM records WHERE id IN (SELECT value FROM json_each(?))"

// standings reads those of the records that are known.
func standings(ctx context.Context, tx *transaction, records []harvest.Record) (map[harvest.RecordID]standing, error) {
	ids := make([]harvest.RecordID, len(records))
	for i := range records {
		ids[i] = records[i].ID
	}
	list, err := toJSON(ids)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, standingsQuery, list)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	known := make(map[harvest.RecordID]standing)
	for rows.Next() {
		var id harvest.RecordID
		var s standing
		if err := rows.Scan(&id, &s.hash, &s.state, textAt(&s.firstRun), textAt(&s.run)); err != nil {
			return nil, err
		}
		known[id] = s
	}
	return known, rows.Err()
}

const seeRecords = "UPDATE records SET last_seen = max(last_seen, ?) WHERE id IN (SELECT value FROM json_each(?)) AND state <> 'withdrawn'"

// see moves LastSeen, never backwards, and says how many records there were.
func see(ctx context.Context, tx *transaction, at string, ids []harvest.RecordID) (int, error) {
	if len(ids) == 0 {
		return 0, nil
	}
	list, err := toJSON(ids)
	if err != nil {
		return 0, err
	}
	result, err := tx.ExecContext(ctx, seeRecords, at, list)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	return int(n), err
}

// Touch moves LastSeen; see sinks.Catalogue.
func (c *Catalogue) Touch(ctx context.Context, at time.Time, ids []harvest.RecordID) (int, error) {
	total := 0
	for part := range slices.Chunk(ids, batch) {
		var n int
		err := c.transact(ctx, func(tx *transaction) (err error) {
			n, err = see(ctx, tx, stamp(at), part)
			return err
		})
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}
