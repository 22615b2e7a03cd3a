package fetch_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

func TestRobotsMatch(t *testing.T) {
	for _, tc := range []struct{ name, robots, allowed, denied string }{
		{"nothing said", "", "/ /a", ""},
		{"our group", "User-agent: harvest\nDisallow: /a\n", "/ /b", "/a /ab /a/b"},
		{"with a version", "User-agent: Harvest/0.1\nDisallow: /a\n", "/b", "/a"},
		{"another name that begins so", "User-agent: HarvestMan\nDisallow: /\n", "/a", ""},
		{"everybody", "User-agent: *\nDisallow: /a\n", "/b", "/a"},
		{"ours before everybody's", "User-agent: *\nDisallow: /\nUser-agent: Harvest\nDisallow: /a\n", "/b", "/a"},
		{"ours, empty", "User-agent: *\nDisallow: /\n\nUser-agent: Harvest\nDisallow:\n", "/ /a", ""},
		{"ours without any rule", "User-agent: *\nDisallow: /\n\nUser-agent: Harvest\n", "", ""},
		{"two groups of ours", "User-agent: Harvest\nDisallow: /a\nUser-agent: x\nDisallow: /c\nUser-agent: Harvest\nDisallow: /b\n", "/c", "/a /b"},
		{"one group of two", "User-agent: x\nUser-agent: Harvest\nDisallow: /a\n", "/b", "/a"},
		{"blank lines mean nothing", "User-agent: Harvest\n\n\nDisallow: /a\n", "/b", "/a"},
		{"sitemap and delay mean nothing within a group", "User-agent: Harvest\nCrawl-delay: 1\nSitemap: /s.xml\nDisallow: /a\n", "/b", "/a"},
		{"rules before any name", "Disallow: /\nUser-agent: x\nDisallow: /\n", "/a", ""},
		{"the longest wins", "User-agent: *\nAllow: /a/b\nDisallow: /a\n", "/a/b/c", "/a/c"},
		{"allow wins a tie", "User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", ""},
		{"wildcards", "User-agent: *\nDisallow: /*.pdf$\nDisallow: /a*z\n", "/x.pdf?y /news/a-to-z /b", "/x.pdf /d/x.pdf /a-to-z"},
		{"dollar in the middle", "User-agent: *\nDisallow: /a$b\n", "/a /ab", "/a$b"},
		{"query as sent", "User-agent: *\nDisallow: /s?b=2&a=1\n", "/s?a=1&b=2", "/s?b=2&a=1"},
		{"escapes in any case", "User-agent: *\nDisallow: /caf%c3%a9\n", "/cafe", "/caf%C3%A9 /caf%c3%a9"},
		{"escapes beside what is not escaped", "User-agent: *\nDisallow: /é%20x%c3\n", "/e", "/%C3%A9%20x%C3"},
		{"rules that are not escaped", "User-agent: *\nDisallow: /café\n", "/cafe", "/caf%C3%A9"},
		{"escapes that need not be, both ways", "User-agent: *\nDisallow: /%61b\nDisallow: /cd\n", "/x", "/ab /%61b /%63d"},
		{"reserved escapes stay", "User-agent: *\nDisallow: /a%2Fb\n", "/a/b", "/a%2Fb /a%2fb"},
		{"index.html is the folder", "User-agent: *\nDisallow: /\nAllow: /f/index.html\n", "/f/ /f/index.html", "/f/x"},
		{"robots.txt itself", "User-agent: *\nDisallow: /\n", "/robots.txt", "/"},
		{"CR, CRLF, comments, case, no space", "USER-AGENT:*#all\rdisallow:/a #not this\r\nDISALLOW:/b", "/c", "/a /b"},
		{"a byte order mark", "\uFEFFUser-agent: *\nDisallow: /a\n", "/b", "/a"},
		{"UTF-16", "\xFF\xFEU\x00s\x00e\x00r\x00-\x00a\x00g\x00e\x00n\x00t\x00:\x00*\x00\n\x00D\x00i\x00s\x00a\x00l\x00l\x00o\x00w\x00:\x00/\x00a\x00", "/b", "/a"},
		{"a bad line spoils nothing", "User-agent: *\n\x00\xff???\nDisallow /nocolon\nDisallow: /a\n", "/b", "/a /nocolon"},
		{"HTML", "<!DOCTYPE html>\n<pre>\nUser-agent: *\nDisallow: /\n", "/a", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for path := range strings.FieldsSeq(tc.allowed) {
				if rule, ok := fetch.RobotsMatch([]byte(tc.robots), "Harvest", path); !ok {
					t.Errorf("%s is denied by %q", path, rule)
				}
			}
			for path := range strings.FieldsSeq(tc.denied) {
				if rule, ok := fetch.RobotsMatch([]byte(tc.robots), "Harvest", path); ok {
					t.Errorf("%s is allowed by %q", path, rule)
				}
			}
		})
	}
}

// Rules can be written so that comparing them with a long address takes
// seconds, again and again. Such an address is not asked for.
func TestRobotsRulesThatTakeForEverAreGivenUp(t *testing.T) {
	for _, line := range []string{
		"Disallow: /" + strings.Repeat("*a", 1000) + "b\n", "Disallow: /*a*a*a*b\n", "Allow: /*a*a*b\n",
	} {
		robots := "User-agent: *\n" + strings.Repeat(line, 490_000/len(line))
		match, _, _ := fetch.Robots([]byte(robots), "Harvest")
		if match("/" + strings.Repeat("a", 8000)) {
			t.Errorf("%.40q…: allowed", line)
		}
		if !match("/short") {
			t.Errorf("%.40q…: a short address is not allowed", line)
		}
	}
	many := "User-agent: *\n" + strings.Repeat("Disallow: /*/private/*.pdf$\n", 5000) // long, and honest
	if match, _, _ := fetch.Robots([]byte(many), "Harvest"); !match("/a/"+strings.Repeat("b/", 150)) || match("/a/private/b.pdf") {
		t.Error("honest rules are not compared")
	}
}

func TestRobotsCrawlDelay(t *testing.T) {
	for _, tc := range []struct {
		robots string
		want   time.Duration
	}{
		{"User-agent: *\nCrawl-delay: 10\n", 10 * time.Second},
		{"User-agent: Harvest\nCrawl-delay: 0.5\nDisallow:\n\nUser-agent: *\nCrawl-delay: 10\nDisallow: /x\n", 500 * time.Millisecond},
		{"User-agent: Harvest\nCrawl-delay: 0.5\n\nUser-agent: *\nCrawl-delay: 10\nDisallow: /x\n", 10 * time.Second}, // one group of two
		{"User-agent: Harvest\nDisallow: /x\n\nUser-agent: *\nCrawl-delay: 10\n", 0},
		{"User-agent: *\nCrawl-delay: 3\nCrawl-delay: 7\n", 7 * time.Second},
		{"User-agent: *\nCrawl-delay: 5s\n", 5 * time.Second},
		{"User-agent: *\nCrawl-delay: -1\n", 0},
		{"User-agent: *\nCrawl-delay: NaN\n", 0},
		{"User-agent: *\nCrawl-delay: soon\n", 0},
		{"User-agent: *\nCrawl-delay: 1e300\n", 24 * time.Hour},
	} {
		if _, got, _ := fetch.Robots([]byte(tc.robots), "Harvest"); got != tc.want {
			t.Errorf("%q: %s, want %s", tc.robots, got, tc.want)
		}
	}
}

func TestRobotsBeyondTheCapIsNotRead(t *testing.T) {
	text := "User-agent: *\nDisallow: /a\n" + strings.Repeat("# filler filler filler filler\n", 20_000) + "Disallow: /b\n"
	match, _, _ := fetch.Robots([]byte(text), "Harvest")
	if match("/a") || !match("/b") {
		t.Errorf("/a allowed %v, /b allowed %v", match("/a"), match("/b"))
	}
	cut := "User-agent: *\nDisallow: /private\n" + strings.Repeat("x", 500<<10-33-len("Disallow: /pub")-1) + "\nDisallow: /public-part"
	match, _, _ = fetch.Robots([]byte(cut), "Harvest")
	if !match("/public") || match("/private") {
		t.Error("a line that the cap cuts counts")
	}
}

func TestRobotsAnswers(t *testing.T) {
	deny := sitetest.Content("text/plain", "User-agent: *\nDisallow: /private\n")
	for _, tc := range []struct {
		name    string
		robots  http.Handler
		outcome harvest.Outcome // of /private
		asked   int             // for robots.txt, with one retry
	}{
		{"rules", deny, harvest.RobotsDenied, 1},
		{"as HTML by the header alone", sitetest.Content("text/html", "User-agent: *\nDisallow: /private\n"), harvest.RobotsDenied, 1},
		{"compressed", sitetest.Encoded("gzip", "text/plain", []byte("User-agent: *\nDisallow: /private\n")), harvest.RobotsDenied, 1},
		{"a page of HTML", sitetest.HTML("<html><p>User-agent: *\nDisallow: /private\n"), harvest.Fetched, 1},
		{"404", sitetest.Status(404), harvest.Fetched, 1},
		{"401", sitetest.Status(401), harvest.Fetched, 1},
		{"403", sitetest.Status(403), harvest.Fetched, 1},
		{"410", sitetest.Status(410), harvest.Fetched, 1},
		{"204", sitetest.Status(204), harvest.Fetched, 1},
		{"a challenge with 403", sitetest.Challenges[0].Handler(), harvest.Fetched, 1},
		{"a challenge with 503", sitetest.Challenges[1].Handler(), harvest.RobotsUnavailable, 1},
		{"429", sitetest.Status(429), harvest.RobotsUnavailable, 2},
		{"500", sitetest.Status(500), harvest.RobotsUnavailable, 2},
		{"503", sitetest.Status(503), harvest.RobotsUnavailable, 2},
		{"503 once", sitetest.Flaky(1, sitetest.Status(503), deny), harvest.RobotsDenied, 2},
		{"a broken connection", sitetest.Reset(""), harvest.RobotsUnavailable, 0},
		{"half an answer", sitetest.Truncated("text/plain", "User-agent: *\nDisallow: /private\n", 12), harvest.RobotsUnavailable, 2},
		{"a redirect", sitetest.Redirect(301, "/rules.txt"), harvest.RobotsDenied, 1},
		{"five redirects", sitetest.Chain(5, deny), harvest.RobotsDenied, 1},
		{"six redirects", sitetest.Chain(6, deny), harvest.Fetched, 1},
		{"a circle", sitetest.Circle(2), harvest.Fetched, 1},
		{"a redirect inside", sitetest.Redirect(301, "http://10.0.0.1/robots.txt"), harvest.BlockedAddress, 1},
		{"a redirect to nowhere", sitetest.Redirect(301, "ftp://site.example/"), harvest.Fetched, 1},
		{"endless", sitetest.Endless(), harvest.Fetched, 1},
		{"rules and an announced gigabyte", sitetest.Raw("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\nUser-agent: *\nDisallow: /private\n" + strings.Repeat("# more\n", 80_000)), harvest.RobotsDenied, 1},
		{"a bomb", sitetest.With(sitetest.Bomb("gzip", 8<<20), "Content-Type", "text/plain"), harvest.Fetched, 1},
		{"304 to nothing", sitetest.Status(304), harvest.RobotsUnavailable, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			site := sitetest.New(t)
			site.Handle("/robots.txt", tc.robots)
			site.Handle("/rules.txt", deny)
			site.Page("/private", "<p>private")
			s := newSession(t, fetch.Options{Retries: 1, Backoff: time.Millisecond})
			page := get(t, s, site.At("/private"))
			want(t, page, tc.outcome)
			if tc.asked > 0 && site.Count("/robots.txt") != tc.asked {
				t.Errorf("robots.txt was asked for %d times, want %d", site.Count("/robots.txt"), tc.asked)
			}
			if page.Outcome == harvest.RobotsUnavailable && page.RetryAfter <= 0 {
				t.Error("it does not say when to try again")
			}
			again := get(t, s, site.At("/private"))
			want(t, again, tc.outcome)
			if tc.outcome != harvest.BlockedAddress && tc.asked > 0 && site.Count("/robots.txt") != tc.asked {
				t.Errorf("robots.txt was asked for again")
			}
		})
	}
}

// Every way in which servers answer for robots.txt has the effect that the
// standard gives it.
func TestRobotsAnswersHaveTheirEffect(t *testing.T) {
	for _, answer := range sitetest.RobotsAnswers() {
		t.Run(answer.Name, func(t *testing.T) {
			site := sitetest.New(t)
			site.Page("/*", "<p>page").Handle("/robots.txt", answer.Handler)
			s := newSession(t, fetch.Options{})
			open, private := harvest.Fetched, harvest.Fetched
			switch answer.Effect {
			case sitetest.RobotsRules:
				private = harvest.RobotsDenied
			case sitetest.RobotsUnavailable:
				open, private = harvest.RobotsUnavailable, harvest.RobotsUnavailable
			}
			want(t, get(t, s, site.At("/open")), open)
			want(t, get(t, s, site.At("/private/x")), private)
		})
	}
}

func TestRobotsThatNeverComesIsUnavailable(t *testing.T) {
	inMemory(t, fetch.Options{Retries: 1}, func(t *testing.T, site *sitetest.Site, s *fetch.Session) {
		site.Handle("/robots.txt", sitetest.Silent())
		site.Page("/", "<p>page")
		want(t, get(t, s, site.At("/")), harvest.RobotsUnavailable)
		if n := site.Count("/robots.txt"); n != 2 || site.Count("/") != 0 {
			t.Errorf("%v", site.Paths())
		}
	})
}

func TestRobotsIsCheckedAtEveryHop(t *testing.T) {
	site, other := sitetest.New(t), sitetest.New(t)
	site.Robots("User-agent: *\nDisallow: /private\n")
	other.Robots("User-agent: *\nDisallow: /\n")
	site.Handle("/a", sitetest.Redirect(302, "/private/b"))
	site.Handle("/out", sitetest.Redirect(302, other.At("/page")))
	s := newSession(t, fetch.Options{})
	page := get(t, s, site.At("/a"))
	want(t, page, harvest.RobotsDenied)
	if page.Reason != "robots.txt line 2: Disallow: /private" || site.Count("/private/b") != 0 {
		t.Errorf("reason %q, paths %v", page.Reason, site.Paths())
	}
	want(t, get(t, s, site.At("/out")), harvest.RobotsDenied)
	if diff := cmp.Diff([]string{"/robots.txt"}, other.Paths()); diff != "" {
		t.Errorf("the other site (-want +got):\n%s", diff)
	}
}

func TestRobotsIsFetchedOnce(t *testing.T) {
	site := sitetest.New(t)
	gate := sitetest.NewGate(sitetest.Content("text/plain", "User-agent: *\nDisallow: /private\n"))
	site.Handle("/robots.txt", gate)
	site.Page("/*", "<p>page")
	client := newClient(t, fetch.Options{})
	var wg sync.WaitGroup
	outcomes := make(chan harvest.Outcome, 50)
	for i := range 50 {
		s := client.Source(&config.Source{ID: harvest.SourceID(fmt.Sprint("s", i%5)), Network: loopback})
		wg.Go(func() { outcomes <- get(t, s, site.At(fmt.Sprint("/private/", i))).Outcome })
	}
	<-gate.Arrived()
	gate.Open()
	wg.Wait()
	for range 50 {
		if o := <-outcomes; o != harvest.RobotsDenied {
			t.Errorf("outcome %s", o)
		}
	}
	if n := site.Count("/robots.txt"); n != 1 {
		t.Errorf("robots.txt was fetched %d times", n)
	}
}

func TestRobotsFlightSurvivesItsPilot(t *testing.T) {
	site := sitetest.New(t)
	gate := sitetest.NewGate(sitetest.Content("text/plain", ""))
	site.Handle("/robots.txt", sitetest.Sequence(gate, sitetest.Content("text/plain", "")))
	site.Page("/", "<p>page")
	s := newSession(t, fetch.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	first := make(chan *harvest.Page, 1)
	go func() { first <- s.Fetch(ctx, harvest.Request{URL: site.At("/")}, harvest.Validators{}) }()
	<-gate.Arrived()
	second := make(chan *harvest.Page, 1)
	go func() { second <- get(t, s, site.At("/")) }()
	cancel()
	want(t, <-first, harvest.Cancelled)
	want(t, <-second, harvest.Fetched)
}

func TestRobotsOfOneOriginSayNothingOfAnother(t *testing.T) {
	site, other := sitetest.New(t), sitetest.New(t) // one host, two ports
	site.Robots("User-agent: *\nDisallow: /\n")
	site.Page("/", "<p>a")
	other.Page("/", "<p>b")
	s := newSession(t, fetch.Options{})
	want(t, get(t, s, site.At("/")), harvest.RobotsDenied)
	want(t, get(t, s, other.At("/")), harvest.Fetched)
}

func TestVerdictNamesTheRule(t *testing.T) {
	site := sitetest.New(t)
	site.Robots("User-agent: *\nCrawl-delay: 120\nDisallow: /private/\nAllow: /private/open\nSitemap: /sitemap.xml\nSitemap: https://site.example/s2.xml\nSitemap: ftp://no/\n")
	s := newClient(t, fetch.Options{}).Source(&config.Source{
		ID: "test", Network: loopback,
		Politeness: config.Politeness{Delay: time.Millisecond, MaxDelay: 2 * time.Second},
	})
	got := s.Robots(context.Background(), site.At("/private/x"))
	if got.FetchedAt.IsZero() || len(got.Hash) != 64 {
		t.Errorf("fetched %s, hash %q", got.FetchedAt, got.Hash)
	}
	got.FetchedAt, got.Hash = time.Time{}, ""
	wanted := fetch.Verdict{
		RobotsURL: site.At("/robots.txt"), Group: "*", Rule: "Disallow: /private/", Line: 3, Note: "read",
		CrawlDelay: 2 * time.Minute, Delay: 2 * time.Second, Sitemaps: []string{site.At("/sitemap.xml"), "https://site.example/s2.xml"},
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("verdict (-want +got):\n%s", diff)
	}
	if v := s.Robots(context.Background(), site.At("/private/open")); !v.Allowed || v.Rule != "Allow: /private/open" {
		t.Errorf("verdict %+v", v)
	}
	if got := s.Robots(context.Background(), site.At("/")).Sitemaps; len(got) != 2 {
		t.Errorf("sitemaps %v", got)
	}
	if use := s.Use(); len(use) != 1 || !use[0].Capped || use[0].CrawlDelay != 2*time.Minute || use[0].RobotsRequests != 1 {
		t.Errorf("use %+v", use)
	}
	if v := s.Robots(context.Background(), "ftp://x/"); v.Outcome != harvest.InvalidURL || v.Allowed {
		t.Errorf("verdict %+v", v)
	}
}

func TestRobotsIsKeptAcrossRuns(t *testing.T) {
	dir := t.TempDir()
	site := sitetest.New(t)
	site.Robots("User-agent: *\nDisallow: /private\n")
	site.Page("/*", "<p>page")
	want(t, get(t, newSession(t, fetch.Options{CacheDir: dir}), site.At("/private")), harvest.RobotsDenied)
	want(t, get(t, newSession(t, fetch.Options{CacheDir: dir}), site.At("/private")), harvest.RobotsDenied)
	if n := site.Count("/robots.txt"); n != 1 {
		t.Errorf("two runs asked %d times", n)
	}
	files, err := filepath.Glob(filepath.Join(dir, "robots", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, %v", files, err)
	}
	for name, content := range map[string]string{
		"not JSON": "\x00garbage", "empty": "", "cut": `{"origin":`, "another origin": `{"origin":"http://other.example"}`,
		"for a year":      fmt.Sprintf(`{"origin":%q,"fetched_at":"2020-01-01T00:00:00Z","expires_at":"2999-01-01T00:00:00Z","status":404}`, site.URL),
		"from the future": fmt.Sprintf(`{"origin":%q,"fetched_at":"2999-01-01T00:00:00Z","expires_at":"2999-01-01T01:00:00Z","status":404}`, site.URL),
	} {
		if err := os.WriteFile(files[0], []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		before := site.Count("/robots.txt")
		want(t, get(t, newSession(t, fetch.Options{CacheDir: dir}), site.At("/private")), harvest.RobotsDenied)
		if site.Count("/robots.txt") != before+1 {
			t.Errorf("%s: the file was used", name)
		}
	}
}

func TestRobotsFailuresAreNotKept(t *testing.T) {
	dir := t.TempDir()
	site := sitetest.New(t)
	site.Handle("/robots.txt", sitetest.Flaky(1, sitetest.Status(500), sitetest.Status(404)))
	site.Page("/", "<p>page")
	want(t, get(t, newSession(t, fetch.Options{CacheDir: dir}), site.At("/")), harvest.RobotsUnavailable)
	want(t, get(t, newSession(t, fetch.Options{CacheDir: dir}), site.At("/")), harvest.Fetched)
}

func TestRobotsCannotBeKeptAndTheRunGoesOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	site := sitetest.New(t)
	site.Page("/", "<p>page")
	want(t, get(t, newSession(t, fetch.Options{CacheDir: file}), site.At("/")), harvest.Fetched)
}

func TestRobotsAges(t *testing.T) {
	for _, tc := range []struct {
		name  string
		h     http.Handler
		fresh time.Duration // still remembered
		stale time.Duration // asked again
	}{
		{"a day at most", sitetest.Content("text/plain", ""), 23*time.Hour + 59*time.Minute, 24*time.Hour + time.Minute},
		{"a day at most whatever it says", sitetest.With(sitetest.Content("text/plain", ""), "Cache-Control", "max-age=31536000"), 23 * time.Hour, 24*time.Hour + time.Minute},
		{"less when it says so", sitetest.With(sitetest.Content("text/plain", ""), "Cache-Control", "public, max-age=7200"), 119 * time.Minute, 121 * time.Minute},
		{"an hour at least", sitetest.With(sitetest.Content("text/plain", ""), "Cache-Control", "max-age=0"), 59 * time.Minute, 61 * time.Minute},
		{"no file", sitetest.Status(404), 23 * time.Hour, 25 * time.Hour},
		{"a failure", sitetest.Status(500), 4 * time.Minute, 6 * time.Minute},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net := sitetest.NewMemory()
				defer net.Close()
				site := net.Site("site.example")
				site.Handle("/robots.txt", tc.h)
				client := fetch.NewOn(fetch.Options{}, net.Dial)
				defer client.Close()
				s := client.Source(&config.Source{ID: "test"})
				begin := time.Now()
				s.Robots(t.Context(), site.At("/"))
				time.Sleep(tc.fresh - time.Since(begin)) //nolint:forbidigo // the bubble's clock
				s.Robots(t.Context(), site.At("/"))
				if n := site.Count("/robots.txt"); n != 1 {
					t.Errorf("after %s: asked %d times", tc.fresh, n)
				}
				time.Sleep(tc.stale - time.Since(begin)) //nolint:forbidigo // the bubble's clock
				s.Robots(t.Context(), site.At("/"))
				if n := site.Count("/robots.txt"); n != 2 {
					t.Errorf("after %s: asked %d times", tc.stale, n)
				}
			})
		})
	}
}
