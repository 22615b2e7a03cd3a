// Package sinktest is the contract of [sinks.Catalogue] as tests: every
// sentence of the interface is a named subtest, and every store runs the same
// ones.
//
// What enters: a way to open an empty store. What leaves: a verdict. What it
// refuses: to look behind the interface, but for [Backend.SetState], which
// stands for the person who takes a record down.
//
//	put.go       inserting, replacing, the three times, withdrawn records
//	history.go   revisions, what people say of records, the catalogue of a day
//	withdraw.go  what is taken down stays down, under every name
//	query.go     every filter, order, paging, counts, hostile strings
//	changed.go   the order in which records changed
//	works.go     match keys and works
//	matching.go  what waits to be matched, decisions and doubts
//	ledger.go    pages, runs, totals
//	memos.go     memos
//	held.go      what is held back, what is not found any more
//	endurance.go concurrency, cancellation, size, Unicode, reopening
//	make.go      the records that the tests write
package sinktest

import (
	"context"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
)

// Backend is a store under test.
type Backend struct {
	// Open returns a catalogue on a fresh and empty store, which t cleans up.
	Open func(t *testing.T) sinks.Catalogue
	// Reopen returns another catalogue on the store of c, as a second process
	// would; c may be open or closed. It is not the same value as c.
	Reopen func(t *testing.T, c sinks.Catalogue) sinks.Catalogue
	// SetState changes the state of one record behind the catalogue's back.
	SetState func(t *testing.T, c sinks.Catalogue, id harvest.RecordID, state harvest.State)

	// MaxRecords bounds what one test stores, MaxBatch what one call writes,
	// Writers how many write at once. They are for slow servers; 0 means
	// 2,500, 2,000 and 8.
	MaxRecords, MaxBatch, Writers int

	// Parallel lets the tests of a group run side by side. Open, Reopen and
	// SetState are then called concurrently.
	Parallel bool
}

// Run checks the store against the contract, each test on a store of its own.
func Run(t *testing.T, b Backend) {
	b.MaxRecords = orElse(b.MaxRecords, 2500)
	b.MaxBatch = min(orElse(b.MaxBatch, 2000), b.MaxRecords)
	b.Writers = orElse(b.Writers, 8)
	groups := []struct {
		name  string
		tests []contract
	}{
		{"put", putTests},
		{"history", historyTests},
		{"withdraw", withdrawTests},
		{"query", queryTests},
		{"changed", changedTests},
		{"works", workTests},
		{"matching", matchingTests},
		{"ledger", ledgerTests},
		{"memos", memoTests},
		{"leases", leaseTests},
		{"held", heldTests},
		{"absences", absenceTests},
		{"endurance", enduranceTests},
	}
	for _, g := range groups {
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.tests {
				t.Run(c.says, func(t *testing.T) {
					if b.Parallel {
						t.Parallel()
					}
					c.check(&suite{Catalogue: b.Open(t), T: t, backend: b})
				})
			}
		})
	}
}

// contract is one sentence and the test that holds a store to it.
type contract struct {
	says  string
	check func(*suite)
}

// suite is one test with its store. The methods fail the test on an error, so
// that the tests read as the sentences they check.
type suite struct {
	sinks.Catalogue
	*testing.T
	backend Backend
}

func (s *suite) put(run harvest.RunID, at time.Time, records ...harvest.Record) []harvest.Outcome {
	s.Helper()
	var outcomes []harvest.Outcome
	for len(records) > 0 {
		n := min(len(records), s.backend.MaxBatch)
		changes, err := s.Put(s.Context(), run, at, records[:n])
		if err != nil {
			s.Fatalf("put: %v", err)
		}
		if len(changes) != n {
			s.Fatalf("put %d records, told of %d", n, len(changes))
		}
		for i, c := range changes {
			if c.Record != records[i].ID {
				s.Fatalf("change %d is of %q, want %q: not in the order given", i, c.Record, records[i].ID)
			}
			outcomes = append(outcomes, c.Outcome)
		}
		records = records[n:]
	}
	return outcomes
}

// get returns a record and checks what holds for every stored record.
func (s *suite) get(id harvest.RecordID) harvest.Record {
	s.Helper()
	r, err := s.Record(s.Context(), id)
	if err != nil {
		s.Fatalf("record %s: %v", id, err)
	}
	for name, at := range map[string]time.Time{
		"first seen": r.FirstSeen, "last seen": r.LastSeen, "last changed": r.LastChanged,
	} {
		if at.IsZero() || at.Location() != time.UTC {
			s.Errorf("record %s: %s is %v, want a time in UTC", id, name, at)
		}
	}
	return r
}

func (s *suite) find(q harvest.Query) []harvest.Record {
	s.Helper()
	return collect(s, s.Records(s.Context(), q))
}

// withKeys are the records that have any of the keys.
func (s *suite) withKeys(keys ...string) []harvest.RecordID {
	s.Helper()
	found, err := s.Holders(s.Context(), keys, 1<<20)
	s.must("holders", err)
	seen := make(map[harvest.RecordID]bool)
	var out []harvest.RecordID
	for key, ids := range found {
		if !slices.Contains(keys, key) || !slices.IsSorted(ids) || len(ids) == 0 {
			s.Errorf("key %q, which was asked for or not, has the holders %q, not in order or none", key, ids)
		}
		for _, id := range ids {
			if !seen[id] {
				seen[id] = true
				out = append(out, id)
			}
		}
	}
	return sorted(out...)
}

func (s *suite) count(q harvest.Query) int {
	s.Helper()
	n, err := s.Count(s.Context(), q)
	if err != nil {
		s.Fatalf("count %+v: %v", q, err)
	}
	return n
}

// must fails the test when a call went wrong: s.must("put keys", err).
func (s *suite) must(what string, err error) {
	s.Helper()
	if err != nil {
		s.Fatalf("%s: %v", what, err)
	}
}

// same compares values. Nil and empty lists are the same, and so are times
// that are one instant.
func (s *suite) same(what string, want, got any) {
	s.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		s.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func collect(s *suite, seq iter.Seq2[harvest.Record, error]) []harvest.Record {
	s.Helper()
	var out []harvest.Record
	for r, err := range seq {
		if err != nil {
			s.Fatalf("after %d records: %v", len(out), err)
		}
		out = append(out, r)
	}
	return out
}

// refused checks that the sequence is one error and nothing else.
func refused(s *suite, what string, seq iter.Seq2[harvest.Record, error]) error {
	s.Helper()
	var first error
	steps := 0
	for r, err := range seq {
		steps++
		if err == nil {
			s.Errorf("%s: record %s, want an error", what, r.ID)
		} else if first == nil {
			first = err
		}
	}
	if first == nil || steps != 1 {
		s.Errorf("%s: %d steps and error %v, want one error and no more", what, steps, first)
	}
	return first
}

func ids(records []harvest.Record) []harvest.RecordID {
	var out []harvest.RecordID
	for _, r := range records {
		out = append(out, r.ID)
	}
	return out
}

func cancelled(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}

func orElse(n, fallback int) int {
	if n == 0 {
		return fallback
	}
	return n
}
