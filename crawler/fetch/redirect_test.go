package fetch_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

func TestRedirectsAreFollowedAndNoted(t *testing.T) {
	site := sitetest.New(t)
	for _, status := range []int{301, 302, 303, 307, 308} {
		site.Handle(fmt.Sprint("/", status), sitetest.Redirect(status, "/a b"))
	}
	site.Page("/a b", "<p>here")
	s := newSession(t, fetch.Options{})
	for _, status := range []int{301, 302, 303, 307, 308} {
		page := get(t, s, site.At(fmt.Sprint("/", status)))
		want(t, page, harvest.Fetched)
		if diff := cmp.Diff([]string{site.At(fmt.Sprint("/", status))}, page.Redirects); diff != "" {
			t.Errorf("redirects (-want +got):\n%s", diff)
		}
		if page.URL != site.At("/a%20b") || page.Requests != 2 {
			t.Errorf("ended at %s after %d requests", page.URL, page.Requests)
		}
	}
}

func TestRedirectsEnd(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/ten", sitetest.Chain(10, sitetest.HTML("<p>end")))
	site.Handle("/eleven", sitetest.Chain(11, sitetest.HTML("<p>end")))
	site.Handle("/self", sitetest.Redirect(302, "/self"))
	site.Handle("/circle", sitetest.Circle(3))
	s := newSession(t, fetch.Options{})
	for _, tc := range []struct {
		path     string
		outcome  harvest.Outcome
		requests int
	}{
		{"/ten", harvest.Fetched, 11},
		{"/eleven", harvest.RedirectLoop, 11},
		{"/self", harvest.RedirectLoop, 1},
		{"/circle", harvest.RedirectLoop, 4},
	} {
		page := get(t, s, site.At(tc.path))
		want(t, page, tc.outcome)
		if page.Requests != tc.requests {
			t.Errorf("%s: %d requests, want %d", tc.path, page.Requests, tc.requests)
		}
	}
}

func TestStrangeLocations(t *testing.T) {
	site := sitetest.New(t)
	site.Page("/b", "<p>b")
	site.Page("/caf\xe9", "<p>latin")
	s := newSession(t, fetch.Options{})
	for location, outcome := range map[string]harvest.Outcome{
		"b":                             harvest.Fetched,
		"/x/../b#part":                  harvest.Fetched,
		`\b`:                            harvest.Fetched,
		" /b ":                          harvest.Fetched,
		"/caf\xe9":                      harvest.Fetched,
		"http://":                       harvest.InvalidURL,
		"javascript:alert(1)":           harvest.InvalidURL,
		"file:///etc/passwd":            harvest.InvalidURL,
		"ftp://site.example/":           harvest.InvalidURL,
		"http://user:pw@site.example/":  harvest.InvalidURL,
		"/" + strings.Repeat("x", 9000): harvest.InvalidURL,
		"":                              harvest.ServerError,
	} {
		site.Handle("/a", sitetest.Redirect(302, location))
		page := get(t, s, site.At("/a"))
		want(t, page, outcome)
		if strings.Contains(page.Reason, "pw") {
			t.Errorf("%q: reason %q", location, page.Reason)
		}
	}
}

func TestRedirectScopeIsAsked(t *testing.T) {
	site, other := sitetest.New(t), sitetest.New(t)
	site.Handle("/out", sitetest.Redirect(301, other.At("/page")))
	other.Page("/page", "<p>elsewhere")
	s := newSession(t, fetch.Options{})
	s.RedirectScope = func(url string, kind harvest.Kind) string {
		if strings.HasPrefix(url, site.URL) || kind != harvest.KindItem {
			return ""
		}
		return "another host"
	}
	page := get(t, s, site.At("/out"))
	want(t, page, harvest.OffScope)
	if !strings.Contains(page.Reason, "another host") || page.URL != other.At("/page") || len(other.Requests()) != 0 {
		t.Errorf("reason %q, the other site saw %v", page.Reason, other.Paths())
	}
}

func TestRedirectsToALoginAreLogins(t *testing.T) {
	site, identity := sitetest.New(t), sitetest.New(t)
	site.Handle("/members/report", sitetest.Redirect(302, "/login?next=%2Fmembers%2Freport"))
	site.Page("/login", "<p>"+strings.Repeat("Any text at all, as login pages of large sites have it. ", 100))
	site.Handle("/sso", sitetest.Redirect(302, identity.At("/realms/x/openid-connect/auth")))
	identity.Page("/realms/x/openid-connect/auth", "<div id=app></div>")
	site.Page("/login-trends", "<p>An article about login pages.")
	site.Handle("/moved", sitetest.Redirect(301, "/login-trends"))
	site.Handle("/bounce", sitetest.Cookie("seen", "1", sitetest.HTML("<p>The page itself.")))
	s := newSession(t, fetch.Options{})
	want(t, get(t, s, site.At("/members/report")), harvest.LoginRequired)
	want(t, get(t, s, site.At("/moved")), harvest.Fetched)
	want(t, get(t, s, site.At("/bounce")), harvest.Fetched)
	want(t, get(t, s, site.At("/login")), harvest.Fetched) // asked for by name, and no form

	site.Robots("User-agent: *\nDisallow: /login\n")
	want(t, get(t, newSession(t, fetch.Options{}), site.At("/members/report")), harvest.LoginRequired)
}
