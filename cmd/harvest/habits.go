package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/page"
)

// habitsMemo is the kind of memo that holds what recurs on the pages of a source;
// its key is the source.
const habitsMemo = "habits"

// readTally reads what the pages of a source have said, and its memo for writing.
// What cannot be read, as of a newer version, counts as nothing.
func readTally(ctx context.Context, store memoReader, id harvest.SourceID) (m harvest.Memo, t page.Tally, err error) {
	memos, err := store.Memos(ctx, habitsMemo)
	if err != nil {
		return m, t, err
	}
	m = harvest.Memo{Kind: habitsMemo, Key: string(id)}
	for _, have := range memos {
		if have.Key != m.Key {
			continue
		}
		m.Version = have.Version
		if json.Unmarshal(have.Value, &t) != nil {
			t = page.Tally{}
		}
	}
	return m, t, nil
}

// knowing is the source with its habits, by which its pages are read. A run keeps
// those that it began with, also when it goes on in another process: they change
// only when a run of the source has ended.
func knowing(ctx context.Context, store memoReader, src *config.Source) (*config.Source, error) {
	_, t, err := readTally(ctx, store, src.ID)
	if err != nil {
		return nil, fmt.Errorf("read the habits of %s: %w", src.ID, err)
	}
	own := *src
	own.Habits = t.Habits()
	return &own, nil
}

// learn adds what a run has heard to what is known of its source, and says in the
// run's report what is a habit from now on. Only runs that passed teach: pages that
// say "access denied" all alike are no habit of a site.
func (r *room) learn(ctx context.Context, run *harvest.Run, heard *page.Hearing) error {
	if run.State != harvest.RunPassed {
		return nil
	}
	for {
		m, t, err := readTally(ctx, r.store, run.Source)
		if err != nil {
			return err
		}
		learned, forgotten := t.Add(heard)
		if m.Value, err = json.Marshal(t); err != nil {
			return err
		}
		if err = r.store.PutMemo(ctx, m); errors.Is(err, harvest.ErrConflict) {
			continue
		} else if err != nil {
			return err
		}
		if len(learned)+len(forgotten) > 0 {
			run.Notes = append(run.Notes, habitsNote(run.Source, learned, forgotten))
			return r.store.PutRun(ctx, *run)
		}
		return nil
	}
}

func habitsNote(id harvest.SourceID, learned, forgotten []harvest.Habit) string {
	var parts []string
	for _, x := range []struct {
		what string
		list []harvest.Habit
	}{{"learned", learned}, {"no more", forgotten}} {
		if n := len(x.list); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d, such as %s %q", x.what, n, x.list[0].Field, fitPlain(x.list[0].Text)))
		}
	}
	return fmt.Sprintf("habits of the site: %s; the next run reads its pages by them, 'harvest reparse %s' shows what changes", strings.Join(parts, ", "), id)
}

// fitPlain bounds a text in a note.
func fitPlain(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}

// shownHabits are the habits of a source as they are printed.
type shownHabits struct {
	Source  harvest.SourceID `json:"source"`
	Version string           `json:"version,omitempty"`
	Pages   int              `json:"pages"`
	Habits  []page.Tallied   `json:"habits"`
}

func (m Main) habitsCommand(f *flags) *cobra.Command {
	var forget bool
	cmd := &cobra.Command{
		Use:   "habits ID",
		Short: "Show what recurs on the pages of a source, and is ignored on each",
		Long: `Habits shows what runs have learned of a source: words that stand in nearly every
title name the site, a description that a third of the pages bear is of none, a day
that all share is none of publication, and who is named on all pages gives way to
others who are named. The records of a source depend on its pages, its file and
these; when they change, the next run reads all pages again.

--forget drops them; what recurs is learned again from the runs that follow.`,
		Example:           "  harvest sources habits respect\n  harvest sources habits respect --forget",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: m.completeSource(f),
		RunE: func(cmd *cobra.Command, args []string) error {
			if forget {
				return m.eachSource(cmd.Context(), f, args, func(ctx context.Context, r *room, id harvest.SourceID) error {
					if err := r.forgetHabits(ctx, id); err != nil {
						return err
					}
					fmt.Fprintf(m.Stdout, "The habits of %s are forgotten.\n", id)
					return nil
				})
			}
			return m.showHabits(cmd.Context(), f, args[0])
		},
	}
	cmd.Flags().BoolVar(&forget, "forget", false, "drop what was learned")
	return cmd
}

func (r *room) forgetHabits(ctx context.Context, id harvest.SourceID) error {
	for {
		m, _, err := readTally(ctx, r.store, id)
		if err != nil {
			return err
		}
		if m.Version == 0 {
			return nil // nothing was learned yet
		}
		m.Value = []byte(`{}`)
		if err := r.store.PutMemo(ctx, m); !errors.Is(err, harvest.ErrConflict) {
			return err
		}
	}
}

func (m Main) showHabits(ctx context.Context, f *flags, name string) error {
	cfg, problems := config.Load(f.config)
	m.warn(problems)
	if cfg == nil {
		return errSilent
	}
	if _, err := choose(cfg, problems, []string{name}); err != nil {
		return err
	}
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	_, t, err := readTally(ctx, r.store, harvest.SourceID(name))
	if err != nil {
		return err
	}
	out := shownHabits{Source: harvest.SourceID(name), Version: t.Habits().Version(), Pages: t.Pages, Habits: []page.Tallied{}}
	for _, c := range t.Counts {
		if c.Learned {
			out.Habits = append(out.Habits, c)
		}
	}
	if f.json {
		return printJSON(m.Stdout, out)
	}
	if len(out.Habits) == 0 {
		fmt.Fprintf(m.Stdout, "No habits of %s are known; its runs have looked at %s.\n", name, number(out.Pages, "page", "pages"))
		return nil
	}
	fmt.Fprintf(m.Stdout, "Habits of %s, version %s, of %s:\n", name, out.Version, number(out.Pages, "page", "pages"))
	table := newTable(m.Stdout, "IN", "ON PAGES", "WHAT")
	for _, c := range out.Habits {
		table.AppendRow([]any{c.Field, c.Pages, fit(c.Text, max(40, width(m.Stdout)-32))})
	}
	table.Render()
	return nil
}

// knownHere is [knowing] for commands that only read; without a catalogue nothing
// is known.
func (m Main) knownHere(ctx context.Context, f *flags, src *config.Source) (*config.Source, error) {
	r, err := m.openReading(ctx, f)
	if errors.Is(err, errNoCatalogue) {
		return src, nil
	}
	if err != nil {
		return nil, err
	}
	defer r.close()
	return knowing(ctx, r.store, src)
}
