package queue

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nats-io/nats.go/jetstream"
)

// The streams. What is kept in them stands in the lead comment of the package.
const (
	streamName = "JOURNAL"
	jobsName   = "JOBS"
	ticksName  = "TICKS"
)

// openStreams opens all streams, creating those that are not there.
func (e *Engine) openStreams(ctx context.Context, o Options) error {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	var err error
	e.stream, err = e.ensureStream(ctx, jetstream.StreamConfig{
		Name:        streamName,
		Description: "the journals of runs, one subject each",
		Subjects:    []string{subjectPrefix + "*.*"},
		Retention:   jetstream.LimitsPolicy,
		Storage:     jetstream.FileStorage,
		Discard:     jetstream.DiscardNew,
		MaxBytes:    o.MaxBytes,
		AllowDirect: true,
	})
	if err != nil {
		return err
	}
	e.jobs, err = e.ensureStream(ctx, jetstream.StreamConfig{
		Name:                 jobsName,
		Description:          "runs that are wanted, one source a subject, gone when done",
		Subjects:             []string{jobPrefix + "*"},
		Retention:            jetstream.WorkQueuePolicy,
		Storage:              jetstream.FileStorage,
		Discard:              jetstream.DiscardNew,
		MaxMsgsPerSubject:    1,
		DiscardNewPerSubject: true,
		MaxBytes:             smallStream,
	})
	if err != nil {
		return err
	}
	e.ticks, err = e.ensureStream(ctx, jetstream.StreamConfig{
		Name:              ticksName,
		Description:       "the last tick of each source's schedule",
		Subjects:          []string{tickPrefix + "*"},
		Retention:         jetstream.LimitsPolicy,
		Storage:           jetstream.FileStorage,
		Discard:           jetstream.DiscardOld,
		MaxMsgsPerSubject: 1,
		MaxBytes:          smallStream,
	})
	if err != nil {
		return err
	}
	if e.conn.MaxPayload() < minPayload {
		return fmt.Errorf("the queue takes messages of %d octets only; it needs max_payload %d or more", e.conn.MaxPayload(), minPayload)
	}
	if e.srv != nil {
		return e.forgetWorkers(ctx)
	}
	return nil
}

// smallStream bounds what holds one short message for each source.
const smallStream = 64 << 20

// errCodeNoRoom is the server's code for a stream that is to reserve more room
// than the server has to give.
const errCodeNoRoom = 10047

// ensureStream creates a stream when it is not there. A server elsewhere may
// have it from its administrator, with replicas and a size of its own choice;
// what we rely on must hold.
func (e *Engine) ensureStream(ctx context.Context, want jetstream.StreamConfig) (jetstream.Stream, error) {
	stream, err := e.js.Stream(ctx, want.Name)
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound) && e.srv != nil:
		stream, err = e.restoreStream(ctx, want)
	case errors.Is(err, jetstream.ErrStreamNotFound):
		stream, err = e.js.CreateStream(ctx, want)
	case err == nil && e.srv != nil && stream.CachedInfo().Config.MaxBytes != want.MaxBytes:
		stream, err = e.js.UpdateStream(ctx, want)
	}
	if api, ok := errors.AsType[*jetstream.APIError](err); ok && api.ErrorCode == errCodeNoRoom {
		return nil, fmt.Errorf("create stream %s: the server has less room than the %d octets that it reserves; give the server more (max_file_store), "+
			"or create the stream there with a size of your own: %w", want.Name, want.MaxBytes, err)
	}
	if err != nil {
		return nil, fmt.Errorf("open stream %s: %w", want.Name, e.explain(ctx, err))
	}
	have := stream.CachedInfo().Config
	if !slices.Equal(have.Subjects, want.Subjects) || have.Discard != want.Discard || have.Retention != want.Retention ||
		have.NoAck || have.MaxAge != 0 || have.MaxMsgs > 0 || max(0, have.MaxMsgsPerSubject) != want.MaxMsgsPerSubject ||
		have.DiscardNewPerSubject != want.DiscardNewPerSubject {
		return nil, fmt.Errorf("stream %s is configured otherwise; it needs subjects %q, retention %s, discard %s, "+
			"no age limit, no limit of messages, and %d messages for each subject (0: no limit)",
			want.Name, want.Subjects, want.Retention, want.Discard, want.MaxMsgsPerSubject)
	}
	return stream, nil
}

// restoreStream creates a stream in the folder. The server passes over a
// stream whose description it cannot read, as it is after a kill while that
// was written. Without one it takes up the messages that are there, so what
// cannot be read is put aside.
func (e *Engine) restoreStream(ctx context.Context, want jetstream.StreamConfig) (jetstream.Stream, error) {
	if !e.kept.held(want.Name) {
		return e.js.CreateStream(ctx, want)
	}
	reason := e.logs.reason("its description is missing")
	if !e.kept.present(want.Name) { // the server gave it up; Close brings it back
		return nil, e.damaged(reason)
	}
	if err := e.kept.putAside(want.Name); err != nil {
		return nil, e.damaged(err)
	}
	stream, err := e.js.CreateStream(ctx, want)
	if err != nil {
		return nil, e.damaged(err)
	}
	e.logs.to.Warn("queue folder was damaged and is restored", "reason", reason, "messages", stream.CachedInfo().State.Msgs)
	return stream, nil
}
