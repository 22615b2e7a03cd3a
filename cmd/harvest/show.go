package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/linkcheck"
)

func (m Main) showCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "show RECORD",
		Short: "Show one record, where each field came from, and where else the document was found",
		Example: `  harvest show respect:5hc0v3kq8r2m1x7d
  harvest show respect:5hc0v3kq8r2m1x7d --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.show(cmd, f, harvest.RecordID(args[0])) },
	}
}

func (m Main) show(cmd *cobra.Command, f *flags, id harvest.RecordID) error {
	r, err := m.openReading(cmd.Context(), f)
	if err != nil {
		return err
	}
	defer r.close()
	record, err := r.store.Record(cmd.Context(), id)
	if errors.Is(err, harvest.ErrNotFound) {
		return errNoRecord(id)
	}
	if err != nil {
		return err
	}
	shown := shownRecord{Record: record}
	switch a, err := r.store.Absence(cmd.Context(), id); {
	case err == nil:
		shown.Missing = &a
	case !errors.Is(err, harvest.ErrNotFound):
		return err
	}
	if shown.Links, err = r.lostLinks(cmd.Context(), &record); err != nil {
		return err
	}
	if f.json {
		return printJSON(m.Stdout, shown)
	}
	shown.print(m.Stdout)
	if record.Work == "" {
		return nil
	}
	work, err := r.store.Work(cmd.Context(), record.Work)
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "\nThe same document, by the evidence named:\n")
	for _, member := range work.Members {
		if member.Record != id {
			fmt.Fprintf(m.Stdout, "  %s  %s: %s\n", member.Record, member.Method, safeLine(member.Evidence))
		}
	}
	return nil
}

// shownRecord is a record with what is known of it beside what its source says.
type shownRecord struct {
	harvest.Record
	// Missing is set while the source does not show it.
	Missing *harvest.Absence `json:"missing,omitempty"`
	// Links are its documents that are not where it says, or suspected not to be.
	Links []linkState `json:"links,omitempty"`
}

func (x *shownRecord) print(w io.Writer) {
	printRecord(w, &x.Record)
	if x.Missing != nil {
		fmt.Fprintf(w, "%-14s %s\n", "missing", absenceText(x.Missing))
	}
	for i := range x.Links {
		l := &x.Links[i]
		fmt.Fprintf(w, "%-14s %s since %s (%s, looked at %d times)\n", string(l.State)+" link", safeLine(l.URL), l.Since.Format(time.DateOnly), safeLine(l.Reason), l.Times)
	}
}

// lostLinks are the documents of a record that are not where it says, or suspected
// not to be.
func (r *room) lostLinks(ctx context.Context, record *harvest.Record) ([]linkState, error) {
	if len(record.Documents) == 0 {
		return nil, nil
	}
	known, err := linkcheck.Known(ctx, r.store, record.Source)
	if err != nil {
		return nil, err
	}
	var out []linkState
	for _, l := range known {
		has := slices.ContainsFunc(record.Documents, func(d harvest.Document) bool { return d.URL == l.URL })
		if v := l.Verdict(); has && (v == linkcheck.Broken || v == linkcheck.Suspect) {
			out = append(out, linkState{Link: l, State: v})
		}
	}
	return out, nil
}
