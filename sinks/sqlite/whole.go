package sqlite

import (
	"context"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

// bookkeeping are the columns that the catalogue keeps in the record's own row.
var bookkeeping = kept[:len(kept)-1] // the last is the work, which has a table

// Statements over whole records, see columns.go.
var (
	wholeQuery = "SELECT " + recordColumns + `, content_hash, EXISTS (SELECT 1 FROM match_pending WHERE record = records.id),
		(SELECT json_group_array(key) FROM match_keys WHERE record = records.id)
		FROM records WHERE id > ? ORDER BY id LIMIT ?`
	putWhole = "INSERT INTO records (id, " + names(content, ", ") + ", " + names(bookkeeping, ", ") + ", content_hash) VALUES (?" +
		strings.Repeat(", ?", len(content)+len(bookkeeping)) + ", ?) ON CONFLICT (id) DO UPDATE SET " +
		taken(content) + ", " + taken(bookkeeping) + ", content_hash = excluded.content_hash"
)

func taken(columns []column) string {
	var out []string
	for _, c := range columns {
		out = append(out, c.name+" = excluded."+c.name)
	}
	return strings.Join(out, ", ")
}

const putRevision = "INSERT INTO revisions (" + revisionColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"

const historiesQuery = "SELECT " + revisionColumns + ` FROM revisions
	WHERE record IN (SELECT value FROM json_each(?)) ORDER BY record, revision`

// Whole returns records with all that is kept of them; see sinks.Catalogue.
func (c *Catalogue) Whole(ctx context.Context, after harvest.RecordID, limit int) ([]harvest.WholeRecord, error) {
	out, err := c.wholes(ctx, after, limit)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	ids := make([]harvest.RecordID, len(out))
	place := make(map[harvest.RecordID]*harvest.WholeRecord, len(out))
	for i := range out {
		ids[i] = out[i].Record.ID
		place[ids[i]] = &out[i]
	}
	list, err := toJSON(ids)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	history, err := c.revisions(ctx, historiesQuery, list)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	for _, r := range history {
		w := place[r.Record]
		w.History = append(w.History, r)
	}
	return out, nil
}

func (c *Catalogue) wholes(ctx context.Context, after harvest.RecordID, limit int) ([]harvest.WholeRecord, error) {
	rows, err := c.reader(ctx).QueryContext(ctx, wholeQuery, string(after), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []harvest.WholeRecord
	for rows.Next() {
		var w harvest.WholeRecord
		if err := rows.Scan(append(targets(&w.Record), &w.ContentHash, &w.Pending, documentAt(&w.MatchKeys))...); err != nil {
			return nil, err
		}
		w.Record.Work = ""
		slices.Sort(w.MatchKeys)
		out = append(out, w)
	}
	return out, rows.Err()
}

// PutWhole writes records as another catalogue had them; see sinks.Catalogue.
func (c *Catalogue) PutWhole(ctx context.Context, records []harvest.WholeRecord) error {
	for part := range slices.Chunk(records, batch) {
		err := c.transact(ctx, func(tx *transaction) error {
			for i := range part {
				if err := putOneWhole(ctx, tx, &part[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func putOneWhole(ctx context.Context, tx *transaction, w *harvest.WholeRecord) error {
	id := string(w.Record.ID)
	args := values(&w.Record, identity)
	for _, c := range bookkeeping {
		args = append(args, c.of(&w.Record))
	}
	if _, err := tx.ExecContext(ctx, putWhole, append(args, w.ContentHash)...); err != nil {
		return err
	}
	for _, statement := range []string{
		"DELETE FROM revisions WHERE record = ?", "DELETE FROM match_keys WHERE record = ?", "DELETE FROM match_pending WHERE record = ?",
		"DELETE FROM work_moves WHERE record = ?",
	} {
		if _, err := tx.ExecContext(ctx, statement, id); err != nil {
			return err
		}
	}
	if w.Pending {
		if _, err := tx.ExecContext(ctx, putPending, id); err != nil {
			return err
		}
	}
	err := each(ctx, tx, "INSERT INTO match_keys (key, record) VALUES (?, ?)", w.MatchKeys, func(key string) []any { return []any{key, id} })
	if err != nil {
		return err
	}
	return each(ctx, tx, putRevision, w.History, func(r harvest.Revision) []any {
		return []any{
			id, r.Number, stamp(r.From), instantAt(&r.To), textAt(&r.Run), textAt(&r.PageHash), textAt(&r.Author), textAt(&r.Reason), documentAt(&r.Changes),
		}
	})
}

const ledgerQuery = "SELECT " + pageColumns + " FROM pages WHERE (source, url) > (?, ?) ORDER BY source, url LIMIT ?"

// Ledger returns ledger entries in order; see sinks.Catalogue.
func (c *Catalogue) Ledger(ctx context.Context, source harvest.SourceID, url string, limit int) ([]harvest.PageFacts, error) {
	rows, err := c.reader(ctx).QueryContext(ctx, ledgerQuery, string(source), url, limit)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	defer rows.Close()
	var out []harvest.PageFacts
	for rows.Next() {
		var p harvest.PageFacts
		if err := rows.Scan(pageFields(&p)...); err != nil {
			return nil, c.explain(ctx, err)
		}
		out = append(out, p)
	}
	return out, c.explain(ctx, rows.Err())
}
