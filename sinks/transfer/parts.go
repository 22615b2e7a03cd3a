package transfer

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
)

// atOnce is how many items are read and written at once.
const atOnce = 250

// part is one kind of thing in a catalogue. read returns items from behind a
// position, and the position behind them, empty after the last ones.
type part struct {
	name  string
	read  func(ctx context.Context, c sinks.Catalogue, after string) (items []any, next string, err error)
	write func(ctx context.Context, c sinks.Catalogue, items []any) error
}

// paged is a part that stores give page by page; key is the position of an item.
func paged[T any](name string, key func(T) string, read func(context.Context, sinks.Catalogue, string) ([]T, error), write func(context.Context, sinks.Catalogue, []T) error) part {
	return part{
		name: name,
		read: func(ctx context.Context, c sinks.Catalogue, after string) ([]any, string, error) {
			page, err := read(ctx, c, after)
			next := ""
			if len(page) == atOnce {
				next = key(page[len(page)-1])
			}
			return boxed(page), next, err
		},
		write: func(ctx context.Context, c sinks.Catalogue, items []any) error {
			return write(ctx, c, unboxed[T](items))
		},
	}
}

// listed is a part that is small enough to be read at once. It is sorted here,
// as stores differ in how they do it.
func listed[T any](name string, key func(T) string, read func(context.Context, sinks.Catalogue) ([]T, error), write func(context.Context, sinks.Catalogue, []T) error) part {
	return part{
		name: name,
		read: func(ctx context.Context, c sinks.Catalogue, _ string) ([]any, string, error) {
			all, err := read(ctx, c)
			slices.SortFunc(all, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
			return boxed(all), "", err
		},
		write: func(ctx context.Context, c sinks.Catalogue, items []any) error {
			return write(ctx, c, unboxed[T](items))
		},
	}
}

func boxed[T any](list []T) []any {
	out := make([]any, len(list))
	for i := range list {
		out[i] = list[i]
	}
	return out
}

func unboxed[T any](list []any) []T {
	out := make([]T, len(list))
	for i := range list {
		out[i], _ = list[i].(T)
	}
	return out
}

// one writes items that stores take one at a time.
func one[T any](write func(context.Context, sinks.Catalogue, T) error) func(context.Context, sinks.Catalogue, []T) error {
	return func(ctx context.Context, c sinks.Catalogue, items []T) error {
		for _, item := range items {
			if err := write(ctx, c, item); err != nil {
				return err
			}
		}
		return nil
	}
}

// heldPage is a page that waits for a decision, with its run.
type heldPage struct {
	Run harvest.RunID `json:"run"`
	harvest.Held
}

// parts are all that a catalogue holds, in an order in which each finds what it
// refers to.
func parts(memos []string) []part {
	return []part{
		paged("records", func(w harvest.WholeRecord) string { return string(w.Record.ID) },
			func(ctx context.Context, c sinks.Catalogue, after string) ([]harvest.WholeRecord, error) {
				return c.Whole(ctx, harvest.RecordID(after), atOnce)
			},
			func(ctx context.Context, c sinks.Catalogue, items []harvest.WholeRecord) error {
				return c.PutWhole(ctx, items)
			}),
		listed("withdrawals", func(w harvest.Withdrawal) string { return string(w.Record) },
			func(ctx context.Context, c sinks.Catalogue) ([]harvest.Withdrawal, error) { return c.Withdrawals(ctx) },
			one(func(ctx context.Context, c sinks.Catalogue, w harvest.Withdrawal) error { return c.Withdraw(ctx, w) })),
		paged("works", func(w harvest.Work) string { return string(w.ID) },
			func(ctx context.Context, c sinks.Catalogue, after string) ([]harvest.Work, error) {
				return c.Works(ctx, harvest.WorkID(after), atOnce)
			},
			func(ctx context.Context, c sinks.Catalogue, items []harvest.Work) error {
				return c.PutWorks(ctx, time.Time{}, items)
			}),
		workMoves(),
		listed("decisions", func(d harvest.Decision) string { return string(d.A) + " " + string(d.B) },
			func(ctx context.Context, c sinks.Catalogue) ([]harvest.Decision, error) { return c.Decisions(ctx, nil) },
			one(func(ctx context.Context, c sinks.Catalogue, d harvest.Decision) error { return c.PutDecision(ctx, d) })),
		listed("doubts", func(d harvest.Doubt) string { return string(d.A) + " " + string(d.B) },
			func(ctx context.Context, c sinks.Catalogue) ([]harvest.Doubt, error) { return c.Doubts(ctx, 0) },
			func(ctx context.Context, c sinks.Catalogue, items []harvest.Doubt) error {
				for some := range slices.Chunk(items, atOnce) {
					if err := c.PutDoubts(ctx, nil, some); err != nil {
						return err
					}
				}
				return nil
			}),
		listed("runs", func(r harvest.Run) string { return string(r.ID) },
			func(ctx context.Context, c sinks.Catalogue) ([]harvest.Run, error) { return c.Runs(ctx, "", 0) },
			one(func(ctx context.Context, c sinks.Catalogue, r harvest.Run) error { return c.PutRun(ctx, r) })),
		ledger(),
		listed("held pages", func(h heldPage) string { return string(h.Run) + " " + h.Key }, readHeld,
			one(func(ctx context.Context, c sinks.Catalogue, h heldPage) error {
				return c.Hold(ctx, h.Run, []harvest.Held{h.Held})
			})),
		listed("absences", func(a harvest.Absence) string { return string(a.Record) }, readAbsences,
			func(ctx context.Context, c sinks.Catalogue, items []harvest.Absence) error {
				return c.PutAbsences(ctx, items)
			}),
		listed("memos", func(m harvest.Memo) string { return m.Kind + " " + m.Key },
			func(ctx context.Context, c sinks.Catalogue) ([]harvest.Memo, error) { return readMemos(ctx, c, memos) }, one(putMemo)),
	}
}

// workMoves is the part of the history of works; its position is a record and a
// number.
func workMoves() part {
	return paged("moves between works", func(m harvest.WorkMove) string { return fmt.Sprintf("%s %d", m.Record, m.Number) },
		func(ctx context.Context, c sinks.Catalogue, after string) ([]harvest.WorkMove, error) {
			record, number := "", 0
			if at := strings.LastIndexByte(after, ' '); at >= 0 {
				var err error
				if number, err = strconv.Atoi(after[at+1:]); err != nil {
					return nil, fmt.Errorf("position %q: %w", after, err)
				}
				record = after[:at]
			}
			return c.WorkMoves(ctx, harvest.RecordID(record), number, atOnce)
		},
		func(ctx context.Context, c sinks.Catalogue, items []harvest.WorkMove) error {
			return c.PutWorkMoves(ctx, items)
		})
}

// ledger is the part of the page ledger; its position is two strings.
func ledger() part {
	return paged("pages", func(p harvest.PageFacts) string { return string(p.Source) + " " + p.URL },
		func(ctx context.Context, c sinks.Catalogue, after string) ([]harvest.PageFacts, error) {
			source, url, _ := strings.Cut(after, " ")
			return c.Ledger(ctx, harvest.SourceID(source), url, atOnce)
		},
		func(ctx context.Context, c sinks.Catalogue, items []harvest.PageFacts) error {
			return c.PutPages(ctx, items)
		})
}

func readHeld(ctx context.Context, c sinks.Catalogue) ([]heldPage, error) {
	runs, err := c.Runs(ctx, "", 0)
	if err != nil {
		return nil, err
	}
	var out []heldPage
	for i := range runs {
		held, err := c.Held(ctx, runs[i].ID, "", 0)
		if err != nil {
			return nil, err
		}
		for _, h := range held {
			out = append(out, heldPage{runs[i].ID, h})
		}
	}
	return out, nil
}

func readAbsences(ctx context.Context, c sinks.Catalogue) ([]harvest.Absence, error) {
	runs, err := c.Runs(ctx, "", 0)
	if err != nil {
		return nil, err
	}
	stats, err := c.Stats(ctx)
	if err != nil {
		return nil, err
	}
	sources := make(map[harvest.SourceID]bool)
	for i := range runs {
		sources[runs[i].Source] = true
	}
	for source := range stats.BySource {
		sources[source] = true
	}
	var out []harvest.Absence
	for _, source := range slices.Sorted(maps.Keys(sources)) {
		some, err := c.Absences(ctx, source)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

func readMemos(ctx context.Context, c sinks.Catalogue, kinds []string) ([]harvest.Memo, error) {
	var out []harvest.Memo
	for _, kind := range kinds {
		some, err := c.Memos(ctx, kind)
		if err != nil {
			return nil, err
		}
		for _, m := range some {
			m.Version = 0 // it counts the writes of one store
			out = append(out, m)
		}
	}
	return out, nil
}

// putMemo writes a memo over what is there under its name.
func putMemo(ctx context.Context, c sinks.Catalogue, m harvest.Memo) error {
	there, err := c.Memos(ctx, m.Kind)
	if err != nil {
		return err
	}
	m.Version = 0
	for _, t := range there {
		if t.Key == m.Key {
			m.Version = t.Version
		}
	}
	return c.PutMemo(ctx, m)
}

// canonical is an item as JSON in one form, whatever store it comes from.
func canonical(item any) ([]byte, error) {
	if m, ok := item.(harvest.Memo); ok {
		item = map[string]any{"kind": m.Kind, "key": m.Key, "value": json.RawMessage(m.Value)}
	}
	raw, err := json.Marshal(item)
	if err != nil {
		return nil, err
	}
	var plain any
	if err := json.Unmarshal(raw, &plain); err != nil {
		return nil, err
	}
	return json.Marshal(plain) // keys sorted
}
