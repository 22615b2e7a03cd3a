package main_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
)

// A command that publishes what was read again is killed, again and again. Saying it once
// more gives what an undisturbed one does, and the next run finds nothing to do.
func TestKilledWhileReparsing(t *testing.T) {
	t.Parallel()
	const items = 25
	o := newOrdeal(t, items)
	mend := func(h *campaign) {
		h.run()
		text := h.read("config/sources/library.yaml")
		h.write("config/sources/library.yaml", text+"publisher: Another\n")
	}
	calm := o.reader(t)
	mend(calm)
	calm.does(0, "reparse", "library", "--publish")
	want := calm.catalogue()
	if len(want) != items || want[0]["publisher"] != "Another" {
		t.Fatalf("undisturbed there are %d records, the first of publisher %v", len(want), want[0]["publisher"])
	}

	h := o.reader(t)
	mend(h)
	asked, _ := o.pages()
	n := 0
	data := filepath.Join(h.dir, "harvest-data")
	for _, moment := range []func(<-chan struct{}){
		written(filepath.Join(data, "reparse-*", "harvest.db-wal"), 1+o.rand.IntN(4)),             // while it reads into its draft
		written(filepath.Join(data, "queue/jetstream/$G/streams/*/msgs/*.blk"), 1+o.rand.IntN(3)), // while it publishes
		written(filepath.Join(data, "harvest.db-wal"), 1+o.rand.IntN(4)),
	} {
		if h.killed(moment, "reparse", "library", "--publish") {
			n++
		}
	}
	if n == 0 {
		t.Error("nothing was killed; the test showed nothing")
	}
	h.does(0, "reparse", "library", "--publish")
	if again, _ := o.pages(); again != asked {
		t.Errorf("reading again asked for %d pages", again-asked)
	}
	if diff := cmp.Diff(want, h.catalogue()); diff != "" {
		t.Errorf("records differ from those of an undisturbed command:\n%s", diff)
	}
	h.run()
	if r := h.runs[0]; r.State != harvest.RunPassed || r.Outcomes[harvest.UnchangedRecord] != items || r.Resumed > 0 {
		t.Errorf("the next run %s (%s), resumed %d times, outcomes %v; want all unchanged", r.State, r.Reason, r.Resumed, r.Outcomes)
	}
	if said := h.does(0, "runs", "list"); strings.Contains(said, " running ") || strings.Contains(said, " interrupted ") {
		t.Errorf("a run of the killed commands goes on:\n%s", said)
	}
	t.Logf("%d kills", n)
}
