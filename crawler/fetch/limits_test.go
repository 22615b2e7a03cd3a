package fetch_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

var words = strings.Repeat("Forced labour and its remedies. ", 300)

func TestBodiesAreDecompressed(t *testing.T) {
	site := sitetest.New(t)
	s := newSession(t, fetch.Options{})
	for _, coding := range sitetest.Codings {
		site.Handle("/"+coding, sitetest.Encoded(coding, "text/html", []byte(words)))
		page := get(t, s, site.At("/"+coding))
		want(t, page, harvest.Fetched)
		if string(page.Body) != words {
			t.Errorf("%s: body of %d octets, want %d", coding, len(page.Body), len(words))
		}
		if page.WireBytes >= page.Bytes || page.Bytes != int64(len(words)) {
			t.Errorf("%s: %d octets on the wire, %d after", coding, page.WireBytes, page.Bytes)
		}
	}
}

func TestCodingsInUncommonForms(t *testing.T) {
	gz := func(s string) []byte { return sitetest.Compress("gzip", []byte(s)) }
	site := sitetest.New(t)
	s := newSession(t, fetch.Options{})
	for _, tc := range []struct {
		name    string
		h       http.Handler
		outcome harvest.Outcome
		body    string
	}{
		{"two codings", sitetest.Labelled("gzip, br", "text/html", sitetest.Compress("br", gz("<p>twice"))), harvest.Fetched, "<p>twice"},
		{"three codings", sitetest.Labelled("gzip, gzip, gzip", "text/html", gz(string(gz(string(gz("<p>thrice")))))), harvest.BadEncoding, ""},
		{"two members", sitetest.Labelled("gzip", "text/html", append(gz("<p>one"), gz(" two")...)), harvest.Fetched, "<p>one two"},
		{"a line end after the body", sitetest.Labelled("gzip", "text/html", append(gz("<p>one"), "\r\n"...)), harvest.Fetched, "<p>one"},
		{"upper case", sitetest.Labelled("GZIP", "text/html", gz("<p>one")), harvest.Fetched, "<p>one"},
		{"a charset in the wrong header", sitetest.Labelled("UTF-8", "text/html", []byte("<p>plain")), harvest.Fetched, "<p>plain"},
		{"identity", sitetest.Labelled("identity", "text/html", []byte("<p>plain")), harvest.Fetched, "<p>plain"},
		{"a coding nobody asked for", sitetest.Labelled("compress", "text/html", []byte("\x1f\x9d")), harvest.BadEncoding, ""},
		{"gzip that is not", sitetest.Labelled("gzip", "text/html", []byte(strings.Repeat("<p>plain", 50))), harvest.BadEncoding, ""},
		{"br that is not", sitetest.Labelled("br", "text/html", []byte(strings.Repeat("<p>plain", 50))), harvest.BadEncoding, ""},
		{"zstd that is not", sitetest.Labelled("zstd", "text/html", []byte(strings.Repeat("<p>plain", 50))), harvest.BadEncoding, ""},
		{"nothing under a label", sitetest.Labelled("gzip", "text/html", nil), harvest.UnexpectedType, ""},
		{"gzip that is cut", sitetest.Labelled("gzip", "text/html", gz(words)[:40]), harvest.Incomplete, ""},
		{"gzip with a wrong checksum", sitetest.Labelled("gzip", "text/html", flip(gz(words), -6)), harvest.BadEncoding, ""},
		{"gzip that nobody announced", sitetest.Content("text/html", string(gz("<p>one"))), harvest.Fetched, string(gz("<p>one"))},
	} {
		t.Run(tc.name, func(t *testing.T) {
			site.Handle("/", tc.h)
			page := get(t, s, site.At("/"))
			want(t, page, tc.outcome)
			if string(page.Body) != tc.body {
				t.Errorf("body %q, want %q", page.Body, tc.body)
			}
		})
	}
}

func flip(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[len(b)+at] ^= 0xff
	return b
}

func TestBombsAreDefused(t *testing.T) {
	site := sitetest.New(t)
	for _, coding := range []string{"gzip", "deflate", "br", "zstd"} {
		site.Handle("/"+coding, sitetest.Bomb(coding, 12<<20))
	}
	for _, o := range []fetch.Options{{MaxBody: 2 << 20, MaxRatio: 1 << 40}, {MaxBody: 2 << 20}} {
		s := newSession(t, o)
		for _, coding := range []string{"gzip", "deflate", "br", "zstd"} {
			page := get(t, s, site.At("/"+coding))
			want(t, page, harvest.TooLarge)
			if page.Bytes > 2<<20+1 || page.Requests != 1 {
				t.Errorf("%s: %d octets were unpacked in %d requests", coding, page.Bytes, page.Requests)
			}
		}
	}
}

func TestNestedBombIsDefused(t *testing.T) {
	site := sitetest.New(t)
	inner := sitetest.Compress("gzip", make([]byte, 8<<20))
	site.Handle("/", sitetest.Labelled("gzip, br", "text/html", sitetest.Compress("br", inner)))
	want(t, get(t, newSession(t, fetch.Options{}), site.At("/")), harvest.TooLarge)
}

func TestLargeBodiesAreRefusedNotCut(t *testing.T) {
	site := sitetest.New(t)
	body := strings.Repeat("x", 1000)
	site.Handle("/announced", sitetest.With(sitetest.HTML(body), "Content-Length", "1000"))
	site.Handle("/chunked", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.(http.Flusher).Flush()
		w.Write([]byte(body))
	}))
	site.Handle("/endless", sitetest.Endless())
	for _, path := range []string{"/announced", "/chunked", "/endless"} {
		page := get(t, newSession(t, fetch.Options{MaxBody: 999}), site.At(path))
		want(t, page, harvest.TooLarge)
		if page.Requests != 1 {
			t.Errorf("%s: %d requests", path, page.Requests)
		}
	}
	for _, path := range []string{"/announced", "/chunked"} {
		want(t, get(t, newSession(t, fetch.Options{MaxBody: 1000}), site.At(path)), harvest.Fetched)
	}
}

func TestCutBodiesAreIncomplete(t *testing.T) {
	site := sitetest.New(t)
	gz := sitetest.Compress("gzip", []byte(words))
	site.Handle("/length", sitetest.Truncated("text/html", words, 100))
	site.Handle("/chunks", sitetest.CutChunked("text/html", words))
	site.Handle("/reset", sitetest.Reset("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome"))
	site.Handle("/gzip", sitetest.Raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9000\r\n\r\n"+string(gz[:50])))
	site.Handle("/gzip-whole", sitetest.Raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9000\r\n\r\n"+string(gz)))
	s := newSession(t, fetch.Options{Retries: 1, Backoff: time.Millisecond})
	for _, path := range []string{"/length", "/chunks", "/reset", "/gzip", "/gzip-whole"} {
		page := get(t, s, site.At(path))
		want(t, page, harvest.Incomplete)
		if page.Requests != 2 {
			t.Errorf("%s: %d requests, want the one retry", path, page.Requests)
		}
	}
}

func TestSlowServersTimeOut(t *testing.T) {
	o := fetch.Options{Timeout: 20 * time.Second, HeaderTimeout: 15 * time.Second, Retries: 3}
	inMemory(t, o, func(t *testing.T, site *sitetest.Site, s *fetch.Session) {
		site.Handle("/silent", sitetest.Silent())
		site.Handle("/drip", sitetest.Drip(1000, time.Second))
		site.Handle("/slow", sitetest.Drip(10, time.Second))
		site.Handle("/error", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			sitetest.Drip(1000, time.Second).ServeHTTP(w, r)
		}))
		site.Handle("/redirect", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/slow")
			w.WriteHeader(http.StatusFound)
			sitetest.Drip(1000, time.Second).ServeHTTP(w, r)
		}))
		get(t, s, site.At("/robots.txt"))
		for _, tc := range []struct {
			path     string
			outcome  harvest.Outcome
			requests int
			most     time.Duration
		}{
			{"/silent", harvest.TimedOut, 2, 40 * time.Second}, // one retry and no more
			{"/drip", harvest.TimedOut, 2, 50 * time.Second},
			{"/slow", harvest.Fetched, 1, 15 * time.Second},
			{"/error", harvest.NotFoundPage, 1, 25 * time.Second}, // the status was said in time
			{"/redirect", harvest.Fetched, 2, 40 * time.Second},
		} {
			begin := time.Now()
			page := get(t, s, site.At(tc.path))
			want(t, page, tc.outcome)
			if took := time.Since(begin); page.Requests != tc.requests || took > tc.most {
				t.Errorf("%s: %d requests in %s", tc.path, page.Requests, took)
			}
		}
	})
}

func TestBrokenServersAreConnectionErrors(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/garbage", sitetest.Garbage())
	site.Handle("/reset", sitetest.Reset(""))
	site.Handle("/nothing", sitetest.Raw(""))
	s := newSession(t, fetch.Options{})
	for _, path := range []string{"/garbage", "/reset", "/nothing"} {
		want(t, get(t, s, site.At(path)), harvest.ConnectionError)
	}
}

func TestHeadersAreBounded(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/one", sitetest.HugeHeader(1<<20))
	site.Handle("/many", sitetest.ManyHeaders(100_000))
	site.Handle("/fine", sitetest.HugeHeader(20<<10))
	s := newSession(t, fetch.Options{MaxHeader: 64 << 10, Retries: 2})
	for _, path := range []string{"/one", "/many"} {
		page := get(t, s, site.At(path))
		want(t, page, harvest.TooLarge)
		if page.Requests != 1 {
			t.Errorf("%s: %d requests", path, page.Requests)
		}
	}
	want(t, get(t, s, site.At("/fine")), harvest.Fetched)
}

func TestReasonsAreShortWhateverTheServerSays(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/garbage", sitetest.Raw(strings.Repeat("garbage ü ", 10_000)+"\r\n"))
	site.Handle("/location", sitetest.Redirect(302, "ftp://"+strings.Repeat("x", 7000)))
	s := newSession(t, fetch.Options{})
	for _, path := range []string{"/garbage", "/location"} {
		page := get(t, s, site.At(path))
		if len(page.Reason) > 510 || !utf8.ValidString(page.Reason) {
			t.Errorf("%s: a reason of %d octets", path, len(page.Reason))
		}
	}
}

func TestKeepAliveThatBreaksIsRepaired(t *testing.T) {
	site := sitetest.New(t)
	site.Page("/", "<p>home")
	site.Handle("/flaky", sitetest.Flaky(1, sitetest.Reset(""), sitetest.HTML("<p>whole")))
	s := newSession(t, fetch.Options{Retries: 1, Backoff: time.Millisecond})
	want(t, get(t, s, site.At("/")), harvest.Fetched)
	want(t, get(t, s, site.At("/flaky")), harvest.Fetched)
}

func TestTLSErrorsAreOutcomes(t *testing.T) {
	good, trusted := sitetest.NewTLS(t, sitetest.Certificate{})
	good.Page("/", "<p>home")
	page := get(t, newSession(t, fetch.Options{RootCAs: trusted}), good.At("/"))
	want(t, page, harvest.Fetched)
	if proto := good.Seen("/")[0].Proto; proto != "HTTP/2.0" {
		t.Errorf("spoke %s", proto)
	}
	plain := sitetest.New(t)
	expired, expiredPool := sitetest.NewTLS(t, sitetest.Certificate{NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(-24 * time.Hour)})
	elsewhere, elsewherePool := sitetest.NewTLS(t, sitetest.Certificate{OtherAddress: true, Names: []string{"other.example"}})
	for name, tc := range map[string]struct {
		url string
		o   fetch.Options
	}{
		"signed by itself": {good.At("/"), fetch.Options{Retries: 2}},
		"expired":          {expired.At("/"), fetch.Options{RootCAs: expiredPool}},
		"for another host": {elsewhere.At("/"), fetch.Options{RootCAs: elsewherePool}},
		"not https at all": {strings.Replace(plain.At("/"), "http:", "https:", 1), fetch.Options{}},
	} {
		page := get(t, newSession(t, tc.o), tc.url)
		want(t, page, harvest.TLSError)
		if page.Requests != 0 {
			t.Errorf("%s: %d requests for the page", name, page.Requests)
		}
	}
}

func TestHTTP2StreamsKeepTheLimits(t *testing.T) {
	site, pool := sitetest.NewTLS(t, sitetest.Certificate{})
	site.Handle("/endless", sitetest.Endless())
	site.Handle("/drip", sitetest.Drip(1000, 5*time.Millisecond))
	site.Handle("/bomb", sitetest.Bomb("gzip", 8<<20))
	site.Handle("/headers", sitetest.With(sitetest.HTML("<p>x"), "X-Filler", strings.Repeat("x", 200<<10)))
	s := newSession(t, fetch.Options{RootCAs: pool, MaxBody: 4 << 20, MaxHeader: 64 << 10})
	want(t, get(t, s, site.At("/endless")), harvest.TooLarge)
	want(t, get(t, s, site.At("/bomb")), harvest.TooLarge)
	want(t, get(t, newSession(t, fetch.Options{RootCAs: pool, Timeout: time.Second}), site.At("/drip")), harvest.TimedOut)
	if page := get(t, s, site.At("/headers")); page.Outcome == harvest.Fetched {
		t.Errorf("a header of 200 KiB was taken")
	}
}

func TestCancelledFetchEndsAtOnce(t *testing.T) {
	gate := sitetest.NewGate(sitetest.HTML("<p>late"))
	site := sitetest.New(t)
	site.Handle("/", gate)
	s := newClient(t, fetch.Options{Retries: 3}).Source(&config.Source{ID: "test", Network: loopback})
	ctx, cancel := context.WithCancel(context.Background())
	pages := make(chan *harvest.Page, 1)
	go func() { pages <- s.Fetch(ctx, harvest.Request{URL: site.At("/")}, harvest.Validators{}) }()
	<-gate.Arrived()
	begin := time.Now()
	cancel()
	page := <-pages
	want(t, page, harvest.Cancelled)
	if took := time.Since(begin); took > time.Second {
		t.Errorf("took %s to stop", took)
	}
	want(t, s.Fetch(ctx, harvest.Request{URL: site.At("/")}, harvest.Validators{}), harvest.Cancelled)
	if n := site.Count("/"); n != 1 {
		t.Errorf("%d requests", n)
	}
}
