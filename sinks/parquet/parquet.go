// Package parquet writes records as a typed table for pandas, R, DuckDB and Spark.
//
// What enters: a sequence of records. What leaves: one Apache Parquet file
// (https://parquet.apache.org/docs/file-format/), compressed with zstd, with
// the columns of [Schema]. The same records always give the same octets. What
// it refuses: nothing; octets that are not UTF-8 become U+FFFD.
//
//   - What is unknown is null; a list without items is empty.
//   - published and modified are text with its precision beside it;
//     published_from is the first day that it can mean, as a DATE.
//   - Moments are TIMESTAMP in UTC, to the millisecond.
//   - documents and translations are lists of structures; provenance is JSON.
//
// A row group has at most [GroupRows] rows and about [GroupBytes] octets of
// text, and is all that is held in memory.
package parquet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/parquet-go/parquet-go"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
)

// The bounds of a row group.
const (
	GroupRows  = 10_000
	GroupBytes = 32 << 20
)

// Schema is the schema of the file, in the notation of Parquet.
func Schema() string { return parquet.SchemaOf(row{}).String() }

// Write writes the records in the order in which they come and returns how
// many were taken. It stops at the first error of the sequence or of w, and
// when ctx ends; then the file has no end, and no reader takes it for whole.
func Write(ctx context.Context, w io.Writer, records iter.Seq2[harvest.Record, error]) (int, error) {
	out := parquet.NewGenericWriter[row](w, parquet.Compression(&parquet.Zstd), parquet.CreatedBy("harvest", "1", "0"))
	rows, octets := 0, 0
	buffer := make([]row, 1)
	n, err := sinks.Each(ctx, records, func(r *harvest.Record) error {
		var err error
		if buffer[0], err = rowOf(r); err != nil {
			return err
		}
		if _, err := out.Write(buffer); err != nil {
			return err
		}
		rows, octets = rows+1, octets+weight(r)
		if rows < GroupRows && octets < GroupBytes {
			return nil
		}
		rows, octets = 0, 0
		return out.Flush()
	})
	if err != nil {
		return n, err
	}
	if err := out.Close(); err != nil {
		return n, fmt.Errorf("export: %w", errors.Join(err, ctx.Err()))
	}
	return n, nil
}

// weight is about the text of a record, in octets.
func weight(r *harvest.Record) int {
	n := 1024 + len(r.Title) + len(r.Summary) + len(r.URL)
	for field, e := range r.Provenance {
		n += len(field) + len(e.Detail) + len(e.Page)
	}
	for _, list := range [][]string{r.TitleAlt, r.Authors, r.CategoriesRaw} {
		for _, s := range list {
			n += len(s)
		}
	}
	return n
}
