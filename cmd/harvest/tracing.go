package main

import (
	"context"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// traced performs a run below a span of its own. What the run does is told by
// crawler.Harvest, what follows it by [harvester.afterwards].
func (h *harvester) traced(ctx context.Context, o crawler.Options, do func(ctx context.Context, o crawler.Options) (harvest.Run, error)) (harvest.Run, error) {
	ctx, span := h.traces.Tracer().Start(ctx, "run", trace.WithNewRoot(), trace.WithAttributes(
		attribute.String("harvest.source", string(o.Source.ID)), attribute.String("harvest.run", string(o.ID)), attribute.Bool("harvest.replay", o.Replay)))
	defer span.End()
	run, err := do(ctx, o)
	if !span.IsRecording() {
		return run, err
	}
	span.SetAttributes(
		attribute.String("harvest.state", string(run.State)), attribute.String("harvest.door", run.Door()), attribute.Int("harvest.requests", run.Requests),
		attribute.Int64("harvest.bytes", run.WireBytes), attribute.Int("harvest.resumed", run.Resumed),
		attribute.Int("harvest.new", run.Outcomes[harvest.NewRecord]), attribute.Int("harvest.changed", run.Outcomes[harvest.ChangedRecord]),
		attribute.Int("harvest.unchanged", run.Outcomes[harvest.UnchangedRecord]), attribute.Int("harvest.held", run.Held))
	if err != nil || run.State != harvest.RunPassed {
		span.SetStatus(codes.Error, string(run.State))
	}
	h.followed.add(span.SpanContext())
	return run, err
}

// followed are the runs that matching and indexing have not followed yet. It is
// safe for concurrent use.
type followed struct {
	mu   sync.Mutex
	runs []trace.SpanContext
}

// mostFollowed bounds them, where nothing ever follows.
const mostFollowed = 128

func (f *followed) add(c trace.SpanContext) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.runs = append(f.runs, c); len(f.runs) > mostFollowed {
		f.runs = f.runs[1:]
	}
}

func (f *followed) take() []trace.SpanContext {
	f.mu.Lock()
	defer f.mu.Unlock()
	runs := f.runs
	f.runs = nil
	return runs
}

// afterwards returns how to tell of one step of the work that follows runs. It
// belongs to the run that it follows; of several, to a trace that names them.
func (h *harvester) afterwards(ctx context.Context) func(step string, do func(ctx context.Context) error) error {
	runs := h.followed.take()
	if len(runs) == 1 {
		ctx = trace.ContextWithSpanContext(ctx, runs[0])
	}
	return func(step string, do func(ctx context.Context) error) error {
		var links []trace.Link
		if len(runs) > 1 {
			for _, c := range runs {
				links = append(links, trace.Link{SpanContext: c})
			}
		}
		ctx, span := h.traces.Tracer().Start(ctx, step, trace.WithLinks(links...))
		defer span.End()
		err := do(ctx)
		if err != nil {
			span.SetStatus(codes.Error, step+" did not end")
		}
		return err
	}
}
