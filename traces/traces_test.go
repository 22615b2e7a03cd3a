package traces_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/goleak"

	"github.com/harvest87/harvest/traces"
	"github.com/harvest87/harvest/traces/collectortest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quiet takes away what the surroundings of the test may say.
func quiet(t *testing.T) {
	for _, name := range []string{
		"OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
		"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_SERVICE_NAME",
		"OTEL_RESOURCE_ATTRIBUTES", "OTEL_TRACES_SAMPLER",
	} {
		t.Setenv(name, "")
	}
}

func mustOpen(t *testing.T, o traces.Options) *traces.Provider {
	t.Helper()
	p, err := traces.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSpansArriveAsTheProtocolHasThem(t *testing.T) {
	quiet(t)
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "api-key=se%2Ccret, x=1")
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test")
	c := collectortest.New(t)
	var key atomic.Value
	c.Answer = func(_ http.ResponseWriter, r *http.Request) int { key.Store(r.Header.Get("Api-Key")); return 0 }
	p := mustOpen(t, traces.Options{Endpoint: c.URL + "/", Version: "1.2.3"})
	ctx, run := p.Tracer().Start(t.Context(), "run", trace.WithAttributes(
		attribute.String("text", "a \"b\" ü"), attribute.Int64("number", -1<<63), attribute.Bool("yes", true), attribute.Float64("part", 0.5),
		attribute.StringSlice("list", []string{"a", ""})))
	_, request := p.Tracer().Start(ctx, "request", trace.WithSpanKind(trace.SpanKindClient), trace.WithLinks(trace.Link{SpanContext: run.SpanContext()}))
	request.AddEvent("retried")
	request.SetStatus(codes.Error, "timeout")
	request.End()
	run.End()
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(c.Spans()); n != 2 {
		t.Fatalf("%d spans arrived, want 2", n)
	}
	r, q := c.Named("run")[0], c.Named("request")[0]
	if !bytes.Equal(q.GetParentSpanId(), r.GetSpanId()) || !bytes.Equal(q.GetTraceId(), r.GetTraceId()) || len(r.GetParentSpanId()) != 0 {
		t.Error("the request is not below the run")
	}
	if q.GetStatus().GetMessage() != "timeout" || q.GetStatus().GetCode() != 2 || q.GetKind() != 3 || len(q.GetLinks()) != 1 || len(q.GetEvents()) != 1 {
		t.Errorf("request %v", q)
	}
	for name, want := range map[string]string{"text": "a \"b\" ü", "number": "-9223372036854775808", "yes": "true"} {
		if got := collectortest.Attribute(r, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	origin := c.Resource()
	if origin["service.name"] != "harvest" || origin["service.version"] != "1.2.3" || origin["deployment.environment"] != "test" {
		t.Errorf("the sender is %v", origin)
	}
	if key.Load() != "se,cret" {
		t.Errorf("key %q arrived", key.Load())
	}
}

func TestNobodyAsked(t *testing.T) {
	quiet(t)
	check := func(why string) {
		p := mustOpen(t, traces.Options{})
		if _, span := p.Tracer().Start(t.Context(), "run"); p != nil || span.IsRecording() {
			t.Errorf("traced, though %s", why)
		}
		if err := p.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	check("no address is set")
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
	t.Setenv("OTEL_SDK_DISABLED", "true")
	check("the SDK is disabled")
	t.Setenv("OTEL_SDK_DISABLED", "")
	t.Setenv("OTEL_TRACES_EXPORTER", "none")
	check("no exporter is wanted")
}

func TestWhatCannotBeDoneIsSaid(t *testing.T) {
	quiet(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318")
	if _, err := traces.Open(t.Context(), traces.Options{}); err == nil || !strings.Contains(err.Error(), "http://localhost:4318") {
		t.Errorf("error %v", err)
	}
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318")
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "sesame")
	if _, err := traces.Open(t.Context(), traces.Options{}); err == nil || strings.Contains(err.Error(), "sesame") {
		t.Errorf("error %v", err)
	}
}

// lines are the lines of a log.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) count(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), what)
}

// A collector that refuses is told of once, however many batches it refuses, and
// its return once more.
func TestCollectorAway(t *testing.T) {
	quiet(t)
	t.Setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1")
	c := collectortest.New(t)
	var asked atomic.Int32
	c.Answer = func(http.ResponseWriter, *http.Request) int {
		if asked.Add(1) <= 3 {
			return http.StatusForbidden
		}
		return 0
	}
	var log lines
	p := mustOpen(t, traces.Options{Endpoint: c.URL, Logger: slog.New(slog.NewJSONHandler(&log, nil))})
	for range 5 {
		_, span := p.Tracer().Start(context.Background(), "run")
		span.End()
	}
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if away, back := log.count("traces cannot be sent"), log.count("traces are sent again"); away != 1 || back != 1 || len(c.Spans()) != 2 {
		t.Errorf("told %d times that it is away and %d times that it is back, %d spans arrived\n%s", away, back, len(c.Spans()), log.text.String())
	}
}

// A collector that is overloaded is asked again.
func TestCollectorAsksForPatience(t *testing.T) {
	quiet(t)
	t.Setenv("OTEL_BSP_SCHEDULE_DELAY", "1")
	c := collectortest.New(t)
	var asked atomic.Int32
	again := make(chan struct{})
	c.Answer = func(http.ResponseWriter, *http.Request) int {
		if asked.Add(1) == 1 {
			return http.StatusServiceUnavailable
		}
		close(again)
		return 0
	}
	p := mustOpen(t, traces.Options{Endpoint: c.URL})
	_, span := p.Tracer().Start(context.Background(), "run")
	span.End()
	<-again
	if err := p.Close(t.Context()); err != nil || len(c.Spans()) != 1 {
		t.Errorf("error %v, %d spans", err, len(c.Spans()))
	}
}
