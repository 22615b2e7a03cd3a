package sqlite

import (
	"context"
	"time"

	"github.com/harvest87/harvest"
)

const (
	putWorkMove = `INSERT OR REPLACE INTO work_moves (record, number, at, from_work, to_work, method, score, evidence)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

	// Where the records stand that are in the works given or come to one of them,
	// and how often each has moved.
	standingQuery = `WITH given AS (
			SELECT value ->> '$.id' AS work, value -> '$.members' AS members FROM json_each(?)),
		concerned AS (
			SELECT record FROM work_members WHERE work IN (SELECT work FROM given)
			UNION SELECT m.value ->> '$.record' FROM given, json_each(given.members) AS m WHERE m.type = 'object')
		SELECT c.record, coalesce(w.work, ''), (SELECT coalesce(max(number), 0) FROM work_moves AS v WHERE v.record = c.record)
		FROM concerned AS c LEFT JOIN work_members AS w ON w.record = c.record`

	workMoveColumns  = "SELECT record, number, at, from_work, to_work, method, score, evidence FROM work_moves"
	workHistoryQuery = workMoveColumns + " WHERE from_work = ?1 OR to_work = ?1 ORDER BY at, record, number"
	workMovesQuery   = workMoveColumns + " WHERE (record, number) > (?, ?) ORDER BY record, number LIMIT ?"
)

func workMoveValues(m harvest.WorkMove) []any {
	var score any
	if m.To != "" {
		score = m.Score
	}
	return []any{string(m.Record), m.Number, stamp(m.At), textAt(&m.From), textAt(&m.To), textAt(&m.Method), score, textAt(&m.Evidence)}
}

// workMoves are the moves that writing the works will be.
func workMoves(ctx context.Context, tx *transaction, at time.Time, works []harvest.Work) ([]harvest.WorkMove, error) {
	given, err := toJSON(works)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, standingQuery, given)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	now, counts := make(map[harvest.RecordID]harvest.WorkID), make(map[harvest.RecordID]int)
	for rows.Next() {
		var record harvest.RecordID
		var work harvest.WorkID
		var count int
		if err := rows.Scan(&record, &work, &count); err != nil {
			return nil, err
		}
		now[record], counts[record] = work, count
	}
	return harvest.Moves(at, works, now, counts), rows.Err()
}

// WorkHistory returns the moves into a work and out of it; see sinks.Catalogue.
func (c *Catalogue) WorkHistory(ctx context.Context, id harvest.WorkID) ([]harvest.WorkMove, error) {
	moves, err := c.readMoves(ctx, workHistoryQuery, string(id))
	return moves, c.explain(ctx, err)
}

// WorkMoves returns all moves in order; see sinks.Catalogue.
func (c *Catalogue) WorkMoves(ctx context.Context, after harvest.RecordID, number, limit int) ([]harvest.WorkMove, error) {
	moves, err := c.readMoves(ctx, workMovesQuery, string(after), number, limit)
	return moves, c.explain(ctx, err)
}

// PutWorkMoves writes moves as another catalogue had them; see sinks.Catalogue.
func (c *Catalogue) PutWorkMoves(ctx context.Context, moves []harvest.WorkMove) error {
	return c.transact(ctx, func(tx *transaction) error { return each(ctx, tx, putWorkMove, moves, workMoveValues) })
}

func (c *Catalogue) readMoves(ctx context.Context, query string, args ...any) ([]harvest.WorkMove, error) {
	rows, err := c.reader(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []harvest.WorkMove
	for rows.Next() {
		var m harvest.WorkMove
		var score *float64
		err := rows.Scan(textAt(&m.Record), &m.Number, instantAt(&m.At), textAt(&m.From), textAt(&m.To), textAt(&m.Method), &score, textAt(&m.Evidence))
		if err != nil {
			return nil, err
		}
		if score != nil {
			m.Score = *score
		}
		out = append(out, m)
	}
	return out, rows.Err()
}
