package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
)

func TestPassesReachBackToTheLastWholeRun(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 3, day, 3, 0, 0, 0, time.UTC) }
	run := func(day int, state harvest.RunState, change func(*harvest.Run)) harvest.Run {
		r := harvest.Run{ID: harvest.NewRunID("delta", at(day)), State: state, EndedAt: at(day).Add(time.Hour), Doors: []harvest.DoorTrial{{Door: "oai-pmh", Used: true}}}
		if change != nil {
			change(&r)
		}
		return r
	}
	increment := func(r *harvest.Run) { r.Incremental, r.Since = true, at(1) }
	newest := func(r *harvest.Run) { r.Newest = true }
	replay := func(r *harvest.Run) { r.Replay = true }
	noDoor := func(r *harvest.Run) { r.Doors = nil }
	id := func(day int) harvest.RunID { return harvest.NewRunID("delta", at(day)) }
	for name, c := range map[string]struct {
		runs []harvest.Run // newest first
		want []pass
	}{
		"none": {nil, []pass{{}}},
		"whole": {
			[]harvest.Run{run(2, harvest.RunPassed, nil), run(1, harvest.RunPassed, nil)},
			[]pass{{Run: id(2)}},
		},
		"increments": {
			[]harvest.Run{run(4, harvest.RunPassed, increment), run(3, harvest.RunPassed, increment), run(2, harvest.RunPassed, nil), run(1, harvest.RunPassed, nil)},
			[]pass{{Run: id(4), Since: at(1)}, {Run: id(3), NotAfter: at(3).Add(time.Hour), Since: at(1)}, {Run: id(2), NotAfter: at(2).Add(time.Hour)}},
		},
		"a feed shows the newest": {
			[]harvest.Run{run(3, harvest.RunPassed, newest), run(2, harvest.RunPassed, newest)},
			[]pass{{Run: id(3)}, {Run: id(2), NotAfter: at(2).Add(time.Hour)}},
		},
		"holes are filled": {
			[]harvest.Run{run(3, harvest.RunPartial, nil), run(2, harvest.RunQuarantined, nil), run(1, harvest.RunPassed, nil)},
			[]pass{{Run: id(3)}, {Run: id(2), NotAfter: at(2).Add(time.Hour)}},
		},
		"what does not count": {
			[]harvest.Run{run(6, harvest.RunInterrupted, nil), run(5, harvest.RunPassed, replay), run(4, harvest.RunFailed, noDoor), run(3, harvest.RunPassed, nil)},
			[]pass{{Run: id(3)}},
		},
	} {
		got, more := passesOf(c.runs)
		if diff := cmp.Diff(c.want, got); diff != "" || more {
			t.Errorf("%s (-want +got), more %v:\n%s", name, more, diff)
		}
	}
	var hourly []harvest.Run
	for i := range mostPasses + 1 {
		hourly = append(hourly, run(1+i%28, harvest.RunPassed, newest))
	}
	if got, more := passesOf(hourly); len(got) != mostPasses || !more {
		t.Errorf("%d passes, more %v", len(got), more)
	}
}
