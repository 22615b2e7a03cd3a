package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// watch shows how runs stand: a line for each source on a terminal, log lines
// elsewhere. It is safe for concurrent use.
type watch struct {
	logger *slog.Logger
	hub    *hub          // who else watches; nil for nobody
	bars   *mpb.Progress // nil off a terminal

	mu     sync.Mutex
	shown  map[harvest.SourceID]*shown
	logged map[harvest.SourceID]time.Time
}

type shown struct {
	bar  *mpb.Bar
	mu   sync.Mutex
	last crawler.Progress
	end  string
}

// logEvery is how often a run that goes on is logged off a terminal.
const logEvery = 30 * time.Second

func newWatch(ctx context.Context, w io.Writer, logger *slog.Logger) *watch {
	x := &watch{logger: logger, shown: map[harvest.SourceID]*shown{}, logged: map[harvest.SourceID]time.Time{}}
	if isTerminal(w) {
		x.bars = mpb.NewWithContext(context.WithoutCancel(ctx), mpb.WithOutput(w), mpb.WithWidth(16), mpb.WithRefreshRate(150*time.Millisecond))
	}
	return x
}

// update takes in how a run stands.
func (x *watch) update(p crawler.Progress) {
	if x.hub != nil {
		x.hub.update(&p)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.bars == nil {
		if since := time.Since(x.logged[p.Source]); since < logEvery {
			return
		}
		if !x.logged[p.Source].IsZero() {
			x.logger.Info("run goes on", "source", p.Source, "run", p.Run, "done", p.Done, "pending", p.Pending,
				"new", p.Outcomes[harvest.NewRecord], "changed", p.Outcomes[harvest.ChangedRecord], "bytes", p.Bytes)
		}
		x.logged[p.Source] = time.Now()
		return
	}
	s, ok := x.shown[p.Source]
	if !ok {
		s = &shown{}
		s.bar = x.bars.AddBar(0,
			mpb.PrependDecorators(decor.Name(string(p.Source), decor.WC{W: 18, C: decor.DindentRight})),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return s.line() })))
		x.shown[p.Source] = s
	}
	s.mu.Lock()
	s.last = p
	s.mu.Unlock()
	s.bar.SetTotal(int64(p.Done+p.Pending+p.InFlight), false)
	s.bar.SetCurrent(int64(p.Done))
}

// line is what stands beside the bar.
func (s *shown) line() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end != "" {
		return s.end
	}
	p := &s.last
	took := time.Since(p.Started)
	rate := float64(p.Done) / max(took.Seconds(), 0.001)
	parts := []string{
		fmt.Sprintf(" %s of %s pages", humanize.Comma(int64(p.Done)), humanize.Comma(int64(p.Done+p.Pending+p.InFlight))),
		fmt.Sprintf("%.1f/s", rate),
		fmt.Sprintf("%d new", p.Outcomes[harvest.NewRecord]),
	}
	if n := p.Outcomes[harvest.ChangedRecord]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d changed", n))
	}
	if n := p.Outcomes[harvest.UnchangedRecord]; n > 0 {
		parts = append(parts, fmt.Sprintf("%d unchanged", n))
	}
	failing := 0
	for o, n := range p.Outcomes {
		if o.Info().Severity == harvest.Failing {
			failing += n
		}
	}
	if failing > 0 {
		parts = append(parts, fmt.Sprintf("%d failing", failing))
	}
	if p.Pending > 0 && rate > 0 && took > 2*time.Second {
		left := time.Duration(float64(p.Pending+p.InFlight) / rate * float64(time.Second))
		parts = append(parts, "about "+left.Round(time.Second).String()+" left")
	}
	return strings.Join(parts, ", ")
}

// ended takes in how a run ended.
func (x *watch) ended(r *harvest.Run) {
	if x.hub != nil {
		x.hub.ended(r)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.bars == nil {
		level := slog.LevelInfo
		if r.State != harvest.RunPassed {
			level = slog.LevelWarn
		}
		x.logger.Log(context.Background(), level, "run ended", "source", r.Source, "run", r.ID, "outcome", r.State, "reason", r.Reason,
			"new", r.Outcomes[harvest.NewRecord], "changed", r.Outcomes[harvest.ChangedRecord], "unchanged", r.Outcomes[harvest.UnchangedRecord],
			"requests", r.Requests, "bytes", r.WireBytes, "duration_ms", r.Duration(time.Now()).Milliseconds())
		return
	}
	s, ok := x.shown[r.Source]
	if !ok {
		return
	}
	s.mu.Lock()
	s.end = fmt.Sprintf(" %s: %d new, %d changed, %d unchanged", r.State,
		r.Outcomes[harvest.NewRecord], r.Outcomes[harvest.ChangedRecord], r.Outcomes[harvest.UnchangedRecord])
	s.mu.Unlock()
	s.bar.SetTotal(-1, true)
}

// close leaves the last lines standing.
func (x *watch) close() {
	if x.bars == nil {
		return
	}
	x.mu.Lock()
	for _, s := range x.shown {
		s.bar.Abort(false)
	}
	x.mu.Unlock()
	x.bars.Wait()
}
