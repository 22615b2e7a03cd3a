package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
)

// runThere has a running server harvest sources, and shows what `run` would:
// the same progress, the same reports. When ctx ends, the runs go on.
func (m Main) runThere(ctx context.Context, f *flags, r *remote, sources []*config.Source, full bool) ([]harvest.Run, error) {
	defer r.close()
	if !f.json {
		fmt.Fprintf(m.Stderr, "harvest serve (pid %d) has %s and harvests there; Ctrl-C leaves it to it.\n", r.point.PID, safeLine(f.data))
	}
	want := wanted{Full: full}
	place := map[harvest.SourceID]int{}
	runs := make([]harvest.Run, len(sources))
	for i, src := range sources {
		want.Sources = append(want.Sources, wantedSource{ID: src.ID, Hash: src.Hash})
		place[src.ID] = i
		now := time.Now().UTC().Truncate(time.Second)
		runs[i] = harvest.Run{
			ID: harvest.NewRunID(src.ID, now), Source: src.ID, ScheduledAt: now, StartedAt: now,
			State: harvest.RunRunning, Reason: "goes on in the server",
		}
	}
	w := newWatch(ctx, m.Stderr, m.logger(f))
	err := r.watch(ctx, want, func(n notice) {
		i, ok := place[n.Source]
		switch {
		case !ok:
		case n.Progress != nil:
			runs[i] = soFar(&runs[i], n.Progress)
			w.update(*n.Progress)
		case n.Ended != nil:
			runs[i] = *n.Ended
			w.ended(n.Ended)
		case n.Refused != "":
			runs[i].State, runs[i].Reason, runs[i].EndedAt = harvest.RunFailed, n.Refused, runs[i].StartedAt
		case n.Note != "":
			fmt.Fprintf(m.Stderr, "%s: %s\n", n.Source, safeLine(n.Note))
		}
	})
	w.close()
	var going []string
	for i := range runs {
		if runs[i].State == harvest.RunRunning {
			going = append(going, string(runs[i].Source))
		}
	}
	switch {
	case ctx.Err() != nil && len(going) > 0:
		fmt.Fprintf(m.Stderr, "The server goes on with %s; 'harvest runs' shows how it went, and 'harvest runs stop %s' stops it.\n",
			strings.Join(going, ", "), going[0])
	case errors.Is(err, errServerGone):
		return runs, fmt.Errorf("%w; the next 'harvest serve' or 'harvest run' goes on with %s", err, strings.Join(going, ", "))
	case err != nil && ctx.Err() == nil:
		return runs, err
	}
	return runs, nil
}

// soFar is the report of a run that goes on.
func soFar(r *harvest.Run, p *crawler.Progress) harvest.Run {
	run := *r
	run.ID, run.StartedAt = p.Run, p.Started
	run.Outcomes, run.Requests, run.WireBytes, run.Hosts = p.Outcomes, p.Requests, p.Bytes, p.Hosts
	return run
}
