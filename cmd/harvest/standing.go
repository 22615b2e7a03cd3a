package main

import (
	"context"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/schedule"
	"github.com/harvest87/harvest/health"
)

// runsAssessed is how many runs of a source are looked at, unless none of them
// passed.
const runsAssessed = 30

// assess says how a source stands.
func (r *room) assess(ctx context.Context, src *config.Source, now time.Time) (health.Report, error) {
	runs, err := r.store.Runs(ctx, src.ID, runsAssessed)
	if err == nil && len(runs) == runsAssessed && !anyPassed(runs) {
		runs, err = r.store.Runs(ctx, src.ID, 0)
	}
	if err != nil {
		return health.Report{}, err
	}
	for i := range runs {
		r.notGoingOn(&runs[i])
	}
	return health.Assess(src.ID, planFor(src, now), runs, now), nil
}

func anyPassed(runs []harvest.Run) bool {
	for i := range runs {
		if runs[i].State == harvest.RunPassed {
			return true
		}
	}
	return false
}

// planFor is how a source is to be harvested: the longest of the next pauses
// between its ticks counts, for those of "mon,thu" differ.
func planFor(src *config.Source, now time.Time) health.Plan {
	p := health.Plan{StaleAfter: src.Schedule.StaleAfter}
	if !src.Enabled {
		return p
	}
	e := schedule.Entry{Source: src.ID, Spec: src.Schedule}
	e.Spec.Jitter, e.Spec.Blackout = 0, nil
	last, err := schedule.Next(e, now)
	for range 4 {
		var next time.Time
		if err == nil {
			next, err = schedule.Next(e, last)
		}
		if err != nil {
			break // it runs by hand, or never again
		}
		p.Every = max(p.Every, next.Sub(last))
		last = next
	}
	return p
}

// standing is a line of `harvest sources health`.
type standing struct {
	health.Report
	Name    string       `json:"name"`
	Enabled bool         `json:"enabled"`
	Paused  *sourcePause `json:"paused,omitempty"`
	// BrokenLinks counts documents that are not where records say.
	BrokenLinks int `json:"broken_links,omitempty"`
}

// stands is the state with what else decides whether a source is harvested.
func (s *standing) stands() string {
	text := string(s.State)
	if s.Stale {
		text += ", stale"
	}
	if s.Paused != nil {
		text += ", paused"
	}
	if !s.Enabled {
		text += ", disabled"
	}
	return text
}

func (m Main) sourcesHealthCommand(f *flags) *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use:   "health [ID…]",
		Short: "Show which sources are well, and since when others are not",
		Long: `Health says how each source stands, from the reports of its runs: healthy, ailing
(runs with holes), broken, dead (broken for two weeks), quarantined or new, and
what kind of failure it was. LAST WHOLE is when a run of it passed last: what the
catalogue holds of the source was true then. It is stale when that is too long ago.
PASSED counts the runs of the last thirty days.

A source that failed three times in a row rests: a day, then 2, 4, 8, 16 and at
most 30 days. 'harvest run ID' asks it all the same.`,
		Example:           "  harvest sources health\n  harvest sources health respect --json\n  harvest sources health --check || echo 'somebody has to look'",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: m.completeSource(f),
		RunE:              func(cmd *cobra.Command, args []string) error { return m.sourcesHealth(cmd.Context(), f, args, check) },
	}
	cmd.Flags().BoolVar(&check, "check", false, "exit with 1 when a source is broken, dead, quarantined or stale, and neither paused nor disabled")
	return cmd
}

func (m Main) sourcesHealth(ctx context.Context, f *flags, names []string, check bool) error {
	cfg, problems, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	var sources []*config.Source
	for i := range cfg.Sources {
		sources = append(sources, &cfg.Sources[i])
	}
	if len(names) > 0 {
		if sources, err = choose(cfg, problems, names); err != nil {
			return err
		}
	}
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	all, err := r.standings(ctx, sources, time.Now())
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].BrokenLinks, err = r.brokenLinks(ctx, all[i].Source); err != nil {
			return err
		}
	}
	if f.json {
		err = printJSON(m.Stdout, all)
	} else {
		m.printStandings(all, time.Now())
	}
	for i := range all {
		s := &all[i]
		if check && s.Enabled && s.Paused == nil && (s.State.Bad() || s.Stale) && err == nil {
			err = errSilent
		}
	}
	return err
}

// standings are how sources stand, in their order.
func (r *room) standings(ctx context.Context, sources []*config.Source, now time.Time) ([]standing, error) {
	paused, err := readPauses(ctx, r.store)
	if err != nil {
		return nil, err
	}
	all := make([]standing, len(sources))
	for i, src := range sources {
		report, err := r.assess(ctx, src, now)
		if err != nil {
			return nil, err
		}
		all[i] = standing{Report: report, Name: src.Name, Enabled: src.Enabled, Paused: paused.of(src.ID)}
	}
	return all, nil
}

func (m Main) printStandings(all []standing, now time.Time) {
	t := newTable(m.Stdout, "SOURCE", "STATE", "SINCE", "LAST WHOLE", "PASSED", "CLASS", "WHY")
	for i := range all {
		s := &all[i]
		why := s.Why
		if s.Paused != nil {
			why = s.Paused.String()
		}
		if !s.RestsUntil.IsZero() {
			why = "rests until " + s.RestsUntil.Local().Format("2006-01-02 15:04") + "; " + why
		}
		t.AppendRow([]any{
			string(s.Source), s.stands(), ageText(s.Since, now, ""), ageText(s.LastWhole, now, "never"),
			fmt.Sprintf("%d of %d", s.Window.Passed, s.Window.Runs()), string(s.Class), fit(why, 60),
		})
	}
	t.Render()
	for i := range all {
		if f := all[i].Fallback; f != nil {
			fmt.Fprintf(m.Stdout, "%s: %s; 'harvest sources check %s' tries every door.\n", all[i].Source, safeLine(f.String()), all[i].Source)
		}
		if n := all[i].BrokenLinks; n > 0 {
			fmt.Fprintf(m.Stdout, "%s: %s not where its records say; 'harvest links list %s' shows which.\n", all[i].Source, number(n, "document is", "documents are"), all[i].Source)
		}
	}
}

// ageText is how long ago a moment was.
func ageText(at, now time.Time, never string) string {
	if at.IsZero() {
		return never
	}
	return humanize.RelTime(at, now, "ago", "from now")
}
