package fetch

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/harvest87/harvest/config"
)

// NewOn returns a client on another network than the real one, without its guard.
func NewOn(o Options, dial func(ctx context.Context, network, address string) (net.Conn, error)) *Client {
	o.dial = dial
	return New(o)
}

// Clocks for tests and benchmarks that need no network.
type Clocks = clocks

var NewClocks = newClocks

func (c *clocks) Enter(ctx context.Context, host string, delay time.Duration) (leave func(), err error) {
	return c.EnterWith(ctx, host, delay, 1)
}

func (c *clocks) EnterWith(ctx context.Context, host string, delay time.Duration, atOnce int) (leave func(), err error) {
	t, err := c.enter(ctx, host, pace{delay: delay, atOnce: atOnce})
	if err != nil {
		return nil, err
	}
	return t.leave, nil
}

func (c *clocks) Press(host string, retryAfter time.Duration) { c.press(host, retryAfter) }
func (c *clocks) Ease(host string)                            { c.ease(host) }

func (c *clocks) Hosts() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.hosts)
}

// RobotsMatch is the verdict of a robots.txt for a path with its query.
func RobotsMatch(content []byte, token, path string) (rule string, allowed bool) {
	r, allowed := parseRobots(content, token).match(upperEscapes(path))
	if r.line == 0 {
		return "", allowed
	}
	return r.String(), allowed
}

// Robots parses once and returns a matcher.
func Robots(content []byte, token string) (match func(path string) bool, delay time.Duration, sitemaps []string) {
	r := parseRobots(content, token)
	return func(path string) bool { _, ok := r.match(upperEscapes(path)); return ok }, r.crawlDelay, r.sitemaps
}

func RobotsTag(h http.Header, token string, now time.Time) (noIndex, noFollow bool) {
	d := robotsTag(h, token, now)
	return d.noIndex, d.noFollow
}

func RobotsMeta(page []byte, token string, now time.Time) (noIndex, noFollow bool, said string) {
	d := robotsMeta(page, token, now)
	return d.noIndex, d.noFollow, d.said
}

func ToUTF8(content []byte, contentType string) (text []byte, name, from string, err error) {
	return toUTF8(content, contentType)
}

// ClockKey names the clock that a URL goes by.
func ClockKey(rawURL string) string {
	u, p := parseURL(rawURL)
	if p != nil {
		return p.reason
	}
	return clockKey(u)
}

func RetryAfter(h http.Header, now time.Time) time.Duration { return retryAfter(h, now) }

func Redact(url string) string { return redact(url) }

func Challenge(h http.Header, content []byte) string { return challenge(h, thin(h, content)) }

func ParseURL(raw string) (string, bool) {
	u, p := parseURL(raw)
	if p != nil {
		return p.reason, false
	}
	return u.String(), true
}

// MayDial reports whether the guard of a policy lets an address through.
func MayDial(policy config.Network, address string) bool {
	return newGuard(policy).control(context.Background(), "tcp", address, nil) == nil
}

// Break makes every request of a session panic on its way.
func (s *Session) Break() {
	client := &http.Client{Transport: &chain{clocks: s.client.clocks, next: broken{}, options: &s.client.options}}
	s.shell, s.plain = newShell(client, "Harvest"), client
}

type broken struct{}

func (broken) RoundTrip(*http.Request) (*http.Response, error) { panic("a broken transport") }

// ParseSlowly is ParseURL without its short way.
func ParseSlowly(raw string) (string, bool) {
	u, p := resolve(nil, raw)
	if p != nil {
		return p.reason, false
	}
	return u.String(), true
}
