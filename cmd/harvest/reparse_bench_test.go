//go:build unix

package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	main "github.com/harvest87/harvest/cmd/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// BenchmarkReparse measures 'harvest reparse', the whole command, on a library
// with as many pages as HARVEST_REPARSE_PAGES says, 500 unless it is set. The run
// that fetches them is measured beside it, with an archive and, up to 2,000 pages,
// without. cpu-µs/page is processor time, which other work on the machine distorts
// least.
func BenchmarkReparse(b *testing.B) {
	pages := 500
	if n, err := strconv.Atoi(os.Getenv("HARVEST_REPARSE_PAGES")); err == nil {
		pages = n
	}
	library := sitetest.NewLibrary(sitetest.LibraryOptions{Items: pages, NoSitemap: true})
	site := sitetest.NewServer(b, library)
	dir := b.TempDir()
	source := filepath.Join("config", "sources", "library.yaml")
	for name, text := range map[string]string{
		filepath.Join("config", "harvest.yaml"):          "contact: bench@example.org\n",
		source:                                           library.SourceFile("library", site),
		filepath.Join("bare", "harvest.yaml"):            "contact: bench@example.org\narchive: {keep: false}\n",
		filepath.Join("bare", "sources", "library.yaml"): library.SourceFile("library", site),
	} {
		if err := writeFile(filepath.Join(dir, name), text); err != nil {
			b.Fatal(err)
		}
	}
	b.Chdir(dir)
	harvest := func(args ...string) []byte {
		var out, said bytes.Buffer
		if code := (main.Main{Stdout: &out, Stderr: &said}).Run(context.Background(), args); code != 0 {
			b.Fatalf("harvest %v: exit code %d\n%s%s", args, code, out.Bytes(), said.Bytes())
		}
		return out.Bytes()
	}
	seconds := func(args ...string) float64 {
		begin := time.Now()
		harvest(args...)
		return time.Since(begin).Seconds()
	}
	bare := 0.0
	if pages <= 2000 {
		bare = seconds("run", "library", "--config", filepath.Join("bare", "harvest.yaml"), "--data", "bare-data")
	}
	kept := seconds("run", "library")
	var folder int64
	files, err := filepath.Glob(filepath.Join("harvest-data", "archive", "library", "*.warc.gz"))
	if err != nil || len(files) == 0 {
		b.Fatal("nothing is kept", err)
	}
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			b.Fatal(err)
		}
		folder += info.Size()
	}
	before := library.Count().Requests
	var found struct{ Pages, Unchanged, Changed, Added, Removed, Unknown int }
	used := processorTime(b)
	for b.Loop() {
		if err := json.Unmarshal(harvest("reparse", "library", "--json"), &found); err != nil {
			b.Fatal(err)
		}
	}
	if found.Unchanged != pages || found.Changed+found.Added+found.Removed+found.Unknown != 0 {
		b.Errorf("read again: %+v", found)
	}
	if n := library.Count().Requests - before; n != 0 {
		b.Errorf("%d requests", n)
	}
	b.ReportMetric(float64((processorTime(b)-used).Microseconds())/float64(found.Pages*b.N), "cpu-µs/page")
	b.ReportMetric(float64(found.Pages)*float64(b.N)/b.Elapsed().Seconds(), "pages/s")
	b.ReportMetric(float64(folder)/float64(found.Pages), "octets/page")
	b.ReportMetric(bare, "s/run-without")
	b.ReportMetric(kept, "s/run-with")
}

// processorTime is what this process has used so far, of all processors.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
