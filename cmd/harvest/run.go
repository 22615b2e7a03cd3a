package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

func (m Main) runCommand(f *flags) *cobra.Command {
	var full, silent bool
	cmd := &cobra.Command{
		Use:   "run [SOURCE…]",
		Short: "Harvest sources now, all enabled ones when none is named",
		Long: `Run harvests sources now. A run that was stopped or killed goes on where it
stopped. New records are written as they are found, changes once the run has
passed its gates; nothing that was recorded before is lost when a run fails. A
run that breaks a gate is in quarantine: 'harvest runs show' says why.

When a 'harvest serve' has the data folder, it does the work, and this command
shows it just the same; Ctrl-C then leaves the run to the server.

Who is named under notify: in harvest.yaml is told when a source has broken or
recovered by it, as a server would: once.

The exit code is 0 when every run passed, 1 when one did not, 2 when the
command line was not understood.`,
		Example: `  harvest run
  harvest run respect delta87
  harvest run respect --full      ask for everything, even what has not changed
  harvest run --json              print the reports as JSON`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.run(cmd.Context(), f, args, choice{byName: len(args) > 0, full: full, silent: silent})
		},
		ValidArgsFunction: func(_ *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return m.sourceNames(f), cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().BoolVar(&full, "full", false, "ask for everything, even what the ledger says has not changed")
	cmd.Flags().BoolVar(&silent, "no-notify", false, "tell nobody by the channels of notify; a later run or a server does")
	return cmd
}

func (m Main) run(ctx context.Context, f *flags, names []string, c choice) error {
	m = m.onScreen()
	cfg, problems := config.Load(f.config)
	m.warn(problems)
	if cfg == nil {
		return errSilent
	}
	sources, err := choose(cfg, problems, names)
	if err != nil {
		return err
	}
	runs, err := m.runSources(ctx, f, cfg, sources, c)
	if runs != nil {
		if err := m.reportRuns(f, runs); err != nil {
			return err
		}
	}
	if err != nil {
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

// choice is how sources are to be harvested: also when they are paused, because
// they were named, and whole; and whether nobody is to be told.
type choice struct{ byName, full, silent bool }

// runSources harvests sources here, or has the server do it that has the
// folder. The catalogue is asked for pauses when it is open for writing: before,
// it may be away, or of an earlier version.
func (m Main) runSources(ctx context.Context, f *flags, cfg *config.Config, sources []*config.Source, c choice) ([]harvest.Run, error) {
	server, err := dialServer(ctx, f.data)
	if err != nil {
		return nil, err
	}
	if server != nil {
		if !c.byName {
			paused, err := m.knownPauses(ctx, f)
			if err != nil {
				return nil, err
			}
			sources = m.withoutPaused(paused, sources)
		}
		return m.runThere(ctx, f, server, sources, c.full)
	}
	r, err := m.openWriting(ctx, f, cfg)
	if err != nil {
		return nil, err
	}
	defer r.close()
	if !c.byName {
		paused, err := readPauses(ctx, r.store)
		if err != nil {
			return nil, err
		}
		sources = m.withoutPaused(paused, sources)
	}
	h := r.harvester(newWatch(ctx, m.Stderr, r.logger))
	h.full = c.full
	runs := h.all(ctx, sources)
	if !c.silent {
		r.tellAfter(ctx, cfg)
	}
	return runs, nil
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

// all harvests sources, several at once, and returns a report of each. What
// another process harvests meanwhile is waited for.
func (h *harvester) all(ctx context.Context, sources []*config.Source) []harvest.Run {
	b := &batch{harvester: h, sources: sources, runs: make([]harvest.Run, len(sources)), elsewhere: map[harvest.SourceID]bool{}}
	b.perform(ctx)
	h.watch.close()
	h.finish(ctx)
	return b.runs
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
