package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/harvest87/harvest"
)

// The names in a source's folder. A file that is being written ends in
// openSuffix; the others are whole and only ever change by being replaced.
const (
	warcSuffix = ".warc.gz"
	openSuffix = ".open"
	cdxjSuffix = ".cdxj"
	indexName  = "index.cdxj"
	lockName   = "lock"
	tempPrefix = ".tmp-" // an index in the making
	newPrefix  = ".new-" // what else is in the making, by who holds the lock
)

// ErrBusy is wrapped when another process, or another run, writes to the
// archive of a source.
var ErrBusy = errors.New("is being written to by a run or another command; try again when that has ended")

// Folder is where the archive of one source is. Its zero value is of no use.
type Folder struct {
	dir    string
	source harvest.SourceID
}

// At returns the folder of a source within the folder of archives. It need not
// exist.
func At(root string, source harvest.SourceID) Folder {
	return Folder{dir: filepath.Join(root, string(source)), source: source}
}

// Sources lists the sources that have an archive there.
func Sources(root string) ([]harvest.SourceID, error) {
	entries, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read archive: %w", err)
	}
	var out []harvest.SourceID
	for _, e := range entries {
		if id := harvest.SourceID(e.Name()); e.IsDir() && harvest.SourceIDPattern.MatchString(e.Name()) {
			out = append(out, id)
		}
	}
	return out, nil
}

func (f Folder) path(name string) string { return filepath.Join(f.dir, name) }

// lock keeps other writers out. Readers need none: files are replaced whole.
func (f Folder) lock() (*flock.Flock, error) {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the archive's folder: %w", err)
	}
	lock := flock.New(f.path(lockName), flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", f.dir, err)
	}
	if !ok {
		return nil, fmt.Errorf("the archive of %s %w", f.source, ErrBusy)
	}
	return lock, nil
}

// files are the whole WARC files by name, which is by age, with their sizes.
func (f Folder) files() ([]string, map[string]int64, error) {
	entries, err := os.ReadDir(f.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("read archive: %w", err)
	}
	var names []string
	sizes := make(map[string]int64)
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), warcSuffix) || strings.HasPrefix(e.Name(), ".") || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // pruned meanwhile
		}
		if err != nil {
			return nil, nil, fmt.Errorf("read archive: %w", err)
		}
		names = append(names, e.Name())
		sizes[e.Name()] = info.Size()
	}
	slices.Sort(names)
	return names, sizes, nil
}

// abandoned is the age from which a temporary file is nobody's: readers that
// make an index hold no lock.
const abandoned = time.Hour

// mend finishes what a crash has left: files that were being written lose the
// record that was cut off and count as whole, temporary files go. The caller
// holds the lock.
func (f Folder) mend(ctx context.Context) error {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return fmt.Errorf("read archive: %w", err)
	}
	for _, e := range entries {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		switch {
		case strings.HasPrefix(e.Name(), newPrefix): // may hold pages that are to be forgotten
			if err := os.Remove(f.path(e.Name())); err != nil {
				return fmt.Errorf("mend archive: %w", err)
			}
		case strings.HasPrefix(e.Name(), tempPrefix):
			if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > abandoned {
				_ = os.Remove(f.path(e.Name())) // or somebody else has
			}
		case strings.HasSuffix(e.Name(), warcSuffix+openSuffix):
			if err := f.finish(strings.TrimSuffix(e.Name(), openSuffix)); err != nil {
				return err
			}
		}
	}
	return nil
}

// mendIfIdle is mend for readers: when a run is writing, its file is left alone.
func (f Folder) mendIfIdle(ctx context.Context) error {
	left, err := filepath.Glob(f.path("*" + warcSuffix + openSuffix))
	if err != nil || len(left) == 0 {
		return err
	}
	lock, err := f.lock()
	if errors.Is(err, ErrBusy) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(f.mend(ctx), lock.Unlock())
}

// finish makes a whole file of one that was being written when its writer died.
func (f Folder) finish(name string) error {
	open := f.path(name + openSuffix)
	file, err := os.OpenFile(open, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("mend archive: %w", err)
	}
	end, err := wholeEnd(file)
	if err == nil {
		err = file.Truncate(end)
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("mend %s: %w", open, err)
	}
	if end == 0 {
		return os.Remove(open)
	}
	return publish(open, f.path(name))
}

// wholeEnd is where the last whole record of a file ends.
func wholeEnd(file *os.File) (int64, error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	r := newMemberReader()
	r.open(file, info.Size())
	end := int64(0)
	_, err = r.scan(func(m *member) error {
		end = m.next
		return nil
	})
	return end, err
}

// publish gives a finished file its name, durably.
func publish(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("name archive file: %w", err)
	}
	dir, err := os.Open(filepath.Dir(to))
	if err != nil {
		return fmt.Errorf("name archive file: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// replace writes a file anew: fill writes it under a passing name, which begins
// with the prefix and then becomes the name that is meant.
func (f Folder) replace(prefix, name string, fill func(w io.Writer) error) error {
	temp, err := os.CreateTemp(f.dir, prefix)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	err = fill(temp)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err == nil {
		err = publish(temp.Name(), f.path(name))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", name, err), os.Remove(temp.Name()))
	}
	return nil
}
