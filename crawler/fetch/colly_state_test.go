package fetch_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// Every page is parsed by goquery, and once more by htmlquery, as soon as a
// selector is registered: the shell registers one callback, and it parses nothing.
func TestCollyParsesNothing(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "shell.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var callbacks []string
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && strings.HasPrefix(s.Sel.Name, "On") {
			callbacks = append(callbacks, s.Sel.Name)
		}
		return true
	})
	if fmt.Sprint(callbacks) != "[OnResponse]" {
		t.Errorf("the shell registers %v", callbacks)
	}
}

// The visited set takes 38 octets a URL for ever: a session keeps nothing of
// the pages that it has fetched.
func TestCollyKeepsNothingPerPage(t *testing.T) {
	site := sitetest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		sitetest.HTML("<p>page").ServeHTTP(w, r)
	}))
	s := newSession(t, fetch.Options{})
	visit := func(from, n int) uint64 {
		for i := range n {
			want(t, get(t, s, fmt.Sprintf("%s/a-rather-long-address-of-a-page-%d", site, from+i)), harvest.Fetched)
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := visit(0, 200)
	if after := visit(200, 2000); after > before+100*2000 {
		t.Errorf("%d octets more after 2000 pages", after-before)
	}
}

// A rule that two collectors share deadlocks (#872): sources that share hosts,
// slots and robots.txt all come to an end.
func TestCollySharedHostsDoNotDeadlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which fails when all goroutines wait for ever
		net := sitetest.NewMemory()
		defer net.Close()
		var sites []*sitetest.Site
		for i := range 3 {
			site := net.Site(fmt.Sprintf("site%d.example", i))
			site.Robots("User-agent: *\nDisallow: /nothing\n").Page("/*", "<p>page")
			site.Handle("/out", sitetest.Redirect(302, fmt.Sprintf("http://site%d.example/in", (i+1)%3)))
			site.Handle("/robots.txt", sitetest.Redirect(302, fmt.Sprintf("http://site%d.example/rules", (i+1)%3))) // each needs the other's clock
			sites = append(sites, site)
		}
		client := fetch.NewOn(fetch.Options{Concurrency: 1}, net.Dial)
		defer client.Close()
		var wg sync.WaitGroup
		for i := range 30 {
			s := client.Source(&config.Source{ID: harvest.SourceID(fmt.Sprint("s", i)), Politeness: config.Politeness{Delay: time.Duration(i%3) * time.Second, Concurrency: i % 4}})
			wg.Go(func() { want(t, get(t, s, sites[i%3].At("/out")), harvest.Fetched) })
		}
		wg.Wait()
	})
}

// A clone's redirect check is bound to the collector that it was cloned from:
// here each session asks its own scope.
func TestCollySessionsKeepTheirOwnChecks(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/moved", sitetest.Redirect(302, "/page"))
	site.Page("/page", "<p>page")
	client := newClient(t, fetch.Options{})
	src := &config.Source{ID: "test", Network: loopback}
	strict, open := client.Source(src), client.Source(src)
	strict.RedirectScope = func(string, harvest.Kind) string { return "not here" }
	for range 2 {
		want(t, get(t, strict, site.At("/moved")), harvest.OffScope)
		want(t, get(t, open, site.At("/moved")), harvest.Fetched)
	}
}

// One bad line in robots.txt fails every URL of the host.
func TestCollyRobotsBadLineSpoilsNothing(t *testing.T) {
	for _, bad := range []string{"Disallow", "Allow: /*[", "User-agent", ": :", "Disallow: /%zz", "\x00\xfe\xff", strings.Repeat("x", 5000), "Crawl-delay: soon", "Sitemap: http://["} {
		site := sitetest.New(t)
		site.Robots("User-agent: *\n" + bad + "\nDisallow: /private\n")
		site.Page("/*", "<p>page").Robots("User-agent: *\n" + bad + "\nDisallow: /private\n")
		s := newSession(t, fetch.Options{})
		want(t, get(t, s, site.At("/page")), harvest.Fetched)
		want(t, get(t, s, site.At("/private")), harvest.RobotsDenied)
	}
}

// Wildcards are unanchored regular expressions: /a*z blocks /news/a-to-z.
func TestCollyRobotsWildcardsAreAnchored(t *testing.T) {
	site := sitetest.New(t)
	site.Page("/*", "<p>page").Robots("User-agent: *\nDisallow: /a*z\nDisallow: /b.c\nDisallow: /*.pdf$\n")
	s := newSession(t, fetch.Options{})
	for path, outcome := range map[string]harvest.Outcome{
		"/news/a-to-z": harvest.Fetched, "/a-to-z": harvest.RobotsDenied, "/a/b/z/c": harvest.RobotsDenied, "/bxc": harvest.Fetched,
		"/b.c": harvest.RobotsDenied, "/x.pdf": harvest.RobotsDenied, "/x.pdf?page=1": harvest.Fetched, "/xpdf": harvest.Fetched,
	} {
		want(t, get(t, s, site.At(path)), outcome)
	}
}

// The query is sorted anew before it is matched, and sent so.
func TestCollyQueryIsSentAsWritten(t *testing.T) {
	site := sitetest.New(t)
	site.Page("/*", "<p>page").Robots("User-agent: *\nDisallow: /s?z=1&a=2\n")
	s := newSession(t, fetch.Options{})
	want(t, get(t, s, site.At("/s?z=1&a=2")), harvest.RobotsDenied)
	for _, target := range []string{"/s?a=2&z=1", "/s?b&a=%20+&b=1;c", "/s?q=a%2Fb%2fc"} {
		want(t, get(t, s, site.At(target)), harvest.Fetched)
		if site.Count(target) != 1 {
			t.Errorf("%s became %v", target, site.Paths())
		}
	}
}
