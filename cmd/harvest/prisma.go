package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

func (m Main) prismaCommand(f *flags) *cobra.Command {
	var since, until string
	cmd := &cobra.Command{
		Use:   "prisma [SOURCE...]",
		Short: "Report what was searched, when and how, for a systematic review",
		Long: `Prisma reports each source as PRISMA-S asks for (Rethlefsen et al. 2021,
https://doi.org/10.1186/s13643-020-01542-z): its name and address, the door that
was used, the limits, the dates of the searches, the records that were found,
and what was left out for which reasons; and at the end how many records and
documents there are when duplicates are removed.`,
		Example: `  harvest prisma
  harvest prisma respect delta87 --since 2026-01-01 --until 2026-06-30
  harvest prisma --json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := periodOf(since, until)
			if err != nil {
				return err
			}
			return m.prisma(cmd.Context(), f, args, p)
		},
	}
	cmd.Flags().StringVar(&since, "since", "", "only searches of that `day` or later, such as 2026-01-31 (UTC)")
	cmd.Flags().StringVar(&until, "until", "", "only searches of that `day` or earlier")
	return cmd
}

// period is from the first moment of a day until before end; zero is open.
type period struct{ begin, end time.Time }

func periodOf(since, until string) (p period, err error) {
	day := func(flag, s string) time.Time {
		t, e := time.Parse(time.DateOnly, s)
		if s != "" && e != nil && err == nil {
			err = usageError{fmt.Errorf("--%s %q is not a day such as 2026-01-31", flag, s)}
		}
		return t
	}
	if p.begin = day("since", since); until != "" {
		p.end = day("until", until).AddDate(0, 0, 1)
	}
	if err == nil && !p.end.IsZero() && !p.begin.Before(p.end) {
		err = usageError{fmt.Errorf("--since %s is after --until %s", since, until)}
	}
	return p, err
}

func (p period) has(t time.Time) bool {
	return !t.Before(p.begin) && (p.end.IsZero() || t.Before(p.end))
}

// searched is one source in the report. The numbers in brackets are the items
// of the PRISMA-S checklist.
type searched struct {
	Source harvest.SourceID `json:"source"`
	// Name and Homepage are those of today's source file (1, 4); empty when it
	// has gone.
	Name     string `json:"name,omitempty"`
	Homepage string `json:"homepage,omitempty"`
	Limits   string `json:"limits,omitempty"` // (9)
	// Doors are the ways in that were used, each with the number of searches.
	Doors map[string]int `json:"doors"`
	// First and Last are the dates of the searches (13), Searches how many
	// there were by how they ended.
	First    time.Time                `json:"first"`
	Last     time.Time                `json:"last"`
	Searches map[harvest.RunState]int `json:"searches"`
	// New are the records that were found for the first time within the period,
	// Found those of the last whole search (15).
	New   int `json:"new"`
	Found int `json:"found"`
	// Excluded is what the last whole search left out, by reason.
	Excluded map[harvest.Outcome]int `json:"excluded,omitempty"`
	// Standing is what the catalogue has of the source now.
	Standing int `json:"standing"`
}

// prismaReport is what `harvest prisma --json` prints.
type prismaReport struct {
	At      time.Time  `json:"at"`
	Sources []searched `json:"sources"`
	// Records of these sources in the catalogue now; Documents without those
	// that describe the same as another (16).
	Records   int `json:"records"`
	Documents int `json:"documents"`
}

func (m Main) prisma(ctx context.Context, f *flags, names []string, p period) error {
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	sources, err := r.searchedSources(ctx, names)
	if err != nil {
		return err
	}
	report := prismaReport{At: time.Now().UTC().Truncate(time.Second), Sources: []searched{}}
	for _, id := range sources {
		s, err := r.searched(ctx, id, p)
		if err != nil {
			return err
		}
		if len(s.Searches) > 0 {
			report.Sources = append(report.Sources, s)
			report.Records += s.Standing
		}
	}
	if report.Documents, err = r.documents(ctx, report.Sources, report.Records); err != nil {
		return err
	}
	if f.json {
		return printJSON(m.Stdout, report)
	}
	m.printPrisma(&report)
	return nil
}

// searchedSources are the sources named, or all that have a file or runs, sorted.
func (r *room) searchedSources(ctx context.Context, names []string) ([]harvest.SourceID, error) {
	known := make(map[harvest.SourceID]bool)
	for i := range r.cfg.Sources {
		known[r.cfg.Sources[i].ID] = true
	}
	runs, err := r.store.Runs(ctx, "", 0)
	if err != nil {
		return nil, err
	}
	for i := range runs {
		known[runs[i].Source] = true
	}
	all := slices.Sorted(maps.Keys(known))
	if len(names) == 0 {
		return all, nil
	}
	var out []harvest.SourceID
	for _, name := range names {
		if !known[harvest.SourceID(name)] {
			texts := make([]string, len(all))
			for i, id := range all {
				texts[i] = string(id)
			}
			return nil, usageError{fmt.Errorf("no source %q; %s", name, config.DidYouMean(name, texts))}
		}
		out = append(out, harvest.SourceID(name))
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// searched adds up the runs of a source that began within a period. A run that
// read the archive again searched nothing.
func (r *room) searched(ctx context.Context, id harvest.SourceID, p period) (searched, error) {
	s := searched{Source: id, Doors: map[string]int{}, Searches: map[harvest.RunState]int{}}
	for i := range r.cfg.Sources {
		if c := &r.cfg.Sources[i]; c.ID == id {
			s.Name, s.Homepage, s.Limits = c.Name, c.Homepage, scopeInWords(c)
		}
	}
	runs, err := r.store.Runs(ctx, id, 0)
	if err != nil {
		return s, err
	}
	whole := false
	for i := range runs { // newest first
		run := &runs[i]
		if run.Replay || !p.has(run.StartedAt) {
			continue
		}
		if s.Last.IsZero() {
			s.Last = run.StartedAt
		}
		s.First = run.StartedAt
		s.Searches[run.State]++
		if door := run.Door(); door != "" {
			s.Doors[door]++
		}
		s.New += run.Outcomes[harvest.NewRecord]
		if !whole && run.State == harvest.RunPassed && !run.Incremental && !run.Newest {
			whole = true
			s.Found, s.Excluded = run.Records(), excludedBy(run)
		}
	}
	s.Standing, err = r.store.Count(ctx, harvest.Query{Sources: []harvest.SourceID{id}})
	return s, err
}

// excludedBy counts what a run came upon and made no record of.
func excludedBy(run *harvest.Run) map[harvest.Outcome]int {
	out := make(map[harvest.Outcome]int)
	for outcome, n := range run.Outcomes {
		if info := outcome.Info(); n > 0 && (info.Severity != harvest.Fine || outcome == harvest.DuplicateRecord) {
			out[outcome] = n
		}
	}
	return out
}

// scopeInWords says what a source file leaves out from the start.
func scopeInWords(s *config.Source) string {
	var parts []string
	for _, x := range s.Scope.Include {
		parts = append(parts, "only addresses like "+x.String())
	}
	for _, x := range s.Scope.Exclude {
		parts = append(parts, "no addresses like "+x.String())
	}
	if s.Scope.Depth > 0 {
		parts = append(parts, fmt.Sprintf("at most %d links from the beginning", s.Scope.Depth))
	}
	if s.Limits.Pages > 0 {
		parts = append(parts, fmt.Sprintf("at most %d pages", s.Limits.Pages))
	}
	return strings.Join(parts, "; ")
}

// documents is how many documents the records of the sources describe: of each
// work, all but one of its records within them are duplicates.
func (r *room) documents(ctx context.Context, sources []searched, records int) (int, error) {
	within := make(map[harvest.SourceID]bool)
	for i := range sources {
		within[sources[i].Source] = true
	}
	const page = 1000
	for after := harvest.WorkID(""); ; {
		works, err := r.store.Works(ctx, after, page)
		if err != nil {
			return 0, err
		}
		for _, w := range works {
			members, err := r.members(ctx, w)
			if err != nil {
				return 0, err
			}
			n := 0
			for i := range members {
				if members[i].State == harvest.StateActive && within[members[i].Source] {
					n++
				}
			}
			records -= max(n-1, 0)
			after = w.ID
		}
		if len(works) < page {
			return records, nil
		}
	}
}

func (m Main) printPrisma(report *prismaReport) {
	if len(report.Sources) == 0 {
		fmt.Fprintln(m.Stdout, "Nothing was searched in that time; 'harvest runs' lists what was.")
		return
	}
	for i := range report.Sources {
		printSearched(m.Stdout, &report.Sources[i])
	}
	fmt.Fprintf(m.Stdout, "%s of %s; without duplicates %s.\n", number(report.Records, "record", "records"),
		number(len(report.Sources), "source", "sources"), number(report.Documents, "document", "documents"))
}

func printSearched(w io.Writer, s *searched) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-10s %s\n", name, safeLine(value))
		}
	}
	fmt.Fprintln(w, safeLine(string(s.Source)))
	line("name", s.Name)
	line("address", s.Homepage)
	var doors, states []string
	for _, d := range slices.Sorted(maps.Keys(s.Doors)) {
		doors = append(doors, fmt.Sprintf("%s (%d)", d, s.Doors[d]))
	}
	for _, state := range slices.Sorted(maps.Keys(s.Searches)) {
		states = append(states, fmt.Sprintf("%d %s", s.Searches[state], state))
	}
	line("door", strings.Join(doors, ", "))
	line("limits", s.Limits)
	when := s.First.UTC().Format(time.DateOnly)
	if last := s.Last.UTC().Format(time.DateOnly); last != when {
		when += " to " + last
	}
	line("searched", when+": "+strings.Join(states, ", "))
	line("found", fmt.Sprintf("%d in the last whole search, %d new in this time, %d in the catalogue now", s.Found, s.New, s.Standing))
	for _, outcome := range slices.Sorted(maps.Keys(s.Excluded)) {
		line("excluded", fmt.Sprintf("%d %s: %s", s.Excluded[outcome], outcome, outcome.Info().Means))
	}
	fmt.Fprintln(w)
}
