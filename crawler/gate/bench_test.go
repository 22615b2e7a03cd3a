package gate_test

import (
	"testing"

	"github.com/harvest87/harvest/crawler/gate"
)

// BenchmarkReading is what gates cost a record: of one that is new, and of one
// that is compared with what the catalogue has.
func BenchmarkReading(b *testing.B) {
	now, was := record(1, nil), record(1, nil)
	b.Run("new", func(b *testing.B) {
		var s gate.Sum
		for b.Loop() {
			r := gate.Read(now, nil)
			if _, err := s.Add(s.Pack(&r)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("known", func(b *testing.B) {
		var s gate.Sum
		for b.Loop() {
			r := gate.Read(now, was)
			if _, err := s.Add(s.Pack(&r)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
