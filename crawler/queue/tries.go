package queue

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/harvest87/harvest"
)

// A run whose worker dies each time before it gets anywhere, such as over a
// page that no memory suffices for, would be claimed for ever. So each claim
// counts those before it that were in vain: they ended neither in good order
// nor with more than one batch stored, for the first only says that the run
// goes on. The count needs no store of its own: it is in the journal.

// MaxVain is how many claims in vain, one after the other, are enough.
const MaxVain = 5

// Vain is how many claims before this one, one after the other, were in vain;
// it is not counted beyond [MaxVain].
func (j *Journal) Vain() int { return j.vain }

// Vain is the same for the claim that would come next.
func (e *Engine) Vain(ctx context.Context, run harvest.RunID) (int, error) {
	subject, err := subjectOf(run)
	if err != nil {
		return 0, err
	}
	last, err := e.lastMessage(ctx, subject)
	if err != nil {
		return 0, fmt.Errorf("read journal of %s: %w", run, err)
	}
	return e.vain(ctx, subject, last)
}

// vain counts from the last message of a journal backwards.
func (e *Engine) vain(ctx context.Context, subject string, last message) (int, error) {
	n, batches := 0, 0
	for at := last; at.seq != 0; {
		switch at.kind {
		case kindRelease, kindEnd:
			return n, nil
		case kindBatch:
			if batches++; batches > 1 {
				return n, nil
			}
		}
		before, err := e.messageAt(ctx, subject, at.prev)
		if err != nil {
			return 0, err
		}
		if at.kind == kindClaim && before.claim != at.claim { // mending claims once more under the same number
			batches = 0
			if n++; n == MaxVain {
				return n, nil
			}
		}
		at = before
	}
	return n, nil
}

// messageAt is the message of a journal with that sequence; the zero value
// when it is lost or cannot be read.
func (e *Engine) messageAt(ctx context.Context, subject string, seq uint64) (message, error) {
	if seq == 0 {
		return message{}, nil
	}
	within, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	raw, err := e.stream.GetMsg(within, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return message{}, nil
	}
	if err != nil {
		return message{}, e.explain(ctx, err)
	}
	m, err := decodeMessage(raw.Data)
	if err != nil || raw.Subject != subject {
		return message{}, nil
	}
	m.seq, m.at = raw.Sequence, raw.Time
	return m, nil
}

// Release gives the run up in good order, to be taken up later: this claim was
// not in vain, and neither were those before it.
func (j *Journal) Release(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.append(ctx, message{kind: kindRelease}); err != nil {
		return err
	}
	j.err = errClosed
	return nil
}
