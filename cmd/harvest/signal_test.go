package main_test

import (
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// stopped is how long a stop may take; docs/operating.md promises two seconds.
// The race detector slows everything down.
func stopped() time.Duration {
	if raced {
		return 6 * time.Second
	}
	return 2 * time.Second
}

// A stop in the middle of a slow answer comes at once, is told as such, and
// the next start ends the run with the same records.
func TestSignalsStopARun(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		t.Run(fmt.Sprint(signal), func(t *testing.T) {
			h, site := slow(t)
			run := h.start("run", "--json")
			<-site.gate.Arrived()
			start := time.Now()
			if err := run.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if code := run.ends(10 * time.Second); code != 1 {
				t.Errorf("exit code %d, want 1", code)
			}
			if took := time.Since(start); took > stopped() {
				t.Errorf("the stop took %s", took)
			}
			if r := reportOf(t, run.text.String()); r.State != harvest.RunInterrupted || !strings.Contains(r.Reason, "go on where it stopped") {
				t.Errorf("run %s (%s)", r.State, r.Reason)
			}
			site.goesOn(t, h)
		})
	}
}

// The second signal does not wait for anything.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	h, site := slow(t)
	run := h.start("run", "--json")
	<-site.gate.Arrived()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	start := time.Now()
	go func() {
		for range tick.C { // until it has ended
			if run.Process.Signal(os.Interrupt) != nil {
				return
			}
		}
	}()
	run.ends(10 * time.Second)
	if took := time.Since(start); took > time.Second {
		t.Errorf("the end took %s", took)
	}
	site.goesOn(t, h)
}

// A server stops as fast, with 0, and takes up what a run has left.
func TestSignalStopsAServer(t *testing.T) {
	h, site := slow(t)
	run := h.start("run")
	<-site.gate.Arrived()
	if err := run.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	run.ends(10 * time.Second)

	serve := h.start("serve", "--listen", freeAddress(t))
	<-site.gate.Arrived() // what was left is taken up
	start := time.Now()
	if err := serve.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := serve.ends(10 * time.Second); code != 0 {
		t.Errorf("exit code %d, want 0\n%s", code, serve.text.String())
	}
	if took := time.Since(start); took > stopped() {
		t.Errorf("the stop took %s\n%s", took, serve.text.String())
	}
	site.goesOn(t, h)
}

// A signal while the store is waited for ends the wait.
func TestSignalEndsTheWaitForAStore(t *testing.T) {
	for _, command := range [][]string{{"run"}, {"serve", "--listen", "127.0.0.1:0"}} {
		t.Run(command[0], func(t *testing.T) {
			h, _ := slow(t)
			h.write("config/harvest.yaml", fmt.Sprintf("store: {mongodb: {uri: 'mongodb://%s/?serverSelectionTimeoutMS=200'}}\n", freeAddress(t)))
			p := h.start(command...)
			until(t, "the store is missed", func() bool { return strings.Contains(p.text.String(), "store is away, trying again") })
			start := time.Now()
			if err := p.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			p.ends(10 * time.Second)
			if took := time.Since(start); took > stopped() {
				t.Errorf("the stop took %s\n%s", took, p.text.String())
			}
		})
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// slowSite is an innocent site of which one page does not answer before the
// gate is opened.
type slowSite struct {
	*sitetest.Site
	gate *sitetest.Gate
	want []string
}

func slow(t *testing.T) (*campaign, *slowSite) {
	t.Helper()
	h, site := quiet(t)
	h.watched = true // the stop
	s := &slowSite{Site: site, gate: sitetest.NewGate(sitetest.HTML(article(2, "")))}
	for _, path := range []string{"/item/1", "/item/2", "/item/3"} {
		s.want = append(s.want, site.At(path))
	}
	site.Handle("/item/2", s.gate)
	return h, s
}

// goesOn opens the gate and expects the run that was left to end well.
func (s *slowSite) goesOn(t *testing.T, h *campaign) {
	t.Helper()
	s.gate.Open()
	h.run()
	if r := h.runs[0]; r.State != harvest.RunPassed || r.Resumed == 0 || r.Outcomes[harvest.NewRecord] != 3 {
		t.Errorf("run %s (%s), resumed %d times, outcomes %v; want passed, resumed, 3 new", r.State, r.Reason, r.Resumed, r.Outcomes)
	}
	got := map[string]bool{}
	for _, url := range h.listed() {
		got[url] = true
	}
	want := map[string]bool{}
	for _, url := range s.want {
		want[url] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if n := s.Count("/item/1"); n != 1 { // the next page is not asked for before the journal has it
		t.Errorf("a page that was done was fetched %d times", n)
	}
}
