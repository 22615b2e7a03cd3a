package queue_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/queue"
)

// pageEntry is an entry of the shape and size that a crawl writes for a page
// with ten links.
func pageEntry(i int) []byte {
	type request struct{ URL, Kind string }
	entry := struct {
		T        string    `json:"t"`
		URL      string    `json:"url"`
		Events   []string  `json:"events"`
		Requests []request `json:"requests"`
	}{T: "page", URL: fmt.Sprintf("https://www.example.org/resources/item-%d/", i), Events: []string{"fetched", "new"}}
	for k := range 10 {
		entry.Requests = append(entry.Requests, request{fmt.Sprintf("https://www.example.org/resources/%x/guidance-note-%d/", i*7919, i*10+k), "item"})
	}
	b, err := json.Marshal(entry)
	if err != nil {
		panic(err)
	}
	return b
}

// BenchmarkAppend is the time from an append to its acknowledgement, for one
// page at a time and for batches.
func BenchmarkAppend(b *testing.B) {
	for _, size := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("pages=%d", size), func(b *testing.B) {
			j := journal(b, open(b, b.TempDir()), run)
			batch := make([][]byte, size)
			for i := range batch {
				batch[i] = pageEntry(i)
			}
			for b.Loop() {
				if err := j.Append(b.Context(), batch...); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}

// BenchmarkReplay reads a million small entries back: stored one by one, and
// in batches.
func BenchmarkReplay(b *testing.B) {
	const total = 1_000_000
	for _, size := range []int{1, 8, 64} {
		b.Run(fmt.Sprintf("entries=%d/batch=%d", total, size), func(b *testing.B) {
			e := open(b, b.TempDir())
			fill(b, e, run, total, size, func(i int) []byte {
				return fmt.Appendf(nil, `{"t":"page","url":"https://www.example.org/resources/item-%d/"}`, i)
			})
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				for _, err := range journal(b, e, run).Read(b.Context(), 0) {
					if err != nil {
						b.Fatal(err)
					}
					n++
				}
				if n != total {
					b.Fatalf("%d entries, want %d", n, total)
				}
			}
			b.ReportMetric(float64(b.N*total)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}

func fill(b testing.TB, e *queue.Engine, id harvest.RunID, total, size int, entry func(int) []byte) {
	b.Helper()
	j := journal(b, e, id)
	batch := make([][]byte, 0, size)
	for i := range total {
		batch = append(batch, entry(i))
		if len(batch) == size || i == total-1 {
			if err := j.Append(b.Context(), batch...); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
}
