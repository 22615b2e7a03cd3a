package main_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// Servers that stall, lie, or lead into the network of whoever asks.
func TestHostileServers(t *testing.T) {
	t.Parallel()
	other := sitetest.New(t) // another source's site
	other.Page("/secret", article(9, ""))
	one := func(h http.Handler) func(*sitetest.Site) {
		return func(s *sitetest.Site) { s.Handle("/list", h) }
	}
	failed := func(o harvest.Outcome) map[harvest.Outcome]int { return map[harvest.Outcome]int{o: 1} }
	spring(t, quick,
		trap{name: "silent", doors: cards, state: harvest.RunFailed, outcomes: failed(harvest.TimedOut), site: one(sitetest.Silent())},
		trap{name: "drip", doors: cards, state: harvest.RunFailed, outcomes: failed(harvest.TimedOut), site: one(sitetest.Drip(100_000, 20*time.Millisecond))},
	)
	spring(t, patient,
		trap{name: "endless-headers", doors: cards, state: harvest.RunFailed, outcomes: failed(harvest.TooLarge), site: one(sitetest.ManyHeaders(100_000))},
		trap{name: "huge-header", doors: cards, state: harvest.RunFailed, outcomes: failed(harvest.TooLarge), site: one(sitetest.HugeHeader(8 << 20))},
		trap{name: "no-http", doors: cards, state: harvest.RunFailed, outcomes: failed(harvest.ConnectionError), site: one(sitetest.Garbage())},
		trap{name: "reset", doors: cards, state: harvest.RunFailed, site: one(sitetest.Reset("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<h1>"))},
		trap{name: "no-such-name", doors: strings.ReplaceAll(cards, "{{base}}", "http://no-such-host.invalid:9"), state: harvest.RunFailed, records: 0, site: func(*sitetest.Site) {}},
		trap{name: "circle", doors: cards, state: harvest.RunFailed, outcomes: failed(harvest.RedirectLoop), site: one(sitetest.Circle(3))},
		trap{
			name: "leads-away", doors: items, state: harvest.RunPartial, records: -1,
			site: func(s *sitetest.Site) {
				targets := []string{
					"http://169.254.169.254/latest/meta-data/", "http://127.0.0.2:80/", "file:///etc/passwd", other.At("/secret"), "//127.0.0.1:1/", "http://[::ffff:127.0.0.2]/",
					"http://0x7f000002/", "http://2130706434/", "gopher://127.0.0.1/", "javascript:alert(1)", "http://localhost:1/",
				}
				var links []string
				for i, to := range targets {
					path := fmt.Sprintf("/item/%d", i+1)
					s.Handle(path, sitetest.Redirect(302, to))
					links = append(links, path)
				}
				s.Page("/list", list(append(links, "/item/good", "/item/loop")...))
				s.Page("/item/good", article(1, ""))
				s.Handle("/item/loop", sitetest.Circle(2))
			},
			check: func(t *testing.T, c *caught) {
				for _, r := range c.records {
					if !strings.HasPrefix(r.URL, c.site.URL) {
						t.Errorf("recorded %s", r.URL)
					}
				}
				if n := len(other.Requests()); n != 0 {
					t.Errorf("the other source's site was asked %d times", n)
				}
			},
		},
		trap{
			name: "busy-for-a-day", doors: items, state: harvest.RunFailed, says: "rate-limited 3", requests: 4,
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1", "/item/2", "/item/3"))
				s.Handle("/item/*", sitetest.Busy(429, "86400"))
			},
			check: func(t *testing.T, c *caught) {
				if c.run.Outcomes[harvest.RateLimited] == 0 {
					t.Errorf("nothing ended as rate-limited\n%s", c.report)
				}
			},
		},
		trap{
			name: "cookies", doors: items, records: 1, // needed, given, taken
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1"))
				s.Handle("/item/1", sitetest.Cookie("seen", "1", sitetest.HTML(article(1, ""))))
			},
		},
		trap{
			name: "cookies-for-ever", doors: items, state: harvest.RunFailed, outcomes: failed(harvest.RedirectLoop),
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1"))
				i := 0
				s.Handle("/item/1", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					i++
					http.SetCookie(w, &http.Cookie{Name: fmt.Sprint("c", i), Value: strings.Repeat("x", 3000)})
					http.Redirect(w, r, "/item/1", http.StatusFound)
				}))
			},
		},
		trap{name: "challenge", doors: cards, state: harvest.RunFailed, outcomes: failed(harvest.Challenge), site: one(sitetest.Challenges[2].Handler())},
		trap{
			name: "login-wall", doors: items, state: harvest.RunPartial, records: -1, outcomes: map[harvest.Outcome]int{harvest.LoginRequired: 2},
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1", "/item/2", "/item/3"))
				s.Page("/item/1", article(1, ""))
				s.Handle("/item/2", sitetest.Logins[0].Handler())
				s.Handle("/item/3", sitetest.Redirect(302, "/wp-login.php?redirect_to=x"))
				s.Handle("/wp-login.php", sitetest.Logins[2].Handler())
			},
		},
		trap{
			name: "all-lead-home", doors: items, state: harvest.RunFailed,
			site: func(s *sitetest.Site) {
				s.Page("/", "<title>Home</title><h1>Welcome</h1>")
				s.Page("/list", list("/item/1", "/item/2", "/item/3"))
				s.Handle("/item/*", sitetest.Redirect(302, "/"))
			},
		},
		trap{
			name: "soft-404", doors: items, records: 1, state: harvest.RunPassed,
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1", "/item/2", "/item/3"))
				s.Page("/item/1", article(1, ""))
				s.Page("/item/*", "<title>Page not found</title><h1>Page not found</h1><p>Sorry, nothing is here any more.</p>")
			},
		},
	)
}

// robots.txt in every shape that servers give it.
func TestHostileRobots(t *testing.T) {
	t.Parallel()
	with := func(h http.Handler) func(*sitetest.Site) {
		return func(s *sitetest.Site) {
			innocent.site(s)
			s.Handle("/robots.txt", h)
		}
	}
	denied := map[harvest.Outcome]int{harvest.RobotsUnavailable: 1}
	spring(t, quick,
		trap{name: "robots-hangs", doors: items, state: harvest.RunFailed, outcomes: denied, requests: 2, site: with(sitetest.Silent())},
	)
	spring(t, patient,
		trap{name: "robots-500", doors: items, state: harvest.RunFailed, outcomes: denied, requests: 1, site: with(sitetest.Status(500))},
		trap{name: "robots-html", doors: items, records: 3, site: with(sitetest.HTML("<!DOCTYPE html><h1>Not found</h1><p>Disallow: /"))},
		trap{name: "robots-soft-404", doors: items, records: 3, site: with(sitetest.HTML("<html><body>User-agent: *<br>Disallow: /</body></html>"))},
		trap{name: "robots-large", doors: items, records: 3, site: with(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "User-agent: *\nDisallow: /private/\n")
			for i := range 10 << 10 {
				fmt.Fprintf(w, "Disallow: /%d%s\n", i, strings.Repeat("x", 1000))
			}
		}))},
		trap{name: "robots-all", doors: items, state: harvest.RunFailed, outcomes: map[harvest.Outcome]int{harvest.RobotsDenied: 1}, requests: 1, site: with(sitetest.Content("text/plain", "User-agent: *\nDisallow: /\n"))},
		trap{name: "robots-circle", doors: items, state: harvest.RunPassed, records: -1, site: with(sitetest.Circle(9))},
		trap{name: "robots-elsewhere", doors: items, state: harvest.RunFailed, site: with(sitetest.Redirect(302, "http://169.254.169.254/robots.txt"))},
		trap{name: "robots-429", doors: items, state: harvest.RunFailed, outcomes: denied, requests: 1, site: with(sitetest.Busy(429, "86400"))},
		trap{name: "robots-bomb", doors: items, records: -1, state: harvest.RunPassed, site: with(sitetest.Bomb("gzip", 100<<20))},
		trap{name: "robots-delay", doors: items, keys: "politeness: {delay: 0s, max_delay: 50ms, contact: optional}\n", records: 3, says: `"capped": true`, site: with(sitetest.Content("text/plain", "User-agent: *\nCrawl-delay: 86400\n"))},
	).bounded(200 << 20)
}

// Pages that name another page as the one to cite.
func TestHostileCanonicals(t *testing.T) {
	t.Parallel()
	canonical := func(to func(i int) string) func(*sitetest.Site) {
		return func(s *sitetest.Site) {
			var links []string
			for i := 1; i <= 6; i++ {
				path := fmt.Sprintf("/item/%d", i)
				links = append(links, path)
				s.Page(path, article(i, fmt.Sprintf(`<link rel="canonical" href="%s">`, to(i))))
			}
			s.Page("/list", list(links...))
			s.Page("/", "<title>Home</title><h1>Welcome</h1>")
		}
	}
	spring(t, patient,
		trap{name: "all-home", doors: items, records: 6, site: canonical(func(int) string { return "/" })},
		trap{name: "all-elsewhere", doors: items, records: 6, site: canonical(func(int) string { return "http://other.example/x" })},
		trap{name: "all-the-listing", doors: items, records: 6, site: canonical(func(int) string { return "/list" })},
		trap{name: "all-to-the-first", doors: items, records: 6, site: canonical(func(int) string { return "/item/1" })},
		trap{name: "all-to-the-last", doors: items, records: 6, site: canonical(func(int) string { return "/item/6" })},
		trap{name: "all-to-an-unlisted", doors: items, records: -1, site: func(s *sitetest.Site) {
			canonical(func(int) string { return "/item/7" })(s)
			s.Page("/item/7", article(7, ""))
		}},
		trap{name: "all-to-a-missing", doors: items, records: 6, site: canonical(func(int) string { return "/missing" })},
		trap{name: "in-a-circle", doors: items, records: 6, site: canonical(func(i int) string { return fmt.Sprintf("/item/%d", i%6+1) })},
		trap{name: "to-scripts", doors: items, records: 6, site: canonical(func(i int) string { return []string{"javascript:alert(1)", "data:x", "http://[", "//", "#", ""}[i-1] })},
		trap{name: "a-copy", doors: items, records: 1, site: func(s *sitetest.Site) { // one document under two addresses is one record
			s.Page("/list", list("/item/1", "/copy"))
			s.Page("/item/1", article(1, ""))
			s.Page("/copy", article(1, `<link rel="canonical" href="/item/1">`))
		}},
	)
}
