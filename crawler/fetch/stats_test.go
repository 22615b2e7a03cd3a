package fetch_test

import (
	"bytes"
	"log/slog"
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

func TestStatsAddUp(t *testing.T) {
	site, other := sitetest.New(t), sitetest.New(t)
	site.Robots("User-agent: *\nDisallow: /private\n")
	site.Handle("/gz", sitetest.Encoded("gzip", "text/html", []byte(words)))
	site.Handle("/same", sitetest.Validated(`"1"`, "", sitetest.HTML("<p>same")))
	site.Handle("/busy", sitetest.Flaky(1, sitetest.Status(503), sitetest.HTML("<p>ok")))
	site.Handle("/out", sitetest.Redirect(302, other.At("/in")))
	other.Page("/in", "<p>in")
	s := newSession(t, fetch.Options{Retries: 1, Backoff: time.Millisecond})
	want(t, get(t, s, site.At("/gz")), harvest.Fetched)
	want(t, get(t, s, site.At("/private")), harvest.RobotsDenied)
	want(t, s.Fetch(t.Context(), harvest.Request{URL: site.At("/same")}, harvest.Validators{ETag: `"1"`}), harvest.NotModified)
	want(t, get(t, s, site.At("/busy")), harvest.Fetched)
	want(t, get(t, s, site.At("/out")), harvest.Fetched)

	got := s.Stats()
	wanted := fetch.Stats{
		Requests: 8, RobotsRequests: 2, Pages: 5, NotModified: 1,
		Hosts: []fetch.HostStats{
			{Host: strings.TrimPrefix(site.URL, "http://"), Requests: 6, NotModified: 1, Refused: 1, Robots: "read"},
			{Host: strings.TrimPrefix(other.URL, "http://"), Requests: 2, Robots: "404 Not Found: no rules"},
		},
	}
	if wanted.Hosts[0].Host > wanted.Hosts[1].Host {
		wanted.Hosts[0], wanted.Hosts[1] = wanted.Hosts[1], wanted.Hosts[0]
	}
	if diff := cmp.Diff(wanted, got, cmpopts.IgnoreFields(fetch.Stats{}, "WireBytes", "Bytes", "Waited"),
		cmpopts.IgnoreFields(fetch.HostStats{}, "WireBytes", "Bytes", "Waited", "RobotsHash")); diff != "" {
		t.Errorf("stats (-want +got):\n%s", diff)
	}
	var wire, plain int64
	for _, h := range got.Hosts {
		wire, plain = wire+h.WireBytes, plain+h.Bytes
	}
	if wire != got.WireBytes || plain != got.Bytes || got.WireBytes >= got.Bytes || got.Bytes < int64(len(words)) {
		t.Errorf("octets: %d and %d, by host %d and %d", got.WireBytes, got.Bytes, wire, plain)
	}
	if n := len(site.Requests()) + len(other.Requests()); n != got.Requests {
		t.Errorf("the sites saw %d requests, the statistics %d", n, got.Requests)
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
	if a, b := first.Stats(), second.Stats(); a.Requests != 2 || b.Requests != 1 || b.RobotsRequests != 0 {
		t.Errorf("requests %d and %d: robots.txt belongs to who fetched it", a.Requests, b.Requests)
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
