package main

import (
	"log/slog"
	"time"

	"github.com/dustin/go-humanize"
)

// aftercare shows how far the work is that follows the runs and may take its
// time on a large catalogue: matching, then the search index. On a screen it is
// one line that goes away; elsewhere it is logged from time to time.
type aftercare struct {
	screen *screen // nil off a terminal
	logger *slog.Logger
	last   time.Time // shown or logged
}

func newAftercare(s *screen, logger *slog.Logger) *aftercare {
	a := &aftercare{screen: s, logger: logger}
	if s == nil {
		a.last = time.Now() // what is soon done needs no line in a log
	}
	return a
}

// show tells that so many records are done, of a total where it is known.
func (a *aftercare) show(what string, done, total int) {
	now := time.Now()
	switch {
	case a.screen != nil && now.Sub(a.last) >= drawEvery:
		line := what + ": " + humanize.Comma(int64(done))
		if total > 0 {
			line += " of " + humanize.Comma(int64(max(done, total)))
		}
		a.screen.show(func(int, int) []string { return []string{line + " records"} })
	case a.screen == nil && now.Sub(a.last) >= logEvery:
		a.logger.Info("work after the runs goes on", "step", what, "records", done, "total", total)
	default:
		return
	}
	a.last = now
}

// close takes the line away.
func (a *aftercare) close() {
	if a.screen != nil {
		a.screen.leave(func(int, int) []string { return nil })
	}
}
