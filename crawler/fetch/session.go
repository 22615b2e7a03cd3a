package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// accept prefers pages and documents to what scripts ask for.
const accept = "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,application/pdf;q=0.9,*/*;q=0.8"

// Session fetches for one run of one source. Its cookies and its numbers end
// with it; host clocks and robots.txt are the client's. It is safe for
// concurrent use.
type Session struct {
	// RedirectScope, when set, says why a redirect may not be followed to that
	// URL, empty when it may. It must be set before the first Fetch, and is
	// called from several goroutines.
	RedirectScope func(url string, kind harvest.Kind) string

	// Keeper, when set, is given the answers that a run concludes something
	// from. It must be set before the first Fetch.
	Keeper Keeper

	client     *Client
	source     harvest.SourceID
	politeness config.Politeness
	network    *network
	jar        *jar
	shell      *shell
	plain      *http.Client // for robots.txt
	tally      *tally
}

// Fetch gets one page. It always returns one, whose outcome says how it went:
//
//   - Fetched: a success (any 2xx) with a body; an empty one (204, 205, or no
//     octets) is UnexpectedType, and a 206, which nobody asked for, Incomplete;
//   - NotModified: a 304 to the validators; the page holds those that now apply;
//   - RobotsUnavailable: robots.txt answered 429 or 5xx, or the connection failed;
//     RetryAfter says when it will be asked again;
//   - RateLimited: answered 429, or not asked because the host wants to be left
//     alone for longer than Options.MaxWait; RetryAfter says for how long;
//   - Cancelled: ctx ended, and so did every wait, at once.
//
// Everything else is as harvest.Outcome describes it. Validators are sent on
// redirects only as far as those tidy the address.
func (s *Session) Fetch(ctx context.Context, req harvest.Request, v harvest.Validators) *harvest.Page {
	return s.fetch(ctx, req, v, new(bill))
}

func (s *Session) fetch(ctx context.Context, req harvest.Request, v harvest.Validators, b *bill) (page *harvest.Page) {
	page = &harvest.Page{Request: req, URL: req.URL, FetchedAt: s.client.options.Now()}
	defer func() {
		if r := recover(); r != nil {
			s.client.options.Logger.Debug("fetch broke", "source", s.source, "url", redact(page.URL), "stack", string(debug.Stack()))
			fail(page, final(harvest.Panicked, fmt.Sprint(r)))
		}
		page.Hosts = s.tally.settle(b, page.Outcome == harvest.Cancelled)
		s.log(ctx, page)
	}()
	u, p := parseURL(req.URL)
	if p == nil {
		p = s.follow(ctx, page, u, v, b)
	}
	if p != nil {
		fail(page, p)
	}
	return page
}

// maxReason is how much of a reason is kept, in octets: parts of it may be what
// a server sent.
const maxReason = 500

// fail ends a page without its body.
func fail(page *harvest.Page, p *problem) {
	page.Outcome, page.Reason, page.Body = p.outcome, shorten(p.reason), nil
	page.RetryAfter = p.retryAfter
	if p.outcome == harvest.NotModified {
		page.Reason = ""
	}
}

// shorten cuts what a server may have had a part in.
func shorten(reason string) string {
	if len(reason) > maxReason {
		return strings.ToValidUTF8(reason[:maxReason], "") + "…"
	}
	return reason
}

// follow asks for a URL and goes where it is sent. Every check is made again
// at every hop.
func (s *Session) follow(ctx context.Context, page *harvest.Page, u *url.URL, v harvest.Validators, b *bill) *problem {
	asked, form := u, page.Request.Form
	if form != "" {
		v = harvest.Validators{} // they are of what a GET gives
	}
	passed := map[string]bool{}
	page.URL = u.String()
	for {
		page.Status, page.Header = 0, nil
		b.trace.hop(u.String())
		file, p := s.admit(ctx, u, b)
		if p != nil {
			b.trace.refused(p)
			return loginInstead(asked, u, p)
		}
		header := func() http.Header { return requestHeader(asked, u, v) }
		get := s.shell.get
		if form != "" {
			get = s.shell.post(form)
		}
		a := s.ask(ctx, asking{get: get, once: form != ""}, u, header, s.pace(s.delay(file)), page.Request.MaxBytes, b.trace)
		absorb(page, a)
		b.asked(clockKey(u), a, s.delay(file))
		if a.problem != nil || !redirects(a.status, a.header) {
			p := conclude(page, a, asked, v, s.client.robots.token)
			if worthKeeping(page, p) {
				s.keep(ctx, a, page.Request, form)
			}
			return p
		}
		s.keep(ctx, a, page.Request, form)
		target, p := resolve(u, a.header.Get("Location"))
		if p != nil {
			return final(p.outcome, "redirected to "+redact(a.header.Get("Location"))+": "+p.reason)
		}
		page.Redirects = append(page.Redirects, u.String())
		passed[u.String()+"\n"+a.cookies] = true
		page.URL = target.String()
		if p := s.redirectRefused(page, target, passed); p != nil {
			b.trace.hop(page.URL)
			b.trace.refused(p)
			return loginInstead(asked, target, p)
		}
		form = formAfter(form, a.status, u, target)
		u = target
	}
}

// formAfter is the form that goes along with a redirect: as it is where the
// server asks for that (307, 308; RFC 9110 sections 15.4.8 and 15.4.9) and it
// stays at the same host, else none, and the target is asked for with GET.
func formAfter(form string, status int, from, to *url.URL) string {
	if (status == http.StatusTemporaryRedirect || status == http.StatusPermanentRedirect) && from.Scheme == to.Scheme && strings.EqualFold(from.Host, to.Host) {
		return form
	}
	return ""
}

// redirectRefused says why a redirect is not followed. A page that sends to
// itself is asked again as long as its cookies change.
func (s *Session) redirectRefused(page *harvest.Page, target *url.URL, passed map[string]bool) *problem {
	if len(page.Redirects) > s.client.options.MaxRedirects {
		return final(harvest.RedirectLoop, fmt.Sprintf("more than %d redirects", s.client.options.MaxRedirects))
	}
	if passed[target.String()+"\n"+s.jar.header(target)] {
		return final(harvest.RedirectLoop, "redirected in a circle to "+redact(target.String()))
	}
	if s.RedirectScope != nil {
		if why := s.RedirectScope(target.String(), page.Request.Kind); why != "" {
			return final(harvest.OffScope, "redirected to "+redact(target.String())+": "+why)
		}
	}
	return nil
}

// admit checks what can be checked before a request: the address, and
// robots.txt, which it fetches when it must.
func (s *Session) admit(ctx context.Context, u *url.URL, b *bill) (*robotsFile, *problem) {
	if ctx.Err() != nil {
		return nil, cancelled(ctx)
	}
	if p := s.network.guard.refuse(u); p != nil {
		return nil, p
	}
	file, p := s.robotsFile(ctx, u, b)
	if b.trace != nil {
		verdict := s.verdict(u, file, p)
		b.trace.last().Robots = &verdict
	}
	if p != nil {
		return nil, p
	}
	if rule, allowed := file.rules.match(pathOf(u)); !allowed {
		return nil, final(harvest.RobotsDenied, fmt.Sprintf("robots.txt line %d: %s", rule.line, rule))
	}
	return file, nil
}

// delay is the time between two requests at a host: what the source says or
// what the host announces, whichever is longer, the latter up to a cap.
func (s *Session) delay(file *robotsFile) time.Duration {
	return max(s.politeness.Delay, min(file.rules.crawlDelay, s.maxDelay()))
}

// pace is how hard the source lets a host be asked.
func (s *Session) pace(delay time.Duration) pace {
	return pace{delay: delay, atOnce: s.politeness.Concurrency}
}

// maxDelay is the cap on an announced crawl-delay; 60s when the source sets none.
func (s *Session) maxDelay() time.Duration {
	if s.politeness.MaxDelay <= 0 {
		return time.Minute
	}
	return s.politeness.MaxDelay
}

// requestHeader is what a request for u says besides its cookies.
func requestHeader(asked, u *url.URL, v harvest.Validators) http.Header {
	h := http.Header{"Accept": {accept}, "Accept-Encoding": {acceptEncoding}}
	if !sameAddress(asked, u) {
		return h
	}
	if v.ETag != "" && validHeader(v.ETag) {
		h.Set("If-None-Match", v.ETag)
	}
	if v.LastModified != "" && validHeader(v.LastModified) {
		h.Set("If-Modified-Since", v.LastModified)
	}
	return h
}

// validHeader reports whether a value can stand in a header (RFC 9110 section 5.5).
func validHeader(v string) bool {
	return !strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}

// absorb adds what an answer cost to the page, and takes over its facts.
func absorb(page *harvest.Page, a *answer) {
	page.Requests += a.attempts
	page.WireBytes += a.wire
	page.Bytes += a.plain
	page.Size = 0
	if !a.sent {
		return
	}
	page.FetchedAt = a.at
	page.Duration = a.ended.Sub(a.started)
	page.Status, page.Header, page.Size = a.status, a.header, a.exchange.wire
}

// conclude makes a page of the last answer, for a robot of that name.
func conclude(page *harvest.Page, a *answer, asked *url.URL, v harvest.Validators, token string) *problem {
	if a.header == nil {
		return a.problem
	}
	page.MediaType = mediaType(a.header)
	page.RetryAfter = a.retryAfter
	page.Validators = harvest.Validators{ETag: a.header.Get("ETag"), LastModified: a.header.Get("Last-Modified")}
	asks := robotsTag(a.header, token, page.FetchedAt)
	page.NoIndex, page.NoFollow, page.NoArchive, page.RobotsSaid = asks.noIndex, asks.noFollow, asks.noArchive, asks.said
	if a.problem != nil {
		return concludeProblem(page, a, asked, v)
	}
	switch {
	case a.status == http.StatusPartialContent:
		return final(harvest.Incomplete, "206 Partial Content, though the whole was asked for")
	case len(a.content) == 0, a.status == http.StatusNoContent, a.status == http.StatusResetContent:
		return final(harvest.UnexpectedType, fmt.Sprintf("%d %s with nothing in it", a.status, http.StatusText(a.status)))
	case loginPage(asked, a.url, a.thin, page.MediaType == "" || strings.Contains(page.MediaType, "html")):
		return final(harvest.LoginRequired, "a login form instead of the page")
	}
	sum := sha256.Sum256(a.content)
	page.Hash = hex.EncodeToString(sum[:])
	text, charset, from, err := toUTF8(a.content, a.header.Get("Content-Type"))
	if err != nil {
		return final(harvest.BadEncoding, err.Error())
	}
	page.Body, page.Charset, page.CharsetFrom, page.Outcome = text, charset, from, harvest.Fetched
	heedMeta(page, a.header, token)
	return nil
}

// heedMeta adds what a page of HTML asks of robots to what its header does.
func heedMeta(page *harvest.Page, h http.Header, token string) {
	if textKind(page.Body, h.Get("Content-Type")) != htmlText && page.MediaType != "application/xhtml+xml" {
		return
	}
	asks := robotsMeta(page.Body, token, page.FetchedAt)
	page.NoIndex, page.NoFollow = page.NoIndex || asks.noIndex, page.NoFollow || asks.noFollow
	page.NoArchive = page.NoArchive || asks.noArchive
	if page.RobotsSaid == "" {
		page.RobotsSaid = asks.said
	}
	page.RobotsSaid = shorten(page.RobotsSaid)
}

// concludeProblem settles the two answers that need more than their status.
func concludeProblem(page *harvest.Page, a *answer, asked *url.URL, v harvest.Validators) *problem {
	if a.problem.outcome != harvest.NotModified {
		return a.problem
	}
	if v == (harvest.Validators{}) || !sameAddress(asked, a.url) {
		return final(harvest.ServerError, "304 Not Modified, though nothing was asked that could be answered so")
	}
	if page.Validators.ETag == "" {
		page.Validators.ETag = v.ETag
	}
	if page.Validators.LastModified == "" {
		page.Validators.LastModified = v.LastModified
	}
	return a.problem
}

// mediaType is the type alone, in lower case, as the server says it.
func mediaType(h http.Header) string {
	value := h.Get("Content-Type")
	if isUsualType(value) {
		return "text/html"
	}
	if t, _, err := mime.ParseMediaType(value); err == nil {
		return t
	}
	t, _, _ := strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(strings.ToValidUTF8(t, "")))
}

func (s *Session) log(ctx context.Context, page *harvest.Page) {
	logger := s.client.options.Logger
	if !logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	logger.DebugContext(ctx, "page fetched", "source", s.source, "url", redact(page.URL), "outcome", page.Outcome,
		"reason", page.Reason, "status", page.Status, "requests", page.Requests, "bytes", page.Bytes,
		"duration_ms", page.Duration.Milliseconds())
}
