package main_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// pending are records of documents that were found twice, of which nothing is
// matched yet: more than are matched between two writes.
const pending = 600

// unmatched puts them into the catalogue.
func (h *campaign) unmatched() {
	h.t.Helper()
	name := filepath.Join(h.dir, "harvest-data", "harvest.db")
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		h.t.Fatal(err)
	}
	c, err := sqlite.Open(h.t.Context(), name)
	if err != nil {
		h.t.Fatal(err)
	}
	defer c.Close()
	var records []harvest.Record
	for i := range pending / 2 {
		title := fmt.Sprintf("%s: district %d of the survey of %d", kilns, i, 3*i+7)
		records = append(records, described(fmt.Sprintf("alpha:%03d", i), title, 2019), described(fmt.Sprintf("beta:%03d", i), title, 2019))
	}
	if _, err := c.Put(h.t.Context(), "alpha@20260301T000000Z", time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), records); err != nil {
		h.t.Fatal(err)
	}
}

// groups are the members of all works.
func (h *campaign) groups() []string {
	h.t.Helper()
	out, err := h.command("works", "list", "--json", "--limit", "10000").Output()
	if err != nil {
		h.t.Fatal(err)
	}
	var works []harvest.Work
	if err := json.Unmarshal(out, &works); err != nil {
		h.t.Fatal(err)
	}
	var groups []string
	for _, w := range works {
		text := string(w.ID)
		for _, m := range w.Members {
			text += fmt.Sprintf(" %s by %s", m.Record, m.Method)
		}
		groups = append(groups, text)
	}
	slices.Sort(groups)
	return groups
}

// midway is a moment: when some records are matched and some are not. The program
// cannot write until left is called, so it stays so.
func (h *campaign) midway(ended <-chan struct{}) (left func(), found bool) {
	h.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(h.dir, "harvest-data", "harvest.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		h.t.Error(err)
		return func() {}, false
	}
	conn, err := db.Conn(h.t.Context())
	if err != nil {
		h.t.Error(err)
	}
	do := func(statement string) { // what is locked is tried again
		_, _ = conn.ExecContext(h.t.Context(), statement)
	}
	left = func() { do("ROLLBACK"); _ = conn.Close(); _ = db.Close() }
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return left, false
		case <-tick.C:
		}
		do("BEGIN IMMEDIATE")
		var n int
		if err := conn.QueryRowContext(h.t.Context(), "SELECT count(*) FROM match_pending").Scan(&n); err == nil && 0 < n && n < pending {
			return left, true
		}
		do("ROLLBACK")
	}
}

// A kill in the middle of matching, which follows a run, leaves whole works with the
// next start, be it of a run or of a server that has nothing else to do.
func TestKilledWhileMatching(t *testing.T) {
	t.Parallel()
	calm, _ := quiet(t)
	calm.unmatched()
	calm.does(0, "run", "innocent")
	want := calm.groups()
	if len(want) != pending/2 {
		t.Fatalf("undisturbed there are %d works, want %d", len(want), pending/2)
	}
	for _, next := range []string{"run", "serve"} {
		t.Run(next, func(t *testing.T) {
			t.Parallel()
			h, _ := quiet(t)
			h.unmatched()
			left := func() {}
			killed := h.killed(func(ended <-chan struct{}) {
				var found bool
				if left, found = h.midway(ended); !found {
					t.Error("the program ended before it could be killed")
				}
			}, "run", "innocent")
			left()
			if got := h.groups(); !killed || len(got) == len(want) {
				t.Fatalf("killed: %v, with %d works of %d: the test shows nothing", killed, len(got), len(want))
			}
			if next == "run" {
				h.does(0, "run", "innocent")
			} else {
				serve := h.serve()
				until(t, "the server matches what was left", func() bool { return len(h.groups()) == len(want) })
				h.stop(serve)
			}
			if diff := cmp.Diff(want, h.groups()); diff != "" {
				t.Errorf("works (-undisturbed +got):\n%s", diff)
			}
		})
	}
}
