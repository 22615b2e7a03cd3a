package main_test

import (
	"os"
	"path/filepath"
	"strings"
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
			arrived, release := o.holdAfter(8)
			if !h.killed(func(ended <-chan struct{}) {
				told(arrived)(ended)
				set(step)
				release()
				arrived, release = o.holdAfter(8)
				told(arrived)(ended)
			}, "run") {
				t.Fatal("the run was not killed")
			}
			release()
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

// Pages that rest are left alone by a clock that goes on, asked for when it says
// that their rest is over, and asked for when it was set back: that they were
// visited in the future proves nothing. Put right again it finds all as it was.
func TestClockStepsWhilePagesRest(t *testing.T) {
	t.Parallel()
	const items = 6
	o := newOrdeal(t, items)
	h := o.reader(t)
	name := filepath.Join(h.dir, "config/sources/library.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	h.write("config/sources/library.yaml", strings.Replace(string(text), "revisit: {max: 0s}", "revisit: {min: 48h, max: 240h}", 1))
	clock := filepath.Join(t.TempDir(), "clock")
	h.env = []string{main.ClockVar + "=" + clock}
	const day = 24 * time.Hour
	for _, step := range []struct {
		what   string
		clock  time.Duration
		rested int
	}{
		{"the first run", 0, 0},
		{"a day later", day, items},
		{"the clock was set back", -day, 0},
		{"it was put right, and the pages were visited two days ago", 2 * day, 0},
		{"a day behind the last visit, which was in the future", day, 0},
		{"a day later", 2 * day, items},
		{"the clock was set forward by a year", 365 * day, 0},
		{"and put right", 3 * day, 0},
		{"a day later", 4 * day, items},
	} {
		if err := os.WriteFile(clock, []byte(step.clock.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		h.run()
		r := h.runs[0]
		if r.State != harvest.RunPassed || r.Outcomes[harvest.Skipped] != step.rested || r.Records() != items {
			t.Errorf("%s: run %s (%s), outcomes %v, %d records; want %d pages left alone and %d records",
				step.what, r.State, r.Reason, r.Outcomes, r.Records(), step.rested, items)
		}
		if diff := cmp.Diff(o.want, h.catalogue()); diff != "" {
			t.Errorf("%s: records differ from those of an undisturbed run:\n%s", step.what, diff)
		}
	}
}
