package fetch_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// send fetches what a form leads to. Validators are given, which must not be sent.
func send(t *testing.T, s *fetch.Session, url, form string) *harvest.Page {
	t.Helper()
	req := harvest.Request{URL: url, Form: form, Kind: harvest.KindDiscovery}
	return s.Fetch(context.Background(), req, harvest.Validators{ETag: `"x"`})
}

// echo says how it was asked.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, "<p>"+r.Method+" "+r.Header.Get("Content-Type")+" "+r.Header.Get("If-None-Match")+" "+string(body))
})

// TestFormsAreSent with POST, and go along with redirects only where the server
// wants that and stays at its host.
func TestFormsAreSent(t *testing.T) {
	site, other := sitetest.New(t), sitetest.New(t)
	site.Handle("/search", echo)
	other.Handle("/search", echo)
	for path, status := range map[string]int{"/301": 301, "/302": 302, "/303": 303, "/307": 307, "/308": 308} {
		site.Handle(path, sitetest.Redirect(status, "/search"))
	}
	site.Handle("/away", sitetest.Redirect(307, other.At("/search")))
	s := newSession(t, fetch.Options{})
	const posted, got = "<p>POST application/x-www-form-urlencoded  q=a+b&p=1", "<p>GET   "
	for path, says := range map[string]string{
		"/search": posted, "/301": got, "/302": got, "/303": got, "/307": posted, "/308": posted, "/away": got,
	} {
		page := send(t, s, site.At(path), "q=a+b&p=1")
		want(t, page, harvest.Fetched)
		if string(page.Body) != says {
			t.Errorf("%s: %q, want %q", path, page.Body, says)
		}
	}
}

// TestFormsAreSentOnce unless the server says that it did nothing: an answer
// that was lost may have been one.
func TestFormsAreSentOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		answer http.Handler
		sent   int
	}{
		"an error":           {sitetest.Status(http.StatusInternalServerError), 1},
		"a bad gateway":      {sitetest.Status(http.StatusBadGateway), 1},
		"a cut body":         {sitetest.Truncated("text/html", "<p>whole body", 4), 1},
		"too many":           {sitetest.Status(http.StatusTooManyRequests), 3},
		"not available":      {sitetest.Status(http.StatusServiceUnavailable), 3},
		"a reset":            {sitetest.Reset(""), 1},
		"a page of the site": {echo, 1},
	} {
		t.Run(name, func(t *testing.T) {
			inMemory(t, fetch.Options{Retries: 2}, func(t *testing.T, site *sitetest.Site, s *fetch.Session) {
				site.Handle("/search", tt.answer)
				send(t, s, site.At("/search"), "q=a")
				n := 0
				for _, r := range site.Requests() {
					if r.Method == http.MethodPost {
						n++
					}
				}
				if n != tt.sent {
					t.Errorf("the form was sent %d times, want %d", n, tt.sent)
				}
			})
		})
	}
}

// TestFormAddress: each form has an address of its own, and a long one a short one.
func TestFormAddress(t *testing.T) {
	long := "state=" + strings.Repeat("x", 100_000)
	seen := make(map[string]bool)
	for _, at := range []string{"https://example.org/search", "https://example.org/search?lang=en"} {
		for _, form := range []string{"", "q=a", "q=b", long, long + "y"} {
			a := fetch.FormAddress(at, form)
			if seen[a] || len(a) > 4096 || form != "" && fetch.FormTarget(a) != at {
				t.Errorf("%s with %.20s is %s, made of %s", at, form, a, fetch.FormTarget(a))
			}
			seen[a] = true
		}
	}
}
