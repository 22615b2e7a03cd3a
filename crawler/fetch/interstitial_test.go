package fetch_test

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

func TestWallsAreNotPages(t *testing.T) {
	site := sitetest.New(t)
	check := func(walls []sitetest.Wall, outcome harvest.Outcome) {
		for _, w := range walls {
			t.Run(w.Name, func(t *testing.T) {
				site.Handle("/page", w.Handler())
				s := newSession(t, fetch.Options{Retries: 2, Backoff: time.Millisecond}) // a clock of its own: challenges slow it down
				page := get(t, s, site.At("/page"))
				want(t, page, outcome)
				if page.Requests != 1 {
					t.Errorf("%d requests", page.Requests)
				}
			})
		}
	}
	check(sitetest.Logins, harvest.LoginRequired)
	check(sitetest.Innocent, harvest.Fetched)
	check(sitetest.Challenges, harvest.Challenge)
}

func TestRefusalsAreNotChallenges(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/apache", sitetest.Answer(403, "text/html", `<html><head><title>403 Forbidden</title></head><body><h1>Forbidden</h1><p>You don't have permission to access this resource.</p></body></html>`))
	site.Handle("/cloudflare-522", sitetest.With(sitetest.Answer(522, "text/html", `<html><head><title>site.example | 522: Connection timed out</title></head><body><div id="cf-error-details"><h1>Connection timed out</h1></div>Cloudflare Ray ID</body></html>`), "Server", "cloudflare"))
	site.Handle("/json", sitetest.Answer(403, "application/json", `{"code":"rest_forbidden"}`))
	s := newSession(t, fetch.Options{})
	want(t, get(t, s, site.At("/apache")), harvest.AccessDenied)
	want(t, get(t, s, site.At("/cloudflare-522")), harvest.ServerError)
	want(t, get(t, s, site.At("/json")), harvest.AccessDenied)
}

func TestPDFsAreNeverWalls(t *testing.T) {
	header := http.Header{"Content-Type": {"application/pdf"}}
	if name := fetch.Challenge(header, []byte("%PDF-1.4 <title>Just a moment...</title> _cf_chl_opt")); name != "" {
		t.Errorf("taken for %s", name)
	}
}

func TestSurveyIsLinear(t *testing.T) {
	for _, piece := range []string{"<title>", "<!", "<", "<a ", "<!--", "<script>", "</", "<h1>", "<input ", "&", "<SCRIPT>"} {
		content := bytes.Repeat([]byte(piece), 1<<20/len(piece))
		begin := time.Now()
		fetch.Challenge(nil, content)
		if took := time.Since(begin); took > 3*time.Second {
			t.Errorf("1 MiB of %q take %s", piece, took)
		}
	}
}
