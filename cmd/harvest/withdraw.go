package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
)

func (m Main) withdrawCommand(f *flags) *cobra.Command {
	var s signing
	var undo, list bool
	cmd := &cobra.Command{
		Use:   "withdraw RECORD...",
		Short: "Take records down: content removed, never harvested again",
		Long: `Withdraw removes all that the catalogue has of a record: its content, its
history, what it was matched by, and its entry in the search index. A tombstone
stays with author, date and reason, and no harvest takes the record in again:
not changed, not under another spelling of its address, not with the same
number of its source, not where its address redirects to.

Backups and exports made before still have it, and so may free space of the
index's files until 'harvest index rebuild'. The page ledger keeps the address of
the page, and hashes.

--undo lets it be harvested again; what was removed does not come back by itself.`,
		Example: `  harvest withdraw respect:5hc0v3kq8r2m1x7d --reason "asked for by its author, 2026-03-01"
  harvest withdraw respect:5hc0v3kq8r2m1x7d --undo --reason "the wrong one"
  harvest withdraw --list`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if list {
				return m.listWithdrawals(cmd.Context(), f)
			}
			if len(args) == 0 {
				return usageError{errors.New("name the records to take down, or --list those that were")}
			}
			by, err := s.signature()
			if err != nil {
				return err
			}
			if undo {
				return m.reinstate(cmd.Context(), f, args, by)
			}
			return m.withdraw(cmd.Context(), f, args, by)
		},
	}
	s.bind(cmd)
	cmd.Flags().BoolVar(&undo, "undo", false, "let the records be harvested again")
	cmd.Flags().BoolVar(&list, "list", false, "list what was taken down")
	return cmd
}

// takenDown is what `harvest withdraw --json` prints of a record.
type takenDown struct {
	harvest.Withdrawal
	// Shared is true when other records of the source stand at the same address,
	// which can then not be barred.
	Shared bool `json:"shared_address,omitempty"`
	// Also are the records that describe the same document.
	Also []harvest.RecordID `json:"also,omitempty"`
}

func (m Main) withdraw(ctx context.Context, f *flags, ids []string, by harvest.Signature) error {
	r, err := m.openDeciding(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	for _, id := range ids { // all or none
		if err := r.standing(ctx, harvest.RecordID(id)); err != nil {
			return err
		}
	}
	var done []takenDown
	for _, id := range ids {
		t, err := r.takeDown(ctx, harvest.RecordID(id), by)
		if err != nil {
			return err
		}
		done = append(done, t)
	}
	if err := m.unindex(ctx, r); err != nil {
		return err
	}
	if f.json {
		return printJSON(m.Stdout, done)
	}
	for _, t := range done {
		fmt.Fprintf(m.Stdout, "%s is taken down and will not be harvested again\n", t.Record)
		if t.Shared {
			fmt.Fprintln(m.Stdout, "  other records stand at its address, so it is recognised by its source's number alone")
		}
		for _, other := range t.Also {
			if !slices.Contains(ids, string(other)) {
				fmt.Fprintf(m.Stdout, "  %s describes the same document, and stands\n", other)
			}
		}
	}
	return nil
}

// takeDown withdraws one record, and matches again those that it was matched
// with.
func (r *room) takeDown(ctx context.Context, id harvest.RecordID, by harvest.Signature) (takenDown, error) {
	record, err := r.store.Record(ctx, id)
	if err != nil {
		return takenDown{}, err
	}
	t := takenDown{Withdrawal: harvest.NewWithdrawal(&record, by.Author, by.Reason, time.Now())}
	if record.Work != "" {
		work, err := r.store.Work(ctx, record.Work)
		if err != nil && !errors.Is(err, harvest.ErrNotFound) {
			return t, err
		}
		for _, member := range work.Members {
			if member.Record != id {
				t.Also = append(t.Also, member.Record)
			}
		}
	}
	if t.Shared, err = r.spareShared(ctx, &record, &t.Withdrawal); err != nil {
		return t, err
	}
	if err := r.store.Withdraw(ctx, t.Withdrawal); err != nil {
		return t, err
	}
	return t, r.rematch(ctx, append(t.Also, id))
}

// spareShared takes those addresses off a take-down at which other records of
// the source stand: a record with a number of its own is recognised by that.
func (r *room) spareShared(ctx context.Context, record *harvest.Record, w *harvest.Withdrawal) (bool, error) {
	if record.NativeID == "" {
		return false, nil
	}
	own := len(w.Names)
	for other, err := range r.store.Records(ctx, harvest.Query{Sources: []harvest.SourceID{record.Source}}) {
		if err != nil {
			return false, err
		}
		if other.ID == record.ID {
			continue
		}
		names := harvest.WithdrawalNames(&other)
		w.Names = slices.DeleteFunc(w.Names, func(n string) bool { return slices.Contains(names, n) })
	}
	return len(w.Names) < own, nil
}

// unindex takes what is no longer in the catalogue out of the search index, if
// there is one.
func (m Main) unindex(ctx context.Context, r *room) error {
	if _, err := os.Stat(filepath.Join(r.data, indexFolder)); err != nil {
		return nil //nolint:nilerr // an index that is built later knows nothing of it
	}
	ix, err := m.openIndex(ctx, r)
	if err != nil {
		return fmt.Errorf("it is taken down, and the search index not yet brought up to date: %w", err)
	}
	return ix.Close()
}

func (m Main) reinstate(ctx context.Context, f *flags, ids []string, by harvest.Signature) error {
	r, err := m.openDeciding(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	for _, id := range ids {
		err := r.store.Reinstate(ctx, harvest.RecordID(id))
		if errors.Is(err, harvest.ErrNotFound) {
			return fmt.Errorf("%s was not taken down; 'harvest withdraw --list' shows what was", id)
		}
		if err != nil {
			return err
		}
		r.logger.Info("take-down taken back", "record", id, "author", by.Author, "reason", by.Reason)
		fmt.Fprintf(m.Stdout, "%s may be harvested again; its next run records it as new\n", id)
	}
	return m.unindex(ctx, r)
}

func (m Main) listWithdrawals(ctx context.Context, f *flags) error {
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	all, err := r.store.Withdrawals(ctx)
	if err != nil {
		return err
	}
	if f.json {
		return printJSON(m.Stdout, append([]harvest.Withdrawal{}, all...))
	}
	if len(all) == 0 {
		fmt.Fprintln(m.Stdout, "Nothing was taken down.")
		return nil
	}
	t := newTable(m.Stdout, "RECORD", "WHEN", "BY", "WHY")
	for _, w := range all {
		t.AppendRow([]any{string(w.Record), w.At.UTC().Format(time.DateTime), fit(w.Author, 20), fit(w.Reason, max(30, width(m.Stdout)-70))})
	}
	t.Render()
	return nil
}
