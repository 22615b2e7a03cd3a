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
// that has ended. It is remembered for a week at least.
var ErrEnded = errors.New("run has ended")

// errClosed is why a journal takes no more entries after Close or End.
var errClosed = errors.New("journal is closed")

// errFull is why nothing is stored at the bound of [Options.MaxBytes].
var errFull = errors.New("the journals have reached their bound in size")

// errCodeStoreFailed is the server's code for a message that is in order but
// that a limit of the stream does not admit.
const errCodeStoreFailed = 10077

// patience is how long an append waits for a server elsewhere to come back.
const patience = 2 * time.Minute

// retryWait is the pause between two attempts to reach it.
const retryWait = 250 * time.Millisecond

// Journal is the history of one run, claimed by this worker. It is safe for
// concurrent use; appends are stored in the order in which they come.
type Journal struct {
	engine  *Engine
	run     harvest.RunID
	subject string
	claim   uint64 // number of this claim, from 1
	before  uint64 // stream sequence of the message before it, 0 when none
	vain    int

	mu      sync.Mutex
	claimed uint64 // stream sequence of the claim
	last    uint64 // stream sequence of the last message
	err     error  // why nothing more can be appended
}

// Journal opens the journal of a run, creating it when it is new, and claims
// it: workers that claimed it before can no longer append. It returns an error
// that wraps [ErrEnded] when the run has ended.
func (e *Engine) Journal(ctx context.Context, run harvest.RunID) (*Journal, error) {
	subject, err := subjectOf(run)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	for {
		last, err := e.lastMessage(ctx, subject)
		if err != nil {
			return nil, fmt.Errorf("open journal of %s: %w", run, err)
		}
		if last.kind == kindEnd {
			return nil, fmt.Errorf("open journal of %s: %w", run, ErrEnded)
		}
		vain, err := e.vain(ctx, subject, last)
		if err != nil {
			return nil, fmt.Errorf("open journal of %s: %w", run, err)
		}
		j := &Journal{engine: e, run: run, subject: subject, claim: last.claim + 1, before: last.seq, vain: vain}
		seq, err := e.publish(ctx, subject, message{kind: kindClaim, claim: j.claim, prev: last.seq})
		if errors.Is(err, ErrFenced) {
			continue // someone was quicker; claim it from them
		}
		if err != nil {
			return nil, fmt.Errorf("claim journal of %s: %w", run, err)
		}
		j.claimed, j.last = seq, seq
		return j, nil
	}
}

// Claims is how often the journal has been opened, this time included.
func (j *Journal) Claims() int { return int(j.claim) }

// Append stores entries, in order, as one unit: after a crash all of them are
// there or none. When it returns nil they survive the end of the process. An
// error that wraps [ErrFenced] means that another worker has claimed the run.
// After any other error, such as a full disk or a ctx that ended meanwhile, it
// is open whether these entries are stored; all those before are. Then, too,
// the journal takes no more: opening and replaying it shows how things stand.
//
// While a server elsewhere cannot be reached, Append waits for it for two
// minutes; its error then wraps [harvest.ErrUnavailable]. The entries are not
// kept.
func (j *Journal) Append(ctx context.Context, entries ...[]byte) error {
	if len(entries) == 0 {
		return nil
	}
	body, err := pack(entries)
	if err == nil {
		err = ctx.Err()
	}
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

// End stores that the run has ended and gives the space of its entries back.
// From then on [Engine.Unfinished] does not list the run. It fails like Append.
func (j *Journal) End(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	err := j.append(ctx, message{kind: kindEnd})
	if errors.Is(err, errFull) { // then the entries make room; nobody needs them any more
		if err := j.engine.purge(ctx, j.subject); err != nil {
			return fmt.Errorf("end journal of %s: %w", j.run, err)
		}
		j.last, j.err = 0, nil
		err = j.append(ctx, message{kind: kindEnd})
	}
	if err != nil {
		return err
	}
	j.err = errClosed
	if err := j.engine.forget(ctx, j.run, j.subject); err != nil {
		// The run has ended whatever becomes of this.
		j.engine.logs.to.Warn("ended journal keeps its space", "run", j.run, "err", err)
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

// append stores one message behind the last. The caller holds mu.
func (j *Journal) append(ctx context.Context, m message) error {
	if j.err == nil {
		m.claim, m.prev = j.claim, j.last
		var seq uint64
		if seq, j.err = j.engine.store(ctx, j.subject, m); j.err == nil {
			j.last = seq
			return nil
		}
	}
	return fmt.Errorf("append to journal of %s: %w", j.run, j.err)
}

// store is publish with patience. An attempt whose answer was lost may have
// succeeded; then the next one is refused because of the first, which the
// last message shows: only its claimant can have written it.
func (e *Engine) store(ctx context.Context, subject string, m message) (uint64, error) {
	giveUp := time.Now().Add(patience)
	for attempt := 1; ; attempt++ {
		seq, err := e.publish(ctx, subject, m)
		if errors.Is(err, ErrFenced) && attempt > 1 {
			last, lastErr := e.lastMessage(ctx, subject)
			if lastErr != nil {
				err = lastErr
			} else if last.kind == m.kind && last.claim == m.claim && last.prev == m.prev {
				return last.seq, nil
			}
		}
		if !errors.Is(err, harvest.ErrUnavailable) || time.Now().After(giveUp) {
			return seq, err
		}
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(retryWait):
		}
	}
}

// publish stores a message whose prev is the last sequence of its subject, and
// returns its sequence; [ErrFenced] when the last sequence is another.
func (e *Engine) publish(ctx context.Context, subject string, m message) (uint64, error) {
	timeout := answerTimeout
	if e.srv == nil {
		timeout = attemptTimeout
	}
	within, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	ack, err := e.js.PublishMsg(within, &nats.Msg{Subject: subject, Data: m.encode()},
		jetstream.WithExpectLastSequencePerSubject(m.prev), jetstream.WithRetryAttempts(0))
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

// lastMessage is the last message of a subject; the zero value when there is
// none. A message that cannot be read has its sequence only.
func (e *Engine) lastMessage(ctx context.Context, subject string) (message, error) {
	within, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	raw, err := e.stream.GetLastMsgForSubject(within, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return message{}, nil
	}
	if err != nil {
		return message{}, e.explain(ctx, err)
	}
	m, err := decodeMessage(raw.Data)
	if err != nil {
		e.logs.to.Warn("journal message cannot be read", "subject", subject, "sequence", raw.Sequence, "err", err)
	}
	m.seq, m.at = raw.Sequence, raw.Time
	return m, nil
}

// forget removes the entries of a run that has ended, all but the end itself,
// and the ends of earlier runs of its source that nobody will ask for again.
func (e *Engine) forget(ctx context.Context, run harvest.RunID, subject string) error {
	if err := e.purge(ctx, subject, jetstream.WithPurgeKeep(1)); err != nil {
		return err
	}
	subjects, err := e.subjects(ctx, run.Source())
	if err != nil {
		return err
	}
	for _, s := range subjects {
		last, err := e.lastMessage(ctx, s)
		if err != nil {
			return err
		}
		if last.kind != kindEnd || time.Since(last.at) < endedFor {
			continue
		}
		if err := e.purge(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// purge removes messages of one subject.
func (e *Engine) purge(ctx context.Context, subject string, opts ...jetstream.StreamPurgeOpt) error {
	within, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	err := e.stream.Purge(within, append(opts, jetstream.WithPurgeSubject(subject))...)
	if err != nil {
		return e.explain(ctx, err)
	}
	return nil
}
