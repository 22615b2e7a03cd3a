package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// signing is who changes a record by hand, and why.
type signing struct{ author, reason string }

func (s *signing) bind(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.author, "author", "", "who says so; --by for short (default: HARVEST_AUTHOR, else the name of the user)")
	cmd.Flags().StringVar(&s.reason, "reason", "", "why, in a few words; it is shown beside the change")
	cmd.Flags().SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		if name == "by" {
			name = "author"
		}
		return pflag.NormalizedName(name)
	})
}

// signature completes what was given.
func (s *signing) signature() (harvest.Signature, error) {
	author, err := authorOf(s.author)
	if err != nil {
		return harvest.Signature{}, err
	}
	reason := strings.TrimSpace(s.reason)
	if reason == "" {
		return harvest.Signature{}, errNoReason
	}
	return harvest.Signature{Author: author, Reason: reason}, nil
}

func (m Main) annotateCommand(f *flags) *cobra.Command {
	var s signing
	undo := false
	cmd := &cobra.Command{
		Use:   "annotate RECORD FIELD=VALUE...",
		Short: "Say what a field of a record should be, above what its source says",
		Long: `Annotate puts a value above that of the source, with author, date and reason. It
stands through every harvest, in searches, exports and the history, until
--undo gives the field back to its source. What the source says meanwhile is
kept beside it: 'harvest show' has both.

Several values of a list are several arguments, and a field without a value is
emptied. The fields are: ` + strings.Join(shortFields(), ", ") + `.
Values of category, topics, countries, regions, language, dates and identifiers
are checked.`,
		Example: `  harvest annotate respect:5hc0v3kq8r2m1x7d category=guidance --reason "the cover says so"
  harvest annotate respect:5hc0v3kq8r2m1x7d countries=NP countries=IN published=2021-03 --reason "page 2"
  harvest annotate respect:5hc0v3kq8r2m1x7d summary= --reason "it is that of another report"
  harvest annotate respect:5hc0v3kq8r2m1x7d category --undo --reason "the site has mended it"`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			by, err := s.signature()
			if err != nil {
				return err
			}
			change := undoing
			if !undo {
				change = saying
			}
			c, err := change(args[1:], by)
			if err != nil {
				return err
			}
			return m.annotate(cmd.Context(), f, harvest.RecordID(args[0]), by, c)
		},
	}
	s.bind(cmd)
	cmd.Flags().BoolVar(&undo, "undo", false, "give the fields back to the source")
	return cmd
}

func shortFields() []string {
	var out []string
	for _, field := range harvest.CuratedFields() {
		out = append(out, shortField(field))
	}
	return out
}

// saying is the change that puts values above those of the source.
func saying(args []string, by harvest.Signature) (func(*harvest.Record) error, error) {
	vocab, err := config.LoadVocabulary()
	if err != nil {
		return nil, err
	}
	fields, err := readSaid(args, vocab)
	if err != nil {
		return nil, err
	}
	at := time.Now()
	return func(r *harvest.Record) error {
		for _, s := range fields {
			if o, ok := r.Overrides[s.field]; ok && equalText(o.Value, s.values) && o.Author == by.Author && o.Reason == by.Reason {
				continue // said before, in these words
			}
			if err := r.Override(s.field, harvest.Override{Value: s.values, Author: by.Author, Reason: by.Reason, At: at}); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func equalText(a, b []string) bool { return strings.Join(a, "\x00") == strings.Join(b, "\x00") }

// undoing is the change that gives fields back.
func undoing(args []string, _ harvest.Signature) (func(*harvest.Record) error, error) {
	var fields []string
	for _, arg := range args {
		field, err := curatedField(arg)
		if err != nil {
			return nil, usageError{err}
		}
		fields = append(fields, field)
	}
	return func(r *harvest.Record) error {
		for _, field := range fields {
			if done, err := r.Restore(field); err != nil || !done {
				return errors.Join(err, fmt.Errorf("nobody has said anything of its %s", shortField(field)))
			}
		}
		return nil
	}, nil
}

func (m Main) annotate(ctx context.Context, f *flags, id harvest.RecordID, by harvest.Signature, change func(*harvest.Record) error) error {
	r, err := m.openDeciding(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	if err := r.standing(ctx, id); err != nil {
		return err
	}
	changed, err := r.store.Amend(ctx, by, time.Now(), []harvest.RecordID{id}, change)
	if err != nil {
		return err
	}
	if len(changed) == 0 {
		fmt.Fprintf(m.Stderr, "%s has these values already, said so by the same author for the same reason\n", id)
		return nil
	}
	if err := r.rematch(ctx, changed); err != nil {
		return err
	}
	revisions, err := r.store.Revisions(ctx, id)
	if err != nil {
		return err
	}
	last := &revisions[len(revisions)-1]
	if f.json {
		return printJSON(m.Stdout, last)
	}
	printRevision(m.Stdout, last)
	return nil
}

// standing makes sure that there is a record that can be changed.
func (r *room) standing(ctx context.Context, id harvest.RecordID) error {
	record, err := r.store.Record(ctx, id)
	switch {
	case errors.Is(err, harvest.ErrNotFound):
		return errNoRecord(id)
	case err != nil:
		return err
	case record.State == harvest.StateWithdrawn:
		return fmt.Errorf("%s was taken down; 'harvest history %s' says why, 'harvest withdraw %s --undo' takes that back", id, id, id)
	}
	return nil
}
