package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/harvest87/harvest"
)

// removals take what belongs to a record out of the other tables.
var removals = []string{
	"DELETE FROM revisions WHERE record = ?", "DELETE FROM match_keys WHERE record = ?", "DELETE FROM work_members WHERE record = ?",
	"DELETE FROM work_moves WHERE record = ?",
	"DELETE FROM doubts WHERE a = ?", "DELETE FROM doubts WHERE b = ?", "DELETE FROM absences WHERE record = ?",
	`UPDATE held SET records = (SELECT json_group_array(json(value)) FROM json_each(held.records) WHERE value ->> '$.id' <> ?1)
		WHERE EXISTS (SELECT 1 FROM json_each(held.records) WHERE value ->> '$.id' = ?1)`,
}

// Withdraw takes a record down; see sinks.Catalogue. What rows held that were
// deleted or changed, now or ever before, lies in the file's free space until
// something is written over it, so the file is written anew. That takes time
// with the size of the file, and as much room again; writers wait meanwhile. When
// it fails the record is down all the same, and calling again tries again.
func (c *Catalogue) Withdraw(ctx context.Context, w harvest.Withdrawal) error {
	if err := c.transact(ctx, func(tx *transaction) error { return withdraw(ctx, tx, w) }); err != nil {
		return err
	}
	if c.open(ctx) != nil {
		return nil // a transaction is under way; there is no other record of it yet
	}
	if _, err := c.write.ExecContext(ctx, "VACUUM"); err != nil {
		return c.explain(ctx, fmt.Errorf("%s is taken down, but free space of the file may still hold it: %w", w.Record, err))
	}
	_, err := c.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)") // of what readers still need later ones take care
	return c.explain(ctx, err)
}

func withdraw(ctx context.Context, tx *transaction, w harvest.Withdrawal) error {
	old, err := scan(tx.QueryRowContext(ctx, recordQuery, string(w.Record)))
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("record %s: %w", w.Record, harvest.ErrNotFound)
	}
	if err != nil {
		return err
	}
	if old.State != harvest.StateWithdrawn {
		tombstone := w.Tombstone(&old)
		args := append(values(&tombstone), "", "", stamp(tombstone.LastChanged), nil, tombstone.Revision, string(tombstone.State), string(w.Record))
		if _, err := tx.ExecContext(ctx, replaceRecord, args...); err != nil {
			return err
		}
		for _, statement := range removals {
			if _, err := tx.ExecContext(ctx, statement, string(w.Record)); err != nil {
				return err
			}
		}
		if err := open(ctx, tx, w.Epitaph(&tombstone)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, putPending, string(w.Record)); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, "INSERT OR IGNORE INTO withdrawals (record, source, author, reason, at, title_digest) VALUES (?, ?, ?, ?, ?, ?)",
		string(w.Record), string(w.Source), w.Author, w.Reason, stamp(w.At), textAt(&w.Title))
	if err != nil {
		return err
	}
	return addNames(ctx, tx, w.Record, w.Names)
}

func addNames(ctx context.Context, tx *transaction, of harvest.RecordID, names []string) error {
	return each(ctx, tx, "INSERT OR IGNORE INTO withdrawn_names (name, record) VALUES (?, ?)", names,
		func(name string) []any { return []any{name, string(of)} })
}

// Reinstate takes a take-down back; see sinks.Catalogue.
func (c *Catalogue) Reinstate(ctx context.Context, id harvest.RecordID) error {
	return c.transact(ctx, func(tx *transaction) error {
		result, err := tx.ExecContext(ctx, "DELETE FROM withdrawals WHERE record = ?", string(id))
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fmt.Errorf("take-down of %s: %w", id, harvest.ErrNotFound))
		}
		for _, statement := range append(slices.Clone(removals), "DELETE FROM match_pending WHERE record = ?", "DELETE FROM records WHERE id = ?",
			"DELETE FROM pages WHERE EXISTS (SELECT 1 FROM json_each(pages.records) WHERE value = ?)") {
			if _, err := tx.ExecContext(ctx, statement, string(id)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Withdrawals returns what was taken down; see sinks.Catalogue.
func (c *Catalogue) Withdrawals(ctx context.Context) ([]harvest.Withdrawal, error) {
	out, err := withdrawals(ctx, c.reader(ctx), withdrawalsQuery)
	return out, c.explain(ctx, err)
}

const (
	withdrawalColumns = `SELECT record, source, author, reason, at, title_digest,
		(SELECT json_group_array(name) FROM withdrawn_names AS n WHERE n.record = w.record) FROM withdrawals AS w`
	withdrawalsQuery = withdrawalColumns + " ORDER BY record"
	barringQuery     = withdrawalColumns + ` WHERE record IN (SELECT record FROM withdrawn_names WHERE name IN (SELECT value FROM json_each(?)))`
	anyNamesQuery    = "SELECT EXISTS (SELECT 1 FROM withdrawn_names)"
)

func withdrawals(ctx context.Context, from querier, query string, args ...any) ([]harvest.Withdrawal, error) {
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []harvest.Withdrawal
	for rows.Next() {
		var w harvest.Withdrawal
		err := rows.Scan(textAt(&w.Record), textAt(&w.Source), textAt(&w.Author), textAt(&w.Reason), instantAt(&w.At),
			textAt(&w.Title), documentAt(&w.Names))
		if err != nil {
			return nil, err
		}
		slices.Sort(w.Names)
		out = append(out, w)
	}
	return out, rows.Err()
}

// barring finds the take-downs that concern any of the records that are not
// known. Mostly there are none at all.
func barring(ctx context.Context, tx *transaction, records []harvest.Record, known map[harvest.RecordID]standing) ([]harvest.Withdrawal, error) {
	any := false
	if err := tx.QueryRowContext(ctx, anyNamesQuery).Scan(&any); err != nil || !any {
		return nil, err
	}
	var names []string
	for i := range records {
		if _, ok := known[records[i].ID]; !ok {
			names = append(names, harvest.WithdrawalNames(&records[i])...)
		}
	}
	list, err := toJSON(names)
	if err != nil || len(names) == 0 {
		return nil, err
	}
	return withdrawals(ctx, tx, barringQuery, list)
}

// barred reports whether the record was taken down under another name, and
// learns the names that it has now.
func barred(ctx context.Context, tx *transaction, by []harvest.Withdrawal, r *harvest.Record) (bool, error) {
	for i := range by {
		if yes, further := by[i].Bars(r); yes {
			by[i].Names = append(by[i].Names, further...)
			return true, addNames(ctx, tx, by[i].Record, further)
		}
	}
	return false, nil
}
