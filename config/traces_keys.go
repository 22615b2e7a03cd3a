package config

// Traces says where spans of runs are sent.
type Traces struct {
	// Endpoint is the address of an OpenTelemetry collector; empty: the
	// variables of OpenTelemetry say it, or nobody is told.
	Endpoint string
}

func tracesKind() kind[Traces] {
	return group("traces", []key[Traces]{
		at("endpoint", serverURL("an address of a collector such as http://localhost:4318", "http", "https"), func(t *Traces) *string { return &t.Endpoint }, Key{
			Otherwise: "OTEL_EXPORTER_OTLP_ENDPOINT, else none", Doc: "Address of an OpenTelemetry collector that takes OTLP over HTTP. Environment variables are read.",
			Example: "'${HARVEST_TRACES:-}'", Also: []string{"url", "otlp", "collector", "address"},
		}),
	})
}
