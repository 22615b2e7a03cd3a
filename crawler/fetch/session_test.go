package fetch_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

func TestPageHoldsItsFacts(t *testing.T) {
	site := sitetest.New(t)
	body := "<title>Report</title><p>" + strings.Repeat("words ", 100)
	site.Handle("/report", sitetest.With(sitetest.Content(`Text/HTML; Charset="UTF-8"`, body),
		"ETag", `"v1"`, "Last-Modified", "Mon, 02 Mar 2026 10:00:00 GMT", "X-Robots-Tag", "noindex"))
	page := get(t, newSession(t, fetch.Options{}), site.At("/report#part"))
	want(t, page, harvest.Fetched)
	sum := sha256.Sum256([]byte(body))
	got := harvest.Page{
		Request: page.Request, Outcome: page.Outcome, URL: page.URL, Status: page.Status, MediaType: page.MediaType,
		Charset: page.Charset, Bytes: page.Bytes, WireBytes: page.WireBytes, Hash: page.Hash,
		Validators: page.Validators, NoIndex: page.NoIndex, NoFollow: page.NoFollow, Requests: page.Requests,
	}
	wanted := harvest.Page{
		Request: harvest.Request{URL: site.At("/report#part"), Kind: harvest.KindItem}, Outcome: harvest.Fetched,
		URL: site.At("/report"), Status: 200, MediaType: "text/html", Charset: "utf-8",
		Bytes: int64(len(body)), WireBytes: int64(len(body)), Hash: hex.EncodeToString(sum[:]),
		Validators: harvest.Validators{ETag: `"v1"`, LastModified: "Mon, 02 Mar 2026 10:00:00 GMT"}, NoIndex: true, Requests: 1,
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("page (-want +got):\n%s", diff)
	}
	if string(page.Body) != body {
		t.Errorf("body %q", page.Body)
	}
	if page.Duration <= 0 || page.FetchedAt.IsZero() || page.Header.Get("ETag") == "" {
		t.Errorf("duration %s, fetched %s, header %v", page.Duration, page.FetchedAt, page.Header)
	}
}

func TestRequestSaysWhoAsks(t *testing.T) {
	site := sitetest.New(t)
	site.Page("/", "<p>home")
	s := newSession(t, fetch.Options{UserAgent: fetch.UserAgent("0.1", "crawl@example.org")})
	want(t, get(t, s, site.At("/")), harvest.Fetched)
	for _, r := range site.Requests() {
		if got := r.Header.Get("User-Agent"); got != "Harvest/0.1 (+https://github.com/harvest87/harvest; crawl@example.org)" {
			t.Errorf("%s: User-Agent %q", r.Path, got)
		}
		if got := r.Header.Get("Accept-Encoding"); got != "gzip, deflate, br, zstd" {
			t.Errorf("%s: Accept-Encoding %q", r.Path, got)
		}
		if r.Header.Get("Referer") != "" || r.Header.Get("Accept") == "" {
			t.Errorf("%s: header %v", r.Path, r.Header)
		}
	}
}

func TestUserAgent(t *testing.T) {
	for _, tc := range []struct{ contact, want string }{
		{"", "Harvest/1.2 (+https://github.com/harvest87/harvest)"},
		{" me@example.org ", "Harvest/1.2 (+https://github.com/harvest87/harvest; me@example.org)"},
		{"a(b)\r\nX-Evil: 1\\", "Harvest/1.2 (+https://github.com/harvest87/harvest; abX-Evil: 1)"},
	} {
		if got := fetch.UserAgent("1.2", tc.contact); got != tc.want {
			t.Errorf("UserAgent(%q) = %q, want %q", tc.contact, got, tc.want)
		}
	}
}

func TestStatusesHaveOutcomes(t *testing.T) {
	cases := map[int]harvest.Outcome{
		200: harvest.Fetched, 201: harvest.Fetched, 202: harvest.Fetched, 203: harvest.Fetched, 226: harvest.Fetched, 299: harvest.Fetched,
		204: harvest.UnexpectedType, 205: harvest.UnexpectedType, 206: harvest.Incomplete,
		300: harvest.ServerError, 301: harvest.ServerError, 304: harvest.ServerError,
		400: harvest.ClientError, 401: harvest.AccessDenied, 403: harvest.AccessDenied, 404: harvest.NotFoundPage, 407: harvest.AccessDenied,
		408: harvest.TimedOut, 410: harvest.GonePage, 418: harvest.ClientError, 429: harvest.RateLimited, 451: harvest.AccessDenied,
		500: harvest.ServerError, 501: harvest.ServerError, 502: harvest.ServerError, 503: harvest.ServerError, 504: harvest.ServerError, 530: harvest.ServerError,
		999: harvest.ServerError,
	}
	site := sitetest.New(t)
	for status, outcome := range cases {
		site.Handle("/", sitetest.Status(status))
		s := newSession(t, fetch.Options{})
		page := get(t, s, site.At("/"))
		want(t, page, outcome)
		if page.Status != status || page.Requests != 1 {
			t.Errorf("%d: status %d after %d requests", status, page.Status, page.Requests)
		}
	}
}

func TestNothingInASuccessIsUnexpected(t *testing.T) {
	site := sitetest.New(t)
	site.Page("/", "")
	page := get(t, newSession(t, fetch.Options{}), site.At("/"))
	want(t, page, harvest.UnexpectedType)
	if page.Reason != "200 OK with nothing in it" {
		t.Errorf("reason %q", page.Reason)
	}
}

func TestValidatorsAreSentAndA304KeepsThePage(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/both", sitetest.Validated(`W/"1"`, "Mon, 02 Mar 2026 10:00:00 GMT", sitetest.HTML("<p>new")))
	site.Handle("/old", sitetest.Redirect(301, "/other"))
	site.Handle("/other", sitetest.Validated(`W/"1"`, "", sitetest.HTML("<p>another document")))
	site.Handle("/folder", sitetest.Redirect(301, "/folder/"))
	site.Handle("/folder/", sitetest.Validated(`W/"1"`, "", sitetest.HTML("<p>folder")))
	s := newSession(t, fetch.Options{})
	ask := func(path string, v harvest.Validators) *harvest.Page {
		return s.Fetch(context.Background(), harvest.Request{URL: site.At(path), Kind: harvest.KindItem}, v)
	}
	for _, tc := range []struct {
		name, path string
		v          harvest.Validators
		outcome    harvest.Outcome
	}{
		{"ETag alone", "/both", harvest.Validators{ETag: `W/"1"`}, harvest.NotModified},
		{"date alone", "/both", harvest.Validators{LastModified: "Mon, 02 Mar 2026 10:00:00 GMT"}, harvest.NotModified},
		{"another ETag", "/both", harvest.Validators{ETag: `"0"`}, harvest.Fetched},
		{"none", "/both", harvest.Validators{}, harvest.Fetched},
		{"not sent on to another document", "/old", harvest.Validators{ETag: `W/"1"`}, harvest.Fetched},
		{"sent on to the tidier address", "/folder", harvest.Validators{ETag: `W/"1"`}, harvest.NotModified},
		{"not a header value", "/both", harvest.Validators{ETag: "\"1\"\r\nX-Evil: 1"}, harvest.Fetched},
	} {
		t.Run(tc.name, func(t *testing.T) {
			page := ask(tc.path, tc.v)
			want(t, page, tc.outcome)
			if page.Outcome == harvest.NotModified && (page.Validators.ETag != `W/"1"` || page.Status != 304) {
				t.Errorf("validators %+v, status %d", page.Validators, page.Status)
			}
		})
	}
}

func TestCookiesLiveAsLongAsARun(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/", sitetest.Cookie("visitor", "1", sitetest.HTML("<p>welcome")))
	client := newClient(t, fetch.Options{})
	src := &config.Source{ID: "test", Network: loopback}
	first := client.Source(src)
	page := get(t, first, site.At("/"))
	want(t, page, harvest.Fetched)
	if len(page.Redirects) != 1 || page.Requests != 2 {
		t.Errorf("redirects %v, requests %d", page.Redirects, page.Requests)
	}
	if page := get(t, first, site.At("/")); page.Requests != 1 {
		t.Errorf("the second page of the run took %d requests: its cookie was not kept", page.Requests)
	}
	if page := get(t, client.Source(src), site.At("/")); page.Requests != 2 {
		t.Errorf("the first page of another run took %d requests: it had a cookie", page.Requests)
	}
}

func TestAPanicBecomesAnOutcome(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/", sitetest.Redirect(302, "/next"))
	site.Page("/next", "<p>next")
	s := newSession(t, fetch.Options{})
	s.RedirectScope = func(string, harvest.Kind) string { panic("a bug") }
	page := get(t, s, site.At("/"))
	want(t, page, harvest.Panicked)
	if page.Reason != "a bug" {
		t.Errorf("reason %q", page.Reason)
	}
	want(t, get(t, s, site.At("/next")), harvest.Fetched) // the host's turn was given back
}
