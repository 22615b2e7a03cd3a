package sitetest_test

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/harvest87/harvest/crawler/sitetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newClient(t *testing.T, transport *http.Transport) *http.Client {
	t.Helper()
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func get(t *testing.T, c *http.Client, url string) (status int, body string) {
	t.Helper()
	res, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body) // some bodies are made to break
	return res.StatusCode, string(b)
}

func TestSiteRecordsWhatItSaw(t *testing.T) {
	site := sitetest.New(t)
	c := newClient(t, &http.Transport{})
	site.Page("/", "<p>home").Page("/docs/*", "<p>any").Page("/docs/a", "<p>a")
	for path, want := range map[string]int{"/": 200, "/docs/a?x=1": 200, "/docs/b": 200, "/nothing": 404, "/robots.txt": 404} {
		if got, _ := get(t, c, site.At(path)); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
	if _, body := get(t, c, site.At("/docs/a")); body != "<p>a" {
		t.Errorf("body %q", body)
	}
	if site.Count("/docs/a?x=1") != 1 || site.Count("/docs/a") != 1 || len(site.Paths()) != 6 || len(site.Gaps()) != 5 || site.MostAtOnce() != 1 {
		t.Errorf("saw %v, %d at once", site.Paths(), site.MostAtOnce())
	}
}

func TestSequenceAndFlaky(t *testing.T) {
	site := sitetest.New(t)
	c := newClient(t, &http.Transport{})
	site.Handle("/", sitetest.Flaky(2, sitetest.Busy(503, "7"), sitetest.HTML("<p>ok")))
	for i, want := range []int{503, 503, 200, 200} {
		if got, _ := get(t, c, site.At("/")); got != want {
			t.Errorf("request %d: %d, want %d", i, got, want)
		}
	}
}

func TestCookieAsksOnce(t *testing.T) {
	site := sitetest.New(t)
	c := newClient(t, &http.Transport{})
	c.Jar, _ = cookiejar.New(nil)
	site.Handle("/", sitetest.Cookie("a", "b", sitetest.HTML("<p>ok")))
	if _, body := get(t, c, site.At("/")); body != "<p>ok" || site.Count("/") != 2 {
		t.Errorf("body %q after %d requests", body, site.Count("/"))
	}
}

func TestGzipBombIsSmallOnTheWire(t *testing.T) {
	site := sitetest.New(t)
	c := newClient(t, &http.Transport{DisableCompression: true})
	site.Handle("/", sitetest.Bomb("gzip", 1<<20))
	_, body := get(t, c, site.At("/"))
	z, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, z); n != 1<<20 || err != nil || len(body) > 4<<10 {
		t.Errorf("%d octets became %d (%v)", len(body), n, err)
	}
}

func TestStallingHandlersEndWithTheirSite(t *testing.T) {
	gate := sitetest.NewGate(sitetest.HTML("<p>late"))
	t.Run("site", func(t *testing.T) {
		site := sitetest.New(t)
		site.Handle("/", gate)
		c := newClient(t, &http.Transport{})
		go func() {
			if res, err := c.Get(site.At("/")); err == nil {
				res.Body.Close()
			}
		}()
		<-gate.Arrived()
	}) // the site's end would hang here
}

func TestNamesAnswerInTurn(t *testing.T) {
	names := sitetest.NewNames()
	names.Set("a.example", "192.0.2.1", "192.0.2.2")
	names.Set("six.example", "2001:db8::1")
	r := names.Resolver()
	for _, want := range []string{"192.0.2.1", "192.0.2.2", "192.0.2.2"} {
		if got, err := r.LookupHost(t.Context(), "a.example"); err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%v (%v), want %s", got, err, want)
		}
	}
	if got, err := r.LookupHost(t.Context(), "six.example"); err != nil || got[0] != "2001:db8::1" {
		t.Errorf("%v (%v)", got, err)
	}
	if _, err := r.LookupHost(t.Context(), "missing.example"); err == nil {
		t.Error("a missing name was found")
	}
	if names.Lookups("a.example") != 3 {
		t.Errorf("%d lookups", names.Lookups("a.example"))
	}
}

func TestCertificates(t *testing.T) {
	site, pool := sitetest.NewTLS(t, sitetest.Certificate{})
	site.Page("/", "<p>secure")
	c := newClient(t, &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true})
	if _, body := get(t, c, site.At("/")); body != "<p>secure" || site.Requests()[0].Proto != "HTTP/2.0" {
		t.Errorf("body %q, %+v", body, site.Requests())
	}
	expired, pool := sitetest.NewTLS(t, sitetest.Certificate{NotAfter: time.Now().Add(-time.Minute)})
	c = newClient(t, &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}})
	if _, err := c.Get(expired.At("/")); err == nil {
		t.Error("an expired certificate was taken")
	}
}

func TestMemoryRunsOnTheBubblesClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := sitetest.NewMemory()
		defer net.Close()
		site := net.Site("site.example")
		site.Handle("/", sitetest.Late(time.Hour, sitetest.HTML("<p>late")))
		transport := &http.Transport{DialContext: net.Dial}
		defer transport.CloseIdleConnections()
		begin := time.Now()
		if _, body := get(t, &http.Client{Transport: transport}, site.At("/")); body != "<p>late" || time.Since(begin) != time.Hour {
			t.Errorf("body %q after %s", body, time.Since(begin))
		}
		if _, err := net.Dial(context.Background(), "tcp", "other.example:80"); err == nil {
			t.Error("connected to nowhere")
		}
	})
}
