package exporttest

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Write is an export in one format.
type Write func(context.Context, io.Writer, iter.Seq2[harvest.Record, error]) (int, error)

// Bytes are what the format makes of those records.
func Bytes(t testing.TB, write Write, records ...harvest.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := write(t.Context(), &b, Sequence(records...))
	if err != nil || n != len(records) {
		t.Fatalf("wrote %d of %d: %v", n, len(records), err)
	}
	return b.Bytes()
}

// Golden compares what the format makes of the full, the bare and the Arabic
// record with testdata/name, and writes that file when -update is given.
func Golden(t *testing.T, name string, write Write) {
	t.Helper()
	got := Bytes(t, write, Full(), Minimal(), Arabic())
	golden := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Contract checks what holds for every format: the same records give the same
// octets; errors of the sequence and of the writer come back, with the number
// of records written; a cancelled context ends it; arguments are not changed.
func Contract(t *testing.T, write Write) {
	t.Helper()
	t.Run("deterministic", func(t *testing.T) {
		records := append(HostileRecords(), Full(), Minimal())
		if !bytes.Equal(Bytes(t, write, records...), Bytes(t, write, records...)) {
			t.Error("two exports of the same records differ")
		}
		if diff := cmp.Diff(append(HostileRecords(), Full(), Minimal()), records); diff != "" {
			t.Errorf("the writer changed its records:\n%s", diff)
		}
	})
	t.Run("error of the sequence", func(t *testing.T) {
		broken := errors.New("store went away")
		n, err := write(t.Context(), io.Discard, func(yield func(harvest.Record, error) bool) {
			_ = yield(Minimal(), nil) && yield(harvest.Record{}, broken)
		})
		if n != 1 || !errors.Is(err, broken) {
			t.Errorf("wrote %d: %v", n, err)
		}
	})
	t.Run("error of the writer", func(t *testing.T) {
		if _, err := write(t.Context(), failing{}, Sequence(Full())); !errors.Is(err, errFull) {
			t.Errorf("the writer's error is lost: %v", err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if n, err := write(ctx, io.Discard, Sequence(Full())); n != 0 || !errors.Is(err, context.Canceled) {
			t.Errorf("wrote %d: %v", n, err)
		}
	})
}

var errFull = errors.New("disk full")

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

// Seeds adds the hostile texts to a fuzz target that takes one text.
func Seeds(f *testing.F) {
	f.Helper()
	for _, text := range Hostile {
		f.Add(text)
	}
}

// Benchmark measures records per second; memory is that of one record.
func Benchmark(b *testing.B, write Write) {
	b.Helper()
	b.ReportAllocs()
	r := Full()
	records := func(yield func(harvest.Record, error) bool) {
		for b.Loop() {
			if !yield(r, nil) {
				return
			}
		}
	}
	if _, err := write(b.Context(), io.Discard, records); err != nil {
		b.Fatal(err)
	}
}

// Flat checks that memory does not grow with the number of records: what is
// held after many is what was held after few, but for what the collector has
// not counted yet.
func Flat(t *testing.T, write Write) {
	t.Helper()
	FlatFor(t, write, Full(), 1_000, 6_000)
}

// FlatFor is Flat for formats that hold some megabytes before they pass them
// on: few records of that kind must be more than that.
func FlatFor(t *testing.T, write Write, r harvest.Record, few, many int) {
	t.Helper()
	const tolerance = 4 << 20
	var before, after uint64
	n, err := write(t.Context(), io.Discard, func(yield func(harvest.Record, error) bool) {
		for i := range many {
			r.ID = harvest.RecordID(fmt.Sprintf("test:%016x", i))
			if !yield(r, nil) {
				return
			}
			switch i {
			case few:
				before = held()
			case many - 1:
				after = held()
			}
		}
	})
	if err != nil || n != many {
		t.Fatalf("wrote %d: %v", n, err)
	}
	if after > before+tolerance {
		t.Errorf("%d octets are held after %d records, %d after %d", before, few, after, many)
	}
}

// held is what the heap holds, in octets.
func held() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Million writes a million records and reports the most that the heap held and
// the size of the file, in MiB: go test ./sinks/... -run - -bench Million -benchtime 1x.
func Million(b *testing.B, write Write) {
	b.Helper()
	const records = 1_000_000
	for b.Loop() {
		var peak uint64
		var size counter
		if _, err := write(b.Context(), &size, func(yield func(harvest.Record, error) bool) {
			r := Full()
			for i := range records {
				r.ID = harvest.RecordID(fmt.Sprintf("test:%016x", i))
				if i%50_000 == 0 {
					peak = max(peak, held())
				}
				if !yield(r, nil) {
					return
				}
			}
		}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(peak)/(1<<20), "MiB-heap")
		b.ReportMetric(float64(size)/(1<<20), "MiB-file")
		b.ReportMetric(records/b.Elapsed().Seconds()*float64(b.N), "records/s")
	}
}

// counter counts octets.
type counter int64

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
