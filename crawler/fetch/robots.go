package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/harvest87/harvest"
)

// Bounds of what is remembered of robots.txt at one time.
const (
	maxRobotsFiles = 4096
	maxRobotsRules = 500_000
)

// robots keeps the robots.txt of each origin, fetched once by whoever needs it
// first and valid for a day at most. It is safe for concurrent use.
type robots struct {
	token  string
	shelf  *shelf
	logger *slog.Logger

	mu      sync.Mutex
	files   map[string]*robotsFile // by origin
	count   int                    // rules in files
	flights map[string]*flight     // by origin and network policy
}

// robotsFile is what the robots.txt of an origin says, or why it says nothing.
type robotsFile struct {
	origin  string
	rules   *robotsRules // never nil, empty when problem is set
	problem *problem     // robots.txt could not be had, so nothing may
	note    string       // how it was had, in words
	status  int
	hash    string // SHA-256 of its content, in lower-case hex
	fetched time.Time
	expires time.Time
	used    time.Time
	content []byte // only on the way to the shelf
}

// flight is a fetch under way. file is nil when it came to nothing that others
// could use.
type flight struct {
	done chan struct{}
	file *robotsFile
}

func newRobots(token, cacheDir string, logger *slog.Logger) *robots {
	return &robots{
		token:   token,
		shelf:   newShelf(cacheDir, logger),
		logger:  logger,
		files:   make(map[string]*robotsFile),
		flights: make(map[string]*flight),
	}
}

// get returns the file for an origin: from memory, from the shelf, from the
// flight of somebody else, or by fetch.
func (r *robots) get(ctx context.Context, origin, policy string, fetch func() *robotsFile) (*robotsFile, *problem) {
	for {
		file, other := r.begin(origin, policy)
		switch {
		case file != nil:
			return file, file.refusal()
		case other == nil:
			file = r.fly(origin, policy, fetch)
			return file, file.refusal()
		}
		select {
		case <-other.done:
			if other.file != nil {
				return other.file, other.file.refusal()
			}
		case <-ctx.Done():
			return nil, cancelled(ctx)
		}
	}
}

// begin finds a file or a flight to wait for. When it finds neither, the
// caller has begun a flight and must end it.
func (r *robots) begin(origin, policy string) (*robotsFile, *flight) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if file, ok := r.files[origin]; ok && file.fresh(now) {
		file.used = now
		return file, nil
	}
	if f, ok := r.flights[origin+policy]; ok {
		return nil, f
	}
	r.flights[origin+policy] = &flight{done: make(chan struct{})}
	return nil, nil
}

// fly ends the flight whatever happens to fetch.
func (r *robots) fly(origin, policy string, fetch func() *robotsFile) (file *robotsFile) {
	var result *robotsFile
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		f := r.flights[origin+policy]
		delete(r.flights, origin+policy)
		if result != nil && result.shared() {
			f.file = result
			r.keep(result)
		}
		close(f.done)
	}()
	if result = r.shelf.take(origin, r.token); result == nil {
		result = fetch()
		r.shelf.put(result)
	}
	result.content = nil
	return result
}

// keep remembers a file and forgets those that were not used for longest.
func (r *robots) keep(file *robotsFile) {
	r.drop(file.origin)
	for len(r.files) >= maxRobotsFiles || len(r.files) > 0 && r.count+len(file.rules.rules) > maxRobotsRules {
		oldest := ""
		for origin, f := range r.files {
			if oldest == "" || f.used.Before(r.files[oldest].used) {
				oldest = origin
			}
		}
		r.drop(oldest)
	}
	file.used = time.Now()
	r.files[file.origin] = file
	r.count += len(file.rules.rules)
}

func (r *robots) drop(origin string) {
	if f, ok := r.files[origin]; ok {
		r.count -= len(f.rules.rules)
		delete(r.files, origin)
	}
}

// fresh reports whether the file may still be used. A clock that was set back
// makes it stale.
func (f *robotsFile) fresh(now time.Time) bool {
	return now.Before(f.expires) && !now.Before(f.fetched)
}

// shared reports whether others may rely on the file: not on the end of the
// fetching one's context, nor on what one source's network may not reach.
func (f *robotsFile) shared() bool {
	if f.problem == nil {
		return true
	}
	switch f.problem.outcome {
	case harvest.Cancelled, harvest.BlockedAddress, harvest.RateLimited, harvest.Panicked:
		return false
	}
	return true
}

// refusal is why nothing may be fetched now, with the time until robots.txt
// will be asked for again.
func (f *robotsFile) refusal() *problem {
	if f.problem == nil {
		return nil
	}
	p := *f.problem
	if p.outcome == harvest.RobotsUnavailable {
		p.retryAfter = max(p.retryAfter, time.Until(f.expires))
	}
	return &p
}

// robotsFile returns the robots.txt that governs a URL, and puts what it cost
// on the bill of whoever had to fetch it.
func (s *Session) robotsFile(ctx context.Context, u *url.URL, b *bill) (*robotsFile, *problem) {
	origin := u.Scheme + "://" + strings.ToLower(u.Host)
	file, p := s.client.robots.get(ctx, origin, s.network.key, func() *robotsFile { return s.readRobots(ctx, origin, b) })
	if file != nil {
		b.robots(clockKey(u), file, s.maxDelay())
	}
	return file, p
}

// readRobots fetches a robots.txt: 2xx has rules, 4xx means there are none, and
// as long as anything else stands between us and it, nothing may be fetched
// (RFC 9309 section 2.3.1). 429 asks for patience, so it counts as the latter.
func (s *Session) readRobots(ctx context.Context, origin string, b *bill) *robotsFile {
	file := &robotsFile{origin: origin, rules: &robotsRules{}, fetched: time.Now()}
	file.expires = file.fetched.Add(robotsTTL)
	u, p := parseURL(origin + "/robots.txt")
	for hop := 0; p == nil; hop++ {
		if hop > robotsRedirects {
			file.note = fmt.Sprintf("more than %d redirects: no rules", robotsRedirects)
			return file
		}
		if p = s.network.guard.refuse(u); p != nil {
			break
		}
		a := s.ask(ctx, asking{get: s.getRobots}, u, s.robotsHeader, s.pace(s.politeness.Delay), 0, nil)
		b.askedRobots(clockKey(u), a)
		file.status = a.status
		if a.header == nil || a.problem != nil && a.status < 400 && a.problem.outcome != harvest.Challenge {
			p = a.problem
			break
		}
		if redirects(a.status, a.header) {
			u, p = resolve(u, a.header.Get("Location"))
			if p != nil {
				file.note = "redirected to nowhere: no rules"
				return file
			}
			continue
		}
		file = s.settleRobots(file, a)
		if file.problem == nil {
			s.keep(ctx, a, harvest.Request{}, "")
		}
		return file
	}
	return unavailable(file, p)
}

func (s *Session) robotsHeader() http.Header {
	return http.Header{
		"Accept": {"text/plain,*/*;q=0.5"}, "Accept-Encoding": {acceptEncoding}, "User-Agent": {s.client.options.UserAgent},
	}
}

func (s *Session) getRobots(ctx context.Context, x *exchange, url string, header http.Header) error {
	x.atMost = maxRobots
	return getPlain(ctx, s.plain, x, url, header)
}

// settleRobots makes a file of an answer with a status.
func (s *Session) settleRobots(file *robotsFile, a *answer) *robotsFile {
	switch {
	case a.status == http.StatusTooManyRequests || a.status >= 500:
		why := statusProblem(a.status)
		return unavailable(file, &problem{outcome: harvest.RobotsUnavailable, reason: string(why.outcome) + ": " + why.reason, retryAfter: a.retryAfter})
	case a.status >= 400:
		file.note = statusProblem(a.status).reason + ": no rules"
	case a.status >= 300:
		return unavailable(file, statusProblem(a.status))
	default:
		sum := sha256.Sum256(a.content)
		file.content, file.hash = a.content, hex.EncodeToString(sum[:])
		file.rules = parseRobots(a.content, s.client.robots.token)
		file.note = "read"
	}
	file.expires = file.fetched.Add(robotsLifetime(a.header))
	return file
}

// unavailable settles a file that could not be had. What the connection itself
// suffers from keeps its name.
func unavailable(file *robotsFile, p *problem) *robotsFile {
	file.expires = file.fetched.Add(robotsRetry)
	switch p.outcome {
	case harvest.Cancelled, harvest.BlockedAddress, harvest.DNSError, harvest.TLSError, harvest.RateLimited, harvest.InvalidURL:
		file.problem = p
	default: // the outcome that it would be for a page says what is wrong with the host
		reason := p.reason
		if p.outcome != harvest.RobotsUnavailable {
			reason = string(p.outcome) + ": " + reason
		}
		file.problem = &problem{outcome: harvest.RobotsUnavailable, reason: "robots.txt: " + reason, retryAfter: p.retryAfter}
	}
	file.note = file.problem.reason
	return file
}

// robotsLifetime honours a max-age between an hour and a day (RFC 9309 section 2.4).
func robotsLifetime(h http.Header) time.Duration {
	for directive := range strings.SplitSeq(h.Get("Cache-Control"), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		if !strings.EqualFold(name, "max-age") {
			continue
		}
		if seconds, err := strconv.ParseUint(strings.Trim(value, `"`), 10, 32); err == nil {
			return min(max(time.Duration(seconds)*time.Second, robotsMinTTL), robotsTTL)
		}
	}
	return robotsTTL
}
