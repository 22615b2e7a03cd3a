package search

import (
	"math/rand/v2"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
)

// TestTally compares with what the bitmaps say themselves, for all densities and runs.
func TestTally(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const records = 300_001
	made := func(every uint32) *roaring.Bitmap {
		b := roaring.New()
		for n := uint32(0); n < records; n += 1 + rng.Uint32N(2*every) {
			b.Add(n)
		}
		if rng.IntN(2) == 0 {
			from := rng.Uint64N(records / 2)
			b.AddRange(from, from+rng.Uint64N(records/2))
			b.RunOptimize()
		}
		return b
	}
	spread := 0
	for _, every := range []uint32{1, 10, 30, 200, 2_000, 100_000} {
		for range 20 {
			found := made(every)
			tally := newTally(found, records)
			if tally.bits != nil {
				spread++
			}
			for _, other := range []uint32{1, 10, 30, 200, 2_000, 100_000} {
				b := made(other)
				for _, lists := range []bool{listed(b), true} {
					if got, want := tally.of(b, lists), int(b.AndCardinality(found)); got != want {
						t.Fatalf("one in %d found, one in %d others: %d, want %d", every, other, got, want)
					}
				}
			}
		}
	}
	if spread == 0 || spread == 120 {
		t.Errorf("%d of 120 were spread to bits", spread)
	}
	if n := newTally(roaring.New(), 0).of(roaring.BitmapOf(3), true); n != 0 {
		t.Errorf("%d of nothing", n)
	}
}
