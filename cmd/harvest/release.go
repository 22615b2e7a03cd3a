package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/queue"
)

func (m Main) stopCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "stop SOURCE",
		Short: "Stop the run of a source in a running 'harvest serve'",
		Long: `Stop ends the run of a source that is going on in the server which has the
data folder. The run is interrupted: what it found is kept, and the next run of
the source goes on with it. The schedule goes on too.`,
		Example: "  harvest runs stop respect",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			server, err := dialServer(cmd.Context(), f.data)
			if err != nil {
				return err
			}
			if server == nil {
				return fmt.Errorf("no 'harvest serve' has %s; a 'harvest run' is stopped by Ctrl-C, where it runs", f.data)
			}
			defer server.close()
			resp, err := server.ask(cmd.Context(), http.MethodPost, "/v1/stop", chosen{Source: harvest.SourceID(args[0])})
			if err != nil {
				return err
			}
			_ = resp.Body.Close() // there is nothing in it to lose
			fmt.Fprintf(m.Stdout, "The run of %s is being stopped; its next run goes on with it.\n", safeLine(args[0]))
			return nil
		},
	}
}

func (m Main) releaseCommand(f *flags) *cobra.Command {
	var discard bool
	cmd := &cobra.Command{
		Use:   "release SOURCE",
		Short: "Let a run that was set aside try again, or give it up",
		Long: fmt.Sprintf(`A run that ended the whole program %d times, one after the other, before it
got anywhere is set aside, so that it cannot stop the others: 'harvest runs'
says so, and its source is not harvested. Once the cause is mended, release
lets it go on where it stopped; with --discard it is given up, what it found is
kept, and the next run of the source begins anew.`, queue.MaxVain),
		Example: "  harvest runs release respect\n  harvest runs release respect --discard",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.release(cmd.Context(), f, sourceOf(args[0]), discard)
		},
	}
	cmd.Flags().BoolVar(&discard, "discard", false, "give the run up instead; what it found is kept")
	return cmd
}

func (m Main) release(ctx context.Context, f *flags, id harvest.SourceID, discard bool) error {
	server, err := dialServer(ctx, f.data)
	if err != nil {
		return err
	}
	if server != nil {
		defer server.close()
		resp, err := server.ask(ctx, http.MethodPost, "/v1/release", chosen{Source: id, Discard: discard})
		if err != nil {
			return err
		}
		_ = resp.Body.Close() // that it was a success is all
		fmt.Fprintf(m.Stdout, "%s is released; the server goes on with it.\n", safeLine(string(id)))
		return nil
	}
	cfg, problems := config.Load(f.config)
	if cfg == nil {
		m.warn(problems)
		return errSilent
	}
	r, err := m.openWriting(ctx, f, cfg)
	if err != nil {
		return err
	}
	defer r.close()
	runs, err := r.harvester(newWatch(ctx, nil, r.logger)).letGo(ctx, id, discard)
	if err != nil {
		return err
	}
	for _, run := range runs {
		if discard {
			fmt.Fprintf(m.Stdout, "%s is given up; what it found is kept.\n", run)
		} else {
			fmt.Fprintf(m.Stdout, "%s is released; 'harvest run %s' goes on with it.\n", run, id)
		}
	}
	return nil
}

// letGo ends that the runs of a source are set aside: they may try again, or
// are given up.
func (h *harvester) letGo(ctx context.Context, source harvest.SourceID, discard bool) ([]harvest.RunID, error) {
	left, err := h.queue.Unfinished(ctx, source)
	if err != nil {
		return nil, err
	}
	var runs []harvest.RunID
	for _, id := range left {
		n, err := h.queue.Vain(ctx, id)
		if err != nil {
			return runs, err
		}
		if n < queue.MaxVain {
			continue
		}
		if discard {
			err = h.abandon(ctx, id, "set aside, and given up by hand")
		} else {
			err = h.pardon(ctx, id)
		}
		if err != nil {
			return runs, err
		}
		runs = append(runs, id)
	}
	if len(runs) == 0 {
		return nil, fmt.Errorf("no run of %q is set aside; 'harvest runs' shows what there is", source)
	}
	return runs, nil
}

// pardon lets a run try again.
func (h *harvester) pardon(ctx context.Context, id harvest.RunID) error {
	run, err := h.store.Run(ctx, id)
	if err == nil {
		run.Reason = "released by hand; run the source again to go on where it stopped"
		err = h.store.PutRun(ctx, run)
	}
	if err != nil && !errors.Is(err, harvest.ErrNotFound) {
		return err
	}
	journal, err := h.queue.Journal(ctx, id)
	if err != nil {
		return err
	}
	defer journal.Close()
	return journal.Release(ctx)
}

// sourceOf is the source that a person means who names it, or one of its runs.
func sourceOf(name string) harvest.SourceID {
	if source := harvest.RunID(name).Source(); source != "" {
		return source
	}
	return harvest.SourceID(name)
}
