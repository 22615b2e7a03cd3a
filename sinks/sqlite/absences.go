package sqlite

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/harvest87/harvest"
)

const unseenQuery = "SELECT id FROM records INDEXED BY records_by_source WHERE source = ? AND id > ? AND state = 'active' AND last_seen < ? ORDER BY id LIMIT ?"

// Unseen streams what was not seen since; see sinks.Catalogue. It reads page by
// page, so that no reader holds the file's history.
func (c *Catalogue) Unseen(ctx context.Context, source harvest.SourceID, before time.Time) iter.Seq2[harvest.RecordID, error] {
	return func(yield func(harvest.RecordID, error) bool) {
		after := harvest.RecordID("")
		for {
			ids, err := c.unseen(ctx, source, after, before)
			if err != nil {
				yield("", err)
				return
			}
			for _, id := range ids {
				if !yield(id, nil) {
					return
				}
			}
			if len(ids) < batch {
				return
			}
			after = ids[len(ids)-1]
		}
	}
}

func (c *Catalogue) unseen(ctx context.Context, source harvest.SourceID, after harvest.RecordID, before time.Time) ([]harvest.RecordID, error) {
	rows, err := c.reader(ctx).QueryContext(ctx, unseenQuery, string(source), string(after), stamp(before), batch)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	defer rows.Close()
	var ids []harvest.RecordID
	for rows.Next() {
		var id harvest.RecordID
		if err := rows.Scan(&id); err != nil {
			return nil, c.explain(ctx, err)
		}
		ids = append(ids, id)
	}
	return ids, c.explain(ctx, rows.Err())
}

const absenceColumns = "record, source, runs, since, run, reason, gone"

func absenceFields(a *harvest.Absence) []any {
	return []any{textAt(&a.Record), textAt(&a.Source), numberAt(&a.Runs), instantAt(&a.Since), textAt(&a.Run), textAt(&a.Reason), instantAt(&a.Gone)}
}

// PutAbsences writes absences; see sinks.Catalogue.
func (c *Catalogue) PutAbsences(ctx context.Context, absences []harvest.Absence) error {
	for part := range slices.Chunk(absences, batch) {
		err := c.transact(ctx, func(tx *transaction) error {
			return each(ctx, tx, "INSERT OR REPLACE INTO absences ("+absenceColumns+") VALUES (?, ?, ?, ?, ?, ?, ?)", part,
				func(a harvest.Absence) []any { return absenceFields(&a) })
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// DropAbsences removes absences; see sinks.Catalogue.
func (c *Catalogue) DropAbsences(ctx context.Context, ids []harvest.RecordID) error {
	return c.transact(ctx, func(tx *transaction) error {
		return each(ctx, tx, "DELETE FROM absences WHERE record = ?", ids, func(id harvest.RecordID) []any { return []any{string(id)} })
	})
}

const (
	absencesQuery = "SELECT " + absenceColumns + " FROM absences WHERE source = ? ORDER BY record"
	absenceQuery  = "SELECT " + absenceColumns + " FROM absences WHERE record = ?"
)

// Absences returns those of a source; see sinks.Catalogue.
func (c *Catalogue) Absences(ctx context.Context, source harvest.SourceID) ([]harvest.Absence, error) {
	rows, err := c.reader(ctx).QueryContext(ctx, absencesQuery, string(source))
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	defer rows.Close()
	var out []harvest.Absence
	for rows.Next() {
		var a harvest.Absence
		if err := rows.Scan(absenceFields(&a)...); err != nil {
			return nil, c.explain(ctx, err)
		}
		out = append(out, a)
	}
	return out, c.explain(ctx, rows.Err())
}

// Absence returns that of a record; see sinks.Catalogue.
func (c *Catalogue) Absence(ctx context.Context, id harvest.RecordID) (harvest.Absence, error) {
	var a harvest.Absence
	if err := c.reader(ctx).QueryRowContext(ctx, absenceQuery, string(id)).Scan(absenceFields(&a)...); err != nil {
		return harvest.Absence{}, c.notFound(ctx, "absence of "+string(id), err)
	}
	return a, nil
}
