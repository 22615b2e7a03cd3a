package sitetest

import (
	"net/http"
	"strings"
)

// RobotsEffect is what a robots.txt amounts to for a crawler that keeps to the
// standard (RFC 9309).
type RobotsEffect string

// The effects.
const (
	RobotsRules       RobotsEffect = "rules"       // /private/ is closed, everything else open
	RobotsNone        RobotsEffect = "none"        // everything is open
	RobotsUnavailable RobotsEffect = "unavailable" // nothing may be fetched until it can be read
)

// RobotsAnswer is one way in which servers answer for /robots.txt. Its handler
// is to be mounted at "/*" under the site's pages, for some of the answers lead on.
type RobotsAnswer struct {
	Name    string
	Effect  RobotsEffect
	Handler http.Handler
}

const (
	robotsClosed = "User-agent: *\nDisallow: /private/\n"
	robotsOpen   = "User-agent: *\nDisallow: /nothing/\n"
)

// RobotsAnswers are the ways that there are: line ends, marks, statuses,
// redirects, sizes, and servers that do not answer. Some remember what they have
// been asked, so each site takes answers of its own.
func RobotsAnswers() []RobotsAnswer {
	return []RobotsAnswer{
		{"plain", RobotsRules, Content("text/plain", robotsClosed)},
		{"line ends of Windows", RobotsRules, Content("text/plain", strings.ReplaceAll(robotsClosed, "\n", "\r\n"))},
		{"line ends of old Macs", RobotsRules, Content("text/plain", strings.ReplaceAll(robotsClosed, "\n", "\r"))},
		{"no line end at the end", RobotsRules, Content("text/plain", strings.TrimSpace(robotsClosed))},
		{"a byte order mark", RobotsRules, Content("text/plain", "\uFEFF"+robotsClosed)},
		{"a line that is none", RobotsRules, Content("text/plain", "\x00\xff nonsense\n"+robotsClosed+"and more\n")},
		{"compressed", RobotsRules, Encoded("gzip", "text/plain", []byte(robotsClosed))},
		{"called HTML", RobotsRules, HTML(robotsClosed)},
		{"called nothing", RobotsRules, Content("", robotsClosed)},
		{"five redirects", RobotsRules, Chain(5, Content("text/plain", robotsClosed))},
		{"a large one, the rule at its start", RobotsRules, Content("text/plain", robotsClosed+strings.Repeat("# filler\n", 100_000))},
		{"status 203", RobotsRules, Answer(http.StatusNonAuthoritativeInfo, "text/plain", robotsClosed)},
		{"busy at first", RobotsUnavailable, Flaky(1, Status(http.StatusServiceUnavailable), Content("text/plain", robotsClosed))},

		{"nothing in it", RobotsNone, Content("text/plain", "")},
		{"rules for others", RobotsNone, Content("text/plain", "User-agent: Otherbot\nDisallow: /\n")},
		{"other rules", RobotsNone, Content("text/plain", robotsOpen)},
		{"a page of HTML", RobotsNone, HTML("<!DOCTYPE html><title>Welcome</title>\n" + robotsClosed)},
		{"not there", RobotsNone, Status(http.StatusNotFound)},
		{"gone", RobotsNone, Status(http.StatusGone)},
		{"refused", RobotsNone, Status(http.StatusForbidden)},
		{"for members", RobotsNone, Status(http.StatusUnauthorized)},
		{"refused, with rules in the refusal", RobotsNone, Answer(http.StatusForbidden, "text/plain", robotsClosed)},
		{"six redirects", RobotsNone, Chain(6, Content("text/plain", robotsClosed))},
		{"redirects in a circle", RobotsNone, Circle(3)},
		{"a large one, the rule beyond 500 KiB", RobotsNone, Content("text/plain", strings.Repeat("# filler\n", 60_000)+robotsClosed)},

		{"an error of the server", RobotsUnavailable, Status(http.StatusInternalServerError)},
		{"an outage", RobotsUnavailable, Busy(http.StatusServiceUnavailable, "3600")},
		{"too many requests", RobotsUnavailable, Status(http.StatusTooManyRequests)},
		{"a gateway without a server", RobotsUnavailable, Status(http.StatusBadGateway)},
		{"a connection that breaks", RobotsUnavailable, Reset("")},
		{"cut", RobotsUnavailable, Truncated("text/plain", robotsClosed+strings.Repeat("# more\n", 100), 30)},
		{"no HTTP", RobotsUnavailable, Garbage()},
		{"gzip that is none", RobotsUnavailable, Labelled("gzip", "text/plain", []byte(strings.Repeat("not compressed ", 10)))},
	}
}
