package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
)

func (m Main) worksCommand(f *flags) *cobra.Command {
	return group("works", "Show which records describe one document and why, and correct it", `  harvest works list
  harvest works show w:2gnfa3q1e708gs1s
  harvest works why respect:5hc0v3kq8r2m1x7d delta:0kg9m6kv9twjza1v
  harvest works review`,
		m.worksListCommand(f), m.worksShowCommand(f), m.worksWhyCommand(f),
		m.worksJoinCommand(f), m.worksSplitCommand(f), m.worksForgetCommand(f), m.worksReviewCommand(f), m.worksMatchCommand(f))
}

func (m Main) worksListCommand(f *flags) *cobra.Command {
	limit, after := 50, ""
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List works: documents that more than one record describes",
		Example: `  harvest works list
  harvest works list --limit 200 --after w:2gnfa3q1e708gs1s
  harvest works list --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 1 {
				return usageError{fmt.Errorf("--limit %d is below 1", limit)}
			}
			return m.worksList(cmd.Context(), f, harvest.WorkID(after), limit)
		},
	}
	cmd.Flags().IntVar(&limit, "limit", limit, "at most that many")
	cmd.Flags().StringVar(&after, "after", "", "go on behind that `work`, in the order of identifiers")
	return cmd
}

func (m Main) worksList(ctx context.Context, f *flags, after harvest.WorkID, limit int) error {
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	works, err := r.store.Works(ctx, after, limit)
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(m.Stdout, append([]harvest.Work{}, works...))
	}
	t := newTable(m.Stdout, "WORK", "RECORDS", "SOURCES", "LANGUAGES", "TITLE")
	for _, w := range works {
		records, err := r.members(ctx, w)
		if err != nil {
			return err
		}
		if len(records) == 0 {
			continue
		}
		sources, languages := make(map[harvest.SourceID]bool), []string{}
		for i := range records {
			sources[records[i].Source] = true
			if l := w.Members[i].Language; l != "" && !slices.Contains(languages, l) {
				languages = append(languages, l)
			}
		}
		slices.Sort(languages)
		t.AppendRow([]any{w.ID, len(records), len(sources), safeLine(strings.Join(languages, " ")), fit(match.Rank(records)[0].Title, width(m.Stdout)-50)})
	}
	t.Render()
	if len(works) == limit {
		fmt.Fprintf(m.Stdout, "\nMore: harvest works list --after %s\n", works[len(works)-1].ID)
	}
	return nil
}

// members reads the records of a work, in the order of the members. A record that the
// store has lost is empty but for its identifier.
func (r *room) members(ctx context.Context, w harvest.Work) ([]harvest.Record, error) {
	ids := make([]harvest.RecordID, len(w.Members))
	at := make(map[harvest.RecordID]int)
	out := make([]harvest.Record, len(w.Members))
	for i, m := range w.Members {
		ids[i], at[m.Record], out[i].ID = m.Record, i, m.Record
	}
	for record, err := range r.store.Lookup(ctx, ids) {
		if err != nil {
			return nil, err
		}
		out[at[record.ID]] = record
	}
	return out, nil
}

// findWork finds the work of an identifier: of a work, also one that it had
// before works were joined or split, or of a record. moved says that the
// identifier is an older one.
func (r *room) findWork(ctx context.Context, id string) (work harvest.Work, moved bool, err error) {
	record := harvest.RecordID(id)
	if strings.HasPrefix(id, "w:") {
		work, err = r.store.Work(ctx, harvest.WorkID(id))
		if err == nil || !errors.Is(err, harvest.ErrNotFound) {
			return work, false, err
		}
		key := match.WorkKey(harvest.WorkID(id))
		holders, err := r.store.Holders(ctx, []string{key}, 1)
		if err != nil {
			return work, false, err
		}
		if len(holders[key]) == 0 {
			return work, false, fmt.Errorf("no work %q; 'harvest works list' prints those that there are", id)
		}
		record, moved = holders[key][0], true
	}
	found, err := r.record(ctx, record)
	if err != nil {
		return work, moved, err
	}
	if found.Work == "" { // it is alone: a work of one
		return harvest.Work{ID: harvest.NewWorkID([]harvest.RecordID{record}), Members: []harvest.Member{{Record: record, Language: found.Language.Value}}}, false, nil
	}
	work, err = r.store.Work(ctx, found.Work)
	return work, moved, err
}

// record reads one record, with a way out in the error when there is none.
func (r *room) record(ctx context.Context, id harvest.RecordID) (harvest.Record, error) {
	record, err := r.store.Record(ctx, id)
	if errors.Is(err, harvest.ErrNotFound) {
		return record, fmt.Errorf("no record %q; 'harvest search' prints the identifiers of what it finds", id)
	}
	return record, err
}

func (m Main) worksShowCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "show WORK|RECORD",
		Short: "Show one work: what readers see of it, its languages, its records and the evidence for each",
		Long: `Show prints what readers see of a work, each field with the record that it is
taken from, its languages, and every record with the reason why it belongs
there. An identifier that the work had before it was joined or split leads to
it too.`,
		Example: `  harvest works show w:2gnfa3q1e708gs1s
  harvest works show respect:5hc0v3kq8r2m1x7d --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return m.worksShow(cmd.Context(), f, args[0]) },
	}
}

func (m Main) worksShow(ctx context.Context, f *flags, id string) error {
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	work, moved, err := r.findWork(ctx, id)
	if err != nil {
		return err
	}
	records, err := r.members(ctx, work)
	if err != nil {
		return err
	}
	shown, expressions := match.Display(records), match.Expressions(records)
	if f.json {
		return printJSON(m.Stdout, struct {
			harvest.Work
			Display     []match.Shown      `json:"display"`
			Expressions []match.Expression `json:"expressions"`
		}{work, shown, expressions})
	}
	if moved {
		fmt.Fprintf(m.Stdout, "%s is now in %s\n\n", safeLine(id), work.ID)
	}
	fmt.Fprintf(m.Stdout, "Work %s\n", work.ID)
	columns := width(m.Stdout)
	for _, s := range shown {
		fmt.Fprintf(m.Stdout, "  %-10s %s\n             from %s, %s\n", s.Field, fit(s.Value, columns-13), s.Record, s.Rule)
	}
	if len(expressions) > 1 {
		fmt.Fprintf(m.Stdout, "\nLanguages\n")
		for _, e := range expressions {
			fmt.Fprintf(m.Stdout, "  %-3s %s  %s\n", safeLine(e.Language), fit(e.Title, columns-40), e.Record)
		}
	}
	fmt.Fprintf(m.Stdout, "\nRecords\n")
	for i, member := range work.Members {
		fmt.Fprintf(m.Stdout, "  %s  %s\n      %s\n", member.Record, fit(records[i].Title, columns-30), safeLine(records[i].URL))
		if member.Method != "" {
			fmt.Fprintf(m.Stdout, "      %s %.2f: %s\n", member.Method, member.Score, safeLine(member.Evidence))
		}
	}
	if len(work.Members) > 1 {
		fmt.Fprintf(m.Stdout, "\nHow it has come to be: harvest history %s\n", work.ID)
	}
	return nil
}

func (m Main) worksWhyCommand(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "why RECORD RECORD",
		Short: "Say why two records are, or are not, of one document",
		Example: `  harvest works why respect:5hc0v3kq8r2m1x7d delta:0kg9m6kv9twjza1v
  harvest works why respect:5hc0v3kq8r2m1x7d delta:0kg9m6kv9twjza1v --json`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return m.worksWhy(cmd.Context(), f, harvest.RecordID(args[0]), harvest.RecordID(args[1]))
		},
	}
}

// why is what is known of two records.
type why struct {
	A          harvest.RecordID `json:"a"`
	B          harvest.RecordID `json:"b"`
	Joined     bool             `json:"joined"`
	Work       harvest.WorkID   `json:"work,omitempty"`
	SharedKeys []string         `json:"shared_keys,omitempty"`
	// Decision is what a person said, if anybody did.
	Decision *harvest.Decision `json:"decision,omitempty"`
	match.Verdict
}

func (m Main) worksWhy(ctx context.Context, f *flags, a, b harvest.RecordID) error {
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	w, records, err := r.why(ctx, a, b)
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(m.Stdout, w)
	}
	for i := range records {
		fmt.Fprintf(m.Stdout, "%s  %s\n", records[i].ID, fit(records[i].Title, width(m.Stdout)-30))
	}
	if w.Joined {
		fmt.Fprintf(m.Stdout, "\nBoth are in %s.\n", w.Work)
	} else {
		fmt.Fprintf(m.Stdout, "\nThey are not in one work.\n")
	}
	if d := w.Decision; d != nil {
		fmt.Fprintf(m.Stdout, "%s said on %s that they are %s. %s\n", safeLine(d.Author), d.At.Format("2006-01-02"), sameOrNot(d.Same), safeLine(d.Note))
	}
	for _, k := range w.SharedKeys {
		fmt.Fprintf(m.Stdout, "Both have the key %s\n", safeLine(k))
	}
	fmt.Fprintf(m.Stdout, "Compared alone: %s, score %.2f\n", w.Answer, w.Score)
	printReasons(m.Stdout, w.Reasons)
	return nil
}

func sameOrNot(same bool) string {
	if same {
		return "one document"
	}
	return "different documents"
}

func (r *room) why(ctx context.Context, a, b harvest.RecordID) (w why, records [2]harvest.Record, err error) {
	w.A, w.B = a, b
	for i, id := range []harvest.RecordID{a, b} {
		if records[i], err = r.record(ctx, id); err != nil {
			return w, records, err
		}
	}
	if records[0].Work != "" && records[0].Work == records[1].Work {
		w.Joined, w.Work = true, records[0].Work
	}
	said, err := r.store.Decisions(ctx, []harvest.RecordID{a})
	if err != nil {
		return w, records, err
	}
	for i := range said {
		if said[i].A == min(a, b) && said[i].B == max(a, b) {
			w.Decision = &said[i]
		}
	}
	keys := match.Keys(&records[1])
	for _, k := range match.Keys(&records[0]) {
		if slices.ContainsFunc(keys, func(o match.Key) bool { return o.String() == k.String() }) {
			w.SharedKeys = append(w.SharedKeys, k.String())
		}
	}
	x, y := match.Describe(&records[0]), match.Describe(&records[1])
	w.Verdict = match.Compare(&x, &y)
	return w, records, nil
}
