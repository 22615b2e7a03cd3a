package queue_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/queue"
)

// noise fills b with what does not compress.
func noise(b []byte) {
	x := uint64(len(b)) + 88172645463325252
	for i := range b {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b[i] = byte(x)
	}
}

// listening are the inodes of the process's sockets that listen.
func listening(t *testing.T) []string {
	t.Helper()
	state := map[string]bool{}
	for _, table := range []string{"tcp", "tcp6"} {
		b, err := os.ReadFile("/proc/self/net/" + table)
		if err != nil {
			t.Skip("SKIPPED: needs /proc:", err)
		}
		for line := range strings.Lines(string(b)) {
			if f := strings.Fields(line); len(f) > 9 && f[3] == "0A" {
				state["socket:["+f[9]+"]"] = true
			}
		}
	}
	var found []string
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("SKIPPED: needs /proc:", err)
	}
	for _, fd := range fds {
		if name, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && state[name] {
			found = append(found, name)
		}
	}
	return found
}

func TestNoPortIsOpened(t *testing.T) {
	before := listening(t)
	open(t, t.TempDir())
	if after := listening(t); len(after) != len(before) {
		t.Errorf("listening sockets: %v, before %v", after, before)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if after := listening(t); len(after) != len(before)+1 {
		t.Errorf("the test does not see a listening socket: %v", after)
	}
}

func TestOpenRefusesWhatCannotBeAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", file, filepath.Join(file, "below")} {
		if _, err := queue.Open(t.Context(), queue.Options{Dir: dir}); err == nil {
			t.Errorf("open %q succeeds", dir)
		}
	}
}

func TestJournalsHaveAnUpperBound(t *testing.T) {
	e, err := queue.Open(t.Context(), queue.Options{Dir: t.TempDir(), MaxBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	j := journal(t, e, run)
	n := 0
	for size := 10_000; size >= 10; size /= 10 { // up to the last corner
		entry := make([]byte, size)
		noise(entry)
		for err = nil; err == nil; n++ {
			if n > 10_000 {
				t.Fatal("there is no bound")
			}
			err = j.Append(t.Context(), entry)
		}
		n--
		if !strings.Contains(err.Error(), "reached their bound") {
			t.Fatalf("append beyond the bound: %v", err)
		}
		if j, err = e.Journal(t.Context(), run); err != nil {
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), "reached their bound") {
		t.Fatalf("claim beyond the bound: %v", err)
	}
}

func TestRunCanEndAtTheBound(t *testing.T) {
	e, err := queue.Open(t.Context(), queue.Options{Dir: t.TempDir(), MaxBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	ending := journal(t, e, "ending@1")
	add(t, ending, strings.Repeat("x", 1000))
	for size := 10_000; size >= 1; size /= 10 {
		j, err := e.Journal(t.Context(), "filling@1")
		entry := make([]byte, size)
		noise(entry)
		for err == nil {
			err = j.Append(t.Context(), entry)
		}
	}
	if err := ending.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Journal(t.Context(), "ending@1"); !errors.Is(err, queue.ErrEnded) {
		t.Errorf("journal of an ended run: %v", err)
	}
	runs, err := e.Unfinished(t.Context(), "")
	if err != nil || !slices.Equal(runs, []harvest.RunID{"filling@1"}) {
		t.Errorf("unfinished: %v, %v", runs, err)
	}
	got := collect(t, journal(t, e, "filling@1").Read(t.Context(), 0))
	if len(got) < 100 {
		t.Errorf("%d entries of the other run", len(got))
	}
}

func TestOnlyOneOfManyClaimantsCanAppend(t *testing.T) {
	e := open(t, t.TempDir())
	const workers, tries = 8, 50
	var stored atomic.Int64
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range tries {
				j, err := e.Journal(t.Context(), run)
				if err != nil {
					t.Error(err)
					return
				}
				switch err := j.Append(t.Context(), fmt.Appendf(nil, "%d %d", w, i)); {
				case err == nil:
					stored.Add(1)
				case !errors.Is(err, queue.ErrFenced):
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	j := journal(t, e, run)
	got := collect(t, j.Read(t.Context(), 0))
	if int64(len(got)) != stored.Load() || j.Claims() != workers*tries+1 {
		t.Errorf("%d entries and %d claims, want %d and %d", len(got), j.Claims(), stored.Load(), workers*tries+1)
	}
	slices.Sort(got)
	if len(slices.Compact(got)) != int(stored.Load()) {
		t.Error("an entry is there twice")
	}
}

func TestAppendsFromSeveralGoroutines(t *testing.T) {
	e := open(t, t.TempDir())
	j := journal(t, e, run)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if err := j.Append(t.Context(), []byte("a"), []byte("b")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got := collect(t, journal(t, e, run).Read(t.Context(), 0))
	if len(got) != 800 || got[0] != "a" || got[799] != "b" {
		t.Errorf("%d entries", len(got))
	}
}

func TestCloseEndsWhatIsUnderWay(t *testing.T) {
	e := open(t, t.TempDir())
	j := journal(t, e, run)
	for i := range 3000 {
		add(t, j, fmt.Sprint(i))
	}
	again := journal(t, e, run)
	other := journal(t, e, "other@1")
	reading := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, err := range again.Read(t.Context(), 0) {
			if err != nil {
				return
			}
			select {
			case <-reading:
			default:
				close(reading)
			}
		}
	})
	wg.Go(func() {
		for other.Append(t.Context(), []byte("x")) == nil {
		}
	})
	<-reading
	start := time.Now()
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("close took %s", took)
	}
	if _, err := e.Journal(t.Context(), run); err == nil {
		t.Error("a closed engine opens a journal")
	}
	if err := e.Close(); err != nil {
		t.Error("second close:", err)
	}
}

func TestCancelledContextStopsCalls(t *testing.T) {
	e := open(t, t.TempDir())
	j := journal(t, e, run)
	add(t, j, "a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := j.Append(ctx, []byte("b")); !errors.Is(err, context.Canceled) {
		t.Errorf("append: %v", err)
	}
	add(t, j, "c") // nothing was sent, so nothing is open
	if _, err := e.Journal(ctx, run); !errors.Is(err, context.Canceled) {
		t.Errorf("journal: %v", err)
	}
	j = journal(t, e, run)
	for _, err := range j.Read(ctx, 0) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("replay: %v", err)
		}
	}
	if _, err := e.Unfinished(ctx, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("unfinished: %v", err)
	}
}

// elsewhere starts a NATS server on a port of its own, as an operator would.
func elsewhere(t testing.TB) string {
	t.Helper()
	// What streams reserve; else a share of the disk's free space, which may be less.
	return elsewhereWithRoom(t, 1<<40)
}

func elsewhereWithRoom(t testing.TB, octets int64) string {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true,
		JetStreamMaxStore: octets, Username: "harvest", Password: "s3cret",
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("server does not start")
	}
	return s.Addr().String()
}

func TestServerElsewhereHasNoRoom(t *testing.T) {
	_, err := queue.Open(t.Context(), queue.Options{URL: "nats://harvest:s3cret@" + elsewhereWithRoom(t, 1<<20), Dir: "/nonexistent"})
	if err == nil || !strings.Contains(err.Error(), "max_file_store") {
		t.Errorf("a server that has no room: %v; want the way out", err)
	}
}

func TestServerElsewhere(t *testing.T) {
	addr := elsewhere(t)
	dial := func() *queue.Engine {
		e, err := queue.Open(t.Context(), queue.Options{URL: "nats://harvest:s3cret@" + addr, Dir: "/nonexistent"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { e.Close() })
		return e
	}
	a, b := dial(), dial() // two machines, one queue
	first := journal(t, a, run)
	big := make([]byte, 3<<20) // several messages of 1 MiB
	noise(big)
	add(t, first, "small", string(big))
	second := journal(t, b, run)
	if err := first.Append(t.Context(), []byte("late")); !errors.Is(err, queue.ErrFenced) {
		t.Errorf("append by the first claim: %v, want ErrFenced", err)
	}
	if got := collect(t, second.Read(t.Context(), 0)); !slices.Equal(got, []string{"small", string(big)}) {
		t.Errorf("%d entries", len(got))
	}
	if got, err := a.Unfinished(t.Context(), "respect"); err != nil || !slices.Equal(got, []harvest.RunID{run}) {
		t.Errorf("unfinished: %v, %v", got, err)
	}
	if err := second.End(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := a.Journal(t.Context(), run); !errors.Is(err, queue.ErrEnded) {
		t.Errorf("journal of an ended run: %v", err)
	}
}

func TestServerElsewhereThatIsAway(t *testing.T) {
	_, err := queue.Open(t.Context(), queue.Options{URL: "nats://harvest:s3cret@127.0.0.1:1"})
	if !errors.Is(err, harvest.ErrUnavailable) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("open: %v, want ErrUnavailable without the password", err)
	}
	_, err = queue.Open(t.Context(), queue.Options{URL: "nats://harvest:wrong@" + elsewhere(t)})
	if err == nil || errors.Is(err, harvest.ErrUnavailable) || strings.Contains(err.Error(), "wrong") {
		t.Errorf("open with a wrong password: %v", err)
	}
}

// wire is a TCP line to a server that can be cut and mended.
type wire struct {
	net.Listener
	to  string
	mu  sync.Mutex
	cut bool
	all []net.Conn
	wg  sync.WaitGroup
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: l, to: to}
	w.wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			w.carry(c)
		}
	})
	t.Cleanup(func() { l.Close(); w.set(true); w.wg.Wait() })
	return w
}

func (w *wire) carry(c net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, err := net.Dial("tcp", w.to)
	if w.cut || err != nil {
		c.Close()
		return
	}
	w.all = append(w.all, c, s)
	for _, pair := range [][2]net.Conn{{c, s}, {s, c}} {
		w.wg.Go(func() {
			_, _ = io.Copy(pair[0], pair[1])
			pair[0].Close()
		})
	}
}

func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	if cut {
		for _, c := range w.all {
			c.Close()
		}
		w.all = nil
	}
}

func TestCutLineIsWaitedOut(t *testing.T) {
	t.Parallel()
	w := newWire(t, elsewhere(t))
	e, err := queue.Open(t.Context(), queue.Options{
		URL: "nats://harvest:s3cret@" + w.Addr().String(), Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	j := journal(t, e, run)
	var stored atomic.Int64
	stop := make(chan struct{})
	done := make(chan error, 1)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			if err := j.Append(t.Context(), numbered(i, 1, 0, 10)); err != nil {
				done <- err
				return
			}
			stored.Add(1)
		}
	}()
	waitFor := func(n int64) {
		for stored.Load() < n {
			select {
			case err := <-done:
				t.Fatalf("append after %d: %v", stored.Load(), err)
			case <-time.After(time.Millisecond):
			}
		}
	}
	for range 2 {
		waitFor(stored.Load() + 100)
		w.set(true)
		<-time.After(300 * time.Millisecond)
		w.set(false)
	}
	waitFor(stored.Load() + 100)
	close(stop)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	got, err := readNumbered(journal(t, e, run).Read(t.Context(), 0))
	if err != nil || int64(got) != stored.Load() {
		t.Errorf("%d entries, want %d: %v", got, stored.Load(), err)
	}
}
