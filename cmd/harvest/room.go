package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/browser"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/queue"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/mongo"
	"github.com/harvest87/harvest/sinks/sqlite"
	"github.com/harvest87/harvest/traces"
)

// room is what a command works with. It holds only what the command asked for.
type room struct {
	data   string
	cfg    *config.Config
	live   func() *config.Config // as harvest.yaml is now, for what follows it; nil: as it was
	store  sinks.Catalogue
	queue  *queue.Engine
	client *fetch.Client
	// browser fills pages; it starts when the first needs it.
	browser *browser.Browser
	traces  *traces.Provider
	logger  *slog.Logger
	now     func() time.Time // by which runs are dated
	// matching keeps two passes over pending records apart.
	matching sync.Mutex
}

// settings are those of harvest.yaml. Who needs to follow it while a server runs
// asks each time: for notify, schedule, archive and links. All else is as it was
// at the start, see [sourceFiles.takeIn].
func (r *room) settings() *config.Config {
	if r.live != nil {
		return r.live()
	}
	return r.cfg
}

// The parts of the data folder.
const (
	catalogueFile = "harvest.db"
	queueFolder   = "queue"
	indexFolder   = "index"
	cacheFolder   = "cache"
)

// logger writes JSON lines on standard error: warnings and worse on a
// terminal, where progress has its own place, and information elsewhere.
func (m Main) logger(f *flags) *slog.Logger {
	level := slog.LevelInfo
	if isTerminal(m.Stderr) && os.Getenv("TERM") != "dumb" { // see onScreen
		level = slog.LevelWarn
	}
	if f.debug {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewJSONHandler(logLines{m.Stderr}, &slog.HandlerOptions{Level: level}))
}

// warn prints what is wrong with the configuration files.
func (m Main) warn(problems config.Problems) {
	for _, p := range problems {
		fmt.Fprintln(m.Stderr, safeLine(p.String()))
	}
}

// errNoCatalogue says that nothing was harvested into the folder yet.
var errNoCatalogue = errors.New("no catalogue")

// configured reads the configuration for a command that needs to know the
// store. Without a file it is the SQLite catalogue in the data folder.
func (m Main) configured(f *flags) (*config.Config, error) {
	cfg, problems := config.Load(f.config)
	if cfg != nil {
		return cfg, nil
	}
	if _, err := os.Stat(f.config); !errors.Is(err, fs.ErrNotExist) {
		m.warn(problems)
		return nil, errSilent
	}
	return &config.Config{}, nil
}

// openReading opens the catalogue for a command that only looks.
func (m Main) openReading(ctx context.Context, f *flags) (*room, error) {
	cfg, err := m.configured(f)
	if err != nil {
		return nil, err
	}
	r := &room{data: f.data, cfg: cfg, logger: m.logger(f)}
	if cfg.Store.MongoDB.URI != "" {
		store, err := mongo.Open(ctx, mongoOptions(cfg.Store.MongoDB, r.logger))
		if err != nil {
			return nil, err
		}
		r.store = store
		return r, nil
	}
	file := filepath.Join(f.data, catalogueFile)
	store, err := sqlite.OpenReadOnly(ctx, file)
	if errors.Is(err, sqlite.ErrOlder) {
		if err := m.bringUpToDate(ctx, f, cfg, err); err != nil {
			return nil, err
		}
		store, err = sqlite.OpenReadOnly(ctx, file)
	}
	if errors.Is(err, fs.ErrNotExist) { // or nothing is in it: the first run was killed when it began
		return nil, fmt.Errorf("%w in %s yet; 'harvest run' makes one, and --data names another folder ('harvest demo' keeps its own in %s)",
			errNoCatalogue, f.data, filepath.Join(f.data, demoFolder))
	}
	if err != nil {
		return nil, err
	}
	r.store = store
	return r, nil
}

// bringUpToDate gives the catalogue the form of this program, before it is read.
// A harvester that still runs on the older form would not know it again; the
// lock of the queue tells of one.
func (m Main) bringUpToDate(ctx context.Context, f *flags, cfg *config.Config, older error) error {
	r, err := m.openQueue(ctx, f, cfg, m.logger(f))
	if err != nil {
		return fmt.Errorf("%w; it cannot be brought up to date now: %w", older, err)
	}
	defer r.close()
	store, err := sqlite.Open(ctx, filepath.Join(f.data, catalogueFile))
	if err != nil {
		return fmt.Errorf("%w; it could not be brought up to date: %w", older, err)
	}
	fmt.Fprintln(m.Stderr, "The catalogue was brought up to date: "+safeLine(older.Error())+".")
	return store.Close()
}

// openWriting opens all that a harvest needs. A store that is away is waited
// for, see openStore.
func (m Main) openWriting(ctx context.Context, f *flags, cfg *config.Config) (*room, error) {
	r, err := m.openQueue(ctx, f, cfg, m.logger(f))
	if err != nil {
		return nil, err
	}
	if err := r.openRest(ctx, startPatience); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// openQueue opens the queue, which comes first: its lock keeps a second
// harvester out of the folder.
func (m Main) openQueue(ctx context.Context, f *flags, cfg *config.Config, logger *slog.Logger) (*room, error) {
	if err := os.MkdirAll(f.data, 0o755); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	r := &room{data: f.data, cfg: cfg, logger: logger, now: m.Now}
	if r.now == nil {
		r.now = time.Now
	}
	var err error
	if r.traces, err = traces.Open(ctx, traces.Options{Endpoint: cfg.Traces.Endpoint, Version: version, Logger: logger}); err != nil {
		return nil, err
	}
	r.queue, err = queue.Open(ctx, queue.Options{Dir: filepath.Join(f.data, queueFolder), URL: cfg.Queue.URL, Logger: logger})
	if err != nil {
		return nil, errors.Join(err, r.traces.Close(ctx))
	}
	return r, nil
}

// openRest opens the store and what fetches.
func (r *room) openRest(ctx context.Context, patience time.Duration) error {
	store, err := r.openStore(ctx, patience)
	if err != nil {
		return err
	}
	r.store = store
	hosts, err := r.queue.Hosts(ctx)
	if err != nil {
		return err
	}
	options := fetch.Options{
		UserAgent: fetch.UserAgent(version, r.cfg.Contact), Timeout: r.cfg.Fetch.Timeout, MaxBody: r.cfg.Fetch.MaxBody,
		Retries: r.cfg.Fetch.Retries, Concurrency: r.cfg.Fetch.Concurrency,
		CacheDir: filepath.Join(r.data, cacheFolder), Logger: r.logger, Now: r.now,
	}
	if hosts != nil { // never a nil pointer in a full interface
		options.Leases = hosts
	}
	r.client = fetch.New(options)
	r.browser = newBrowser(r.cfg, r.logger)
	return nil
}

// startPatience is how long `run` waits for a store that is away when it starts.
const startPatience = 30 * time.Second

// openStore opens the catalogue for writing. A store that is away is tried
// again for that long, 0 for as long as ctx lasts.
func (r *room) openStore(ctx context.Context, patience time.Duration) (sinks.Catalogue, error) {
	return backoff.Retry(ctx, func() (sinks.Catalogue, error) {
		store, err := r.openStoreOnce(ctx)
		if err != nil && !errors.Is(err, harvest.ErrUnavailable) {
			return nil, backoff.Permanent(err)
		}
		return store, err
	},
		backoff.WithMaxElapsedTime(patience),
		backoff.WithNotify(func(err error, wait time.Duration) {
			r.logger.Warn("store is away, trying again", "err", err, "wait_ms", wait.Milliseconds())
		}))
}

// mongoOptions are what harvest.yaml says of MongoDB. The logger may be nil.
func mongoOptions(db config.MongoDB, logger *slog.Logger) mongo.Options {
	return mongo.Options{
		URI: db.URI, Database: db.Database, Logger: logger,
		MaxPool: db.MaxPool, MinPool: db.MinPool, IdleTimeout: db.IdleTimeout,
		ConnectTimeout: db.ConnectTimeout, SelectTimeout: db.SelectTimeout, Timeout: db.Timeout, TextIndex: db.TextIndex,
	}
}

func (r *room) openStoreOnce(ctx context.Context) (sinks.Catalogue, error) {
	if db := r.cfg.Store.MongoDB; db.URI != "" {
		store, err := mongo.Open(ctx, mongoOptions(db, r.logger))
		if err != nil {
			return nil, err // never a nil pointer in a full interface
		}
		return store, nil
	}
	store, err := sqlite.Open(ctx, filepath.Join(r.data, catalogueFile))
	if err != nil {
		return nil, err
	}
	return store, nil
}

// close releases everything: first what asks, then what stores, the queue and
// its lock last, so that nobody enters a folder in which something is still open.
func (r *room) close() {
	log := func(what string, err error) {
		if err != nil {
			r.logger.Warn("not closed cleanly", "reason", what, "err", err)
		}
	}
	if r.browser != nil {
		r.browser.Close()
	}
	if r.client != nil {
		log("fetch", r.client.Close())
	}
	if r.store != nil {
		log("store", r.store.Close())
	}
	if r.queue != nil {
		log("queue", r.queue.Close())
	}
	log("traces", r.traces.Close(context.Background())) // last, for it may take its time
}

// patience is how long `run` and `serve` wait for a store that is away before
// they give a run up until the next start.
const patience = 5 * time.Minute

func dirOf(name string) string    { return filepath.Dir(name) }
func baseName(name string) string { return filepath.Base(name) }

// storeName says which kind of store is in use, without its address.
func (r *room) storeName() string {
	if r.cfg.Store.MongoDB.URI != "" {
		return "mongodb"
	}
	return "sqlite"
}
