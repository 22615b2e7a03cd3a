package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/harvest87/harvest"
)

// tickPrefix begins the subject of every tick; the source follows. The last
// tick of each source is kept.
const tickPrefix = "tick."

// tick is what is kept of a source's schedule.
type tick struct {
	// At is the last tick that was answered, or from when on ticks count.
	At time.Time `json:"at"`
	// Line is the schedule that it belongs to, as its owner writes it.
	Line string `json:"line,omitempty"`
	// Owed is true from the moment a scheduler has won the tick until the job
	// is queued. When it dies in between, another one queues it.
	Owed bool `json:"owed,omitempty"`

	seq uint64 // 0 when there is none
}

// farAhead is how far in the future a tick may lie because clocks differ.
// What lies further was written by a clock that was wrong.
const farAhead = time.Hour

// FireResult says what became of a tick.
type FireResult int

const (
	// Fired says that this call has won the tick; its job is queued.
	Fired FireResult = iota
	// FiredBefore says that the tick was answered already, by whomever.
	FiredBefore
	// LeftOut says that an earlier job of the source is still there, and answers the tick.
	LeftOut
)

// Since returns from when on ticks of a source are to be answered: its last
// tick that was, or now when it has none, or not on that line. Line is any
// text that changes when the schedule does.
func (e *Engine) Since(ctx context.Context, source harvest.SourceID, line string, now time.Time) (time.Time, error) {
	for {
		last, err := e.lastTick(ctx, source)
		if err != nil {
			return time.Time{}, fmt.Errorf("read ticks of %s: %w", source, err)
		}
		if last.Owed {
			if _, err := e.settle(ctx, source, last); err != nil {
				return time.Time{}, err
			}
			continue
		}
		ahead := last.At.After(now.Add(farAhead))
		if last.seq != 0 && last.Line == line && !ahead {
			return last.At, nil
		}
		if ahead {
			e.logs.to.Warn("last tick lies in the future; the clock was or is wrong, and ticks count from now on", "source", source, "tick", last.At)
		}
		_, err = e.setTick(ctx, source, tick{At: now.UTC(), Line: line, seq: last.seq})
		if errors.Is(err, ErrFenced) {
			continue // another scheduler has just done so
		}
		if err != nil {
			return time.Time{}, fmt.Errorf("begin ticks of %s: %w", source, err)
		}
		return now, nil
	}
}

// Fire answers a tick of a source, once over all schedulers: it queues the job.
// After an error it is to be called again.
func (e *Engine) Fire(ctx context.Context, source harvest.SourceID, line string, at time.Time) (FireResult, error) {
	for {
		last, err := e.lastTick(ctx, source)
		if err != nil {
			return 0, fmt.Errorf("read ticks of %s: %w", source, err)
		}
		if !last.At.Before(at) {
			if last.Owed && last.At.Equal(at) {
				return e.settle(ctx, source, last)
			}
			return FiredBefore, nil
		}
		won := tick{At: at.UTC(), Line: line, Owed: true, seq: last.seq}
		won.seq, err = e.setTick(ctx, source, won)
		if errors.Is(err, ErrFenced) {
			continue // another scheduler was quicker
		}
		if err != nil {
			return 0, fmt.Errorf("answer the tick of %s: %w", source, err)
		}
		return e.settle(ctx, source, won)
	}
}

// Pass notes that a tick is not to be answered by anybody, because its source
// is paused or rests.
func (e *Engine) Pass(ctx context.Context, source harvest.SourceID, line string, at time.Time) error {
	for {
		last, err := e.lastTick(ctx, source)
		if err != nil {
			return fmt.Errorf("read ticks of %s: %w", source, err)
		}
		if !last.At.Before(at) {
			return nil
		}
		if last.Owed { // an earlier one still wants its job
			if _, err := e.settle(ctx, source, last); err != nil {
				return err
			}
			continue
		}
		_, err = e.setTick(ctx, source, tick{At: at.UTC(), Line: line, seq: last.seq})
		if !errors.Is(err, ErrFenced) {
			return err
		}
	}
}

// Settle queues the job of a tick whose scheduler died after it had won it. A
// scheduler that is only slow does not mind.
func (e *Engine) Settle(ctx context.Context, source harvest.SourceID) error {
	last, err := e.lastTick(ctx, source)
	if err != nil {
		return fmt.Errorf("read ticks of %s: %w", source, err)
	}
	if !last.Owed {
		return nil
	}
	_, err = e.settle(ctx, source, last)
	return err
}

// settle queues the job that a tick owes, and notes that it has. A job whose
// run has ended is about to go, and is waited for.
func (e *Engine) settle(ctx context.Context, source harvest.SourceID, owing tick) (FireResult, error) {
	want := Job{Source: source, At: owing.At}
	result := Fired
	for {
		if ended, err := e.ended(ctx, want.Run()); ended || err != nil {
			if err != nil {
				return 0, err
			}
			break // another scheduler queued it, and it is done
		}
		err := e.Put(ctx, want)
		if err == nil {
			break
		}
		if !errors.Is(err, ErrQueued) {
			return 0, err
		}
		job, found, err := e.jobOf(ctx, source)
		if err != nil {
			return 0, err
		}
		if found && job.At.Equal(owing.At) {
			break
		}
		if found { // else it has gone meanwhile
			ended, err := e.ended(ctx, job.Run())
			if err != nil {
				return 0, err
			}
			if !ended {
				result = LeftOut
				break
			}
		}
		if !pause(ctx, goingWait) {
			return 0, ctx.Err()
		}
	}
	owing.Owed = false
	if _, err := e.setTick(ctx, source, owing); err != nil && !errors.Is(err, ErrFenced) { // fenced: another has
		return 0, fmt.Errorf("note the tick of %s: %w", source, err)
	}
	return result, nil
}

// goingWait is the pause before a look whether a job has gone.
const goingWait = 50 * time.Millisecond

func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// ended reports whether the end of a run is in its journal.
func (e *Engine) ended(ctx context.Context, run harvest.RunID) (bool, error) {
	subject, err := subjectOf(run)
	if err != nil {
		return false, err
	}
	last, err := e.lastMessage(ctx, subject)
	if err != nil {
		return false, fmt.Errorf("read journal of %s: %w", run, err)
	}
	return last.kind == kindEnd, nil
}

// jobOf is the job of a source, waiting or worked on, and whether there is one.
func (e *Engine) jobOf(ctx context.Context, source harvest.SourceID) (Job, bool, error) {
	raw, err := e.nextMessage(ctx, e.jobs, 1, jobPrefix+token(string(source)))
	if err != nil || raw == nil {
		return Job{}, false, err
	}
	var job Job
	if err := json.Unmarshal(raw.Data, &job); err != nil {
		return Job{}, false, fmt.Errorf("job of %s: %w", source, err)
	}
	return job, true, nil
}

// lastTick is what is kept of a source's schedule; the zero value when nothing
// is. What cannot be read has its sequence only, and begins anew.
func (e *Engine) lastTick(ctx context.Context, source harvest.SourceID) (tick, error) {
	within, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	raw, err := e.ticks.GetLastMsgForSubject(within, tickPrefix+token(string(source)))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return tick{}, nil
	}
	if err != nil {
		return tick{}, e.explain(ctx, err)
	}
	var t tick
	if json.Unmarshal(raw.Data, &t) != nil {
		t = tick{}
	}
	t.seq = raw.Sequence
	return t, nil
}

func (e *Engine) setTick(ctx context.Context, source harvest.SourceID, t tick) (uint64, error) {
	b, err := json.Marshal(t)
	if err != nil {
		return 0, err
	}
	return e.compareAndSet(ctx, tickPrefix+token(string(source)), b, t.seq)
}
