package queue

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/harvest87/harvest"
)

// ErrFenced is wrapped by errors that mean that another worker has claimed the
// run. Whoever gets it must stop without a word: the run is in other hands.
var ErrFenced = errors.New("another worker has taken over the run")

// ErrEnded is wrapped by the error that [Engine.Journal] returns for a run
// that has ended. It is remembered for a week.
var ErrEnded = errors.New("run has ended")

// errClosed is returned by a journal after Close or End.
var errClosed = errors.New("journal is closed")

// Journal is the history of one run, claimed by this worker. It is safe for
// concurrent use; appends are stored in the order in which they come.
type Journal struct {
	engine  *Engine
	run     harvest.RunID
	subject string
	claim   uint64 // number of this claim, from 1
	claimed uint64 // stream sequence of this claim

	mu   sync.Mutex
	last uint64 // stream sequence of the last message
	err  error  // set when nothing more can be appended
}

// Journal opens the journal of a run, creating it when it is new, and claims
// it: workers that claimed it before can no longer append. It returns an error
// that wraps [ErrEnded] when the run has ended.
func (e *Engine) Journal(ctx context.Context, run harvest.RunID) (*Journal, error) {
	subject, err := subjectOf(run)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	j := &Journal{engine: e, run: run, subject: subject}
	for {
		last, seq, err := e.lastMessage(ctx, subject)
		if err != nil {
			return nil, fmt.Errorf("open journal of %s: %w", run, err)
		}
		if last.kind == kindEnd {
			return nil, fmt.Errorf("open journal of %s: %w", run, ErrEnded)
		}
		j.claim = last.claim + 1
		claim := message{kind: kindClaim, claim: j.claim, prev: seq}
		j.last, err = e.publish(ctx, subject, claim)
		if errors.Is(err, ErrFenced) {
			continue // someone was quicker; claim it from them
		}
		if err != nil {
			return nil, fmt.Errorf("claim journal of %s: %w", run, err)
		}
		j.claimed = j.last
		return j, nil
	}
}

// Claims is how often the journal has been opened, this time included.
func (j *Journal) Claims() int { return int(j.claim) }

// Append stores entries, in order, as one unit: after a crash all of them are
// there or none. When it returns nil they survive the end of the process. An
// error that wraps [ErrFenced] means that another worker has claimed the run;
// after any other error it is unknown whether the entries are stored, and the
// next Append finds out before it stores more. The entries are not kept.
func (j *Journal) Append(ctx context.Context, entries ...[]byte) error {
	if len(entries) == 0 {
		return nil
	}
	body, err := pack(entries)
	if err != nil {
		return fmt.Errorf("append to journal of %s: %w", j.run, err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	room := int(j.engine.conn.MaxPayload()) - messageOverhead
	for len(body) > room {
		if err := j.append(ctx, message{kind: kindPart, body: body[:room]}); err != nil {
			return err
		}
		body = body[room:]
	}
	return j.append(ctx, message{kind: kindBatch, body: body})
}

// append stores one message behind the last. The caller holds mu.
func (j *Journal) append(ctx context.Context, m message, opts ...jetstream.PublishOpt) error {
	if j.err != nil {
		return fmt.Errorf("append to journal of %s: %w", j.run, j.err)
	}
	m.claim, m.prev = j.claim, j.last
	seq, err := j.engine.publish(ctx, j.subject, m, opts...)
	if err != nil {
		if errors.Is(err, ErrFenced) {
			j.err = ErrFenced
		}
		return fmt.Errorf("append to journal of %s: %w", j.run, err)
	}
	j.last = seq
	return nil
}

// End stores that the run has ended and gives the space of its entries back.
// From then on [Engine.Unfinished] does not list the run. It fails like Append.
func (j *Journal) End(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	err := j.append(ctx, message{kind: kindEnd}, jetstream.WithMsgTTL(endedFor))
	if err != nil {
		return err
	}
	j.err = errClosed
	// The run has ended whatever becomes of this; what is left is taken
	// away when the end itself is forgotten.
	if err := j.engine.purge(ctx, j.subject, jetstream.WithPurgeKeep(1)); err != nil {
		j.engine.logs.to.Warn("ended journal not purged", "run", j.run, "err", err)
	}
	return nil
}

// Close gives the journal up without ending the run. It stores nothing.
func (j *Journal) Close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err == nil {
		j.err = errClosed
	}
}

// lastMessage is the last message of a subject, and its sequence; zero values
// when there is none.
func (e *Engine) lastMessage(ctx context.Context, subject string) (message, uint64, error) {
	raw, err := e.stream.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return message{}, 0, nil
	}
	if err != nil {
		return message{}, 0, e.explain(err)
	}
	m, err := decodeMessage(raw.Data)
	if err != nil {
		return message{}, 0, fmt.Errorf("%w: message %d of %s: %w", ErrDamaged, raw.Sequence, subject, err)
	}
	return m, raw.Sequence, nil
}

// publish stores a message whose prev is the last sequence of its subject, and
// returns its sequence; [ErrFenced] when the last sequence is another.
func (e *Engine) publish(ctx context.Context, subject string, m message, opts ...jetstream.PublishOpt) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	msg := &nats.Msg{Subject: subject, Data: m.encode()}
	opts = append(opts, jetstream.WithExpectLastSequencePerSubject(m.prev), jetstream.WithRetryAttempts(0))
	ack, err := e.js.PublishMsg(ctx, msg, opts...)
	if err == nil {
		return ack.Sequence, nil
	}
	var api *jetstream.APIError
	if errors.As(err, &api) && api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence {
		return 0, ErrFenced
	}
	return 0, e.explain(err)
}

// purge removes messages of one subject.
func (e *Engine) purge(ctx context.Context, subject string, opts ...jetstream.StreamPurgeOpt) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return e.explain(e.stream.Purge(ctx, append(opts, jetstream.WithPurgeSubject(subject))...))
}
