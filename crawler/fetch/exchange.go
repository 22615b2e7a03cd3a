package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// exchange is one request on its way through Colly and net/http, and what
// became of it. It travels in the request's context. Apart from the connection,
// which the dialer's goroutines report, it belongs to the goroutine that asks.
type exchange struct {
	pace   pace
	watch  *stopwatch // nil unless the request is traced
	keep   bool       // the answer may be wanted for the archive
	atMost int64      // octets of the body that are wanted, 0 for all
	head   bool       // no body is asked for
	most   int64      // octets of a body beyond which it is not wanted at all, 0 for the options' limit

	sent       bool
	request    http.Header   // as sent, when it is traced or kept
	cookies    string        // as sent
	waited     time.Duration // for the turn
	started    time.Time
	at         time.Time // the same by the clock of the options
	ended      time.Time
	status     int
	proto      string
	header     http.Header
	content    []byte // decompressed, whole unless the problem or atMost says otherwise
	wire       int64  // octets of the body as it travelled
	plain      int64  // octets of the body after decompression
	retryAfter time.Duration

	conn connection
}

// connection is what httptrace tells of the connection in use.
type connection struct {
	tlsBroken atomic.Bool
	got       atomic.Bool // there is one
	current   atomic.Pointer[countedConn]
	before    atomic.Int64 // octets read on it before this request
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// chain is the http.RoundTripper that every request takes: wait for the host's
// turn, send, read the body within limits. It expects an exchange in the context.
type chain struct {
	clocks  *clocks
	next    http.RoundTripper
	options *Options
}

// RoundTrip implements http.RoundTripper. It returns when the body has been
// read and the host's turn is over. What it hands up is bare: status and
// cookies. Body and header stay in the exchange, where neither http.Client
// (Location) nor Colly (Content-Type, Content-Encoding) acts upon them.
func (c *chain) RoundTrip(req *http.Request) (*http.Response, error) {
	x := req.Context().Value(exchangeKey{}).(*exchange)
	host := clockKey(req.URL)
	begin := time.Now()
	turn, err := c.clocks.enter(req.Context(), host, x.pace)
	x.started, x.at = time.Now(), c.options.Now()
	x.waited = x.started.Sub(begin)
	if err != nil {
		return nil, err
	}
	defer turn.leave()
	defer func() { x.ended = time.Now() }()
	ctx, cancel := context.WithTimeout(x.conn.trace(req.Context(), x.watch), c.options.Timeout)
	defer cancel()

	x.sent, x.cookies = true, req.Header.Get("Cookie")
	if x.watch != nil || x.keep {
		x.request = req.Header.Clone()
	}
	res, err := c.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		err = c.explain(err, x)
		if p, ok := errors.AsType[*problem](err); ok && p.unreachable {
			c.clocks.missed(host)
		}
		return nil, err
	}
	defer res.Body.Close()
	c.clocks.answered(host)
	x.status, x.proto, x.header = res.StatusCode, res.Proto, res.Header
	x.watch.answered(res)
	c.heed(host, x)
	if err := x.read(res, c.options); err != nil {
		return nil, err
	}
	return bare(res), nil
}

// heed slows the host down when it complains, and lets it recover when not.
func (c *chain) heed(host string, x *exchange) {
	switch {
	case x.status == http.StatusTooManyRequests, x.status == http.StatusServiceUnavailable:
		x.retryAfter = retryAfter(x.header, time.Now())
		c.clocks.press(host, x.retryAfter)
	case x.status < 400:
		c.clocks.ease(host)
	}
}

// bare is an answer that says nothing but status and cookies.
func bare(res *http.Response) *http.Response {
	out := *res
	out.Header = make(http.Header)
	if cookies := res.Header["Set-Cookie"]; len(cookies) > 0 {
		out.Header["Set-Cookie"] = cookies
	}
	out.Body, out.ContentLength, out.Uncompressed = http.NoBody, 0, true
	return &out
}

// trace lets net/http report on the connection, to a stopwatch too.
func (c *connection) trace(ctx context.Context, watch *stopwatch) context.Context {
	t := &httptrace.ClientTrace{
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			if err != nil {
				c.tlsBroken.Store(true)
			}
		},
		GotConn: func(info httptrace.GotConnInfo) {
			c.got.Store(true)
			conn := info.Conn
			if secure, ok := conn.(interface{ NetConn() net.Conn }); ok {
				conn = secure.NetConn()
			}
			if counted, ok := conn.(*countedConn); ok {
				c.before.Store(counted.read.Load())
				c.current.Store(counted)
			}
		},
	}
	watch.follow(t)
	return httptrace.WithClientTrace(ctx, t)
}

// read is how many octets have come on the connection since the request.
func (c *connection) read() int64 {
	conn := c.current.Load()
	if conn == nil {
		return 0
	}
	return conn.read.Load() - c.before.Load()
}
