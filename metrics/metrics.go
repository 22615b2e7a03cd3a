package metrics

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/harvest87/harvest"
)

// Metrics counts. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry

	runs, outcomes, requests, received *prometheus.CounterVec
	duration                           *prometheus.HistogramVec
	messages                           *prometheus.CounterVec
}

// New makes the metrics of a server of that version. State is asked at each
// scrape.
func New(version string, state State) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "harvest", Name: name, Help: help}, labels)
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		runs:     counter("runs_total", "Runs that ended, by the state that they ended in.", "source", "state"),
		outcomes: counter("outcomes_total", "Endings of pages and records of runs that ended.", "source", "outcome"),
		requests: counter("requests_total", "HTTP requests of runs that ended, robots.txt included.", "source"),
		received: counter("received_bytes_total", "Octets on the wire of runs that ended.", "source"),
		messages: counter("notifications_total", "Attempts to deliver a message, by how they ended.", "channel", "result"),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "harvest", Name: "run_duration_seconds", Help: "How long runs took.",
			Buckets: []float64{10, 60, 300, 1800, 3600, 4 * 3600, 12 * 3600, 24 * 3600},
		}, []string{"source"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: "harvest", Name: "build_info", Help: "1, with the version as a label.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(build, m.runs, m.outcomes, m.requests, m.received, m.messages, m.duration, &sources{state},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// RunEnded counts a run.
func (m *Metrics) RunEnded(run *harvest.Run) {
	source := string(run.Source)
	m.runs.WithLabelValues(source, string(run.State)).Inc()
	if !run.State.Ended() {
		return // it goes on, and its report then holds all of it
	}
	m.requests.WithLabelValues(source).Add(float64(max(0, run.Requests)))
	m.received.WithLabelValues(source).Add(float64(max(0, run.WireBytes)))
	m.duration.WithLabelValues(source).Observe(max(0, run.EndedAt.Sub(run.StartedAt).Seconds()))
	for _, info := range harvest.Outcomes() { // the list is closed, whatever a report holds
		if n := run.Outcomes[info.Outcome]; n > 0 {
			m.outcomes.WithLabelValues(source, string(info.Outcome)).Add(float64(n))
		}
	}
}

// Notified counts an attempt to deliver a message.
func (m *Metrics) Notified(channel string, err error) {
	result := "delivered"
	if err != nil {
		result = "failed"
	}
	m.messages.WithLabelValues(channel, result).Inc()
}

// Handler answers scrapes.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Registry: m.registry})
}
