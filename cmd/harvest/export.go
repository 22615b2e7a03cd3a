package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"
	"golang.org/x/text/transform"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/search"
)

// exporting is what `harvest export` was asked for.
type exporting struct {
	query  harvest.Query
	format format
	output string // empty for standard output
	force  bool
}

func (m Main) exportCommand(f *flags) *cobra.Command {
	var x filters
	var e exporting
	var name, then string
	cmd := &cobra.Command{
		Use:   "export [WORDS]",
		Short: "Write records, or what a search finds, to a file",
		Long: `Export writes the records of the catalogue, or those that a search finds, in the
order of their identifiers. The filters are those of 'harvest search', and so
are the words; with words and --limit, the best matches are written. A file
appears under its name only when it is complete, and no file is written over
without --force. With --as-of the records are as they stood at the end of that
day in UTC, or at that moment; what was taken down since is in no day's catalogue.

` + filterHelp + `

The formats:

` + formatsForPeople() + `
Without --format the end of the file's name says the format, such as .bib;
otherwise it is jsonl. In csv and xlsx, cells that a spreadsheet could take for a
formula begin with an apostrophe. docs/exporting.md shows how to read each format in
Zotero, R, pandas and DuckDB.`,
		Example: `  harvest export -o records.csv
  harvest export 'forced labour' --since 2020 --lang en -o labour.ris
  harvest export --format csl --category guidance -o guidance.json
  harvest export --format jsonl --source respect > respect.jsonl
  harvest export --topic child-labour --country NP,IN -o kilns.xlsx
  harvest export --as-of 2026-06-30 -o june.csv
  harvest export --state gone      what sources no longer offer`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if e.output == "-" {
				e.output = ""
			}
			var found bool
			if e.format, found = formatOf(name, e.output); !found {
				return usageError{fmt.Errorf("--format %q is unknown; there are: %s", name, strings.Join(formatNames(), ", "))}
			}
			q, err := x.query()
			if err != nil {
				return err
			}
			e.query = q
			e.query.Words = strings.Join(args, " ")
			if then == "" {
				return m.export(cmd.Context(), f, &e)
			}
			if e.query.AsOf, err = asOf(then); err != nil {
				return err
			}
			if e.query.Words != "" {
				return usageError{errors.New("--as-of goes without words: the search index knows the catalogue of today")}
			}
			return m.export(cmd.Context(), f, &e)
		},
	}
	x.bind(cmd, 0, "the most records to write, 0 for all")
	cmd.Flags().StringVar(&name, "format", "", "the format: "+strings.Join(formatNames(), ", "))
	cmd.Flags().StringVarP(&e.output, "output", "o", "", "the `file` to write, instead of standard output")
	cmd.Flags().StringVar(&then, "as-of", "", "the catalogue of that `day`, such as 2026-06-30, or moment")
	cmd.Flags().BoolVar(&e.force, "force", false, "write over an existing file")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(cobraStrings(formatNames()), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func cobraStrings(names []string) []cobra.Completion { return names }

// export streams the records.
func (m Main) export(ctx context.Context, f *flags, e *exporting) error {
	if e.output == "" && e.format.kind == kindBinary && isTerminal(m.Stdout) {
		return usageError{fmt.Errorf("%s is nothing for a terminal; name a file with -o", e.format.name)}
	}
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	if e.output != "" {
		if err := mayWrite(e.output, f.data, e.force); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	if err := r.knowsSources(ctx, e.query.Sources); err != nil {
		return err
	}
	found, total, err := m.selected(ctx, r, e.query)
	if err != nil {
		return err
	}
	defer found.close()
	stats, err := r.store.Stats(ctx)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	s := selection{about: about(&e.query), updated: stats.LastChanged}
	if as := e.query.AsOf; !as.IsZero() && as.Before(s.updated) {
		s.updated = as
	}
	if e.output == "" {
		out := m.screen(e.format.kind)
		if _, err := e.format.write(ctx, out, found.records, s); err != nil {
			return errors.Join(fmt.Errorf("export: %w", err), out.Close())
		}
		return out.Close()
	}
	n, err := writeWhole(e.output, e.force, func(w io.Writer) (int, error) {
		return e.format.write(ctx, w, watched(found.records, total, m.exportProgress()), s)
	})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	fmt.Fprintf(m.Stderr, "%s in %s\n", number(n, "record", "records"), safeLine(e.output))
	return nil
}

// about says in a line what a query asks for.
func about(q *harvest.Query) string {
	parts := []string{"Harvest"}
	for _, p := range []struct{ name, value string }{
		{"", q.Words},
		{"source ", orList(textsOf(q.Sources))},
		{"category ", orList(q.Categories)},
		{"topic ", orList(q.Topics)},
		{"country ", orList(q.Countries)},
		{"language ", orList(q.Languages)},
		{"year ", orList(yearTexts(q.Years))},
		{"state ", orList(textsOf(q.States))},
		{"since ", q.Since.Value},
		{"as of ", day(q.AsOf)},
	} {
		if p.value != "" {
			parts = append(parts, p.name+p.value)
		}
	}
	return strings.Join(parts, " · ")
}

func orList(values []string) string { return strings.Join(values, " or ") }

func yearTexts(years []int) []string {
	out := make([]string, len(years))
	for i, y := range years {
		out[i] = strconv.Itoa(y)
	}
	return out
}

// day is a moment for people, empty for none.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// screen is standard output for an export. What a person sees on a terminal
// must not steer it; a program gets the records as they are.
func (m Main) screen(k kind) io.WriteCloser {
	switch {
	case !isTerminal(m.Stdout):
		return transform.NewWriter(m.Stdout, transform.Nop)
	case k == kindJSON:
		return safeJSON(m.Stdout)
	}
	return safeTable(m.Stdout)
}

// exportProgress shows, on a terminal, how far an export is.
func (m Main) exportProgress() func(done, total int) {
	if !isTerminal(m.Stderr) {
		return func(int, int) {}
	}
	var last time.Time
	return func(done, total int) {
		if done < total && time.Since(last) < 200*time.Millisecond {
			return
		}
		last = time.Now()
		fmt.Fprintf(m.Stderr, "\rwriting %s of %s ", humanize.Comma(int64(done)), humanize.Comma(int64(max(done, total))))
		if done >= total {
			fmt.Fprint(m.Stderr, "\r\033[K")
		}
	}
}

// watched tells show how many records have gone by.
func watched(r records, total int, show func(done, total int)) records {
	return func(yield func(harvest.Record, error) bool) {
		n := 0
		for record, err := range r {
			if err == nil {
				n++
				show(n, total)
			}
			if !yield(record, err) {
				break
			}
		}
		show(total, total) // the line is not left on the screen
	}
}

// chosenRecords are the records of a query, and what is open while they are read.
type chosenRecords struct {
	records records
	index   *search.Index
}

func (c *chosenRecords) close() {
	if c.index != nil {
		_ = c.index.Close() // it was only read
	}
}
