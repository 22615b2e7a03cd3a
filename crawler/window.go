package crawler

import (
	"context"
	"fmt"

	"github.com/harvest87/harvest"
)

// lane is what is pending of one priority, first come first served: a window
// of requests in memory, and behind it those that stand in the journal only.
type lane struct {
	window []harvest.Request
	head   int // of window; what lies before it is taken
	beyond int
	cursor cursor // of the first one beyond the window
}

// cursor is a place among the requests that the journal holds of a lane: that
// many of them behind a position of the journal.
type cursor struct {
	from uint64
	skip int
}

// place is where in the journal the requests stand that are being pushed: in
// the batch at that position, so many of each lane met in it so far.
type place struct {
	from uint64
	met  [lanes]int
}

// cursor is the place of the request of lane p that was met last.
func (p *place) cursor(lane int) cursor { return cursor{from: p.from, skip: p.met[lane] - 1} }

func (l *lane) size() int { return len(l.window) - l.head + l.beyond }

// push adds a request at the end: to the window while that is all there is and
// not full, else beyond it.
func (l *lane) push(r harvest.Request, window int, at cursor) {
	if l.beyond == 0 && len(l.window)-l.head < window {
		l.window = append(l.window, r)
		return
	}
	if l.beyond == 0 {
		l.cursor = at
	}
	l.beyond++
}

// take removes the first request of the window.
func (l *lane) take() (harvest.Request, bool) {
	if l.head == len(l.window) {
		return harvest.Request{}, false
	}
	r := l.window[l.head]
	l.window[l.head] = harvest.Request{}
	if l.head++; l.head == len(l.window) {
		l.window, l.head = l.window[:0], 0
	}
	return r, true
}

// upcoming are the addresses of up to n requests of a kind that are taken next.
func (f *frontier) upcoming(kind harvest.Kind, n int) (urls []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l := &f.pending[priorities[kind]]
	for i := l.head; i < min(l.head+n, len(l.window)); i++ {
		urls = append(urls, l.window[i].URL)
	}
	return urls
}

// batch tells the frontier where the entries stand that are applied next.
func (f *frontier) batch(from uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.place.from != from {
		f.place = place{from: from}
	}
}

// open ends the replay of a journal: from now on there are windows.
func (f *frontier) open(window int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.window = window
}

// low is the first lane whose window is half empty while more stands beyond
// it, where that begins, and how many requests it has room for.
func (f *frontier) low() (p int, at cursor, room int, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for p := range f.pending {
		l := &f.pending[p]
		if have := len(l.window) - l.head; l.beyond > 0 && have <= f.window/2 {
			return p, l.cursor, f.window - have, true
		}
	}
	return 0, cursor{}, 0, false
}

// refill adds to a window what was read from the journal, up to the place at
// which the rest stands; end says that there is no rest.
func (f *frontier) refill(p int, requests []harvest.Request, rest cursor, end bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l := &f.pending[p]
	l.window, l.head = append(l.window[:0:0], l.window[l.head:]...), 0
	l.window = append(l.window, requests...)
	l.beyond, l.cursor = max(l.beyond-len(requests), 1), rest
	if end { // what was counted and is not there had been visited in another way
		l.beyond = 0
	}
	f.wake.Broadcast()
}

// isDone reports whether an address has been visited.
func (f *frontier) isDone(a address) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.visited.finished(a)
}

// refill reads from the journal what the windows have room for. Only the
// committer calls it.
func (j *job) refill(ctx context.Context) error {
	for {
		p, at, room, ok := j.state.frontier.low()
		if !ok {
			return nil
		}
		requests, rest, end, err := j.readPending(ctx, p, at, room)
		if err != nil {
			return fmt.Errorf("read pending requests: %w", err)
		}
		j.state.frontier.refill(p, requests, rest, end)
	}
}

// readPending reads up to so many requests of a lane that are not done.
func (j *job) readPending(ctx context.Context, p int, at cursor, room int) (requests []harvest.Request, rest cursor, end bool, err error) {
	met := place{from: at.from}
	for stored, err := range j.Journal.Read(ctx, at.from) {
		if err != nil {
			return nil, at, false, err
		}
		if stored.From != met.from {
			met = place{from: stored.From}
		}
		e, err := decodePending(stored.Data)
		if err != nil {
			return nil, at, false, err
		}
		for i := range e.Requests {
			a, lane := e.Pending.at(i)
			if lane != p {
				continue
			}
			met.met[p]++
			if here := met.cursor(p); here.from == at.from && here.skip < at.skip || j.state.frontier.isDone(a) {
				continue
			}
			if len(requests) == room {
				return requests, met.cursor(p), false, nil
			}
			requests = append(requests, e.Requests[i])
		}
	}
	return requests, cursor{}, true, nil
}
