// Package memory decides when the garbage collector runs.
//
// What enters: how much of the heap was alive at the last collection. What
// leaves: how much may be added before the next. What it refuses: to know what
// fills the memory. GOGC in the environment has the last word over all of it.
package memory

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// A heap of less than small octets is not collected; above it the collector
// begins when the heap has grown by half since the last time. A harvester may
// have a small machine, so that large heaps are to stay close to what is alive;
// but the pages of a run pass by quickly in a small one, and to collect each few
// megabytes of them costs a tenth of the run.
const (
	small = 48 << 20
	least = 50 // per cent of what is alive, whatever that is
	most  = 1000
)

var (
	mu     sync.Mutex
	frugal bool // Frugal has been called
	held   int  // calls of Hold that have not ended
	now    int  // the percentage that was set last by frugal
)

// Frugal has the garbage collector wait until the heap has 48 MB, and in larger
// ones begin when they have grown by half. It is for the whole life of the process.
func Frugal() {
	mu.Lock()
	defer mu.Unlock()
	if frugal || os.Getenv("GOGC") != "" {
		return
	}
	frugal = true
	set(live())
	watch()
}

// Hold has the garbage collector begin at that percentage of growth until end is called,
// for work that waits for nothing. Of several the last one counts.
func Hold(percent int) (end func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	mu.Lock()
	defer mu.Unlock()
	held++
	before := debug.SetGCPercent(percent)
	return sync.OnceFunc(func() {
		mu.Lock()
		defer mu.Unlock()
		held--
		debug.SetGCPercent(before)
		if now = before; frugal && held == 0 {
			set(live())
		}
	})
}

// watch calls set once after each collection.
func watch() {
	// What has a size of its own is not packed together with others, which would
	// keep it alive.
	runtime.AddCleanup(new([64]byte), func(struct{}) {
		mu.Lock()
		defer mu.Unlock()
		if held == 0 {
			set(live())
		}
		watch()
	}, struct{}{})
}

// set has the collector begin where a heap of that much alive is to be collected next.
// To set it stops the program for a moment, so small differences are left.
func set(alive uint64) {
	if p := percent(alive); now == 0 || p < now-now/8 || p > now+now/8 {
		debug.SetGCPercent(p)
		now = p
	}
}

func percent(alive uint64) int {
	return int(min(max(100*small/max(alive, 1), 100+least), 100+most)) - 100
}

// live is what was alive at the last collection, in octets.
func live() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
