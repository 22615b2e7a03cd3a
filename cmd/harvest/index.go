package main

import (
	"context"
	"fmt"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"
)

func (m Main) indexCommand(f *flags) *cobra.Command {
	rebuild := &cobra.Command{
		Use: "rebuild", Short: "Build the search index anew from the catalogue",
		Long: `The search index is derived from the catalogue and kept up to date by itself.
Rebuild builds it anew; searches use the old one until the new one is complete.`,
		Example: "  harvest index rebuild",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return m.rebuildIndex(cmd.Context(), f) },
	}
	return group("index", "Look after the search index", "  harvest index rebuild", rebuild)
}

func (m Main) rebuildIndex(ctx context.Context, f *flags) error {
	r, err := m.openReading(ctx, f)
	if err != nil {
		return err
	}
	defer r.close()
	ix, err := m.openIndex(ctx, r)
	if err != nil {
		return err
	}
	defer ix.Close()
	start := time.Now()
	n := 0
	show := m.indexProgress()
	err = ix.Rebuild(ctx, r.store, func(done, total int) {
		n = done
		show(done, total)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Stdout, "Indexed %s in %s.\n", number(n, "record", "records"), time.Since(start).Round(time.Millisecond))
	return nil
}

// indexProgress shows, on a terminal, how far the index is.
func (m Main) indexProgress() func(done, total int) {
	if !isTerminal(m.Stderr) {
		return func(int, int) {}
	}
	var last time.Time
	return func(done, total int) {
		if done < total && time.Since(last) < 200*time.Millisecond {
			return
		}
		last = time.Now()
		fmt.Fprintf(m.Stderr, "\rindexing %s of %s ", humanize.Comma(int64(done)), humanize.Comma(int64(max(done, total))))
		if done >= total {
			fmt.Fprint(m.Stderr, "\r\033[K")
		}
	}
}
