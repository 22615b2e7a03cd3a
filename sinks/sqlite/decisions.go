package sqlite

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/harvest87/harvest"
)

// errPair is returned for a decision that is not about two records in order.
var errPair = errors.New("a decision is about two records, A before B")

// PutDecision writes what a person said; see sinks.Catalogue.
func (c *Catalogue) PutDecision(ctx context.Context, d harvest.Decision) error {
	if d.A >= d.B {
		return c.explain(ctx, errPair)
	}
	return c.transact(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO decisions (a, b, same, author, at, note) VALUES (?, ?, ?, ?, ?, ?)",
			string(d.A), string(d.B), d.Same, d.Author, stamp(d.At), textAt(&d.Note))
		return err
	})
}

// DropDecision takes a decision back; see sinks.Catalogue.
func (c *Catalogue) DropDecision(ctx context.Context, a, b harvest.RecordID) error {
	return c.transact(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM decisions WHERE a = ? AND b = ?", string(min(a, b)), string(max(a, b)))
		return err
	})
}

const (
	allDecisionsQuery = "SELECT a, b, same, author, at, note FROM decisions ORDER BY a, b"
	decisionsQuery    = `SELECT a, b, same, author, at, note FROM decisions WHERE a IN (SELECT value FROM json_each(?1))
		UNION ALL SELECT a, b, same, author, at, note FROM decisions WHERE b IN (SELECT value FROM json_each(?1))`
)

// Decisions returns what was said; see sinks.Catalogue.
func (c *Catalogue) Decisions(ctx context.Context, ids []harvest.RecordID) ([]harvest.Decision, error) {
	query, args := allDecisionsQuery, []any(nil)
	if ids != nil {
		list, err := toJSON(ids)
		if err != nil {
			return nil, c.explain(ctx, err)
		}
		query, args = decisionsQuery, []any{list}
	}
	rows, err := c.reader(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	defer rows.Close()
	var out []harvest.Decision
	for rows.Next() {
		var d harvest.Decision
		if err := rows.Scan(&d.A, &d.B, &d.Same, &d.Author, instantAt(&d.At), textAt(&d.Note)); err != nil {
			return nil, c.explain(ctx, err)
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(x, y harvest.Decision) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	return slices.Compact(out), c.explain(ctx, rows.Err())
}

// PutDoubts replaces doubts; see sinks.Catalogue.
func (c *Catalogue) PutDoubts(ctx context.Context, about []harvest.RecordID, doubts []harvest.Doubt) error {
	return c.transact(ctx, func(tx *transaction) error {
		for _, statement := range []string{"DELETE FROM doubts WHERE a = ?", "DELETE FROM doubts WHERE b = ?"} {
			err := each(ctx, tx, statement, about, func(id harvest.RecordID) []any { return []any{string(id)} })
			if err != nil {
				return err
			}
		}
		return each(ctx, tx, "INSERT OR REPLACE INTO doubts (a, b, score, evidence) VALUES (?, ?, ?, ?)", doubts,
			func(d harvest.Doubt) []any { return []any{string(d.A), string(d.B), d.Score, textAt(&d.Evidence)} })
	})
}

const doubtsQuery = "SELECT a, b, score, evidence FROM doubts ORDER BY score DESC, a, b LIMIT ?"

// Doubts returns what waits for a person; see sinks.Catalogue.
func (c *Catalogue) Doubts(ctx context.Context, limit int) ([]harvest.Doubt, error) {
	if limit == 0 {
		limit = -1 // no limit (https://www.sqlite.org/lang_select.html#limitoffset)
	}
	rows, err := c.reader(ctx).QueryContext(ctx, doubtsQuery, limit)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	defer rows.Close()
	var out []harvest.Doubt
	for rows.Next() {
		var d harvest.Doubt
		if err := rows.Scan(&d.A, &d.B, &d.Score, textAt(&d.Evidence)); err != nil {
			return nil, c.explain(ctx, err)
		}
		out = append(out, d)
	}
	return out, c.explain(ctx, rows.Err())
}
