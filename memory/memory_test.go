package memory

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
)

func TestPercent(t *testing.T) {
	for alive, want := range map[uint64]int{
		0: most, 1 << 20: most, 12 << 20: 300, 24 << 20: 100, 48 << 20: least, 1 << 40: least,
	} {
		if got := percent(alive); got != want {
			t.Errorf("%d MB alive: %d %%, want %d %%", alive>>20, got, want)
		}
	}
}

// goal is the size of the heap at which the collector begins.
func goal() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// until collects until the goal is as it should be; the watcher runs beside us.
func until(t *testing.T, what string, ok func(goal uint64) bool) {
	t.Helper()
	for range 1000 {
		runtime.GC()
		if ok(goal()) {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("%s: the collector begins at %d MB", what, goal()>>20)
}

func TestFrugal(t *testing.T) {
	t.Setenv("GOGC", "")
	Frugal() // for good: the other tests say what they need
	nearly := func(octets uint64) func(uint64) bool {
		return func(goal uint64) bool { return goal > octets-octets/6 && goal < octets+octets/6 }
	}
	// This test's own heap is so small that the highest percentage bounds it.
	block := make([]byte, 16<<20)
	until(t, "a small heap", nearly(small))
	large := make([]byte, 200<<20)
	until(t, "a large heap", nearly(324<<20))
	end := Hold(300)
	until(t, "while it is held", nearly(864<<20))
	end()
	until(t, "afterwards", nearly(324<<20))
	runtime.KeepAlive(large)
	until(t, "small again", nearly(small))
	runtime.KeepAlive(block)
}

func TestGOGCHasTheLastWord(t *testing.T) {
	t.Setenv("GOGC", "70")
	before := debug.SetGCPercent(70)
	defer debug.SetGCPercent(before)
	Hold(300)()
	if got := debug.SetGCPercent(70); got != 70 {
		t.Errorf("the collector begins at %d %%", got)
	}
}
