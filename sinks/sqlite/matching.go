package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"
	"slices"

	"github.com/harvest87/harvest"
)

var lookupQuery = "SELECT " + recordColumns + ` FROM records
	WHERE id IN (SELECT value FROM json_each(?)) AND id > ? ORDER BY id LIMIT ?`

// Lookup streams records by ID; see sinks.Catalogue.
func (c *Catalogue) Lookup(ctx context.Context, ids []harvest.RecordID) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) {
		list, err := toJSON(append([]harvest.RecordID{}, ids...))
		if err != nil {
			yield(harvest.Record{}, c.explain(ctx, err))
			return
		}
		c.stream(ctx, lookupQuery, []any{list}, "", 0, nil, yield)
	}
}

var pendingQuery = "SELECT " + recordColumns + ` FROM records
	WHERE id IN (SELECT record FROM match_pending WHERE record > ? ORDER BY record LIMIT ?) ORDER BY id`

// Pending returns records that wait to be matched; see sinks.Catalogue.
func (c *Catalogue) Pending(ctx context.Context, after harvest.RecordID, limit int) ([]harvest.Record, error) {
	rows, err := c.reader(ctx).QueryContext(ctx, pendingQuery, string(after), limit)
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

// putPending makes a record pending. It belongs to the transaction that writes them.
const putPending = "INSERT OR REPLACE INTO match_pending (record, revision) SELECT id, revision FROM records WHERE id = ?"

// Settle takes records off the list; see sinks.Catalogue.
func (c *Catalogue) Settle(ctx context.Context, records []harvest.Record) error {
	return c.transact(ctx, func(tx *transaction) error {
		return each(ctx, tx, "DELETE FROM match_pending WHERE record = ? AND revision = ?", records,
			func(r harvest.Record) []any { return []any{string(r.ID), r.Revision} })
	})
}

// Unsettle puts all records on the list; see sinks.Catalogue.
func (c *Catalogue) Unsettle(ctx context.Context) error {
	return c.transact(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO match_pending (record, revision) SELECT id, revision FROM records")
		return err
	})
}

// holdersQuery asks for many keys at once: a query for each would cost more than
// what it finds.
const holdersQuery = `SELECT wanted.value, (SELECT json_group_array(record) FROM
		(SELECT record FROM match_keys WHERE key = wanted.value ORDER BY record LIMIT ?))
	FROM json_each(?) AS wanted`

// keysAtOnce bounds the keys of one query.
const keysAtOnce = 2000

// Holders returns who has match keys; see sinks.Catalogue.
func (c *Catalogue) Holders(ctx context.Context, keys []string, most int) (map[string][]harvest.RecordID, error) {
	out := make(map[string][]harvest.RecordID)
	for some := range slices.Chunk(keys, keysAtOnce) {
		if err := c.holders(ctx, some, most, out); err != nil {
			return nil, c.explain(ctx, fmt.Errorf("match keys: %w", err))
		}
	}
	return out, nil
}

func (c *Catalogue) holders(ctx context.Context, keys []string, most int, into map[string][]harvest.RecordID) error {
	wanted, err := toJSON(keys)
	if err != nil {
		return err
	}
	rows, err := c.reader(ctx).QueryContext(ctx, holdersQuery, most, wanted)
	if err != nil {
		return err
	}
	defer rows.Close()
	var key string
	var list sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&key, &list); err != nil {
			return err
		}
		if len(list) <= len("[]") {
			continue
		}
		var ids []harvest.RecordID
		if err := json.Unmarshal(list, &ids); err != nil {
			return err
		}
		into[key] = ids
	}
	return rows.Err()
}
