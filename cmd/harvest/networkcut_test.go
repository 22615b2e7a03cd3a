package main_test

import (
	"context"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
)

// wire is a host that can be cut off: its connections break, and there are no
// new ones until it is back.
type wire struct {
	t       *testing.T
	handler http.Handler
	address string
	server  *http.Server
}

// newWire serves at an address of its own. No other test has a port there, so
// that it can be had back.
func newWire(t *testing.T, h http.Handler) *wire {
	t.Helper()
	w := &wire{t: t, handler: h, address: "127.77.0.1:0"}
	if err := w.join(); err != nil {
		t.Skip("SKIPPED: this system has no address 127.77.0.1:", err)
	}
	t.Cleanup(w.cut)
	return w
}

func (w *wire) join() error {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", w.address)
	if err != nil {
		return err
	}
	w.address = l.Addr().String()
	w.server = &http.Server{Handler: w.handler, ReadHeaderTimeout: time.Minute}
	go func(s *http.Server) { _ = s.Serve(l) }(w.server) // it ends when it is cut
	return nil
}

func (w *wire) cut() { _ = w.server.Close() }

// The network is away for a while, a minute in a soak, while a run goes on. The
// run waits for it and misses nothing, whatever attempts it is allowed.
func TestNetworkCutIsWaitedFor(t *testing.T) {
	t.Parallel()
	away := 1500 * time.Millisecond
	if os.Getenv(killsVar) != "" {
		away = time.Minute
	}
	var w *wire
	o := newOrdealIn(t, newShelvesOn(30, func(h http.Handler) string {
		w = newWire(t, h)
		return "http://" + w.address
	}), 30)
	h := o.reader(t)
	run := h.start("run", "--json")
	until(t, "some pages are fetched", func() bool { n, _ := o.pages(); return n > 8 })
	w.cut()
	back := time.NewTimer(away)
	<-back.C
	seen, _ := o.pages()
	if err := w.join(); err != nil {
		t.Fatal(err)
	}
	if code := run.ends(deadline); code != 0 {
		t.Errorf("exit code %d, want 0\n%s", code, run.text.String())
	}
	if seen >= o.calm {
		t.Error("the run was over before the network came back; the test showed nothing")
	}
	o.unharmed(h, 1) // what was cut off was asked for again
}

// The network goes away for a while. A run that cannot wait so long ends as
// partial, and says so; what was recorded stays, and the next run mends it.
func TestNetworkCut(t *testing.T) {
	t.Parallel()
	o := newOrdeal(t, 30)
	h := o.reader(t)
	run := h.start("run", "--json")
	until(t, "some pages are fetched", func() bool { n, _ := o.pages(); return n > 8 })
	o.cut(true)
	if code := run.ends(deadline); code != 1 {
		t.Errorf("exit code %d, want 1\n%s", code, run.text.String())
	}
	r := reportOf(t, run.text.String())
	if r.State != harvest.RunPartial || r.Outcomes[harvest.GonePage]+r.Outcomes[harvest.NotFoundPage] > 0 || r.Failures() == 0 {
		t.Errorf("run %s (%s), outcomes %v; want partial with failures, nothing gone", r.State, r.Reason, r.Outcomes)
	}
	have := h.catalogue()
	if len(have) != r.Records() || len(have) == len(o.want) {
		t.Errorf("%d records of %d in the catalogue, the report says %d", len(have), len(o.want), r.Records())
	}
	for _, rec := range have {
		if rec["state"] != string(harvest.StateActive) {
			t.Errorf("%v is %v, though the network was away", rec["url"], rec["state"])
		}
	}
	o.cut(false)
	h.run()
	if diff := cmp.Diff(o.want, h.catalogue()); diff != "" {
		t.Errorf("after the next run records differ from those of an undisturbed one:\n%s", diff)
	}
}

// A short cut is bridged by the attempts that the configuration allows.
func TestShortNetworkCutIsBridged(t *testing.T) {
	t.Parallel()
	o := newOrdeal(t, 30)
	h := o.reader(t)
	h.write("config/harvest.yaml", "contact: tests@example.org\nfetch: {retries: 6}\n")
	run := h.start("run", "--json")
	until(t, "some pages are fetched", func() bool { n, _ := o.pages(); return n > 8 })
	o.cut(true)
	back := time.NewTimer(1500 * time.Millisecond)
	<-back.C
	o.cut(false)
	if code := run.ends(deadline); code != 0 {
		t.Errorf("exit code %d, want 0\n%s", code, run.text.String())
	}
	o.unharmed(h, 1) // what was cut off was asked for again
}
