package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

func (m Main) publishCommand(f *flags) *cobra.Command {
	return m.rulingCommand(f, true, "publish RUN", "Publish what a run in quarantine holds",
		`A run that broke a gate holds what it would have changed, and the catalogue is
as the run before left it. Publish says that the run was right: what it holds is
written into the catalogue, without asking the site for anything, and later runs
are compared with this one. Records that a newer run has seen meanwhile stay as
that one found them. A call that was cut short is completed by the next.`,
		`  harvest runs publish respect@20260301T030000Z --reason "they dropped summaries"
  harvest runs publish respect --reason "new site"     the newest run of that source in quarantine`)
}

func (m Main) discardCommand(f *flags) *cobra.Command {
	return m.rulingCommand(f, false, "discard RUN", "Throw away what a run in quarantine holds",
		`Discard says that the site, or its source file, is broken: what the run holds is
thrown away, and the catalogue stays as it is. Mend the source file, and run the
source again.`,
		`  harvest runs discard respect@20260301T030000Z --reason "selector is dead, file is mended"
  harvest runs discard respect --reason "they had a bad day"`)
}

func (m Main) rulingCommand(f *flags, publish bool, use, short, long, example string) *cobra.Command {
	var author, reason string
	cmd := &cobra.Command{
		Use: use, Short: short, Long: long, Example: example, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ruling := harvest.Ruling{Publish: publish, Author: personName(author), Reason: strings.TrimSpace(reason), At: time.Now()}
			switch {
			case ruling.Reason == "":
				return usageError{errors.New("say why, with --reason: those who come after you will ask")}
			case ruling.Author == "":
				return usageError{errors.New("a decision needs its author; say --author")}
			}
			return m.rule(cmd.Context(), f, args[0], ruling)
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, in a few words")
	cmd.Flags().StringVar(&author, "author", "", "who decides (default: HARVEST_AUTHOR, else the name of the user)")
	return cmd
}

func (m Main) rule(ctx context.Context, f *flags, name string, ruling harvest.Ruling) error {
	r, err := m.openDeciding(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	id, err := r.quarantined(ctx, name)
	if err != nil {
		return err
	}
	run, n, err := crawler.Rule(ctx, r.store, id, ruling)
	switch {
	case errors.Is(err, harvest.ErrNotFound):
		return fmt.Errorf("no run %q; 'harvest runs list' shows what there is", name)
	case errors.Is(err, crawler.ErrNotHeld):
		return fmt.Errorf("%w: there is nothing to decide", err)
	case err != nil:
		return err
	}
	if n > 0 {
		terminal, _ := m.onScreen().Stderr.(*screen)
		progress := newAftercare(terminal, r.logger)
		_, err := r.matchPending(ctx, func(done int) { progress.show("matching", done, 0) })
		progress.close()
		if err != nil {
			r.logger.Warn("not all records are matched; the next run goes on with it", "err", err)
		}
	}
	if f.json {
		return printJSON(m.Stdout, run)
	}
	if ruling.Publish {
		fmt.Fprintf(m.Stdout, "%s is published: %s. The next search brings the index up to date.\n", run.ID, number(n, "record", "records"))
	} else {
		fmt.Fprintf(m.Stdout, "%s is discarded; the catalogue stays as it is.\n", run.ID)
	}
	return nil
}

// quarantined is the run that a person means by its ID or, for the newest run
// of a source in quarantine, by the source.
func (r *room) quarantined(ctx context.Context, name string) (harvest.RunID, error) {
	if harvest.RunID(name).Source() != "" {
		return harvest.RunID(name), nil
	}
	runs, err := r.store.Runs(ctx, harvest.SourceID(name), 0)
	if err != nil {
		return "", err
	}
	for i := range runs {
		if x := &runs[i]; x.State == harvest.RunQuarantined {
			return x.ID, nil
		}
	}
	return "", fmt.Errorf("no run of %q is in quarantine; 'harvest runs list' shows what there is", name)
}
