// Package jsonl writes records as JSON Lines and reads them back: one record a
// line, nothing lost (https://jsonlines.org/).
//
// What enters: a sequence of records, or a stream of such lines. What leaves:
// UTF-8 text without a byte order mark, each record as one JSON object (RFC 8259)
// on a line that ends in LF; keys in the order of [harvest.Record], map keys
// sorted, empty fields left out. The same records always give the same octets.
// What it refuses: a line that is not one object with the fields of a record,
// and lines longer than [MaxLineBytes].
package jsonl

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/harvest87/harvest"
)

// MaxLineBytes is the longest line that Read accepts.
const MaxLineBytes = 64 << 20

// bufferBytes is the size of the buffer between records and the writer.
const bufferBytes = 64 << 10

// Write writes the records in the order in which they come and returns how
// many were written whole. It holds one record at a time. It stops at the
// first error of the sequence or of w, and when ctx ends; what was written
// until then is whole lines, unless w itself failed.
func Write(ctx context.Context, w io.Writer, records iter.Seq2[harvest.Record, error]) (int, error) {
	out := bufio.NewWriterSize(w, bufferBytes)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false) // "&" stays readable; U+2028 and U+2029 are escaped all the same
	n := 0
	for r, err := range records {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return n, errors.Join(fmt.Errorf("export record %d: %w", n+1, err), out.Flush())
		}
		if err := enc.Encode(&r); err != nil {
			return n, fmt.Errorf("export record %s: %w", r.ID, err)
		}
		n++
	}
	if err := out.Flush(); err != nil {
		return n, fmt.Errorf("export: %w", err)
	}
	return n, nil
}

// Read reads what [Write] wrote, one record at a time. Blank lines are passed
// over, and so is a byte order mark at the start. Unknown fields, a line that
// is not one object and a record without an ID end the sequence with an error
// that names the line.
func Read(r io.Reader) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 0, bufferBytes), MaxLineBytes)
		n := 0
		for lines.Scan() {
			n++
			line := lines.Bytes()
			if n == 1 {
				line = bytes.TrimPrefix(line, []byte("\uFEFF"))
			}
			if len(bytes.TrimSpace(line)) == 0 {
				continue
			}
			record, err := parse(line)
			if err != nil {
				yield(harvest.Record{}, fmt.Errorf("line %d: %w", n, err))
				return
			}
			if !yield(record, nil) {
				return
			}
		}
		switch err := lines.Err(); {
		case errors.Is(err, bufio.ErrTooLong):
			yield(harvest.Record{}, fmt.Errorf("line %d: longer than %d bytes", n+1, MaxLineBytes))
		case err != nil:
			yield(harvest.Record{}, fmt.Errorf("after line %d: %w", n, err))
		}
	}
}

func parse(line []byte) (harvest.Record, error) {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	var record harvest.Record
	if err := dec.Decode(&record); err != nil {
		return harvest.Record{}, fmt.Errorf("not a record: %w", plain(err))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return harvest.Record{}, errors.New("not a record: more than one value on the line")
	}
	if record.ID == "" {
		return harvest.Record{}, errors.New("not a record: it has no id")
	}
	return record, nil
}

// plain says what a decoder found without the names of Go types.
func plain(err error) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field != "":
		return fmt.Errorf("%s cannot be a JSON %s", wrong.Field, wrong.Value)
	case errors.As(err, &wrong):
		return fmt.Errorf("a JSON %s where an object should be", wrong.Value)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the line ends too early")
	}
	return errors.New(strings.TrimPrefix(err.Error(), "json: "))
}
