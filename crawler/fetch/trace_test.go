package fetch_test

import (
	"crypto/x509"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

func TestTraceTellsEveryHop(t *testing.T) {
	site := sitetest.New(t)
	site.Robots("User-agent: *\nAllow: /old\nDisallow: /private/\n")
	site.Handle("/old", sitetest.Redirect(301, "/busy"))
	site.Handle("/busy", sitetest.Flaky(1, sitetest.Status(502), sitetest.Redirect(302, "/gz?x=1")))
	site.Handle("/gz", sitetest.With(sitetest.Encoded("gzip", "text/html", []byte(words)), "ETag", `"1"`))
	site.Handle("/in", sitetest.Redirect(302, "/private/a"))
	s := newSession(t, fetch.Options{Retries: 1, Backoff: time.Millisecond})

	page, hops := s.Trace(t.Context(), harvest.Request{URL: site.At("/old")}, harvest.Validators{ETag: `"0"`})
	want(t, page, harvest.Fetched)
	if len(hops) != 3 || hops[0].URL != site.At("/old") || hops[1].URL != site.At("/busy") || hops[2].URL != site.At("/gz?x=1") {
		t.Fatalf("hops %+v", hops)
	}
	if v := hops[0].Robots; v == nil || !v.Allowed || v.Rule != "Allow: /old" || v.Line != 2 {
		t.Errorf("robots.txt of the first hop: %+v", v)
	}
	if v := hops[2].Robots; v == nil || !v.Allowed || v.Rule != "" {
		t.Errorf("robots.txt of the last hop: %+v", v)
	}
	if tries := hops[1].Tries; len(tries) != 2 || tries[0].Outcome != harvest.ServerError || tries[0].Status != 502 || tries[1].Status != 302 || tries[1].Outcome != "" {
		t.Errorf("tries %+v", tries)
	}
	first, last := hops[0].Tries[0], hops[2].Tries[0]
	if first.Sent.Get("If-None-Match") != `"0"` || last.Sent.Get("If-None-Match") != "" || first.Header.Get("Location") != "/busy" {
		t.Errorf("sent %v, then %v", first.Sent, last.Sent)
	}
	if last.Status != 200 || last.Header.Get("ETag") != `"1"` || last.Bytes != int64(len(words)) || last.WireBytes >= last.Bytes || last.Proto != "HTTP/1.1" ||
		last.Remote != strings.TrimPrefix(site.URL, "http://") || !last.Reused {
		t.Errorf("the last try: %+v", last)
	}
	if last.Timing.FirstByte <= 0 || last.Timing.Total < last.Timing.FirstByte || last.StartedAt.IsZero() {
		t.Errorf("timing %+v", last.Timing)
	}

	page, hops = s.Trace(t.Context(), harvest.Request{URL: site.At("/in")}, harvest.Validators{})
	want(t, page, harvest.RobotsDenied)
	if len(hops) != 2 || hops[1].Outcome != harvest.RobotsDenied || hops[1].Robots.Allowed || hops[1].Robots.Line != 3 || len(hops[1].Tries) != 0 {
		t.Errorf("hops %+v", hops)
	}
}

func TestTraceOfWhatCannotBeAsked(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/loop", sitetest.Redirect(302, "/loop"))
	site.Handle("/out", sitetest.Redirect(302, "http://other.example/"))
	s := newSession(t, fetch.Options{})
	s.RedirectScope = func(url string, _ harvest.Kind) string {
		if strings.Contains(url, "other.example") {
			return "not ours"
		}
		return ""
	}
	for url, wanted := range map[string]struct {
		outcome harvest.Outcome
		hops    int
	}{
		"ftp://site.example/": {harvest.InvalidURL, 0},
		"http://10.0.0.1/":    {harvest.BlockedAddress, 1},
		site.At("/loop"):      {harvest.RedirectLoop, 2},
		site.At("/out"):       {harvest.OffScope, 2},
	} {
		page, hops := s.Trace(t.Context(), harvest.Request{URL: url}, harvest.Validators{})
		want(t, page, wanted.outcome)
		if len(hops) != wanted.hops || wanted.hops > 0 && hops[len(hops)-1].Outcome != wanted.outcome {
			t.Errorf("%s: hops %+v", url, hops)
		}
	}
}

func TestTraceTimesTheConnection(t *testing.T) {
	names := sitetest.NewNames()
	names.Set("secure.example", "127.0.0.1")
	site, pool := sitetest.NewTLS(t, sitetest.Certificate{Names: []string{"secure.example"}})
	site.Page("/", "<p>secure")
	_, port, _ := strings.Cut(strings.TrimPrefix(site.URL, "https://"), ":")
	client := newClient(t, fetch.Options{RootCAs: pool, Resolver: names.Resolver()})
	s := client.Source(&config.Source{ID: "test", Network: loopback})
	if v := s.Robots(t.Context(), "https://secure.example:"+port+"/"); !v.Allowed {
		t.Fatalf("%+v", v)
	}
	client.Close() // so that the page needs a connection of its own
	page, hops := s.Trace(t.Context(), harvest.Request{URL: "https://secure.example:" + port + "/"}, harvest.Validators{})
	want(t, page, harvest.Fetched)
	try := hops[0].Tries[0]
	if try.Reused || try.Timing.DNS <= 0 || try.Timing.Connect <= 0 || try.Timing.TLS <= 0 || try.TLS != "TLS 1.3" || try.Proto != "HTTP/2.0" {
		t.Errorf("%+v", try)
	}
	untrusted := newClient(t, fetch.Options{RootCAs: x509.NewCertPool(), Resolver: names.Resolver()}).Source(&config.Source{ID: "test", Network: loopback})
	page, hops = untrusted.Trace(t.Context(), harvest.Request{URL: "https://secure.example:" + port + "/"}, harvest.Validators{})
	want(t, page, harvest.TLSError)
	if v := hops[0].Robots; v == nil || v.Outcome != harvest.TLSError {
		t.Errorf("%+v", v)
	}
}

func TestTraceSaysHowLongTheHostWasWaitedFor(t *testing.T) {
	inMemory(t, fetch.Options{}, func(t *testing.T, site *sitetest.Site, s *fetch.Session) {
		site.Handle("/", sitetest.Late(3*time.Second, sitetest.Drip(4, time.Second)))
		_, hops := s.Trace(t.Context(), harvest.Request{URL: site.At("/")}, harvest.Validators{})
		synctest.Wait()
		got := hops[0].Tries[0].Timing
		if got.Waited != 2*time.Second || got.FirstByte != 3*time.Second || got.Body != 4*time.Second || got.Total != 7*time.Second {
			t.Errorf("%+v", got)
		}
	})
}
