package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
)

// signature is who decides, and why.
type signature struct{ author, note string }

func (s *signature) bind(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.author, "author", "", "who decides (default: HARVEST_AUTHOR, else the name of the user)")
	cmd.Flags().StringVar(&s.note, "note", "", "why, in a few words")
}

// personName is who gives a command: as it says, else HARVEST_AUTHOR, else the
// name of the user; empty when none of them is known.
func personName(said string) string {
	for _, name := range []string{said, os.Getenv("HARVEST_AUTHOR")} {
		if name = strings.TrimSpace(name); name != "" {
			return name
		}
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

// sign completes a decision.
func (s *signature) sign(a, b harvest.RecordID, same bool) (harvest.Decision, error) {
	if a == b {
		return harvest.Decision{}, usageError{fmt.Errorf("%s is one record; a decision is about two", a)}
	}
	author := personName(s.author)
	if author == "" {
		return harvest.Decision{}, usageError{errors.New("a decision needs its author; say --author")}
	}
	return harvest.Decision{A: min(a, b), B: max(a, b), Same: same, Author: author, At: time.Now().UTC().Truncate(time.Millisecond), Note: s.note}, nil
}

// authorOf is who signs, see personName; nobody is an error.
func authorOf(given string) (string, error) {
	if name := personName(given); name != "" {
		return name, nil
	}
	return "", usageError{errors.New("a decision needs its author; say --author")}
}

// openDeciding opens the catalogue for a command that writes decisions; a
// harvest may go on beside it.
func (m Main) openDeciding(ctx context.Context, f *flags) (*room, error) {
	r, err := m.openReading(ctx, f) // says what is wrong, and makes no file
	if err != nil {
		return nil, err
	}
	if r.cfg.Store.MongoDB.URI != "" {
		return r, nil
	}
	if err := r.store.Close(); err != nil {
		return nil, err
	}
	if r.store, err = r.openStoreOnce(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// decide writes decisions and brings the works up to date with them.
func (r *room) decide(ctx context.Context, decisions ...harvest.Decision) error {
	var about []harvest.RecordID
	for _, d := range decisions {
		if err := r.store.PutDecision(ctx, d); err != nil {
			return err
		}
		about = append(about, d.A, d.B)
	}
	return r.rematch(ctx, about)
}

// rematch looks again at some records.
func (r *room) rematch(ctx context.Context, ids []harvest.RecordID) error {
	lease, unlock, err := r.lockMatching(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	var records []harvest.Record // with the works that they are in now
	for record, err := range r.store.Lookup(ctx, ids) {
		if err != nil {
			return err
		}
		records = append(records, record)
	}
	if len(records) == 0 {
		return nil
	}
	_, err = r.matchBatch(ctx, lease, match.NewPass(r.store), records)
	return err
}

func (m Main) worksJoinCommand(f *flags) *cobra.Command {
	var s signature
	cmd := &cobra.Command{
		Use:   "join RECORD RECORD",
		Short: "Say that two records are of one document",
		Long: `Join writes down that two records are of one document, with author and date.
The works that they are in become one, now and whenever works are made again,
until somebody says otherwise. Two works that somebody has said to differ
elsewhere stay apart.`,
		Example: `  harvest works join respect:5hc0v3kq8r2m1x7d delta:0kg9m6kv9twjza1v --note "the same PDF"`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.worksDecide(cmd.Context(), f, &s, args, true)
		},
	}
	s.bind(cmd)
	return cmd
}

func (m Main) worksSplitCommand(f *flags) *cobra.Command {
	var s signature
	cmd := &cobra.Command{
		Use:   "split RECORD [RECORD]",
		Short: "Say that two records are of different documents, or that one is not of its work",
		Long: `Split writes down that two records are of different documents, with author and
date. With one record it says so of that record and each other one of its work.
It holds now and whenever works are made again, until somebody says otherwise.`,
		Example: `  harvest works split respect:5hc0v3kq8r2m1x7d delta:0kg9m6kv9twjza1v --note "another edition"
  harvest works split respect:5hc0v3kq8r2m1x7d`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.worksDecide(cmd.Context(), f, &s, args, false)
		},
	}
	s.bind(cmd)
	return cmd
}

func (m Main) worksDecide(ctx context.Context, f *flags, s *signature, args []string, same bool) error {
	r, err := m.openDeciding(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	first := harvest.RecordID(args[0])
	var others []harvest.RecordID
	for _, id := range args {
		if _, err := r.record(ctx, harvest.RecordID(id)); err != nil {
			return err
		}
	}
	if len(args) == 2 {
		others = append(others, harvest.RecordID(args[1]))
	} else {
		work, _, err := r.findWork(ctx, args[0])
		if err != nil {
			return err
		}
		for _, member := range work.Members {
			if member.Record != first {
				others = append(others, member.Record)
			}
		}
		if len(others) == 0 {
			return fmt.Errorf("%s is alone in its work; there is nothing to split", first)
		}
	}
	var decisions []harvest.Decision
	for _, other := range others {
		d, err := s.sign(first, other, same)
		if err != nil {
			return err
		}
		decisions = append(decisions, d)
	}
	if err := r.decide(ctx, decisions...); err != nil {
		return err
	}
	return m.sayWorks(ctx, f, r, append([]harvest.RecordID{first}, others...), same)
}

// sayWorks prints which works the records are in now.
func (m Main) sayWorks(ctx context.Context, f *flags, r *room, ids []harvest.RecordID, same bool) error {
	type row struct {
		Record harvest.RecordID `json:"record"`
		Work   harvest.WorkID   `json:"work"`
	}
	var rows []row
	works := make(map[harvest.WorkID]bool)
	for _, id := range ids {
		w, _, err := r.findWork(ctx, string(id))
		if err != nil {
			return err
		}
		rows = append(rows, row{id, w.ID})
		works[w.ID] = true
	}
	if f.json {
		return printJSON(m.Stdout, rows)
	}
	for _, x := range rows {
		fmt.Fprintf(m.Stdout, "%s is in %s\n", x.Record, x.Work)
	}
	if same && len(works) > 1 {
		fmt.Fprintf(m.Stderr, "harvest: they stay apart: somebody said that records of their works differ; 'harvest works why' and 'harvest works forget' help\n")
		return errSilent
	}
	return nil
}

func (m Main) worksForgetCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:     "forget RECORD RECORD",
		Short:   "Take back what was said about two records; the rules decide again",
		Example: `  harvest works forget respect:5hc0v3kq8r2m1x7d delta:0kg9m6kv9twjza1v`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			r, err := m.openDeciding(ctx, f)
			if err != nil {
				return err
			}
			defer r.close()
			ids := []harvest.RecordID{harvest.RecordID(args[0]), harvest.RecordID(args[1])}
			if err := r.store.DropDecision(ctx, ids[0], ids[1]); err != nil {
				return err
			}
			if err := r.rematch(ctx, ids); err != nil {
				return err
			}
			return m.sayWorks(ctx, f, r, ids, false)
		},
	}
}

func (m Main) worksMatchCommand(f *flags) *cobra.Command {
	all := false
	cmd := &cobra.Command{
		Use:   "match",
		Short: "Match what is pending now, or all records again",
		Long: `Match brings the works up to date with the records that are new or have
changed, as every run does at its end. With --all it looks at all records
again, for rules that have changed: the same records and decisions give the same
works. It goes on where it was stopped.`,
		Example: `  harvest works match
  harvest works match --all`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := m.openDeciding(cmd.Context(), f)
			if err != nil {
				return err
			}
			defer r.close()
			if all {
				if err := r.store.Unsettle(cmd.Context()); err != nil {
					return err
				}
			}
			terminal, _ := m.onScreen().Stderr.(*screen)
			progress := newAftercare(terminal, r.logger)
			done, err := r.matchPending(cmd.Context(), func(done int) { progress.show("matching", done, 0) })
			progress.close()
			if err != nil {
				return err
			}
			if f.json {
				return printJSON(m.Stdout, done)
			}
			fmt.Fprintf(m.Stdout, "%s matched, %s written, %s for review\n", number(done.Records, "record", "records"),
				number(done.Works, "work", "works"), number(done.Doubts, "pair", "pairs"))
			return nil
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "all records, not only those that are new or have changed")
	return cmd
}

// printReasons prints what was weighed, a line each.
func printReasons(w io.Writer, reasons []match.Reason) {
	for _, x := range reasons {
		fmt.Fprintf(w, "  %+6.2f  %-11s %s\n", x.Points, x.Field, safeLine(x.Words))
	}
}
