package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The journal of a draft says what the queue's own would: batches in their order, each
// entry with where its batch can be read from.
func TestDraftJournal(t *testing.T) {
	j, err := newDraftJournal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	type entry struct {
		from uint64
		data string
	}
	var want []entry
	for batch := range 50 {
		from := j.Position()
		var entries [][]byte
		for e := range batch%4 + 1 {
			data := fmt.Sprintf("%d-%d %s", batch, e, make([]byte, batch*batch*3))
			entries, want = append(entries, []byte(data)), append(want, entry{from, data})
		}
		if err := j.Append(t.Context(), entries...); err != nil {
			t.Fatal(err)
		}
		read := func(from uint64, want []entry) {
			t.Helper()
			var got []entry
			for e, err := range j.Read(t.Context(), from) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, entry{e.From, string(e.Data)})
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(entry{})); diff != "" {
				t.Fatalf("from %d (-want +got):\n%s", from, diff)
			}
		}
		read(0, want)
		middle := want[len(want)/2].from
		at := 0
		for want[at].from != middle {
			at++
		}
		read(middle, want[at:])
		read(j.Position(), nil)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for _, err := range j.Read(ctx, 0) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("read with a context that has ended: %v", err)
		}
	}
	name := j.file.Name()
	if err := j.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is left: %v", err)
	}
}

// A draft that somebody works on is not cleared away.
func TestDraftIsHeld(t *testing.T) {
	folder := t.TempDir()
	if isDraftHeld(folder) {
		t.Error("a draft that nobody has is held")
	}
	lock, err := lockDraft(folder)
	if err != nil {
		t.Fatal(err)
	}
	if !isDraftHeld(folder) {
		t.Error("the draft is not held")
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
}
