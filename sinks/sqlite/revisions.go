package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/harvest87/harvest"
)

// revise writes another state of a record that its source gives, and the
// revision that it is.
func revise(ctx context.Context, tx *transaction, run harvest.RunID, at time.Time, r *harvest.Record, hash string) error {
	old, err := scan(tx.QueryRowContext(ctx, recordQuery, string(r.ID)))
	if err != nil {
		return err
	}
	next := *r
	if err := next.Curate(old.Overrides); err != nil {
		return err
	}
	next.State = harvest.StateActive
	return succeed(ctx, tx, at, harvest.Signature{Run: run}, &old, &next, hash)
}

// The closing statement makes the row of a first revision when it ends.
const (
	closeRevision = `INSERT INTO revisions (record, revision, valid_from, valid_to, run, page_hash) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (record, revision) DO UPDATE SET valid_to = excluded.valid_to`
	openRevision = `INSERT INTO revisions (record, revision, valid_from, run, page_hash, author, reason, changes)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
)

// succeed writes the revision that follows old. The hash is that of what the
// source says, empty when the source has said nothing.
func succeed(ctx context.Context, tx *transaction, at time.Time, by harvest.Signature, old, next *harvest.Record, hash string) error {
	closed, opened := old.Succeed(next, at, by)
	seen := ""
	if hash != "" {
		seen = stamp(at)
	}
	args := append(values(next), textAt(&hash), textAt(&seen), stamp(next.LastChanged), textAt(&next.Run), next.Revision,
		string(next.State), string(next.ID))
	if _, err := tx.ExecContext(ctx, replaceRecord, args...); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, closeRevision, string(closed.Record), closed.Number, stamp(closed.From), stamp(closed.To),
		textAt(&closed.Run), textAt(&closed.PageHash))
	if err != nil {
		return err
	}
	return open(ctx, tx, opened)
}

// open writes the revision that stands.
func open(ctx context.Context, tx *transaction, r harvest.Revision) error {
	_, err := tx.ExecContext(ctx, openRevision, string(r.Record), r.Number, stamp(r.From), textAt(&r.Run),
		textAt(&r.PageHash), textAt(&r.Author), textAt(&r.Reason), documentAt(&r.Changes))
	return err
}

// Amend changes records otherwise than by what their sources say; see
// sinks.Catalogue.
func (c *Catalogue) Amend(ctx context.Context, by harvest.Signature, at time.Time, ids []harvest.RecordID, change func(*harvest.Record) error) ([]harvest.RecordID, error) {
	var done []harvest.RecordID
	for part := range slices.Chunk(ids, batch) {
		var changed []harvest.RecordID
		err := c.transact(ctx, func(tx *transaction) error {
			changed = nil
			for _, id := range part {
				ok, err := amend(ctx, tx, by, at, id, change)
				if err != nil {
					return fmt.Errorf("amend %s: %w", id, err)
				}
				if ok {
					changed = append(changed, id)
				}
			}
			return each(ctx, tx, putPending, changed, func(id harvest.RecordID) []any { return []any{string(id)} })
		})
		if err != nil {
			return done, err
		}
		done = append(done, changed...)
	}
	return done, nil
}

// amend changes one record, and reports whether anything was changed.
func amend(ctx context.Context, tx *transaction, by harvest.Signature, at time.Time, id harvest.RecordID, change func(*harvest.Record) error) (bool, error) {
	old, err := scan(tx.QueryRowContext(ctx, recordQuery, string(id)))
	if errors.Is(err, sql.ErrNoRows) || err == nil && old.State == harvest.StateWithdrawn {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	next := old
	if err := change(&next); err != nil {
		return false, err
	}
	if len(harvest.Diff(&old, &next)) == 0 {
		return false, nil
	}
	if err := next.Validate(); err != nil {
		return false, err
	}
	return true, succeed(ctx, tx, at, by, &old, &next, "")
}

const revisionColumns = "record, revision, valid_from, valid_to, run, page_hash, author, reason, changes"

const (
	revisionsQuery = "SELECT " + revisionColumns + " FROM revisions WHERE record = ? ORDER BY revision"
	historyQuery   = "SELECT " + revisionColumns + ` FROM revisions
		WHERE record IN (SELECT value FROM json_each(?)) AND (valid_to IS NULL OR valid_to > ?) ORDER BY record, revision`
)

// Revisions returns the history of a record; see sinks.Catalogue.
func (c *Catalogue) Revisions(ctx context.Context, id harvest.RecordID) ([]harvest.Revision, error) {
	r, err := c.Record(ctx, id)
	if err != nil {
		return nil, err
	}
	known, err := c.revisions(ctx, revisionsQuery, string(id))
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	if len(known) == 0 {
		known = []harvest.Revision{{Record: id, Number: r.Revision, From: r.LastChanged, Run: r.Run, PageHash: r.PageHash}}
	}
	return known, nil
}

func (c *Catalogue) revisions(ctx context.Context, query string, args ...any) ([]harvest.Revision, error) {
	rows, err := c.reader(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []harvest.Revision
	for rows.Next() {
		var r harvest.Revision
		err := rows.Scan(textAt(&r.Record), &r.Number, instantAt(&r.From), instantAt(&r.To), textAt(&r.Run), textAt(&r.PageHash),
			textAt(&r.Author), textAt(&r.Reason), documentAt(&r.Changes))
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// turnBack takes a page of records to a moment, and leaves out those that were
// not there then.
func (c *Catalogue) turnBack(ctx context.Context, page []harvest.Record, at time.Time) ([]harvest.Record, error) {
	var changed []harvest.RecordID
	for i := range page {
		if page[i].LastChanged.After(at) {
			changed = append(changed, page[i].ID)
		}
	}
	history := make(map[harvest.RecordID][]harvest.Revision)
	if len(changed) > 0 {
		list, err := toJSON(changed)
		if err != nil {
			return nil, err
		}
		revisions, err := c.revisions(ctx, historyQuery, list, stamp(at))
		if err != nil {
			return nil, err
		}
		for _, r := range revisions {
			history[r.Record] = append(history[r.Record], r)
		}
	}
	then := page[:0]
	for _, r := range page {
		was, err := r.AsOf(at, history[r.ID])
		if err != nil {
			return nil, fmt.Errorf("history of %s: %w", r.ID, err)
		}
		if was {
			then = append(then, r)
		}
	}
	return then, nil
}
