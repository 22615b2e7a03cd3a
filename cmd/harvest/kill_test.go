package main_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

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
	arrived, release := o.holdAfter(10)
	if !h.killed(told(arrived), "run") {
		t.Fatal("the run was not killed: nothing is left")
	}
	release()
	n := 1
	for ; n < 9; n++ {
		arrived, release := o.holdAfter(1) // none is so late that the run has ended, or given up on a page
		if !h.killed(orWhen(arrived, o.within(o.start)), "run") {
			t.Fatal("a run ended though it was not answered")
		}
		release()
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
	arrived, release := o.holdAfter(5)
	if !h.killed(told(arrived), "run") {
		t.Fatal("the run was not killed: nothing is left")
	}
	release()
	for ; n < 4; n++ {
		arrived, release := o.holdAfter(5) // so that something is left for the next
		moment := orWhen(arrived, o.within(o.start))
		if n%2 == 0 {
			moment = told(arrived)
		}
		if !h.killed(moment, "serve", "--listen", freeAddress(t)) {
			t.Fatal("a server ended by itself")
		}
		release()
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
