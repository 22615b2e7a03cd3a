package document

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"golang.org/x/sync/semaphore"
)

const (
	// maxMemory is what PDFium may take for one document, in octets, the file
	// included. It is the runtime that refuses more.
	maxMemory = 128 << 20
	// atOnce is how many PDF files are read at the same time in this process.
	atOnce = 2

	wasmPage = 64 << 10
)

// engine is PDFium in its sandbox: it sees no file, no network, no clock and no
// variable of ours, and has an instance of its own for every document. The first
// use compiles it, which takes seconds; the machine code is kept in the user's
// cache folder, with which later processes start in a fraction of one. It is
// safe for concurrent use.
type engine struct {
	room  *semaphore.Weighted
	leash *leash
	mu    sync.Mutex // while an instance is made

	once   sync.Once
	ready  chan struct{} // closed when the pool is made, or could not be
	pool   pdfium.Pool
	failed error
}

var pdfEngine = &engine{room: semaphore.NewWeighted(atOnce), leash: new(leash)}

// leash is the context of the pool. Instances are made one at a time, and the
// context of each is a child of whatever context the leash has then, so that
// an instance ends with the document that it was made for. The library has no
// other way to stop an instance that does not race with its use.
type leash struct {
	now atomic.Pointer[context.Context]
}

// Deadline implements context.Context.
func (l *leash) Deadline() (time.Time, bool) { return l.get().Deadline() }

// Done implements context.Context.
func (l *leash) Done() <-chan struct{} { return l.get().Done() }

// Err implements context.Context.
func (l *leash) Err() error { return l.get().Err() }

// Value implements context.Context.
func (l *leash) Value(key any) any { return l.get().Value(key) }

func (l *leash) get() context.Context {
	if now := l.now.Load(); now != nil {
		return *now
	}
	return context.Background()
}

// with waits for room, and calls f with an instance that is closed afterwards,
// and stopped when ctx ends before.
func (e *engine) with(ctx context.Context, f func(pdfium.Pdfium) error) error {
	if err := e.room.Acquire(ctx, 1); err != nil {
		return err
	}
	defer e.room.Release(1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	instance, err := e.instance(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = instance.Close() }() // it may have been stopped; its memory is given back all the same
	return f(instance)
}

// start makes PDFium ready, once, and returns when it is or ctx has ended.
func (e *engine) start(ctx context.Context) error {
	e.once.Do(func() {
		e.ready = make(chan struct{})
		go func() {
			defer close(e.ready)
			e.pool, e.failed = newPool(e.leash)
		}()
	})
	select {
	case <-e.ready:
	case <-ctx.Done():
		return fmt.Errorf("start PDFium: %w", context.Cause(ctx))
	}
	if e.failed != nil {
		return fmt.Errorf("start PDFium: %w", e.failed)
	}
	return nil
}

// instance makes an instance that ends with ctx. PDFium has been started.
func (e *engine) instance(ctx context.Context) (pdfium.Pdfium, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.leash.now.Store(&ctx)
	defer e.leash.now.Store(nil)
	instance, err := e.pool.GetInstanceWithContext(ctx)
	if err != nil {
		return nil, fmt.Errorf("start an instance of PDFium: %w", err)
	}
	return instance, nil
}

func newPool(ctx context.Context) (pdfium.Pool, error) {
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling). // PDFium's setjmp needs it
		WithMemoryLimitPages(maxMemory / wasmPage).
		WithCloseOnContextDone(true)
	if cache := compilationCache(); cache != nil {
		config = config.WithCompilationCache(cache)
	}
	return webassembly.Init(webassembly.Config{
		Context: ctx, MaxTotal: atOnce, RuntimeConfig: config,
		FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard,
	})
}

// compilationCache is a folder of the user's own, nil where there is none: then
// each process compiles anew.
func compilationCache() wazero.CompilationCache {
	base, err := os.UserCacheDir()
	if err != nil {
		return nil
	}
	dir := filepath.Join(base, "harvest", "pdfium")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil
	}
	cache, err := wazero.NewCompilationCacheWithDir(dir)
	if err != nil {
		return nil
	}
	return cache
}
