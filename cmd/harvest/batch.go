package main

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/queue"
)

// batch is what one `harvest run` does: one job of each of its sources, put
// and, unless another process is quicker, worked on.
type batch struct {
	*harvester
	sources []*config.Source

	mu        sync.Mutex
	runs      []harvest.Run // as sources
	jobs      []queue.Job   // as sources
	left      []int         // places in sources that have not ended
	elsewhere map[harvest.SourceID]bool
}

// perform returns when every source has its report.
func (b *batch) perform(ctx context.Context) {
	b.jobs = make([]queue.Job, len(b.sources))
	for i, src := range b.sources {
		job, err := b.submit(ctx, src, b.full)
		b.jobs[i] = job
		if err != nil {
			b.note(i, harvest.Run{ID: job.Run(), Source: src.ID, ScheduledAt: job.At, State: harvest.RunInterrupted}, err)
			continue
		}
		b.left = append(b.left, i)
	}
	working, done := context.WithCancel(ctx)
	defer done()
	if len(b.left) == 0 {
		return
	}
	c := &crew{
		harvester: b.harvester,
		wants:     b.wants,
		listed:    func(jobs map[harvest.SourceID]queue.Job) { b.listed(ctx, jobs, done) },
		ended:     func(_ context.Context, job queue.Job, run harvest.Run, err error) { b.ended(job, run, err, done) },
	}
	err := c.work(working)
	for _, i := range b.left { // ctx has ended first
		run := harvest.Run{ID: b.jobs[i].Run(), Source: b.sources[i].ID, ScheduledAt: b.jobs[i].At, State: harvest.RunInterrupted, Reason: "stopped before it began"}
		b.note(i, run, err)
	}
}

// place is where a source that has not ended stands, -1 when there is none.
func (b *batch) place(id harvest.SourceID) int {
	for _, i := range b.left {
		if b.sources[i].ID == id {
			return i
		}
	}
	return -1
}

func (b *batch) wants(job queue.Job) *config.Source {
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := b.place(job.Source); i >= 0 {
		return b.sources[i]
	}
	return nil
}

// ended takes in how a job went that was worked on here. A run that another
// worker has taken over is waited for.
func (b *batch) ended(job queue.Job, run harvest.Run, err error, done func()) {
	if errors.Is(err, queue.ErrFenced) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.end(b.place(job.Source), run, err, done)
}

// end notes the report of a source. The caller holds mu.
func (b *batch) end(i int, run harvest.Run, err error, done func()) {
	if i < 0 {
		return
	}
	b.note(i, run, err)
	b.left = slices.DeleteFunc(b.left, func(k int) bool { return k == i })
	if len(b.left) == 0 {
		done()
	}
}

func (b *batch) note(i int, run harvest.Run, err error) {
	if err != nil {
		b.logger.Error("run did not end", "source", run.Source, "run", run.ID, "err", err)
		if run.Reason == "" {
			run.Reason = err.Error()
		}
	}
	b.runs[i] = run
}

// listed looks at the jobs that are left to other processes: those that have
// gone are done.
func (b *batch) listed(ctx context.Context, jobs map[harvest.SourceID]queue.Job, done func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, i := range slices.Clone(b.left) {
		id := b.sources[i].ID
		if b.isBusy(id) {
			continue
		}
		if _, waits := jobs[id]; waits {
			continue
		}
		run, err := b.reportOf(ctx, b.jobs[i]) // an earlier run may have gone on in its stead
		if err == nil {
			b.watch.ended(&run)
		}
		b.end(i, run, err, done)
	}
}
