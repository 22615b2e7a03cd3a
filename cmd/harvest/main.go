// Command harvest crawls policy sites on modern slavery and keeps what they
// publish as records in a catalogue. `harvest --help` lists what it can do.
//
//	main.go       signals and exit codes
//	root.go       the command tree and the flags of every command
//	room.go       what commands work with: config, store, queue, index
//	harvester.go  one run of one source, wired
//	work.go       jobs, taken from the queue and done; batch.go does those of one command
//	control.go    what a server answers other commands; remote.go asks it
//	sourcefiles.go  source files that change while a server runs; reload.go takes them in
//	watch.go      progress, on a terminal (progress.go, screen.go) and off it
//	output.go     tables, JSON, text made safe for terminals
//	report.go     a run's report for people
//
// and one file for each subcommand.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // schedules work where the system has no time zones

	"github.com/harvest87/harvest/memory"
)

// Exit codes.
const (
	exitGood   = 0
	exitFailed = 1 // a source failed, or the command could not do its work
	exitUsage  = 2 // the command line was not understood
)

// Main is the program with its surroundings, so that tests can run it.
type Main struct {
	Stdout, Stderr io.Writer
	// Now is the clock by which runs are dated; default time.Now.
	Now func() time.Time
}

func main() {
	os.Exit(harvestMain())
}

func harvestMain() int { return Main{Stdout: os.Stdout, Stderr: os.Stderr}.untilSignalled() }

// untilSignalled ends cleanly on the first SIGINT or SIGTERM, and at once on the second.
func (m Main) untilSignalled() int {
	memory.Frugal()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // from now on a signal has Go's own effect: exit
	return m.Run(ctx, os.Args[1:])
}
