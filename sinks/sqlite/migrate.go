package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"
	sqlite3 "modernc.org/sqlite/lib"
)

// migrations are applied in the order of their names, in one transaction: a
// process that is killed leaves the schema that was there, whose readers know
// it, or the new one. They are never edited once released: a change of the
// schema is a further file. The n-th makes schema version n, kept in PRAGMA
// user_version.
//
//go:embed migrations/*.sql
var migrations embed.FS

// schemaVersion is the version that this program writes.
func schemaVersion() int { return len(migrationNames()) }

func migrationNames() []string {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil { // only for a malformed pattern
		panic(err)
	}
	slices.Sort(names)
	return names
}

// migrate brings the file to this program's schema. Two processes may do so at
// once: the second waits, and finds nothing left to do.
func (c *Catalogue) migrate(ctx context.Context) error {
	mode, err := c.journalMode(ctx)
	if err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("its file system cannot share memory between processes (journal mode %s)", mode)
	}
	return c.transact(ctx, func(tx *transaction) error {
		for i, name := range migrationNames() {
			script, err := migrations.ReadFile(name)
			if err != nil {
				return err
			}
			if err := migrateTo(ctx, tx.Tx, i+1, string(script)); err != nil {
				return err
			}
		}
		return nil
	})
}

// switchWithin is how long journalMode tries.
const switchWithin = 10 * time.Second

// journalMode switches the file to WAL and returns the mode it has then. While
// another process switches the same new file SQLite answers BUSY at once,
// whatever the busy timeout, as waiting could be a deadlock
// (https://www.sqlite.org/c3ref/busy_handler.html); so we ask again.
func (c *Catalogue) journalMode(ctx context.Context) (string, error) {
	return backoff.Retry(ctx, func() (mode string, err error) {
		err = c.write.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
		if err != nil && !hasCode(err, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) {
			err = backoff.Permanent(err)
		}
		return mode, err
	}, backoff.WithBackOff(&backoff.ExponentialBackOff{
		InitialInterval: 5 * time.Millisecond, RandomizationFactor: 0.5, Multiplier: 1.5, MaxInterval: 250 * time.Millisecond,
	}), backoff.WithMaxElapsedTime(switchWithin))
}

// migrateTo runs the script unless the schema has that version already.
func migrateTo(ctx context.Context, tx *sql.Tx, version int, script string) error {
	var have int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil || have >= version {
		return err
	}
	if _, err := tx.ExecContext(ctx, script); err != nil {
		return fmt.Errorf("schema %d: %w", version, err)
	}
	// A pragma takes no parameters; both numbers are ours.
	_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version))
	return err
}
