package gate_test

import (
	"fmt"
	"hash/fnv"
	"slices"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/gate"
)

// fade lets a site lose summaries by so many of a hundred records a run, after three
// good runs, and returns after how many runs a gate failed, and which; 0 when none
// did in forty.
func fade(seed uint64, kind string, percent int) (runs int, failed []string) {
	w := newWorld(seed+200, kind)
	for range 3 {
		w.visit(nil)
		w.live()
	}
	for run := 1; run <= 40; run++ {
		results := w.visit(func(r *harvest.Record) {
			h := fnv.New32a()
			fmt.Fprint(h, r.ID)
			if int(h.Sum32()%100) < percent*run {
				r.Summary = ""
			}
		})
		if len(results) > 0 {
			for _, x := range results {
				failed = append(failed, x.Gate)
			}
			return run, failed
		}
		w.live()
	}
	return 0, nil
}

// A site that breaks a few records at a time gives no run cause for doubt, and all of
// them together do. What is lost within a dozen runs must be noticed by then, one
// record of a hundred a run within thirty.
func TestFadingIsNoticed(t *testing.T) {
	for _, x := range []struct{ percent, within int }{{1, 30}, {2, 18}, {4, 12}} {
		for _, kind := range []string{"medium", "restless"} {
			for seed := range uint64(max(1, *seeds-1)) {
				if *seeds == fewSeeds && (kind == "medium") != (x.percent == 1) {
					continue // it takes long
				}
				runs, failed := fade(seed, kind, x.percent)
				t.Logf("%s, seed %d: %d of 100 records a run: noticed in run %d by %v", kind, seed, x.percent, runs, failed)
				if runs == 0 || runs > x.within || !slices.ContainsFunc(failed, func(g string) bool { return g == "fading.summary" || g == "lost.summary" }) {
					t.Errorf("%s, seed %d, %d of 100: noticed in run %d by %v; want fading.summary within %d", kind, seed, x.percent, runs, failed, x.within)
				}
			}
		}
	}
}

// A site that goes over to documents of another kind loses nothing, and one whose
// source file says so is left alone.
func TestFadingKnowsAMove(t *testing.T) {
	history := func(lost int) ([]harvest.Run, harvest.Run) {
		var runs []harvest.Run
		for i := range 12 {
			had := 100 - 3*i
			runs = append(runs, harvest.Run{
				ID: harvest.RunID(fmt.Sprint("r@", i)), State: harvest.RunPassed,
				Figures: &harvest.Figures{Standing: 100, Again: 100, Whole: true, Fields: []harvest.FieldFigures{{Name: "summary", Had: had, Lost: lost}}},
			})
		}
		return runs[:11], runs[11]
	}
	fails := func(g config.Gates, lost int, ended bool) bool {
		past, run := history(lost)
		return slices.ContainsFunc(gate.Failed(gate.Judge(g, past, &run, ended)), func(r harvest.GateResult) bool { return r.Gate == "fading.summary" })
	}
	if !fails(config.Gates{}, 3, true) {
		t.Error("a third of the summaries was lost little by little, and nothing failed")
	}
	if fails(config.Gates{}, 0, true) {
		t.Error("no record has lost anything, and the gate failed")
	}
	if fails(config.Gates{}, 3, false) {
		t.Error("the gate failed before the end of the run")
	}
	if fails(config.Gates{Lost: map[string]config.Limit{"summary": {Off: true}}}, 3, true) {
		t.Error("the gate is switched off, and failed")
	}
}
