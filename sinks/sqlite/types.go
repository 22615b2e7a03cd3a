package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Column is one column of a table.
type Column struct {
	Name string
	Type string // as declared: TEXT, INTEGER
	// Required is true of a column that is never NULL, Computed of one that is
	// made of others.
	Required, Computed bool
}

// Columns are those of a table, in its order, as this program's migrations leave
// it. They run in memory and are rolled back. A table that there is not has none.
func Columns(ctx context.Context, table string) (columns []Column, err error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, fmt.Errorf("open a database in memory: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // each connection would have a database of its own
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	for i, name := range migrationNames() {
		script, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := migrateTo(ctx, tx, i+1, string(script)); err != nil {
			return nil, err
		}
	}
	rows, err := tx.QueryContext(ctx, `SELECT name, type, "notnull", hidden > 0 FROM pragma_table_xinfo(?) ORDER BY cid`, table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Column
		if err := rows.Scan(&c.Name, &c.Type, &c.Required, &c.Computed); err != nil {
			return nil, err
		}
		columns = append(columns, c)
	}
	return columns, rows.Err()
}
