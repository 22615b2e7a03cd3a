package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks"
	"github.com/harvest87/harvest/sinks/sqlite"
	"github.com/harvest87/harvest/sinks/transfer"
	"github.com/harvest87/harvest/sinks/transfer/transfertest"
)

// Files of catalogues, made once: to copy one costs a fraction.
var (
	empty = sync.OnceValues(func() ([]byte, error) { return file(func(sinks.Catalogue) error { return nil }) })
	full  = sync.OnceValues(func() ([]byte, error) {
		return file(func(c sinks.Catalogue) error { return transfertest.Fill(context.Background(), c, 300) })
	})
)

func file(fill func(sinks.Catalogue) error) ([]byte, error) {
	folder, err := os.MkdirTemp("", "harvest-transfer")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "harvest.db")
	c, err := sqlite.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(fill(c), c.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

func openCopy(t *testing.T, of func() ([]byte, error)) sinks.Catalogue {
	t.Helper()
	content, err := of()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "harvest.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func open(t *testing.T) sinks.Catalogue {
	t.Helper()
	return openCopy(t, empty)
}

func filled(t *testing.T) sinks.Catalogue {
	t.Helper()
	return openCopy(t, full)
}

var options = transfer.Options{From: "first", Memos: []string{transfertest.Kind}}

func TestCopyIsWhole(t *testing.T) {
	t.Parallel()
	from, to := filled(t), open(t)
	parts, err := transfer.Copy(t.Context(), from, to, options)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, p := range parts {
		counts[p.Name] = p.Count
	}
	want := map[string]int{
		"records": 300, "withdrawals": 1, "works": 1, "moves between works": 2, "decisions": 1, "doubts": 1, "runs": 1, "pages": 300, "held pages": 1, "absences": 1, "memos": 1,
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Errorf("copied (-want +got):\n%s", diff)
	}
	// What the digests say, said by the catalogues themselves.
	for r, err := range from.Records(t.Context(), harvest.Query{States: []harvest.State{harvest.AnyState}}) {
		if err != nil {
			t.Fatal(err)
		}
		copied, err := to.Record(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		before, errBefore := from.Revisions(t.Context(), r.ID)
		after, errAfter := to.Revisions(t.Context(), r.ID)
		if diff := cmp.Diff(r, copied) + cmp.Diff(before, after); diff != "" || errBefore != nil || errAfter != nil {
			t.Fatalf("%s (-from +to): %v %v\n%s", r.ID, errBefore, errAfter, diff)
		}
	}
	// The copy goes on as the first would.
	r := harvest.Record{ID: "alpha:new", Source: "alpha", URL: "https://alpha.example/item/0298?b=<x>&a=1", Title: "It is back"}
	changes, err := to.Put(t.Context(), "alpha@later", time.Now(), []harvest.Record{r})
	if err != nil || changes[0].Outcome != harvest.Withdrawn {
		t.Errorf("what was taken down came again: %v, %v", changes, err)
	}
	if memos, err := to.Memos(t.Context(), "copy"); err != nil || len(memos) > 0 {
		t.Errorf("the copy still thinks it is under way: %v, %v", memos, err)
	}
}

// broken is a catalogue that goes away after some writes.
type broken struct {
	sinks.Catalogue
	left int
}

func (b *broken) PutWhole(ctx context.Context, records []harvest.WholeRecord) error {
	if b.left--; b.left < 0 {
		return fmt.Errorf("put: %w", harvest.ErrUnavailable)
	}
	return b.Catalogue.PutWhole(ctx, records)
}

func (b *broken) PutPages(ctx context.Context, pages []harvest.PageFacts) error {
	if b.left--; b.left < 0 {
		return fmt.Errorf("put: %w", harvest.ErrUnavailable)
	}
	return b.Catalogue.PutPages(ctx, pages)
}

// A copy that is stopped anywhere goes on, and ends as one that was not.
func TestCopyGoesOn(t *testing.T) {
	t.Parallel()
	from := filled(t)
	want, err := transfer.Copy(t.Context(), from, open(t), options)
	if err != nil {
		t.Fatal(err)
	}
	for stop := range 4 {
		to := open(t)
		if _, err := transfer.Copy(t.Context(), from, &broken{to, stop}, options); !errors.Is(err, harvest.ErrUnavailable) {
			t.Fatalf("stopped after %d writes: %v", stop, err)
		}
		other := options
		other.From = "another"
		if _, err := transfer.Copy(t.Context(), from, to, other); !errors.Is(err, transfer.ErrNotEmpty) {
			t.Errorf("it went on from another catalogue: %v", err)
		}
		got, err := transfer.Copy(t.Context(), from, to, options)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("stopped after %d writes, then: %v\n%s", stop, err, diff)
		}
	}
}

func TestCopyNeverMixes(t *testing.T) {
	t.Parallel()
	if _, err := transfer.Copy(t.Context(), filled(t), filled(t), options); !errors.Is(err, transfer.ErrNotEmpty) {
		t.Errorf("two catalogues were mixed: %v", err)
	}
}

// forgetful loses the history of what it is given.
type forgetful struct{ sinks.Catalogue }

func (f forgetful) PutWhole(ctx context.Context, records []harvest.WholeRecord) error {
	records = append([]harvest.WholeRecord(nil), records...)
	for i := range records {
		records[i].History = nil
	}
	return f.Catalogue.PutWhole(ctx, records)
}

func TestCopyIsVerified(t *testing.T) {
	t.Parallel()
	from, to := filled(t), open(t)
	if _, err := transfer.Copy(t.Context(), from, forgetful{to}, options); !errors.Is(err, transfer.ErrDiffers) {
		t.Errorf("a copy without history passed: %v", err)
	}
	if _, err := transfer.Copy(t.Context(), from, to, options); err != nil {
		t.Errorf("and was not mended: %v", err)
	}
}
