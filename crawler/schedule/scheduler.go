package schedule

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// DefaultMaxRunning is the default of [Options.MaxRunning].
const DefaultMaxRunning = 4

const (
	// lookAgain is the longest the clock sleeps, so that a change of the system
	// clock is noticed.
	lookAgain = time.Minute
	// missedAfter is how late a start may be and count as in time.
	missedAfter = 2 * lookAgain
	// mostCaughtUp bounds the ticks that [config.CatchUpAll] makes up for.
	mostCaughtUp = 100
)

// Options configure a scheduler. The zero value is ready for use.
type Options struct {
	// Logger is told of ticks that were skipped, lines that cannot be read
	// and runs that panicked. Nil: nobody is told.
	Logger *slog.Logger
	// MaxRunning bounds the runs at once; a tick that finds no room waits.
	// Default [DefaultMaxRunning].
	MaxRunning int
	// Now is the clock on the wall, [time.Now] unless set.
	Now func() time.Time
}

// Status is how one entry stands.
type Status struct {
	Source harvest.SourceID
	// Next is when its next run starts, zero when never.
	Next time.Time
	// Running is true while a run is under way, Waiting while one waits for
	// room; Tick is what it answers.
	Running, Waiting bool
	Tick             time.Time
	// Skipped counts ticks that no run answered: they came while one was
	// running or waiting, or while the clock was not looked at. Panics counts
	// runs that panicked.
	Skipped, Panics int
	// Problem says why there are no runs, empty when there are.
	Problem string
}

// Scheduler starts runs when they are due. It is safe for concurrent use.
type Scheduler struct {
	run    func(ctx context.Context, source harvest.SourceID, scheduledAt time.Time)
	logger *slog.Logger
	max    int
	now    func() time.Time
	wake   chan struct{} // a run has ended, or the plans are others

	mu      sync.Mutex
	plans   []*plan
	waiting []*plan
	running int
}

// plan is an entry and how it stands.
type plan struct {
	*line  // nil when the cron line cannot be read
	status Status
	tick   time.Time // the tick that the next run answers
}

// New makes a scheduler that calls run for each entry when it is due, with the
// tick that the call answers. The call lasts as long as the run; its context
// is that of [Scheduler.Run]. An entry that cannot be scheduled is reported,
// in the log and by [Scheduler.Snapshot], and does not disturb the others.
func New(entries []Entry, run func(ctx context.Context, source harvest.SourceID, scheduledAt time.Time), o Options) *Scheduler {
	s := &Scheduler{run: run, logger: o.Logger, max: o.MaxRunning, now: o.Now, wake: make(chan struct{}, 1)}
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	if s.max <= 0 {
		s.max = DefaultMaxRunning
	}
	if s.now == nil {
		s.now = time.Now
	}
	s.Set(entries)
	return s
}

// Set replaces the entries. One that is as it was goes on as it does; another
// one begins anew from its Since. The run of one that is not there any more goes
// on to its end, and those that waited for room are dropped.
func (s *Scheduler) Set(entries []Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.wall()
	before := make(map[harvest.SourceID]*plan)
	for _, p := range s.plans {
		before[p.status.Source] = p
	}
	seen := make(map[harvest.SourceID]bool)
	s.plans = nil
	for _, e := range entries {
		p := before[e.Source]
		switch {
		case seen[e.Source]:
			p = s.refused(e, fmt.Errorf("schedule of %s: the source is there twice", e.Source))
		case p == nil || p.line == nil || !p.sameAs(e):
			p = s.planned(e, p, now)
		}
		seen[e.Source] = seen[e.Source] || p.line != nil
		s.plans = append(s.plans, p)
	}
	s.waiting = slices.DeleteFunc(s.waiting, func(p *plan) bool { return !slices.Contains(s.plans, p) })
	select {
	case s.wake <- struct{}{}:
	default: // the clock has yet to look
	}
}

// sameAs reports whether an entry means the same times.
func (p *plan) sameAs(e Entry) bool {
	return reflect.DeepEqual(p.Spec, e.Spec) && reflect.DeepEqual(p.Closed, e.Closed)
}

// planned is the plan of an entry, which goes on with what there was.
func (s *Scheduler) planned(e Entry, p *plan, now time.Time) *plan {
	l, err := parse(e)
	if err != nil {
		return s.refused(e, err)
	}
	if p == nil {
		p = &plan{status: Status{Source: e.Source}}
	}
	p.line, p.status.Problem = l, ""
	if e.Spec.CatchUp == config.CatchUpAll {
		s.boundBacklog(p, now)
	}
	if p.tick, p.status.Next, err = l.first(now); err != nil {
		return s.refused(e, err)
	}
	return p
}

func (s *Scheduler) refused(e Entry, err error) *plan {
	s.logger.Error("source is not scheduled", "source", e.Source, "err", err)
	return &plan{status: Status{Source: e.Source, Problem: err.Error()}}
}

// boundBacklog gives up all but the latest of the ticks that were missed.
func (s *Scheduler) boundBacklog(p *plan, now time.Time) {
	if p.Since.IsZero() {
		return
	}
	ring := make([]time.Time, 0, mostCaughtUp+1)
	lost := 0
	for tick := p.Since; ; {
		var err error
		if tick, err = p.tickAfter(tick); err != nil || tick.After(now) {
			break
		}
		if ring = append(ring, tick); len(ring) > mostCaughtUp+1 {
			ring = ring[1:]
			lost++
		}
	}
	if len(ring) > mostCaughtUp {
		p.Since = ring[0]
		lost++
		p.status.Skipped += lost
		s.logger.Warn("more ticks were missed than are made up for; the latest are answered", "source", p.status.Source, "count", lost)
	}
}

// Run keeps the clock until ctx ends, then waits for the runs that are under
// way, whose context ends with it, and returns nil. Runs that were waiting are
// dropped. It is called once.
func (s *Scheduler) Run(ctx context.Context) error {
	var runs sync.WaitGroup
	defer runs.Wait()
	for ctx.Err() == nil {
		timer := time.NewTimer(s.advance(ctx, &runs))
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-s.wake:
		}
		timer.Stop()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.waiting {
		p.status.Waiting = false
	}
	s.waiting = nil
	return nil
}

// Snapshot says how all entries stand, the next to run first and those that
// never run last.
func (s *Scheduler) Snapshot() []Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Status, len(s.plans))
	for i, p := range s.plans {
		out[i] = p.status
	}
	slices.SortStableFunc(out, func(a, b Status) int {
		if a.Next.IsZero() != b.Next.IsZero() {
			return cmp.Compare(boolInt(a.Next.IsZero()), boolInt(b.Next.IsZero()))
		}
		return cmp.Or(a.Next.Compare(b.Next), cmp.Compare(a.Source, b.Source))
	})
	return out
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// advance starts what is due and has room, and says how long to sleep.
func (s *Scheduler) advance(ctx context.Context, runs *sync.WaitGroup) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, sleep := s.wall(), lookAgain
	for _, p := range s.plans {
		if p.line == nil || p.each() && (p.status.Running || p.status.Waiting) {
			continue
		}
		if !p.status.Next.After(now) {
			s.due(p, now)
		}
		if !p.status.Next.IsZero() {
			sleep = min(sleep, p.status.Next.Sub(now))
		}
	}
	for len(s.waiting) > 0 && s.running < s.max {
		p := s.waiting[0]
		s.waiting = s.waiting[1:]
		p.status.Waiting, p.status.Running = false, true
		s.running++
		tick := p.status.Tick
		runs.Go(func() { s.perform(ctx, p, tick) })
	}
	return sleep
}

// each reports whether every tick of the plan is to be answered.
func (p *plan) each() bool { return p.Spec.CatchUp == config.CatchUpAll }

// due lines a plan up for its run, unless the one before it is not done, and
// finds its next tick. The caller holds mu.
func (s *Scheduler) due(p *plan, now time.Time) {
	tick, start, missed := p.tick, p.status.Next, 0
	for {
		if err := p.plan(p.status.Next); err != nil {
			p.line, p.status.Problem = nil, err.Error()
			s.logger.Error("source is not scheduled any more", "source", p.status.Source, "err", err)
			break
		}
		if p.each() || p.status.Next.After(now) {
			break
		}
		tick, start = p.tick, p.status.Next
		missed++
	}
	if missed > 0 {
		p.status.Skipped += missed
		s.logger.Warn("ticks went by unseen", "source", p.status.Source, "count", missed)
	}
	if p.line != nil && p.Spec.CatchUp == config.CatchUpSkip && now.Sub(start) > missedAfter {
		p.status.Skipped++
		s.logger.Warn("tick was missed and is passed over", "source", p.status.Source, "tick", tick)
		return
	}
	if p.status.Running || p.status.Waiting {
		p.status.Skipped++
		s.logger.Warn("tick skipped, the run before it is still going", "source", p.status.Source, "tick", tick, "since", p.status.Tick)
		return
	}
	p.status.Waiting, p.status.Tick = true, tick
	s.waiting = append(s.waiting, p)
}

// plan finds the first start after that moment.
func (p *plan) plan(after time.Time) error {
	var err error
	p.tick, p.status.Next, err = p.next(after)
	return err
}

// perform is one run. A panic ends the run, not the process.
func (s *Scheduler) perform(ctx context.Context, p *plan, tick time.Time) {
	panicked := true
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if panicked {
			p.status.Panics++
			s.logger.Error("run panicked; please report it", "source", p.status.Source, "reason", recover(), "stack", string(debug.Stack()))
		}
		p.status.Running, p.status.Tick = false, time.Time{}
		s.running--
		select {
		case s.wake <- struct{}{}:
		default: // the clock has yet to look at the last one
		}
	}()
	s.run(ctx, p.status.Source, tick.UTC())
	panicked = false
}

// wall is the time on the wall: without the monotonic reading, so that it can
// be held against times that a cron line gives.
func (s *Scheduler) wall() time.Time { return s.now().Round(0) }
