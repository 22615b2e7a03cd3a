package sitetest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// Site is one site. Its methods may be called from several goroutines, also
// while it is being crawled.
type Site struct {
	// URL is its address without a slash at the end, such as http://127.0.0.1:41234.
	URL string

	server   *httptest.Server
	recorder *recorder
}

// Request is one request as the site saw it.
type Request struct {
	// Path is the request's target, with its query.
	Path   string
	Host   string
	At     time.Time // when its header had arrived
	Header http.Header
	Proto  string // "HTTP/1.1"
	Remote string // the client's address: equal for requests on one connection
	Method string // "GET"
}

// New starts a site without pages: everything, robots.txt included, is 404
// until it is given a behaviour. The site ends with the test.
func New(tb testing.TB) *Site {
	tb.Helper()
	s, stop := Start()
	tb.Cleanup(stop)
	return s
}

// Start is [New] outside of tests: the site ends with stop.
func Start() (s *Site, stop func()) {
	s = newSite()
	s.server = httptest.NewServer(s.recorder)
	return s.started()
}

func newSite() *Site {
	return &Site{recorder: &recorder{handlers: make(map[string]http.Handler)}}
}

func (s *Site) started() (*Site, func()) {
	s.URL = s.server.URL
	return s, func() {
		s.server.CloseClientConnections() // ends the contexts of requests that stall
		s.server.Close()
	}
}

// At returns the URL of a path.
func (s *Site) At(path string) string { return s.URL + path }

// Handle gives a path its behaviour, in place of the one it had. The path is
// compared without the query. "/" alone is the front page; a path that ends in
// "/*" stands for all that begin so.
func (s *Site) Handle(path string, h http.Handler) *Site {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	s.recorder.handlers[path] = h
	return s
}

// Page puts a page of HTML at a path.
func (s *Site) Page(path, html string) *Site { return s.Handle(path, HTML(html)) }

// Robots is what /robots.txt says.
func (s *Site) Robots(text string) *Site { return s.Handle("/robots.txt", Content("text/plain", text)) }

// Requests lists the requests so far, in order of arrival.
func (s *Site) Requests() []Request {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	return slices.Clone(s.recorder.requests)
}

// Seen lists the requests for one target, query included.
func (s *Site) Seen(path string) []Request {
	return slices.DeleteFunc(s.Requests(), func(r Request) bool { return r.Path != path })
}

// Count is the number of requests for one target, query included.
func (s *Site) Count(path string) int { return len(s.Seen(path)) }

// Paths lists the targets that were asked for, in order.
func (s *Site) Paths() []string {
	var out []string
	for _, r := range s.Requests() {
		out = append(out, r.Path)
	}
	return out
}

// MostAtOnce is the largest number of requests that were answered at the same time.
func (s *Site) MostAtOnce() int {
	s.recorder.mu.Lock()
	defer s.recorder.mu.Unlock()
	return s.recorder.most
}

// Gaps are the times between the starts of successive requests.
func (s *Site) Gaps() []time.Duration {
	requests := s.Requests()
	var out []time.Duration
	for i := 1; i < len(requests); i++ {
		out = append(out, requests[i].At.Sub(requests[i-1].At))
	}
	return out
}

// recorder notes each request and passes it to its behaviour.
type recorder struct {
	mu       sync.Mutex
	handlers map[string]http.Handler
	requests []Request
	now      int
	most     int
}

// ServeHTTP implements http.Handler.
func (rec *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rec.mu.Lock()
	rec.requests = append(rec.requests, Request{
		Path: r.URL.RequestURI(), Host: r.Host, At: time.Now(), Header: r.Header.Clone(), Proto: r.Proto, Remote: r.RemoteAddr, Method: r.Method,
	})
	rec.now++
	rec.most = max(rec.most, rec.now)
	h := rec.find(r.URL.Path)
	rec.mu.Unlock()
	defer func() {
		rec.mu.Lock()
		defer rec.mu.Unlock()
		rec.now--
	}()
	h.ServeHTTP(w, r)
}

func (rec *recorder) find(path string) http.Handler {
	if h, ok := rec.handlers[path]; ok {
		return h
	}
	var best http.Handler
	longest := -1
	for pattern, h := range rec.handlers {
		if n := len(pattern) - 1; n > longest && n >= 1 && pattern[n] == '*' && len(path) >= n && path[:n] == pattern[:n] {
			best, longest = h, n
		}
	}
	if best == nil {
		return http.NotFoundHandler()
	}
	return best
}

// NewServer serves a handler on 127.0.0.1 without recording anything, for
// benchmarks, and returns its URL. It ends with the test.
func NewServer(tb testing.TB, h http.Handler) (url string) {
	tb.Helper()
	server := httptest.NewServer(h)
	tb.Cleanup(server.Close)
	return server.URL
}
