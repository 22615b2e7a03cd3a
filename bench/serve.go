package main

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
)

// counts are what the site's server has seen since they were last asked for.
type counts struct {
	Requests    int   // of pages; robots.txt apart
	Again       int   // of pages that had been asked for before
	NotModified int   // answered with 304
	Bytes       int64 // of bodies
}

// countsPath gives the counts, and sets them to nothing.
const countsPath = "/-/counts"

// lastModified is said of all pages.
const lastModified = "Mon, 02 Nov 2026 08:00:00 GMT"

// server answers for all hosts of a site. Its pages are made before it starts.
type server struct {
	pages map[string]page // by host and path

	mu   sync.Mutex
	seen map[string]bool
	counts
}

type page struct {
	body []byte
	etag string
}

// serve answers for a site until in ends. It writes the hosts to out when it
// is ready.
func serve(a arguments, in io.Reader, out io.Writer) error {
	var listeners []net.Listener
	var hosts []string
	for range a.Hosts {
		l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		defer l.Close()
		listeners = append(listeners, l)
		hosts = append(hosts, "http://"+l.Addr().String())
	}
	srv := &server{pages: make(map[string]page), seen: make(map[string]bool)}
	s := newSite(hosts, a.Pages, a.Seed)
	for i := range s.items {
		srv.add(s.itemURL(i), s.itemPage(i))
	}
	for n := range s.lists {
		srv.add(s.listURL(n), s.listPage(n))
	}
	for _, l := range listeners {
		go func() { _ = http.Serve(l, srv) }() //nolint:gosec // the only client is ours
	}
	if err := json.NewEncoder(out).Encode(hosts); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, in)
	return err
}

func (s *server) add(url string, body []byte) {
	h := fnv.New64a()
	h.Write(body)
	s.pages[strings.TrimPrefix(url, "http://")] = page{body, fmt.Sprintf(`"%x"`, h.Sum64())}
}

// ServeHTTP implements http.Handler.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/robots.txt":
		_, _ = io.WriteString(w, "User-agent: *\nDisallow: /admin/\nDisallow: /*?s=\nAllow: /admin/public/\n")
		return
	case countsPath:
		s.mu.Lock()
		defer s.mu.Unlock()
		_ = json.NewEncoder(w).Encode(s.counts)
		s.counts, s.seen = counts{}, make(map[string]bool)
		return
	}
	key := r.Host + r.URL.Path
	p, ok := s.pages[key]
	if !ok {
		http.NotFound(w, r)
		return
	}
	fresh := r.Header.Get("If-None-Match") == p.etag
	s.count(key, len(p.body), fresh)
	h := w.Header()
	h.Set("ETag", p.etag)
	h.Set("Last-Modified", lastModified)
	if fresh {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", fmt.Sprint(len(p.body)))
	_, _ = w.Write(p.body)
}

func (s *server) count(key string, size int, fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Requests++
	if s.seen[key] {
		s.Again++
	}
	s.seen[key] = true
	if fresh {
		s.NotModified++
	} else {
		s.Bytes += int64(size)
	}
}

// takeCounts asks a site's server what it has seen since the last time.
func takeCounts(ctx context.Context, host string) (counts, error) {
	var c counts
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, host+countsPath, http.NoBody)
	if err != nil {
		return c, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return c, err
	}
	defer res.Body.Close()
	return c, json.NewDecoder(res.Body).Decode(&c)
}
