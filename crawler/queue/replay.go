package queue

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/harvest87/harvest"
)

// readAhead is how many messages a reading from the beginning asks for at once,
// readOn one from further on. More would be faster with short messages, but a
// server closes the connection of a client that lets too many octets wait, as
// one on a busy machine does.
const (
	readAhead = 512
	readOn    = 64
)

// Entry is one stored entry of a journal.
type Entry struct {
	// From is where to read from to get the batch of this entry, from the
	// batch's first entry on.
	From uint64
	// Data belongs to whoever reads it.
	Data []byte
}

// Position is where the next batch will stand: to [Journal.Read] from there
// gives what is appended from now on.
func (j *Journal) Position() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last
}

// Read gives the entries that stand in the journal from a position on, 0 for
// its beginning, up to the last one that is stored when it is called; in order
// and without a gap. The sequence ends after the first error.
//
// What earlier claims have stored is to be read from the beginning before the
// first Append. When the disk has lost messages, the entries after the gap are
// as good as lost, because they build on those within it: they are passed over,
// now and in later readings, with a warning in the log. So the history stays a
// sound beginning of what it was, and the rest is done again.
func (j *Journal) Read(ctx context.Context, from uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		err := j.read(ctx, from, func(e Entry) bool { return yield(e, nil) })
		if err != nil {
			yield(Entry{}, fmt.Errorf("read journal of %s: %w", j.run, err))
		}
	}
}

func (j *Journal) read(ctx context.Context, from uint64, yield func(Entry) bool) error {
	j.mu.Lock()
	claimed, last := j.claimed, j.last
	j.mu.Unlock()
	if from >= last || from == 0 && j.before == 0 && claimed == last {
		return nil
	}
	config := jetstream.OrderedConsumerConfig{FilterSubjects: []string{j.subject}}
	ahead := readAhead
	if from > 0 {
		config.DeliverPolicy, config.OptStartSeq, ahead = jetstream.DeliverByStartSequencePolicy, from+1, readOn
	}
	consumer, err := j.engine.js.OrderedConsumer(ctx, streamName, config)
	if err != nil {
		return j.engine.explain(ctx, err)
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(ahead))
	if err != nil {
		return j.engine.explain(ctx, err)
	}
	defer messages.Stop()
	r := reader{last: from, batch: from}
	for {
		raw, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return j.engine.explain(ctx, err)
		}
		meta, err := raw.Metadata()
		if err != nil {
			return err
		}
		seq := meta.Sequence.Stream
		for _, entry := range r.read(seq, raw.Data()) {
			if !yield(Entry{From: r.batch, Data: entry}) {
				return nil
			}
		}
		if seq >= last {
			return j.mend(ctx, r)
		}
	}
}

// mend claims the run once more when its chain of messages is broken, and says
// in the claim after which message the history goes on.
func (j *Journal) mend(ctx context.Context, r reader) error {
	if r.broken == nil {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.last != j.claimed {
		return fmt.Errorf("journal is damaged: %w", r.broken)
	}
	j.engine.logs.to.Warn("journal is damaged; what cannot be read is done again", "run", j.run, "reason", r.broken)
	if err := j.append(ctx, message{kind: kindClaim, body: goesOnAfter(r.last)}); err != nil {
		return err
	}
	j.claimed = j.last
	return nil
}

// reader follows the chain of a journal's messages.
type reader struct {
	last   uint64 // sequence of the last message that counts
	batch  uint64 // the one before the batch that was read last
	parts  []byte // of a batch whose end has not come yet
	broken error  // why the messages after last do not count
}

// read takes the next message and returns its entries.
func (r *reader) read(seq uint64, data []byte) [][]byte {
	m, err := decodeMessage(data)
	if err == nil && m.kind == kindClaim {
		if after, ok := m.goesOnAfter(); ok && after == r.last {
			r.last, r.parts, r.broken = seq, nil, nil
			return nil
		}
	}
	if r.broken != nil {
		return nil
	}
	if err == nil && m.prev != r.last {
		err = fmt.Errorf("messages between %d and %d are missing", r.last, seq)
	}
	if r.parts == nil {
		r.batch = r.last
	}
	var entries [][]byte
	if err == nil {
		entries, err = r.take(m)
	}
	if err != nil {
		r.broken = fmt.Errorf("message %d: %w", seq, err)
		return nil
	}
	r.last = seq
	return entries
}

// take is the meaning of a message in its place.
func (r *reader) take(m message) ([][]byte, error) {
	switch m.kind {
	case kindPart:
		r.parts = append(r.parts, m.body...)
		return nil, nil
	case kindBatch:
		body := m.body
		if r.parts != nil {
			body, r.parts = append(r.parts, body...), nil
		}
		return unpack(body)
	default: // whoever wrote the parts before a claim did not finish
		r.parts = nil
		return nil, nil
	}
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
	subjects, err := e.subjects(ctx, source)
	if err != nil {
		return nil, err
	}
	var runs []harvest.RunID
	for _, subject := range subjects {
		run, ok := runOf(subject)
		if !ok {
			continue
		}
		last, err := e.lastMessage(ctx, subject)
		if err != nil {
			return nil, err
		}
		if last.seq != 0 && last.kind != kindEnd {
			runs = append(runs, run)
		}
	}
	slices.SortFunc(runs, func(a, b harvest.RunID) int {
		_, timeA, _ := strings.Cut(string(a), "@")
		_, timeB, _ := strings.Cut(string(b), "@")
		return cmp.Or(strings.Compare(timeA, timeB), strings.Compare(string(a), string(b)))
	})
	return runs, nil
}

// subjects are those of a source's runs, ended or not; of all runs when source
// is empty.
func (e *Engine) subjects(ctx context.Context, source harvest.SourceID) ([]string, error) {
	filter := subjectPrefix + "*.*"
	if source != "" {
		filter = subjectPrefix + token(string(source)) + ".*"
	}
	within, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	// A handle of its own, because Info changes what the handle holds.
	stream, err := e.js.Stream(within, streamName)
	if err != nil {
		return nil, e.explain(ctx, err)
	}
	info, err := stream.Info(within, jetstream.WithSubjectFilter(filter))
	if err != nil {
		return nil, e.explain(ctx, err)
	}
	var subjects []string
	for subject := range info.State.Subjects {
		subjects = append(subjects, subject)
	}
	return subjects, nil
}
