package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/harvest87/harvest"
)

// PutKeys replaces match keys; see sinks.Catalogue. Records that the catalogue
// does not have are passed over.
func (c *Catalogue) PutKeys(ctx context.Context, keys map[harvest.RecordID][]string) error {
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(keys)), batch) {
		lists := make(map[harvest.RecordID]string, len(ids))
		for _, id := range ids {
			list, err := toJSON(slices.Sorted(slices.Values(keys[id]))) // neighbours in the index follow each other
			if err != nil {
				return c.explain(ctx, err)
			}
			lists[id] = list
		}
		err := c.transact(ctx, func(tx *transaction) error {
			err := each(ctx, tx, "DELETE FROM match_keys WHERE record = ?", ids,
				func(id harvest.RecordID) []any { return []any{string(id)} })
			if err != nil {
				return err
			}
			return each(ctx, tx, "INSERT OR IGNORE INTO match_keys (key, record) SELECT value, records.id FROM records, json_each(?) WHERE records.id = ?", ids,
				func(id harvest.RecordID) []any { return []any{lists[id], string(id)} })
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// PutWorks writes works with their members; see sinks.Catalogue. All works of
// the call are written together or not at all. A work without members is
// removed: it exists through its members. A member that the catalogue does not
// have as a record fails the call.
func (c *Catalogue) PutWorks(ctx context.Context, at time.Time, works []harvest.Work) error {
	if len(works) == 0 {
		return nil
	}
	return c.transact(ctx, func(tx *transaction) error {
		if !at.IsZero() {
			moves, err := workMoves(ctx, tx, at, works)
			if err == nil {
				err = each(ctx, tx, putWorkMove, moves, workMoveValues)
			}
			if err != nil {
				return err
			}
		}
		err := each(ctx, tx, "DELETE FROM work_members WHERE work = ?", works,
			func(w harvest.Work) []any { return []any{string(w.ID)} })
		if err != nil {
			return err
		}
		for _, w := range works {
			err := each(ctx, tx, `INSERT INTO work_members (record, work, method, evidence, score, language) VALUES (?, ?, ?, ?, ?, ?)
				ON CONFLICT (record) DO UPDATE SET work = excluded.work, method = excluded.method, evidence = excluded.evidence,
					score = excluded.score, language = excluded.language`,
				w.Members, func(m harvest.Member) []any {
					return []any{string(m.Record), string(w.ID), textAt(&m.Method), textAt(&m.Evidence), m.Score, textAt(&m.Language)}
				})
			if err != nil {
				return fmt.Errorf("work %s: %w", w.ID, err)
			}
		}
		return nil
	})
}

const workQuery = "SELECT work, record, method, evidence, score, language FROM work_members WHERE work = ? ORDER BY record"

// Work returns one work; see sinks.Catalogue.
func (c *Catalogue) Work(ctx context.Context, id harvest.WorkID) (harvest.Work, error) {
	works, err := c.works(ctx, workQuery, string(id))
	if err != nil {
		return harvest.Work{}, c.explain(ctx, err)
	}
	if len(works) == 0 {
		return harvest.Work{}, c.notFound(ctx, "work "+string(id), sql.ErrNoRows)
	}
	return works[0], nil
}

const worksQuery = `SELECT work, record, method, evidence, score, language FROM work_members
	WHERE work IN (SELECT DISTINCT work FROM work_members WHERE work > ? ORDER BY work LIMIT ?) ORDER BY work, record`

// Works returns works in order; see sinks.Catalogue.
func (c *Catalogue) Works(ctx context.Context, after harvest.WorkID, limit int) ([]harvest.Work, error) {
	works, err := c.works(ctx, worksQuery, string(after), limit)
	return works, c.explain(ctx, err)
}

// works reads rows of members, sorted by work.
func (c *Catalogue) works(ctx context.Context, query string, args ...any) ([]harvest.Work, error) {
	rows, err := c.reader(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var works []harvest.Work
	for rows.Next() {
		var id harvest.WorkID
		var m harvest.Member
		if err := rows.Scan(&id, textAt(&m.Record), textAt(&m.Method), textAt(&m.Evidence), &m.Score, textAt(&m.Language)); err != nil {
			return nil, err
		}
		if len(works) == 0 || works[len(works)-1].ID != id {
			works = append(works, harvest.Work{ID: id})
		}
		w := &works[len(works)-1]
		w.Members = append(w.Members, m)
	}
	return works, rows.Err()
}
