package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/survey"
)

// addFlags are the flags of `harvest sources add`.
type addFlags struct {
	id, output    string
	allow         []string
	requests      int
	dryRun, force bool
	render        bool
}

func (m Main) addCommand(f *flags) *cobra.Command {
	x := &addFlags{}
	cmd := &cobra.Command{
		Use: "add URL", Short: "Find the doors of a site and write a source file for it",
		Long: `Add looks at a site, or at the page of it that lists what you want, and writes a
source file: the best door first, others behind it. It knows the interfaces of
WordPress, Drupal, OJS, DSpace, EPrints, Omeka S, CKAN, MediaWiki and GOV.UK, sitemaps and
feeds; in other pages it finds the list by what repeats. It tries each door, and
shows some records, how many have which field, and what it is unsure of.

It asks as a run does: robots.txt is obeyed, one host is asked one thing at a
time, addresses that are not public are closed (see --allow). No file is replaced
without --force. Pages that only scripts fill hold nothing to be found: it says so,
and with --render has Chromium fill them first, as runs then do.`,
		Example: `  harvest sources add https://library.example.org/publications/
  harvest sources add https://library.example.org --id example-library --dry-run
  harvest sources add https://library.example.org/search --render
  harvest sources add http://127.0.0.1:8080/ --allow 127.0.0.1/32`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.add(cmd.Context(), f, x, args[0]) },
	}
	p := cmd.Flags()
	p.StringVar(&x.id, "id", "", "the `name` of the source; without it one is made of the address")
	p.StringVarP(&x.output, "output", "o", "", "write to this `file` in place of the folder of sources; its name must be that of the source")
	p.BoolVar(&x.dryRun, "dry-run", false, "print the file and write nothing")
	p.BoolVar(&x.force, "force", false, "replace a file that is there")
	p.BoolVar(&x.render, "render", false, "have Chromium fill pages by their scripts, and write that into the file")
	p.IntVar(&x.requests, "requests", 30, "how many requests may be spent on finding out")
	p.StringSliceVar(&x.allow, "allow", nil, "`range` of addresses that are not public and may be asked, such as 127.0.0.1/32")
	return cmd
}

// added is what add has found and written.
type added struct {
	*survey.Result
	File    string `json:"file,omitempty"`
	Problem string `json:"problem,omitempty"`
}

func (m Main) add(ctx context.Context, f *flags, x *addFlags, target string) error {
	allow, err := prefixes(x.allow)
	if err != nil {
		return err
	}
	if x.id != "" && !harvest.SourceIDPattern.MatchString(x.id) {
		return usageError{fmt.Errorf("%q is not an id; use lower-case letters, digits and single hyphens, and begin with a letter", x.id)}
	}
	if x.output != "" && x.id == "" {
		x.id = strings.TrimSuffix(baseName(x.output), ".yaml")
	}
	cfg, _, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	if cfg.Contact == "" {
		return errNoContact
	}
	client := m.passingClient(f, cfg)
	defer client.Close()
	src := surveyed(target, allow)
	if x.render {
		src.Homepage = target
		src.Doors = []config.Door{{Kind: "links", Links: &config.LinksDoor{Start: []string{target}}, Render: config.RenderAlways}}
	}
	session, done, err := withBrowser(client.Source(src), cfg, src)
	if err != nil {
		return usageError{err}
	}
	defer done()
	found, err := survey.Survey(ctx, func(ctx context.Context, req harvest.Request) *harvest.Page {
		if !f.json {
			fmt.Fprintf(m.Stderr, "asking %s\n", safeLine(req.URL))
		}
		return session.Fetch(ctx, req, harvest.Validators{})
	}, survey.Options{URL: target, ID: x.id, Allow: allow, Requests: x.requests, Render: x.render, Vocabulary: cfg.Vocabulary})
	if found == nil {
		return usageError{err}
	}
	out := added{Result: found}
	if err == nil && !x.dryRun {
		out.File, err = x.write(cfg, found)
	}
	if err != nil {
		out.Problem = err.Error()
	}
	if f.json {
		if e := printJSON(m.Stdout, out); e != nil {
			return e
		}
		if err != nil {
			return errSilent
		}
		return nil
	}
	m.printAdded(x, &out)
	if errors.Is(err, survey.ErrNothing) {
		if found.Scripted && !x.render {
			return fmt.Errorf("%w: what the page shows is filled in by scripts; --render has Chromium do that, docs/adding-a-source.md says when something better can be had", err)
		}
		return fmt.Errorf("%w; name a page that lists what you want, or write the file by hand: docs/adding-a-source.md", err)
	}
	return err
}

// surveyed is a source of which no more is known than the address. A site on
// this machine needs no pause, as in a source file.
func surveyed(target string, allow []netip.Prefix) *config.Source {
	src := &config.Source{ID: "survey", Politeness: config.DefaultPoliteness(), Network: config.Network{Allow: allow}}
	if u, err := url.Parse(target); err == nil {
		if addr, err := netip.ParseAddr(u.Hostname()); err == nil && addr.IsLoopback() {
			src.Politeness.Delay = 0
		}
	}
	return src
}

func prefixes(texts []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, usageError{fmt.Errorf("--allow %q is not a range such as 127.0.0.1/32", text)}
		}
		out = append(out, p)
	}
	return out, nil
}

// write writes the file, never over another unless it is told to.
func (x *addFlags) write(cfg *config.Config, found *survey.Result) (string, error) {
	name := x.output
	if name == "" {
		name = filepath.Join(cfg.Dir, "sources", found.ID+".yaml")
	}
	if baseName(name) != found.ID+".yaml" {
		return "", usageError{fmt.Errorf("the file of the source %s must be called %s.yaml", found.ID, found.ID)}
	}
	if _, err := os.Lstat(name); err == nil {
		if !x.force {
			return "", fmt.Errorf("%s exists; choose another --id, or replace it with --force", name)
		}
		if err := os.Remove(name); err != nil {
			return "", fmt.Errorf("replace %s: %w", name, err)
		}
	}
	if err := os.MkdirAll(dirOf(name), 0o755); err != nil {
		return "", fmt.Errorf("write the source: %w", err)
	}
	return name, writeNew(name, []byte(found.Text))
}

func (m Main) printAdded(x *addFlags, a *added) {
	w := m.Stdout
	if len(a.Platforms) > 0 {
		fmt.Fprintf(w, "PLATFORM  %s\n", safeLine(strings.Join(a.Platforms, ", ")))
	}
	fmt.Fprintf(w, "DOORS     tried with %s\n", number(a.Requests, "request", "requests"))
	for _, t := range a.Tried {
		verdict := "no"
		if t.Works {
			verdict = "works"
		}
		fmt.Fprintf(w, "  %-6s  %s: %s\n", verdict, safeLine(t.Door), safeLine(t.Why))
	}
	if len(a.Records) > 0 {
		printCovered(w, a.Result)
	}
	if len(a.Unsure) > 0 {
		fmt.Fprintf(w, "UNSURE    %s\n", "worth a look")
		for _, u := range a.Unsure {
			fmt.Fprintf(w, "  - %s\n", safeLine(u))
		}
	}
	if x.dryRun && a.Text != "" {
		fmt.Fprintf(w, "\n%s", safeText(a.Text))
	}
	if a.File != "" {
		fmt.Fprintf(w, "WROTE     %s\nNext: harvest run %s, or change the file and harvest sources check %s\n", safeLine(a.File), a.ID, a.ID)
	}
}

// printCovered shows some records, and how many have which field.
func printCovered(w io.Writer, r *survey.Result) {
	fmt.Fprintf(w, "RECORDS   %s\n", number(len(r.Records), "was read", "were read"))
	const shown = 3
	for i := range r.Records[:min(len(r.Records), shown)] {
		rec := &r.Records[i]
		fmt.Fprintf(w, "  %s\n    %s\n", fit(rec.Title, max(40, width(w)-4)), fit(strings.Join([]string{
			orDash(rec.Published.Value), orDash(rec.Language.Value), orDash(rec.Category), rec.URL,
		}, "  "), max(40, width(w)-6)))
		if rec.Summary != "" {
			fmt.Fprintf(w, "    %s\n", fit(rec.Summary, max(40, width(w)-6)))
		}
	}
	fmt.Fprint(w, "FIELDS   ")
	for _, c := range r.Coverage {
		fmt.Fprintf(w, " %s %d/%d ", c.Field, c.Have, c.Of)
	}
	fmt.Fprintln(w)
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
