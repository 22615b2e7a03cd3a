package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/fixture"
)

// savedFlags are the flags of `harvest sources test`.
type savedFlags struct{ update, fetch, force bool }

func (m Main) testCommand(f *flags) *cobra.Command {
	x := &savedFlags{}
	cmd := &cobra.Command{
		Use: "test [ID...]", Short: "Read the saved pages of sources and compare with what is expected",
		Long: `Test reads the saved pages of a source, or of all, as a run would, and says what
is read otherwise than expected. It asks no site. The pages are in the folder
testdata/ID beside the source's file; what each must become is in its folder
"expected".

With --update what is read now becomes what is expected; look at it before it is
committed. With --fetch pages are saved first, for each door of the source that
has none: the first page of a list and two items, asked for as in a run.`,
		Example: `  harvest sources test
  harvest sources test respect
  harvest sources test respect --update
  harvest sources test respect --fetch`,
		RunE: func(cmd *cobra.Command, args []string) error { return m.testSources(cmd.Context(), f, x, args) },
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return m.sourceNames(f), cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().BoolVar(&x.update, "update", false, "write down what is read now as what is expected")
	cmd.Flags().BoolVar(&x.fetch, "fetch", false, "save pages from the site for doors that have none; needs the ID of one source")
	cmd.Flags().BoolVar(&x.force, "force", false, "with --fetch: save new pages in the place of those that are there")
	return cmd
}

func (m Main) testSources(ctx context.Context, f *flags, x *savedFlags, ids []string) error {
	if (x.fetch && len(ids) != 1) || (x.force && !x.fetch) {
		return usageError{errors.New("--fetch saves the pages of one source, and --force belongs to it: harvest sources test ID --fetch")}
	}
	cfg, problems, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	sources, err := testable(cfg, problems, ids)
	if err != nil {
		return err
	}
	if x.fetch {
		if err := m.savePages(ctx, f, cfg, sources[0], x.force); err != nil {
			return err
		}
		x.update = true // of pages of which nothing is known, nothing can be expected
	}
	reports, err := checkSaved(cfg, sources, x.update, len(ids) > 0)
	if err != nil {
		return err
	}
	if f.json {
		if err := printJSON(m.Stdout, reports); err != nil {
			return err
		}
	} else {
		m.printReports(reports, len(sources))
	}
	failed := slices.ContainsFunc(reports, func(r *fixture.Report) bool { return r.Failed() > 0 })
	if failed || len(problems.Errors()) > 0 {
		return errSilent
	}
	return nil
}

// testable are the sources of these names, or all, those that are switched off
// included: they break as well.
func testable(cfg *config.Config, problems config.Problems, ids []string) ([]*config.Source, error) {
	if len(ids) > 0 {
		return choose(cfg, problems, ids)
	}
	var all []*config.Source
	for i := range cfg.Sources {
		all = append(all, &cfg.Sources[i])
	}
	return all, nil
}

// checkSaved reads the saved pages of sources. One that was named must have some.
func checkSaved(cfg *config.Config, sources []*config.Source, update, named bool) ([]*fixture.Report, error) {
	reports := make([]*fixture.Report, 0, len(sources))
	for _, src := range sources {
		r, err := fixture.Check(src, cfg.Vocabulary, fixture.Folder(src), update)
		switch {
		case errors.Is(err, fixture.ErrNone) && named:
			return nil, fmt.Errorf("source %s has no saved pages in %s; 'harvest sources test %s --fetch' saves some", src.ID, fixture.Folder(src), src.ID)
		case errors.Is(err, fixture.ErrNone):
		case err != nil:
			return nil, err
		default:
			reports = append(reports, r)
		}
	}
	return reports, nil
}

func (m Main) printReports(reports []*fixture.Report, sources int) {
	failed := 0
	for _, r := range reports {
		verdict := "passed"
		if r.Failed() > 0 {
			verdict = "FAILED"
			failed++
		}
		fmt.Fprintf(m.Stdout, "%-28s %s: %s, %s, %s\n", r.Source, verdict, number(r.Pages, "page", "pages"), number(r.Records, "record", "records"),
			number(r.Leads, "lead to a further page", "leads to further pages"))
		const mostRemarks = 5 // what is wrong is always told
		remarks := 0
		for i := range r.Findings {
			if r.Findings[i].Remark {
				if remarks++; remarks > mostRemarks {
					continue
				}
			}
			printFinding(m.Stdout, &r.Findings[i])
		}
		if remarks > mostRemarks {
			fmt.Fprintf(m.Stdout, "  remark   %s more; --json tells all\n", number(remarks-mostRemarks, "remark", "remarks"))
		}
		for _, name := range r.Written {
			fmt.Fprintf(m.Stdout, "  written  expected/%s\n", safeLine(name))
		}
	}
	fmt.Fprintf(m.Stdout, "%d passed, %d failed", len(reports)-failed, failed)
	if none := sources - len(reports); none > 0 {
		fmt.Fprintf(m.Stdout, ", %d without saved pages", none)
	}
	fmt.Fprintln(m.Stdout)
	if failed > 0 {
		fmt.Fprintln(m.Stdout, "If what is read now is right, write it down: harvest sources test ID --update")
	}
}

func printFinding(w io.Writer, f *fixture.Finding) {
	what := "wrong"
	if f.Remark {
		what = "remark"
	}
	where := ""
	if f.Door > 0 {
		where = fmt.Sprintf("door %d ", f.Door)
	}
	if f.File != "" {
		where += f.File + " "
	}
	fmt.Fprintf(w, "  %-7s  %s: %s\n", what, safeLine(strings.TrimSpace(where)), safeLine(f.What))
	for _, line := range f.Lines {
		fmt.Fprintf(w, "             %s\n", safeLine(line))
	}
}
