package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
)

func (m Main) historyCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "history RECORD|WORK",
		Short: "Show how one record or work has changed, when, and by whom",
		Long: `History shows the revisions of a record, oldest first: when each began to hold,
the run or the person that made it, and the fields that it changed, old → new.
A run that finds the same again makes no revision. 'harvest export --as-of'
writes the whole catalogue as it stood on a day.

Of a work it shows which records came to it and left it, when and why, and from
or to which other work; also of one that is no more, as it was joined with
another or split.`,
		Example: `  harvest history respect:5hc0v3kq8r2m1x7d
  harvest history w:2gnfa3q1e708gs1s
  harvest history respect:5hc0v3kq8r2m1x7d --json
  harvest export --as-of 2026-06-30 -o june.csv`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.HasPrefix(args[0], "w:") {
				return m.workHistory(cmd, f, harvest.WorkID(args[0]))
			}
			return m.history(cmd, f, harvest.RecordID(args[0]))
		},
	}
}

func (m Main) history(cmd *cobra.Command, f *flags, id harvest.RecordID) error {
	r, err := m.openReading(cmd.Context(), f)
	if err != nil {
		return err
	}
	defer r.close()
	revisions, err := r.store.Revisions(cmd.Context(), id)
	if errors.Is(err, harvest.ErrNotFound) {
		return errNoRecord(id)
	}
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(m.Stdout, revisions)
	}
	for i := range revisions {
		printRevision(m.Stdout, &revisions[i])
	}
	return nil
}

// errNoRecord says how to find the records that there are.
func errNoRecord(id harvest.RecordID) error {
	return fmt.Errorf("no record %q; 'harvest search' prints the identifiers of what it finds", id)
}

// printRevision writes one revision for people.
func printRevision(w io.Writer, r *harvest.Revision) {
	by := string(r.Run)
	if r.Author != "" {
		by = r.Author
	}
	if r.Reason != "" {
		by += ": " + r.Reason
	}
	fmt.Fprintf(w, "%3d  %s  %s\n", r.Number, r.From.UTC().Format(time.RFC3339), safeLine(by))
	if len(r.Changes) == 0 && r.Number == 1 {
		fmt.Fprintln(w, "     first seen")
	}
	printChanges(w, r.Changes)
}

// printChanges writes what differs, field by field. Where a value came from is
// left to --json.
func printChanges(w io.Writer, changes []harvest.FieldChange) {
	for _, c := range changes {
		if strings.HasPrefix(c.Field, "provenance.") || strings.HasPrefix(c.Field, "overrides.") {
			continue
		}
		columns := max(30, (width(w)-len(c.Field)-12)/2)
		fmt.Fprintf(w, "     %s: %s → %s\n", c.Field, fit(valueText(c.Old), columns), fit(valueText(c.New), columns))
	}
}

// valueText is a value of a record for people.
func valueText(raw json.RawMessage) string {
	var text string
	var list []string
	var date harvest.Date
	switch {
	case len(raw) == 0:
		return "(nothing)"
	case json.Unmarshal(raw, &text) == nil:
		return text
	case json.Unmarshal(raw, &list) == nil:
		return strings.Join(list, "; ")
	case json.Unmarshal(raw, &date) == nil && !date.IsZero():
		return date.Value
	}
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return string(raw)
	}
	return b.String()
}

// asOf reads the moment of --as-of. A day means its end.
func asOf(text string) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.AddDate(0, 0, 1).Add(-time.Millisecond), nil
	}
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, usageError{fmt.Errorf("--as-of %q is neither a day such as 2026-06-30 nor a moment such as 2026-06-30T12:00:00Z", text)}
	}
	return moment.UTC(), nil
}
