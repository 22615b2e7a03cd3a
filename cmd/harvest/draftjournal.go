package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/gofrs/flock"

	"github.com/harvest87/harvest/crawler/queue"
	"github.com/harvest87/harvest/memory"
)

// draftJournal is the journal of a run that nobody takes up again: a file of batches,
// each with its length, that goes with the draft. It belongs to one goroutine.
type draftJournal struct {
	file *os.File
	to   *bufio.Writer
	end  uint64 // where the next batch will stand
}

// draftHead is where the first batch stands, for 0 means the beginning.
const draftHead = 1

func newDraftJournal(folder string) (*draftJournal, error) {
	file, err := os.CreateTemp(folder, "journal-")
	if err != nil {
		return nil, fmt.Errorf("make the journal of a draft: %w", err)
	}
	j := &draftJournal{file: file, to: bufio.NewWriterSize(file, 256<<10), end: draftHead}
	return j, j.write([]byte{0})
}

func (j *draftJournal) write(b []byte) error {
	if _, err := j.to.Write(b); err != nil {
		return fmt.Errorf("write the journal of a draft: %w", err)
	}
	return nil
}

// Append implements crawler.Journal: the number of entries, and each with its length.
func (j *draftJournal) Append(_ context.Context, entries ...[]byte) error {
	if len(entries) == 0 {
		return nil
	}
	head := binary.AppendUvarint(nil, uint64(len(entries)))
	size := uint64(len(head))
	err := j.write(head)
	for _, e := range entries {
		length := binary.AppendUvarint(nil, uint64(len(e)))
		size += uint64(len(length) + len(e))
		err = errors.Join(err, j.write(length), j.write(e))
	}
	if err == nil {
		j.end += size
	}
	return err
}

// Position implements crawler.Journal.
func (j *draftJournal) Position() uint64 { return j.end }

// Read implements crawler.Journal.
func (j *draftJournal) Read(ctx context.Context, from uint64) iter.Seq2[queue.Entry, error] {
	return func(yield func(queue.Entry, error) bool) {
		at := max(from, draftHead)
		if err := j.to.Flush(); err != nil {
			yield(queue.Entry{}, fmt.Errorf("write the journal of a draft: %w", err))
			return
		}
		in := bufio.NewReaderSize(io.NewSectionReader(j.file, int64(at), int64(j.end-at)), 64<<10) //nolint:gosec // sizes of a file
		for at < j.end && ctx.Err() == nil {
			batch := at
			count, err := binary.ReadUvarint(in)
			at += uint64(len(binary.AppendUvarint(nil, count)))
			for range count {
				var length uint64
				if err == nil {
					length, err = binary.ReadUvarint(in)
				}
				if err == nil && length > j.end-at {
					err = io.ErrUnexpectedEOF
				}
				if err != nil {
					break
				}
				data := make([]byte, length)
				if _, err = io.ReadFull(in, data); err != nil {
					break
				}
				at += uint64(len(binary.AppendUvarint(nil, length))) + length
				if !yield(queue.Entry{From: batch, Data: data}, nil) {
					return
				}
			}
			if err != nil {
				yield(queue.Entry{}, fmt.Errorf("read the journal of a draft: %w", err))
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(queue.Entry{}, err)
		}
	}
}

func (j *draftJournal) close() error {
	return errors.Join(j.file.Close(), os.Remove(j.file.Name()))
}

// draftLock tells who clears up that a draft is in use.
const draftLock = "lock"

func lockDraft(folder string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(folder, draftLock))
	ok, err := lock.TryLock()
	if err == nil && !ok {
		err = errors.New("somebody else has it")
	}
	if err != nil {
		return nil, fmt.Errorf("lock the draft: %w", err)
	}
	return lock, nil
}

// isDraftHeld reports whether somebody works on a draft.
func isDraftHeld(folder string) bool {
	lock := flock.New(filepath.Join(folder, draftLock))
	ok, err := lock.TryLock()
	if err != nil || !ok {
		return true
	}
	_ = lock.Unlock() // it is removed next
	return false
}

// hungry has the garbage collector leave more room than [memory.Frugal] does while much is
// computed and nothing waited for, and returns what ends that. GOGC has the last word.
func hungry() (end func()) {
	const percent, most = 300, 1 << 30
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	release := memory.Hold(percent)
	limit := debug.SetMemoryLimit(-1)
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(most)
	}
	return func() {
		release()
		debug.SetMemoryLimit(limit)
	}
}
