package crawler

import (
	"context"
	"crypto/sha256"
	"sync"

	"github.com/harvest87/harvest"
)

// urlKey recognises a URL in 16 octets.
type urlKey [16]byte

func keyOf(s string) urlKey {
	sum := sha256.Sum256([]byte(s))
	return urlKey(sum[:16])
}

// priorities is the order of the queues: discovery before items before documents.
var priorities = map[harvest.Kind]int{harvest.KindDiscovery: 0, harvest.KindItem: 1, harvest.KindDocument: 2}

// frontier is what a run has still to visit, and what it has visited. Workers
// take from it; only the committer adds, so that nothing is pending that the
// journal does not know. It is safe for concurrent use.
type frontier struct {
	normal func(string) string // URL → the form by which it is recognised

	mu       sync.Mutex
	wake     *sync.Cond
	pending  [3][]harvest.Request
	visited  map[urlKey]struct{}
	inFlight int
	taken    int // handed out, by earlier claims of the run too
	most     int // that may be taken; 0: any number
	closed   bool
}

func newFrontier(normal func(string) string) *frontier {
	f := &frontier{normal: normal, visited: make(map[urlKey]struct{})}
	f.wake = sync.NewCond(&f.mu)
	return f
}

// key is how a request is recognised within a run. Discovery pages are told
// apart by their door's step and exact URL, so that a listing page may also be
// an item; a look at a canonical address belongs to the page that names it;
// everything else by its normal form.
func (f *frontier) key(r *harvest.Request) urlKey {
	if r.Kind == harvest.KindDiscovery {
		return keyOf("discovery\x00" + r.Step + "\x00" + r.URL)
	}
	if r.Alias != "" {
		return keyOf("alias\x00" + f.normal(r.Alias) + "\x00" + f.normal(r.URL))
	}
	return keyOf(f.normal(r.URL))
}

// seen reports whether an item page with that URL is visited or pending.
func (f *frontier) seen(url string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.visited[keyOf(f.normal(url))]
	return ok
}

// fresh returns those of the requests that are neither visited nor pending nor
// named twice in the list. It changes nothing.
func (f *frontier) fresh(requests []harvest.Request) []harvest.Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []harvest.Request
	now := make(map[urlKey]struct{}, len(requests))
	for i := range requests {
		k := f.key(&requests[i])
		if _, ok := f.visited[k]; ok {
			continue
		}
		if _, ok := now[k]; ok {
			continue
		}
		now[k] = struct{}{}
		out = append(out, requests[i])
	}
	return out
}

// push adds requests and marks them visited. Those already visited are left out.
func (f *frontier) push(requests []harvest.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range requests {
		k := f.key(&requests[i])
		if _, ok := f.visited[k]; ok {
			continue
		}
		f.visited[k] = struct{}{}
		p := priorities[requests[i].Kind]
		f.pending[p] = append(f.pending[p], requests[i])
	}
	f.wake.Broadcast()
}

// markVisited notes a URL that was reached by a redirect.
func (f *frontier) markVisited(url string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.visited[keyOf(f.normal(url))] = struct{}{}
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
			if len(f.pending[p]) == 0 || f.most > 0 && f.taken >= f.most {
				continue
			}
			r := f.pending[p][0]
			f.pending[p][0] = harvest.Request{}
			f.pending[p] = f.pending[p][1:]
			f.inFlight++
			f.taken++
			return r, true
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

// reset forgets what is pending and visited, for a door that begins afresh.
func (f *frontier) reset() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pending = [3][]harvest.Request{}
	f.visited = make(map[urlKey]struct{})
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
		pending += len(f.pending[p])
	}
	return pending, f.inFlight
}

// drop removes what is pending and returns how many requests that were.
func (f *frontier) drop() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for p := range f.pending {
		n += len(f.pending[p])
		f.pending[p] = nil
	}
	return n
}

// forget removes those pending requests whose keys are in done. It is for replay.
func (f *frontier) forget(done map[urlKey]struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for p := range f.pending {
		var left []harvest.Request
		for i := range f.pending[p] {
			if _, ok := done[f.key(&f.pending[p][i])]; !ok {
				left = append(left, f.pending[p][i])
			}
		}
		f.pending[p] = left
	}
}

// close lets every waiting and later next return false.
func (f *frontier) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.wake.Broadcast()
}
