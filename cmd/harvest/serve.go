package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/queue"
	"github.com/harvest87/harvest/crawler/schedule"
	"github.com/harvest87/harvest/metrics"
	"github.com/harvest87/harvest/web"
)

func (m Main) serveCommand(f *flags) *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Harvest all enabled sources on their schedules, until stopped",
		Long: `Serve harvests every enabled source when its cron line says, never one source
twice at once, and answers on /healthz, /readyz, /sources and /metrics, and on the path of
serve.oai.base_url, when that is set, libraries that harvest by OAI-PMH. Runs that a crash
or a stop left unfinished go on first.

SIGTERM or Ctrl-C stops it: what is being fetched is finished or left for the
next start. A second signal stops it at once.`,
		Example: "  harvest serve\n  harvest serve --listen 127.0.0.1:9000 --data /var/lib/harvest",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return m.serve(cmd.Context(), f, listen) },
	}
	cmd.Flags().StringVar(&listen, "listen", "", "host and port to answer on; default: serve.listen of the configuration")
	return cmd
}

func (m Main) serve(ctx context.Context, f *flags, listen string) error {
	cfg, problems, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	if listen == "" {
		listen = cfg.Serve.Listen
	}
	library, err := libraryOf(cfg, slog.New(slog.NewJSONHandler(logLines{m.Stderr}, &slog.HandlerOptions{Level: serveLevel(f)})))
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; --listen chooses another address", listen, err)
	}
	defer listener.Close()
	logger := slog.New(slog.NewJSONHandler(logLines{m.Stderr}, &slog.HandlerOptions{Level: serveLevel(f)}))
	r, err := m.openQueue(ctx, f, cfg, logger)
	if err != nil {
		return err
	}
	defer r.close()
	hub := newHub()
	h := r.harvester(newWatch(ctx, nil, logger))
	h.watch.hub = hub
	s := &server{harvester: h, hub: hub, last: map[harvest.SourceID]*web.LastRun{}, opened: make(chan struct{}), reassess: make(chan struct{}, 1), linksWanted: make(chan wantedLinks, 1)}
	s.library = library
	s.files = newSourceFiles(f.config, cfg, problems, time.Now())
	r.live = s.files.settings
	s.metrics = metrics.New(version, s)
	control, err := openControl(ctx, f.data, s.controlHandler(), logger)
	if err != nil {
		return err
	}
	defer control.close() // before the room: what answers writes into it
	if n := len(problems.Errors()); n > 0 {
		logger.Warn("sources with problems are left out; 'harvest sources lint' shows them", "reason", number(n, "problem", "problems"))
	}
	return s.run(ctx, listener)
}

func serveLevel(f *flags) slog.Level {
	if f.debug {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// server is a running `harvest serve`.
type server struct {
	*harvester
	hub       *hub
	scheduler *schedule.Scheduler // set before opened is closed, as are store and client
	opened    chan struct{}       // closed when the store is there

	files     *sourceFiles
	reloading sync.Mutex
	behind    bool // the scheduler lacks what files say; guarded by reloading

	mu     sync.Mutex
	last   map[harvest.SourceID]*web.LastRun
	pauses pauses
	health map[harvest.SourceID]standing
	// brokenDocuments counts those that are not where records say.
	brokenDocuments map[harvest.SourceID]int

	library *librarySite // nil: not shown
	metrics *metrics.Metrics
	waiting atomic.Int64 // messages to be delivered
	up      atomic.Bool  // the store answered last

	linksWanted chan wantedLinks // has something in it when links are to be looked at
	retell      atomic.Bool      // harvest.yaml says otherwise who is told
	reassess    chan struct{}    // has something in it when health is to be looked at
}

// run serves until ctx ends: its health at once, sources as soon as the store
// is there. The order of the end: the schedule stops and runs are brought to
// rest, so that nothing new is written; then the health endpoint closes, so
// that an engine which watches it sees the stop last.
func (s *server) run(ctx context.Context, listener net.Listener) error {
	mux := http.NewServeMux()
	mux.Handle("/", web.Handler(s))
	mux.Handle("GET /metrics", s.metrics.Handler())
	if s.library != nil {
		mux.Handle(s.library.path, s.libraryHandler(s.library))
		s.logger.Info("libraries may harvest by OAI-PMH", "url", s.library.options.BaseURL, "path", s.library.path)
	}
	endpoint := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn)}
	s.logger.Info("serving", "url", "http://"+listener.Addr().String(), "store", s.storeName())
	var g errgroup.Group
	g.Go(func() error {
		if err := endpoint.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	g.Go(func() error {
		defer func() {
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
			defer cancel()
			if err := endpoint.Shutdown(stop); err != nil {
				_ = endpoint.Close() // what still reads /sources is cut off
			}
		}()
		err := s.harvestAll(ctx)
		if ctx.Err() != nil {
			s.logger.Info("stopped")
			return nil
		}
		return err
	})
	return g.Wait()
}

// harvestAll waits for the store, and then harvests until ctx ends: the
// scheduler puts jobs, the crew works on them.
func (s *server) harvestAll(ctx context.Context) error {
	if err := s.openRest(ctx, 0); err != nil {
		return err
	}
	if err := s.readPauses(ctx); err != nil {
		return err
	}
	entries, err := s.entries(ctx)
	if err != nil {
		return err
	}
	s.scheduler = schedule.New(entries, s.fire, schedule.Options{Logger: s.logger, MaxRunning: manyTicks})
	close(s.opened)
	s.announce(len(entries))
	if err := s.resume(ctx); err != nil {
		return err
	}
	c := &crew{harvester: s.harvester, wants: s.wanted, after: s.jobEnded, rest: tryLater}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.scheduler.Run(ctx) })
	g.Go(func() error { return s.keepUp(ctx) })
	g.Go(func() error { return s.watchHealth(ctx) })
	g.Go(func() error { return s.watchLinks(ctx) })
	g.Go(func() error { return c.work(ctx) })
	g.Go(func() error { s.finish(ctx); return nil }) // what a kill has left unmatched, or not in the index
	return g.Wait()
}

// announce says what is served, and what cannot be.
func (s *server) announce(scheduled int) {
	s.logger.Info("store is there, harvesting begins", "sources", scheduled)
	for _, src := range s.files.all() {
		if src.Enabled && src.Politeness.ContactRequired && s.cfg.Contact == "" {
			s.logger.Error("source cannot be harvested", "source", src.ID, "reason", errNoContact.Error())
		}
	}
	for _, x := range s.Sources() {
		s.logger.Info("source scheduled", "source", x.Source, "when", x.When, "next", x.Next)
	}
}

// wanted is the source of a job. One that is paused is harvested by hand only.
func (s *server) wanted(job queue.Job) *config.Source {
	if !job.ByHand && s.paused(job.Source) != nil {
		return nil
	}
	return s.files.source(job.Source)
}

// manyTicks is how many ticks may be answered at once. It takes a moment each.
const manyTicks = 1 << 10

// fire answers a tick, unless another scheduler has: it queues the job, or
// notes that the tick is passed over. A queue that is away is waited for.
func (s *server) fire(ctx context.Context, id harvest.SourceID, at time.Time) {
	src := s.files.source(id)
	if src == nil {
		return // its file has just gone
	}
	if src.Schedule.CatchUp == config.CatchUpAll && !s.awaitFree(ctx, id) {
		return
	}
	passed := s.passOver(ctx, src)
	result, err := backoff.Retry(ctx, func() (queue.FireResult, error) {
		if passed != "" {
			return queue.Fired, s.queue.Pass(ctx, id, lineOf(src), at)
		}
		return s.queue.Fire(ctx, id, lineOf(src), at)
	},
		backoff.WithMaxElapsedTime(0), backoff.WithNotify(func(err error, _ time.Duration) {
			s.logger.Warn("tick is not queued yet, trying again", "source", id, "scheduled", at, "err", err)
		}))
	if passed != "" && err == nil {
		s.logger.Info("tick is passed over", "source", id, "scheduled", at, "reason", passed)
		return
	}
	switch {
	case err != nil && ctx.Err() == nil:
		s.logger.Error("tick is lost", "source", id, "scheduled", at, "err", err)
	case err == nil && result == queue.LeftOut:
		s.logger.Warn("tick left out, a run of the source is still going on", "source", id, "scheduled", at)
	case err == nil && result == queue.FiredBefore:
		s.logger.Debug("tick was answered by another scheduler", "source", id, "scheduled", at)
	}
}

// passOver says why a tick is not to be answered, empty when it is.
func (s *server) passOver(ctx context.Context, src *config.Source) string {
	if err := s.readPauses(ctx); err != nil && ctx.Err() == nil {
		s.logger.Debug("pauses cannot be read; those read before count", "err", err)
	}
	if p := s.paused(src.ID); p != nil {
		return p.String()
	}
	return s.rests(ctx, src)
}

// awaitFree waits until the source has no job, so that a tick which is to have a
// run of its own is not left out.
func (s *server) awaitFree(ctx context.Context, id harvest.SourceID) bool {
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		there, known := false, true
		for job, err := range s.queue.Jobs(ctx) {
			known = err == nil
			there = there || job.Source == id
		}
		if known && !there {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-look.C:
		}
	}
}

// settleEvery is how often ticks of schedulers that died are looked for.
const settleEvery = 15 * time.Second

// settleTicks queues jobs that dead schedulers owe.
func (s *server) settleTicks(ctx context.Context) {
	for _, src := range s.files.all() {
		if err := s.queue.Settle(ctx, src.ID); err != nil && ctx.Err() == nil {
			s.logger.Debug("ticks cannot be settled yet", "source", src.ID, "err", err)
			return
		}
	}
}

// resume puts jobs for runs that are unfinished and have none.
func (s *server) resume(ctx context.Context) error {
	left, err := s.queue.Unfinished(ctx, "")
	if err != nil {
		return fmt.Errorf("look for unfinished runs: %w", err)
	}
	for _, id := range left {
		src := s.files.source(id.Source())
		if src == nil || !src.Enabled || s.paused(src.ID) != nil {
			continue
		}
		if n, err := s.queue.Vain(ctx, id); err != nil || n >= queue.MaxVain {
			s.logger.Error("run is set aside; 'harvest runs release' lets it try again", "source", src.ID, "run", id, "err", err)
			continue
		}
		err := s.queue.Put(ctx, queue.Job{Source: src.ID, At: s.now().UTC().Truncate(time.Second), ByHand: true})
		if err != nil && !errors.Is(err, queue.ErrQueued) {
			return fmt.Errorf("go on with %s: %w", id, err)
		}
	}
	return nil
}

// jobEnded takes in how a job went.
func (s *server) jobEnded(ctx context.Context, job queue.Job, run harvest.Run, err error) {
	if errors.Is(err, queue.ErrFenced) || errors.Is(err, queue.ErrEnded) {
		return // the run is in other hands
	}
	if err != nil {
		s.logger.Error("run did not end", "source", job.Source, "run", run.ID, "err", err)
		if run.Reason == "" {
			run.Reason = err.Error()
		}
		s.hub.ended(&run) // one without an error has told the watch itself
	}
	s.mu.Lock()
	s.last[job.Source] = &web.LastRun{Run: run.ID, State: run.State, Reason: run.Reason, Ended: time.Now().UTC()}
	s.mu.Unlock()
	s.metrics.RunEnded(&run)
	s.lookAgain()
	if run.State.Ended() {
		s.finish(ctx)
	}
}

// errStarting is why nothing can be harvested yet.
var errStarting = errors.New("starting: the store is not there yet")

// Ready asks the store.
func (s *server) Ready(ctx context.Context) error {
	select {
	case <-s.opened:
		return s.store.Ping(ctx)
	default:
		return errStarting
	}
}

// Sources describes every scheduled source.
func (s *server) Sources() []web.SourceStatus {
	select {
	case <-s.opened:
	default:
		return []web.SourceStatus{}
	}
	next := map[harvest.SourceID]time.Time{}
	for _, e := range s.scheduler.Snapshot() {
		next[e.Source] = e.Next
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []web.SourceStatus{}
	broken, _, _ := s.files.problems()
	for _, src := range s.files.all() {
		at, ok := next[src.ID]
		if !ok {
			continue
		}
		x := web.SourceStatus{
			Source: src.ID, When: schedule.Describe(src.Schedule), Next: at.UTC(), Running: s.isBusy(src.ID), Last: s.last[src.ID],
			Problem: broken[src.ID],
		}
		if p := s.pauses.of(src.ID); p != nil {
			x.Paused = p.String()
		}
		if h, ok := s.health[src.ID]; ok {
			x.Health, x.Failure, x.LastWhole, x.Stale, x.RestsUntil = string(h.State), string(h.Class), h.LastWhole, h.Stale, h.RestsUntil
			if h.Fallback != nil {
				x.Fallback = h.Fallback.String()
			}
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b web.SourceStatus) int { return strings.Compare(string(a.Source), string(b.Source)) })
	return out
}
