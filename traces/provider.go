package traces

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Options say where spans go. What they leave open is read from the variables
// that OpenTelemetry has for it
// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/):
// OTEL_EXPORTER_OTLP_ENDPOINT, _HEADERS and _TIMEOUT, each with the form for
// traces alone, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER,
// OTEL_BSP_*, OTEL_TRACES_EXPORTER=none and OTEL_SDK_DISABLED.
type Options struct {
	// Endpoint is the address of the collector, such as http://localhost:4318;
	// "/v1/traces" is added to it. Empty: the variables say it, or nothing is traced.
	Endpoint string
	// Version is that of the program.
	Version string
	Logger  *slog.Logger // default: discard
}

// Provider makes spans. A nil one makes none, and costs nothing. It is safe for
// concurrent use.
type Provider struct {
	sdk *sdk.TracerProvider
	to  *exporter
}

// scope is the name under which spans are made.
const scope = "github.com/harvest87/harvest"

// Open begins to trace. The provider is nil when nobody has asked for traces; an
// error says that they were asked for in a way that cannot be done.
func Open(ctx context.Context, o Options) (*Provider, error) {
	if strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") || os.Getenv("OTEL_TRACES_EXPORTER") == "none" {
		return nil, nil
	}
	address := endpoint(o.Endpoint)
	if address == "" {
		return nil, nil
	}
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("traces: the address of the collector is not one such as http://localhost:4318; see traces.endpoint and OTEL_EXPORTER_OTLP_ENDPOINT")
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	headers, err := headersFrom(setting("HEADERS"))
	if err != nil {
		return nil, err
	}
	origin, err := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "harvest"), attribute.String("service.version", o.Version)),
		resource.WithFromEnv()) // what people say has the last word
	if err != nil {
		return nil, fmt.Errorf("traces: OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	to := &exporter{address: address, headers: headers, within: timeout(setting("TIMEOUT")), logger: o.Logger, client: newClient(), stopped: make(chan struct{})}
	return &Provider{sdk.NewTracerProvider(sdk.WithBatcher(to, sdk.WithExportTimeout(to.within)), sdk.WithResource(origin)), to}, nil
}

// Tracer makes spans.
func (p *Provider) Tracer() trace.Tracer {
	if p == nil {
		return noop.NewTracerProvider().Tracer(scope)
	}
	return p.sdk.Tracer(scope)
}

// closeWithin is how long the end of the program may wait for the collector.
const closeWithin = 2 * time.Second

// Close sends what waits, for two seconds at most; what is left then is lost.
func (p *Provider) Close(ctx context.Context) error {
	if p == nil {
		return nil
	}
	defer time.AfterFunc(closeWithin, p.to.stop).Stop()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*closeWithin) // for what is cut off to end
	defer cancel()
	_ = p.sdk.Shutdown(ctx) // the exporter has told what was not sent
	return nil
}

// endpoint is where spans are posted, empty for nowhere.
func endpoint(configured string) string {
	if own := os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"); own != "" && configured == "" {
		return own // as it is, says the specification
	}
	base := cmp.Or(configured, os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"))
	if base == "" {
		return ""
	}
	return strings.TrimRight(base, "/") + "/v1/traces"
}

// setting is a variable of the exporter, that for traces alone first.
func setting(name string) string {
	return cmp.Or(os.Getenv("OTEL_EXPORTER_OTLP_TRACES_"+name), os.Getenv("OTEL_EXPORTER_OTLP_"+name))
}

// headersFrom reads "name=value,name=value", percent-encoded as in W3C Baggage.
// The error names no value: they are keys of collectors.
func headersFrom(text string) (map[string]string, error) {
	out := map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, ok := strings.Cut(pair, "=")
		name = strings.TrimSpace(name)
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if !ok || name == "" || err != nil || strings.ContainsFunc(name+value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return nil, fmt.Errorf("traces: OTEL_EXPORTER_OTLP_HEADERS is not of the form name=value,name=value")
		}
		out[name] = value
	}
	return out, nil
}

// timeout is a number of milliseconds, ten seconds when there is none.
func timeout(text string) time.Duration {
	if n, err := strconv.Atoi(text); err == nil && n > 0 && n <= 600_000 {
		return time.Duration(n) * time.Millisecond
	}
	return 10 * time.Second
}
