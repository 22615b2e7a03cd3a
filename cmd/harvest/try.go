package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/parsers"
	"github.com/harvest87/harvest/parsers/page"
)

func (m Main) tryCommand(f *flags) *cobra.Command {
	var as string
	cmd := &cobra.Command{
		Use:   "try ID URL-or-file",
		Short: "Read one page as a source would, and write nothing",
		Long: `Try reads one page of a source, live or saved, and shows the page's facts, the
records that would be written, everything else the page leads to, and for each
field which selector or which evidence won and what else was there to choose
from. It writes nothing. A live page is asked for as in a run: robots.txt, one
host one clock, no private addresses.`,
		Example: `  harvest sources try respect https://respect.international/some-page/
  harvest sources try respect saved.html --as https://respect.international/some-page/
  harvest sources try respect saved.html --json`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error { return m.try(cmd.Context(), f, args[0], args[1], as) },
	}
	cmd.Flags().StringVar(&as, "as", "", "the `URL` at which a saved file stood")
	return cmd
}

// trial is what try found out.
type trial struct {
	Page        *harvest.Page        `json:"page"`
	Robots      *fetch.Verdict       `json:"robots,omitempty"`
	Explanation *parsers.Explanation `json:"explanation,omitempty"`
}

func (m Main) try(ctx context.Context, f *flags, id, target, as string) error {
	cfg, problems, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	sources, err := choose(cfg, problems, []string{id})
	if err != nil {
		return err
	}
	src := sources[0]
	var t trial
	if isURL(target) {
		if t, err = m.tryLive(ctx, f, cfg, src, target); err != nil {
			return err
		}
	} else if t.Page, err = readSaved(target, as); err != nil {
		return err
	}
	if t.Page.Outcome == harvest.Fetched {
		if src, err = m.knownHere(ctx, f, src); err != nil {
			return err
		}
		x, err := parsers.Explain(src, cfg.Vocabulary, t.Page)
		if err != nil {
			return err
		}
		t.Explanation = &x
	}
	if f.json {
		err = printJSON(m.Stdout, t)
	} else {
		m.printTrial(&t)
	}
	if err == nil && t.Page.Outcome != harvest.Fetched {
		err = errSilent
	}
	return err
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https")
}

// tryLive fetches the page with a client of its own, which keeps nothing on disk.
func (m Main) tryLive(ctx context.Context, f *flags, cfg *config.Config, src *config.Source, target string) (trial, error) {
	if src.Politeness.ContactRequired && cfg.Contact == "" {
		return trial{}, errNoContact
	}
	if names := missing(src); len(names) > 0 {
		return trial{}, errMissing(names)
	}
	client := m.passingClient(f, cfg)
	defer client.Close()
	session := client.Source(src)
	verdict := session.Robots(ctx, target)
	fetcher, end, err := withBrowser(withVariables(session, src), cfg, src)
	if err != nil {
		return trial{}, err
	}
	defer end()
	door := max(0, slices.IndexFunc(src.Doors, func(d config.Door) bool { return d.Render != config.RenderNever }))
	p := fetcher.Fetch(ctx, harvest.Request{URL: target, Kind: harvest.KindItem, Door: door}, harvest.Validators{})
	return trial{Page: p, Robots: &verdict}, nil
}

// maxSaved bounds the size of a saved page, in octets.
const maxSaved = 50 << 20

// readSaved makes a page of a file, as if it had been fetched from that address.
func readSaved(name, as string) (*harvest.Page, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read the saved page: %w", err)
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, maxSaved+1))
	if err != nil {
		return nil, fmt.Errorf("read the saved page: %w", err)
	}
	if len(body) > maxSaved {
		return nil, fmt.Errorf("%s is larger than %d MiB", name, maxSaved>>20)
	}
	p := &harvest.Page{
		Outcome: harvest.Fetched, URL: as, Status: 200, Body: body, Bytes: int64(len(body)), FetchedAt: time.Now().UTC(),
		MediaType: "text/html", Request: harvest.Request{URL: as},
	}
	if mediaType, _, err := mime.ParseMediaType(mime.TypeByExtension(filepath.Ext(name))); err == nil {
		p.MediaType = mediaType
	}
	if p.Body, p.Charset, err = fetch.SavedText(body, p.MediaType); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return p, nil
}

func (m Main) printTrial(t *trial) {
	w, p := m.Stdout, t.Page
	fmt.Fprintf(w, "PAGE      %s\n", safeLine(p.URL))
	for _, from := range p.Redirects {
		fmt.Fprintf(w, "  via     %s\n", safeLine(from))
	}
	fmt.Fprintf(w, "  outcome %s  %s\n", p.Outcome, safeLine(p.Reason))
	fmt.Fprintf(w, "  facts   status %d, %s %s, %s, %s, %s\n", p.Status, safeLine(p.MediaType), safeLine(p.Charset), bytesText(p.Bytes), number(p.Requests, "request", "requests"), p.Duration.Round(time.Millisecond))
	if v := p.Validators; v.ETag+v.LastModified != "" {
		fmt.Fprintf(w, "  known   by %s\n", safeLine(strings.TrimSpace(strings.Join([]string{labelled("ETag ", v.ETag), labelled("Last-Modified ", v.LastModified)}, " "))))
	}
	if r := t.Robots; r != nil {
		verdict, rule := "allowed", r.Rule
		if !r.Allowed {
			verdict = "not allowed"
		}
		if rule == "" {
			rule = "no rule applies"
		}
		fmt.Fprintf(w, "  robots  %s: %s (%s)\n", verdict, safeLine(rule), safeLine(strings.TrimSpace(r.Note+" "+r.Reason)))
	}
	x := t.Explanation
	if x == nil {
		return
	}
	fmt.Fprintf(w, "\nREAD AS   %s, step %s: %s\n", x.Kind, safeLine(x.Step), safeLine(x.Why))
	for _, o := range x.Behind {
		fmt.Fprintf(w, "  behind  door %d, %s: %s\n", o.Door+1, o.Kind, safeLine(o.Why))
	}
	if x.Parsed.Dead != "" {
		fmt.Fprintf(w, "  the door does not work here: %s\n", safeLine(x.Parsed.Dead))
	}
	for i := range x.Parsed.Records {
		fmt.Fprintf(w, "\nRECORD    %d of %d\n", i+1, len(x.Parsed.Records))
		printFields(w, &x.Parsed.Records[i])
	}
	m.printLeads(x)
	if x.Item != nil {
		printCandidates(w, x.Item)
	}
}

func labelled(label, value string) string {
	if value == "" {
		return ""
	}
	return label + value
}

// printFields writes the filled fields of a record and where each came from.
func printFields(w io.Writer, r *harvest.Record) {
	b, err := json.Marshal(r)
	if err != nil {
		return // a record always marshals
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(b, &fields) != nil {
		return
	}
	delete(fields, "provenance")
	delete(fields, "id")
	delete(fields, "source")
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		value := string(fields[name])
		var text string
		if json.Unmarshal(fields[name], &text) == nil {
			value = text
		}
		fmt.Fprintf(w, "  %-15s %s\n", name, fit(value, max(60, width(w)-20)))
		if e, ok := r.Provenance[name]; ok {
			fmt.Fprintf(w, "  %-15s   ← %s %s\n", "", e.Basis, safeLine(e.Detail))
		}
	}
}

// printLeads writes what else the page led to.
func (m Main) printLeads(x *parsers.Explanation) {
	w := m.Stdout
	if n := len(x.Parsed.Requests); n > 0 {
		fmt.Fprintf(w, "\nLEADS TO  %s\n", number(n, "page", "pages"))
		for _, r := range x.Parsed.Requests {
			title := ""
			if r.Card != nil {
				title = r.Card.Title
			}
			fmt.Fprintf(w, "  %-9s %s  %s\n", r.Kind, safeLine(r.URL), fit(title, 60))
		}
	}
	if len(x.Parsed.Events)+len(x.Parsed.Notes) > 0 {
		fmt.Fprintf(w, "\nBESIDES\n")
	}
	for _, e := range x.Parsed.Events {
		fmt.Fprintf(w, "  %-18s %s  %s\n", e.Outcome, safeLine(e.URL), safeLine(e.Reason))
	}
	for _, n := range x.Parsed.Notes {
		fmt.Fprintf(w, "  note               %s\n", safeLine(n))
	}
}

// printCandidates writes all that an item page offered for each field.
func printCandidates(w io.Writer, r *page.Result) {
	fmt.Fprintf(w, "\nCANDIDATES, best first\n")
	for _, name := range slices.Sorted(maps.Keys(r.Candidates)) {
		fmt.Fprintf(w, "  %s\n", name)
		for _, c := range r.Candidates[name] {
			fmt.Fprintf(w, "    %4d  %s\n          %s %s", c.Score, fit(c.Value, max(60, width(w)-12)), c.Basis, safeLine(c.Detail))
			if c.Rejected != "" {
				fmt.Fprintf(w, "  (not taken: %s)", safeLine(c.Rejected))
			}
			fmt.Fprintln(w)
		}
	}
}
