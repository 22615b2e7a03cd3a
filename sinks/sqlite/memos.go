package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/harvest87/harvest"
)

var errMemo = errors.New("a memo has a kind, a key and a value in JSON of bounded size")

// PutMemo writes a memo that nobody else has changed; see sinks.Catalogue.
func (c *Catalogue) PutMemo(ctx context.Context, m harvest.Memo) error {
	if m.Kind == "" || m.Key == "" || len(m.Value) > harvest.MaxMemo || !json.Valid(m.Value) {
		return c.explain(ctx, errMemo)
	}
	if m.Version == 0 {
		return c.changeMemo(ctx, m, "INSERT INTO memos (kind, key, version, value) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING", m.Kind, m.Key, string(m.Value))
	}
	return c.changeMemo(ctx, m, "UPDATE memos SET version = version + 1, value = ? WHERE kind = ? AND key = ? AND version = ?", string(m.Value), m.Kind, m.Key, m.Version)
}

// DropMemo removes a memo that nobody else has changed; see sinks.Catalogue.
func (c *Catalogue) DropMemo(ctx context.Context, m harvest.Memo) error {
	return c.changeMemo(ctx, m, "DELETE FROM memos WHERE kind = ? AND key = ? AND version = ?", m.Kind, m.Key, m.Version)
}

// changeMemo runs a statement that changes one row or, after a conflict, none.
func (c *Catalogue) changeMemo(ctx context.Context, m harvest.Memo, statement string, args ...any) error {
	return c.transact(ctx, func(tx *transaction) error {
		result, err := tx.ExecContext(ctx, statement, args...)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 1 {
			return err
		}
		return fmt.Errorf("memo %s of %s: %w", m.Kind, m.Key, harvest.ErrConflict)
	})
}

// Memos returns the memos of a kind; see sinks.Catalogue.
func (c *Catalogue) Memos(ctx context.Context, kind string) ([]harvest.Memo, error) {
	rows, err := c.reader(ctx).QueryContext(ctx, "SELECT key, version, value FROM memos WHERE kind = ? ORDER BY key", kind)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	defer rows.Close()
	var out []harvest.Memo
	for rows.Next() {
		m := harvest.Memo{Kind: kind}
		if err := rows.Scan(&m.Key, &m.Version, &m.Value); err != nil {
			return nil, c.explain(ctx, err)
		}
		out = append(out, m)
	}
	return out, c.explain(ctx, rows.Err())
}
