package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/archive"
	"github.com/harvest87/harvest/crawler/fetch"
)

func (m Main) archiveCommand(f *flags) *cobra.Command {
	return group("archive", "Look at the pages that were kept as they came, check them, take them out",
		`  harvest archive list                 what is kept of each source
  harvest archive list respect         every page that is kept of one
  harvest archive show https://respect.international/some-page/
  harvest archive verify               is every record whole?
  harvest archive forget respect:5hc0v3kq8r2m1x7d`,
		m.archiveListCommand(f), m.archiveShowCommand(f), m.archiveVerifyCommand(f), m.archivePruneCommand(f), m.archiveForgetCommand(f))
}

func (f *flags) archiveRoot() string { return filepath.Join(f.data, archiveFolder) }

// archives are the folders of the sources named, of all that have one when none is.
func (f *flags) archives(names []string) ([]archive.Folder, error) {
	ids, err := archive.Sources(f.archiveRoot())
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !slices.Contains(ids, harvest.SourceID(name)) {
			return nil, fmt.Errorf("nothing is kept of %q in %s; 'harvest archive list' shows what there is", name, f.archiveRoot())
		}
	}
	var out []archive.Folder
	for _, id := range ids {
		if len(names) == 0 || slices.Contains(names, string(id)) {
			out = append(out, archive.At(f.archiveRoot(), id))
		}
	}
	return out, nil
}

func (m Main) archiveListCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "list [SOURCE]",
		Short: "What is kept of each source, or every page that is kept of one",
		Example: `  harvest archive list
  harvest archive list respect
  harvest archive list respect --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			folders, err := f.archives(args)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return m.listCaptures(cmd.Context(), f, folders[0])
			}
			return m.listArchives(cmd.Context(), f, folders)
		},
	}
}

func (m Main) listArchives(ctx context.Context, f *flags, folders []archive.Folder) error {
	all := []archive.Summary{}
	for _, folder := range folders {
		s, err := folder.Summary(ctx)
		if err != nil {
			return err
		}
		all = append(all, s)
	}
	if f.json {
		return printJSON(m.Stdout, all)
	}
	if len(all) == 0 {
		fmt.Fprintf(m.Stdout, "Nothing is kept in %s yet; 'harvest run' keeps what it reads, unless archive: {keep: false} is set.\n", f.archiveRoot())
		return nil
	}
	t := newTable(m.Stdout, "SOURCE", "PAGES", "CAPTURES", "UNCHANGED", "FILES", "SIZE", "OLDEST", "NEWEST")
	for _, s := range all {
		t.AppendRow([]any{string(s.Source), s.Pages, s.Captures, s.Revisits, s.Files, bytesText(s.Bytes), localDay(s.Oldest), localDay(s.Newest)})
	}
	t.Render()
	return nil
}

func localDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Local().Format(time.DateOnly)
}

// capture is a kept answer as it is listed.
type capture struct {
	URL     string    `json:"url"`
	At      time.Time `json:"at"`
	Status  int       `json:"status"`
	Revisit bool      `json:"revisit,omitempty"`
	Type    string    `json:"media_type,omitempty"`
	Bytes   int64     `json:"bytes,omitempty"`
	Digest  string    `json:"digest,omitempty"`
	File    string    `json:"file"`
	Offset  int64     `json:"offset"`
}

func captureOf(e *archive.Entry) capture {
	return capture{URL: e.URL, At: e.Time, Status: e.Status, Revisit: e.Revisit, Type: e.MIME, Bytes: e.Size, Digest: e.Digest, File: e.File, Offset: e.Offset}
}

// listCaptures prints one line each, as they are read: there may be a million.
func (m Main) listCaptures(ctx context.Context, f *flags, folder archive.Folder) error {
	r, err := folder.Open(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	list := newList(m.Stdout, f.json)
	for e, err := range r.Entries() {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if f.json {
			if err := list.add(captureOf(&e)); err != nil {
				return err
			}
			continue
		}
		what := fmt.Sprintf("%d %s %s", e.Status, e.MIME, bytesText(e.Size))
		if e.Revisit {
			what = fmt.Sprintf("%d as on %s", e.Status, e.Refers.Local().Format(time.DateTime))
		}
		fmt.Fprintf(m.Stdout, "%s  %-36s %s\n", e.Time.Local().Format(time.DateTime), fit(what, 36), safeLine(e.URL))
	}
	return list.close()
}

func (m Main) archiveShowCommand(f *flags) *cobra.Command {
	var at string
	var body bool
	cmd := &cobra.Command{
		Use:   "show URL",
		Short: "What is kept of one address, and the answer that counts",
		Long: `Show lists what is kept of an address and prints the header of the answer that
counts, the newest or that of a moment. With --body it writes the body alone, as
the site sent it but for its compression.`,
		Example: `  harvest archive show https://respect.international/some-page/
  harvest archive show https://respect.international/some-page/ --body > page.html
  harvest archive show https://respect.international/some-page/ --as-of 2026-03-31`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.showCapture(cmd.Context(), f, args[0], at, body)
		},
	}
	cmd.Flags().StringVar(&at, "as-of", "", "what counted at the end of that `day`, or at a moment such as 2026-03-31T12:00:00Z")
	cmd.Flags().BoolVar(&body, "body", false, "write the body to standard output, and nothing else")
	return cmd
}

// shown is what show prints for programs.
type shown struct {
	Source   harvest.SourceID `json:"source"`
	Captures []capture        `json:"captures"`
	Status   int              `json:"status"`
	At       time.Time        `json:"at"`
	Header   http.Header      `json:"header"`
	Bytes    int              `json:"bytes"`
}

func (m Main) showCapture(ctx context.Context, f *flags, url, at string, body bool) error {
	var notAfter time.Time
	if at != "" {
		var err error
		if notAfter, err = asOf(at); err != nil {
			return err
		}
	}
	ids, err := archive.Sources(f.archiveRoot())
	if err != nil {
		return err
	}
	for _, id := range ids {
		r, err := archive.At(f.archiveRoot(), id).Open(ctx)
		if err != nil {
			return err
		}
		entries, err := r.Of(url)
		if err == nil && len(entries) > 0 {
			err = m.printCapture(ctx, f, r, id, url, entries, notAfter, body)
			return errors.Join(err, r.Close())
		}
		if err = errors.Join(err, r.Close()); err != nil {
			return err
		}
	}
	return fmt.Errorf("nothing is kept of %s; 'harvest archive list SOURCE' shows what is", url)
}

func (m Main) printCapture(ctx context.Context, f *flags, r *archive.Reader, id harvest.SourceID, url string, entries []archive.Entry, notAfter time.Time, body bool) error {
	k, err := r.CaptureAt(ctx, url, notAfter)
	if errors.Is(err, fetch.ErrNotKept) {
		return fmt.Errorf("nothing is kept of %s from before that moment", url)
	}
	if err != nil {
		return err
	}
	if body {
		_, err := m.Stdout.Write(k.Body)
		return err
	}
	s := shown{Source: id, Status: k.Status, At: k.StartedAt, Header: k.Header, Bytes: len(k.Body)}
	for i := range entries {
		s.Captures = append(s.Captures, captureOf(&entries[i]))
	}
	if f.json {
		return printJSON(m.Stdout, s)
	}
	w := m.Stdout
	fmt.Fprintf(w, "%s  (%s)\n", safeLine(url), id)
	for _, c := range s.Captures {
		how := bytesText(c.Bytes)
		if c.Revisit {
			how = "unchanged"
		}
		fmt.Fprintf(w, "  %s  %d  %-10s %s at %d\n", c.At.Local().Format(time.DateTime), c.Status, how, safeLine(c.File), c.Offset)
	}
	fmt.Fprintf(w, "\nAs of %s: %d, %s\n", k.StartedAt.Local().Format(time.DateTime), k.Status, bytesText(int64(len(k.Body))))
	var head strings.Builder
	_ = k.Header.Write(&head) // a builder takes everything
	for line := range strings.Lines(head.String()) {
		fmt.Fprintf(w, "  %s\n", safeLine(strings.TrimSpace(line)))
	}
	return nil
}

func (m Main) archiveVerifyCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "verify [SOURCE…]",
		Short: "Read every record and check it: framing, lengths, digests",
		Example: `  harvest archive verify
  harvest archive verify respect --json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			folders, err := f.archives(args)
			if err != nil {
				return err
			}
			all := []archive.Verified{}
			for _, folder := range folders {
				v, err := folder.Verify(cmd.Context())
				if err != nil {
					return err
				}
				all = append(all, v...)
			}
			return m.reportVerified(f, all)
		},
	}
}

func (m Main) reportVerified(f *flags, all []archive.Verified) error {
	damaged, records := 0, 0
	for _, v := range all {
		damaged += len(v.Damaged)
		records += v.Records
	}
	if f.json {
		if err := printJSON(m.Stdout, all); err != nil {
			return err
		}
	} else {
		for _, v := range all {
			for _, d := range v.Damaged {
				fmt.Fprintf(m.Stdout, "%s: %d octets from %d on: %s\n", safeLine(v.File), d.Length, d.Offset, safeLine(d.Why))
			}
		}
		fmt.Fprintf(m.Stdout, "%s, %s, %d damaged\n", number(len(all), "file", "files"), number(records, "record", "records"), damaged)
	}
	if damaged > 0 {
		return errSilent
	}
	return nil
}

func (m Main) archivePruneCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "prune [SOURCE…]",
		Short: "Drop what is beyond the limits of archive: now; each run does it at its end",
		Example: `  harvest archive prune
  harvest archive prune respect`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return m.pruneArchives(cmd.Context(), f, args) },
	}
}

func (m Main) pruneArchives(ctx context.Context, f *flags, names []string) error {
	cfg, problems := config.Load(f.config)
	if cfg == nil {
		m.warn(problems)
		return errSilent
	}
	ids, err := archive.Sources(f.archiveRoot())
	if err != nil {
		return err
	}
	if _, err := f.archives(names); err != nil {
		return err
	}
	gone := make(map[harvest.SourceID]archive.Removed)
	for _, id := range ids {
		if len(names) > 0 && !slices.Contains(names, string(id)) {
			continue
		}
		src, ok := cfg.Source(id)
		if !ok {
			src = &config.Source{} // a source that has been taken away: the common limits
		}
		r, err := archive.At(f.archiveRoot(), id).Prune(ctx, limitsOf(cfg, src), time.Now())
		if err != nil {
			return err
		}
		gone[id] = r
	}
	if f.json {
		return printJSON(m.Stdout, gone)
	}
	for _, id := range ids {
		if r, ok := gone[id]; ok {
			fmt.Fprintf(m.Stdout, "%s: %s dropped, %s freed\n", id, number(r.Captures, "capture", "captures"), bytesText(r.Bytes))
		}
	}
	return nil
}
