package sqlite

import (
	"context"
	"fmt"
	"strings"

	"github.com/harvest87/harvest"
)

// Changed returns records in the order in which they changed; see
// sinks.Catalogue. The index has all that is asked of a record, so that those
// passed over are not read.
func (c *Catalogue) Changed(ctx context.Context, q harvest.Changes) ([]harvest.Record, error) {
	if q.Limit < 1 {
		return nil, fmt.Errorf("changed records: limit %d is below 1", q.Limit)
	}
	query, args := changedQuery(q)
	rows, err := c.reader(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	defer rows.Close()
	var out []harvest.Record
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, c.explain(ctx, err)
		}
		out = append(out, r)
	}
	return out, c.explain(ctx, rows.Err())
}

func changedQuery(q harvest.Changes) (query string, args []any) {
	// Every ID is behind the empty one, so that this includes the moment Since.
	at, behind := q.Since, harvest.RecordID("")
	if !q.Behind.At.Before(q.Since) {
		at, behind = q.Behind.At, q.Behind.Record
	}
	conditions := []string{"(last_changed, id) > (?, ?)"}
	args = []any{stamp(at), string(behind)}
	add := func(condition string, value any) {
		conditions, args = append(conditions, condition), append(args, value)
	}
	if !q.Before.IsZero() {
		add("last_changed < ?", stamp(q.Before))
	}
	if q.Source != "" {
		add("source = ?", string(q.Source))
	}
	if q.Category != "" {
		add("(category = ? OR state = 'withdrawn')", q.Category)
	}
	if q.Topic != "" {
		add("(state = 'withdrawn' OR EXISTS (SELECT 1 FROM json_each(records.topics) WHERE value = ?))", q.Topic)
	}
	return "SELECT " + recordColumns + " FROM records INDEXED BY records_by_change WHERE " + strings.Join(conditions, " AND ") +
		" ORDER BY last_changed, id LIMIT ?", append(args, q.Limit)
}
