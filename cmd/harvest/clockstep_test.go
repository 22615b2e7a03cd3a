package main_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	main "github.com/harvest87/harvest/cmd/harvest"
)

// The clock is set while a run is going on, the run is killed, the clock is put
// right, and the run goes on: nothing is lost, doubled or asked for again. The
// next runs find everything unchanged, whatever they are told the time is.
func TestClockStepsDuringARun(t *testing.T) {
	t.Parallel()
	for _, step := range []time.Duration{-72 * time.Hour, -10 * time.Second, 10 * time.Second, 72 * time.Hour} {
		t.Run(step.String(), func(t *testing.T) {
			t.Parallel()
			o := newOrdeal(t, 40)
			h := o.reader(t)
			clock := filepath.Join(t.TempDir(), "clock")
			h.env = []string{main.ClockVar + "=" + clock}
			set := func(off time.Duration) {
				if err := os.WriteFile(clock+".new", []byte(off.String()), 0o600); err != nil {
					t.Error(err)
				}
				if err := os.Rename(clock+".new", clock); err != nil { // never half written
					t.Error(err)
				}
			}
			set(0)
			first, second := o.askedFor(8, 0), o.askedFor(16, 0)
			if !h.killed(func(ended <-chan struct{}) {
				first(ended)
				set(step)
				second(ended)
			}, "run") {
				t.Fatal("the run was not killed")
			}
			set(0)
			h.run()
			if h.runs[0].Resumed != 1 {
				t.Errorf("the run was taken up %d times, want once", h.runs[0].Resumed)
			}
			o.unharmed(h, 1)
			for _, off := range []time.Duration{step, 0} {
				set(off)
				h.run()
				if r := h.runs[0]; r.State != harvest.RunPassed || r.Outcomes[harvest.UnchangedRecord] != len(o.want) {
					t.Errorf("clock off by %s: run %s (%s), outcomes %v; want all unchanged", off, r.State, r.Reason, r.Outcomes)
				}
			}
			if diff := cmp.Diff(o.want, h.catalogue()); diff != "" {
				t.Errorf("records differ from those of an undisturbed run:\n%s", diff)
			}
		})
	}
}
