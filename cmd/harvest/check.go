package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/parsers/probe"
)

// checkFlags are the flags of `harvest sources check`.
type checkFlags struct{ all, write bool }

func (m Main) checkCommand(f *flags) *cobra.Command {
	x := &checkFlags{}
	cmd := &cobra.Command{
		Use: "check ID...", Short: "Try every door of a source live, and say what answered",
		Long: `Check opens every door of a source a little, the first as well as those behind
it: the first pages, the second page of a list, and one item. It asks as a run
does, and keeps nothing. With --write the day is noted in the source's file, as
"checked", when a door works; the rest of the file stays as it is.

The exit code is 1 when a door does not work, even if another does: a run would
go through the other and raise a warning.`,
		Example: `  harvest sources check respect
  harvest sources check respect walkfree --write
  harvest sources check --all --json`,
		RunE: func(cmd *cobra.Command, args []string) error { return m.checkSources(cmd.Context(), f, x, args) },
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return m.sourceNames(f), cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().BoolVar(&x.all, "all", false, "check every source that is enabled")
	cmd.Flags().BoolVar(&x.write, "write", false, "note the day in the files of sources of which a door works")
	return cmd
}

// sourceCheck is what the check of one source found.
type sourceCheck struct {
	Source harvest.SourceID `json:"source"`
	At     time.Time        `json:"at"`
	// Why says that the source was not asked at all.
	Why    string      `json:"why,omitempty"`
	Doors  []doorCheck `json:"doors,omitempty"`
	Before string      `json:"checked_before"`
	Noted  string      `json:"noted,omitempty"` // the day that was written into the file
}

// doorCheck is what answered at one door.
type doorCheck struct {
	Door   int    `json:"door"` // from 1
	Kind   string `json:"kind"`
	Works  bool   `json:"works"`
	Why    string `json:"why,omitempty"`
	Items  int    `json:"items"`
	Total  int    `json:"total,omitempty"`
	GoesOn bool   `json:"goes_on"`
	// Second is whether the next page of the list was another one.
	Second   bool     `json:"second_page"`
	Records  int      `json:"records"`
	Title    string   `json:"title,omitempty"` // of one record
	Requests int      `json:"requests"`
	Notes    []string `json:"notes,omitempty"`
}

func (m Main) checkSources(ctx context.Context, f *flags, x *checkFlags, ids []string) error {
	if x.all == (len(ids) > 0) {
		return usageError{errors.New("name the sources to check, or give --all")}
	}
	cfg, problems, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	sources, err := choose(cfg, problems, ids)
	if err != nil {
		return err
	}
	client := m.passingClient(f, cfg)
	defer client.Close()
	checks, bad := make([]*sourceCheck, 0, len(sources)), false
	for _, src := range sources {
		if ctx.Err() != nil {
			break
		}
		c := checkSource(ctx, client, cfg, src)
		if x.write && c.works() {
			if err := config.WriteChecked(src.File, c.At); err != nil {
				return err
			}
			c.Noted = c.At.Format(time.DateOnly)
		}
		bad = bad || !c.sound()
		checks = append(checks, c)
		if !f.json {
			printCheck(m.Stdout, c)
		}
	}
	if f.json {
		if err := printJSON(m.Stdout, checks); err != nil {
			return err
		}
	}
	if bad || ctx.Err() != nil || x.all && len(problems.Errors()) > 0 {
		return errSilent
	}
	return nil
}

// works reports whether a run would find a way in.
func (c *sourceCheck) works() bool {
	for i := range c.Doors {
		if c.Doors[i].Works {
			return true
		}
	}
	return false
}

// sound reports whether every door works.
func (c *sourceCheck) sound() bool {
	for i := range c.Doors {
		if !c.Doors[i].Works {
			return false
		}
	}
	return c.Why == ""
}

func checkSource(ctx context.Context, client *fetch.Client, cfg *config.Config, src *config.Source) *sourceCheck {
	c := &sourceCheck{Source: src.ID, At: time.Now().UTC(), Before: src.Checked}
	ask, end, err := asking(client, cfg, src)
	if err != nil {
		c.Why = err.Error()
		return c
	}
	defer end()
	for i := range src.Doors {
		r := probe.Door(ctx, ask, src, cfg.Vocabulary, i, probe.Limits{Items: 1, Onwards: true})
		if ctx.Err() != nil {
			c.Why = "stopped"
			return c
		}
		d := doorCheck{
			Door: i + 1, Kind: r.Kind, Works: r.Works, Why: r.Why, Items: r.Items, Total: r.Total, GoesOn: r.GoesOn, Second: r.Second,
			Records: len(r.Records), Notes: r.Notes,
		}
		for _, p := range r.Pages {
			d.Requests += p.Requests
		}
		if len(r.Records) > 0 {
			d.Title = r.Records[0].Title
		}
		c.Doors = append(c.Doors, d)
	}
	return c
}

func printCheck(w io.Writer, c *sourceCheck) {
	fmt.Fprintf(w, "%s  (checked before: %s)\n", c.Source, safeLine(c.Before))
	if c.Why != "" {
		fmt.Fprintf(w, "  not checked: %s\n", safeLine(c.Why))
	}
	for i := range c.Doors {
		d := &c.Doors[i]
		verdict, what := "works", d.found()
		if !d.Works {
			verdict, what = "DOES NOT WORK", safeLine(d.Why)
		}
		fmt.Fprintf(w, "  door %d  %-9s  %s: %s (%s)\n", d.Door, d.Kind, verdict, what, number(d.Requests, "request", "requests"))
		if d.Title != "" {
			fmt.Fprintf(w, "          such as %s\n", fit(d.Title, max(40, width(w)-20)))
		}
		for _, n := range d.Notes {
			fmt.Fprintf(w, "          note: %s\n", safeLine(n))
		}
	}
	if c.Noted != "" {
		fmt.Fprintf(w, "  noted: checked %s\n", c.Noted)
	}
}

// found says in words what answered.
func (d *doorCheck) found() string {
	out := number(d.Items, "item", "items")
	if d.Total > 0 {
		out += " of " + humanize.Comma(int64(d.Total))
	}
	switch {
	case d.Second:
		out += ", and the next page is another"
	case d.GoesOn:
		out += ", but the next page has nothing new"
	default:
		out += ", one page"
	}
	if d.Records == 0 {
		out += ", no record among those that were asked for"
	}
	return out
}
