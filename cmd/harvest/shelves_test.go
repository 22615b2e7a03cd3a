package main_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harvest87/harvest/crawler/sitetest"
)

// shelves is a library that counts what it is asked for, and when it was first.
type shelves struct {
	*sitetest.Library
	url string

	mu    sync.Mutex
	asked map[string]int
	first time.Time
	down  bool
	// held, while set, keeps answers back until it is closed, but for as many as
	// are to spare; arrived is told of each that is.
	held    chan struct{}
	spare   int
	arrived chan struct{}
}

func newShelves(t *testing.T, items int) *shelves {
	t.Helper()
	return newShelvesOn(items, func(h http.Handler) string { return sitetest.NewServer(t, h) })
}

// newShelvesOn has the library answer where serve says.
func newShelvesOn(items int, serve func(http.Handler) (url string)) *shelves {
	s := &shelves{Library: sitetest.NewLibrary(sitetest.LibraryOptions{Items: items, PerPage: 20, Size: 2500, NoSitemap: true}), asked: map[string]int{}}
	s.url = serve(s)
	return s
}

// ServeHTTP implements http.Handler.
func (s *shelves) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if s.down {
		s.mu.Unlock()
		panic(http.ErrAbortHandler) // the connection is cut
	}
	s.asked[r.URL.Path]++
	if s.first.IsZero() {
		s.first = time.Now()
	}
	held, arrived := s.held, s.arrived
	if r.URL.Path == "/robots.txt" {
		held = nil
	} else if held != nil && s.spare > 0 {
		s.spare--
		held = nil
	}
	s.mu.Unlock()
	if held != nil {
		select {
		case arrived <- struct{}{}:
		default: // it is known already
		}
		select {
		case <-held:
		case <-r.Context().Done():
			return
		}
	}
	s.Library.ServeHTTP(w, r)
}

// hold keeps all answers back until release is called. A value comes from arrived
// when somebody waits for one.
func (s *shelves) hold() (arrived <-chan struct{}, release func()) { return s.holdAfter(0) }

// holdAfter is hold once so many pages more have been answered.
func (s *shelves) holdAfter(pages int) (arrived <-chan struct{}, release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := make(chan struct{})
	s.spare = pages
	s.held, s.arrived = held, make(chan struct{}, 1)
	return s.arrived, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.held = nil
		close(held)
	}
}

// cut takes the network away, or gives it back.
func (s *shelves) cut(down bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = down
}

// pages is how many requests there were besides those for robots.txt, and when
// the first of all came.
func (s *shelves) pages() (n int, first time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for path, times := range s.asked {
		if path != "/robots.txt" {
			n += times
		}
	}
	return n, s.first
}

func (s *shelves) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.asked)
	s.first = time.Time{}
}

// reader harvests a library into a folder of its own.
func (s *shelves) reader(t *testing.T) *campaign {
	t.Helper()
	h := &campaign{killing: killing{t: t, dir: t.TempDir()}}
	h.write("config/harvest.yaml", "contact: tests@example.org\nfetch: {retries: 1}\n")
	text := strings.Replace(s.SourceFile("library", s.url), "delay: 0s", "delay: 10ms", 1)
	h.write("config/sources/library.yaml", text+"revisit: {max: 0s}\n") // every run asks for every page
	return h
}

// catalogue is every record, field by field, but for the times and the runs,
// which differ from harvest to harvest.
func (h *campaign) catalogue() []map[string]any {
	h.t.Helper()
	out, err := h.command("export").Output()
	if err != nil {
		h.t.Fatal(err)
	}
	var records []map[string]any
	for line := range bytes.Lines(out) {
		var r map[string]any
		if err := json.Unmarshal(line, &r); err != nil {
			h.t.Fatal(err)
		}
		for _, field := range []string{"first_seen", "last_seen", "last_changed", "first_run", "run"} {
			delete(r, field)
		}
		records = append(records, r)
	}
	return records
}
