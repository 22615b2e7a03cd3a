package search

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/gofrs/flock"

	"github.com/harvest87/harvest"
)

// formatVersion changes whenever the same record would give another index
// entry: other fields, other splitting, folding or stemming. An index of
// another version is built again.
const formatVersion = 2

// lockWait is how long Open waits for another process to let go of the index.
const lockWait = 5 * time.Second

// The errors that callers branch on.
var (
	// ErrInUse means that another process holds the index.
	ErrInUse = errors.New("search index is in use by another process")
	// ErrNotBuilt means that the index holds nothing yet; [Index.Sync] builds it.
	ErrNotBuilt = errors.New("search index has not been built yet")
	// ErrDamaged means that the index cannot be read. The next Open and Sync
	// build it again.
	ErrDamaged = errors.New("search index is damaged")
	// ErrClosed means that the index was used after Close.
	ErrClosed = errors.New("search index is closed")
)

// The contents of the folder.
const (
	lockName    = "lock"
	currentName = "current"
	nextName    = "next"    // being built
	oldName     = "old"     // replaced, being removed
	damagedName = "damaged" // a note that current must not be used
)

// The keys under which the index keeps notes about itself.
var (
	keyVersion = []byte("harvest.version")
	keyMark    = []byte("harvest.mark")
)

// mark says up to where the catalogue has been indexed. It is stored in the
// batch that makes it true.
type mark struct {
	LastChanged time.Time `json:"last_changed"`
	// Stats are the catalogue's totals that the index was found to fit, nil
	// when that has not been checked.
	Stats *harvest.Stats `json:"stats,omitempty"`
}

// Index is the full-text index in one folder. Its methods may be called
// concurrently; Sync and Rebuild run one at a time and do not stop searches.
type Index struct {
	dir    string
	log    *slog.Logger
	lock   *flock.Flock
	writer chan struct{} // holds one token: the right to write

	mu     sync.RWMutex // guards what follows; held for reading while bleve is used
	bleve  bleve.Index
	notice string
	closed bool

	facetValues          facetValues
	maxScored, maxLikely int // MaxScored and MaxLikely, less in tests
}

// Open opens the index in dir and makes the folder where there is none. It
// waits a few seconds for another process that has it open, then returns an
// error that wraps [ErrInUse]. A missing, damaged or older index is replaced
// by an empty one, which [Index.Notice] and a log line say; Sync fills it.
func Open(ctx context.Context, dir string, logger *slog.Logger) (*Index, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	lock, err := takeLock(ctx, dir)
	if err != nil {
		return nil, err
	}
	ix := &Index{dir: dir, log: logger, lock: lock, writer: make(chan struct{}, 1), maxScored: MaxScored, maxLikely: MaxLikely}
	ix.writer <- struct{}{}
	for _, leftover := range []string{nextName, oldName} {
		if err := os.RemoveAll(ix.path(leftover)); err != nil {
			_ = lock.Unlock()
			return nil, fmt.Errorf("open search index: %w", err)
		}
	}
	if ix.bleve, err = openExisting(ix.path(currentName), ix.path(damagedName)); err != nil {
		ix.notice = noticeFor(err)
		level := slog.LevelWarn
		if errors.Is(err, errMissing) {
			level = slog.LevelInfo
		}
		logger.Log(ctx, level, "search index will be built", "path", dir, "reason", ix.notice)
		if ix.bleve, err = ix.replaceWithEmpty(); err != nil {
			_ = lock.Unlock()
			return nil, fmt.Errorf("open search index %s: %w", dir, err)
		}
		return ix, nil
	}
	// Bleve falls back to an earlier state when the latest cannot be read. One
	// with a mark is caught up by Sync; one without was never filled.
	if _, built, err := readMark(ix.bleve); err != nil || !built {
		ix.notice = noticeFor(errEmpty)
		logger.Warn("search index will be built", "path", dir, "reason", ix.notice)
	}
	return ix, nil
}

func (ix *Index) path(name string) string { return filepath.Join(ix.dir, name) }

// takeLock locks the folder for this process and leaves its number there, so
// that another process can say who holds it.
func takeLock(ctx context.Context, dir string) (*flock.Flock, error) {
	path := filepath.Join(dir, lockName)
	lock := flock.New(path)
	wait, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	ok, err := lock.TryLockContext(wait, 50*time.Millisecond)
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("open search index %s: %w", dir, ctx.Err())
	case err != nil && !errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("lock search index %s: %w", dir, err)
	case !ok:
		who := "unknown"
		if b, err := os.ReadFile(path); err == nil && len(b) > 0 {
			who = strings.TrimSpace(string(b))
		}
		return nil, fmt.Errorf("%w (%s, process %s); wait for it to end, or stop it", ErrInUse, dir, who)
	}
	if err := os.WriteFile(path, fmt.Appendf(nil, "%d\n", os.Getpid()), 0o644); err != nil {
		_ = lock.Unlock()
		return nil, fmt.Errorf("lock search index %s: %w", dir, err)
	}
	return lock, nil
}

var (
	errMissing = errors.New("there is no search index yet")
	errVersion = errors.New("the search index was made by another version")
	errEmpty   = errors.New("the search index holds nothing yet")
)

func noticeFor(err error) string {
	switch {
	case errors.Is(err, errMissing), errors.Is(err, errVersion), errors.Is(err, errEmpty):
		return fmt.Sprintf("%v; it is built now", err)
	default:
		return fmt.Sprintf("the search index cannot be read (%v); it is built again", err)
	}
}

// openExisting opens what is there and checks that it is whole. Bleve may
// panic over a file whose content is not what it wrote.
func openExisting(path, damaged string) (b bleve.Index, err error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, errMissing
	}
	if _, err := os.Stat(damaged); err == nil {
		return nil, ErrDamaged
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	// Our own lock is held, so Bleve's own can only be a leftover.
	b, err = bleve.OpenUsing(path, map[string]any{"bolt_timeout": "2s"})
	if err != nil {
		return nil, err
	}
	if err := checkWhole(b); err != nil {
		_ = b.Close()
		return nil, err
	}
	return b, nil
}

// checkWhole checks the version and the checksum of every segment. Reading a
// gigabyte takes well under a second.
func checkWhole(b bleve.Index) error {
	version, err := b.GetInternal(keyVersion)
	if err != nil {
		return err
	}
	if string(version) != fmt.Sprint(formatVersion) {
		return errVersion
	}
	advanced, err := b.Advanced()
	if err != nil {
		return err
	}
	reader, err := advanced.Reader()
	if err != nil {
		return err
	}
	defer func() { _ = reader.Close() }()
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return fmt.Errorf("%w: unknown storage", ErrDamaged)
	}
	for _, s := range snapshot.Segments() {
		if p, ok := s.Segment().(segment.PersistedSegment); ok {
			if err := checkSum(p.Path()); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkSum compares a segment file with the CRC-32 in its last four octets.
func checkSum(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	const sumBytes = 4
	sum := crc32.NewIEEE()
	var want [sumBytes]byte
	if _, err := io.CopyN(sum, f, info.Size()-sumBytes); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, filepath.Base(path), err)
	}
	if _, err := io.ReadFull(f, want[:]); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, filepath.Base(path), err)
	}
	if sum.Sum32() != binary.BigEndian.Uint32(want[:]) {
		return fmt.Errorf("%w: %s does not match its checksum", ErrDamaged, filepath.Base(path))
	}
	return nil
}

// replaceWithEmpty removes what is there and starts an empty index.
func (ix *Index) replaceWithEmpty() (bleve.Index, error) {
	for _, name := range []string{currentName, damagedName} {
		if err := os.RemoveAll(ix.path(name)); err != nil {
			return nil, err
		}
	}
	return newEmpty(ix.path(currentName))
}

func newEmpty(path string) (bleve.Index, error) {
	b, err := bleve.New(path, bleve.NewIndexMapping())
	if err != nil {
		return nil, err
	}
	if err := b.SetInternal(keyVersion, fmt.Append(nil, formatVersion)); err != nil {
		_ = b.Close()
		return nil, err
	}
	return b, nil
}

// Notice says that Open found no usable index, and why, as a line for people:
// "there is no search index yet; it is built now". It is empty when all was
// well, and again once Sync has filled the index.
func (ix *Index) Notice() string {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.notice
}

// Close lets a Sync that is under way end its batch, then releases the index.
// It may be called more than once.
func (ix *Index) Close() error {
	<-ix.writer
	defer func() { ix.writer <- struct{}{} }()
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.closed {
		return nil
	}
	ix.closed = true
	err := ix.bleve.Close()
	if unlockErr := ix.lock.Unlock(); err == nil {
		err = unlockErr
	}
	if err != nil {
		return fmt.Errorf("close search index: %w", err)
	}
	return nil
}

// use runs f on the open index and turns a panic of Bleve, which means that
// its files are not what it wrote, into ErrDamaged.
func (ix *Index) use(f func(bleve.Index) error) (err error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.closed {
		return ErrClosed
	}
	defer func() {
		if p := recover(); p != nil {
			ix.log.Error("search index is damaged and will be built again at the next start", "path", ix.dir, "err", p)
			_ = os.WriteFile(ix.path(damagedName), nil, 0o644)
			err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	return f(ix.bleve)
}

// readMark returns the mark, and false when the index was never filled.
func readMark(b bleve.Index) (mark, bool, error) {
	raw, err := b.GetInternal(keyMark)
	if err != nil || raw == nil {
		return mark{}, false, err
	}
	var m mark
	if err := json.Unmarshal(raw, &m); err != nil {
		return mark{}, false, fmt.Errorf("%w: mark: %w", ErrDamaged, err)
	}
	return m, true, nil
}

func (m mark) encode() []byte {
	b, err := json.Marshal(m)
	if err != nil { // no field of mark can fail to marshal
		panic(err)
	}
	return b
}
