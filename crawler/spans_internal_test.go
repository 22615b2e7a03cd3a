package crawler

import "testing"

func TestThinning(t *testing.T) {
	var x thinning
	last := 0
	for n := range 1_000_000 {
		if x.take() {
			last = n
			if n < thinEvery && x.taken != n+1 {
				t.Fatalf("of the first %d only %d are told of", n+1, x.taken)
			}
		}
	}
	if x.taken != mostFine && x.taken < mostFine/2 || x.taken > mostFine {
		t.Errorf("%d of a million are told of, want %d to %d", x.taken, mostFine/2, mostFine)
	}
	if last < 900_000 {
		t.Errorf("nothing is told of after request %d", last)
	}
}
