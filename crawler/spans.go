package crawler

import (
	"context"
	"net/url"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/harvest87/harvest"
)

// spans tell how a run goes, below the span that stands in the context of
// [Harvest]: door, request, parse, publish. Where there is none, or it is not
// recorded, they tell nothing. Only the committer uses them, when it knows how a
// page ended; so which requests are told of can depend on that.
//
// They name hosts and paths, never queries, headers or contents: keys of sources
// stand there.
type spans struct {
	run    trace.Span // nil when nobody wants to know
	tracer trace.Tracer
	door   trace.Span
	fine   thinning
	failed int
	left   int // requests of the door that are not told of
}

// mostFailed is how many requests of a run that did not end well are told of,
// besides the others.
const mostFailed = 1000

// maxPathTold bounds the path of an address in a span, in octets.
const maxPathTold = 200

func newSpans(ctx context.Context) *spans {
	run := trace.SpanFromContext(ctx)
	if !run.IsRecording() {
		return new(spans)
	}
	return &spans{run: run, tracer: run.TracerProvider().Tracer("github.com/harvest87/harvest/crawler")}
}

// openDoor ends the span of the door before and, when name is not empty, begins
// another.
func (s *spans) openDoor(name, reason string, at time.Time) {
	if s.run == nil {
		return
	}
	if s.door != nil {
		if s.left > 0 {
			s.door.SetAttributes(attribute.Int("harvest.requests_not_traced", s.left))
		}
		if reason != "" {
			s.door.SetStatus(codes.Error, "left")
		}
		s.door.End(trace.WithTimestamp(at))
		s.door, s.left = nil, 0
	}
	if name != "" {
		_, s.door = s.tracer.Start(trace.ContextWithSpan(context.Background(), s.run), "door",
			trace.WithTimestamp(at), trace.WithAttributes(attribute.String("harvest.door", name)))
	}
}

// visited tells of one request and of the reading of its page.
func (s *spans) visited(v *visit) {
	if s.run == nil || s.door == nil || v.fetched.IsZero() {
		return
	}
	if bad := v.page.Outcome.Info().Severity == harvest.Failing; bad && s.failed < mostFailed {
		s.failed++
	} else if bad || !s.fine.take() {
		s.left++
		return
	}
	ctx, request := s.tracer.Start(trace.ContextWithSpan(context.Background(), s.door), "request",
		trace.WithTimestamp(v.began), trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(requestAttributes(v)...))
	if v.page.Outcome.Info().Severity == harvest.Failing {
		request.SetStatus(codes.Error, string(v.page.Outcome))
	}
	if !v.parsedAt.IsZero() {
		_, parse := s.tracer.Start(ctx, "parse", trace.WithTimestamp(v.parseBegan),
			trace.WithAttributes(attribute.Int("harvest.records", len(v.parsed.Records)), attribute.Int("harvest.requests_found", len(v.parsed.Requests))))
		parse.End(trace.WithTimestamp(v.parsedAt))
		request.End(trace.WithTimestamp(v.parsedAt))
		return
	}
	request.End(trace.WithTimestamp(v.fetched))
}

func requestAttributes(v *visit) []attribute.KeyValue {
	page := v.page
	out := []attribute.KeyValue{
		attribute.String("http.request.method", "GET"),
		attribute.String("harvest.kind", string(v.request.Kind)),
		attribute.String("harvest.outcome", string(page.Outcome)),
		attribute.Int64("http.response.body.size", page.WireBytes),
		attribute.Int("harvest.requests", page.Requests),
		attribute.Int64("harvest.fetch_ms", v.fetched.Sub(v.began).Milliseconds()),
		attribute.Int64("harvest.wire_ms", page.Duration.Milliseconds()),
	}
	if u, err := url.Parse(v.request.URL); err == nil { // as it was asked for, without what variables hold
		path := u.Path
		if len(path) > maxPathTold {
			path = path[:maxPathTold]
		}
		out = append(out, attribute.String("server.address", u.Hostname()), attribute.String("url.path", path))
	}
	if page.Status != 0 {
		out = append(out, attribute.Int("http.response.status_code", page.Status))
	}
	return out
}

// published tells of one write of the catalogue.
func (s *spans) published(began, ended time.Time, r *published) {
	if s.run == nil {
		return
	}
	_, span := s.tracer.Start(trace.ContextWithSpan(context.Background(), s.run), "publish", trace.WithTimestamp(began),
		trace.WithAttributes(attribute.Int("harvest.pages", len(r.pages)), attribute.Int("harvest.records", len(r.changes)), attribute.Int("harvest.held", r.held)))
	if r.err != nil {
		span.SetStatus(codes.Error, "the catalogue did not take it")
	}
	span.End(trace.WithTimestamp(ended))
}

// The first thinEvery are taken, then as many of every second, of every fourth
// and so on: a short run is told of whole, a long one from its beginning to its
// end, and no run by more than mostFine.
const (
	mostFine  = 2000
	thinEvery = 125
)

// thinning counts what is taken.
type thinning struct{ seen, taken, since int }

// take reports whether the next one is told of.
func (t *thinning) take() bool {
	stride := 1 << (t.taken / thinEvery)
	t.seen++
	if t.since++; t.since < stride || t.taken >= mostFine {
		return false
	}
	t.taken++
	t.since = 0
	return true
}
