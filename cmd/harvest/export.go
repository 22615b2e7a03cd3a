package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"
	"golang.org/x/text/transform"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/csv"
	"github.com/harvest87/harvest/sinks/jsonl"
)

// exportFormats are the formats by name.
var exportFormats = map[string]exporter{
	"jsonl": jsonl.Write,
	"csv": func(ctx context.Context, w io.Writer, records iter.Seq2[harvest.Record, error]) (int, error) {
		return csv.Write(ctx, w, records, csv.Options{})
	},
}

func formatNames() []string {
	var names []string
	for n := range exportFormats {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

func (m Main) exportCommand(f *flags) *cobra.Command {
	var x filters
	var format, output string
	var force bool
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write records to a file",
		Long: `Export writes the records of the catalogue, in the order of their identifiers.
jsonl has everything, one record a line; csv is a table for spreadsheets, in
which cells that a spreadsheet could take for a formula begin with an apostrophe.`,
		Example: `  harvest export --format csv -o records.csv
  harvest export --format jsonl --source respect --since 2020 > respect.jsonl`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, ok := exportFormats[format]; !ok {
				return usageError{fmt.Errorf("--format %q is unknown; there are: %s", format, strings.Join(formatNames(), ", "))}
			}
			q, err := x.query()
			if err != nil {
				return err
			}
			return m.export(cmd.Context(), f, q, format, output, force)
		},
	}
	x.bind(cmd, 0, "the most records to write, 0 for all")
	cmd.Flags().StringVar(&format, "format", "jsonl", "the format: "+strings.Join(formatNames(), ", "))
	cmd.Flags().StringVarP(&output, "output", "o", "", "the `file` to write, instead of standard output")
	cmd.Flags().BoolVar(&force, "force", false, "write over an existing file")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(cobraStrings(formatNames()), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func cobraStrings(names []string) []cobra.Completion { return names }

type exporter func(context.Context, io.Writer, iter.Seq2[harvest.Record, error]) (int, error)

// export streams the records. A file appears under its name only when it is
// complete; on an error what was begun is removed.
func (m Main) export(ctx context.Context, f *flags, q harvest.Query, format, output string, force bool) error {
	write := exportFormats[format]
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	if output == "" || output == "-" {
		out := m.screen(format)
		if _, err := write(ctx, out, r.store.Records(ctx, q)); err != nil {
			return errors.Join(fmt.Errorf("export: %w", err), out.Close())
		}
		return out.Close()
	}
	if _, err := os.Lstat(output); !errors.Is(err, fs.ErrNotExist) && !force {
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		return fmt.Errorf("%s exists; choose another name, or --force to write over it", output)
	}
	n, err := writeWhole(output, func(w io.Writer) (int, error) { return write(ctx, w, r.store.Records(ctx, q)) })
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	fmt.Fprintf(m.Stderr, "%s records in %s\n", humanize.Comma(int64(n)), output)
	return nil
}

// screen is standard output for an export. What a person sees on a terminal
// must not steer it; a program gets the records as they are.
func (m Main) screen(format string) io.WriteCloser {
	switch {
	case !isTerminal(m.Stdout):
		return transform.NewWriter(m.Stdout, transform.Nop)
	case format == "jsonl":
		return safeJSON(m.Stdout)
	}
	return safeTable(m.Stdout)
}

// writeWhole writes a file that appears under its name only when complete.
func writeWhole(name string, write func(io.Writer) (int, error)) (n int, err error) {
	tmp, err := os.CreateTemp(dirOf(name), ".harvest-export-*")
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = tmp.Close() // the first error says more
			_ = os.Remove(tmp.Name())
		}
	}()
	out := bufio.NewWriterSize(tmp, 64<<10)
	if n, err = write(out); err != nil {
		return n, err
	}
	if err := out.Flush(); err != nil {
		return n, err
	}
	if err := tmp.Sync(); err != nil {
		return n, err
	}
	if err := tmp.Chmod(0o644); err != nil {
		return n, err
	}
	if err := tmp.Close(); err != nil {
		return n, err
	}
	return n, os.Rename(tmp.Name(), name)
}
