package fetch_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

func hostOf(site *sitetest.Site) string { return strings.TrimPrefix(site.URL, "http://") }

func TestUseAddsUp(t *testing.T) {
	site, other := sitetest.New(t), sitetest.New(t)
	site.Robots("User-agent: *\nDisallow: /private\n")
	site.Handle("/gz", sitetest.Encoded("gzip", "text/html", []byte(words)))
	site.Handle("/same", sitetest.Validated(`"1"`, "", sitetest.HTML("<p>same")))
	site.Handle("/busy", sitetest.Flaky(1, sitetest.Status(503), sitetest.HTML("<p>ok")))
	site.Handle("/out", sitetest.Redirect(302, other.At("/in")))
	other.Page("/in", "<p>in")
	s := newSession(t, fetch.Options{Retries: 1, Backoff: time.Millisecond})
	var byPage harvest.HostUses
	for _, step := range []struct {
		path    string
		etag    string
		outcome harvest.Outcome
	}{
		{"/gz", "", harvest.Fetched},
		{"/private", "", harvest.RobotsDenied},
		{"/same", `"1"`, harvest.NotModified},
		{"/busy", "", harvest.Fetched},
		{"/out", "", harvest.Fetched},
	} {
		page := s.Fetch(t.Context(), harvest.Request{URL: site.At(step.path)}, harvest.Validators{ETag: step.etag})
		want(t, page, step.outcome)
		byPage.Add(page.Hosts)
	}
	got := s.Use()
	if diff := cmp.Diff(byPage, got); diff != "" {
		t.Errorf("the pages say otherwise than the session (-pages +session):\n%s", diff)
	}
	wanted := harvest.HostUses{
		{Host: hostOf(site), Requests: 6, RobotsRequests: 1, NotModified: 1, Refused: 1, Robots: "read"},
		{Host: hostOf(other), Requests: 2, RobotsRequests: 1, Robots: "404 Not Found: no rules"},
	}
	slices.SortFunc(wanted, func(a, b harvest.HostUse) int { return strings.Compare(a.Host, b.Host) })
	if diff := cmp.Diff(wanted, got, cmpopts.IgnoreFields(harvest.HostUse{}, "WireBytes", "Bytes", "Waited", "RobotsHash")); diff != "" {
		t.Errorf("use (-want +got):\n%s", diff)
	}
	total := got.Total()
	if total.WireBytes >= total.Bytes || total.Bytes < int64(len(words)) {
		t.Errorf("%d octets became %d", total.WireBytes, total.Bytes)
	}
	if n := len(site.Requests()) + len(other.Requests()); n != total.Requests {
		t.Errorf("the sites saw %d requests, the session counted %d", n, total.Requests)
	}
}

func TestEverySessionCountsForItself(t *testing.T) {
	site := sitetest.New(t)
	site.Page("/", "<p>page")
	client := newClient(t, fetch.Options{})
	src := &config.Source{ID: "test", Network: loopback}
	first, second := client.Source(src), client.Source(src)
	get(t, first, site.At("/"))
	get(t, second, site.At("/"))
	if a, b := first.Use().Total(), second.Use().Total(); a.Requests != 2 || b.Requests != 1 || b.RobotsRequests != 0 {
		t.Errorf("requests %d and %d: robots.txt belongs to who fetched it", a.Requests, b.Requests)
	}
}

func TestWhatIsKnownOfAHostIsToldOnce(t *testing.T) {
	site := sitetest.New(t)
	site.Robots("User-agent: *\nCrawl-delay: 0.001\nSitemap: /map.xml\n")
	site.Page("/*", "<p>page")
	s := newSession(t, fetch.Options{})

	// What was asked for no page goes with the next one.
	if maps := s.Robots(t.Context(), site.At("/")).Sitemaps; len(maps) != 1 {
		t.Errorf("sitemaps %v", maps)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	want(t, s.Fetch(cancelled, harvest.Request{URL: site.At("/0")}, harvest.Validators{}), harvest.Cancelled)
	first, second := get(t, s, site.At("/1")), get(t, s, site.At("/2"))
	if len(first.Hosts) != 1 || first.Hosts[0].Robots != "read" || first.Hosts[0].CrawlDelay != time.Millisecond ||
		first.Hosts[0].Requests != 2 || first.Hosts[0].RobotsRequests != 1 || first.Requests != 1 {
		t.Errorf("the first page: %d requests, %+v", first.Requests, first.Hosts)
	}
	if len(second.Hosts) != 1 || second.Hosts[0].Robots != "" || second.Hosts[0].CrawlDelay != 0 || second.Hosts[0].Requests != 1 {
		t.Errorf("the second page: %+v", second.Hosts)
	}
}

func TestPageKnowsWhatItWeighed(t *testing.T) {
	site := sitetest.New(t)
	coded := sitetest.Compress("gzip", []byte(words))
	site.Handle("/", sitetest.Flaky(1, sitetest.Status(500), sitetest.Labelled("gzip", "text/html", coded)))
	page := get(t, newSession(t, fetch.Options{Retries: 1, Backoff: time.Millisecond}), site.At("/"))
	if page.Size != int64(len(coded)) || page.WireBytes <= page.Size {
		t.Errorf("size %d, want %d; %d over all attempts", page.Size, len(coded), page.WireBytes)
	}
}

func TestLogSaysWhatHappenedAndNoSecrets(t *testing.T) {
	site := sitetest.New(t)
	site.Page("/page", "<p>page")
	site.Handle("/gone", sitetest.Redirect(302, "http://user:hunter2@site.example/?token=hunter2"))
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := newSession(t, fetch.Options{Logger: logger})
	get(t, s, site.At("/page?lang=en&api_key=hunter2&Token=hunter2#hunter2"))
	gone := get(t, s, site.At("/gone"))
	get(t, s, "http://user:hunter2@site.example/")
	get(t, s, "http://user:hunter2@%zz/?sig=hunter2")
	if strings.Contains(log.String()+gone.Reason, "hunter2") {
		t.Errorf("a secret in:\n%s%s", log.String(), gone.Reason)
	}
	if n := strings.Count(log.String(), "level=DEBUG"); n != 4 || strings.Count(log.String(), "\n") != 4 {
		t.Errorf("%d lines:\n%s", n, log.String())
	}
	for _, part := range []string{"source=test", "outcome=fetched", "outcome=invalid-url", "lang=en", "status=200", "duration_ms="} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("%s is missing:\n%s", part, log.String())
		}
	}
}

func TestNothingIsLoggedAboveDebug(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/robots.txt", sitetest.Status(500))
	var log bytes.Buffer
	s := newSession(t, fetch.Options{Logger: slog.New(slog.NewTextHandler(&log, nil)), CacheDir: "/dev/null"})
	get(t, s, site.At("/"))
	get(t, s, "http://10.0.0.1/")
	if log.Len() > 0 {
		t.Errorf("logged:\n%s", log.String())
	}
}

func TestRedact(t *testing.T) {
	for raw, want := range map[string]string{
		"https://a.example/p?x=1":                     "https://a.example/p?x=1",
		"https://u:p@a.example/p?x=1#f":               "https://a.example/p?x=1",
		"https://a.example/?access_token=s&a=b&KEY=s": "https://a.example/?access_token=…&a=b&KEY=…",
		"https://u:p@%zz/?token=s":                    "…@%zz/",
		"":                                            "",
	} {
		if got := fetch.Redact(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}
