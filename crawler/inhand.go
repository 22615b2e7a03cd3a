package crawler

import (
	"context"
	"sync"
)

// inHand bounds the pages of one host that are in work, from the request until
// the journal has what came of it, to as many as the host may be asked for at
// once. What a kill makes the run fetch again is what was in work: so it is no
// more than the requests that were under way, however many workers there are. A
// host that is asked with a pause between requests is not asked more slowly by
// it: its last page is long stored when the pause is over.
type inHand struct {
	most int // of one host; less than 1 is 1
	mu   sync.Mutex
	free map[string]*places
}

// places are those of one host. held counts who has one or waits for one.
type places struct {
	taken chan struct{}
	held  int
}

// take waits for a place, and returns what gives it back; false when ctx ends
// before.
func (h *inHand) take(ctx context.Context, host string) (giveBack func(), ok bool) {
	p := h.of(host)
	select {
	case p.taken <- struct{}{}:
		return func() {
			<-p.taken
			h.leave(host)
		}, true
	case <-ctx.Done():
		h.leave(host)
		return nil, false
	}
}

func (h *inHand) of(host string) *places {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.free[host]
	if p == nil {
		if h.free == nil {
			h.free = make(map[string]*places)
		}
		p = &places{taken: make(chan struct{}, max(1, h.most))}
		h.free[host] = p
	}
	p.held++
	return p
}

// leave forgets a host that nobody holds.
func (h *inHand) leave(host string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p := h.free[host]; p.held > 1 {
		p.held--
	} else {
		delete(h.free, host)
	}
}
