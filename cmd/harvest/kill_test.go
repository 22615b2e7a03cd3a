package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// The environment of `make soak`: how often to kill, and a seed to do the same
// again. The tests themselves kill 30 times, each time with another seed.
const (
	killsVar = "HARVEST_SOAK_KILLS"
	seedVar  = "HARVEST_SOAK_SEED"
)

// shelves is a library that counts what it is asked for, and when it was first.
type shelves struct {
	*sitetest.Library
	url string

	mu    sync.Mutex
	asked map[string]int
	first time.Time
	down  bool
	// held, while set, keeps answers back until it is closed; arrived is told of
	// each that is.
	held    chan struct{}
	arrived chan struct{}
}

func newShelves(t *testing.T, items int) *shelves {
	t.Helper()
	return newShelvesOn(items, func(h http.Handler) string { return sitetest.NewServer(t, h) })
}

// newShelvesOn has the library answer where serve says.
func newShelvesOn(items int, serve func(http.Handler) (url string)) *shelves {
	s := &shelves{Library: sitetest.NewLibrary(sitetest.LibraryOptions{Items: items, PerPage: 20, Size: 2500, NoSitemap: true}), asked: map[string]int{}}
	s.url = serve(s)
	return s
}

// ServeHTTP implements http.Handler.
func (s *shelves) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if s.down {
		s.mu.Unlock()
		panic(http.ErrAbortHandler) // the connection is cut
	}
	s.asked[r.URL.Path]++
	if s.first.IsZero() {
		s.first = time.Now()
	}
	held, arrived := s.held, s.arrived
	s.mu.Unlock()
	if held != nil && r.URL.Path != "/robots.txt" {
		select {
		case arrived <- struct{}{}:
		default: // it is known already
		}
		select {
		case <-held:
		case <-r.Context().Done():
			return
		}
	}
	s.Library.ServeHTTP(w, r)
}

// hold keeps all answers back until release is called. A value comes from arrived
// when somebody waits for one.
func (s *shelves) hold() (arrived <-chan struct{}, release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := make(chan struct{})
	s.held, s.arrived = held, make(chan struct{}, 1)
	return s.arrived, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.held = nil
		close(held)
	}
}

// cut takes the network away, or gives it back.
func (s *shelves) cut(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

// pages is how many requests there were besides those for robots.txt, and when
// the first of all came.
func (s *shelves) pages() (n int, first time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for path, times := range s.asked {
		if path != "/robots.txt" {
			n += times
		}
	}
	return n, s.first
}

func (s *shelves) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.asked)
	s.first = time.Time{}
}

// reader harvests a library into a folder of its own.
func (s *shelves) reader(t *testing.T) *campaign {
	t.Helper()
	h := &campaign{killing: killing{t: t, dir: t.TempDir()}}
	h.write("config/harvest.yaml", "contact: tests@example.org\nfetch: {retries: 1}\n")
	text := strings.Replace(s.SourceFile("library", s.url), "delay: 0s", "delay: 10ms", 1)
	h.write("config/sources/library.yaml", text+"revisit: {max: 0s}\n") // every run asks for every page
	return h
}

// catalogue is every record, field by field, but for the times and the runs,
// which differ from harvest to harvest.
func (h *campaign) catalogue() []map[string]any {
	h.t.Helper()
	out, err := h.command("export").Output()
	if err != nil {
		h.t.Fatal(err)
	}
	var records []map[string]any
	for line := range bytes.Lines(out) {
		var r map[string]any
		if err := json.Unmarshal(line, &r); err != nil {
			h.t.Fatal(err)
		}
		for _, field := range []string{"first_seen", "last_seen", "last_changed", "first_run", "run"} {
			delete(r, field)
		}
		records = append(records, r)
	}
	return records
}

// killed starts the program, kills it with SIGKILL when the moment comes, and
// says whether it was quick enough. moment gives up when its channel closes.
func (h *campaign) killed(moment func(ended <-chan struct{}), args ...string) bool {
	h.t.Helper()
	p := h.start(args...)
	ended := make(chan struct{})
	struck := make(chan struct{})
	go func() {
		defer close(struck)
		moment(ended)
		_ = p.Process.Kill() // it may have ended
	}()
	late := time.AfterFunc(deadline, func() { _ = p.Process.Kill() })
	_ = p.Wait() // the state says how it ended
	close(ended)
	<-struck
	if !late.Stop() {
		h.t.Fatalf("harvest %v did not end within %s\n%s", args, deadline, p.text.String())
	}
	if strings.Contains(p.text.String(), "goroutine ") {
		h.t.Errorf("the program broke:\n%s", p.text.String())
	}
	if code := p.ProcessState.ExitCode(); code >= 0 {
		if code != 0 {
			h.t.Errorf("exit code %d\n%s", code, p.text.String())
		}
		return false
	}
	return true
}

// after is a moment: so much later.
func after(d time.Duration) func(<-chan struct{}) {
	return func(ended <-chan struct{}) {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ended:
		}
	}
}

// written is a moment: when what the pattern names has changed so many times.
func written(pattern string, times int) func(<-chan struct{}) {
	look := func() (size int64) {
		names, _ := filepath.Glob(pattern) // the pattern is well-formed
		for _, name := range names {
			if info, err := os.Stat(name); err == nil {
				size += info.Size() + info.ModTime().UnixNano()
			}
		}
		return size
	}
	return func(ended <-chan struct{}) {
		tick := time.NewTicker(200 * time.Microsecond)
		defer tick.Stop()
		for before := look(); times > 0; {
			select {
			case <-ended:
				return
			case <-tick.C:
			}
			if now := look(); now != before {
				before = now
				times--
			}
		}
	}
}

// ordeal is a library, what an undisturbed harvest of it gives, and what it
// asks for.
type ordeal struct {
	*shelves
	t     *testing.T
	want  []map[string]any
	calm  int           // requests
	start time.Duration // from the start of the program to its first request
	rand  *rand.Rand
}

func newOrdeal(t *testing.T, items int) *ordeal {
	t.Helper()
	return newOrdealIn(t, newShelves(t, items), items)
}

func newOrdealIn(t *testing.T, s *shelves, items int) *ordeal {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if said := os.Getenv(seedVar); said != "" {
		var err error
		if seed, err = strconv.ParseUint(said, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%s=%d", seedVar, seed)
	o := &ordeal{shelves: s, t: t, rand: rand.New(rand.NewPCG(seed, 1))}
	h := o.reader(t)
	begin := time.Now()
	h.run()
	var first time.Time
	o.calm, first = o.pages()
	o.want, o.start = h.catalogue(), first.Sub(begin)
	if len(o.want) != items || h.runs[0].State != harvest.RunPassed {
		t.Fatalf("the undisturbed run %s (%s) gives %d records, want %d", h.runs[0].State, h.runs[0].Reason, len(o.want), items)
	}
	o.forget()
	return o
}

// within is a random moment up to that one.
func (o *ordeal) within(d time.Duration) func(<-chan struct{}) {
	return after(time.Duration(o.rand.Int64N(int64(d) + 1)))
}

// askedFor is a moment: when the site has been asked for so many pages more, and
// a random while later.
func (o *ordeal) askedFor(pages int, while time.Duration) func(<-chan struct{}) {
	before, _ := o.pages()
	rest := o.within(while)
	return func(ended <-chan struct{}) {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for {
			if n, _ := o.pages(); n >= before+pages {
				rest(ended)
				return
			}
			select {
			case <-tick.C:
			case <-ended:
				return
			}
		}
	}
}

// hands is how many pages one kill may cost: one for each request that may be
// under way, and the site is one host. A page is in hand from its request until
// the journal has it.
const hands = 1

// unharmed expects the catalogue of a run that nothing has disturbed, each
// record counted as new once, and no page asked for again beyond those that
// were in hand at a kill.
func (o *ordeal) unharmed(h *campaign, kills int) {
	o.t.Helper()
	if diff := cmp.Diff(o.want, h.catalogue()); diff != "" {
		o.t.Errorf("records differ from those of an undisturbed run:\n%s", diff)
	}
	// A kill between the end of a run and that of its process lets the next
	// start begin a new run, rightly: so the runs are looked at together.
	fresh, runs := 0, h.killing.runs()
	for i := range runs {
		fresh += runs[i].Outcomes[harvest.NewRecord]
		if runs[i].State != harvest.RunPassed {
			o.t.Errorf("run %s %s (%s), outcomes %v", runs[i].ID, runs[i].State, runs[i].Reason, runs[i].Outcomes)
		}
	}
	if fresh != len(o.want) {
		o.t.Errorf("%d records counted as new in %d runs, want %d", fresh, len(runs), len(o.want))
	}
	asked, _ := o.pages()
	again := asked - o.calm*len(runs)
	if again > hands*kills || again < 0 {
		o.t.Errorf("%d requests more than without kills, after %d kills in %d runs", again, kills, len(runs))
	}
	o.t.Logf("%d kills, %d runs, %d of %d pages fetched again", kills, len(runs), again, o.calm)
}

// A run that is killed at random moments, again and again, goes on by itself
// and ends with the records of a run that nothing disturbed: none lost, none
// doubled, none counted twice.
func TestKilledRunsLoseNothing(t *testing.T) {
	t.Parallel()
	kills := 30
	if s := os.Getenv(killsVar); s != "" {
		var err error
		if kills, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	const each = 10 // kills of a series
	for series := range (kills + each - 1) / each {
		t.Run(strconv.Itoa(series), func(t *testing.T) {
			t.Parallel()
			o := newOrdeal(t, 70)
			for total, most := 0, min(each, kills-series*each); total < most; {
				o.forget()
				h, n := o.reader(t), 0
				for ; n < most-total; n++ {
					moment := o.within(o.start)
					if n%3 > 0 { // while it harvests, however long the start takes
						moment = o.askedFor(1+o.rand.IntN(8), 15*time.Millisecond)
					}
					if !h.killed(moment, "run") {
						break
					}
					if n == 0 {
						h.wantInterrupted()
					}
				}
				h.run()
				o.unharmed(h, n)
				total += max(1, n)
			}
		})
	}
}

// A kill at the worst moments: in the middle of what is being written.
func TestKilledWhileWriting(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, pattern string
		writes        int // of which one is chosen at random
	}{
		{"the catalogue", "harvest.db-wal", 5}, // hundreds of pages share a write
		{"the journal", "queue/jetstream/$G/streams/*/msgs/*.blk", 8},
		{"the index", "index/*", 2},
		{"the files of the index", "index/*/store/*", 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOrdeal(t, 25)
			h, n := o.reader(t), 0
			pattern := filepath.Join(h.dir, "harvest-data", tt.pattern)
			for range 5 {
				if h.killed(written(pattern, 1+o.rand.IntN(tt.writes)), "run") {
					n++
				}
			}
			if n == 0 {
				t.Error("nothing was killed; the test showed nothing")
			}
			h.run()
			o.unharmed(h, n)
			if found := strings.Count(h.does(0, "search", "--json", "--limit", "100"), `"title":`); found < len(o.want) {
				t.Errorf("the index finds %d records of %d", found, len(o.want))
			}
		})
	}
}

// A kill while a run is taken up again, several times in a row.
func TestKilledWhileTakenUp(t *testing.T) {
	t.Parallel()
	o := newOrdeal(t, 40)
	h := o.reader(t)
	n := 0
	if h.killed(o.askedFor(10, 0), "run") {
		n++
	}
	for range 8 {
		if h.killed(o.within(o.start), "run") {
			n++
		}
	}
	h.run()
	if h.runs[0].Resumed == 0 {
		t.Error("the run was not taken up")
	}
	o.unharmed(h, n)
}

// A server that is killed goes on by itself when it is started again.
func TestKilledServerGoesOn(t *testing.T) {
	t.Parallel()
	o := newOrdeal(t, 60)
	h, n := o.reader(t), 0
	if !h.killed(o.askedFor(5, 20*time.Millisecond), "run") {
		t.Fatal("the run was not killed: nothing is left")
	}
	for ; n < 4; n++ {
		moment := o.within(o.start)
		if n%2 == 0 {
			moment = o.askedFor(5, 20*time.Millisecond)
		}
		if !h.killed(moment, "serve", "--listen", freeAddress(t)) {
			t.Fatal("a server ended by itself")
		}
	}
	serve := h.start("serve", "--listen", freeAddress(t))
	until(t, "the server has ended the run", func() bool {
		runs := h.killing.runs()
		return len(runs) > 0 && runs[0].State.Ended()
	})
	if err := serve.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	serve.ends(10 * time.Second)
	o.unharmed(h, n+1)
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

// When the source file changes, what the site says has not changed is asked
// for whole: it may be read otherwise now.
func TestChangedSourceFileAsksForWholePages(t *testing.T) {
	t.Parallel()
	o := newOrdeal(t, 10)
	h := o.reader(t)
	h.run()
	h.run()
	if n := h.runs[0].Outcomes[harvest.NotModified]; n != 10 {
		t.Fatalf("%d pages not modified, want 10: the test shows nothing", n)
	}
	name := filepath.Join(h.dir, "config/sources/library.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	h.write("config/sources/library.yaml", strings.Replace(string(text), "page: {summary: .entry-content p}", "page: {summary: .entry-content p, category: h1}\npublisher: Another", 1))
	h.run()
	if r := h.runs[0]; r.Outcomes[harvest.NotModified] != 0 || r.Outcomes[harvest.ChangedRecord] != 10 {
		t.Errorf("outcomes %v; want 10 changed records, none of them from a 304", r.Outcomes)
	}
	for _, rec := range h.catalogue() {
		if rec["publisher"] != "Another" || fmt.Sprint(rec["revision"]) != "2" {
			t.Errorf("%v has publisher %v, revision %v", rec["url"], rec["publisher"], rec["revision"])
		}
	}
}
