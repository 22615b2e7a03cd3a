package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/harvest87/harvest"
)

// jobPrefix begins the subject of every job; the source follows. There is one
// job of a source at a time, whether it waits or is worked on.
const jobPrefix = "job."

// ErrQueued is wrapped by the error that [Engine.Put] returns for a source of
// which a job is there already, waiting or worked on.
var ErrQueued = errors.New("a job of the source is there already")

// Job is the wish for one run of one source.
type Job struct {
	Source harvest.SourceID `json:"source"`
	// At is the tick that the run answers, or the moment of the wish. It
	// names the run, so that a job which is given out twice is one run.
	At time.Time `json:"at"`
	// ByHand is true when a person asked for it.
	ByHand bool `json:"by_hand,omitempty"`
	// Full asks for everything, even what has not changed.
	Full bool `json:"full,omitempty"`
}

// Run is the run that the job asks for.
func (j Job) Run() harvest.RunID { return harvest.NewRunID(j.Source, j.At) }

// Put queues a job. It is refused with [ErrQueued] while one of the source is
// there. When it returns nil the job survives the end of the process.
func (e *Engine) Put(ctx context.Context, job Job) error {
	b, err := json.Marshal(job)
	if err != nil {
		return fmt.Errorf("queue a job of %s: %w", job.Source, err)
	}
	// The stream holds no job of the source: a rule of the server, checked
	// when the message is stored. A message ID would be remembered after the
	// job is done, or forgotten before.
	_, err = e.compareAndSet(ctx, jobPrefix+token(string(job.Source)), b, 0)
	if errors.Is(err, ErrFenced) {
		err = ErrQueued
	}
	if err != nil {
		return fmt.Errorf("queue a job of %s: %w", job.Source, err)
	}
	return nil
}

// compareAndSet stores a message when the last of its subject has that
// sequence; [ErrFenced] when it has not.
func (e *Engine) compareAndSet(ctx context.Context, subject string, data []byte, last uint64) (uint64, error) {
	within, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	ack, err := e.js.PublishMsg(within, &nats.Msg{Subject: subject, Data: data},
		jetstream.WithExpectLastSequencePerSubject(last), jetstream.WithRetryAttempts(0))
	if err == nil {
		return ack.Sequence, nil
	}
	if api, ok := errors.AsType[*jetstream.APIError](err); ok {
		switch api.ErrorCode {
		case jetstream.JSErrCodeStreamWrongLastSequence:
			return 0, ErrFenced
		case errCodeStoreFailed:
			return 0, fmt.Errorf("%w: %w", errFull, err)
		}
	}
	return 0, e.explain(ctx, err)
}

// Jobs lists the jobs, those that wait and those that are worked on, in the
// order in which they came. The sequence ends after the first error.
func (e *Engine) Jobs(ctx context.Context) iter.Seq2[Job, error] {
	return func(yield func(Job, error) bool) {
		for from := uint64(1); ; {
			raw, err := e.nextMessage(ctx, e.jobs, from, jobPrefix+"*")
			if err != nil {
				yield(Job{}, fmt.Errorf("list jobs: %w", err))
				return
			}
			if raw == nil {
				return
			}
			from = raw.Sequence + 1
			var job Job
			if json.Unmarshal(raw.Data, &job) != nil {
				job = Job{} // whoever takes it removes it
			}
			if source, ok := untoken(raw.Subject[len(jobPrefix):]); ok {
				job.Source = harvest.SourceID(source)
			}
			if !yield(job, nil) {
				return
			}
		}
	}
}

// nextMessage is the first message of a subject from a sequence on, nil when
// there is none.
func (e *Engine) nextMessage(ctx context.Context, s jetstream.Stream, from uint64, subject string) (*jetstream.RawStreamMsg, error) {
	within, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	raw, err := s.GetMsg(within, from, jetstream.WithGetMsgSubject(subject))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, e.explain(ctx, err)
	}
	return raw, nil
}

// Claim is a job that this worker has. Nobody else gets it while the worker
// lives, up to a silence of [Options.Silence]; after that the run's journal
// tells who has it. It must be ended by Done or Return.
type Claim struct {
	Job    Job
	engine *Engine
	raw    jetstream.Msg
	stop   context.CancelFunc
	beats  sync.WaitGroup
}

// Take claims the job of a source. It returns nil when there is none, or
// another worker has it.
func (e *Engine) Take(ctx context.Context, source harvest.SourceID) (*Claim, error) {
	raw, err := e.fetchJob(ctx, source)
	if err != nil {
		return nil, fmt.Errorf("take the job of %s: %w", source, err)
	}
	if raw == nil {
		return nil, nil
	}
	c := &Claim{engine: e, raw: raw}
	if err := json.Unmarshal(raw.Data(), &c.Job); err != nil || c.Job.Source != source || c.Job.At.IsZero() {
		e.logs.to.Warn("job cannot be read and is removed", "source", source)
		return nil, raw.Term()
	}
	beating, stop := context.WithCancel(context.WithoutCancel(ctx))
	c.stop = stop
	c.beats.Go(func() { c.beat(beating) })
	return c, nil
}

// fetchJob asks for the job of a source. A consumer that another worker is just
// making is known a moment before it listens: nobody responds then, and it is
// asked again.
func (e *Engine) fetchJob(ctx context.Context, source harvest.SourceID) (jetstream.Msg, error) {
	within, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	again := time.NewTicker(askAgain)
	defer again.Stop()
	for {
		raw, err := e.askForJob(within, source)
		if err == nil {
			return raw, nil
		}
		if !errors.Is(err, nats.ErrNoResponders) {
			return nil, e.explain(ctx, err)
		}
		select {
		case <-again.C:
		case <-within.Done():
			return nil, e.explain(ctx, err)
		}
	}
}

// askAgain is the pause before a consumer that did not respond is asked again.
const askAgain = 20 * time.Millisecond

// askForJob asks once. Each source has a consumer of its own, so that whoever
// wants to work for some sources leaves the jobs of others alone; it vanishes
// when nobody has asked for a while.
func (e *Engine) askForJob(ctx context.Context, source harvest.SourceID) (jetstream.Msg, error) {
	consumer, err := e.jobs.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Name:              consumerOf(source),
		Description:       "who works for " + string(source),
		FilterSubject:     jobPrefix + token(string(source)),
		AckPolicy:         jetstream.AckExplicitPolicy,
		AckWait:           e.silence,
		MaxDeliver:        -1,
		MaxAckPending:     1,
		InactiveThreshold: workersFor,
	})
	if err != nil {
		return nil, err
	}
	fetch := func() (jetstream.MessageBatch, error) { return consumer.FetchNoWait(1) }
	if info := consumer.CachedInfo(); info.NumPending > 0 && info.NumAckPending == 0 { // it is there, and a new consumer may need a moment
		fetch = func() (jetstream.MessageBatch, error) { return consumer.Fetch(1, jetstream.FetchMaxWait(time.Second)) }
	}
	batch, err := fetch()
	if err != nil {
		return nil, err
	}
	for raw := range batch.Messages() {
		return raw, nil
	}
	return nil, batch.Error()
}

// workersFor is how long the server remembers that somebody asked for the jobs
// of a source. A job that is worked on keeps the memory alive.
const workersFor = 10 * time.Minute

// consumerOf is the name of the consumer for a source. A consumer's name may
// not hold all that a subject may.
func consumerOf(source harvest.SourceID) string { return "work-" + token(string(source)) }

// beat tells the server that the worker lives.
func (c *Claim) beat(ctx context.Context) {
	tick := time.NewTicker(c.engine.silence / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := c.raw.InProgress(); err != nil { // the server is away; the journal's fence holds
				c.engine.logs.to.Debug("worker is not heard", "source", c.Job.Source, "err", err)
			}
		}
	}
}

// Done removes the job. It is called after the end of the run is in its
// journal: the server also takes the word of a worker whose job it has given
// to another, so a worker that was fenced does not call it, but Drop.
func (c *Claim) Done(ctx context.Context) error {
	c.Drop()
	within, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	if err := c.raw.DoubleAck(within); err != nil {
		return fmt.Errorf("job of %s is done: %w", c.Job.Source, c.engine.explain(ctx, err))
	}
	return nil
}

// Return gives the job back, to be taken by anybody after that time.
func (c *Claim) Return(after time.Duration) error {
	c.Drop()
	nak := c.raw.Nak
	if after > 0 {
		nak = func() error { return c.raw.NakWithDelay(after) }
	}
	if err := nak(); err != nil {
		return fmt.Errorf("give back the job of %s: %w", c.Job.Source, err)
	}
	return c.engine.flush()
}

// Drop says nothing more of the job: another worker has it, or will have it
// when the silence has lasted.
func (c *Claim) Drop() {
	c.stop()
	c.beats.Wait()
}

// flush waits until the server has what was sent without an answer.
func (e *Engine) flush() error {
	ctx, cancel := context.WithTimeout(context.Background(), attemptTimeout)
	defer cancel()
	if err := e.conn.FlushWithContext(ctx); err != nil {
		return e.explain(ctx, err)
	}
	return nil
}

// forgetWorkers makes jobs free that a worker had when its process ended. In a
// folder of our own there is no other.
func (e *Engine) forgetWorkers(ctx context.Context) error {
	names := e.jobs.ConsumerNames(ctx)
	var all []string
	for name := range names.Name() {
		all = append(all, name)
	}
	if err := names.Err(); err != nil {
		return e.explain(ctx, err)
	}
	for _, name := range all {
		if err := e.jobs.DeleteConsumer(ctx, name); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return e.explain(ctx, err)
		}
	}
	return nil
}

// wakeWithin bounds how long Wake waits for the server to know.
const wakeWithin = 10 * time.Second

// Wake returns a channel that has something in it after a job was put, by
// whomever, until stop is called. It is a hint: who waits for jobs also looks
// now and then, because jobs come back without a word. What is put after Wake has
// returned is heard, unless the server is away.
func (e *Engine) Wake() (wake <-chan struct{}, stop func(), err error) {
	c := make(chan struct{}, 1)
	sub, err := e.conn.Subscribe(jobPrefix+"*", func(*nats.Msg) {
		select {
		case c <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return nil, nil, fmt.Errorf("wait for jobs: %w", e.explain(context.Background(), err))
	}
	_ = e.conn.FlushTimeout(wakeWithin)             // the server has it; one that is away is told when it is back
	return c, func() { _ = sub.Unsubscribe() }, nil // fails only when the connection is gone
}
