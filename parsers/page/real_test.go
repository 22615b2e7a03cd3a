//go:build dump

package page

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/harvest87/harvest/config"
	"golang.org/x/net/html"
)

func reals() (out [][]byte, n int64) {
	fs, _ := filepath.Glob("/tmp/pages/*/*.html")
	for i, f := range fs {
		if i%4 == 0 {
			b, _ := os.ReadFile(f)
			out = append(out, b)
			n += int64(len(b))
		}
	}
	return
}

func BenchmarkReal(b *testing.B) {
	r, n := reals()
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(n)
		for b.Loop() {
			for _, p := range r {
				html.Parse(bytes.NewReader(p))
			}
		}
	})
	b.Run("all", func(b *testing.B) {
		b.SetBytes(n)
		b.ReportAllocs()
		for b.Loop() {
			for _, p := range r {
				ExtractBytes("https://a.example/b/", p, "", config.PageRules{})
			}
		}
	})
}
