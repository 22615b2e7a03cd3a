package traces

import (
	"encoding/json"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// The types below are those of opentelemetry.proto.collector.trace.v1, as far as
// spans of ours have them, in the JSON of OTLP: identifiers in hexadecimal, 64-bit
// numbers as texts, names in lowerCamelCase
// (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
type request struct {
	ResourceSpans []resourceSpans `json:"resourceSpans"`
}

type resourceSpans struct {
	Resource   origin       `json:"resource"`
	ScopeSpans []scopeSpans `json:"scopeSpans"`
	SchemaURL  string       `json:"schemaUrl,omitempty"`
}

type origin struct {
	Attributes []keyValue `json:"attributes,omitempty"`
}

type scopeSpans struct {
	Scope named  `json:"scope"`
	Spans []span `json:"spans"`
}

type named struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

type span struct {
	TraceID      string     `json:"traceId"`
	SpanID       string     `json:"spanId"`
	ParentSpanID string     `json:"parentSpanId,omitempty"`
	TraceState   string     `json:"traceState,omitempty"`
	Flags        uint32     `json:"flags,omitempty"`
	Name         string     `json:"name"`
	Kind         int        `json:"kind"`
	Start        string     `json:"startTimeUnixNano"`
	End          string     `json:"endTimeUnixNano"`
	Attributes   []keyValue `json:"attributes,omitempty"`
	Dropped      uint32     `json:"droppedAttributesCount,omitempty"`
	Events       []event    `json:"events,omitempty"`
	Links        []link     `json:"links,omitempty"`
	Status       status     `json:"status"`
}

type event struct {
	Time       string     `json:"timeUnixNano"`
	Name       string     `json:"name"`
	Attributes []keyValue `json:"attributes,omitempty"`
}

type link struct {
	TraceID    string     `json:"traceId"`
	SpanID     string     `json:"spanId"`
	Attributes []keyValue `json:"attributes,omitempty"`
}

type status struct {
	Message string `json:"message,omitempty"`
	Code    int    `json:"code,omitempty"`
}

type keyValue struct {
	Key   string `json:"key"`
	Value value  `json:"value"`
}

// value is one of its fields.
type value struct {
	String *string  `json:"stringValue,omitempty"`
	Bool   *bool    `json:"boolValue,omitempty"`
	Int    *string  `json:"intValue,omitempty"`
	Double *float64 `json:"doubleValue,omitempty"`
	Array  *array   `json:"arrayValue,omitempty"`
}

type array struct {
	Values []value `json:"values"`
}

// encode writes spans as the collector reads them. All are of one provider, and
// so of one resource.
func encode(spans []sdk.ReadOnlySpan) ([]byte, error) {
	out := resourceSpans{}
	if r := spans[0].Resource(); r != nil {
		out.Resource.Attributes, out.SchemaURL = keyValues(r.Attributes()), r.SchemaURL()
	}
	byScope := map[named]int{}
	for _, s := range spans {
		from := named{s.InstrumentationScope().Name, s.InstrumentationScope().Version}
		at, ok := byScope[from]
		if !ok {
			at = len(out.ScopeSpans)
			byScope[from] = at
			out.ScopeSpans = append(out.ScopeSpans, scopeSpans{Scope: from})
		}
		out.ScopeSpans[at].Spans = append(out.ScopeSpans[at].Spans, encoded(s))
	}
	return json.Marshal(request{[]resourceSpans{out}})
}

func encoded(s sdk.ReadOnlySpan) span {
	c := s.SpanContext()
	out := span{
		TraceID: c.TraceID().String(), SpanID: c.SpanID().String(), TraceState: c.TraceState().String(), Flags: uint32(c.TraceFlags()),
		Name: s.Name(), Kind: int(s.SpanKind()), Start: nanos(s.StartTime()), End: nanos(s.EndTime()),
		Attributes: keyValues(s.Attributes()), Dropped: uint32(max(0, s.DroppedAttributes())), //nolint:gosec // a count of attributes
		Status: status{Message: s.Status().Description},
	}
	if s.Parent().SpanID().IsValid() {
		out.ParentSpanID = s.Parent().SpanID().String()
	}
	switch s.Status().Code { // the numbers of the protocol are not those of the SDK
	case codes.Ok:
		out.Status.Code = 1
	case codes.Error:
		out.Status.Code = 2
	case codes.Unset:
	}
	for _, e := range s.Events() {
		out.Events = append(out.Events, event{nanos(e.Time), e.Name, keyValues(e.Attributes)})
	}
	for _, l := range s.Links() {
		out.Links = append(out.Links, link{l.SpanContext.TraceID().String(), l.SpanContext.SpanID().String(), keyValues(l.Attributes)})
	}
	return out
}

func nanos(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

func keyValues(attributes []attribute.KeyValue) []keyValue {
	out := make([]keyValue, 0, len(attributes))
	for _, a := range attributes {
		out = append(out, keyValue{string(a.Key), valueOf(a.Value)})
	}
	return out
}

func valueOf(v attribute.Value) value {
	switch v.Type() {
	case attribute.BOOL:
		b := v.AsBool()
		return value{Bool: &b}
	case attribute.INT64:
		n := strconv.FormatInt(v.AsInt64(), 10)
		return value{Int: &n}
	case attribute.FLOAT64:
		f := v.AsFloat64()
		return value{Double: &f}
	case attribute.STRINGSLICE:
		list := &array{Values: []value{}}
		for _, s := range v.AsStringSlice() {
			list.Values = append(list.Values, value{String: &s})
		}
		return value{Array: list}
	default:
		s := v.String()
		return value{String: &s}
	}
}
