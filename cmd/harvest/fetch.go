package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/parsers"
)

// fetchFlags are the flags of `harvest fetch`.
type fetchFlags struct {
	source, output string
	body           bool
}

func (m Main) fetchCommand(f *flags) *cobra.Command {
	var x fetchFlags
	cmd := &cobra.Command{
		Use:   "fetch URL",
		Short: "Ask for one address as a run would, and show all that happened",
		Long: `Fetch asks for one address and tells what the whole chain did with it: what
robots.txt says and by which line, every redirect with its own verdict, where the
time went, what the server said that matters, the charset and where it was found,
and the outcome. It is as polite and as careful as a run: robots.txt, one host
one clock, no addresses that are not public. With --source it keeps that source's
politeness, network and scope. Nothing is written, unless -o names a file.

The exit code is 0 when the page was fetched, 1 when it was not.`,
		Example: `  harvest fetch https://respect.international/some-page/
  harvest fetch https://respect.international/some-page/ --source respect
  harvest fetch https://respect.international/some-page/ --body | less
  harvest fetch https://respect.international/report.pdf -o report.pdf
  harvest fetch https://respect.international/some-page/ --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if x.body && f.json {
				return usageError{errors.New("--body and --json do not go together; -o FILE keeps the body beside the JSON")}
			}
			return m.fetch(cmd.Context(), f, &x, args[0])
		},
	}
	cmd.Flags().StringVar(&x.source, "source", "", "fetch as the source with that `ID` would")
	cmd.Flags().BoolVar(&x.body, "body", false, "print the page itself, in UTF-8, and the account on standard error")
	cmd.Flags().StringVarP(&x.output, "output", "o", "", "write the page itself to a new `file`")
	_ = cmd.RegisterFlagCompletionFunc("source", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return m.sourceNames(f), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

// account is what fetch found out.
type account struct {
	Page  *harvest.Page `json:"page"`
	Hops  []fetch.Hop   `json:"hops"`
	Saved string        `json:"saved,omitempty"` // the file that has the body
}

func (m Main) fetch(ctx context.Context, f *flags, x *fetchFlags, target string) error {
	if err := free(x.output); err != nil {
		return err
	}
	cfg, problems, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	src, err := fetchingSource(cfg, problems, x.source)
	if err != nil {
		return err
	}
	if src.Politeness.ContactRequired && cfg.Contact == "" {
		return errNoContact
	}
	client := m.passingClient(f, cfg)
	defer client.Close()
	session := client.Source(src)
	if x.source != "" {
		if session.RedirectScope, err = scopeOf(cfg, src); err != nil {
			return err
		}
	}
	var a account
	a.Page, a.Hops = session.Trace(ctx, harvest.Request{URL: target, Kind: harvest.KindItem}, harvest.Validators{})
	if x.output != "" && a.Page.Outcome == harvest.Fetched {
		if err := writeNew(x.output, a.Page.Body); err != nil {
			return err
		}
		a.Saved = x.output
	}
	if err := m.tell(f, x, &a); err != nil {
		return err
	}
	if a.Page.Outcome != harvest.Fetched {
		return errSilent
	}
	return nil
}

// passingClient is a client that keeps nothing on disk.
func (m Main) passingClient(f *flags, cfg *config.Config) *fetch.Client {
	return fetch.New(fetch.Options{
		UserAgent: fetch.UserAgent(version, cfg.Contact), Timeout: cfg.Fetch.Timeout, MaxBody: cfg.Fetch.MaxBody,
		Retries: cfg.Fetch.Retries, Concurrency: 1, Logger: m.logger(f),
	})
}

// fetchingSource is the source of that name, or one with the defaults of all.
func fetchingSource(cfg *config.Config, problems config.Problems, id string) (*config.Source, error) {
	if id == "" {
		return &config.Source{Politeness: config.DefaultPoliteness()}, nil
	}
	sources, err := choose(cfg, problems, []string{id})
	if err != nil {
		return nil, err
	}
	return sources[0], nil
}

// scopeOf says where redirects may lead in a run of the source.
func scopeOf(cfg *config.Config, src *config.Source) (func(string, harvest.Kind) string, error) {
	var doors []crawler.Door
	for i := range src.Doors {
		door, err := parsers.New(src, cfg.Vocabulary, i)
		if err != nil {
			return nil, err
		}
		doors = append(doors, door)
	}
	return crawler.Scope(src, doors), nil
}

// tell prints the account, the page, or both.
func (m Main) tell(f *flags, x *fetchFlags, a *account) error {
	switch {
	case f.json:
		return printJSON(m.Stdout, a)
	case !x.body:
		printAccount(m.Stdout, a)
		return nil
	}
	printAccount(m.Stderr, a)
	return m.printBody(a.Page)
}

// printBody writes the page to standard output. On a terminal it cannot steer
// it, and must be text; a program gets it as it is.
func (m Main) printBody(p *harvest.Page) error {
	if !isTerminal(m.Stdout) {
		_, err := m.Stdout.Write(p.Body)
		return err
	}
	if p.Charset == "" && !utf8.Valid(p.Body) {
		return fmt.Errorf("the body is no text (%s); -o FILE keeps it", http.DetectContentType(p.Body))
	}
	out := safeTable(m.Stdout)
	if _, err := out.Write(p.Body); err != nil {
		return err
	}
	return out.Close()
}

// free makes sure that there is no file of that name yet.
func free(name string) error {
	if name == "" {
		return nil
	}
	_, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("write %s: %w", name, err)
	}
	return fmt.Errorf("%s exists; choose another name", name)
}

// writeNew writes a file that was not there before.
func writeNew(name string, content []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	_, err = file.Write(content)
	if err := errors.Join(err, file.Close()); err != nil {
		_ = os.Remove(name) // what is there is a part
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// listed joins what there is of the parts.
func listed(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ", ")
}
