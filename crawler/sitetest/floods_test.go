package sitetest_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/harvest87/harvest/crawler/sitetest"
)

// TestFloodsGoOnUntilTheClientGoes reads far more than any page has, and then
// ends the site, which must not hang.
func TestFloodsGoOnUntilTheClientGoes(t *testing.T) {
	for name, h := range map[string]http.Handler{
		"chunks":    sitetest.EndlessChunks(1),
		"extension": sitetest.EndlessExtension(),
		"trailer":   sitetest.EndlessTrailer(),
		"hints":     sitetest.Informational(-1, ""),
		"body":      sitetest.Endless(),
		"gzip":      sitetest.EndlessCoded("gzip"),
		"zstd":      sitetest.EndlessCoded("zstd"),
	} {
		t.Run(name, func(t *testing.T) {
			site := sitetest.New(t).Handle("/", h)
			if n, err := io.CopyN(io.Discard, rawRequest(t, site), 100_000); err != nil {
				t.Errorf("the flood ended after %d octets: %v", n, err)
			}
		})
	}
}

// rawRequest asks for the front page and returns the connection.
func rawRequest(t *testing.T, site *sitetest.Site) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(site.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: site.example\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	return conn
}

func TestDripHeaderEndsWithTheClient(t *testing.T) {
	site := sitetest.New(t).Handle("/", sitetest.DripHeader(time.Millisecond))
	lines := bufio.NewReader(rawRequest(t, site))
	for range 10 {
		if line, err := lines.ReadString('\n'); err != nil || line == "\r\n" {
			t.Fatalf("the header ended: %q, %v", line, err)
		}
	}
}

func TestLimitersLetThroughWhatTheyShould(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		memory := sitetest.NewMemory()
		defer memory.Close()
		site := memory.Site("site.example")
		outage := &sitetest.Outage{Handler: sitetest.HTML("<p>ok")}
		site.Handle("/throttle", sitetest.Throttle(10*time.Second, true, sitetest.HTML("<p>ok")))
		site.Handle("/silent", sitetest.Throttle(10*time.Second, false, sitetest.HTML("<p>ok")))
		site.Handle("/ban", sitetest.BanAfter(2, sitetest.HTML("<p>ok")))
		site.Handle("/only", sitetest.OnlyFor("Harvest", sitetest.HTML("<p>ok")))
		site.Handle("/outage", outage)
		transport := &http.Transport{DialContext: memory.Dial}
		defer transport.CloseIdleConnections()
		c := &http.Client{Transport: transport}
		expect := func(path string, status int, fields ...string) *http.Response {
			t.Helper()
			res, _ := ask(t, c, site.At(path), fields...)
			if res.StatusCode != status {
				t.Errorf("%s: %d, want %d", path, res.StatusCode, status)
			}
			return res
		}
		expect("/throttle", 200)
		expect("/silent", 200)
		time.Sleep(3500 * time.Millisecond) //nolint:forbidigo // the bubble's clock
		if got := expect("/throttle", 429).Header.Get("Retry-After"); got != "7" {
			t.Errorf("Retry-After %q", got)
		}
		if got := expect("/silent", 429).Header.Get("Retry-After"); got != "" {
			t.Errorf("Retry-After %q", got)
		}
		time.Sleep(7 * time.Second) //nolint:forbidigo // the bubble's clock
		expect("/throttle", 200)
		for _, status := range []int{200, 200, 403, 403} {
			expect("/ban", status)
		}
		expect("/only", 403, "User-Agent", "Mozilla/5.0")
		expect("/only", 200, "User-Agent", "Harvest/1.0")
		expect("/outage", 200)
		outage.Begin()
		expect("/outage", 503)
		outage.End()
		expect("/outage", 200)
	})
}

func TestToInsideLeadsToEachOfThem(t *testing.T) {
	site := sitetest.New(t).Handle("/go/*", sitetest.ToInside(8080))
	c := newClient(t, &http.Transport{})
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, _ := ask(t, c, site.At("/go/0"))
	if got := res.Header.Get("Location"); got != "http://127.0.0.1:8080/" {
		t.Errorf("led to %q", got)
	}
	if status, _ := get(t, c, site.At("/go/9999")); status != 404 {
		t.Errorf("beyond the last: %d", status)
	}
}

func TestLongerAndLongerGrows(t *testing.T) {
	site := sitetest.New(t).Handle("/*", sitetest.LongerAndLonger())
	c := newClient(t, &http.Transport{})
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	at := "/a"
	for range 6 {
		res, _ := ask(t, c, site.At(at))
		next := res.Header.Get("Location")
		if len(next) < 2*len(at) {
			t.Fatalf("%d octets after %d", len(next), len(at))
		}
		at = next
	}
}
