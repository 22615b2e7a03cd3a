package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/linkcheck"
)

func (m Main) linksCommand(f *flags) *cobra.Command {
	var all, check bool
	list := &cobra.Command{
		Use:   "list [SOURCE…]",
		Short: "Show documents that are not where records say",
		Long: `List shows links to documents that are broken, and those that are suspected to be.
A link is broken when its server said three times over three days that it is not
there (404, 410, sent to the home page), or nobody answered five times over two
weeks. The records stay as they are.`,
		Example:           "  harvest links list\n  harvest links list respect --all\n  harvest links list --json",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: m.completeSource(f),
		RunE:              func(cmd *cobra.Command, args []string) error { return m.listLinks(cmd.Context(), f, args, all, check) },
	}
	list.Flags().BoolVar(&all, "all", false, "show the good ones, too, and those not looked at yet")
	list.Flags().BoolVar(&check, "check", false, "exit with 1 when a link is broken")
	var limit int
	look := &cobra.Command{
		Use:   "check [SOURCE…]",
		Short: "Look at the documents that are due, slowly",
		Long: `Check asks for the documents of records that are due, one after the other: a HEAD,
and where that does not do a GET of the first few kilobytes, by the same rules as
a run (robots.txt, one clock for each host, no private addresses), and for no more
of one host than links.per_day within a day. A link that is well is looked at
again after links.every, one that is suspected the next day.

'harvest serve' does it by itself, at links.when. When it has the data folder, it
is asked to do it now.`,
		Example:           "  harvest links check\n  harvest links check respect --limit 20",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: m.completeSource(f),
		RunE:              func(cmd *cobra.Command, args []string) error { return m.checkLinks(cmd.Context(), f, args, limit) },
	}
	look.Flags().IntVar(&limit, "limit", 0, "how many links to look at, 0 for all that are due")
	return group("links", "Look whether documents are still where records say", "  harvest links list\n  harvest links check respect", list, look)
}

// linkState is what is known of a link, and what follows from it.
type linkState struct {
	linkcheck.Link
	State linkcheck.Verdict `json:"state"`
}

// shownLink is one line of `harvest links list`.
type shownLink struct {
	linkState
	Source  harvest.SourceID   `json:"source"`
	Records []harvest.RecordID `json:"records"`
}

func (m Main) listLinks(ctx context.Context, f *flags, names []string, all, check bool) error {
	cfg, problems, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	sources, err := chosenSources(cfg, problems, names)
	if err != nil {
		return err
	}
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	shown := []shownLink{}
	broken := 0
	for _, src := range sources {
		some, err := r.linksOf(ctx, src.ID, all)
		if err != nil {
			return err
		}
		shown = append(shown, some...)
	}
	for i := range shown {
		if shown[i].State == linkcheck.Broken {
			broken++
		}
	}
	if f.json {
		err = printJSON(m.Stdout, shown)
	} else {
		m.printLinks(shown, time.Now())
	}
	if err == nil && check && broken > 0 {
		return errSilent
	}
	return err
}

// chosenSources are those named, or all of the configuration.
func chosenSources(cfg *config.Config, problems config.Problems, names []string) ([]*config.Source, error) {
	if len(names) > 0 {
		return choose(cfg, problems, names)
	}
	var out []*config.Source
	for i := range cfg.Sources {
		out = append(out, &cfg.Sources[i])
	}
	return out, nil
}

// linksOf are the links of the active records of a source that are not well, or all.
func (r *room) linksOf(ctx context.Context, id harvest.SourceID, all bool) ([]shownLink, error) {
	known, err := linkcheck.Known(ctx, r.store, id)
	if err != nil {
		return nil, err
	}
	place := map[string]int{}
	var out []shownLink
	for _, l := range known {
		if v := l.Verdict(); all || v == linkcheck.Broken || v == linkcheck.Suspect {
			place[l.URL] = len(out)
			out = append(out, shownLink{linkState: linkState{l, v}, Source: id})
		}
	}
	if len(out) == 0 && !all {
		return nil, nil
	}
	for record, err := range r.store.Records(ctx, harvest.Query{Sources: []harvest.SourceID{id}}) {
		if err != nil {
			return nil, err
		}
		for _, d := range record.Documents {
			at, ok := place[d.URL]
			if !ok && all {
				at, ok = len(out), true
				place[d.URL] = at
				out = append(out, shownLink{linkState: linkState{linkcheck.Link{URL: d.URL}, linkcheck.Unchecked}, Source: id})
			}
			if ok && !slices.Contains(out[at].Records, record.ID) {
				out[at].Records = append(out[at].Records, record.ID)
			}
		}
	}
	// What no active record has any more is of no interest.
	return slices.DeleteFunc(out, func(l shownLink) bool { return len(l.Records) == 0 }), nil
}

// brokenLinks counts the documents of a source that are not where its active
// records say. Records are read only where a link is not well.
func (r *room) brokenLinks(ctx context.Context, id harvest.SourceID) (int, error) {
	links, err := r.linksOf(ctx, id, false)
	n := 0
	for i := range links {
		if links[i].State == linkcheck.Broken {
			n++
		}
	}
	return n, err
}

func (m Main) printLinks(links []shownLink, now time.Time) {
	if len(links) == 0 {
		fmt.Fprintln(m.Stdout, "No link is known to be broken; 'harvest links list --all' shows what was looked at.")
		return
	}
	t := newTable(m.Stdout, "STATE", "SINCE", "CHECKED", "WHY", "RECORD", "LINK")
	for i := range links {
		l := &links[i]
		why := string(l.Outcome)
		if l.Reason != "" {
			why = l.Reason
		}
		t.AppendRow([]any{
			string(l.State), ageText(l.Since, now, ""), ageText(l.Checked, now, "never"), fit(why, 40),
			recordsText(l.Records), safeLine(l.URL),
		})
	}
	t.Render()
}

func recordsText(ids []harvest.RecordID) string {
	text := string(ids[0])
	if len(ids) > 1 {
		text += fmt.Sprintf(" and %d more", len(ids)-1)
	}
	return text
}

func (m Main) checkLinks(ctx context.Context, f *flags, names []string, limit int) error {
	cfg, problems, err := m.loadConfig(f)
	if err != nil {
		return err
	}
	sources, err := chosenSources(cfg, problems, names)
	if err != nil {
		return err
	}
	server, err := dialServer(ctx, f.data)
	if err != nil {
		return err
	}
	if server != nil {
		defer server.close()
		return m.checkLinksThere(ctx, server, names, limit)
	}
	r, err := m.openWriting(ctx, f, cfg)
	if err != nil {
		return err
	}
	defer r.close()
	told := func(id harvest.SourceID, l linkcheck.Link) {
		if !f.json {
			fmt.Fprintf(m.Stdout, "%-9s %s  %s  %s\n", l.Verdict(), id, safeLine(l.URL), safeLine(l.Reason))
		}
	}
	result, err := r.lookAtLinks(ctx, sources, limit, told)
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(m.Stdout, result)
	}
	fmt.Fprintf(m.Stdout, "%s looked at, %d broken, %d there again; 'harvest links list' shows those that are not well.\n",
		number(result.Checked, "link", "links"), result.Broken, result.Mended)
	return ctx.Err()
}

// lookAtLinks makes one pass over sources that may be asked.
func (r *room) lookAtLinks(ctx context.Context, sources []*config.Source, limit int, told func(harvest.SourceID, linkcheck.Link)) (linkcheck.Result, error) {
	paused, err := readPauses(ctx, r.store)
	if err != nil {
		return linkcheck.Result{}, err
	}
	o := linkcheck.Options{
		Store: r.store, Plan: linkcheck.Plan{Every: r.settings().Links.Every, PerDay: r.settings().Links.PerDay}, Limit: limit, Told: told, Logger: r.logger, Now: r.now,
	}
	for _, src := range sources {
		if !src.Enabled || paused.of(src.ID) != nil || src.Politeness.ContactRequired && r.cfg.Contact == "" {
			continue
		}
		o.Sources = append(o.Sources, linkcheck.Source{ID: src.ID, Prober: r.client.Source(src), Links: func(ctx context.Context) ([]string, error) {
			return r.documentsOf(ctx, src.ID)
		}})
	}
	return linkcheck.Check(ctx, o)
}

// documentsOf are the addresses of the documents of a source's active records.
func (r *room) documentsOf(ctx context.Context, id harvest.SourceID) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	for record, err := range r.store.Records(ctx, harvest.Query{Sources: []harvest.SourceID{id}}) {
		if err != nil {
			return nil, err
		}
		for _, d := range record.Documents {
			if d.URL != "" && !seen[d.URL] {
				seen[d.URL] = true
				out = append(out, strings.Clone(d.URL))
			}
		}
	}
	return out, nil
}

// wantedLinks is the wish to have links looked at.
type wantedLinks struct {
	Sources []string `json:"sources,omitempty"` // none: all
	Limit   int      `json:"limit,omitempty"`
}

func (m Main) checkLinksThere(ctx context.Context, server *remote, names []string, limit int) error {
	resp, err := server.ask(ctx, http.MethodPost, "/v1/links", wantedLinks{Sources: names, Limit: limit})
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "harvest serve (pid %d) looks at them now; 'harvest links list' shows what it finds.\n", server.point.PID)
	return resp.Body.Close()
}

func (s *server) handleLinks(w http.ResponseWriter, r *http.Request) {
	var want wantedLinks
	if err := json.NewDecoder(r.Body).Decode(&want); err != nil {
		tell(w, http.StatusBadRequest, map[string]string{"reason": err.Error()})
		return
	}
	for _, name := range want.Sources {
		if s.files.source(harvest.SourceID(name)) == nil {
			tell(w, http.StatusNotFound, map[string]string{"reason": fmt.Sprintf("the server does not know the source %q", name)})
			return
		}
	}
	select {
	case s.linksWanted <- want:
		tell(w, http.StatusOK, map[string]bool{"wanted": true})
	default:
		tell(w, http.StatusConflict, map[string]string{"reason": "the server has been asked to look at links already"})
	}
}
