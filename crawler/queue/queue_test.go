package queue_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
	"github.com/harvest87/harvest/crawler/queue"
)

var _ crawler.Journal = (*queue.Journal)(nil)

const run = harvest.RunID("respect@20260301T030000Z")

func open(t testing.TB, dir string) *queue.Engine {
	t.Helper()
	e, err := queue.Open(t.Context(), queue.Options{Dir: dir, Logger: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func journal(t testing.TB, e *queue.Engine, id harvest.RunID) *queue.Journal {
	t.Helper()
	j, err := e.Journal(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func add(t testing.TB, j *queue.Journal, entries ...string) {
	t.Helper()
	var b [][]byte
	for _, e := range entries {
		b = append(b, []byte(e))
	}
	if err := j.Append(t.Context(), b...); err != nil {
		t.Fatal(err)
	}
}

func collect(t testing.TB, history iter.Seq2[queue.Entry, error]) []string {
	t.Helper()
	var all []string
	for entry, err := range history {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(entry.Data))
	}
	return all
}

func TestReadGivesBackWhatEarlierClaimsStored(t *testing.T) {
	e := open(t, t.TempDir())
	j := journal(t, e, run)
	if got := collect(t, j.Read(t.Context(), 0)); got != nil {
		t.Errorf("a new journal has entries %q", got)
	}
	add(t, j, "a", "", "b")
	add(t, j, strings.Repeat("long ", 1000))
	other := journal(t, e, "respect@20260302T030000Z")
	add(t, other, "x")
	add(t, j, "c")

	j = journal(t, e, run)
	want := []string{"a", "", "b", strings.Repeat("long ", 1000), "c"}
	if diff := cmp.Diff(want, collect(t, j.Read(t.Context(), 0))); diff != "" {
		t.Error(diff)
	}
	add(t, j, "d")
	j = journal(t, e, run)
	if diff := cmp.Diff(append(want, "d"), collect(t, j.Read(t.Context(), 0))); diff != "" {
		t.Error(diff)
	}
	if j.Claims() != 3 {
		t.Errorf("claims = %d, want 3", j.Claims())
	}
}

func TestEarlierClaimIsFenced(t *testing.T) {
	e := open(t, t.TempDir())
	first := journal(t, e, run)
	add(t, first, "a")
	second := journal(t, e, run)
	for range 2 {
		if err := first.Append(t.Context(), []byte("late")); !errors.Is(err, queue.ErrFenced) {
			t.Errorf("append by the first claim: %v, want ErrFenced", err)
		}
	}
	if err := first.End(t.Context()); !errors.Is(err, queue.ErrFenced) {
		t.Errorf("end by the first claim: %v, want ErrFenced", err)
	}
	add(t, second, "b")
	if diff := cmp.Diff([]string{"a", "b"}, collect(t, journal(t, e, run).Read(t.Context(), 0))); diff != "" {
		t.Error(diff)
	}
}

func TestEndedRunIsFinishedForGood(t *testing.T) {
	dir := t.TempDir()
	e := open(t, dir)
	j := journal(t, e, run)
	add(t, j, "a", "b")
	if err := j.End(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := j.Append(t.Context(), []byte("c")); err == nil {
		t.Error("append after the end succeeds")
	}
	check := func(e *queue.Engine) {
		t.Helper()
		if _, err := e.Journal(t.Context(), run); !errors.Is(err, queue.ErrEnded) {
			t.Errorf("journal of an ended run: %v, want ErrEnded", err)
		}
		if runs, err := e.Unfinished(t.Context(), ""); err != nil || len(runs) != 0 {
			t.Errorf("unfinished: %v, %v; want none", runs, err)
		}
	}
	check(e)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	check(open(t, dir))
}

func TestUnfinishedListsOldestFirst(t *testing.T) {
	e := open(t, t.TempDir())
	ids := []harvest.RunID{"b@20260302T030000Z", "a@20260303T030000Z", "a@20260301T030000Z", "a-c@20260301T020000Z", "odd.*>@@ %41é\n"}
	for _, id := range ids {
		add(t, journal(t, e, id), "x")
	}
	tests := []struct {
		source harvest.SourceID
		want   []harvest.RunID
	}{
		{"a", []harvest.RunID{ids[2], ids[1]}},
		{"a-c", []harvest.RunID{ids[3]}},
		{"odd.*>", []harvest.RunID{ids[4]}},
		{"", []harvest.RunID{ids[3], ids[2], ids[0], ids[1], ids[4]}},
		{"nobody", nil},
		{"*", nil},
	}
	for _, tt := range tests {
		got, err := e.Unfinished(t.Context(), tt.source)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.source, diff)
		}
	}
}

func TestJournalRefusesBadRunIDs(t *testing.T) {
	e := open(t, t.TempDir())
	for _, id := range []harvest.RunID{"", "respect", "@x", "respect@", harvest.RunID("a@" + strings.Repeat("1", 300))} {
		if _, err := e.Journal(t.Context(), id); err == nil || !strings.Contains(err.Error(), "not of the form source@time") {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestBatchLargerThanAMessageIsOneUnit(t *testing.T) {
	e := open(t, t.TempDir())
	j := journal(t, e, run)
	// 20 MB that do not compress.
	big := make([]byte, 20<<20)
	x := uint64(1)
	for i := range big {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		big[i] = byte(x)
	}
	add(t, j, "before", string(big), "after")
	add(t, j, "next")
	got := collect(t, journal(t, e, run).Read(t.Context(), 0))
	if !slices.Equal(got, []string{"before", string(big), "after", "next"}) {
		t.Errorf("got %d entries", len(got))
	}
}

func TestReplayCanStopEarly(t *testing.T) {
	e := open(t, t.TempDir())
	j := journal(t, e, run)
	for i := range 100 {
		add(t, j, fmt.Sprint(i), "x")
	}
	j = journal(t, e, run)
	n := 0
	for range j.Read(t.Context(), 0) {
		if n++; n == 7 {
			break
		}
	}
	add(t, j, "goes on")
	if got := collect(t, journal(t, e, run).Read(t.Context(), 0)); len(got) != 201 {
		t.Errorf("%d entries, want 201", len(got))
	}
}

// A long frontier is read back piece by piece while the run goes on.
func TestReadGoesOnFromAnyBatch(t *testing.T) {
	e := open(t, t.TempDir())
	before := journal(t, e, run)
	add(t, before, "a")
	add(t, before, "b")
	if err := before.Append(t.Context(), []byte("c"), bytes.Repeat([]byte("large"), 2_000_000), []byte("d")); err != nil {
		t.Fatal(err)
	}
	other := journal(t, e, "elsewhere@1")
	add(t, other, "of another run")
	j := journal(t, e, run)
	for range j.Read(t.Context(), 0) {
	}
	add(t, j, "e")
	end := j.Position()
	var entries []queue.Entry
	for entry, err := range j.Read(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, entry)
	}
	if len(entries) != 6 {
		t.Fatalf("%d entries, want 6", len(entries))
	}
	for i, entry := range entries {
		first := i
		if i == 3 || i == 4 {
			first = 2 // of the batch
		}
		got := collect(t, j.Read(t.Context(), entry.From))
		if len(got) != len(entries)-first || got[0] != string(entries[first].Data) {
			t.Errorf("from the batch of entry %d: %d entries, want %d", i, len(got), len(entries)-first)
		}
	}
	if got := collect(t, j.Read(t.Context(), end)); got != nil {
		t.Errorf("from the end: %q, want nothing", got)
	}
	add(t, j, "f")
	if diff := cmp.Diff([]string{"f"}, collect(t, j.Read(t.Context(), end))); diff != "" {
		t.Error(diff)
	}
}
