package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/harvest87/harvest"
)

// Backup writes the catalogue as it stands at this moment into a file of its
// own, which must not be there yet, and makes it durable. Writers go on beside
// it (https://www.sqlite.org/lang_vacuum.html#vacuuminto). The folder must have
// room for the whole; what was begun is removed on an error.
func (c *Catalogue) Backup(ctx context.Context, to string) (err error) {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("backup %s: %w", to, errors.Join(fs.ErrExist, err))
	}
	db, err := connect(c.path, "mode=rw") // of its own: it reads for long, and is not query_only
	if err != nil {
		return c.explain(ctx, err)
	}
	defer db.Close()
	defer func() {
		if err != nil {
			_ = os.Remove(to)
		}
	}()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return c.explain(ctx, fmt.Errorf("backup %s: %w", to, err))
	}
	return syncFile(to)
}

// syncFile makes a file that another library has written durable, and its name.
func syncFile(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = errors.Join(f.Sync(), f.Close())
	folder, openErr := os.Open(filepath.Dir(name))
	if openErr != nil {
		return errors.Join(err, openErr)
	}
	_ = folder.Sync() // not every system can, and the file itself is safe
	return errors.Join(err, folder.Close())
}

// Verify reads the whole of a file and reports whether it is a catalogue that
// this program can open, of this schema or an earlier one, and undamaged: its
// pages, its indexes, and what its tables refer to. It returns what it holds,
// and never writes.
func Verify(ctx context.Context, path string) (harvest.Stats, error) {
	path, found, err := identify(ctx, path, false)
	if err != nil {
		return harvest.Stats{}, err
	}
	if !found {
		return harvest.Stats{}, fmt.Errorf("catalogue %s: is not there, or empty: %w", path, fs.ErrNotExist)
	}
	c, _, err := openForReading(ctx, path, lookMode(path))
	if err != nil {
		return harvest.Stats{}, err
	}
	defer c.Close()
	var answer string
	if err := c.read.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&answer); err != nil {
		return harvest.Stats{}, c.explain(ctx, err)
	}
	if answer != "ok" {
		return harvest.Stats{}, c.explained(fmt.Errorf("is damaged: %s", answer))
	}
	dangling := 0
	if err := c.read.QueryRowContext(ctx, "SELECT count(*) FROM pragma_foreign_key_check").Scan(&dangling); err != nil {
		return harvest.Stats{}, c.explain(ctx, err)
	}
	if dangling > 0 {
		return harvest.Stats{}, c.explained(fmt.Errorf("is damaged: %d rows refer to records that it does not have", dangling))
	}
	return c.Stats(ctx)
}
