package main

import (
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// ClockVar names a file with the duration by which the program's clock is wrong.
// It may change while the program runs.
const ClockVar = "HARVEST_TEST_CLOCK"

// HarvestMain is the program, for the command that test scripts call.
func HarvestMain() int {
	m := Main{Stdout: os.Stdout, Stderr: os.Stderr}
	if name := os.Getenv(ClockVar); name != "" {
		m.Now = func() time.Time {
			text, _ := os.ReadFile(name) // the test wrote it
			off, _ := time.ParseDuration(string(text))
			return time.Now().Add(off)
		}
	}
	return m.untilSignalled()
}

// Commands is the command tree.
func Commands() *cobra.Command { return Main{}.command() }

// Live are the live lines of runs.
type Live struct{ x watch }

// Update takes in how a run stands at a moment.
func (l *Live) Update(p crawler.Progress, at time.Time) { l.x.of(p.Source).update(&p, at) }

// End takes in how a run ended.
func (l *Live) End(r harvest.Run) { l.x.of(r.Source).end = &r }

// Frame is what a terminal of that size shows.
func (l *Live) Frame(now time.Time, columns, rows int) []string {
	return l.x.frame(now)(columns, rows)
}

// Screen is a screen on a terminal of that size.
type Screen struct{ *screen }

// NewScreen returns a screen.
func NewScreen(out io.Writer, size func() (columns, rows int)) Screen {
	return Screen{&screen{out: out, size: size}}
}

// Show draws lines.
func (s Screen) Show(lines ...string) { s.show(func(int, int) []string { return lines }) }

// Looked are the records of hits.
var Looked = looked
