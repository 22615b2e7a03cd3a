package fetch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log" //nolint:depguard // Colly writes to it
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gocolly/colly/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// This file holds one test for each way in which Colly v2.3.0 is known to
// disappoint a harvester, and which the shell around it must make good. So do
// colly_state_test.go and crawler/colly_test.go; docs/traps.md lists them all.

// Other packages may not import Colly at all, which the module's own test of
// imports makes sure of; in this one a single file does.
func TestOneFileImportsColly(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var importers []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return strings.Contains(i.Path.Value, "gocolly/") }) {
			importers = append(importers, name)
		}
	}
	if diff := cmp.Diff([]string{"bench_test.go", "colly_test.go", "shell.go"}, importers); diff != "" {
		t.Errorf("files that import Colly (-want +got):\n%s", diff)
	}
}

// COLLY_* environment variables silently override code.
func TestCollyEnvironmentChangesNothing(t *testing.T) {
	site := sitetest.New(t)
	site.Robots("User-agent: *\nDisallow: /private\n")
	big := strings.Repeat("<p>é page. ", 100)
	site.Page("/page", big)
	site.Page("/private", big)
	site.Handle("/moved", sitetest.Redirect(301, "/page"))
	site.Handle("/404", sitetest.Status(404))
	site.Handle("/cookie", sitetest.Cookie("a", "b", sitetest.HTML("<p>cookie")))
	cache := t.TempDir()
	for _, tc := range []struct{ name, value string }{
		{"ALLOWED_DOMAINS", "nowhere.example"},
		{"DISALLOWED_DOMAINS", "127.0.0.1"},
		{"CACHE_DIR", cache},
		{"DETECT_CHARSET", "yes"},
		{"DISABLE_COOKIES", "yes"},
		{"FOLLOW_REDIRECTS", "no"},
		{"IGNORE_ROBOTSTXT", "yes"},
		{"MAX_BODY_SIZE", "10"},
		{"MAX_DEPTH", "1"},
		{"MAX_REQUESTS", "1"},
		{"PARSE_HTTP_ERROR_RESPONSE", "no"},
		{"TRACE_HTTP", "yes"},
		{"USER_AGENT", "Someone else"},
		{"NO_SUCH_THING", "1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Setenv("COLLY_"+tc.name, tc.value)
			var logged bytes.Buffer
			log.SetOutput(&logged)
			defer log.SetOutput(os.Stderr)
			s := newSession(t, fetch.Options{})
			for range 2 {
				page := get(t, s, site.At("/page"))
				want(t, page, harvest.Fetched)
				if string(page.Body) != big {
					t.Errorf("body of %d octets, want %d", len(page.Body), len(big))
				}
			}
			want(t, get(t, s, site.At("/moved")), harvest.Fetched)
			want(t, get(t, s, site.At("/cookie")), harvest.Fetched)
			want(t, get(t, s, site.At("/404")), harvest.NotFoundPage)
			want(t, get(t, s, site.At("/private")), harvest.RobotsDenied)
			requests := site.Requests()
			if agent := requests[len(requests)-1].Header.Get("User-Agent"); !strings.HasPrefix(agent, "Harvest/") {
				t.Errorf("User-Agent %q", agent)
			}
			if logged.Len() > 0 {
				t.Errorf("logged %q", logged.String())
			}
			if files, _ := os.ReadDir(cache); len(files) > 0 {
				t.Errorf("cached %v", files)
			}
		})
	}
}

// The visited set grows for ever, cannot expire, is marked before the fetch,
// and says "already visited" after a failure.
func TestCollyVisitedSetIsNotUsed(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/", sitetest.Flaky(1, sitetest.Status(503), sitetest.HTML("<p>page")))
	s := newSession(t, fetch.Options{Backoff: time.Millisecond})
	want(t, get(t, s, site.At("/")), harvest.ServerError)
	for range 5 {
		want(t, get(t, s, site.At("/")), harvest.Fetched)
	}
	if n := site.Count("/"); n != 6 {
		t.Errorf("asked %d times, want 6", n)
	}
}

// Async keeps one goroutine per pending URL.
func TestCollyLeavesNoGoroutinesBehind(t *testing.T) {
	site := sitetest.New(t)
	site.Page("/*", "<p>page")
	client := newClient(t, fetch.Options{})
	s := client.Source(&config.Source{ID: "test", Network: loopback})
	get(t, s, site.At("/"))
	before := runtime.NumGoroutine()
	for i := range 200 {
		want(t, get(t, s, site.At(fmt.Sprint("/", i))), harvest.Fetched)
	}
	if after := runtime.NumGoroutine(); after > before+5 {
		t.Errorf("%d goroutines, before %d", after, before)
	}
}

// One slot pool per rule serialises all hosts.
func TestCollyDoesNotSerialiseHosts(t *testing.T) {
	stuck, free := sitetest.New(t), sitetest.New(t)
	gate := sitetest.NewGate(sitetest.HTML("<p>late"))
	stuck.Handle("/", gate)
	free.Page("/", "<p>page")
	s := newSession(t, fetch.Options{})
	late := make(chan *harvest.Page, 1)
	go func() { late <- get(t, s, stuck.At("/")) }()
	<-gate.Arrived()
	want(t, get(t, s, free.At("/")), harvest.Fetched)
	gate.Open()
	want(t, <-late, harvest.Fetched)
}

// The delay sleeps after the response, holding slot and body, before the
// callbacks run.
func TestCollyDelayDoesNotHoldThePageBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := sitetest.NewMemory()
		defer net.Close()
		site := net.Site("site.example")
		site.Page("/", "<p>page")
		client := fetch.NewOn(fetch.Options{}, net.Dial)
		defer client.Close()
		s := client.Source(&config.Source{ID: "test", Politeness: config.Politeness{Delay: time.Hour}})
		begin := time.Now()
		want(t, get(t, s, site.At("/")), harvest.Fetched)
		if took := time.Since(begin); took > time.Hour+time.Second { // the hour after robots.txt, and none after the page
			t.Errorf("took %s", took)
		}
	})
}

// Redirect hops use the first URL's rule: a target limited to 1 saw 20 at once.
func TestCollyRedirectsKeepTheTargetsLimit(t *testing.T) {
	target := sitetest.New(t)
	target.Handle("/*", sitetest.Late(2*time.Millisecond, sitetest.HTML("<p>page")))
	client := newClient(t, fetch.Options{Concurrency: 50})
	var wg sync.WaitGroup
	for i := range 20 {
		site := sitetest.New(t)
		site.Handle("/", sitetest.Redirect(302, target.At(fmt.Sprint("/", i))))
		s := client.Source(&config.Source{ID: "test", Network: loopback})
		wg.Go(func() { want(t, get(t, s, site.At("/")), harvest.Fetched) })
	}
	wg.Wait()
	if most := target.MostAtOnce(); most != 1 {
		t.Errorf("the target answered %d requests at once", most)
	}
}

// After ctx ends, waiters still take the slot and sleep: 100 x 50 ms took 4.9 s.
func TestCollyWaitersStopWithTheirContext(t *testing.T) {
	inMemory(t, fetch.Options{}, func(t *testing.T, site *sitetest.Site, s *fetch.Session) {
		site.Page("/*", "<p>page")
		want(t, get(t, s, site.At("/")), harvest.Fetched)
		ctx, cancel := context.WithCancelCause(t.Context())
		pages := make(chan *harvest.Page, 100)
		for i := range 100 {
			go func() {
				pages <- s.Fetch(ctx, harvest.Request{URL: site.At(fmt.Sprint("/", i))}, harvest.Validators{})
			}()
		}
		synctest.Wait() // all of them wait for the host
		begin := time.Now()
		cancel(errors.New("told to stop"))
		for range 100 {
			page := <-pages
			want(t, page, harvest.Cancelled)
			if page.Reason != "told to stop" || page.Requests != 0 {
				t.Errorf("%s after %d requests", page.Reason, page.Requests)
			}
		}
		if took := time.Since(begin); took != 0 {
			t.Errorf("took %s", took)
		}
	})
}

// robots.txt is ignored by default.
func TestCollyRobotsIsObeyedByDefault(t *testing.T) {
	site := sitetest.New(t)
	site.Robots("User-agent: *\nDisallow: /\n")
	site.Page("/", "<p>page")
	want(t, get(t, newClient(t, fetch.Options{}).Source(&config.Source{Network: loopback}), site.At("/")), harvest.RobotsDenied)
}

// A robots.txt that redirects passes through the collector's own filters and
// visited set.
func TestCollyRobotsRedirectIsNoVisit(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/robots.txt", sitetest.Redirect(301, "/page"))
	site.Handle("/page", sitetest.Content("text/plain", "User-agent: *\nDisallow: /private\n"))
	s := newSession(t, fetch.Options{})
	s.RedirectScope = func(string, harvest.Kind) string { return "no redirects of pages" }
	want(t, get(t, s, site.At("/page")), harvest.Fetched)
	want(t, get(t, s, site.At("/private")), harvest.RobotsDenied)
}

// Wildcards are unanchored, the query is sorted, one bad line fails the host,
// 5xx allows, crawl-delay and sitemaps are ignored: see TestRobotsMatch,
// TestRobotsAnswers, TestVerdictNamesTheRule. No single flight, no TTL, no cap:
// TestRobotsIsFetchedOnce, TestRobotsAges, TestRobotsBeyondTheCapIsNotRead.
func TestCollyRobotsNetworkErrorsAreRemembered(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/robots.txt", sitetest.Reset(""))
	s := newSession(t, fetch.Options{})
	for range 5 {
		want(t, get(t, s, site.At("/")), harvest.RobotsUnavailable)
	}
	if n := site.Count("/robots.txt"); n > 2 { // net/http itself repeats a request whose connection broke
		t.Errorf("asked %d times", n)
	}
}

// A 304 goes to OnError; statuses 203 to 299 are treated as errors.
func TestCollyErrorsThatAreNone(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/304", sitetest.Validated(`"1"`, "", sitetest.HTML("<p>page")))
	site.Handle("/203", sitetest.Answer(203, "text/html", "<p>page"))
	site.Handle("/226", sitetest.Answer(226, "text/html", "<p>page"))
	s := newSession(t, fetch.Options{})
	want(t, s.Fetch(t.Context(), harvest.Request{URL: site.At("/304")}, harvest.Validators{ETag: `"1"`}), harvest.NotModified)
	want(t, get(t, s, site.At("/203")), harvest.Fetched)
	want(t, get(t, s, site.At("/226")), harvest.Fetched)
}

// CacheDir caches a 429 for ever and panics on a corrupt file: nothing but
// robots.txt is kept (TestRobotsIsKeptAcrossRuns has the corrupt files).
func TestCollyCacheIsNotUsed(t *testing.T) {
	dir := t.TempDir()
	site := sitetest.New(t)
	site.Handle("/", sitetest.Flaky(1, sitetest.Status(429), sitetest.HTML("<p>page")))
	s := newSession(t, fetch.Options{CacheDir: dir, Backoff: time.Millisecond})
	want(t, get(t, s, site.At("/")), harvest.RateLimited)
	want(t, get(t, s, site.At("/")), harvest.Fetched)
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != "robots" {
		t.Errorf("kept %v (%v)", entries, err)
	}
}

// MaxBodySize truncates silently, and counts compressed octets: 199 KiB of
// .xml.gz became 200 MiB.
func TestCollyBodiesAreNeverCut(t *testing.T) {
	site := sitetest.New(t)
	site.Page("/11MiB", strings.Repeat("x", 11<<20))
	file := sitetest.Compress("gzip", make([]byte, 8<<20))
	site.Handle("/sitemap.xml.gz", sitetest.Content("application/x-gzip", string(file)))
	site.Handle("/bomb.xml.gz", sitetest.Bomb("gzip", 8<<20))
	s := newSession(t, fetch.Options{})
	page := get(t, s, site.At("/11MiB"))
	want(t, page, harvest.Fetched)
	if len(page.Body) != 11<<20 {
		t.Errorf("%d octets of 11 MiB", len(page.Body))
	}
	want(t, get(t, newSession(t, fetch.Options{MaxBody: 10 << 20}), site.At("/11MiB")), harvest.TooLarge)
	page = get(t, newSession(t, fetch.Options{MaxBody: 1 << 20}), site.At("/sitemap.xml.gz"))
	want(t, page, harvest.Fetched) // a file: whoever reads it unpacks it, within limits of its own
	if !bytes.Equal(page.Body, file) {
		t.Errorf("%d octets, want the %d of the file", len(page.Body), len(file))
	}
	want(t, get(t, newSession(t, fetch.Options{MaxBody: 1 << 20}), site.At("/bomb.xml.gz")), harvest.TooLarge)
}

// A 404 for an .xml.gz fails to gunzip.
func TestCollyMissingArchiveIsMissing(t *testing.T) {
	site := sitetest.New(t)
	want(t, get(t, newSession(t, fetch.Options{}), site.At("/sitemap.xml.gz")), harvest.NotFoundPage)
}

// DetectCharset rewrites PDFs; off, meta and byte order mark are ignored, and
// a charset in Content-Type still rewrites any file.
func TestCollyTouchesNoBytes(t *testing.T) {
	pdf := "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + strings.Repeat("\xff\x80", 100)
	zip := "PK\x03\x04" + strings.Repeat("\xff\x80", 100)
	site := sitetest.New(t)
	site.Handle("/pdf", sitetest.Content("application/pdf", pdf))
	site.Handle("/pdf-charset", sitetest.Content("application/pdf; charset=iso-8859-1", pdf))
	site.Handle("/doc", sitetest.Content("application/msword; charset=windows-1251", zip))
	site.Handle("/gzip-in-type", sitetest.Content("application/x-gzip", zip))
	site.Handle("/book.xlsx", sitetest.Content("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", zip)) // parsed as XML
	s := newSession(t, fetch.Options{})
	for path, body := range map[string]string{"/pdf": pdf, "/pdf-charset": pdf, "/doc": zip, "/gzip-in-type": zip, "/book.xlsx": zip} {
		page := get(t, s, site.At(path))
		want(t, page, harvest.Fetched)
		if string(page.Body) != body || page.Charset != "" {
			t.Errorf("%s: body %q in %q", path, page.Body, page.Charset)
		}
	}
	site.Handle("/meta", sitetest.Content("text/html", "<meta charset=windows-1251><p>\xcf"))
	if page := get(t, s, site.At("/meta")); !bytes.HasSuffix(page.Body, []byte("<p>П")) {
		t.Errorf("body %q", page.Body)
	}
}

// Redirect cycles are followed to the end, and the check is bound to the parent
// of a clone.
func TestCollyRedirectCyclesEnd(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/", sitetest.Circle(2))
	page := get(t, newSession(t, fetch.Options{}), site.At("/"))
	want(t, page, harvest.RedirectLoop)
	if n := len(site.Requests()); n > 5 {
		t.Errorf("%d requests", n)
	}
}

// The shell's own premise: Init reads no environment and NewCollector does. If
// this ever fails, shell.go must be read again.
func TestCollyInitIsStillTheWayAroundTheEnvironment(t *testing.T) {
	t.Setenv("COLLY_USER_AGENT", "from the environment")
	c := new(colly.Collector)
	c.Init()
	if c.UserAgent == "from the environment" {
		t.Error("Init reads the environment now")
	}
	if colly.NewCollector().UserAgent != "from the environment" {
		t.Error("NewCollector no longer reads the environment")
	}
}

// A callback panic in Async kills the process: see TestAPanicBecomesAnOutcome
// for ours. This one breaks within Colly's own stack, in the transport.
func TestCollyPanicOnTheWayBecomesAnOutcome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := fetch.New(fetch.Options{}).Source(&config.Source{ID: "test", Politeness: config.Politeness{Delay: time.Second}})
		s.Break()
		for range 3 { // the turn at the host is given back each time
			want(t, get(t, s, "http://site.example/"), harvest.Panicked)
		}
	})
}
