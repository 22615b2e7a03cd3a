package crawler

import (
	"context"
	"sync"

	"github.com/harvest87/harvest"
)

// priorities is the order of the lanes: discovery before items before documents.
var priorities = map[harvest.Kind]int{harvest.KindDiscovery: 0, harvest.KindItem: 1, harvest.KindDocument: 2}

// lanes is how many priorities there are.
const lanes = 3

// defaultWindow is how many pending requests of a lane are held in memory.
const defaultWindow = 2048

// frontier is what a run has still to visit, and what it has visited. Workers
// take from it; only the committer adds, so that nothing is pending that the
// journal does not know. Of what is pending it holds a window, and of the rest
// where in the journal it stands (window.go), so that its memory does not grow
// with what is pending; of what was visited, 10 octets each (visited.go). It is
// safe for concurrent use.
type frontier struct {
	form   func(string) (key string, slash bool) // the form by which a URL is recognised
	window int                                   // requests held of each lane; 0 while the journal is replayed

	mu       sync.Mutex
	wake     *sync.Cond
	pending  [lanes]lane
	place    place // of the batch that is being applied
	visited  visited
	inFlight int
	taken    int // handed out, by earlier claims of the run too
	most     int // that may be taken; 0: any number
	atOnce   int // that may be in flight; negative: any number
	closed   bool
}

func newFrontier(form func(string) (string, bool)) *frontier {
	f := &frontier{form: form, visited: newVisited(), atOnce: -1}
	f.wake = sync.NewCond(&f.mu)
	return f
}

// push adds the requests of an entry and marks them visited. Those already
// visited are left out. While the journal is replayed the entry has their keys
// only.
func (f *frontier) push(e *entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range e.Pending.len() {
		a, p := e.Pending.at(i)
		f.place.met[p]++
		if !f.visited.see(a) {
			continue
		}
		var r harvest.Request
		if f.window > 0 {
			r = e.Requests[i]
		}
		f.pending[p].push(r, f.window, f.place.cursor(p))
	}
	f.wake.Broadcast()
}

// keys are how requests are recognised.
func (f *frontier) keys(requests []harvest.Request) pendingKeys {
	var out pendingKeys
	for i := range requests {
		out = out.add(f.address(&requests[i]), priorities[requests[i].Kind])
	}
	return out
}

// done notes that a request has been visited. While the journal is replayed it
// is no longer pending.
func (f *frontier) done(r *harvest.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if was := f.visited.finish(f.address(r)); was && f.window == 0 {
		f.pending[priorities[r.Kind]].beyond--
	}
}

// next waits for a request and takes it. It returns false when the frontier
// was closed or ctx ended. Each request taken must be settled once.
func (f *frontier) next(ctx context.Context) (harvest.Request, bool) {
	stop := context.AfterFunc(ctx, f.close)
	defer stop()
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		if f.closed || ctx.Err() != nil {
			return harvest.Request{}, false
		}
		for p := range f.pending {
			if f.most > 0 && f.taken >= f.most || f.atOnce >= 0 && f.inFlight >= f.atOnce {
				break
			}
			if r, ok := f.pending[p].take(); ok {
				f.inFlight++
				f.taken++
				return r, true
			}
		}
		f.wake.Wait()
	}
}

// limit lets no more than most requests be taken, 0 for any number, of which
// some have been already.
func (f *frontier) limit(most, taken int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.most, f.taken = most, taken
}

// throttle lets no more than n requests be in flight; negative for any number.
func (f *frontier) throttle(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.atOnce = n
	f.wake.Broadcast()
}

// reset forgets what is pending and visited, for a door that begins afresh.
func (f *frontier) reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pending = [lanes]lane{}
	f.visited = newVisited()
}

// settle ends n requests that were taken.
func (f *frontier) settle(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.inFlight -= n
}

// size returns how many requests are pending and in flight.
func (f *frontier) size() (pending, inFlight int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for p := range f.pending {
		pending += f.pending[p].size()
	}
	return pending, f.inFlight
}

// drop removes what is pending and returns how many requests that were.
func (f *frontier) drop() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for p := range f.pending {
		n += f.pending[p].size()
		f.pending[p] = lane{}
	}
	return n
}

// close lets every waiting and later next return false.
func (f *frontier) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.wake.Broadcast()
}
