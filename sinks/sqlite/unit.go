package sqlite

import (
	"context"
	"database/sql"
	"sync"
)

// Together makes one transaction of all calls that f makes with the context
// that it is given: they are durable together when Together returns nil, and
// none of them is otherwise. Reading with that context sees what was written
// before. f may be called again, so it must have no effect but on the
// catalogue and on what it sets anew each time. A catalogue that is open for
// reading only fails.
func (c *Catalogue) Together(ctx context.Context, f func(ctx context.Context) error) error {
	return c.transact(ctx, func(tx *transaction) error { return f(context.WithValue(ctx, unitKey{c}, tx)) })
}

// unitKey finds a catalogue's open transaction in a context.
type unitKey struct{ of *Catalogue }

// open is the transaction that ctx belongs to, nil for none.
func (c *Catalogue) open(ctx context.Context) *transaction {
	tx, _ := ctx.Value(unitKey{c}).(*transaction)
	return tx
}

// reader is what reads with ctx: its transaction, or any connection.
func (c *Catalogue) reader(ctx context.Context) querier {
	if tx := c.open(ctx); tx != nil {
		return tx
	}
	return c.reading
}

// querier runs statements that read.
type querier interface {
	QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, statement string, args ...any) *sql.Row
}

// statements keeps statements prepared, since compiling one often takes longer
// than running it. Their texts are constants, so there are few of them. It is
// safe for concurrent use; closing the database closes them.
type statements struct {
	db *sql.DB

	mu   sync.Mutex
	kept map[string]*sql.Stmt
}

func newStatements(db *sql.DB) *statements {
	return &statements{db: db, kept: make(map[string]*sql.Stmt)}
}

// manyStatements is far above the number of those that are constant.
const manyStatements = 100

// find returns a statement that is kept, nil for none.
func (s *statements) find(statement string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[statement]
}

// keep returns a statement prepared for later, nil when it cannot be; then it
// fails again, and is told, where it is used. It needs a connection, and so
// holds no lock while it waits for one.
func (s *statements) keep(ctx context.Context, statement string) *sql.Stmt {
	if stmt := s.find(statement); stmt != nil {
		return stmt
	}
	stmt, err := s.db.PrepareContext(ctx, statement)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if earlier := s.kept[statement]; earlier != nil || len(s.kept) >= manyStatements {
		_ = stmt.Close() //nolint:sqlclosecheck // it has done nothing
		return earlier
	}
	s.kept[statement] = stmt
	return stmt
}

// QueryContext is that of a database, with the statement kept.
func (s *statements) QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	if stmt := s.keep(ctx, statement); stmt != nil { //nolint:sqlclosecheck // kept until the database is closed
		return stmt.QueryContext(ctx, args...)
	}
	return s.db.QueryContext(ctx, statement, args...)
}

// QueryRowContext is that of a database, with the statement kept.
func (s *statements) QueryRowContext(ctx context.Context, statement string, args ...any) *sql.Row {
	if stmt := s.keep(ctx, statement); stmt != nil { //nolint:sqlclosecheck // kept until the database is closed
		return stmt.QueryRowContext(ctx, args...)
	}
	return s.db.QueryRowContext(ctx, statement, args...)
}

// transaction is a write transaction that uses statements kept from earlier
// ones. It belongs to one goroutine.
type transaction struct {
	*sql.Tx
	from   *statements
	wanted []string // not kept yet
}

// PrepareContext is that of a transaction. The statement ends with it.
func (tx *transaction) PrepareContext(ctx context.Context, statement string) (*sql.Stmt, error) {
	if stmt := tx.from.find(statement); stmt != nil {
		return tx.StmtContext(ctx, stmt), nil
	}
	tx.wanted = append(tx.wanted, statement)
	return tx.Tx.PrepareContext(ctx, statement)
}

// ExecContext is that of a transaction, with the statement kept.
func (tx *transaction) ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error) {
	if stmt := tx.from.find(statement); stmt != nil {
		return tx.StmtContext(ctx, stmt).ExecContext(ctx, args...) //nolint:sqlclosecheck // ends with the transaction
	}
	tx.wanted = append(tx.wanted, statement)
	return tx.Tx.ExecContext(ctx, statement, args...)
}

// QueryContext is that of a transaction, with the statement kept.
func (tx *transaction) QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	if stmt := tx.from.find(statement); stmt != nil {
		return tx.StmtContext(ctx, stmt).QueryContext(ctx, args...) //nolint:sqlclosecheck // ends with the transaction
	}
	tx.wanted = append(tx.wanted, statement)
	return tx.Tx.QueryContext(ctx, statement, args...)
}

// QueryRowContext is that of a transaction, with the statement kept.
func (tx *transaction) QueryRowContext(ctx context.Context, statement string, args ...any) *sql.Row {
	if stmt := tx.from.find(statement); stmt != nil {
		return tx.StmtContext(ctx, stmt).QueryRowContext(ctx, args...) //nolint:sqlclosecheck // ends with the transaction
	}
	tx.wanted = append(tx.wanted, statement)
	return tx.Tx.QueryRowContext(ctx, statement, args...)
}
