package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/schedule"
	"github.com/harvest87/harvest/health"
)

func (m Main) sourcesCommand(f *flags) *cobra.Command {
	var markdown bool
	list := &cobra.Command{
		Use: "list", Short: "List the sources and how their last runs went",
		Long: `List shows the sources, their doors and schedules, and how their last runs went.
With --markdown it prints a page from the source files alone, with tier,
languages, licence, evidence and sensitivity of each.`,
		Example: "  harvest sources list\n  harvest sources list --json\n  harvest sources list --markdown > sources.md",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if markdown {
				return m.sourcesPage(f)
			}
			return m.listSources(cmd, f)
		},
	}
	list.Flags().BoolVar(&markdown, "markdown", false, "print a page in Markdown from the source files, without the catalogue")
	show := &cobra.Command{
		Use: "show ID", Short: "Show a source with all defaults filled in",
		Example:           "  harvest sources show respect",
		Args:              cobra.ExactArgs(1),
		RunE:              func(cmd *cobra.Command, args []string) error { return m.showSource(cmd, f, args[0]) },
		ValidArgsFunction: m.completeSource(f),
	}
	lint := &cobra.Command{
		Use: "lint", Short: "Check every configuration file, without asking any site",
		Long: `Lint reads the configuration file and every source beside it, and prints all
problems at once, each with its place and the way out. It asks no site. The exit
code is 1 when something is wrong.`,
		Example: "  harvest sources lint\n  harvest sources lint --config /etc/harvest/harvest.yaml",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return m.lint(f) },
	}
	schema := &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of a source file, for editors",
		Long: `Schema prints the JSON Schema (draft 2020-12) of a source file: every key with
what it means, its default and an example. Editors with a YAML language server
complete and check by it when a file begins with the line

  # yaml-language-server: $schema=source.schema.json

Lint checks more than a schema can say.`,
		Example: "  harvest sources schema > source.schema.json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			text, err := config.Schema()
			if err == nil {
				fmt.Fprintf(m.Stdout, "%s\n", text)
			}
			return err
		},
	}
	keys := &cobra.Command{
		Use: "keys", Short: "Print every key of a source file and of harvest.yaml, with examples",
		Long: `Keys prints a page in Markdown with every key of a source file and of
harvest.yaml: what it says, what it takes, what holds without it, and an example.`,
		Example: "  harvest sources keys\n  harvest sources keys > keys.md",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := io.WriteString(m.Stdout, config.Reference())
			return err
		},
	}
	return group("sources", "List, show, check and try sources",
		"  harvest sources list\n  harvest sources lint\n  harvest sources try respect https://respect.international/some-page/",
		list, show, lint, schema, keys, m.pauseCommand(f), m.resumeCommand(f), m.sourcesHealthCommand(f), m.addCommand(f), m.tryCommand(f), m.testCommand(f), m.checkCommand(f), m.labelsCommand(f), m.habitsCommand(f))
}

// loadConfig loads the configuration and prints its problems. It fails when
// there is no configuration to work with.
func (m Main) loadConfig(f *flags) (*config.Config, config.Problems, error) {
	cfg, problems := config.Load(f.config)
	m.warn(problems)
	if cfg == nil {
		return nil, problems, errSilent
	}
	return cfg, problems, nil
}

// sourcesPage prints the sources as a page. A file with a problem would be
// missing on it, so all must be sound.
func (m Main) sourcesPage(f *flags) error {
	cfg, problems, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	if len(problems.Errors()) > 0 {
		return errSilent
	}
	return writeSourcesPage(m.Stdout, cfg.Sources)
}

// sourceRow is a line of `harvest sources list`.
type sourceRow struct {
	ID       harvest.SourceID `json:"id"`
	Name     string           `json:"name"`
	Homepage string           `json:"homepage"`
	Enabled  bool             `json:"enabled"`
	Doors    []string         `json:"doors"`

	Tier            int                `json:"tier,omitempty"`
	Languages       []string           `json:"languages,omitempty"`
	Licence         string             `json:"licence,omitempty"`
	Sensitivity     config.Sensitivity `json:"sensitivity"`
	Evidence        config.Evidence    `json:"evidence,omitempty"`
	Requires        []string           `json:"requires,omitempty"`
	DisabledBecause string             `json:"disabled_because,omitempty"`

	When    string         `json:"when"`
	Checked string         `json:"checked"`
	Records int            `json:"records"`
	LastRun *harvest.Run   `json:"last_run,omitempty"`
	Paused  *sourcePause   `json:"paused,omitempty"`
	Health  *health.Report `json:"health,omitempty"`
}

func (m Main) listSources(cmd *cobra.Command, f *flags) error {
	cfg, problems, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	rows := make([]sourceRow, 0, len(cfg.Sources))
	for i := range cfg.Sources {
		rows = append(rows, describeSource(&cfg.Sources[i]))
	}
	now := time.Now()
	r, err := m.openReading(cmd.Context(), f)
	switch {
	case errors.Is(err, errNoCatalogue): // nothing was harvested yet
	case err != nil:
		return err
	default:
		defer r.close()
		if err := r.addHistory(cmd.Context(), cfg, rows, now); err != nil {
			return err
		}
	}
	if f.json {
		err = printJSON(m.Stdout, rows)
	} else {
		m.printSources(rows, now)
	}
	if err == nil && len(problems.Errors()) > 0 {
		err = errSilent
	}
	return err
}

func describeSource(src *config.Source) sourceRow {
	row := sourceRow{
		ID: src.ID, Name: src.Name, Homepage: src.Homepage, Enabled: src.Enabled, Checked: src.Checked, When: "by hand",
		Tier: src.Tier, Languages: src.Languages, Licence: src.Licence, Sensitivity: src.Sensitivity, Evidence: src.Evidence,
		Requires: src.Requires, DisabledBecause: src.DisabledBecause,
	}
	for _, d := range src.Doors {
		row.Doors = append(row.Doors, d.Kind)
	}
	if src.Schedule.Cron != "" {
		row.When = schedule.Describe(src.Schedule)
	}
	return row
}

// addHistory fills in what the catalogue knows of each source.
func (r *room) addHistory(ctx context.Context, cfg *config.Config, rows []sourceRow, now time.Time) error {
	stats, err := r.store.Stats(ctx)
	if err != nil {
		return err
	}
	paused, err := readPauses(ctx, r.store)
	if err != nil {
		return err
	}
	for i := range rows {
		rows[i].Records, rows[i].Paused = stats.BySource[rows[i].ID], paused.of(rows[i].ID)
		runs, err := r.store.Runs(ctx, rows[i].ID, 1)
		if err != nil {
			return err
		}
		if len(runs) > 0 {
			r.notGoingOn(&runs[0])
			rows[i].LastRun = &runs[0]
		}
		report, err := r.assess(ctx, &cfg.Sources[i], now)
		if err != nil {
			return err
		}
		rows[i].Health = &report
	}
	return nil
}

func (m Main) printSources(rows []sourceRow, now time.Time) {
	t := newTable(m.Stdout, "SOURCE", "NAME", "DOORS", "WHEN", "RECORDS", "LAST WHOLE", "LAST RUN")
	for i := range rows {
		row := &rows[i]
		last := "never"
		if row.LastRun != nil {
			last = fmt.Sprintf("%s %s", row.LastRun.State, humanize.Time(row.LastRun.StartedAt))
		}
		if !row.Enabled {
			last += " (disabled)"
		}
		if row.Paused != nil {
			last += ", " + fit(row.Paused.String(), 60)
		}
		whole := "never"
		if row.Health != nil {
			whole = ageText(row.Health.LastWhole, now, "never")
			if row.Health.Stale {
				whole += ", stale"
			}
			if row.Health.State.Bad() {
				last += ", " + string(row.Health.State)
			}
		}
		t.AppendRow([]any{string(row.ID), fit(row.Name, 36), strings.Join(row.Doors, ", "), fit(row.When, 44), row.Records, whole, last})
	}
	t.Render()
}

func (m Main) showSource(cmd *cobra.Command, f *flags, id string) error {
	cfg, problems, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	sources, err := choose(cfg, problems, []string{id})
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(m.Stdout, describeSource(sources[0]))
	}
	resolved, err := sources[0].Resolved()
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "# %s, with all defaults filled in\n%s", sources[0].File, safeText(string(resolved)))
	paused, err := m.knownPauses(cmd.Context(), f)
	if err != nil {
		return err
	}
	if p := paused.of(sources[0].ID); p != nil {
		fmt.Fprintf(m.Stdout, "# %s\n", safeLine(p.String()))
	}
	if s := sources[0].Schedule; s.Cron != "" {
		next, err := schedule.Next(schedule.Entry{Source: sources[0].ID, Spec: s, Closed: cfg.Schedule}, time.Now())
		if err != nil {
			return err
		}
		fmt.Fprintf(m.Stdout, "# runs %s; next %s\n", schedule.Describe(s), next.Local().Format("Mon 2006-01-02 15:04 MST"))
	}
	return nil
}

func (m Main) lint(f *flags) error {
	cfg, problems := config.Load(f.config)
	if f.json {
		if problems == nil {
			problems = config.Problems{}
		}
		if err := printJSON(m.Stdout, problems); err != nil {
			return err
		}
	} else {
		for _, p := range problems {
			fmt.Fprintln(m.Stdout, safeLine(p.String()))
		}
	}
	bad := len(problems.Errors())
	switch {
	case bad > 0 && f.json:
		return errSilent
	case bad > 0:
		return fmt.Errorf("%s in the configuration", number(bad, "problem", "problems"))
	case cfg == nil:
		return errors.New("no configuration was read")
	case !f.json:
		fmt.Fprintf(m.Stdout, "%s, no problems.\n", number(len(cfg.Sources), "source", "sources"))
	}
	return nil
}

func number(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return humanize.Comma(int64(n)) + " " + many
}

// sourceNames are the sources for shell completion; problems are for lint.
func (m Main) sourceNames(f *flags) []cobra.Completion {
	cfg, _ := config.Load(f.config)
	if cfg == nil {
		return nil
	}
	var names []cobra.Completion
	for i := range cfg.Sources {
		names = append(names, cobra.CompletionWithDesc(string(cfg.Sources[i].ID), cfg.Sources[i].Name))
	}
	return names
}

func (m Main) completeSource(f *flags) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return m.sourceNames(f), cobra.ShellCompDirectiveNoFileComp
	}
}
