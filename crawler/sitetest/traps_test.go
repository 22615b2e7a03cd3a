package sitetest_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/harvest87/harvest/crawler/sitetest"
)

var href = regexp.MustCompile(`href="([^"]*)"`)

// TestTrapsHaveNoEnd follows the links of each trap breadth first: after any
// number of pages there are still addresses that were not seen.
func TestTrapsHaveNoEnd(t *testing.T) {
	page := `<title>One page</title><h1>One page</h1>`
	for name, trap := range map[string]http.Handler{
		"calendar":             sitetest.Calendar(),
		"session in the query": sitetest.SessionLinks(5, "PHPSESSID"),
		"session in the path":  sitetest.SessionLinks(5, ";jsessionid"),
		"ever deeper":          sitetest.EverDeeper("news"),
		"next for ever":        sitetest.NextForEver("/a", "/b"),
		"facets":               sitetest.Facets(3),
		"mirrors":              sitetest.Mirrors(page, "ref"),
	} {
		t.Run(name, func(t *testing.T) {
			const enough = 120
			site := sitetest.New(t).Handle("/trap/*", trap)
			c := newClient(t, &http.Transport{})
			queue, seen := []string{site.At("/trap/")}, map[string]bool{}
			for len(seen) < enough && len(queue) > 0 {
				at := queue[0]
				queue = queue[1:]
				if seen[at] {
					continue
				}
				seen[at] = true
				status, body := get(t, c, at)
				if status != 200 && status != 404 {
					t.Fatalf("%s: %d", at, status)
				}
				base, err := url.Parse(at)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range href.FindAllStringSubmatch(body, -1) {
					link, err := base.Parse(m[1])
					if err != nil {
						t.Fatal(err)
					}
					queue = append(queue, link.String())
				}
			}
			if len(seen) < enough {
				t.Errorf("only %d addresses", len(seen))
			}
		})
	}
}

func TestWhatIsMissingIsNot404(t *testing.T) {
	site := sitetest.New(t)
	c := newClient(t, &http.Transport{})
	site.Handle("/soft/*", sitetest.SoftNotFound()).Handle("/home/*", sitetest.SameForEverything("<h1>Welcome</h1>")).
		Handle("/old/*", sitetest.SoftNotFoundRedirect("/home/"))
	for _, path := range []string{"/soft/a", "/home/robots.txt", "/old/b"} {
		if status, body := get(t, c, site.At(path)); status != 200 || body == "" {
			t.Errorf("%s: %d", path, status)
		}
	}
}
