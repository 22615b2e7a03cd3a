//go:build unix

package page

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// BenchmarkStages measures what each stage of reading a page of 100 KB costs,
// in CPU time of the process, which says more than the clock on a busy machine.
// Each stage does all before it and itself; docs/extraction.md has the table.
func BenchmarkStages(b *testing.B) {
	body := stagePage(b)
	vocab, err := config.LoadVocabulary()
	if err != nil {
		b.Fatal(err)
	}
	const address = "https://example.org/2023/03/28/seafarers/"
	stages := []struct {
		name string
		run  func()
	}{
		{"parse", func() { parse(decode(body, "")) }},
		{"walk", func() {
			doc, _ := parse(decode(body, ""))
			look(doc.Nodes[0])
		}},
		{"gather", func() {
			doc, _ := parse(decode(body, ""))
			newExtractor(address, doc, config.PageRules{}).gather()
		}},
		{"decide", func() { ExtractBytes(address, body, "", config.PageRules{}) }},
		{"finish", func() {
			r := ExtractBytes(address, body, "", config.PageRules{})
			normalize.Finish(&r.Record, nil, vocab)
		}},
	}
	for _, s := range stages {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			start := cpuTime(b)
			for b.Loop() {
				s.run()
			}
			b.ReportMetric(float64(cpuTime(b)-start)/float64(b.N), "cpu-ns/op")
		})
	}
}

// cpuTime is what the process has spent so far, in nanoseconds.
func cpuTime(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

func stagePage(b *testing.B) []byte {
	b.Helper()
	page, err := os.ReadFile("testdata/post-with-graph.html")
	if err != nil {
		b.Fatal(err)
	}
	before, after, _ := strings.Cut(string(page), `<ul class="sharedaddy">`)
	var out bytes.Buffer
	out.WriteString(before)
	for i := range 40 {
		fmt.Fprintf(&out, `<p>In port number %d the crew waited for <a href="/ships/%d">nineteen weeks</a>. Nobody came, and the agent no longer answered; <strong>nothing</strong> until the union sent a van. What happened next was written down by the harbour master, who keeps a list of every ship that is left there.</p>`, i, i)
	}
	out.WriteString("<script>window.state={")
	for out.Len() < 60<<10 {
		fmt.Fprintf(&out, `"setting%d":"the value of a setting",`, out.Len())
	}
	out.WriteString(`}</script><ul class="sharedaddy">` + after)
	for i := 0; out.Len() < 100<<10; i++ {
		fmt.Fprintf(&out, `<div class="card teaser col-md-4"><a class="card__link" href="/2022/0%d/story-%d/"><h3 class="card__title">Another story, number %d</h3></a><span class="card__date">%d May 2022</span></div>`, i%9+1, i, i, i%28+1)
	}
	return out.Bytes()
}
