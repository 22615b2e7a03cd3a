package fetch_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/fetch"
)

func TestProbe(t *testing.T) {
	var mu sync.Mutex
	asked := map[string][]string{} // by path
	mux := http.NewServeMux()
	mux.HandleFunc("/robots.txt", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "User-agent: *\nDisallow: /closed\n") })
	mux.HandleFunc("/good", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/pdf")
		w.Header().Set("Content-Length", "1000000")
		w.Header().Set("Content-Encoding", "gzip")
	})
	mux.HandleFunc("/nohead", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		w.Header().Set("Content-Range", "bytes 0-4095/9000")
		w.WriteHeader(http.StatusPartialContent)
		io.WriteString(w, strings.Repeat("x", 4096))
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusNotFound) // and lies
			return
		}
		for range 10_000 {
			if _, err := io.WriteString(w, strings.Repeat("x", 4096)); err != nil {
				return // it has been cut off
			}
		}
	})
	mux.HandleFunc("/short", func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(map[string]int{http.MethodHead: 501, http.MethodGet: http.StatusRequestedRangeNotSatisfiable}[r.Method])
	})
	mux.HandleFunc("/lost", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/good", http.StatusMovedPermanently)
	})
	mux.HandleFunc("/circle", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/circle", http.StatusFound) })
	mux.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/wp-login.php?redirect_to=x", http.StatusFound)
	})
	mux.HandleFunc("/wp-login.php", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, `<title>Log in</title><form><input type="password"></form>`)
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.URL.Path] = append(asked[r.URL.Path], r.Method+" "+r.Header.Get("Range"))
		mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	defer server.Close()
	s := newSession(t, fetch.Options{})
	const some = "GET bytes=0-4095"
	for path, want := range map[string]struct {
		outcome harvest.Outcome
		final   string
		asked   []string
	}{
		"/good":    {harvest.Fetched, "/good", []string{"HEAD ", "HEAD "}}, // the second by /moved
		"/nohead":  {harvest.Fetched, "/nohead", []string{"HEAD ", some}},
		"/endless": {harvest.Fetched, "/endless", []string{"HEAD ", some}},
		"/short":   {harvest.Fetched, "/short", []string{"HEAD ", some}},
		"/lost":    {harvest.NotFoundPage, "/lost", []string{"HEAD ", some}},
		"/moved":   {harvest.Fetched, "/good", []string{"HEAD "}},
		"/circle":  {harvest.RedirectLoop, "/circle", []string{"HEAD "}},
		"/login":   {harvest.LoginRequired, "", []string{"HEAD "}},
		"/closed":  {harvest.RobotsDenied, "/closed", nil},
	} {
		page := s.Probe(t.Context(), server.URL+path)
		if page.Outcome != want.outcome || page.Body != nil || want.final != "" && page.URL != server.URL+want.final {
			t.Errorf("%s: %s (%s) at %s, want %s at %s", path, page.Outcome, page.Reason, page.URL, want.outcome, want.final)
		}
		if page.WireBytes > 100_000 {
			t.Errorf("%s: %d octets were read", path, page.WireBytes)
		}
		defer func() {
			mu.Lock()
			defer mu.Unlock()
			if got := asked[path]; !slices.Equal(got, want.asked) {
				t.Errorf("%s was asked for by %q, want %q", path, got, want.asked)
			}
		}()
	}
	if n := len(asked["/robots.txt"]); n != 1 {
		t.Errorf("robots.txt was read %d times", n)
	}
}

// An address of a private network is not asked for, however a record came by it.
func TestProbeGuardsAddresses(t *testing.T) {
	s := newSession(t, fetch.Options{})
	for _, address := range []string{"http://169.254.169.254/latest/", "http://10.0.0.1/x.pdf", "file:///etc/passwd", "http://[::1]/x.pdf"} {
		if page := s.Probe(t.Context(), address); page.Outcome != harvest.BlockedAddress && page.Outcome != harvest.InvalidURL {
			t.Errorf("%s: %s", address, fmt.Sprint(page.Outcome, page.Reason))
		}
	}
}
