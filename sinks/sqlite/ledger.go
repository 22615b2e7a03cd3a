package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

const pageColumns = "source, url, etag, last_modified, hash, status, fetched_at, config, records, size, content, since, changes, changed_at, links"

// pageFields are the page's facts in the order of pageColumns.
func pageFields(p *harvest.PageFacts) []any {
	return []any{
		textAt(&p.Source), textAt(&p.URL), textAt(&p.Validators.ETag), textAt(&p.Validators.LastModified),
		textAt(&p.Hash), numberAt(&p.Status), instantAt(&p.FetchedAt), textAt(&p.Config), documentAt(&p.Records), numberAt(&p.Size),
		textAt(&p.Content), instantAt(&p.Since), numberAt(&p.Changes), instantAt(&p.ChangedAt), documentAt(&p.Links),
	}
}

// PutPages writes the ledger; see sinks.Catalogue.
func (c *Catalogue) PutPages(ctx context.Context, pages []harvest.PageFacts) error {
	for part := range slices.Chunk(pages, batch) {
		err := c.transact(ctx, func(tx *transaction) error {
			return each(ctx, tx, "INSERT OR REPLACE INTO pages ("+pageColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", part,
				func(p harvest.PageFacts) []any { return pageFields(&p) })
		})
		if err != nil {
			return err
		}
	}
	return nil
}

const (
	pagesQuery = "SELECT " + pageColumns + " FROM pages WHERE source = ? AND url IN (SELECT value FROM json_each(?))"
	pageQuery  = "SELECT " + pageColumns + " FROM pages WHERE source = ? AND url = ?" // a run asks page by page
)

// Pages reads the ledger; see sinks.Catalogue.
func (c *Catalogue) Pages(ctx context.Context, source harvest.SourceID, urls []string) (map[string]harvest.PageFacts, error) {
	query, args := pageQuery, []any{string(source)}
	if len(urls) == 1 {
		args = append(args, urls[0])
	} else {
		list, err := toJSON(append([]string{}, urls...))
		if err != nil {
			return nil, c.explain(ctx, err)
		}
		query, args = pagesQuery, append(args, list)
	}
	rows, err := c.reader(ctx).QueryContext(ctx, query, args...)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	defer rows.Close()
	found := make(map[string]harvest.PageFacts)
	for rows.Next() {
		var p harvest.PageFacts
		if err := rows.Scan(pageFields(&p)...); err != nil {
			return nil, c.explain(ctx, err)
		}
		found[p.URL] = p
	}
	return found, c.explain(ctx, rows.Err())
}

const runColumns = "id, source, scheduled_at, started_at, ended_at, state, reason, resumed, config, incremental, since, " +
	"doors, outcomes, samples, requests, wire_bytes, bytes, notes, unmapped_labels, hosts, newest, figures, gates, held, ruling, replay"

// runFields are the run's report in the order of runColumns.
func runFields(r *harvest.Run) []any {
	return []any{
		textAt(&r.ID), textAt(&r.Source), instantAt(&r.ScheduledAt), instantAt(&r.StartedAt), instantAt(&r.EndedAt),
		textAt(&r.State), textAt(&r.Reason), numberAt(&r.Resumed), textAt(&r.Config), flagAt(&r.Incremental), instantAt(&r.Since),
		documentAt(&r.Doors), documentAt(&r.Outcomes), documentAt(&r.Samples), numberAt(&r.Requests), numberAt(&r.WireBytes),
		numberAt(&r.Bytes), documentAt(&r.Notes), documentAt(&r.Labels), documentAt(&r.Hosts), flagAt(&r.Newest), documentAt(&r.Figures),
		documentAt(&r.Gates), numberAt(&r.Held), documentAt(&r.Ruling), flagAt(&r.Replay),
	}
}

// PutRun writes a run's report; see sinks.Catalogue.
func (c *Catalogue) PutRun(ctx context.Context, run harvest.Run) error {
	return c.transact(ctx, func(tx *transaction) error {
		_, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO runs ("+runColumns+
			") VALUES (?"+strings.Repeat(", ?", strings.Count(runColumns, ","))+")", runFields(&run)...)
		return err
	})
}

// Run returns one run; see sinks.Catalogue.
func (c *Catalogue) Run(ctx context.Context, id harvest.RunID) (harvest.Run, error) {
	var r harvest.Run
	err := c.read.QueryRowContext(ctx, "SELECT "+runColumns+" FROM runs WHERE id = ?", string(id)).Scan(runFields(&r)...)
	if err != nil {
		return harvest.Run{}, c.notFound(ctx, "run "+string(id), err)
	}
	return r, nil
}

const (
	runsQuery         = "SELECT " + runColumns + " FROM runs ORDER BY scheduled_at DESC, id DESC LIMIT ?"
	runsOfSourceQuery = "SELECT " + runColumns + " FROM runs WHERE source = ? ORDER BY scheduled_at DESC, id DESC LIMIT ?"
)

// Runs returns runs, newest first; see sinks.Catalogue.
func (c *Catalogue) Runs(ctx context.Context, source harvest.SourceID, limit int) ([]harvest.Run, error) {
	if limit == 0 {
		limit = -1 // SQLite's word for all
	}
	query, args := runsQuery, []any{limit}
	if source != "" {
		query, args = runsOfSourceQuery, []any{string(source), limit}
	}
	rows, err := c.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	defer rows.Close()
	var runs []harvest.Run
	for rows.Next() {
		var r harvest.Run
		if err := rows.Scan(runFields(&r)...); err != nil {
			return nil, c.explain(ctx, err)
		}
		runs = append(runs, r)
	}
	return runs, c.explain(ctx, rows.Err())
}

const (
	totalsQuery = "SELECT (SELECT count(*) FROM records), (SELECT count(DISTINCT work) FROM work_members), " +
		"(SELECT count(*) FROM runs), (SELECT max(last_changed) FROM records)"
	bySourceQuery = "SELECT source, count(*) FROM records INDEXED BY records_by_source WHERE state = 'active' GROUP BY source"
)

// Stats returns totals; see sinks.Catalogue. They are of one moment.
func (c *Catalogue) Stats(ctx context.Context) (harvest.Stats, error) {
	s, err := c.stats(ctx)
	if err != nil {
		return harvest.Stats{}, c.explain(ctx, err)
	}
	return s, nil
}

func (c *Catalogue) stats(ctx context.Context) (s harvest.Stats, err error) {
	tx, err := c.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return s, err
	}
	defer tx.Rollback()
	err = tx.QueryRowContext(ctx, totalsQuery).Scan(&s.Records, &s.Works, &s.Runs, instantAt(&s.LastChanged))
	if err != nil {
		return s, err
	}
	rows, err := tx.QueryContext(ctx, bySourceQuery)
	if err != nil {
		return s, err
	}
	defer rows.Close()
	for rows.Next() {
		var source harvest.SourceID
		var n int
		if err := rows.Scan(&source, &n); err != nil {
			return s, err
		}
		if s.BySource == nil {
			s.BySource = make(map[harvest.SourceID]int)
		}
		s.BySource[source] = n
	}
	return s, errors.Join(rows.Err(), rows.Close())
}
