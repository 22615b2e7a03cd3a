package queue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/harvest87/harvest"
)

// readAhead is how many messages a replay asks for at once.
const readAhead = 4096

// Replay reads the entries that earlier claims have stored, in order. The
// sequence ends after the first error; one that wraps [ErrDamaged] means that
// entries are missing or cannot be read, and that those after it are not to be
// had. Entries belong to the caller.
func (j *Journal) Replay(ctx context.Context) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		err := j.replay(ctx, func(entry []byte) bool { return yield(entry, nil) })
		if err != nil {
			yield(nil, fmt.Errorf("replay journal of %s: %w", j.run, err))
		}
	}
}

func (j *Journal) replay(ctx context.Context, yield func([]byte) bool) error {
	if j.claim == 1 {
		return nil
	}
	consumer, err := j.engine.js.OrderedConsumer(ctx, streamName, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{j.subject},
	})
	if err != nil {
		return j.engine.explain(err)
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(readAhead))
	if err != nil {
		return j.engine.explain(err)
	}
	defer messages.Stop()
	var r reader
	for {
		raw, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return j.engine.explain(err)
		}
		meta, err := raw.Metadata()
		if err != nil {
			return err
		}
		seq := meta.Sequence.Stream
		if seq == j.claimed {
			return r.follow(seq, raw.Data(), nil)
		}
		if seq > j.claimed {
			return fmt.Errorf("%w: the claim is missing", ErrDamaged)
		}
		more := true
		err = r.follow(seq, raw.Data(), func(entry []byte) bool {
			more = yield(entry)
			return more
		})
		if err != nil || !more {
			return err
		}
	}
}

// reader follows the chain of a journal's messages.
type reader struct {
	last  uint64 // sequence of the message before
	parts []byte // of a batch whose end has not come yet
}

// follow reads the next message and yields its entries, until yield says no.
func (r *reader) follow(seq uint64, data []byte, yield func([]byte) bool) error {
	m, err := decodeMessage(data)
	if err != nil {
		return fmt.Errorf("%w: message %d: %w", ErrDamaged, seq, err)
	}
	if m.prev != r.last {
		return fmt.Errorf("%w: entries between %d and %d are missing", ErrDamaged, r.last, seq)
	}
	r.last = seq
	switch m.kind {
	case kindClaim, kindEnd:
		r.parts = nil // whoever wrote them did not finish
	case kindPart:
		r.parts = append(r.parts, m.body...)
	case kindBatch:
		body := m.body
		if r.parts != nil {
			body, r.parts = append(r.parts, body...), nil
		}
		entries, err := unpack(body)
		if err != nil {
			return fmt.Errorf("%w: message %d: %w", ErrDamaged, seq, err)
		}
		for _, e := range entries {
			if !yield(e) {
				return nil
			}
		}
	}
	return nil
}

// Unfinished lists the runs of a source, or of all when source is empty, that
// were begun and not ended, oldest first by their scheduled time.
func (e *Engine) Unfinished(ctx context.Context, source harvest.SourceID) ([]harvest.RunID, error) {
	runs, err := e.unfinished(ctx, source)
	if err != nil {
		return nil, fmt.Errorf("list unfinished runs: %w", err)
	}
	return runs, nil
}

func (e *Engine) unfinished(ctx context.Context, source harvest.SourceID) ([]harvest.RunID, error) {
	filter := subjectPrefix + "*.*"
	if source != "" {
		filter = subjectPrefix + token(string(source)) + ".*"
	}
	// A handle of its own, because Info changes what the handle holds.
	stream, err := e.js.Stream(ctx, streamName)
	if err != nil {
		return nil, e.explain(err)
	}
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(filter))
	if err != nil {
		return nil, e.explain(err)
	}
	var runs []harvest.RunID
	for subject := range info.State.Subjects {
		run, ok := runOf(subject)
		if !ok {
			continue
		}
		last, seq, err := e.lastMessage(ctx, subject)
		if errors.Is(err, ErrDamaged) || (err == nil && seq != 0 && last.kind != kindEnd) {
			runs = append(runs, run)
		} else if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(runs, func(a, b harvest.RunID) int {
		_, ta, _ := strings.Cut(string(a), "@")
		_, tb, _ := strings.Cut(string(b), "@")
		return cmp.Or(strings.Compare(ta, tb), strings.Compare(string(a), string(b)))
	})
	return runs, nil
}
