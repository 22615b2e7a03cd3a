package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
)

// version is set by the linker: -X main.version=1.2.3.
var version = "dev"

// defaultData is the folder for all that is written, unless --data names another.
const defaultData = "harvest-data"

// usageError is a command line that was not understood.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// errSilent ends a command with exitFailed after it has said everything itself.
var errSilent = errors.New("")

// flags are those that every command has.
type flags struct {
	config string
	data   string
	json   bool
	debug  bool
}

// Run carries out one command line and returns the exit code.
func (m Main) Run(ctx context.Context, args []string) int {
	root := m.command()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return exitGood
	case errors.Is(err, errSilent):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintf(m.Stderr, "harvest: %s\nTry 'harvest --help', or 'harvest COMMAND --help' for examples.\n", safeText(err.Error()))
		return exitUsage
	}
	fmt.Fprintf(m.Stderr, "harvest: %s\n", safeText(err.Error()))
	return exitFailed
}

func (m Main) command() *cobra.Command {
	f := &flags{}
	root := &cobra.Command{
		Use:   "harvest",
		Short: "Harvest policy knowledge against modern slavery into a catalogue",
		Long: `Harvest visits policy sites on modern slavery, forced labour, human trafficking
and child labour, and keeps what they publish as records in a catalogue: one
SQLite file, or MongoDB. Sources are described by files in config/sources.`,
		Example: `  harvest demo                        see the whole job on a bundled sample site
  harvest sources list                what can be harvested
  harvest run respect                 harvest one source now
  harvest search forced labour        look into the catalogue
  harvest export --format csv -o records.csv
  harvest serve                       harvest all sources on their schedules`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{unknownCommand(cmd, args[0])}
			}
			return cmd.Help()
		},
	}
	root.SetOut(m.Stdout)
	root.SetErr(m.Stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	p := root.PersistentFlags()
	p.StringVar(&f.config, "config", "config/harvest.yaml", "the configuration `file`; sources are found beside it under sources/")
	p.StringVar(&f.data, "data", defaultData, "the `folder` for database, queue and caches; nothing is written elsewhere")
	p.BoolVar(&f.json, "json", false, "print JSON for programs")
	p.BoolVar(&f.debug, "debug", false, "log every page on standard error")
	root.AddCommand(
		m.demoCommand(f), m.runCommand(f), m.serveCommand(f), m.runsCommand(f),
		m.sourcesCommand(f), m.scheduleCommand(f), m.notifyCommand(f), m.searchCommand(f), m.showCommand(f), m.exportCommand(f),
		m.historyCommand(f), m.annotateCommand(f), m.withdrawCommand(f),
		m.backupCommand(f), m.restoreCommand(f), m.copyCommand(f), m.schemaCommand(f), m.bundleCommand(f), m.prismaCommand(f),
		m.indexCommand(f), m.healthCommand(f), m.doctorCommand(f), m.extractCommand(f), m.fetchCommand(f),
		m.matchCommand(f), m.worksCommand(f), m.archiveCommand(f), m.reparseCommand(f), m.linksCommand(f),
	)
	usageArgs(root)
	return root
}

func unknownCommand(cmd *cobra.Command, name string) error {
	if near := suggestion(cmd, name); near != "" {
		return fmt.Errorf("unknown command %q; did you mean %q?", name, near)
	}
	return fmt.Errorf("unknown command %q", name)
}

// suggestion is the nearest of a command's subcommands, empty when none is near.
func suggestion(cmd *cobra.Command, name string) string {
	for cmd.SuggestionsMinimumDistance = 1; cmd.SuggestionsMinimumDistance <= 2; cmd.SuggestionsMinimumDistance++ {
		if near := cmd.SuggestionsFor(name); len(near) > 0 {
			return near[0]
		}
	}
	return ""
}

// usageArgs makes wrong arguments a usage error on every command.
func usageArgs(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return usageError{err}
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		usageArgs(sub)
	}
}

// group is a command that only holds others.
func group(use, short, example string, sub ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Example: example, Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{unknownCommand(cmd, args[0])}
			}
			return cmd.Help()
		},
	}
	cmd.AddCommand(sub...)
	return cmd
}

// isTerminal reports whether w shows text to a person.
func isTerminal(w io.Writer) bool {
	if _, ok := w.(*screen); ok {
		return true
	}
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
