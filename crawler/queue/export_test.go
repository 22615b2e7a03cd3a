package queue

import (
	"testing"
	"time"

	"github.com/harvest87/harvest"
)

// WinOnly wins a tick and dies before the job is queued.
func WinOnly(t testing.TB, e *Engine, source harvest.SourceID, line string, at time.Time) {
	t.Helper()
	last, err := e.lastTick(t.Context(), source)
	if err == nil {
		_, err = e.setTick(t.Context(), source, tick{At: at, Line: line, Owed: true, seq: last.seq})
	}
	if err != nil {
		t.Fatal(err)
	}
}
