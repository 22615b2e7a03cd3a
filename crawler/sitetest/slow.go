package sitetest

import (
	"net/http"
	"time"
)

// wait stalls until d is over or the client has gone, and reports whether it
// is still there.
func wait(r *http.Request, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// Late behaves like another, after a while without a sign.
func Late(d time.Duration, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait(r, d) {
			h.ServeHTTP(w, r)
		}
	})
}

// Silent never answers.
func Silent() http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
}

// Drip sends a page of n pieces, one at a time.
func Drip(n int, every time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for range n {
			if _, err := w.Write([]byte("<p>drop\n")); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			if !wait(r, every) {
				return
			}
		}
	})
}

// Endless sends HTML for as long as the client reads.
func Endless() http.Handler {
	piece := make([]byte, 32<<10)
	for i := range piece {
		piece[i] = "<p>more "[i%8]
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	})
}

// Gate holds requests back until it is opened, so that a test can decide what
// happens while they wait.
type Gate struct {
	Handler http.Handler // what it shows once it is open

	arrived chan struct{}
	open    chan struct{}
}

// NewGate returns a closed gate.
func NewGate(h http.Handler) *Gate {
	return &Gate{Handler: h, arrived: make(chan struct{}, 1024), open: make(chan struct{})}
}

// ServeHTTP implements http.Handler.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.arrived <- struct{}{}
	select {
	case <-g.open:
		g.Handler.ServeHTTP(w, r)
	case <-r.Context().Done():
	}
}

// Arrived has one message for each request that came to the gate.
func (g *Gate) Arrived() <-chan struct{} { return g.arrived }

// Open lets everybody in, from now on. It may be called once.
func (g *Gate) Open() { close(g.open) }
