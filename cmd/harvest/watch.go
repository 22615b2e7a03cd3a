package main

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// watch shows how runs stand: live lines for each source and host on a
// terminal, log lines elsewhere. It is safe for concurrent use.
type watch struct {
	logger *slog.Logger
	hub    *hub    // who else watches; nil for nobody
	screen *screen // nil off a terminal

	mu     sync.Mutex
	live   []*progress // in the order in which they began
	logged map[harvest.SourceID]time.Time

	stop func() // ends the drawing, and waits
}

const (
	// logEvery is how often a run that goes on is logged off a terminal.
	logEvery = 30 * time.Second
	// drawEvery is how often the live lines are drawn.
	drawEvery = 200 * time.Millisecond
)

// newWatch shows runs on w when it is a screen. It must be closed then.
func newWatch(ctx context.Context, w io.Writer, logger *slog.Logger) *watch {
	x := &watch{logger: logger, logged: map[harvest.SourceID]time.Time{}, stop: func() {}}
	if s, ok := w.(*screen); ok {
		x.screen = s
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // the last lines stay
		var done sync.WaitGroup
		x.stop = func() { cancel(); done.Wait() }
		done.Go(func() { x.draw(ctx) })
	}
	return x
}

// draw draws the live lines until ctx ends.
func (x *watch) draw(ctx context.Context) {
	tick := time.NewTicker(drawEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			x.screen.show(x.frame(time.Now()))
		}
	}
}

// frame is what a screen of that size is to show.
func (x *watch) frame(now time.Time) func(columns, rows int) []string {
	return func(columns, rows int) []string {
		x.mu.Lock()
		defer x.mu.Unlock()
		return layout(x.live, now, columns, rows)
	}
}

// update takes in how a run stands.
func (x *watch) update(p crawler.Progress) {
	if x.hub != nil {
		x.hub.update(&p)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.screen != nil {
		x.of(p.Source).update(&p, time.Now())
		return
	}
	if since := time.Since(x.logged[p.Source]); since < logEvery {
		return
	}
	if !x.logged[p.Source].IsZero() {
		x.logger.Info("run goes on", "source", p.Source, "run", p.Run, "done", p.Done, "pending", p.Pending,
			"new", p.Outcomes[harvest.NewRecord], "changed", p.Outcomes[harvest.ChangedRecord], "failing", failing(p.Outcomes),
			"requests", p.Requests, "bytes", p.Bytes, "hosts", len(p.Hosts))
	}
	x.logged[p.Source] = time.Now()
}

// of is the progress of a source. The caller holds mu.
func (x *watch) of(id harvest.SourceID) *progress {
	for _, p := range x.live {
		if p.source == id {
			return p
		}
	}
	p := &progress{source: id}
	x.live = append(x.live, p)
	return p
}

// ended takes in how a run ended.
func (x *watch) ended(r *harvest.Run) {
	if x.hub != nil {
		x.hub.ended(r)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.screen != nil {
		end := *r
		x.of(r.Source).end = &end
		return
	}
	level := slog.LevelInfo
	if r.State != harvest.RunPassed {
		level = slog.LevelWarn
	}
	x.logger.Log(context.Background(), level, "run ended", "source", r.Source, "run", r.ID, "outcome", r.State, "reason", r.Reason,
		"new", r.Outcomes[harvest.NewRecord], "changed", r.Outcomes[harvest.ChangedRecord], "unchanged", r.Outcomes[harvest.UnchangedRecord],
		"requests", r.Requests, "bytes", r.WireBytes, "duration_ms", r.Duration(time.Now()).Milliseconds())
}

// close leaves the last lines standing.
func (x *watch) close() {
	x.stop()
	if x.screen != nil {
		x.screen.leave(x.frame(time.Now()))
	}
}
