package fetch_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

func TestRobotsTag(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		values   []string
		no, noFo bool
	}{
		{nil, false, false},
		{[]string{"noindex"}, true, false},
		{[]string{"NoIndex, NOFOLLOW"}, true, true},
		{[]string{"none"}, true, true},
		{[]string{"all"}, false, false},
		{[]string{"noarchive", "nofollow"}, false, true},
		{[]string{"googlebot: noindex"}, false, false},
		{[]string{"harvest: noindex"}, true, false},
		{[]string{"Harvest:nofollow, noindex"}, true, true},
		{[]string{"googlebot: noindex, nofollow"}, false, false},
		{[]string{"googlebot: noindex, harvest: nofollow"}, false, true},
		{[]string{"googlebot: noindex", "nofollow"}, false, true},
		{[]string{"max-snippet: 20, noindex"}, true, false},
		{[]string{"unavailable_after: 2026-02-28"}, true, false},
		{[]string{"unavailable_after: 2027-02-28"}, false, false},
		{[]string{"unavailable_after: Sat, 28 Feb 2026 15:00:00 GMT"}, true, false},
		{[]string{"unavailable_after: 25 Jun 2010 15:00:00 PST"}, true, false},
		{[]string{"harvest: unavailable_after: 2026-02-28T00:00:00Z"}, true, false},
		{[]string{"unavailable_after: some day"}, false, false},
		{[]string{"unavailable_after: 28-Feb-2026 15:00:00 EST, nofollow"}, true, true},
		{[]string{"unavailable_after: Sunday, 28-Feb-27 15:00:00 GMT, nofollow"}, false, true},
		{[]string{"nofollow, unavailable_after: 2026-02-28T15:04:05+02:00"}, true, true},
		{[]string{"noindex nofollow"}, true, true},
		{[]string{"noindex; nofollow"}, true, true},
		{[]string{"bot2: noindex"}, false, false},
		{[]string{"*: noindex"}, true, false},
		{[]string{"index, follow, max-image-preview:large, max-snippet:-1, max-video-preview:-1"}, false, false},
		{[]string{"noindexing, nofollowed, nonesuch"}, false, false},
		{[]string{"", ",,:", ": noindex"}, false, false},
	} {
		h := http.Header{"X-Robots-Tag": tc.values}
		if no, noFo := fetch.RobotsTag(h, "Harvest", now); no != tc.no || noFo != tc.noFo {
			t.Errorf("%s: noindex %v, nofollow %v", strings.Join(tc.values, " | "), no, noFo)
		}
	}
}

func TestRobotsMeta(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		page     string
		no, noFo bool
	}{
		{`<title>Report</title><p>noindex`, false, false},
		{`<meta name="robots" content="noindex">`, true, false},
		{`<META CONTENT='NOINDEX , NoFollow' NAME=ROBOTS />`, true, true},
		{`<meta name=robots content=none>`, true, true},
		{`<meta name="robots" content="index,follow"><meta name="robots" content="nofollow">`, false, true},
		{`<meta name="harvest" content="noindex">`, true, false},
		{`<meta name=" Harvest " content="noindex">`, true, false},
		{`<meta name="googlebot" content="noindex"><meta name="harvester" content="noindex">`, false, false},
		{`<meta name="robots" content="unavailable_after: 25 Jun 2010 15:00:00 PST">`, true, false},
		{`<meta name="robots" content="unavailable_after:2010-06-25, nofollow">`, true, true},
		{`<meta name="robots" content="unavailable_after: 2126-06-25">`, false, false},
		{`<meta name="robots" content="noindex&#44;nofollow">`, true, true},
		{`<meta name="robots" content="max-snippet:-1, noindex">`, true, false},
		{`<meta property="robots" content="noindex"><meta http-equiv="robots" content="noindex">`, false, false},
		{`<!-- <meta name="robots" content="noindex"> -->`, false, false},
		{`<script>document.write('<meta name="robots" content="noindex">')</script>`, false, false},
		{`<style>/* <meta name="robots" content="noindex"> */</style>`, false, false},
		{`<noscript><meta name="robots" content="noindex"></noscript>`, true, false},
		{`<script src=a.js></script><!-- > --><meta name="robots" content="noindex">`, true, false},
		{`<head><title>a > b</title></head><body><meta name="robots" content="noindex">`, false, false},
		{`<metadata name="robots" content="noindex">`, false, false},
		{`<meta name="robots" content="noindex`, false, false},
		{`<meta name="robots"`, false, false},
		{`<meta`, false, false},
		{`<`, false, false},
		{``, false, false},
	} {
		no, noFo, said := fetch.RobotsMeta([]byte(tc.page), "Harvest", now)
		if no != tc.no || noFo != tc.noFo {
			t.Errorf("%s: noindex %v, nofollow %v", tc.page, no, noFo)
		}
		if (said == "") != (!no && !noFo) {
			t.Errorf("%s: said %q", tc.page, said)
		}
	}
}

func TestPagesAreAskedWhetherTheyWantRobots(t *testing.T) {
	site := sitetest.New(t)
	const asks = `<!doctype html><html><head><meta name="robots" content="noindex, nofollow"></head><body><p>page`
	site.Page("/meta", asks)
	site.Handle("/header", sitetest.With(sitetest.HTML("<p>page"), "X-Robots-Tag", "harvest: nofollow"))
	site.Handle("/both", sitetest.With(sitetest.HTML(`<meta name=robots content=noindex><p>page`), "X-Robots-Tag", "nofollow"))
	site.Handle("/xhtml", sitetest.Content("application/xhtml+xml", `<?xml version="1.0"?>`+asks))
	site.Handle("/text", sitetest.Content("text/plain", asks))
	site.Handle("/json", sitetest.Content("application/json", `{"html":"<meta name='robots' content='noindex'>"}`))
	site.Handle("/utf16", sitetest.Content("text/html", utf16(asks)))
	site.Handle("/moved", sitetest.With(sitetest.Redirect(302, "/plain"), "X-Robots-Tag", "noindex"))
	site.Page("/plain", "<p>page")
	site.Handle("/long", sitetest.With(sitetest.HTML("<p>page"), "X-Robots-Tag", "noindex, "+strings.Repeat("x", 5000)))
	s := newSession(t, fetch.Options{})
	for path, wanted := range map[string]struct {
		no, noFo bool
		said     string
	}{
		"/meta":   {true, true, `<meta name="robots">: noindex, nofollow`},
		"/header": {false, true, `X-Robots-Tag: nofollow`},
		"/both":   {true, true, `X-Robots-Tag: nofollow`},
		"/xhtml":  {true, true, `<meta name="robots">: noindex, nofollow`},
		"/utf16":  {true, true, `<meta name="robots">: noindex, nofollow`},
		"/text":   {},
		"/json":   {},
		"/moved":  {}, // what a redirect says is about itself
		"/plain":  {},
	} {
		page := get(t, s, site.At(path))
		want(t, page, harvest.Fetched)
		if page.NoIndex != wanted.no || page.NoFollow != wanted.noFo || page.RobotsSaid != wanted.said {
			t.Errorf("%s: noindex %v, nofollow %v, said %q", path, page.NoIndex, page.NoFollow, page.RobotsSaid)
		}
	}
	if page := get(t, s, site.At("/long")); !page.NoIndex || len(page.RobotsSaid) > 600 {
		t.Errorf("noindex %v, said %d octets", page.NoIndex, len(page.RobotsSaid))
	}
}

// utf16 is a text of ASCII in UTF-16, little-endian, with its byte order mark.
func utf16(s string) string {
	var b strings.Builder
	b.WriteString("\xFF\xFE")
	for i := range len(s) {
		b.WriteByte(s[i])
		b.WriteByte(0)
	}
	return b.String()
}

func FuzzRobotsMeta(f *testing.F) {
	for _, page := range []string{
		`<meta name="robots" content="noindex">`, "<META NAME=robots CONTENT=none", `<!--<meta name=robots content=noindex>-->`,
		"<script><meta name=robots content=noindex>", "<meta name='harvest' content='unavailable_after: \xff'>", "<body><meta", "<<<>",
	} {
		f.Add([]byte(page))
	}
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, page []byte) {
		noIndex, noFollow, said := fetch.RobotsMeta(page, "Harvest", now)
		if (noIndex || noFollow) != (said != "") || !utf8.ValidString(said) {
			t.Errorf("noindex %v, nofollow %v, said %q", noIndex, noFollow, said)
		}
		h := http.Header{"X-Robots-Tag": {string(page)}}
		fetch.RobotsTag(h, "Harvest", now)
	})
}
