package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	sqlite3 "modernc.org/sqlite/lib"
)

// magic is how every SQLite database begins
// (https://www.sqlite.org/fileformat2.html#magic_header_string).
var magic = []byte("SQLite format 3\x00")

// identify says whether the file holds a catalogue that this program knows, by
// reading alone. A file that is missing or empty, or a database in which
// nothing has been created, is not found but may become one. Only a caller who
// will write may have it finish what a writer that died has left.
func identify(ctx context.Context, path string, writing bool) (absolute string, found bool, err error) {
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
	if writing && hasCode(err, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN) {
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
	if p, ok := errors.AsType[*fs.PathError](err); ok {
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
