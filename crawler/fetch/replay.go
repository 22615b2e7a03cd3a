package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/harvest87/harvest"
)

// ErrNotKept is returned by [Captures] for an address of which nothing is kept.
var ErrNotKept = errors.New("not in the archive")

// Captures is where answers are kept. Capture returns the answer that counts
// for an address, with the body that a 304 stood for, or an error that wraps
// [ErrNotKept]. It is called from several goroutines at once; the result
// belongs to the caller.
type Captures interface {
	Capture(ctx context.Context, url string) (*Kept, error)
}

// Replay makes pages of kept answers in the way in which [Session.Fetch] makes
// them of fresh ones, and sends no request. It is safe for concurrent use.
type Replay struct {
	// RedirectScope is as in [Session].
	RedirectScope func(url string, kind harvest.Kind) string

	captures Captures
	options  Options
	token    string

	mu     sync.Mutex
	robots map[string]*robotsRules // by origin
}

// NewReplay returns a fetcher for what is kept there. Of the options it heeds
// UserAgent, MaxRedirects and Logger.
func NewReplay(captures Captures, o Options) *Replay {
	o = o.withDefaults()
	return &Replay{captures: captures, options: o, token: productToken(o.UserAgent), robots: make(map[string]*robotsRules)}
}

// Fetch returns the page as the archive has it. Its outcome is NotArchived when
// the archive does not have it, RobotsDenied when that is because the robots.txt
// that is archived does not allow it, and Incomplete when it cannot be read. It costs
// no requests and no octets; FetchedAt is when the server was last asked.
func (r *Replay) Fetch(ctx context.Context, req harvest.Request, _ harvest.Validators) (page *harvest.Page) {
	page = &harvest.Page{Request: req, URL: req.URL}
	defer func() {
		if broken := recover(); broken != nil {
			r.options.Logger.Debug("replay broke", "url", redact(page.URL), "stack", string(debug.Stack()))
			fail(page, final(harvest.Panicked, fmt.Sprint(broken)))
		}
	}()
	u, p := parseURL(req.URL)
	if p == nil {
		p = r.follow(ctx, page, u)
	}
	if p != nil {
		fail(page, p)
	}
	return page
}

func (r *Replay) follow(ctx context.Context, page *harvest.Page, u *url.URL) *problem {
	asked, form := u, page.Request.Form
	page.URL = u.String()
	for {
		if ctx.Err() != nil {
			return cancelled(ctx)
		}
		kept, err := r.captures.Capture(ctx, FormAddress(u.String(), form))
		switch {
		case errors.Is(err, ErrNotKept):
			return r.missing(ctx, u)
		case ctx.Err() != nil:
			return cancelled(ctx)
		case err != nil:
			return final(harvest.Incomplete, "the archive cannot be read: "+err.Error())
		}
		a := answerOf(kept, u)
		page.FetchedAt, page.Duration = a.started, kept.Duration
		page.Status, page.Header, page.Size = a.status, a.header, kept.WireBytes
		if !redirects(a.status, a.header) {
			a.thin, a.problem = thin(a.header, a.content), statusProblem(a.status)
			return conclude(page, a, asked, harvest.Validators{}, r.token)
		}
		target, p := resolve(u, a.header.Get("Location"))
		if p != nil {
			return final(p.outcome, "redirected to "+redact(a.header.Get("Location"))+": "+p.reason)
		}
		page.Redirects = append(page.Redirects, u.String())
		page.URL = target.String()
		if p := r.redirectRefused(page, target); p != nil {
			return loginInstead(asked, target, p)
		}
		form = formAfter(form, a.status, u, target)
		u = target
	}
}

// missing says why a page is not there.
func (r *Replay) missing(ctx context.Context, u *url.URL) *problem {
	if rule, allowed := r.rules(ctx, u.Scheme+"://"+strings.ToLower(u.Host)).match(pathOf(u)); !allowed {
		return final(harvest.RobotsDenied, fmt.Sprintf("robots.txt line %d: %s", rule.line, rule))
	}
	return final(harvest.NotArchived, ErrNotKept.Error())
}

// rules are those of the archived robots.txt of an origin, none without one.
func (r *Replay) rules(ctx context.Context, origin string) *robotsRules {
	r.mu.Lock()
	defer r.mu.Unlock()
	if rules, ok := r.robots[origin]; ok {
		return rules
	}
	rules := &robotsRules{}
	if kept, err := r.captures.Capture(ctx, origin+"/robots.txt"); err == nil && kept.Status/100 == 2 {
		rules = parseRobots(kept.Body, r.token)
	}
	if len(r.robots) < maxRobotsFiles {
		r.robots[origin] = rules
	}
	return rules
}

func (r *Replay) redirectRefused(page *harvest.Page, target *url.URL) *problem {
	if len(page.Redirects) > r.options.MaxRedirects {
		return final(harvest.RedirectLoop, fmt.Sprintf("more than %d redirects", r.options.MaxRedirects))
	}
	if r.RedirectScope != nil {
		if why := r.RedirectScope(target.String(), page.Request.Kind); why != "" {
			return final(harvest.OffScope, "redirected to "+redact(target.String())+": "+why)
		}
	}
	return nil
}

// answerOf is a kept answer as if it had just come.
func answerOf(k *Kept, u *url.URL) *answer {
	header := k.Header
	if header == nil {
		header = make(http.Header)
	}
	x := &exchange{sent: true, started: k.StartedAt, at: k.StartedAt, ended: k.StartedAt.Add(k.Duration), status: k.Status, header: header, content: k.Body}
	return &answer{exchange: x, url: u}
}
