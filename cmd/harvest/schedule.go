package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/schedule"
)

func (m Main) scheduleCommand(f *flags) *cobra.Command {
	var count int
	var line, zone string
	cmd := &cobra.Command{
		Use:   "schedule [SOURCE…]",
		Short: "List the next runs, and say what a cron line means",
		Long: `Schedule lists when the sources are harvested next, in the time zone of this
machine (TZ names another), and says in words what their cron lines mean. What a
'harvest serve' does is decided by the same code, jitter and blackout included.

With --cron it explains a line that stands in no file yet.`,
		Example: `  harvest schedule
  harvest schedule respect --count 5
  harvest schedule --cron '0 3 * * 1-5' --timezone Europe/London
  harvest schedule --json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if line != "" {
				return m.explainCron(f, line, zone, count)
			}
			return m.schedule(cmd.Context(), f, args, count)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return m.sourceNames(f), cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().IntVar(&count, "count", 1, "how many runs of each source to list")
	cmd.Flags().StringVar(&line, "cron", "", "a cron `line` to explain, in place of the sources")
	cmd.Flags().StringVar(&zone, "timezone", "UTC", "the time `zone` of --cron")
	return cmd
}

// plannedSource is when one source is harvested.
type plannedSource struct {
	Source  harvest.SourceID `json:"source"`
	Cron    string           `json:"cron,omitempty"`
	When    string           `json:"when"` // in words
	Enabled bool             `json:"enabled"`
	Next    []time.Time      `json:"next"` // empty when it runs only by hand
	Problem string           `json:"problem,omitempty"`
	Paused  *sourcePause     `json:"paused,omitempty"`
}

func (m Main) schedule(ctx context.Context, f *flags, names []string, count int) error {
	cfg, problems, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	var sources []*config.Source
	if len(names) > 0 {
		if sources, err = choose(cfg, problems, names); err != nil {
			return err
		}
	} else {
		for i := range cfg.Sources {
			sources = append(sources, &cfg.Sources[i])
		}
	}
	paused, err := m.knownPauses(ctx, f)
	if err != nil {
		return err
	}
	plans := make([]plannedSource, 0, len(sources))
	for _, src := range sources {
		p := planOf(src, cfg.Schedule, time.Now(), count)
		if p.Paused = paused.of(src.ID); p.Paused != nil {
			p.Next = []time.Time{}
		}
		plans = append(plans, p)
	}
	slices.SortStableFunc(plans, func(a, b plannedSource) int {
		if none, other := len(a.Next) == 0, len(b.Next) == 0; none || other {
			return cmp.Compare(len(b.Next), len(a.Next))
		}
		return a.Next[0].Compare(b.Next[0])
	})
	if f.json {
		err = printJSON(m.Stdout, plans)
	} else {
		m.printPlans(plans)
	}
	if err == nil && len(problems.Errors()) > 0 {
		err = errSilent
	}
	return err
}

// mostListed bounds the runs of one source that are listed.
const mostListed = 1000

// planOf is when a source is harvested after that moment.
func planOf(src *config.Source, closed config.Calendar, now time.Time, count int) plannedSource {
	p := plannedSource{Source: src.ID, Cron: src.Schedule.Cron, When: schedule.Describe(src.Schedule), Enabled: src.Enabled, Next: []time.Time{}}
	if p.Cron == "" || !p.Enabled {
		return p
	}
	for at := now; len(p.Next) < min(max(1, count), mostListed); {
		next, err := schedule.Next(schedule.Entry{Source: src.ID, Spec: src.Schedule, Closed: closed}, at)
		if err != nil {
			p.Problem = err.Error()
			break
		}
		p.Next = append(p.Next, next.UTC())
		at = next
	}
	return p
}

// runTime is how the start of a run is written for people, on this machine's clock.
const runTime = "Mon 2006-01-02 15:04:05 MST"

func (m Main) printPlans(plans []plannedSource) {
	now := time.Now()
	t := newTable(m.Stdout, "NEXT RUN", "IN", "SOURCE", "WHEN")
	for i := range plans {
		p := &plans[i]
		switch {
		case p.Problem != "":
			t.AppendRow([]any{"never", "", string(p.Source), fit(p.Problem, 80)})
		case p.Paused != nil:
			t.AppendRow([]any{"paused", "", string(p.Source), fit(p.When+"; "+p.Paused.String(), 80)})
		case !p.Enabled:
			t.AppendRow([]any{"disabled", "", string(p.Source), fit(p.When, 80)})
		case len(p.Next) == 0:
			t.AppendRow([]any{"by hand", "", string(p.Source), ""})
		}
		for k, at := range p.Next {
			source, when := string(p.Source), fit(p.When, 80)
			if k > 0 {
				source, when = "", ""
			}
			t.AppendRow([]any{at.Local().Format(runTime), humanize.RelTime(at, now, "ago", ""), source, when})
		}
	}
	t.Render()
}

// explainCron says what a line means that stands in no file.
func (m Main) explainCron(f *flags, line, zone string, count int) error {
	where, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		return usageError{fmt.Errorf("--timezone: %q is not a time zone such as UTC or Europe/London", zone)}
	}
	if _, err := config.ParseCron(line); err != nil {
		return usageError{fmt.Errorf("--cron: %w", err)}
	}
	src := config.Source{ID: "line", Enabled: true, Schedule: config.Schedule{Cron: line, Timezone: where}}
	p := planOf(&src, config.Calendar{}, time.Now(), max(count, 3))
	if f.json {
		p.Source = ""
		return printJSON(m.Stdout, p)
	}
	fmt.Fprintln(m.Stdout, safeLine(p.When))
	for _, at := range p.Next {
		fmt.Fprintf(m.Stdout, "  %s\n", at.In(where).Format(runTime))
	}
	return nil
}
