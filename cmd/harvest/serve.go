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
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/schedule"
	"github.com/harvest87/harvest/web"
)

func (m Main) serveCommand(f *flags) *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Harvest all enabled sources on their schedules, until stopped",
		Long: `Serve harvests every enabled source when its cron line says, never one source
twice at once, and answers on /healthz, /readyz and /sources. Runs that a crash
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
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; --listen chooses another address", listen, err)
	}
	defer listener.Close()
	r, err := m.openWriting(ctx, f, cfg, 0)
	if err != nil {
		return err
	}
	defer r.close()
	r.logger = slog.New(slog.NewJSONHandler(logLines{m.Stderr}, &slog.HandlerOptions{Level: serveLevel(f)}))
	s := &server{harvester: r.harvester(newWatch(ctx, nil, r.logger)), last: map[harvest.SourceID]*web.LastRun{}}
	if n := len(problems.Errors()); n > 0 {
		r.logger.Warn("sources with problems are left out; 'harvest sources lint' shows them", "reason", number(n, "problem", "problems"))
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
	scheduler *schedule.Scheduler

	mu   sync.Mutex
	last map[harvest.SourceID]*web.LastRun
}

// run serves until ctx ends. The order of the end: the schedule stops and its
// runs are brought to rest, so that nothing new is written; then the health
// endpoint closes, so that an engine which watches it sees the stop last.
func (s *server) run(ctx context.Context, listener net.Listener) error {
	var entries []schedule.Entry
	for i := range s.cfg.Sources {
		if src := &s.cfg.Sources[i]; src.Enabled && src.Schedule.Cron != "" {
			entries = append(entries, schedule.Entry{Source: src.ID, Spec: src.Schedule})
		}
	}
	s.scheduler = schedule.New(entries, s.tick, schedule.Options{Logger: s.logger, MaxRunning: sourcesAtOnce})
	endpoint := &http.Server{Handler: web.Handler(s), ReadHeaderTimeout: 5 * time.Second, ErrorLog: slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn)}
	s.logger.Info("serving", "url", "http://"+listener.Addr().String(), "sources", len(entries), "store", s.storeName())
	for i := range s.cfg.Sources {
		if src := &s.cfg.Sources[i]; src.Enabled && src.Politeness.ContactRequired && s.cfg.Contact == "" {
			s.logger.Error("source cannot be harvested", "source", src.ID, "reason", errNoContact.Error())
		}
	}
	for _, x := range s.Sources() {
		s.logger.Info("source scheduled", "source", x.Source, "when", x.When, "next", x.Next)
	}

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
		resumed := make(chan struct{})
		go func() {
			defer close(resumed)
			s.resume(ctx)
		}()
		err := s.scheduler.Run(ctx)
		<-resumed
		if ctx.Err() != nil {
			s.logger.Info("stopped")
			return nil
		}
		return err
	})
	return g.Wait()
}

// resume goes on with what an earlier process left unfinished.
func (s *server) resume(ctx context.Context) {
	left, err := s.queue.Unfinished(ctx, "")
	if err != nil {
		s.logger.Error("unfinished runs are not known", "err", err)
		return
	}
	var sources []*config.Source
	for _, id := range left {
		if src, ok := s.cfg.Source(id.Source()); ok && src.Enabled && !slices.Contains(sources, src) {
			sources = append(sources, src)
		}
	}
	for _, src := range sources {
		s.tick(ctx, src.ID, time.Now())
	}
}

// tick is called by the scheduler, for one source at a time.
func (s *server) tick(ctx context.Context, id harvest.SourceID, at time.Time) {
	src, ok := s.cfg.Source(id)
	if !ok {
		return
	}
	s.logger.Info("run starts", "source", id, "scheduled", at.UTC())
	run, err := s.harvest(ctx, src, at)
	if errors.Is(err, errBusy) {
		s.logger.Warn("tick left out, a run of the source is still going on", "source", id, "scheduled", at.UTC())
		return
	}
	if err != nil {
		s.logger.Error("run did not end", "source", id, "run", run.ID, "err", err)
		if run.Reason == "" {
			run.Reason = err.Error()
		}
	}
	s.mu.Lock()
	s.last[id] = &web.LastRun{Run: run.ID, State: run.State, Reason: run.Reason, Ended: time.Now().UTC()}
	s.mu.Unlock()
	s.finish(ctx)
}

// Ready asks the store.
func (s *server) Ready(ctx context.Context) error { return s.store.Ping(ctx) }

// Sources describes every scheduled source.
func (s *server) Sources() []web.SourceStatus {
	next := map[harvest.SourceID]time.Time{}
	running := map[harvest.SourceID]bool{}
	for _, e := range s.scheduler.Snapshot() {
		next[e.Source], running[e.Source] = e.Next, e.Running
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []web.SourceStatus{}
	for i := range s.cfg.Sources {
		src := &s.cfg.Sources[i]
		at, ok := next[src.ID]
		if !ok {
			continue
		}
		out = append(out, web.SourceStatus{
			Source: src.ID, When: schedule.Describe(src.Schedule), Next: at.UTC(), Running: running[src.ID] || s.isBusy(src.ID), Last: s.last[src.ID],
		})
	}
	slices.SortFunc(out, func(a, b web.SourceStatus) int { return strings.Compare(string(a.Source), string(b.Source)) })
	return out
}
