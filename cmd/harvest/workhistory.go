package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
)

func (m Main) workHistory(cmd *cobra.Command, f *flags, id harvest.WorkID) error {
	r, err := m.openReading(cmd.Context(), f)
	if err != nil {
		return err
	}
	defer r.close()
	moves, err := r.store.WorkHistory(cmd.Context(), id)
	if err != nil {
		return err
	}
	if len(moves) == 0 {
		switch _, err := r.store.Work(cmd.Context(), id); {
		case errors.Is(err, harvest.ErrNotFound):
			return fmt.Errorf("no work %q; 'harvest works list' prints those that there are", id)
		case err != nil:
			return err
		}
	}
	if f.json {
		return printJSON(m.Stdout, append([]harvest.WorkMove{}, moves...))
	}
	if len(moves) == 0 {
		fmt.Fprintln(m.Stdout, "Nothing has changed since the catalogue keeps the history of works.")
	}
	printMoves(m.Stdout, id, moves)
	return nil
}

// printMoves writes the history of a work for people: what happened at one
// moment stands together.
func printMoves(w io.Writer, of harvest.WorkID, moves []harvest.WorkMove) {
	var last time.Time
	for i := range moves {
		move := &moves[i]
		if i == 0 || !move.At.Equal(last) {
			last = move.At
			fmt.Fprintln(w, last.UTC().Format(time.RFC3339))
		}
		if move.To != of {
			fmt.Fprintf(w, "  - %s  to %s\n", safeLine(string(move.Record)), cmp.Or(safeLine(string(move.To)), "no work"))
			continue
		}
		fmt.Fprintf(w, "  + %s", safeLine(string(move.Record)))
		if move.From != "" {
			fmt.Fprintf(w, "  from %s", safeLine(string(move.From)))
		}
		fmt.Fprintf(w, "\n      %s %.2f: %s\n", safeLine(move.Method), move.Score, safeLine(move.Evidence))
	}
}
