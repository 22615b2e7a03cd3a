package sample

import (
	"fmt"
	"html/template"
	"maps"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Options make the site differ from itself, for tests of what a harvester
// does then. The zero value is the site as it is.
type Options struct {
	// Seed is where the changing block of related items begins.
	Seed uint64
	// Edits change items, each as an editor would on a later day.
	Edits []Edit
	// Removed are slugs of items that are no longer there: 404, and in no
	// list.
	Removed []string
	// EmptyListing serves the listing as one page without cards.
	EmptyListing bool
	// Redesigned gives the listing other class names and headings, so that
	// selectors written for it find nothing.
	Redesigned bool
	// PlainAPI serves the API only as ?rest_route=, as servers without
	// rewrite rules do.
	PlainAPI bool
	// NoAPI serves no API at all.
	NoAPI bool
}

// Edit changes one item.
type Edit struct {
	Slug string
	// Title and Summary replace the title and the first paragraph; empty
	// leaves them as they are.
	Title, Summary string
	// Modified is when the edit was made, by default a day after the item was
	// posted.
	Modified time.Time
}

// Site is the sample site, an [http.Handler]. It is safe for concurrent use.
type Site struct {
	library   atomic.Pointer[library]
	turn      atomic.Uint64 // of the related block
	templates *template.Template
	mux       *http.ServeMux

	mu       sync.Mutex
	requests map[string]int
	statuses map[int]int
}

// New returns the site. It panics when an option names an item that the site
// does not have, which is a mistake in the test.
func New(o Options) *Site {
	s := &Site{
		templates: template.Must(template.ParseFS(templateFiles, "templates/*.html")),
		requests:  make(map[string]int), statuses: make(map[int]int),
	}
	s.Change(o)
	s.mux = s.routes()
	return s
}

// Change makes the site what New(o) would be, while it goes on serving. It
// panics as [New] does.
func (s *Site) Change(o Options) { s.library.Store(newLibrary(o)) }

// Start serves the site on a free port of 127.0.0.1 until stop is called. It
// panics when there is none, like net/http/httptest does.
func (s *Site) Start() (url string, stop func()) {
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		panic(fmt.Sprintf("sample: no port to listen on: %v", err))
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // always http.ErrServerClosed, from stop
	}()
	return "http://" + l.Addr().String(), func() {
		_ = server.Close()
		<-done
	}
}

// ServeHTTP answers and counts.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	sw := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	s.mux.ServeHTTP(sw, r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[r.URL.Path]++
	s.statuses[sw.status]++
}

// Requests is how often each path was asked for, by decoded path without
// query. The map is a copy.
func (s *Site) Requests() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.requests)
}

// Statuses is how often each HTTP status was answered. The map is a copy.
func (s *Site) Statuses() map[int]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.statuses)
}

// ResetCounts forgets the requests so far.
func (s *Site) ResetCounts() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.requests)
	clear(s.statuses)
}

// statusWriter remembers the status of the answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (s *Site) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /robots.txt", serveRobots)
	mux.HandleFunc("GET /{$}", s.serveFront)
	mux.HandleFunc("GET /index.php", s.serveFront)
	mux.HandleFunc("GET /resources/{$}", s.serveListing)
	mux.HandleFunc("GET /resources/page/{number}/{$}", s.serveListing)
	mux.HandleFunc("GET /private/", s.servePrivate)
	mux.HandleFunc("GET /wp-json/", s.servePrettyAPI)
	mux.HandleFunc("GET /wp-content/uploads/{file...}", s.serveDocument)
	mux.HandleFunc("GET /wp-sitemap.xml", s.serveSitemap)
	mux.HandleFunc("GET /", s.serveItem)
	return mux
}

// serveRobots closes one branch that the listing leads into.
func serveRobots(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprintf(w, `User-agent: *
Disallow: /private/
Disallow: /wp-admin/
Allow: /wp-admin/admin-ajax.php

Sitemap: %s/wp-sitemap.xml
`, base(r)) // the reader may have gone
}

// base is the site's own address as the caller sees it. The port varies from
// start to start, so absolute links are made of what was asked for.
func base(r *http.Request) string { return "http://" + r.Host }
