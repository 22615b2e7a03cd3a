package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/queue/queuetest"
)

// on is a harvester of the library with a folder of its own that shares the
// queue and, by a link, the catalogue of the first.
func (s *shelves) on(t *testing.T, queue string, first *campaign) *campaign {
	t.Helper()
	h := s.reader(t)
	h.write("config/harvest.yaml", fmt.Sprintf("contact: tests@example.org\nfetch: {retries: 1}\nqueue: {url: %q}\n", queue))
	h.append("config/sources/library.yaml", "schedule: {cron: \"*/2 * * * * *\"}\n")
	if first == nil {
		return h
	}
	h.write("harvest-data/note.txt", "the catalogue is elsewhere\n")
	if err := os.Symlink(filepath.Join(first.dir, "harvest-data/harvest.db"), filepath.Join(h.dir, "harvest-data/harvest.db")); err != nil {
		t.Fatal(err)
	}
	return h
}

// ended counts the runs that have come to an end of any kind.
func (h *campaign) ended() (n int) {
	for _, r := range h.killing.runs() {
		if r.State.Ended() {
			n++
		}
	}
	return n
}

// Several servers share one queue: each tick is one run, whichever of them
// lives; when one is killed in the middle of a run another goes on with it; and
// with all of that nothing is lost, doubled or fetched again.
func TestServersShareAQueue(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("SKIPPED: waits until a worker is given up, 30 seconds; go test without -short runs it")
	}
	o := newOrdeal(t, 60)
	queue := queuetest.Server(t)
	a := o.on(t, queue, nil)
	a.does(0, "run") // makes the catalogue that both use
	b := o.on(t, queue, a)
	moreRuns := func(n int) {
		t.Helper()
		before := a.ended()
		untilWithin(t, deadline, "ticks are answered", func() bool { return a.ended() >= before+n })
	}

	servers := map[*started]*campaign{a.serve(): a, b.serve(): b}
	moreRuns(2)
	doomed, heir := o.killOneAtWork(t, servers)
	if !a.unfinished() || heir.busy() {
		t.Fatal("the run ended though the site kept its answers back")
	}
	untilWithin(t, 2*deadline, "the other takes the run over", func() bool { return strings.Contains(heir.text.String(), "run goes on where it stopped") })
	moreRuns(2)
	again := servers[doomed].serve()
	moreRuns(2)
	a.stop(heir)
	a.stop(again)
	a.does(0, "run") // goes on with what the stop has left, or is one run more

	fresh, runs := 0, a.killing.runs()
	ticks := map[time.Time]bool{}
	for i := range runs {
		fresh += runs[i].Outcomes[harvest.NewRecord]
		if runs[i].State != harvest.RunPassed || ticks[runs[i].ScheduledAt] {
			t.Errorf("run %s %s (%s), outcomes %v", runs[i].ID, runs[i].State, runs[i].Reason, runs[i].Outcomes)
		}
		ticks[runs[i].ScheduledAt] = true
	}
	if diff := cmp.Diff(o.want, a.catalogue()); diff != "" || fresh != len(o.want) {
		t.Errorf("%d records counted as new; records differ from those of an undisturbed run:\n%s", fresh, diff)
	}
	asked, _ := o.pages()
	more := asked - o.calm*len(runs)
	if more < 0 || more > 2*hands { // of the kill, and of the stop that met a run
		t.Errorf("%d runs asked for %d pages more than so many undisturbed ones", len(runs), more)
	}
	t.Logf("%d runs, %d pages asked for again", len(runs), more)
}

// killOneAtWork kills that of two servers which is in the middle of a run: the site
// does not answer until it is dead.
func (s *shelves) killOneAtWork(t *testing.T, servers map[*started]*campaign) (doomed, heir *started) {
	t.Helper()
	arrived, release := s.hold()
	defer release()
	select {
	case <-arrived:
	case <-time.After(deadline):
		t.Fatal("no run asks for anything")
	}
	until(t, "a run is going on", func() bool {
		for s := range servers {
			if s.busy() {
				doomed = s
				return true
			}
		}
		return false
	})
	if err := doomed.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	doomed.ends(10 * time.Second)
	for s := range servers {
		if s != doomed {
			heir = s
		}
	}
	return doomed, heir
}

// unfinished reports whether a run has not come to an end.
func (h *campaign) unfinished() bool {
	return slices.ContainsFunc(h.killing.runs(), func(r harvest.Run) bool { return !r.State.Ended() })
}

// busy reports whether a server is in the middle of a run.
func (s *started) busy() bool {
	said := s.text.String()
	return strings.LastIndex(said, `"msg":"run starts"`) > strings.LastIndex(said, `"msg":"run ended"`)
}
