package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/harvest87/harvest"
)

// applicationID marks a file as ours: "HVST", in the header field that
// https://www.sqlite.org/fileformat2.html#application_id keeps for it.
const applicationID = 0x48565354

// Catalogue is a sinks.Catalogue in one file. Use [Open]; the zero value
// cannot be used. It may be used concurrently.
type Catalogue struct {
	path  string
	write *sql.DB // one connection; nil when opened for reading only
	read  *sql.DB
	// writing and reading keep the statements of the two.
	writing, reading *statements
}

// Open opens the catalogue in the file at path, which is created when it is
// missing or empty; its folder must be there. A schema of an earlier version
// is brought up to date. Open fails, and leaves the file as it was, when it is
// not a catalogue, is damaged, cannot be written to, or comes from a newer
// version of the program.
func Open(ctx context.Context, path string) (*Catalogue, error) {
	path, found, err := identify(ctx, path, true)
	if err != nil {
		return nil, err
	}
	mode := "mode=rw"
	if !found {
		mode = "mode=rwc"
	}
	c := &Catalogue{path: path}
	c.write, err = connect(path, mode, "synchronous(FULL)", "cache_size(-16000)", "journal_size_limit(67108864)")
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	c.write.SetMaxOpenConns(1)
	c.writing = newStatements(c.write)
	if err := c.migrate(ctx); err != nil {
		return nil, errors.Join(c.explain(ctx, err), c.Close())
	}
	// No connection from here on creates a file: one that was deleted under
	// us must not come back empty.
	if c.read, err = connect(path, "mode=rw", "query_only(1)"); err != nil {
		return nil, errors.Join(c.explain(ctx, err), c.Close())
	}
	c.read.SetMaxOpenConns(readers)
	c.read.SetMaxIdleConns(readers)
	c.reading = newStatements(c.read)
	return c, nil
}

// ErrOlder is wrapped by errors about a catalogue of an earlier version of this
// program. [Open] brings it up to date.
var ErrOlder = errors.New("it is of an earlier version of the program")

// OpenReadOnly opens the catalogue in the file at path without ever writing to
// it; the methods that write fail. The file must exist and have the schema of
// this version; see [ErrOlder].
//
// SQLite shares a file between processes through a second one beside it. When
// that cannot be created, because the folder belongs to others, and no writer
// has the file open, it is read as it stands; a writer that comes later is not
// noticed, and may then be mistaken for damage.
func OpenReadOnly(ctx context.Context, path string) (*Catalogue, error) {
	path, found, err := identify(ctx, path, false)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("catalogue %s: %w", path, fs.ErrNotExist)
	}
	c, version, err := openForReading(ctx, path, "mode=ro")
	if hasCode(err, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN) {
		c, version, err = openForReading(ctx, path, lookMode(path))
	}
	if err != nil {
		return nil, err
	}
	if version < schemaVersion() {
		return nil, errors.Join(fmt.Errorf("catalogue %s: has schema %d, this program needs %d: %w", path, version, schemaVersion(), ErrOlder), c.Close())
	}
	return c, nil
}

func openForReading(ctx context.Context, path, mode string) (c *Catalogue, version int, err error) {
	c = &Catalogue{path: path}
	if c.read, err = connect(path, mode); err != nil {
		return nil, 0, c.explain(ctx, err)
	}
	c.read.SetMaxOpenConns(readers)
	c.read.SetMaxIdleConns(readers)
	c.reading = newStatements(c.read)
	if err := c.read.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return nil, 0, errors.Join(c.explain(ctx, err), c.Close())
	}
	return c, version, nil
}

// readers is the number of connections that read. No call holds one while its
// caller's code runs, so that calls cannot wait for each other in a circle.
const readers = 8

// Ping reports whether the file can be read.
func (c *Catalogue) Ping(ctx context.Context) error {
	var n int
	err := c.read.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&n)
	if err = c.explain(ctx, err); err != nil && ctx.Err() == nil && !errors.Is(err, harvest.ErrUnavailable) {
		err = fmt.Errorf("%w: %w", harvest.ErrUnavailable, err)
	}
	return err
}

// Check reads the whole file and reports the first damage to its structure. It
// takes seconds for each gigabyte.
func (c *Catalogue) Check(ctx context.Context) error {
	var answer string
	if err := c.read.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&answer); err != nil {
		return c.explain(ctx, err)
	}
	if answer != "ok" {
		return fmt.Errorf("catalogue %s is damaged: %s", c.path, answer)
	}
	return nil
}

// Close waits for calls in progress and releases the file.
func (c *Catalogue) Close() error {
	var errs []error
	for _, db := range []*sql.DB{c.read, c.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// connect prepares connections to the file; nothing is opened yet. The mode is
// in the words of https://www.sqlite.org/uri.html. A wait for another process ends after ten seconds, or with the caller's context.
func connect(path, mode string, pragmas ...string) (*sql.DB, error) {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // a Windows volume
	}
	query := url.Values{
		"_txlock": {"immediate"}, "_dqs": {"0"}, "_defensive": {"1"}, "_error_rc": {"1"},
		"_pragma": append([]string{"busy_timeout(10000)", "foreign_keys(1)"}, pragmas...),
	}
	uri := url.URL{Scheme: "file", Path: slashed, RawQuery: mode + "&" + query.Encode()}
	connector, err := sqlite.NewConnector(uri.String())
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}
