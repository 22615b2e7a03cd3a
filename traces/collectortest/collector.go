// Package collectortest is a collector of spans for tests. It takes nothing that the
// protocol does not allow: what it is sent is read strictly by OpenTelemetry's own
// types (go.opentelemetry.io/proto).
package collectortest

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	collectorpb "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/slim/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

// Collector takes spans.
type Collector struct {
	URL string
	// Answer, when set, is asked before a request is taken: a status other than
	// 0 is answered instead. It must be set before the first request.
	Answer func(w http.ResponseWriter, r *http.Request) (status int)

	mu       sync.Mutex
	spans    []*tracepb.Span
	resource map[string]string
	raw      []byte
	faults   []error
}

// New starts a collector, which ends with the test. What it could not read fails
// the test.
func New(t testing.TB) *Collector {
	c := &Collector{resource: map[string]string{}}
	server := httptest.NewServer(c)
	t.Cleanup(func() {
		server.Close()
		for _, err := range c.faults {
			t.Error("the collector cannot read what it was sent:", err)
		}
	})
	c.URL = server.URL
	return c
}

// ServeHTTP implements http.Handler.
func (c *Collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if c.Answer != nil {
		if status := c.Answer(w, r); status != 0 {
			w.WriteHeader(status)
			return
		}
	}
	if err == nil {
		err = c.take(r, body)
	}
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		c.mu.Lock()
		c.faults = append(c.faults, err)
		c.mu.Unlock()
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	_, _ = io.WriteString(w, "{}")
}

func (c *Collector) take(r *http.Request, body []byte) error {
	switch {
	case r.Method != http.MethodPost || r.URL.Path != "/v1/traces":
		return fmt.Errorf("%s %s", r.Method, r.URL.Path)
	case r.Header.Get("Content-Type") != "application/json":
		return fmt.Errorf("content type %q", r.Header.Get("Content-Type"))
	}
	strict, err := asProtobufWantsIt(body)
	if err != nil {
		return err
	}
	var message collectorpb.ExportTraceServiceRequest
	if err := (protojson.UnmarshalOptions{}).Unmarshal(strict, &message); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.raw = append(c.raw, body...)
	for _, rs := range message.GetResourceSpans() {
		for _, a := range rs.GetResource().GetAttributes() {
			c.resource[a.GetKey()] = a.GetValue().GetStringValue()
		}
		for _, ss := range rs.GetScopeSpans() {
			for _, s := range ss.GetSpans() {
				if err := check(s); err != nil {
					return err
				}
				c.spans = append(c.spans, s)
			}
		}
	}
	return nil
}

// check asks of a span what the protocol asks and its types cannot say.
func check(s *tracepb.Span) error {
	switch {
	case len(s.GetTraceId()) != 16 || len(s.GetSpanId()) != 8 || len(s.GetParentSpanId()) != 0 && len(s.GetParentSpanId()) != 8:
		return fmt.Errorf("span %q: identifiers of %d, %d and %d octets", s.GetName(), len(s.GetTraceId()), len(s.GetSpanId()), len(s.GetParentSpanId()))
	case s.GetName() == "" || s.GetKind() == tracepb.Span_SPAN_KIND_UNSPECIFIED:
		return fmt.Errorf("span without name or kind: %v", s)
	case s.GetStartTimeUnixNano() == 0 || s.GetEndTimeUnixNano() < s.GetStartTimeUnixNano():
		return fmt.Errorf("span %q ends before it starts", s.GetName())
	}
	return nil
}

// asProtobufWantsIt turns identifiers from hexadecimal, in which OTLP has them, into
// base64, in which JSON of Protocol Buffers has octets. It is the one difference
// between the two.
func asProtobufWantsIt(body []byte) ([]byte, error) {
	var tree any
	if err := json.Unmarshal(body, &tree); err != nil {
		return nil, err
	}
	var err error
	var walk func(v any)
	walk = func(v any) {
		switch x := v.(type) {
		case []any:
			for _, e := range x {
				walk(e)
			}
		case map[string]any:
			for k, e := range x {
				if k == "traceId" || k == "spanId" || k == "parentSpanId" {
					text, _ := e.(string)
					id, bad := hex.DecodeString(text)
					if bad != nil {
						err = fmt.Errorf("%s %q: %w", k, text, bad)
					}
					x[k] = base64.StdEncoding.EncodeToString(id)
					continue
				}
				walk(e)
			}
		}
	}
	walk(tree)
	if err != nil {
		return nil, err
	}
	return json.Marshal(tree)
}

// Spans are those taken so far.
func (c *Collector) Spans() []*tracepb.Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]*tracepb.Span(nil), c.spans...)
}

// Named are the spans of that name.
func (c *Collector) Named(name string) (out []*tracepb.Span) {
	for _, s := range c.Spans() {
		if s.GetName() == name {
			out = append(out, s)
		}
	}
	return out
}

// Resource is what was said of the sender.
func (c *Collector) Resource() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.resource)
}

// Raw is all that was taken, as it came.
func (c *Collector) Raw() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.raw)
}

// Attribute is one attribute of a span, as text; empty when it has none.
func Attribute(s *tracepb.Span, key string) string {
	for _, a := range s.GetAttributes() {
		if a.GetKey() != key {
			continue
		}
		switch v := a.GetValue(); v.GetValue().(type) {
		case *commonpb.AnyValue_StringValue:
			return v.GetStringValue()
		case *commonpb.AnyValue_IntValue:
			return strconv.FormatInt(v.GetIntValue(), 10)
		case *commonpb.AnyValue_BoolValue:
			return strconv.FormatBool(v.GetBoolValue())
		default:
			return v.String()
		}
	}
	return ""
}
