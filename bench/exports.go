package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// exportsAtScale writes a made-up catalogue in every format, each by the program
// in a process of its own, and prints what that took.
func exportsAtScale(ctx context.Context, o options, out io.Writer) error {
	data := o.catalogue
	if data == "" {
		data = filepath.Join(o.dir, "catalogue")
	}
	exe, err := buildProgram(ctx, o.dir)
	if err != nil {
		return err
	}
	l := newLibrary(o.records, o.words)
	if err := fill(ctx, data, l, out); err != nil {
		return err
	}
	names, err := exportFormats(ctx, exe)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\nExports of %d made-up records of %d words, by the whole program.\n\n", l.n, l.length)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "FORMAT\tSECONDS\tµS OF PROCESSOR A RECORD\tPEAK MB\tFILE MB\t")
	for _, name := range names {
		file := filepath.Join(o.dir, "export."+name)
		u, err := runExport(ctx, exe, data, name, file)
		if err != nil {
			return fmt.Errorf("export %s: %w", name, err)
		}
		info, err := os.Stat(file)
		if err := errors.Join(err, os.Remove(file)); err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%.1f\t%d\t%d\t%d\t\n", name, u.Wall.Seconds(), u.CPU.Microseconds()/int64(max(1, l.n)), u.Peak/1e6, info.Size()/1e6)
	}
	return w.Flush()
}

// fill writes the library into a catalogue, unless it is there.
func fill(ctx context.Context, data string, l *library, out io.Writer) (err error) {
	if err := os.MkdirAll(data, 0o755); err != nil {
		return err
	}
	store, err := sqlite.Open(ctx, filepath.Join(data, "harvest.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	stats, err := store.Stats(ctx)
	if err != nil || stats.Records == l.n {
		return err
	}
	if stats.Records > 0 {
		return fmt.Errorf("%s has %d records, not %d: name another folder", data, stats.Records, l.n)
	}
	began, used := time.Now(), processorTime()
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	const batch = 500
	for first := 0; first < l.n; first += batch {
		records := make([]harvest.Record, 0, batch)
		for i := first; i < min(first+batch, l.n); i++ {
			r := l.record(i)
			// What a harvested record says of each of its fields.
			r.Provenance = make(map[string]harvest.Evidence)
			for _, field := range []string{"title", "summary", "category", "published", "authors"} {
				r.Provenance[field] = harvest.Evidence{Basis: "json-ld", Detail: "$.about", Page: r.URL}
			}
			records = append(records, r)
		}
		if _, err := store.Put(ctx, "bench@20260101T000000Z", at.Add(time.Duration(first)*time.Millisecond), records); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "Written into SQLite in %.0f s (%.0f s of processor).\n", time.Since(began).Seconds(), (processorTime() - used).Seconds())
	return nil
}

// exportFormats are those that the program offers.
func exportFormats(ctx context.Context, exe string) ([]string, error) {
	said, err := exec.CommandContext(ctx, exe, "__complete", "export", "--format", "").Output() //nolint:gosec // built before
	if err != nil {
		return nil, fmt.Errorf("ask the program for its formats: %w", err)
	}
	names := strings.Fields(string(said))
	names = slices.DeleteFunc(names, func(n string) bool { return strings.HasPrefix(n, ":") })
	if len(names) == 0 {
		return nil, errors.New("the program offers no formats")
	}
	return names, nil
}

func runExport(ctx context.Context, exe, data, format, file string) (u usage, err error) {
	cmd := exec.CommandContext(ctx, exe, "export", "--data", data, "--format", format, "-o", file) //nolint:gosec // built before
	cmd.Dir = filepath.Dir(file)
	began := time.Now()
	if said, err := cmd.CombinedOutput(); err != nil {
		return u, fmt.Errorf("%w\n%s", err, said)
	}
	u.Wall, u.CPU = time.Since(began), cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.Peak = maxResident(r)
	}
	return u, nil
}
