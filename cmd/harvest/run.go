package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// sourcesAtOnce is how many sources `harvest run` works on at a time. Hosts
// are paced one by one whatever this is.
const sourcesAtOnce = 4

func (m Main) runCommand(f *flags) *cobra.Command {
	var full bool
	cmd := &cobra.Command{
		Use:   "run [SOURCE…]",
		Short: "Harvest sources now, all enabled ones when none is named",
		Long: `Run harvests sources now. A run that was stopped or killed goes on where it
stopped. Records are written as they are found; nothing that was recorded
before is lost when a run fails.

The exit code is 0 when every run passed, 1 when one did not, 2 when the
command line was not understood.`,
		Example: `  harvest run
  harvest run respect delta87
  harvest run respect --full      ask for everything, even what has not changed
  harvest run --json              print the reports as JSON`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return m.run(cmd.Context(), f, args, full) },
		ValidArgsFunction: func(_ *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return m.sourceNames(f), cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().BoolVar(&full, "full", false, "ask for everything, even what the ledger says has not changed")
	return cmd
}

func (m Main) run(ctx context.Context, f *flags, names []string, full bool) error {
	cfg, problems := config.Load(f.config)
	m.warn(problems)
	if cfg == nil {
		return errSilent
	}
	sources, err := choose(cfg, problems, names)
	if err != nil {
		return err
	}
	r, err := m.openWriting(ctx, f, cfg, startPatience)
	if err != nil {
		return err
	}
	defer r.close()
	h := r.harvester(newWatch(ctx, os.Stderr, r.logger))
	h.full = full
	runs := h.all(ctx, sources)
	if err := m.reportRuns(f, runs); err != nil {
		return err
	}
	if len(problems.Errors()) > 0 && len(names) == 0 {
		return errSilent // a source that could not even be read has failed too
	}
	for i := range runs {
		if runs[i].State != harvest.RunPassed {
			return errSilent
		}
	}
	return nil
}

// choose finds the sources named, or all enabled ones.
func choose(cfg *config.Config, problems config.Problems, names []string) ([]*config.Source, error) {
	var out []*config.Source
	if len(names) == 0 {
		for i := range cfg.Sources {
			if cfg.Sources[i].Enabled {
				out = append(out, &cfg.Sources[i])
			}
		}
		if len(out) == 0 {
			return nil, fmt.Errorf("no source is enabled in %s; 'harvest sources list' shows them", cfg.Dir)
		}
		return out, nil
	}
	for _, name := range names {
		src, ok := cfg.Source(harvest.SourceID(name))
		if ok {
			if !slices.Contains(out, src) {
				out = append(out, src)
			}
			continue
		}
		for _, p := range problems.Errors() {
			if strings.TrimSuffix(baseName(p.File), ".yaml") == name {
				return nil, fmt.Errorf("source %q cannot be used before its file is mended; 'harvest sources lint' shows what is wrong", name)
			}
		}
		return nil, usageError{fmt.Errorf("no source %q%s; 'harvest sources list' shows what there is", name, nearest(cfg, name))}
	}
	return out, nil
}

// nearest asks whether the source with the most similar name was meant.
func nearest(cfg *config.Config, name string) string {
	pick := &cobra.Command{}
	for i := range cfg.Sources {
		pick.AddCommand(&cobra.Command{Use: string(cfg.Sources[i].ID), Run: func(*cobra.Command, []string) {}})
	}
	if near := suggestion(pick, name); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// all harvests sources, several at once, and returns a report of each.
func (h *harvester) all(ctx context.Context, sources []*config.Source) []harvest.Run {
	runs := make([]harvest.Run, len(sources))
	var mu sync.Mutex
	var g errgroup.Group
	g.SetLimit(sourcesAtOnce)
	for i, src := range sources {
		g.Go(func() error {
			run, err := h.harvest(ctx, src, time.Now())
			if err != nil {
				h.logger.Error("run did not end", "source", src.ID, "run", run.ID, "err", err)
				if run.Reason == "" {
					run.Reason = err.Error()
				}
			}
			mu.Lock()
			defer mu.Unlock()
			runs[i] = run
			return nil
		})
	}
	_ = g.Wait() // every source has its own report; none stops the others
	h.watch.close()
	h.finish(ctx)
	return runs
}

func (m Main) reportRuns(f *flags, runs []harvest.Run) error {
	if f.json {
		return printJSON(m.Stdout, runs)
	}
	for i := range runs {
		if i > 0 {
			fmt.Fprintln(m.Stdout)
		}
		printReport(m.Stdout, &runs[i], time.Now())
	}
	return nil
}

// errNoContact is why a source is not asked without an address for its owner.
var errNoContact = errors.New("no contact is set: site owners must be able to reach you; set contact: in the configuration file, or HARVEST_CONTACT=you@example.org")
