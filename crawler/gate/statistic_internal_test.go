package gate

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestProbabilities compares the distribution with what it is by definition:
// its sum is 1, its mean that of the share, and with one case it is the share.
func TestProbabilities(t *testing.T) {
	for _, d := range []beta{{0.3, 15}, {4, 1}, {396, 4}, {0.04, 400}, {200, 200}, {1, 1}} {
		for _, n := range []int{1, 2, 7, 60, most} {
			sum, mean := 0.0, 0.0
			for k, p := range d.probabilities(n) {
				if p < 0 || math.IsNaN(p) {
					t.Fatalf("%v, %d of %d: %v", d, k, n, p)
				}
				sum += p
				mean += p * float64(k)
			}
			if math.Abs(sum-1) > 1e-9 || math.Abs(mean/float64(n)-d.a/(d.a+d.b)) > 1e-9 {
				t.Errorf("%v among %d: sum %v, mean share %v", d, n, sum, mean/float64(n))
			}
		}
	}
}

// TestLimitIsRare draws from the distribution itself: the limit is exceeded as
// seldom as it says.
func TestLimitIsRare(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	d := beta{1, 19}
	const n, draws = 50, 200_000
	limit := d.limit(n)
	over := 0
	for range draws {
		share := 1 - math.Pow(rng.Float64(), 1/d.b) // Beta(1, b)
		k := 0
		for range n {
			if rng.Float64() < share {
				k++
			}
		}
		if k > limit {
			over++
		}
	}
	if limit < 10 || limit > 25 || float64(over)/draws > 2*rare {
		t.Errorf("limit %d of %d, exceeded %d times in %d", limit, n, over, draws)
	}
}

// TestRareChiSquared compares with published quantiles for a probability of 1 in
// 10,000, which the approximation meets within eight per cent, on the side of patience.
func TestRareChiSquared(t *testing.T) {
	for df, want := range map[int]float64{1: 15.14, 2: 18.42, 5: 25.74, 10: 35.56, 30: 67.63} {
		if got := rareChiSquared(df); got/want < 0.99 || got/want > 1.08 {
			t.Errorf("%d degrees of freedom: %.2f, want %.2f", df, got, want)
		}
	}
}

func TestDivergence(t *testing.T) {
	for _, c := range []struct {
		name        string
		now, before map[string]int
		want        float64
	}{
		{"alike", map[string]int{"a": 10, "b": 20}, map[string]int{"a": 100, "b": 200}, 0},
		{"nothing in common", map[string]int{"a": 10}, map[string]int{"b": 20}, 1},
		{"half", map[string]int{"a": 10}, map[string]int{"a": 10, "b": 10}, 0.3113},
		{"nothing", nil, map[string]int{"a": 10}, 0},
	} {
		m := newMixes(c.now, c.before)
		if got := m.divergence(); math.Abs(got-c.want) > 1e-3 {
			t.Errorf("%s: %.4f, want %.4f", c.name, got, c.want)
		}
	}
}
