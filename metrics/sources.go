package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/harvest87/harvest"
)

// State is what the server knows of itself. It is asked at each scrape, so it
// must not wait for anything.
type State interface {
	Snapshot() Snapshot
}

// Snapshot is how a server stands.
type Snapshot struct {
	// Ready is true when the store answered last.
	Ready bool
	// Sources are all of them, on a schedule or not.
	Sources []Source
	// Broken is the number of source files with a mistake; Applied when all
	// files were good and in effect, zero when they never were.
	Broken  int
	Applied time.Time
	// Waiting is the number of messages that wait to be delivered.
	Waiting int
}

// Source is how one source stands.
type Source struct {
	ID                              harvest.SourceID
	State                           string // one of States of package health
	Stale, Paused, Enabled, Running bool
	InARow                          int
	LastWhole, Next                 time.Time // zero when there is none
	Skipped                         int
	// Fallback is true while another door works in the stead of one that has stopped.
	Fallback bool
	// BrokenLinks counts documents that are not where records say; nil while that
	// is not known.
	BrokenLinks *int
}

func gauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("harvest_"+name, help, labels, nil)
}

var (
	ready     = gauge("store_up", "1 when the catalogue answered last, else 0.")
	broken    = gauge("config_source_files_broken", "Source files with a mistake; an earlier version of them is in effect, or none.")
	applied   = gauge("config_last_good_timestamp_seconds", "When all source files were good and in effect.")
	waiting   = gauge("notifications_waiting", "Messages that wait to be delivered.")
	state     = gauge("source_state", "1 for the state that a source is in.", "source", "state")
	stale     = gauge("source_stale", "1 when the last whole run of a source is too long ago.", "source")
	paused    = gauge("source_paused", "1 when a source is paused.", "source")
	enabled   = gauge("source_enabled", "1 when a source runs with the others.", "source")
	running   = gauge("source_running", "1 while a run of a source is going on here.", "source")
	inARow    = gauge("source_failing_runs", "How many of the newest runs of a source did not pass.", "source")
	lastWhole = gauge("source_last_whole_timestamp_seconds", "When the last run of a source ended that passed.", "source")
	next      = gauge("source_next_run_timestamp_seconds", "When the next run of a source starts.", "source")
	fallback  = gauge("source_door_lost", "1 while a source is harvested by another door than before, which has stopped working.", "source")
	links     = gauge("source_broken_documents", "Documents that are not where records of a source say.", "source")
	skipped   = gauge("source_ticks_skipped_total", "Ticks that no run answered, since the start.", "source")
)

// sources is a collector that asks the server.
type sources struct{ of State }

// Describe implements [prometheus.Collector].
func (*sources) Describe(c chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{ready, broken, applied, waiting, state, stale, paused, enabled, running, inARow, lastWhole, next, fallback, links, skipped} {
		c <- d
	}
}

// Collect implements [prometheus.Collector].
func (s *sources) Collect(c chan<- prometheus.Metric) {
	now := s.of.Snapshot()
	put := func(d *prometheus.Desc, value float64, labels ...string) {
		c <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	when := func(d *prometheus.Desc, at time.Time, labels ...string) {
		if !at.IsZero() {
			put(d, float64(at.UnixMilli())/1000, labels...)
		}
	}
	put(ready, one(now.Ready))
	put(broken, float64(now.Broken))
	put(waiting, float64(now.Waiting))
	when(applied, now.Applied)
	for i := range now.Sources {
		x := &now.Sources[i]
		id := string(x.ID)
		if x.State != "" {
			put(state, 1, id, x.State)
		}
		put(stale, one(x.Stale), id)
		put(paused, one(x.Paused), id)
		put(enabled, one(x.Enabled), id)
		put(running, one(x.Running), id)
		put(inARow, float64(x.InARow), id)
		when(lastWhole, x.LastWhole, id)
		when(next, x.Next, id)
		put(fallback, one(x.Fallback), id)
		if x.BrokenLinks != nil {
			put(links, float64(*x.BrokenLinks), id)
		}
		c <- prometheus.MustNewConstMetric(skipped, prometheus.CounterValue, float64(x.Skipped), id)
	}
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
