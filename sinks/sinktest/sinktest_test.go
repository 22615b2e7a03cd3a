package sinktest_test

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/sinktest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// The suite is itself tested: a store with one fault must not pass. Each fault
// runs in a process of its own, which is told here which fault to have.
const faultToHave = "HARVEST_SINKTEST_FAULT"

// freshFile is a file with an empty catalogue. To make one takes longer than
// most sentences.
func freshFile(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "harvest.db")
	c, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestFaultyStore is run by TestSuiteFindsFaults.
func TestFaultyStore(t *testing.T) {
	name := os.Getenv(faultToHave)
	if name == "" {
		t.Skip("run by TestSuiteFindsFaults")
	}
	empty := freshFile(t)
	paths := make(map[sinks.Catalogue]string)
	open := func(t *testing.T, path string) sinks.Catalogue {
		c, err := sqlite.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		faulty := faults[name](c)
		paths[faulty] = path
		return faulty
	}
	sinktest.Run(t, sinktest.Backend{
		MaxRecords: 300, MaxBatch: 50, Writers: 4,
		Open: func(t *testing.T) sinks.Catalogue {
			path := filepath.Join(t.TempDir(), "harvest.db")
			if err := os.WriteFile(path, empty, 0o600); err != nil {
				t.Fatal(err)
			}
			return open(t, path)
		},
		Reopen: func(t *testing.T, c sinks.Catalogue) sinks.Catalogue {
			return open(t, paths[c])
		},
		SetState: func(t *testing.T, c sinks.Catalogue, id harvest.RecordID, state harvest.State) {
			db, err := sql.Open("sqlite", paths[c])
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec("UPDATE records SET state = ? WHERE id = ?", string(state), string(id)); err != nil {
				t.Fatal(err)
			}
		},
	})
}

func TestSuiteFindsFaults(t *testing.T) {
	if testing.Short() || raced {
		t.Skip("runs the suite once for each fault; with the race detector that takes many minutes and finds nothing more")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(self, "-test.run=^TestFaultyStore$", "-test.failfast", "-test.timeout=2m")
			cmd.Env = append(os.Environ(), faultToHave+"="+name)
			out, err := cmd.CombinedOutput()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if passed := err == nil; passed != (name == "none") {
				t.Errorf("the store with fault %q: passed is %t\n%s", name, passed, out)
			}
			if strings.Contains(string(out), "panic:") {
				t.Errorf("the suite panicked:\n%s", out)
			}
		})
	}
}

// store is a catalogue in which single methods can be replaced.
type store struct {
	sinks.Catalogue
	put     func(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error)
	touch   func(ctx context.Context, at time.Time, ids []harvest.RecordID) (int, error)
	record  func(ctx context.Context, id harvest.RecordID) (harvest.Record, error)
	records func(ctx context.Context, q harvest.Query) iter.Seq2[harvest.Record, error]
	count   func(ctx context.Context, q harvest.Query) (int, error)
	putKeys func(ctx context.Context, keys map[harvest.RecordID][]string) error
	works   func(ctx context.Context, at time.Time, works []harvest.Work) error
	runs    func(ctx context.Context, source harvest.SourceID, limit int) ([]harvest.Run, error)
	history func(ctx context.Context, id harvest.RecordID) ([]harvest.Revision, error)
}

func (s *store) Revisions(ctx context.Context, id harvest.RecordID) ([]harvest.Revision, error) {
	if s.history == nil {
		return s.Catalogue.Revisions(ctx, id)
	}
	return s.history(ctx, id)
}

func (s *store) Put(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error) {
	if s.put == nil {
		return s.Catalogue.Put(ctx, run, at, records)
	}
	return s.put(ctx, run, at, records)
}

func (s *store) Touch(ctx context.Context, at time.Time, ids []harvest.RecordID) (int, error) {
	if s.touch == nil {
		return s.Catalogue.Touch(ctx, at, ids)
	}
	return s.touch(ctx, at, ids)
}

func (s *store) Record(ctx context.Context, id harvest.RecordID) (harvest.Record, error) {
	if s.record == nil {
		return s.Catalogue.Record(ctx, id)
	}
	return s.record(ctx, id)
}

func (s *store) Records(ctx context.Context, q harvest.Query) iter.Seq2[harvest.Record, error] {
	if s.records == nil {
		return s.Catalogue.Records(ctx, q)
	}
	return s.records(ctx, q)
}

func (s *store) Count(ctx context.Context, q harvest.Query) (int, error) {
	if s.count == nil {
		return s.Catalogue.Count(ctx, q)
	}
	return s.count(ctx, q)
}

func (s *store) PutKeys(ctx context.Context, keys map[harvest.RecordID][]string) error {
	if s.putKeys == nil {
		return s.Catalogue.PutKeys(ctx, keys)
	}
	return s.putKeys(ctx, keys)
}

func (s *store) PutWorks(ctx context.Context, at time.Time, works []harvest.Work) error {
	if s.works == nil {
		return s.Catalogue.PutWorks(ctx, at, works)
	}
	return s.works(ctx, at, works)
}

func (s *store) Runs(ctx context.Context, source harvest.SourceID, limit int) ([]harvest.Run, error) {
	if s.runs == nil {
		return s.Catalogue.Runs(ctx, source, limit)
	}
	return s.runs(ctx, source, limit)
}

// onPut and onRead make stores that change what goes in or comes out.
func onPut(change func(*harvest.Record)) func(sinks.Catalogue) sinks.Catalogue {
	return func(c sinks.Catalogue) sinks.Catalogue {
		return &store{Catalogue: c, put: func(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error) {
			records = slices.Clone(records)
			for i := range records {
				change(&records[i])
			}
			return c.Put(ctx, run, at, records)
		}}
	}
}

func onOutcomes(change func([]harvest.Change)) func(sinks.Catalogue) sinks.Catalogue {
	return func(c sinks.Catalogue) sinks.Catalogue {
		return &store{Catalogue: c, put: func(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error) {
			changes, err := c.Put(ctx, run, at, records)
			change(changes)
			return changes, err
		}}
	}
}

func onRead(change func(*harvest.Record)) func(sinks.Catalogue) sinks.Catalogue {
	return func(c sinks.Catalogue) sinks.Catalogue {
		return &store{Catalogue: c, record: func(ctx context.Context, id harvest.RecordID) (harvest.Record, error) {
			r, err := c.Record(ctx, id)
			if err == nil {
				change(&r)
			}
			return r, err
		}}
	}
}

func onQuery(change func(*harvest.Query)) func(sinks.Catalogue) sinks.Catalogue {
	return func(c sinks.Catalogue) sinks.Catalogue {
		return &store{
			Catalogue: c,
			records: func(ctx context.Context, q harvest.Query) iter.Seq2[harvest.Record, error] {
				change(&q)
				return c.Records(ctx, q)
			},
			count: func(ctx context.Context, q harvest.Query) (int, error) {
				change(&q)
				return c.Count(ctx, q)
			},
		}
	}
}

func onHistory(change func([]harvest.Revision) []harvest.Revision) func(sinks.Catalogue) sinks.Catalogue {
	return func(c sinks.Catalogue) sinks.Catalogue {
		return &store{Catalogue: c, history: func(ctx context.Context, id harvest.RecordID) ([]harvest.Revision, error) {
			h, err := c.Revisions(ctx, id)
			return change(h), err
		}}
	}
}

var faults = map[string]func(sinks.Catalogue) sinks.Catalogue{
	"none": func(c sinks.Catalogue) sinks.Catalogue { return &store{Catalogue: c} },

	"summaries are cut at 64 kB":    onPut(func(r *harvest.Record) { r.Summary = r.Summary[:min(len(r.Summary), 1<<16)] }),
	"text is cut at a NUL":          onPut(func(r *harvest.Record) { r.Summary, _, _ = strings.Cut(r.Summary, "\x00") }),
	"text is trimmed":               onPut(func(r *harvest.Record) { r.Summary = strings.TrimSpace(r.Summary) }),
	"provenance is not kept":        onPut(func(r *harvest.Record) { r.Provenance = nil }),
	"only one file is kept":         onPut(func(r *harvest.Record) { r.Documents = r.Documents[:min(1, len(r.Documents))] }),
	"arguments are changed":         onPut(func(r *harvest.Record) { slices.Sort(r.Countries) }),
	"an ID is folded to lower case": onPut(func(r *harvest.Record) { r.ID = harvest.RecordID(strings.ToLower(string(r.ID))) + "x" }),

	"changes are told in another order": onOutcomes(func(c []harvest.Change) { slices.Reverse(c) }),
	"outcomes are not told":             onOutcomes(func(c []harvest.Change) { clear(c) }),
	"withdrawn is told as unchanged":    onOutcomes(swap(harvest.Withdrawn, harvest.UnchangedRecord)),
	"changed is told as new":            onOutcomes(swap(harvest.ChangedRecord, harvest.NewRecord)),

	"times are local":          onRead(func(r *harvest.Record) { r.FirstSeen = r.FirstSeen.In(time.FixedZone("", 3600)) }),
	"times are cut to seconds": onRead(func(r *harvest.Record) { r.FirstSeen = r.FirstSeen.Truncate(time.Second) }),
	"the work is not told":     onRead(func(r *harvest.Record) { r.Work = "" }),
	"revisions are not counted": onRead(func(r *harvest.Record) {
		r.Revision = min(r.Revision, 1)
	}),

	"the first revision is lost": onHistory(func(h []harvest.Revision) []harvest.Revision { return h[min(1, len(h)):] }),
	"revisions have no end": onHistory(func(h []harvest.Revision) []harvest.Revision {
		for i := range h {
			h[i].To = time.Time{}
		}
		return h
	}),
	"a day is always today":  onQuery(func(q *harvest.Query) { q.AsOf = time.Time{} }),
	"overrides are not told": onRead(func(r *harvest.Record) { r.Overrides = nil }),

	"words are passed over": onQuery(func(q *harvest.Query) { q.Words = "" }),
	"since is passed over":  onQuery(func(q *harvest.Query) { q.Since = harvest.Date{} }),
	"a language is only its first tag": onQuery(func(q *harvest.Query) {
		q.Languages = slices.Clone(q.Languages)
		for i, l := range q.Languages {
			q.Languages[i], _, _ = strings.Cut(l, "-")
		}
	}),
	"every state is found":              onQuery(func(q *harvest.Query) { q.States = []harvest.State{harvest.AnyState} }),
	"changed since is after":            onQuery(func(q *harvest.Query) { q.ChangedSince = q.ChangedSince.Add(time.Millisecond) }),
	"topics are passed over":            onQuery(func(q *harvest.Query) { q.Topics = nil }),
	"countries are passed over":         onQuery(func(q *harvest.Query) { q.Countries = nil }),
	"years are passed over":             onQuery(func(q *harvest.Query) { q.Years = nil }),
	"the second topic is passed over":   onQuery(func(q *harvest.Query) { q.Topics = q.Topics[:min(1, len(q.Topics))] }),
	"limit is passed over":              onQuery(func(q *harvest.Query) { q.Limit = 0 }),
	"a limit is one too low":            onQuery(func(q *harvest.Query) { q.Limit = max(0, q.Limit-1) }),
	"a category is found by its prefix": byPrefix(func(r harvest.Record) string { return r.Category }, func(q *harvest.Query) *[]string { return &q.Categories }),
	"a language is found by its prefix": byPrefix(func(r harvest.Record) string { return r.Language.Value }, func(q *harvest.Query) *[]string { return &q.Languages }),
	"a source is cut at its hyphen": onQuery(func(q *harvest.Query) {
		q.Sources = slices.Clone(q.Sources)
		for i, id := range q.Sources {
			q.Sources[i] = harvest.SourceID(strings.TrimSuffix(string(id), "-2"))
		}
	}),

	"records come backwards": func(c sinks.Catalogue) sinks.Catalogue {
		return &store{Catalogue: c, records: func(ctx context.Context, q harvest.Query) iter.Seq2[harvest.Record, error] {
			return func(yield func(harvest.Record, error) bool) {
				var all []harvest.Record
				for r, err := range c.Records(ctx, q) {
					if err != nil {
						yield(r, err)
						return
					}
					all = append(all, r)
				}
				for _, r := range slices.Backward(all) {
					if !yield(r, nil) {
						return
					}
				}
			}
		}}
	},
	"an error ends a stream without a word": func(c sinks.Catalogue) sinks.Catalogue {
		return &store{Catalogue: c, records: func(ctx context.Context, q harvest.Query) iter.Seq2[harvest.Record, error] {
			return func(yield func(harvest.Record, error) bool) {
				for r, err := range c.Records(ctx, q) {
					if errors.Is(err, context.Canceled) || !yield(r, err) {
						return
					}
				}
			}
		}}
	},
	"an invalid record fails only itself": func(c sinks.Catalogue) sinks.Catalogue {
		return &store{Catalogue: c, put: func(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) (done []harvest.Change, err error) {
			for i := range records {
				changes, err := c.Put(ctx, run, at, records[i:i+1])
				if err != nil {
					return done, err
				}
				done = append(done, changes...)
			}
			return done, nil
		}}
	},
	"touch counts what it is given": func(c sinks.Catalogue) sinks.Catalogue {
		return &store{Catalogue: c, touch: func(ctx context.Context, at time.Time, ids []harvest.RecordID) (int, error) {
			_, err := c.Touch(ctx, at, ids)
			return len(ids), err
		}}
	},
	"keys are added, not replaced": func(c sinks.Catalogue) sinks.Catalogue {
		have := make(map[harvest.RecordID][]string)
		return &store{Catalogue: c, putKeys: func(ctx context.Context, keys map[harvest.RecordID][]string) error {
			for id, k := range keys {
				have[id] = append(have[id], k...)
			}
			return c.PutKeys(ctx, have)
		}}
	},
	"works have no history": func(c sinks.Catalogue) sinks.Catalogue {
		return &store{Catalogue: c, works: func(ctx context.Context, _ time.Time, works []harvest.Work) error {
			return c.PutWorks(ctx, time.Time{}, works)
		}}
	},
	"works are never removed": func(c sinks.Catalogue) sinks.Catalogue {
		return &store{Catalogue: c, works: func(ctx context.Context, at time.Time, works []harvest.Work) error {
			works = slices.DeleteFunc(slices.Clone(works), func(w harvest.Work) bool { return len(w.Members) == 0 })
			return c.PutWorks(ctx, at, works)
		}}
	},
	"runs come oldest first": func(c sinks.Catalogue) sinks.Catalogue {
		return &store{Catalogue: c, runs: func(ctx context.Context, source harvest.SourceID, limit int) ([]harvest.Run, error) {
			runs, err := c.Runs(ctx, source, limit)
			slices.Reverse(runs)
			return runs, err
		}}
	},
}

func swap(from, to harvest.Outcome) func([]harvest.Change) {
	return func(changes []harvest.Change) {
		for i := range changes {
			if changes[i].Outcome == from {
				changes[i].Outcome = to
			}
		}
	}
}

// byPrefix finds records whose field only begins with what is asked.
func byPrefix(field func(harvest.Record) string, asked func(*harvest.Query) *[]string) func(sinks.Catalogue) sinks.Catalogue {
	return func(c sinks.Catalogue) sinks.Catalogue {
		return &store{Catalogue: c, records: func(ctx context.Context, q harvest.Query) iter.Seq2[harvest.Record, error] {
			prefixes := *asked(&q)
			*asked(&q) = nil
			return func(yield func(harvest.Record, error) bool) {
				for r, err := range c.Records(ctx, q) {
					begins := func(prefix string) bool { return strings.HasPrefix(field(r), prefix) }
					if err == nil && len(prefixes) > 0 && !slices.ContainsFunc(prefixes, begins) {
						continue
					}
					if !yield(r, err) {
						return
					}
				}
			}
		}}
	}
}
