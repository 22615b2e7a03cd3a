package fetch_test

import (
	"compress/gzip"
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/fetch"
)

// box keeps the last answer of each address.
type box struct {
	mu      sync.Mutex
	answers map[string]*fetch.Kept
	reads   int
}

func (b *box) Keep(_ context.Context, k *fetch.Kept) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.answers == nil {
		b.answers = make(map[string]*fetch.Kept)
	}
	own := *k
	b.answers[k.URL] = &own
}

func (b *box) Capture(_ context.Context, url string) (*fetch.Kept, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads++
	switch k, ok := b.answers[url]; {
	case strings.HasSuffix(url, "/broken"):
		return nil, errors.New("disk error")
	case ok:
		return k, nil
	}
	return nil, fetch.ErrNotKept
}

// keptSite has pages that end in every way that matters to an archive.
func keptSite(t *testing.T) *httptest.Server {
	t.Helper()
	pages := map[string]func(w http.ResponseWriter){
		"/robots.txt": func(w http.ResponseWriter) { _, _ = w.Write([]byte("User-agent: *\nDisallow: /private\n")) },
		"/plain": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
			w.Header().Set("ETag", `"7"`)
			w.Header().Set("Set-Cookie", "visitor=secret")
			_, _ = w.Write([]byte("<title>Trait\xe9</title>"))
		},
		"/packed": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = z.Write([]byte("<title>Forced labour</title>"))
			_ = z.Close()
		},
		"/moved": func(w http.ResponseWriter) {
			w.Header().Set("Location", "/moved2")
			w.WriteHeader(http.StatusMovedPermanently)
		},
		"/moved2":  func(w http.ResponseWriter) { w.Header().Set("Location", "/plain"); w.WriteHeader(http.StatusFound) },
		"/missing": func(w http.ResponseWriter) { w.WriteHeader(http.StatusNotFound) },
		"/removed": func(w http.ResponseWriter) { w.WriteHeader(http.StatusGone) },
		"/private": func(w http.ResponseWriter) { _, _ = w.Write([]byte("private")) },
		"/failing": func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) },
		"/noarchive": func(w http.ResponseWriter) {
			_, _ = w.Write([]byte(`<html><head><meta name="robots" content="noarchive"></head>text</html>`))
		},
		"/noindex": func(w http.ResponseWriter) {
			w.Header().Set("X-Robots-Tag", "noindex")
			_, _ = w.Write([]byte("<p>text</p>"))
		},
		"/broken": func(w http.ResponseWriter) { _, _ = w.Write([]byte("<p>text</p>")) },
	}
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer, ok := pages[r.URL.Path]; ok {
			answer(w)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	}))
	t.Cleanup(site.Close)
	return site
}

// What is read again is what was read, but for what it cost.
func TestReplayIsWhatWasFetched(t *testing.T) {
	site := keptSite(t)
	kept := new(box)
	session := newSession(t, fetch.Options{})
	session.Keeper = kept
	replay := fetch.NewReplay(kept, fetch.Options{})
	for path, want := range map[string]harvest.Outcome{
		"/plain": harvest.Fetched, "/packed": harvest.Fetched, "/moved": harvest.Fetched,
		"/missing": harvest.NotFoundPage, "/removed": harvest.GonePage,
		// what is not kept
		"/private": harvest.RobotsDenied, "/failing": harvest.NotArchived, "/noarchive": harvest.NotArchived, "/noindex": harvest.NotArchived,
		"/broken": harvest.Incomplete,
	} {
		fresh := get(t, session, site.URL+path)
		again := replay.Fetch(context.Background(), harvest.Request{URL: site.URL + path, Kind: harvest.KindItem}, harvest.Validators{})
		if again.Outcome != want || again.Requests != 0 || again.WireBytes != 0 || len(again.Hosts) != 0 {
			t.Errorf("%s: %s (%s), %d requests, want %s", path, again.Outcome, again.Reason, again.Requests, want)
		}
		if want == harvest.NotArchived || want == harvest.Incomplete || want == harvest.RobotsDenied {
			continue
		}
		cost := cmpopts.IgnoreFields(harvest.Page{}, "Requests", "WireBytes", "Bytes", "Hosts", "Header", "Duration", "FetchedAt")
		if diff := cmp.Diff(fresh, again, cost); diff != "" {
			t.Errorf("%s (-fetched +read again):\n%s", path, diff)
		}
		if !again.FetchedAt.Equal(fresh.FetchedAt) {
			t.Errorf("%s: fetched at %v, read again as of %v", path, fresh.FetchedAt, again.FetchedAt)
		}
	}
	var paths []string
	for _, u := range slices.Sorted(maps.Keys(kept.answers)) {
		paths = append(paths, strings.TrimPrefix(u, site.URL))
	}
	want := []string{"/broken", "/missing", "/moved", "/moved2", "/packed", "/plain", "/removed", "/robots.txt"}
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

func TestKeptWithoutSecrets(t *testing.T) {
	site := keptSite(t)
	kept := new(box)
	session := newSession(t, fetch.Options{})
	session.Keeper = kept
	get(t, session, site.URL+"/plain")  // sets a cookie
	get(t, session, site.URL+"/packed") // sends it
	plain, packed := kept.answers[site.URL+"/plain"], kept.answers[site.URL+"/packed"]
	if plain.Header.Get("Etag") == "" || plain.Header.Get("Set-Cookie") != "" {
		t.Errorf("answer with %v", plain.Header)
	}
	if packed.Sent.Get("User-Agent") == "" || packed.Sent.Get("Cookie") != "" {
		t.Errorf("request with %v", packed.Sent)
	}
	if packed.Remote != "127.0.0.1" || packed.Proto != "HTTP/1.1" || string(packed.Body) != "<title>Forced labour</title>" || packed.WireBytes == 0 {
		t.Errorf("kept as %+v", packed)
	}
}

// A listing that asks not to be indexed leads to pages all the same.
func TestListsAreKeptThoughTheyAreNotIndexed(t *testing.T) {
	site := keptSite(t)
	kept := new(box)
	session := newSession(t, fetch.Options{})
	session.Keeper = kept
	session.Fetch(context.Background(), harvest.Request{URL: site.URL + "/noindex", Kind: harvest.KindDiscovery}, harvest.Validators{})
	if kept.answers[site.URL+"/noindex"] == nil {
		t.Error("not kept")
	}
}

func TestReplayEnds(t *testing.T) {
	kept := &box{answers: map[string]*fetch.Kept{
		"https://a.example/1":    {URL: "https://a.example/1", Status: 302, Header: http.Header{"Location": {"/2"}}},
		"https://a.example/2":    {URL: "https://a.example/2", Status: 302, Header: http.Header{"Location": {"/1"}}},
		"https://a.example/away": {URL: "https://a.example/away", Status: 302, Header: http.Header{"Location": {"https://b.example/"}}},
		"https://a.example/bad":  {URL: "https://a.example/bad", Status: 302, Header: http.Header{"Location": {"mailto:x@y"}}},
		"https://a.example/nil":  {URL: "https://a.example/nil", Status: 200},
	}}
	replay := fetch.NewReplay(kept, fetch.Options{})
	replay.RedirectScope = func(url string, _ harvest.Kind) string {
		if strings.Contains(url, "b.example") {
			return "not ours"
		}
		return ""
	}
	for url, want := range map[string]harvest.Outcome{
		"https://a.example/1": harvest.RedirectLoop, "https://a.example/away": harvest.OffScope, "https://a.example/bad": harvest.InvalidURL,
		"https://a.example/nil": harvest.UnexpectedType, "ftp://a.example/": harvest.InvalidURL,
	} {
		page := replay.Fetch(context.Background(), harvest.Request{URL: url}, harvest.Validators{})
		if page.Outcome != want || page.Body != nil {
			t.Errorf("%s: %s (%s), want %s", url, page.Outcome, page.Reason, want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if page := replay.Fetch(ctx, harvest.Request{URL: "https://a.example/1"}, harvest.Validators{}); page.Outcome != harvest.Cancelled {
		t.Errorf("cancelled: %s", page.Outcome)
	}
}
