package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/nlnwa/gowarc/v3"
)

// Removed says what was taken out of an archive.
type Removed struct {
	Captures int   `json:"captures"`
	Files    int   `json:"files"` // rewritten or removed
	Bytes    int64 `json:"bytes"` // by which the files are smaller
}

// place is where a capture is.
type place struct {
	file   string
	offset int64
}

// rewrite takes captures out of files, each with its request and what else was
// noted of it. A file is replaced as a whole, so that a crash leaves the old or
// the new one. The caller holds the lock. What readers had open stays readable
// for them.
func (f Folder) rewrite(ctx context.Context, drop func(place, string) bool) (Removed, error) {
	var sum Removed
	names, _, err := f.files()
	if err != nil {
		return sum, err
	}
	for _, name := range names {
		if ctx.Err() != nil {
			return sum, context.Cause(ctx)
		}
		one, err := f.rewriteFile(name, drop)
		sum.Captures += one.Captures
		sum.Files += one.Files
		sum.Bytes += one.Bytes
		if err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// span is a part of a file.
type span struct{ from, to int64 }

func (f Folder) rewriteFile(name string, drop func(place, string) bool) (Removed, error) {
	file, err := os.Open(f.path(name))
	if err != nil {
		return Removed{}, fmt.Errorf("rewrite archive: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return Removed{}, fmt.Errorf("rewrite archive: %w", err)
	}
	stay, captures, dropped, err := sift(file, info.Size(), name, drop)
	if err != nil || dropped == 0 {
		return Removed{}, err
	}
	gone := Removed{Captures: dropped, Files: 1, Bytes: info.Size()}
	// The indexes go first: one that speaks of what is not there any more is
	// never found, however the rest ends.
	if err := errors.Join(f.dropIndex(indexName), f.dropIndex(name+cdxjSuffix)); err != nil {
		return Removed{}, err
	}
	if captures == 0 {
		return gone, os.Remove(f.path(name))
	}
	err = f.replace(newPrefix, name, func(w io.Writer) error {
		for _, s := range stay {
			if _, err := io.Copy(w, io.NewSectionReader(file, s.from, s.to-s.from)); err != nil {
				return err
			}
			gone.Bytes -= s.to - s.from
		}
		return nil
	})
	return gone, err
}

// sift parts the records of a file into those that stay, as spans, and those
// that go with their captures. What is damaged goes, too.
func sift(file io.ReaderAt, size int64, name string, drop func(place, string) bool) (stay []span, captures, dropped int, err error) {
	r := newMemberReader()
	r.open(file, size)
	gone := make(map[string]bool) // the IDs of dropped captures of this file
	_, err = r.scan(func(m *member) error {
		switch m.Type() {
		case gowarc.Response, gowarc.Revisit:
			if drop(place{name, m.offset}, m.get(gowarc.WarcTargetURI)) {
				gone[m.get(gowarc.WarcRecordID)] = true
				dropped++
				return nil
			}
			captures++
		case gowarc.Request, gowarc.Metadata:
			if gone[m.get(gowarc.WarcConcurrentTo)] {
				return nil
			}
		}
		if n := len(stay); n > 0 && stay[n-1].to == m.offset {
			stay[n-1].to = m.next
		} else {
			stay = append(stay, span{m.offset, m.next})
		}
		return nil
	})
	return stay, captures, dropped, err
}

// Forget takes everything that is kept of those addresses out of the archive,
// and sees to it that nothing of them is kept again. Of once, too, everything is
// taken out, but the next run may keep them again: lists of many things, of
// which one should not be here any more. The error wraps [ErrBusy] while a run
// is writing.
func (f Folder) Forget(ctx context.Context, urls, once []string) (Removed, error) {
	lock, err := f.lock()
	if err != nil {
		return Removed{}, err
	}
	set := make(map[string]bool)
	for _, u := range slices.Concat(urls, once) {
		set[u] = true
	}
	gone, err := func() (Removed, error) {
		if err := f.mend(ctx); err != nil {
			return Removed{}, err
		}
		if err := f.remember(urls); err != nil {
			return Removed{}, err
		}
		gone, err := f.rewrite(ctx, func(_ place, url string) bool { return set[url] })
		if err != nil {
			return gone, err
		}
		return gone, f.ready(ctx)
	}()
	return gone, errors.Join(err, lock.Unlock())
}
