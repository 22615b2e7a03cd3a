package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

// A stream reads page by page, each page by a query of its own. So it holds no
// connection and no snapshot while its caller works, and the WAL can be
// checkpointed behind the back of a slow reader. A page ends at pageRecords,
// or earlier when its text exceeds pageBytes.
const (
	pageRecords = 256
	pageBytes   = 4 << 20
)

var recordQuery = "SELECT " + recordColumns + " FROM records WHERE id = ?"

// Record returns one record; see sinks.Catalogue.
func (c *Catalogue) Record(ctx context.Context, id harvest.RecordID) (harvest.Record, error) {
	r, err := scan(c.reader(ctx).QueryRowContext(ctx, recordQuery, string(id)))
	if err != nil {
		return harvest.Record{}, c.notFound(ctx, "record "+string(id), err)
	}
	return r, nil
}

// notFound turns "no rows" into harvest.ErrNotFound.
func (c *Catalogue) notFound(ctx context.Context, what string, err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("%s: %w", what, harvest.ErrNotFound)
	}
	return c.explain(ctx, err)
}

// Records streams what the query selects; see sinks.Catalogue.
func (c *Catalogue) Records(ctx context.Context, q harvest.Query) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) {
		query, args, err := recordsQuery(q)
		if err != nil {
			yield(harvest.Record{}, c.explain(ctx, err))
			return
		}
		c.stream(ctx, query, args, q.After, q.Limit, c.turnedBack(q), yield)
	}
}

// turnedBack is what a page of records becomes for a query of another day, nil
// for one of today.
func (c *Catalogue) turnedBack(q harvest.Query) turn {
	if q.AsOf.IsZero() {
		return nil
	}
	return func(ctx context.Context, page []harvest.Record) ([]harvest.Record, error) {
		page, err := c.turnBack(ctx, page, q.AsOf)
		return slices.DeleteFunc(page, func(r harvest.Record) bool { return !q.Matches(&r) }), err
	}
}

func recordsQuery(q harvest.Query) (query string, args []any, err error) {
	from, where, args, err := selection(q)
	return "SELECT " + recordColumns + from + " WHERE " + where + " AND id > ? ORDER BY id LIMIT ?", args, err
}

// Count counts what the query selects; see sinks.Catalogue.
func (c *Catalogue) Count(ctx context.Context, q harvest.Query) (int, error) {
	var n int
	if !q.AsOf.IsZero() {
		q.After, q.Limit = "", 0
		for _, err := range c.Records(ctx, q) {
			if err != nil {
				return 0, err
			}
			n++
		}
		return n, nil
	}
	query, args, err := countQuery(q)
	if err != nil {
		return 0, c.explain(ctx, err)
	}
	err = c.read.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, c.explain(ctx, err)
}

func countQuery(q harvest.Query) (query string, args []any, err error) {
	from, where, args, err := selection(q)
	return "SELECT count(*)" + from + " WHERE " + where, args, err
}

// selection turns a query into the index to walk and the conditions. Text that
// comes from the query is always a parameter. Each index gives the order of ID
// by itself, so that nothing is ever sorted.
func selection(q harvest.Query) (from, where string, args []any, err error) {
	if q.Words != "" {
		return "", "", nil, errors.New("query words are for the search index, not for the catalogue")
	}
	from = " FROM records INDEXED BY records_in_order"
	conditions := []string{"1"}
	add := func(condition string, values ...any) {
		conditions = append(conditions, condition)
		args = append(args, values...)
	}
	if !q.AsOf.IsZero() { // what the records were then is asked of each when it is known
		if _, err := sinceDay(q.Since); err != nil {
			return "", "", nil, err
		}
		add("first_seen <= ?", stamp(q.AsOf))
		add("state <> 'withdrawn'")
		q = harvest.Query{Sources: q.Sources, States: []harvest.State{harvest.AnyState}}
	}
	// Several values of the first column would have to be merged by sorting.
	if len(q.Categories) == 1 {
		from = " FROM records INDEXED BY records_by_category"
	}
	if len(q.Sources) == 1 {
		from = " FROM records INDEXED BY records_by_source"
	}
	narrow(&q, add)
	if !q.Since.IsZero() {
		since, err := sinceDay(q.Since)
		if err != nil {
			return "", "", nil, err
		}
		add("published_from >= ?", since)
	}
	if !q.ChangedSince.IsZero() {
		add("last_changed >= ?", stamp(q.ChangedSince))
	}
	return from, strings.Join(conditions, " AND "), args, nil
}

// narrow adds what the lists of a query ask for.
func narrow(q *harvest.Query, add func(condition string, values ...any)) {
	isIn("source", q.Sources, add)
	isIn("category", q.Categories, add)
	isIn("state", q.WantedStates(), add)
	holdsOne("topics", q.Topics, add)
	holdsOne("countries", q.Countries, add)
	var alternatives []string
	var values []any
	for _, l := range q.Languages {
		// The tag itself, or the tag with subtags: "." follows "-".
		alternatives = append(alternatives, "language = ? OR language >= ? AND language < ?")
		values = append(values, l, l+"-", l+".")
	}
	if len(alternatives) > 0 {
		add("("+strings.Join(alternatives, " OR ")+")", values...)
	}
	alternatives, values = nil, nil
	for _, year := range q.Years {
		alternatives = append(alternatives, "published_from BETWEEN ? AND ?")
		values = append(values, fmt.Sprintf("%04d-01-01", year), fmt.Sprintf("%04d-12-31", year))
	}
	if len(alternatives) > 0 {
		add("("+strings.Join(alternatives, " OR ")+")", values...)
	}
}

// isIn asks for one of the values in a column.
func isIn[T ~string](column string, wanted []T, add func(string, ...any)) {
	switch len(wanted) {
	case 0:
	case 1:
		add(column+" = ?", string(wanted[0]))
	default:
		add(column+" IN ("+marks(len(wanted))+")", texts(wanted)...)
	}
}

// holdsOne asks for one of the values in a column that holds a list.
func holdsOne(column string, wanted []string, add func(string, ...any)) {
	if len(wanted) > 0 {
		add("EXISTS (SELECT 1 FROM json_each(records."+column+") WHERE value IN ("+marks(len(wanted))+"))", texts(wanted)...)
	}
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

func texts[T ~string](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// sinceDay is the first day of a date that comes from outside.
func sinceDay(d harvest.Date) (string, error) {
	if d.IsZero() {
		return "", nil
	}
	since, err := harvest.ParseDate(d.Value)
	if err != nil {
		return "", fmt.Errorf("query since: %w", err)
	}
	return since.FirstDay(), nil
}

// turn makes of a page of records what is to be yielded of it.
type turn func(ctx context.Context, page []harvest.Record) ([]harvest.Record, error)

// stream yields page after page. The query's last two parameters are the ID to
// continue behind and the number of records.
func (c *Catalogue) stream(ctx context.Context, query string, args []any, after harvest.RecordID, limit int, turn turn, yield func(harvest.Record, error) bool) {
	for left := limit; limit == 0 || left > 0; {
		want := pageRecords
		if limit > 0 && turn == nil {
			want = min(want, left)
		}
		page, last, err := c.page(ctx, query, append(slices.Clip(args), string(after), want), want)
		if len(page) > 0 {
			after = page[len(page)-1].ID
		}
		if turn != nil && err == nil {
			page, err = turn(ctx, page)
		}
		if limit > 0 && len(page) > left {
			page = page[:left]
		}
		for _, r := range page {
			if err := ctx.Err(); err != nil {
				yield(harvest.Record{}, c.explain(ctx, err))
				return
			}
			if !yield(r, nil) {
				return
			}
		}
		if err != nil {
			yield(harvest.Record{}, c.explain(ctx, err))
			return
		}
		if last {
			return
		}
		left -= len(page)
	}
}

// page reads one page and says whether it is the last.
func (c *Catalogue) page(ctx context.Context, query string, args []any, want int) (page []harvest.Record, last bool, err error) {
	rows, err := c.reader(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	size := 0
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return page, false, err
		}
		page = append(page, r)
		if size += len(r.Title) + len(r.Summary); size > pageBytes {
			return page, false, nil
		}
	}
	return page, len(page) < want, rows.Err()
}
