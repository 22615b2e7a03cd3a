// Package metrics shows a running server to Prometheus.
//
// What enters: the reports of runs as they end, and how sources stand when
// somebody asks. What leaves: the exposition format, with names by
// https://prometheus.io/docs/practices/naming/. What it refuses: labels whose
// values are not ours. They are the identifiers of sources, outcomes, states
// and channels, never an address, a host or a reason, so that no site decides
// how many series there are.
//
//	metrics.go  what is counted
//	sources.go  what is looked up at each scrape
package metrics
