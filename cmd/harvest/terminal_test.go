//go:build unix

package main_test

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// onTerminal is a call of the program on a terminal of that width.
type onTerminal struct {
	*started
	master *os.File
	ended  chan struct{} // closed when all that it printed has been read
}

func (h *campaign) onTerminal(columns uint16, args ...string) *onTerminal {
	h.t.Helper()
	o := &onTerminal{started: &started{Cmd: h.command(args...), t: h.t}, ended: make(chan struct{})}
	o.Env = append(o.Env, "TERM=xterm")
	master, err := pty.StartWithSize(o.Cmd, &pty.Winsize{Rows: 24, Cols: columns})
	if err != nil {
		h.t.Fatal(err)
	}
	o.master = master
	h.t.Cleanup(func() { _ = o.Process.Kill(); _ = master.Close() })
	go func() {
		defer close(o.ended)
		_, _ = io.Copy(&o.text, master) // ends with an error when the program has
	}()
	return o
}

// finish waits for the end and returns the exit code and what stands on the
// terminal.
func (o *onTerminal) finish(columns int) (code int, rows []string) {
	o.t.Helper()
	code = o.ends(deadline)
	<-o.ended
	v := &terminal{columns: columns}
	if _, err := v.Write(bytes.ReplaceAll([]byte(o.text.String()), []byte("\r\n"), []byte("\n"))); err != nil {
		o.t.Fatalf("%v in %q", err, o.text.String())
	}
	return code, v.rows
}

// On a terminal a run shows where it stands, keeps that below its warnings, and
// leaves one line for each source and then its report. Nothing of it depends on
// what the terminal is called.
func TestRunOnATerminal(t *testing.T) {
	h, site := slow(t)
	run := h.onTerminal(100, "run")
	<-site.gate.Arrived()
	until(t, "the run is shown", func() bool { return strings.Contains(run.text.String(), " of ") })
	live := regexp.MustCompile(`innocent \[[ #=>.-]*\] \d+ of \d+ pages`)
	until(t, "done, pending and hosts are shown", func() bool {
		said := run.text.String()
		return live.MatchString(said) && strings.Contains(said, "127.0.0.1")
	})
	site.gate.Open()
	code, rows := run.finish(100)
	said := strings.Join(rows, "\n")
	if code != 0 || strings.Count(said, "innocent") == 0 || !strings.Contains(said, "passed") {
		t.Errorf("exit code %d, on the terminal:\n%s", code, said)
	}
	if live.MatchString(said) || slices.ContainsFunc(rows, func(row string) bool { return strings.HasPrefix(row, "{") }) {
		t.Errorf("lines of a run that has ended, or log lines, are left on the terminal:\n%s", said)
	}
}

// A terminal that is called dumb gets log lines, and no sequence at all.
func TestRunOnADumbTerminal(t *testing.T) {
	h, site := slow(t)
	site.gate.Open()
	run := &onTerminal{started: &started{Cmd: h.command("run"), t: t}, ended: make(chan struct{})}
	run.Env = append(run.Env, "TERM=dumb")
	master, err := pty.Start(run.Cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	go func() {
		defer close(run.ended)
		_, _ = io.Copy(&run.text, master)
	}()
	code := run.ends(deadline)
	<-run.ended
	if said := run.text.String(); code != 0 || strings.Contains(said, "\x1b") || !strings.Contains(said, `"msg":"run ended"`) {
		t.Errorf("exit code %d, %q", code, said)
	}
}

// Ctrl-C typed at a terminal stops the run in good order within two seconds.
func TestInterruptTypedAtATerminal(t *testing.T) {
	h, site := slow(t)
	run := h.onTerminal(80, "run")
	<-site.gate.Arrived()
	typed := time.Now()
	if _, err := run.master.Write([]byte{3}); err != nil {
		t.Fatal(err)
	}
	code, rows := run.finish(80)
	if said := strings.Join(rows, "\n"); code != 1 || !strings.Contains(said, "interrupted") {
		t.Errorf("exit code %d after %s, on the terminal:\n%s", code, time.Since(typed), said)
	}
	site.gate.Open()
	if said := h.does(0, "run"); !strings.Contains(said, "passed") {
		t.Errorf("the next run says %q", said)
	}
}
