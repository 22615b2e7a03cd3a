package fetch

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"github.com/harvest87/harvest"
)

// maxBackoff is the longest wait between two attempts that nobody asked for.
const maxBackoff = 30 * time.Second

// maxAbsence is the same while there is no connection, which costs nobody
// anything: the run goes on soon after the network is back.
const maxAbsence = 10 * time.Second

// answer is what came of asking for one URL, over all attempts.
type answer struct {
	*exchange // of the last attempt
	url       *url.URL
	problem   *problem  // nil when the answer is whole and a success
	thin      *thinPage // nil when it is no HTML, or has too much to read to be a wall

	attempts    int           // requests sent
	refused     int           // of them answered 429 or 503
	idle        time.Duration // waiting for the host's turn and between attempts
	wire, plain int64
}

// getter sends one request and lets the exchange have what comes of it.
type getter func(ctx context.Context, x *exchange, url string, header http.Header) error

// asking is how a URL is asked for. What is asked once is not asked again after
// an answer that may have been lost on its way.
type asking struct {
	get  getter
	once bool
}

// ask asks for a URL until there is an answer, the problem is not one that
// passes, or the attempts are used up. A body of more than most octets is not
// wanted, if most is not 0.
func (s *Session) ask(ctx context.Context, how asking, u *url.URL, header func() http.Header, p pace, most int64, t *trace) *answer {
	a := &answer{url: u}
	for attempt := 0; ; attempt++ {
		s.attempt(ctx, a, how.get, header, p, most, t)
		t.tried(a.exchange, a.problem)
		if !s.again(a, attempt) || how.once && !untouched(a) {
			return a
		}
		pause := s.backoff(attempt)
		if a.problem.unreachable {
			pause = min(pause, maxAbsence)
		}
		if a.problem.retryAfter > 0 {
			pause = 0 // the host's clock waits for it
		}
		if !sleep(ctx, pause) {
			a.problem = cancelled(ctx)
			return a
		}
		a.idle += pause
	}
}

func (s *Session) attempt(ctx context.Context, a *answer, get getter, header func() http.Header, at pace, most int64, t *trace) {
	x := &exchange{pace: at, watch: t.watch(), keep: s.Keeper != nil, most: most}
	err := get(ctx, x, a.url.String(), header())
	a.exchange = x
	if x.sent {
		a.attempts++
	}
	if x.status == http.StatusTooManyRequests || x.status == http.StatusServiceUnavailable {
		a.refused++
	}
	a.idle += x.waited
	a.wire += x.wire
	a.plain += x.plain

	var p *problem
	switch {
	case ctx.Err() != nil:
		a.problem = cancelled(ctx)
	case errors.As(err, &p):
		a.problem = p
	case err != nil:
		a.problem = final(harvest.InvalidURL, cause(err)) // refused by net/http or Colly unsent
		if x.sent {
			a.problem = passing(harvest.ConnectionError, cause(err))
		}
	case redirects(x.status, x.header):
		a.problem = nil
	default:
		a.problem = s.judge(a)
	}
}

// judge says what an answer amounts to, by its status and by what it shows.
func (s *Session) judge(a *answer) *problem {
	a.thin = thin(a.header, a.content)
	if name := challenge(a.header, a.thin); name != "" {
		s.client.clocks.press(clockKey(a.url), 0)
		return final(harvest.Challenge, name)
	}
	p := statusProblem(a.status)
	if p != nil {
		p.retryAfter = a.retryAfter
	}
	return p
}

// untouched reports whether a request has certainly changed nothing: it was not
// sent, or the server says that it did not act upon it. A form that was sent may
// not be sent again otherwise (RFC 9110 section 9.2.2).
func untouched(a *answer) bool {
	return !a.sent || !a.conn.got.Load() || a.status == http.StatusTooManyRequests || a.status == http.StatusServiceUnavailable
}

// again decides about one more attempt. After a time-out there is only one: a
// server that drips would hold its host's turn for minutes. When there is no
// connection to a host that has answered before, the network is likely cut, and
// the attempts go on until it has been so for Options.MaxWait.
func (s *Session) again(a *answer, attempt int) bool {
	p := a.problem
	if p == nil || !p.passing {
		return false
	}
	if p.unreachable && s.client.clocks.isAwaited(clockKey(a.url)) {
		return true
	}
	if attempt >= s.client.options.Retries {
		return false
	}
	if p.outcome == harvest.TimedOut && attempt >= 1 {
		return false
	}
	return p.retryAfter <= s.client.options.MaxWait
}

// backoff doubles with each attempt, give or take a half so that hosts which
// failed together are not asked together.
func (s *Session) backoff(attempt int) time.Duration {
	d := min(min(s.client.options.Backoff, maxBackoff)<<min(attempt, 16), maxBackoff)
	return d/2 + rand.N(d)
}

func cancelled(ctx context.Context) *problem {
	return final(harvest.Cancelled, context.Cause(ctx).Error())
}
