package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// TestMachinesTakeTurnsMatching has two data folders on one catalogue: the
// second waits for the first, and what one writes that has lost the lease stays
// pending for the other.
func TestMachinesTakeTurnsMatching(t *testing.T) {
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "harvest.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	records := []harvest.Record{
		{ID: "a:1", Source: "a", URL: "https://a.example/1", Title: "Debt bondage in brick kilns", State: harvest.StateActive, Identifiers: harvest.Identifiers{DOI: "10.1/x"}},
		{ID: "b:1", Source: "b", URL: "https://b.example/1", Title: "Debt bondage in the brick kilns", State: harvest.StateActive, Identifiers: harvest.Identifiers{DOI: "10.1/x"}},
	}
	if _, err := store.Put(t.Context(), "a@1", time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), records); err != nil {
		t.Fatal(err)
	}
	one := &room{data: t.TempDir(), store: store, logger: slog.New(slog.DiscardHandler)}
	two := &room{data: t.TempDir(), store: store, logger: slog.New(slog.DiscardHandler)}

	lease, unlock, err := one.lockMatching(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := two.matchPending(short, func(int) {}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the second matches beside the first: %v", err)
	}

	memos, err := store.Memos(t.Context(), sinks.LeaseMemo)
	if err != nil || len(memos) != 1 {
		t.Fatalf("%+v, %v", memos, err)
	}
	memos[0].Value = []byte(`{"holder":""}`) // as one who took it over and gave it back
	if err := store.PutMemo(t.Context(), memos[0]); err != nil {
		t.Fatal(err)
	}
	pending, err := store.Pending(t.Context(), "", 10)
	if err != nil || len(pending) != 2 {
		t.Fatalf("%d pending, %v", len(pending), err)
	}
	if _, err := one.matchBatch(t.Context(), lease, match.NewPass(one.store), pending); !errors.Is(err, sinks.ErrLeaseLost) {
		t.Errorf("the one who has lost the lease goes on: %v", err)
	}
	unlock()
	done, err := two.matchPending(t.Context(), func(int) {})
	if err != nil || done.Records != 2 || done.Works != 1 {
		t.Errorf("the second matched %+v, %v", done, err)
	}
}
