package sqlite

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/harvest87/harvest"
)

// Pragma sets a pragma on the connection that writes.
func (c *Catalogue) Pragma(setting string) error {
	_, err := c.write.Exec("PRAGMA " + setting)
	return err
}

// Setting reads a pragma of the connection that writes.
func (c *Catalogue) Setting(pragma string) (value string, err error) {
	err = c.write.QueryRow("PRAGMA " + pragma).Scan(&value)
	return value, err
}

// InsertOnly writes records as rows and does nothing else: no hash, no look at
// what is there. It is what Put is measured against.
func (c *Catalogue) InsertOnly(ctx context.Context, records []harvest.Record) error {
	return c.transact(ctx, func(tx *transaction) error {
		return each(ctx, tx, insertRecord, records, func(r harvest.Record) []any {
			return append(values(&r, identity), strings.Repeat("0", 64), stamp(time.Now()), "t", "t", "run", "run")
		})
	})
}

// Statements are the fixed statements that read.
var Statements = map[string]string{
	"Record": "SELECT " + recordColumns + " FROM records WHERE id = ?", "Lookup": lookupQuery, "Holders": holdersQuery, "Pending": pendingQuery, "Works": worksQuery, "Decisions": decisionsQuery, "Doubts": doubtsQuery, "Put": standingsQuery,
	"Touch": seeRecords, "Work": workQuery, "Pages": pagesQuery, "Pages, one": pageQuery, "Runs": runsQuery, "Runs of a source": runsOfSourceQuery,
	"Stats": totalsQuery, "Stats by source": bySourceQuery, "PutKeys": "DELETE FROM match_keys WHERE record = ?",
	"PutWorks": "DELETE FROM work_members WHERE work = ?", "Run": "SELECT " + runColumns + " FROM runs WHERE id = ?",
}

// QueryPlans are the plans of Records and Count for that query.
func (c *Catalogue) QueryPlans(ctx context.Context, q harvest.Query) (records, count string, err error) {
	query, args, err := recordsQuery(q)
	if err != nil {
		return "", "", err
	}
	if records, err = c.Plan(ctx, query, append(args, "", 10)...); err != nil {
		return "", "", err
	}
	query, args, err = countQuery(q)
	if err != nil {
		return "", "", err
	}
	count, err = c.Plan(ctx, query, args...)
	return records, count, err
}

// ChangedPlan is the plan of Changed.
func (c *Catalogue) ChangedPlan(ctx context.Context, q harvest.Changes) (string, error) {
	query, args := changedQuery(q)
	return c.Plan(ctx, query, args...)
}

// Plan is how SQLite would run the statement, one step a line. Parameters that
// are not given are NULL.
func (c *Catalogue) Plan(ctx context.Context, statement string, args ...any) (string, error) {
	for len(args) < strings.Count(statement, "?") {
		args = append(args, nil)
	}
	rows, err := c.read.QueryContext(ctx, "EXPLAIN QUERY PLAN "+statement, args...)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return "", err
		}
		fmt.Fprintln(&plan, detail)
	}
	return plan.String(), rows.Err()
}

// Names is what a query for one text column gives.
func (c *Catalogue) Names(ctx context.Context, query string) (names []string, err error) {
	rows, err := c.read.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}
