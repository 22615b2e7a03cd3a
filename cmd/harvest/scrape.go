package main

import (
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/schedule"
	"github.com/harvest87/harvest/metrics"
)

// Snapshot is what Prometheus is shown. It asks nobody.
func (s *server) Snapshot() metrics.Snapshot {
	broken, folder, applied := s.files.problems()
	out := metrics.Snapshot{Ready: s.up.Load(), Broken: len(broken), Applied: applied, Waiting: int(s.waiting.Load())}
	if folder != "" {
		out.Broken++
	}
	planned := map[harvest.SourceID]schedule.Status{}
	select {
	case <-s.opened:
		for _, e := range s.scheduler.Snapshot() {
			planned[e.Source] = e
		}
	default: // nothing is planned yet
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, src := range s.files.all() {
		plan, h := planned[src.ID], s.health[src.ID]
		x := metrics.Source{
			ID: src.ID, State: string(h.State), Stale: h.Stale, Paused: s.pauses.of(src.ID) != nil, Enabled: src.Enabled, Running: s.isBusy(src.ID),
			InARow: h.InARow, LastWhole: h.LastWhole, Next: plan.Next, Skipped: plan.Skipped, Fallback: h.Fallback != nil,
		}
		if n, ok := s.brokenDocuments[src.ID]; ok {
			x.BrokenLinks = &n
		}
		if x.Paused {
			x.Next = time.Time{}
		}
		out.Sources = append(out.Sources, x)
	}
	return out
}
