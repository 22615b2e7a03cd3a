package fetch

import (
	"context"
	"crypto/tls"
	"io"
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
	delay time.Duration // since the host's last request
	end   func()        // gives the turn back, once

	sent       bool
	waited     time.Duration // for the turn
	started    time.Time
	ended      time.Time
	status     int
	header     http.Header
	wire       int64 // octets of the body as it travelled
	plain      int64 // octets of the body after decompression
	retryAfter time.Duration

	conn connection
}

// connection is what httptrace tells of the connection in use.
type connection struct {
	tlsBroken atomic.Bool
	current   atomic.Pointer[countedConn]
	before    atomic.Int64 // octets read on it before this request
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

// chain is the http.RoundTripper that every request takes: wait for the host's
// turn, send, limit and unpack the body. It expects an exchange in the context.
type chain struct {
	clocks  *clocks
	next    http.RoundTripper
	options *Options
}

// RoundTrip implements http.RoundTripper. The answer it hands up is bare: status,
// cookies and the plain body. The header stays in the exchange, where neither
// http.Client (Location) nor Colly (Content-Type, Content-Encoding) acts upon it.
func (c *chain) RoundTrip(req *http.Request) (*http.Response, error) {
	x := req.Context().Value(exchangeKey{}).(*exchange)
	host := clockKey(req.URL)
	begin := time.Now()
	turn, err := c.clocks.enter(req.Context(), host, x.delay)
	x.waited = time.Since(begin)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(x.conn.trace(req.Context()), c.options.Timeout)
	x.end = func() {
		x.end = func() {}
		x.ended = time.Now()
		cancel()
		turn.leave()
	}
	handedUp := false
	defer func() {
		if !handedUp {
			x.end()
		}
	}()

	x.sent, x.started = true, time.Now()
	res, err := c.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, c.explain(err, x)
	}
	x.status, x.header = res.StatusCode, res.Header
	if res.StatusCode == http.StatusTooManyRequests || res.StatusCode == http.StatusServiceUnavailable {
		x.retryAfter = retryAfter(res.Header, time.Now())
		c.clocks.press(host, x.retryAfter)
	} else if res.StatusCode < 400 {
		c.clocks.ease(host)
	}
	content, p := c.content(res, x)
	if p != nil {
		res.Body.Close()
		return nil, p
	}
	handedUp = true
	return bare(res, content), nil
}

// content is the body as far as it is wanted: not of a redirect, and of an
// error page no more than shows a challenge.
func (c *chain) content(res *http.Response, x *exchange) (io.ReadCloser, *problem) {
	b := newBody(res, x, c.options)
	switch {
	case isRedirect(res):
		return &glimpse{Closer: b, Reader: io.LimitReader(b.wire, maxRedirectBody)}, nil
	case res.StatusCode >= 400:
		return &glimpse{Closer: b, Reader: io.LimitReader(b, maxErrorBody)}, nil
	default:
		return b, b.refuse(res)
	}
}

// glimpse is as much of a body as can be had; that it breaks off is no problem.
type glimpse struct {
	io.Reader
	io.Closer
}

// Read implements io.Reader.
func (g *glimpse) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	if err != nil {
		err = io.EOF
	}
	return n, err
}

// bare is an answer that says nothing but status, cookies and body.
func bare(res *http.Response, content io.ReadCloser) *http.Response {
	out := *res
	out.Header = make(http.Header)
	if cookies := res.Header["Set-Cookie"]; len(cookies) > 0 {
		out.Header["Set-Cookie"] = cookies
	}
	out.Body = content
	out.ContentLength = -1
	out.Uncompressed = true
	return &out
}

// trace lets net/http report on the connection.
func (c *connection) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			if err != nil {
				c.tlsBroken.Store(true)
			}
		},
		GotConn: func(info httptrace.GotConnInfo) {
			conn := info.Conn
			if secure, ok := conn.(interface{ NetConn() net.Conn }); ok {
				conn = secure.NetConn()
			}
			if counted, ok := conn.(*countedConn); ok {
				c.before.Store(counted.read.Load())
				c.current.Store(counted)
			}
		},
	})
}

// read is how many octets have come on the connection since the request.
func (c *connection) read() int64 {
	conn := c.current.Load()
	if conn == nil {
		return 0
	}
	return conn.read.Load() - c.before.Load()
}
