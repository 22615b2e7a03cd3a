package sinks

import (
	"context"
	"fmt"
	"iter"

	"github.com/harvest87/harvest"
)

// Each hands the records to write, one at a time and in the order in which
// they come, and returns how many were written. It stops at the first error of
// the sequence or of write, and when ctx ends. It is the loop of every export.
func Each(ctx context.Context, records iter.Seq2[harvest.Record, error], write func(*harvest.Record) error) (int, error) {
	n := 0
	for r, err := range records {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return n, fmt.Errorf("export record %d: %w", n+1, err)
		}
		if err := write(&r); err != nil {
			return n, fmt.Errorf("export record %s: %w", r.ID, err)
		}
		n++
	}
	return n, nil
}
