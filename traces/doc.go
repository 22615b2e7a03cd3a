// Package traces sends the spans of runs to an OpenTelemetry collector, by OTLP
// over HTTP in its JSON form
// (https://opentelemetry.io/docs/specs/otlp/#otlphttp,
// https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto/trace/v1).
//
// What enters: spans, as OpenTelemetry's SDK gathers them. What leaves: requests to
// one address, in batches. What it refuses: to hold up who is traced. Spans wait
// in a queue that is bounded and drops what is too much; a collector that is away
// is told of in the log once, and never again until it is back.
//
//	provider.go  what is switched on by which variables
//	otlp.go      spans in the form of the protocol
//	send.go      batches to the collector, again when it asks for it
package traces
