package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/queue"
)

func (m Main) runsCommand(f *flags) *cobra.Command {
	var limit int
	var source string
	list := &cobra.Command{
		Use:   "list",
		Short: "List runs, newest first",
		Example: `  harvest runs list --source respect
  harvest runs list --limit 5 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return m.listRuns(cmd, f, harvest.SourceID(source), limit)
		},
	}
	list.Flags().StringVar(&source, "source", "", "only runs of that source")
	list.Flags().IntVar(&limit, "limit", 20, "the most runs to list")
	show := &cobra.Command{
		Use:   "show ID",
		Short: "Show the report of one run",
		Example: `  harvest runs show respect@20260301T030000Z
  harvest runs show respect            the newest run of that source`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.showRun(cmd, f, args[0]) },
	}
	cmd := group("runs", "List runs, show their reports, decide about those in quarantine, stop and release them", list.Example, list, show, m.publishCommand(f), m.discardCommand(f), m.stopCommand(f), m.releaseCommand(f))
	cmd.Flags().AddFlagSet(list.Flags())
	cmd.Args = cobra.NoArgs
	cmd.RunE = list.RunE
	return cmd
}

func (m Main) listRuns(cmd *cobra.Command, f *flags, source harvest.SourceID, limit int) error {
	r, err := m.openReading(cmd.Context(), f)
	if err != nil {
		return err
	}
	defer r.close()
	runs, err := r.store.Runs(cmd.Context(), source, limit)
	if err != nil {
		return err
	}
	for i := range runs {
		r.notGoingOn(&runs[i])
	}
	if f.json {
		if runs == nil {
			runs = []harvest.Run{}
		}
		return printJSON(m.Stdout, runs)
	}
	if len(runs) == 0 {
		fmt.Fprintln(m.Stdout, "No runs yet.")
		return nil
	}
	now := time.Now()
	t := newTable(m.Stdout, "RUN", "STATE", "STARTED", "TOOK", "DOOR", "NEW", "CHANGED", "UNCHANGED", "WHY")
	for i := range runs {
		x := &runs[i]
		t.AppendRow([]any{
			string(x.ID), string(x.State), humanize.RelTime(x.StartedAt, now, "ago", "from now"), x.Duration(now).Round(time.Second / 10).String(),
			x.Door(), x.Outcomes[harvest.NewRecord], x.Outcomes[harvest.ChangedRecord], x.Outcomes[harvest.UnchangedRecord], fit(x.Reason, 60),
		})
	}
	t.Render()
	return nil
}

func (m Main) showRun(cmd *cobra.Command, f *flags, id string) error {
	r, err := m.openReading(cmd.Context(), f)
	if err != nil {
		return err
	}
	defer r.close()
	run, err := r.store.Run(cmd.Context(), harvest.RunID(id))
	if errors.Is(err, harvest.ErrNotFound) {
		newest, listErr := r.store.Runs(cmd.Context(), harvest.SourceID(id), 1)
		if listErr != nil {
			return listErr
		}
		if len(newest) == 0 {
			return fmt.Errorf("no run %q; 'harvest runs list' shows what there is", id)
		}
		run, err = newest[0], nil
	}
	if err != nil {
		return err
	}
	r.notGoingOn(&run)
	if f.json {
		return printJSON(m.Stdout, run)
	}
	printReport(m.Stdout, &run, time.Now())
	printHosts(m.Stdout, run.Hosts)
	return nil
}

// notGoingOn corrects the report of a run whose process was killed before it
// could say so. With a queue elsewhere the process may be on another machine.
func (r *room) notGoingOn(run *harvest.Run) {
	if run.State != harvest.RunRunning || r.cfg.Queue.URL != "" || queue.Held(filepath.Join(r.data, queueFolder)) {
		return
	}
	run.State, run.Reason = harvest.RunInterrupted, "its process ended without a word; run the source again to go on where it stopped"
}
