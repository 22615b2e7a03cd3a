package archive

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nlnwa/gowarc/v3"

	"github.com/harvest87/harvest/crawler/fetch"
)

// Reader reads the archive of a source as it was when it was opened. It is
// safe for concurrent use. Its memory does not grow with the archive.
type Reader struct {
	folder Folder
	index  *index

	mu      sync.Mutex
	files   map[string]*openFile
	turn    int
	readers sync.Pool
}

// openFile is a WARC file in use.
type openFile struct {
	*os.File
	size  int64
	users int
	used  int // the turn of its last use
}

// maxOpen is how many WARC files are kept open.
const maxOpen = 64

// ErrChanged is wrapped when the archive was pruned while it was read.
var ErrChanged = errors.New("the archive was changed meanwhile; try again")

// Open opens the archive of a source. It makes the index when that is missing
// or behind, and finishes what a killed run has left. An archive that is not
// there is empty. It must be closed.
func (f Folder) Open(ctx context.Context) (*Reader, error) {
	r := &Reader{folder: f, files: make(map[string]*openFile)}
	r.readers.New = func() any { return newMemberReader() }
	if err := f.mendIfIdle(ctx); err != nil {
		return nil, err
	}
	if err := f.ready(ctx); err != nil {
		return nil, err
	}
	var err error
	r.index, err = openIndex(f.path(indexName))
	return r, err
}

// Close gives the files back. Calls after it fail.
func (r *Reader) Close() error {
	err := r.index.close()
	for _, file := range r.files {
		err = errors.Join(err, file.Close())
	}
	return err
}

// Empty reports whether nothing at all is kept.
func (r *Reader) Empty() bool { return r.index == nil || r.index.size == r.index.body }

// Entries streams all captures by address and moment, and ends after an error.
func (r *Reader) Entries() iter.Seq2[Entry, error] { return r.index.all() }

// Of returns the captures of an address, oldest first.
func (r *Reader) Of(url string) ([]Entry, error) { return r.index.of(url) }

// Capture returns the newest answer of an address, as [fetch.Captures] wants it.
func (r *Reader) Capture(ctx context.Context, url string) (*fetch.Kept, error) {
	return r.CaptureAt(ctx, url, time.Time{})
}

// CaptureAt returns the newest answer of an address that is not younger than a
// moment; zero stands for any. A revisit comes with the body that it stands for.
// The error wraps [fetch.ErrNotKept] when there is none.
func (r *Reader) CaptureAt(ctx context.Context, url string, notAfter time.Time) (*fetch.Kept, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	entries, err := r.index.of(url)
	if err != nil {
		return nil, err
	}
	for i, e := range slices.Backward(entries) {
		if !notAfter.IsZero() && e.Time.After(notAfter) {
			continue
		}
		if !e.Revisit {
			return r.Read(&e)
		}
		if base := baseOf(&e, entries[:i]); base != nil {
			return r.revisited(&e, base)
		}
	}
	return nil, fetch.ErrNotKept
}

// baseOf finds the capture whose body a revisit stands for, among those of its
// address; nil when it is not there any more.
func baseOf(e *Entry, earlier []Entry) *Entry {
	var same *Entry
	for i := range earlier {
		b := &earlier[i]
		if b.Revisit || e.Digest != b.Digest {
			continue
		}
		if b.Time.Equal(e.Refers) {
			return b
		}
		same = b
	}
	return same
}

// revisited joins a revisit with its body. A 304 says what of the header is
// different now (RFC 9111 section 3.2).
func (r *Reader) revisited(e, base *Entry) (*fetch.Kept, error) {
	k, err := r.Read(e)
	if err != nil {
		return nil, err
	}
	b, err := r.Read(base)
	if err != nil {
		return nil, err
	}
	k.Body, k.Cut = b.Body, b.Cut
	if k.Status == http.StatusNotModified {
		header := b.Header.Clone()
		for name, values := range k.Header {
			if !strings.HasPrefix(name, "Content-") {
				header[name] = values
			}
		}
		k.Header, k.Status, k.Proto = header, b.Status, b.Proto
	}
	if k.WireBytes == 0 {
		k.WireBytes = b.WireBytes
	}
	return k, nil
}

// Read reads the record of an entry. That of a revisit has no body.
func (r *Reader) Read(e *Entry) (*fetch.Kept, error) {
	file, err := r.take(e.File)
	if err != nil {
		return nil, err
	}
	defer r.give(file)
	m := r.readers.Get().(*memberReader)
	defer r.readers.Put(m)
	m.open(file, file.size)
	record, err := m.at(e.Offset)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.File, err)
	}
	if record.Type() != gowarc.Response && record.Type() != gowarc.Revisit || record.get(gowarc.WarcTargetURI) != e.URL {
		return nil, fmt.Errorf("%s: record at %d is of something else: %w", e.File, e.Offset, ErrChanged)
	}
	return keptOf(record)
}

// take opens a file, or finds it open. It must be given back.
func (r *Reader) take(name string) (*openFile, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	file, ok := r.files[name]
	if !ok {
		opened, err := os.Open(r.folder.path(name))
		if errors.Is(err, os.ErrNotExist) {
			return nil, ErrChanged
		}
		if err != nil {
			return nil, fmt.Errorf("open archive: %w", err)
		}
		info, err := opened.Stat()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("open archive: %w", err), opened.Close())
		}
		if info.Size() != r.index.files[name] {
			return nil, errors.Join(ErrChanged, opened.Close())
		}
		r.makeRoom()
		file = &openFile{File: opened, size: info.Size()}
		r.files[name] = file
	}
	r.turn++
	file.users, file.used = file.users+1, r.turn
	return file, nil
}

func (r *Reader) give(file *openFile) {
	r.mu.Lock()
	defer r.mu.Unlock()
	file.users--
}

// makeRoom closes the file that nobody has used for longest.
func (r *Reader) makeRoom() {
	if len(r.files) < maxOpen {
		return
	}
	oldest := ""
	for name, file := range r.files {
		if file.users == 0 && (oldest == "" || file.used < r.files[oldest].used) {
			oldest = name
		}
	}
	if oldest == "" {
		return
	}
	_ = r.files[oldest].Close() // it was only read
	delete(r.files, oldest)
}
