package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/queue"
)

const (
	// sourcesAtOnce is how many sources are harvested at a time. Hosts are
	// paced one by one whatever this is.
	sourcesAtOnce = 4
	// lookForJobs is how often jobs are looked for without having been
	// announced: those of workers that died come back without a word.
	lookForJobs = 5 * time.Second
	// tryLater is how long a job of a server rests whose run could not go on,
	// because the store stayed away or for a reason nobody foresaw.
	tryLater = time.Minute
)

// errStopped is why a run stops that was asked to.
var errStopped = errors.New("stopped by hand")

// submit queues a job for a run of the source by hand. A job that is there
// already is as good; which one it is, is returned.
func (h *harvester) submit(ctx context.Context, src *config.Source, full bool) (queue.Job, error) {
	at, err := h.freeMoment(ctx, src.ID, h.now().UTC().Truncate(time.Second))
	if err != nil {
		return queue.Job{}, err
	}
	job := queue.Job{Source: src.ID, At: at, ByHand: true, Full: full}
	err = h.queue.Put(ctx, job)
	if !errors.Is(err, queue.ErrQueued) {
		return job, err
	}
	for there, err := range h.queue.Jobs(ctx) {
		if err != nil {
			return job, err
		}
		if there.Source == src.ID {
			return there, nil
		}
	}
	return job, h.queue.Put(ctx, job) // it has gone meanwhile
}

// crew works on jobs: of those sources that it wants, several at once.
type crew struct {
	*harvester
	// wants returns the source of a job that is to be done here. It is called
	// by one goroutine.
	wants func(job queue.Job) *config.Source
	// ended, when set, is told how a job went while its source still counts as
	// busy, and after when it does not any more; by several goroutines.
	ended func(ctx context.Context, job queue.Job, run harvest.Run, err error)
	after func(ctx context.Context, job queue.Job, run harvest.Run, err error)
	// listed, when set, is told which sources have jobs, after each look.
	listed func(jobs map[harvest.SourceID]queue.Job)

	// rest is how long a job rests whose run could not go on.
	rest time.Duration

	running sync.WaitGroup
	slots   chan struct{}
	freed   chan struct{}
}

// work takes jobs and performs them until ctx ends; then it waits for the runs
// that are under way, whose context has ended too.
func (c *crew) work(ctx context.Context) error {
	c.slots, c.freed = make(chan struct{}, sourcesAtOnce), make(chan struct{}, 1)
	wake, stop, err := c.queue.Wake()
	if err != nil {
		return err
	}
	defer stop()
	defer c.running.Wait()
	look := time.NewTicker(lookForJobs)
	defer look.Stop()
	away := false
	for ctx.Err() == nil {
		err := c.look(ctx)
		if err != nil && ctx.Err() == nil && !away {
			c.logger.Warn("queue cannot be asked for jobs, trying again", "err", err)
		}
		away = err != nil
		select {
		case <-ctx.Done():
		case <-wake:
		case <-c.freed:
		case <-look.C:
		}
	}
	return nil
}

// look takes what there is, as far as there is room.
func (c *crew) look(ctx context.Context) error {
	all := make(map[harvest.SourceID]queue.Job)
	for job, err := range c.queue.Jobs(ctx) {
		if err != nil {
			return err
		}
		all[job.Source] = job
		src := c.wants(job)
		if src == nil || c.isBusy(job.Source) {
			continue
		}
		if err := c.start(ctx, src); err != nil {
			return err
		}
	}
	if c.listed != nil {
		c.listed(all)
	}
	return nil
}

// start takes the job of a source and starts its run, when there is room and
// no other worker has it.
func (c *crew) start(ctx context.Context, src *config.Source) error {
	select {
	case c.slots <- struct{}{}:
	default:
		return nil
	}
	claim, err := c.queue.Take(ctx, src.ID)
	if err != nil || claim == nil {
		<-c.slots
		return err
	}
	run, stop := context.WithCancelCause(ctx)
	if _, busy := c.busy.LoadOrStore(src.ID, stop); busy {
		stop(nil)
		<-c.slots
		return claim.Return(0)
	}
	c.running.Go(func() {
		defer func() {
			<-c.slots
			select {
			case c.freed <- struct{}{}:
			default: // the next look is due anyway
			}
		}()
		report, err := c.perform(run, src, claim)
		stop(nil)
		if c.ended != nil {
			c.ended(ctx, claim.Job, report, err)
		}
		c.busy.Delete(src.ID)
		if err == nil { // whoever hears of it can run the source again
			c.watch.ended(&report)
		}
		if c.after != nil {
			c.after(ctx, claim.Job, report, err)
		}
	})
	return nil
}

// perform carries a job out and says to the queue what became of it. A panic
// ends the run, not the process; its journal counts it.
func (c *crew) perform(ctx context.Context, src *config.Source, claim *queue.Claim) (run harvest.Run, err error) {
	c.logger.Info("run starts", "source", src.ID, "scheduled", claim.Job.At)
	func() {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("harvest %s: it broke, please report it: %v", src.ID, r)
				run.State = harvest.RunInterrupted
				c.logger.Error("run panicked; please report it", "source", src.ID, "reason", fmt.Sprint(r), "stack", string(debug.Stack()))
			}
		}()
		run, err = c.attempt(ctx, src, claim.Job)
	}()
	if run.ID == "" {
		run.ID, run.Source, run.ScheduledAt = claim.Job.Run(), src.ID, claim.Job.At
	}
	if err := c.settle(ctx, claim, &run, err); err != nil {
		c.logger.Warn("job is not settled and may be given out again", "source", src.ID, "err", err)
	}
	return run, err
}

// settle says to the queue what became of a job.
func (c *crew) settle(ctx context.Context, claim *queue.Claim, run *harvest.Run, err error) error {
	final := err == nil && run.State.Ended()
	for _, told := range []error{errNoContact, errSetAside, queue.ErrEnded} {
		final = final || errors.Is(err, told)
	}
	switch {
	case errors.Is(err, queue.ErrFenced):
		claim.Drop() // it is in other hands
		return nil
	case final, errors.Is(context.Cause(ctx), errStopped):
		return claim.Done(context.WithoutCancel(ctx))
	case ctx.Err() != nil:
		return claim.Return(0)
	}
	return claim.Return(c.rest)
}
