package main

import (
	"sync"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// hub tells those who watch a server's runs from elsewhere. It is safe for
// concurrent use.
type hub struct {
	mu   sync.Mutex
	subs map[*subscription]bool
}

func newHub() *hub { return &hub{subs: make(map[*subscription]bool)} }

// subscription is one who watches some sources. What comes faster than it is
// read is not kept: the latest progress of a source, and its end, are.
type subscription struct {
	hub    *hub
	signal chan struct{} // something is there

	mu       sync.Mutex
	sources  map[harvest.SourceID]bool
	progress map[harvest.SourceID]crawler.Progress
	ends     []harvest.Run
}

// watch begins to watch sources. It must be stopped.
func (h *hub) watch() *subscription {
	s := &subscription{
		hub: h, signal: make(chan struct{}, 1),
		sources: make(map[harvest.SourceID]bool), progress: make(map[harvest.SourceID]crawler.Progress),
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subs[s] = true
	return s
}

func (s *subscription) stop() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	delete(s.hub.subs, s)
}

// add and remove say which sources are of interest.
func (s *subscription) add(id harvest.SourceID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sources[id] = true
}

func (s *subscription) remove(id harvest.SourceID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sources, id)
	delete(s.progress, id)
}

// take returns what has come since the last call.
func (s *subscription) take() (progress []crawler.Progress, ends []harvest.Run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.progress {
		progress = append(progress, p)
	}
	clear(s.progress)
	ends, s.ends = s.ends, nil
	return progress, ends
}

func (h *hub) update(p *crawler.Progress) {
	h.each(p.Source, func(s *subscription) { s.progress[p.Source] = *p })
}

func (h *hub) ended(r *harvest.Run) {
	h.each(r.Source, func(s *subscription) { s.ends = append(s.ends, *r) })
}

func (h *hub) each(id harvest.SourceID, note func(s *subscription)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		s.mu.Lock()
		if s.sources[id] {
			note(s)
			select {
			case s.signal <- struct{}{}:
			default: // it has yet to look
			}
		}
		s.mu.Unlock()
	}
}
