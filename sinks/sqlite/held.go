package sqlite

import (
	"context"
	"slices"

	"github.com/harvest87/harvest"
)

// Hold keeps pages of a run; see sinks.Catalogue.
func (c *Catalogue) Hold(ctx context.Context, run harvest.RunID, pages []harvest.Held) error {
	for part := range slices.Chunk(pages, batch) {
		err := c.transact(ctx, func(tx *transaction) error {
			return each(ctx, tx, "INSERT OR REPLACE INTO held (run, key, url, at, records, seen, facts) VALUES (?, ?, ?, ?, ?, ?, ?)", part,
				func(h harvest.Held) []any {
					return []any{
						string(run), h.Key, textAt(&h.URL), instantAt(&h.At), documentAt(&h.Records), documentAt(&h.Seen), documentAt(&h.Facts),
					}
				})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

const heldQuery = "SELECT key, url, at, records, seen, facts FROM held WHERE run = ? AND key > ? ORDER BY key LIMIT ?"

// Held returns what is held; see sinks.Catalogue.
func (c *Catalogue) Held(ctx context.Context, run harvest.RunID, after string, limit int) ([]harvest.Held, error) {
	if limit == 0 {
		limit = -1 // SQLite's word for all
	}
	rows, err := c.reader(ctx).QueryContext(ctx, heldQuery, string(run), after, limit)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	defer rows.Close()
	var out []harvest.Held
	for rows.Next() {
		var h harvest.Held
		if err := rows.Scan(&h.Key, textAt(&h.URL), instantAt(&h.At), documentAt(&h.Records), documentAt(&h.Seen), documentAt(&h.Facts)); err != nil {
			return nil, c.explain(ctx, err)
		}
		out = append(out, h)
	}
	return out, c.explain(ctx, rows.Err())
}

// LetGo removes what is held; see sinks.Catalogue.
func (c *Catalogue) LetGo(ctx context.Context, run harvest.RunID, keys []string) error {
	return c.transact(ctx, func(tx *transaction) error {
		if keys == nil {
			_, err := tx.ExecContext(ctx, "DELETE FROM held WHERE run = ?", string(run))
			return err
		}
		return each(ctx, tx, "DELETE FROM held WHERE run = ? AND key = ?", keys, func(key string) []any { return []any{string(run), key} })
	})
}
