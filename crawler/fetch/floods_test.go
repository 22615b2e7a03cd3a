package fetch_test

import (
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// TestFloodsEnd holds each limit against the server that it is for. Whatever
// comes, it ends as an outcome with a reason, in bounded time and memory.
func TestFloodsEnd(t *testing.T) {
	const small = 256 << 10
	o := fetch.Options{Timeout: 5 * time.Second, HeaderTimeout: time.Second, MaxBody: small, MaxMarkup: small, MaxHeader: 32 << 10}
	for _, tc := range []struct {
		name string
		h    http.Handler
		want []harvest.Outcome
	}{
		{"a body without end", sitetest.Endless(), []harvest.Outcome{harvest.TooLarge}},
		{"chunks of a page without end", sitetest.EndlessChunks(4096), []harvest.Outcome{harvest.TooLarge}},
		{"chunks of one octet without end", sitetest.EndlessChunks(1), []harvest.Outcome{harvest.TooLarge, harvest.Incomplete}},
		{"a chunk extension without end", sitetest.EndlessExtension(), []harvest.Outcome{harvest.Incomplete, harvest.TooLarge}},
		{"a trailer without end", sitetest.EndlessTrailer(), []harvest.Outcome{harvest.Incomplete, harvest.TooLarge}},
		{"early hints without end", sitetest.Informational(-1, ""), []harvest.Outcome{harvest.TooLarge, harvest.ConnectionError}},
		{"a header without end, slowly", sitetest.DripHeader(50 * time.Millisecond), []harvest.Outcome{harvest.TimedOut}},
		{"one header field of a megabyte", sitetest.HugeHeader(1 << 20), []harvest.Outcome{harvest.TooLarge}},
		{"many header fields", sitetest.ManyHeaders(50_000), []harvest.Outcome{harvest.TooLarge}},
		{"gzip without end", sitetest.EndlessCoded("gzip"), []harvest.Outcome{harvest.TooLarge}},
		{"deflate without end", sitetest.EndlessCoded("deflate"), []harvest.Outcome{harvest.TooLarge}},
		{"bare deflate without end", sitetest.EndlessCoded("deflate-raw"), []harvest.Outcome{harvest.TooLarge}},
		{"br without end", sitetest.EndlessCoded("br"), []harvest.Outcome{harvest.TooLarge}},
		{"zstd without end", sitetest.EndlessCoded("zstd"), []harvest.Outcome{harvest.TooLarge}},
		{"an address that gets longer", sitetest.LongerAndLonger(), []harvest.Outcome{harvest.RedirectLoop, harvest.InvalidURL}},
		{"redirects without end", sitetest.Chain(1<<30, sitetest.HTML("")), []harvest.Outcome{harvest.RedirectLoop}},
		{"two lengths that differ", sitetest.Raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"), []harvest.Outcome{harvest.ConnectionError}},
		{"a length that is negative", sitetest.Raw("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc"), []harvest.Outcome{harvest.ConnectionError}},
		{"a length beyond all bounds", sitetest.Raw("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nabc"), []harvest.Outcome{harvest.TooLarge, harvest.Incomplete}},
		{"a few early hints", sitetest.Informational(3, "<p>page"), []harvest.Outcome{harvest.Fetched}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			site := sitetest.New(t)
			site.Handle("/*", tc.h).Handle("/robots.txt", sitetest.Status(404))
			page := get(t, newSession(t, o), site.At("/"))
			if !slices.Contains(tc.want, page.Outcome) {
				t.Errorf("%s, %s; want one of %v", page.Outcome, page.Reason, tc.want)
			}
			if page.Outcome != harvest.Fetched && (page.Reason == "" || len(page.Body) > 0) {
				t.Errorf("reason %q, body of %d octets", page.Reason, len(page.Body))
			}
			if page.Bytes > small+1 {
				t.Errorf("%d octets were unpacked", page.Bytes)
			}
		})
	}
}

// The same floods in the place of robots.txt stop nobody but themselves.
func TestRobotsFloodsEnd(t *testing.T) {
	for name, h := range map[string]http.Handler{
		"a body without end":         sitetest.Endless(),
		"chunks of one octet":        sitetest.EndlessChunks(1),
		"gzip without end":           sitetest.EndlessCoded("gzip"),
		"a header without end":       sitetest.DripHeader(50 * time.Millisecond),
		"redirects without end":      sitetest.Chain(1<<30, sitetest.HTML("")),
		"a bomb of rules":            sitetest.Encoded("gzip", "text/plain", []byte("User-agent: *\n"+strings.Repeat("Disallow: /*/*/*/*/*a$\n", 1<<20))),
		"one line of many megabytes": sitetest.Content("text/plain", "User-agent: *\nDisallow: /"+strings.Repeat("*a", 4<<20)),
	} {
		t.Run(name, func(t *testing.T) {
			site := sitetest.New(t)
			site.Handle("/robots.txt", h)
			site.Page("/*", "<p>page")
			begin := time.Now()
			page := get(t, newSession(t, fetch.Options{Timeout: 5 * time.Second, HeaderTimeout: time.Second}), site.At("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"))
			if page.Outcome != harvest.Fetched && page.Outcome != harvest.RobotsUnavailable && page.Outcome != harvest.RobotsDenied {
				t.Errorf("%s, %s", page.Outcome, page.Reason)
			}
			if took := time.Since(begin); took > time.Minute {
				t.Errorf("took %s", took)
			}
		})
	}
}

// A server that sets new cookies with every answer fills neither memory nor
// the headers of later requests.
func TestCookieFloodIsBounded(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/*", sitetest.CookieFlood(100, sitetest.HTML("<p>page")))
	s := newSession(t, fetch.Options{})
	for range 30 {
		want(t, get(t, s, site.At("/")), harvest.Fetched)
	}
	requests := site.Requests()
	if n := len(requests[len(requests)-1].Header.Get("Cookie")); n == 0 || n > 16<<10 {
		t.Errorf("a Cookie header of %d octets", n)
	}
}

// What a large Content-Length promises is not set aside in advance.
func TestPromisesTakeNoMemory(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/*", sitetest.Raw("HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 52000000\r\n\r\n%PDF"))
	site.Handle("/robots.txt", sitetest.Status(404))
	s := newSession(t, fetch.Options{})
	var before, after runtime.MemStats
	want(t, get(t, s, site.At("/")), harvest.Incomplete)
	runtime.ReadMemStats(&before)
	for range 20 {
		want(t, get(t, s, site.At("/")), harvest.Incomplete)
	}
	runtime.ReadMemStats(&after)
	if n := (after.TotalAlloc - before.TotalAlloc) / 20; n > 4<<20 {
		t.Errorf("%d octets for a body of four", n)
	}
}
