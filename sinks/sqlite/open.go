package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
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
}

// Open opens the catalogue in the file at path, which is created when it is
// missing or empty; its folder must be there. A schema of an earlier version
// is brought up to date. Open fails, and leaves the file as it was, when it is
// not a catalogue, is damaged, cannot be written to, or comes from a newer
// version of the program.
func Open(ctx context.Context, path string) (*Catalogue, error) {
	path, found, err := identify(ctx, path)
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
	return c, nil
}

// OpenReadOnly opens the catalogue in the file at path without ever writing to
// it; the methods that write fail. The file must exist and have the schema of
// this version.
func OpenReadOnly(ctx context.Context, path string) (*Catalogue, error) {
	path, found, err := identify(ctx, path)
	if err != nil {
		return nil, err
	}
	c := &Catalogue{path: path}
	if !found {
		return nil, fmt.Errorf("catalogue %s: %w", path, fs.ErrNotExist)
	}
	if c.read, err = connect(path, "mode=ro"); err != nil {
		return nil, c.explain(ctx, err)
	}
	c.read.SetMaxOpenConns(readers)
	c.read.SetMaxIdleConns(readers)
	var version int
	if err := c.read.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return nil, errors.Join(c.explain(ctx, err), c.Close())
	}
	if version < schemaVersion() {
		return nil, errors.Join(fmt.Errorf("catalogue %s: has schema %d, this program needs %d; open it once for writing to bring it up to date",
			path, version, schemaVersion()), c.Close())
	}
	return c, nil
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

// magic is how every SQLite database begins
// (https://www.sqlite.org/fileformat2.html#magic_header_string).
var magic = []byte("SQLite format 3\x00")

// identify says whether the file holds a catalogue that this program knows, by
// reading alone. A file that is missing or empty, or a database in which
// nothing has been created, is not found but may become one.
func identify(ctx context.Context, path string) (absolute string, found bool, err error) {
	if path == "" {
		return "", false, errors.New("catalogue: no file named")
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", false, fmt.Errorf("catalogue %s: %w", path, err)
	}
	empty, err := inspect(path)
	if err != nil {
		return "", false, fmt.Errorf("catalogue %s: %w", path, err)
	}
	if empty {
		return path, false, nil
	}
	found, err = whose(ctx, path, lookMode(path))
	if hasCode(err, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN) {
		// A writer died and left work that only a writer can finish.
		found, err = whose(ctx, path, "mode=rw")
	}
	c := Catalogue{path: path}
	return path, found, c.explain(ctx, err)
}

// lookMode is how to look at a database without leaving a trace: when no other
// file belongs to it, its own says all, and SQLite need not create a WAL for
// it (https://www.sqlite.org/uri.html#uriimmutable).
func lookMode(path string) string {
	for _, suffix := range []string{"-wal", "-journal"} {
		if _, err := os.Stat(path + suffix); err == nil {
			return "mode=ro"
		}
	}
	return "mode=ro&immutable=1"
}

// inspect looks at the file without SQLite.
func inspect(path string) (empty bool, err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if folder, err := os.Stat(filepath.Dir(path)); err != nil || !folder.IsDir() {
			return false, fmt.Errorf("its folder does not exist: %w", fs.ErrNotExist)
		}
		return true, nil
	}
	if err != nil {
		return false, unwrapPath(err)
	}
	if info.IsDir() {
		return false, errors.New("is a folder, not a file")
	}
	if !info.Mode().IsRegular() {
		return false, errors.New("is not a regular file")
	}
	if info.Size() == 0 {
		return true, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return false, unwrapPath(err)
	}
	defer f.Close()
	head := make([]byte, len(magic))
	if _, err := io.ReadFull(f, head); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, unwrapPath(err)
	}
	if !bytes.Equal(head, magic) {
		return false, errors.New("is not an SQLite database; it was left as it is")
	}
	return false, nil
}

// unwrapPath drops the path from an error whose reader will see it already.
func unwrapPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// whose reads the marks of a database.
func whose(ctx context.Context, path, mode string) (found bool, err error) {
	db, err := connect(path, mode)
	if err != nil {
		return false, err
	}
	defer db.Close()
	var id, version, objects int
	for query, into := range map[string]*int{
		"PRAGMA application_id":              &id,
		"PRAGMA user_version":                &version,
		"SELECT count(*) FROM sqlite_schema": &objects,
	} {
		if err := db.QueryRowContext(ctx, query).Scan(into); err != nil {
			return false, err
		}
	}
	switch {
	case id == 0 && version == 0 && objects == 0:
		return false, nil
	case id != applicationID:
		return false, errors.New("is a database of another program; it was left as it is")
	case version > schemaVersion():
		return false, fmt.Errorf("has schema %d, this program knows schemas up to %d; use a newer version of the program",
			version, schemaVersion())
	}
	return true, nil
}
