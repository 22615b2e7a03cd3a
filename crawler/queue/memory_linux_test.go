package queue_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest/crawler/queue"
)

// resident is the memory of this process in octets: now, and at its most.
func resident() (now, most int) {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		kib, _ := strconv.Atoi(f[1])
		switch f[0] {
		case "VmRSS:":
			now = kib << 10
		case "VmHWM:":
			most = kib << 10
		}
	}
	return now, most
}

// grow appends as many pages, one by one, as HARVEST_QUEUE_TEST_PAGES says,
// and dies without a close; it prints what it held.
func grow(dir string) error {
	ctx := context.Background()
	total, err := strconv.Atoi(os.Getenv("HARVEST_QUEUE_TEST_PAGES"))
	if err != nil {
		return err
	}
	e, err := queue.Open(ctx, queue.Options{Dir: dir})
	if err != nil {
		return err
	}
	j, err := e.Journal(ctx, run)
	if err != nil {
		return err
	}
	before, _ := resident()
	for i := range total {
		if err := j.Append(ctx, pageEntry(i)); err != nil {
			return err
		}
	}
	after, most := resident()
	<-time.After(20 * time.Second) // until the engine's caches have expired
	for range 3 {                  // what is pooled outlives two
		debug.FreeOSMemory()
	}
	rest, _ := resident()
	fmt.Println(before, after, most, rest)
	os.Exit(0)
	return nil
}

// reread opens what grow has left, and replays it.
func reread(dir string) error {
	ctx := context.Background()
	start := time.Now()
	e, err := queue.Open(ctx, queue.Options{Dir: dir})
	if err != nil {
		return err
	}
	opened := time.Since(start)
	j, err := e.Journal(ctx, run)
	if err != nil {
		return err
	}
	start = time.Now()
	n := 0
	for _, err := range j.Read(ctx, 0) {
		if err != nil {
			return err
		}
		n++
	}
	replayed := time.Since(start)
	_, most := resident()
	start = time.Now()
	if err := j.End(ctx); err != nil {
		return err
	}
	fmt.Println(opened.Milliseconds(), replayed.Milliseconds(), most, n, time.Since(start).Milliseconds())
	return e.Close()
}

// BenchmarkMemory measures processes of their own: one that appends pages with
// ten links each and is killed, and one that takes the run up and ends it.
// HARVEST_QUEUE_TEST_PAGES chooses one size.
func BenchmarkMemory(b *testing.B) {
	sizes := []int{10_000, 100_000, 1_000_000}
	if n, err := strconv.Atoi(os.Getenv("HARVEST_QUEUE_TEST_PAGES")); err == nil {
		sizes = []int{n}
	}
	for _, size := range sizes {
		b.Run(fmt.Sprintf("pages=%d", size), func(b *testing.B) {
			b.Setenv("HARVEST_QUEUE_TEST_PAGES", strconv.Itoa(size))
			for b.Loop() {
				dir := b.TempDir()
				grown := report(b, "grow", dir, 4)
				b.ReportMetric(float64(grown[0])/1e6, "MB-start")
				b.ReportMetric(float64(grown[1])/1e6, "MB-after")
				b.ReportMetric(float64(grown[2])/1e6, "MB-peak")
				b.ReportMetric(float64(grown[3])/1e6, "MB-rest")
				b.ReportMetric(float64(diskUse(b, dir))/1e6, "MB-disk")
				back := report(b, "reread", dir, 5)
				if back[3] != size {
					b.Fatalf("%d pages came back", back[3])
				}
				b.ReportMetric(float64(back[0]), "ms-open")
				b.ReportMetric(float64(back[1]), "ms-replay")
				b.ReportMetric(float64(back[2])/1e6, "MB-replay-peak")
				b.ReportMetric(float64(back[4]), "ms-end")
			}
		})
	}
}

// report runs a child and reads the numbers that it prints.
func report(b *testing.B, role, dir string, n int) []int {
	b.Helper()
	cmd, out := child(b, role, dir)
	line, err := out.ReadString('\n')
	words := strings.Fields(line)
	if err != nil || len(words) != n {
		b.Fatalf("%s says %q, %v", role, line, err)
	}
	if _, err := bufio.NewReader(out).ReadByte(); err == nil {
		b.Fatalf("%s says more", role)
	}
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	numbers := make([]int, n)
	for i, w := range words {
		if numbers[i], err = strconv.Atoi(w); err != nil {
			b.Fatalf("%s says %q", role, line)
		}
	}
	return numbers
}

func diskUse(b *testing.B, dir string) int64 {
	b.Helper()
	var size int64
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		size += info.Size()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return size
}
