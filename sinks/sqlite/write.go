package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/harvest87/harvest"
)

// attempts is how often a transaction is tried that another process keeps
// out; each waits up to the busy timeout of connect.
const attempts = 3

var errReadOnly = errors.New("is open for reading only")

// transact runs f in one write transaction and commits; within [Catalogue.Together]
// in the one that is open. It holds the write
// lock from the beginning (BEGIN IMMEDIATE), so f may be run again: it must
// have no effect but on the database and on what it sets anew each time.
func (c *Catalogue) transact(ctx context.Context, f func(*transaction) error) error {
	if tx := c.open(ctx); tx != nil {
		return c.explain(ctx, f(tx))
	}
	if c.write == nil {
		return c.explain(ctx, errReadOnly)
	}
	var err error
	for range attempts {
		if err = c.once(ctx, f); !hasCode(err, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) || ctx.Err() != nil {
			break
		}
	}
	return c.explain(ctx, err)
}

func (c *Catalogue) once(ctx context.Context, f func(*transaction) error) error {
	begun, err := c.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer begun.Rollback() // after a commit it does nothing
	tx := &transaction{Tx: begun, from: c.writing}
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	for _, statement := range tx.wanted {
		c.writing.keep(ctx, statement)
	}
	return nil
}

// each prepares the statement and runs it with the arguments of every item.
func each[T any](ctx context.Context, tx *transaction, statement string, items []T, args func(T) []any) error {
	if len(items) == 0 {
		return nil
	}
	stmt, err := tx.PrepareContext(ctx, statement)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for _, item := range items {
		if _, err := stmt.ExecContext(ctx, args(item)...); err != nil {
			return err
		}
	}
	return nil
}

// explain says which file an error is about and what it means for the caller.
// Errors that waiting may cure wrap harvest.ErrUnavailable; a call whose
// context has ended reports that and nothing else.
func (c *Catalogue) explain(ctx context.Context, err error) error {
	var e *explained
	switch {
	case err == nil, errors.As(err, &e):
		return err
	case ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, sql.ErrTxDone) || hasCode(err, sqlite3.SQLITE_INTERRUPT)):
		return c.explained(ctx.Err())
	case hasCode(err, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
		return c.explained(fmt.Errorf("another process holds its lock: %w: %w", harvest.ErrUnavailable, err))
	case hasCode(err, sqlite3.SQLITE_FULL):
		return c.explained(fmt.Errorf("the disk is full: %w", err))
	case hasExactCode(err, sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY):
		return c.explained(fmt.Errorf("a writer died in the middle of its work; open it once for writing to bring it in order, as 'harvest run' does: %w", err))
	case hasCode(err, sqlite3.SQLITE_READONLY):
		return c.explained(fmt.Errorf("the file or its folder cannot be written to: %w", err))
	case hasCode(err, sqlite3.SQLITE_CANTOPEN):
		return c.explained(fmt.Errorf("the file cannot be opened: %w", err))
	case hasCode(err, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
		return c.explained(fmt.Errorf("the file is damaged; restore it from a backup or harvest into a new one: %w", err))
	default:
		return c.explained(err)
	}
}

// explained is an error that names the file.
type explained struct {
	path  string
	cause error
}

func (c *Catalogue) explained(err error) error { return &explained{c.path, err} }

func (e *explained) Error() string { return fmt.Sprintf("catalogue %s: %v", e.path, e.cause) }
func (e *explained) Unwrap() error { return e.cause }

// hasCode reports whether SQLite gave one of these primary result codes
// (https://www.sqlite.org/rescode.html).
func hasCode(err error, codes ...int) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && slices.Contains(codes, e.Code()&0xff)
}

// hasExactCode is the same for extended result codes.
func hasExactCode(err error, codes ...int) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && slices.Contains(codes, e.Code())
}
