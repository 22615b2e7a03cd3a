package main_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
)

// The environment of `make soak`: how often to kill, and a seed to do the same
// again. The tests themselves kill 30 times, each time with another seed.
const (
	killsVar = "HARVEST_SOAK_KILLS"
	seedVar  = "HARVEST_SOAK_SEED"
)

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

// told is a moment: when a value comes.
func told(arrived <-chan struct{}) func(<-chan struct{}) {
	return func(ended <-chan struct{}) {
		select {
		case <-arrived:
		case <-ended:
		}
	}
}

// orWhen is a moment: that one, or earlier when a value comes.
func orWhen(arrived <-chan struct{}, moment func(<-chan struct{})) func(<-chan struct{}) {
	return func(ended <-chan struct{}) {
		over := make(chan struct{})
		go func() {
			defer close(over)
			told(arrived)(ended)
		}()
		moment(over)
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
