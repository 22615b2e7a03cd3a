package archive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/fetch"
)

// Limits bound the archive of one source. Zero means no limit.
type Limits struct {
	// MaxSize is for the WARC files together, in octets.
	MaxSize int64
	// MaxAge is how long a page is kept that no run has seen again.
	MaxAge time.Duration
}

// Options are what a [Writer] needs.
type Options struct {
	Root   string // the folder of all archives
	Source harvest.SourceID
	Run    harvest.RunID
	// Software is the harvester's name as servers see it.
	Software string
	Limits   Limits
	Now      func() time.Time // default time.Now
	Logger   *slog.Logger     // default: discard

	newID func() (string, error)
	// create opens a new file; tests give ones that fail.
	create func(name string) (archiveFile, error)
	// maxFile and maxEntries are when a new file is begun.
	maxFile    int64
	maxEntries int
}

// archiveFile is what a writer needs of a file.
type archiveFile interface {
	Write(p []byte) (int, error)
	Truncate(size int64) error
	Sync() error
	Close() error
}

// Writer keeps the answers of one run. Its methods may be called concurrently.
// A record that has been written outlives the process; one that was being
// written when the process was killed is cut away by whoever comes next.
type Writer struct {
	o       Options
	folder  Folder
	lock    *flock.Flock
	known   *Reader // what was kept before
	unsaid  forgotten
	presses sync.Pool

	mu      sync.Mutex
	file    archiveFile
	name    string
	size    int64
	entries []Entry
	kept    int
	problem error
	broken  int // answers that could not be kept
}

const (
	defaultMaxFile    = 256 << 20
	defaultMaxEntries = 50_000
)

// Create begins to keep the answers of a run. The error wraps [ErrBusy] when
// somebody else writes to the archive of the source. The writer must be closed.
// No file is made before the first answer.
func Create(ctx context.Context, o Options) (*Writer, error) {
	w := &Writer{o: o.withDefaults(), folder: At(o.Root, o.Source)}
	lock, err := w.folder.lock()
	if err != nil {
		return nil, err
	}
	w.lock = lock
	if err = w.folder.mend(ctx); err == nil {
		w.unsaid, err = w.folder.forgotten()
	}
	if err == nil {
		w.known, err = w.folder.Open(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	w.presses.New = func() any { return newPress(w.o.newID) }
	return w, nil
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.maxFile <= 0 {
		o.maxFile = defaultMaxFile
	}
	if o.maxEntries <= 0 {
		o.maxEntries = defaultMaxEntries
	}
	if o.create == nil {
		o.create = func(name string) (archiveFile, error) {
			return os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		}
	}
	return o
}

// Keep implements [fetch.Keeper]. After the first failure, such as a full disk,
// nothing more of the run is kept; see [Writer.Problem].
func (w *Writer) Keep(_ context.Context, k *fetch.Kept) {
	if w.Problem() != nil {
		w.miss(nil)
		return
	}
	if len(k.Body) > MaxBody || w.unsaid.has(k.URL) {
		return
	}
	p := w.presses.Get().(*press)
	defer w.presses.Put(p)
	p.out.Reset()
	e, wanted, err := w.records(p, k)
	if err != nil {
		w.miss(fmt.Errorf("keep %s: %w", k.URL, err))
		return
	}
	if !wanted {
		return
	}
	if err := w.append(p.out.Bytes(), e); err != nil {
		w.miss(err)
	}
}

// records makes the records of an answer. A 304 of which the body is not here
// has nothing to say.
func (w *Writer) records(p *press, k *fetch.Kept) (e Entry, wanted bool, err error) {
	if k.Status == http.StatusNotModified || k.Status/100 == 2 && len(k.Body) > 0 && !k.Cut {
		base, err := w.base(k)
		if err != nil {
			return Entry{}, false, err
		}
		if base != nil {
			e, err := p.revisit(k, base)
			return e, err == nil, err
		}
	}
	if k.Status == http.StatusNotModified {
		return Entry{}, false, nil
	}
	e, err = p.answer(k, w.about(k))
	return e, err == nil, err
}

// base is the capture whose body an answer repeats, nil when there is none.
func (w *Writer) base(k *fetch.Kept) (*Entry, error) {
	entries, err := w.known.Of(k.URL)
	if err != nil {
		return nil, err
	}
	for i := len(entries) - 1; i >= 0; i-- {
		if b := &entries[i]; !b.Revisit && b.Status/100 == 2 {
			if k.Status == http.StatusNotModified || b.Digest == digestOf(k.Body) && b.Status == k.Status {
				return b, nil
			}
			return nil, nil
		}
	}
	return nil, nil
}

// about is what else is known of an answer.
func (w *Writer) about(k *fetch.Kept) [][2]string {
	fields := [][2]string{
		{"run", string(w.o.Run)},
		{"fetchTimeMs", strconv.FormatInt(k.Duration.Milliseconds(), 10)},
		{"wireBytes", strconv.FormatInt(k.WireBytes, 10)},
	}
	if k.Kind != "" {
		fields = append(fields, [2]string{"kind", string(k.Kind)})
	}
	if k.Referrer != "" {
		fields = append(fields, [2]string{"via", k.Referrer})
	}
	return fields
}

// append writes the records of one answer behind the others, or none of them.
func (w *Writer) append(records []byte, e Entry) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.problem != nil {
		return w.problem
	}
	if w.file != nil && (w.size >= w.o.maxFile || len(w.entries) >= w.o.maxEntries) {
		if err := w.finish(); err != nil {
			return err
		}
	}
	if w.file == nil {
		if err := w.begin(); err != nil {
			return err
		}
	}
	e.File, e.Offset = w.name, e.Offset+w.size
	if err := w.write(records); err != nil {
		return err
	}
	w.entries = append(w.entries, e)
	w.kept++
	return nil
}

// write adds octets to the file. When that fails the file is cut back, so that
// it ends with a whole record.
func (w *Writer) write(b []byte) error {
	if _, err := w.file.Write(b); err != nil {
		return errors.Join(fmt.Errorf("write archive: %w", err), w.file.Truncate(w.size))
	}
	w.size += int64(len(b))
	return nil
}

// begin opens the next file of the run.
func (w *Writer) begin() error {
	at := w.o.Now().UTC()
	name, err := w.freeName(at)
	if err != nil {
		return err
	}
	p := newPress(w.o.newID)
	err = p.warcinfo(name, at, [][2]string{
		{"software", w.o.Software},
		{"format", "WARC File Format 1.1"},
		{"conformsTo", "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"},
		{"isPartOf", string(w.o.Source)},
		{"run", string(w.o.Run)},
		{"robots", "obey"},
		{"http-header-user-agent", w.o.Software},
	})
	if err != nil {
		return err
	}
	file, err := w.o.create(w.folder.path(name + openSuffix))
	if err != nil {
		return fmt.Errorf("make archive file: %w", err)
	}
	w.file, w.name, w.size, w.entries = file, name, 0, nil
	return w.write(p.out.Bytes())
}

// freeName is the name of a file that is not there: the source, the moment, and
// a number.
func (w *Writer) freeName(at time.Time) (string, error) {
	for n := range 100_000 {
		name := fmt.Sprintf("%s-%s-%05d%s", w.o.Source, at.Format(cdxTime), n, warcSuffix)
		_, err := os.Lstat(w.folder.path(name))
		_, open := os.Lstat(w.folder.path(name + openSuffix))
		if errors.Is(err, fs.ErrNotExist) && errors.Is(open, fs.ErrNotExist) {
			return name, nil
		}
	}
	return "", errors.New("make archive file: no name is free")
}

// finish makes the file durable and gives it its name and its index.
func (w *Writer) finish() error {
	file := w.file
	w.file = nil
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("write archive: %w", err)
	}
	if len(w.entries) == 0 {
		return os.Remove(w.folder.path(w.name + openSuffix))
	}
	if err := publish(w.folder.path(w.name+openSuffix), w.folder.path(w.name)); err != nil {
		return err
	}
	return w.folder.writeIndex(w.name, w.size, w.entries)
}

// miss notes an answer that was not kept, and the first reason for that.
func (w *Writer) miss(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken++
	if err != nil && w.problem == nil {
		w.problem = err
		w.o.Logger.Error("pages of this run are not archived any more; the run goes on", "source", w.o.Source, "run", w.o.Run, "err", err)
	}
}

// Problem says why answers are not kept any more, nil as long as they are.
func (w *Writer) Problem() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.problem
}

// Kept is the number of answers that were kept, and of those that could not be.
func (w *Writer) Kept() (kept, missed int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.kept, w.broken
}

// Close finishes the file, brings the index up to date, and drops what is
// beyond the limits. What was kept stays kept when it fails.
func (w *Writer) Close(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var err error
	if w.file != nil {
		err = w.finish()
	}
	err = errors.Join(err, w.known.Close())
	if err == nil {
		_, err = w.folder.prune(ctx, w.o.Limits, w.o.Now())
	}
	return errors.Join(err, w.lock.Unlock())
}
