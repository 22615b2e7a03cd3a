package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What follows the runs is one line on a screen that goes away, and a line from
// time to time in a log.
func TestAftercareIsShownAndGoesAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var terminal, log bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&log, nil))
		onScreen := newAftercare(&screen{out: &terminal, size: func() (int, int) { return 80, 24 }}, logger)
		onScreen.show("matching", 1200, 0)
		onScreen.show("matching", 1400, 0) // too soon for another line
		if got := terminal.String(); !strings.Contains(got, "matching: 1,200 records\n") || strings.Contains(got, "1,400") {
			t.Errorf("the screen shows %q", got)
		}
		onScreen.close()
		if got := terminal.String(); !strings.HasSuffix(got, "\x1b[A\r\x1b[J") {
			t.Errorf("the line stays: %q", got)
		}
		inLog := newAftercare(nil, logger)
		for done := range 61 {
			inLog.show("indexing", done, 60)
			<-time.After(time.Second)
		}
		inLog.close()
		if n := strings.Count(log.String(), "step=indexing"); n != 2 {
			t.Errorf("logged %d times in a minute:\n%s", n, log.String())
		}
	})
}
