package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/harvest87/harvest"
)

// explain turns an error of net/http, before there was an answer, into a
// problem. The end of the caller's context stays what it is.
func (c *chain) explain(err error, x *exchange) error {
	err, cause := c.explanation(err, x), err
	if p, ok := errors.AsType[*problem](err); ok && p.passing {
		op, ok := errors.AsType[*net.OpError](cause)
		p.unreachable = ok && op.Op == "dial"
	}
	return err
}

func (c *chain) explanation(err error, x *exchange) error {
	var p *problem
	var dns *net.DNSError
	var timeout net.Error
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &dns):
		if dns.IsNotFound {
			return final(harvest.DNSError, dns.Name+": "+dns.Err)
		}
		return passing(harvest.DNSError, dns.Name+": "+dns.Err)
	case errors.Is(err, context.DeadlineExceeded):
		return passing(harvest.TimedOut, fmt.Sprintf("no answer within %s", c.options.Timeout))
	case errors.As(err, &timeout) && timeout.Timeout():
		return passing(harvest.TimedOut, cause(err))
	case x.conn.tlsBroken.Load(), errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record):
		return final(harvest.TLSError, cause(err))
	case x.conn.read() >= c.options.MaxHeader:
		return final(harvest.TooLarge, fmt.Sprintf("the header has more than %d octets", c.options.MaxHeader))
	default:
		return passing(harvest.ConnectionError, cause(err))
	}
}

// cause is the text of an error without the URL that net/http puts before it.
func cause(err error) string {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err
	}
	return strings.ToValidUTF8(err.Error(), "\uFFFD")
}

// statusProblem says what a status means when it is not success: nil for 2xx
// (RFC 9110 section 15). Which of them pass by themselves is experience.
func statusProblem(status int) *problem {
	reason := strconv.Itoa(status)
	if text := http.StatusText(status); text != "" {
		reason += " " + text
	}
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusNotModified:
		return final(harvest.NotModified, reason)
	case status == http.StatusNotFound:
		return final(harvest.NotFoundPage, reason)
	case status == http.StatusGone:
		return final(harvest.GonePage, reason)
	case status == http.StatusUnauthorized, status == http.StatusForbidden,
		status == http.StatusProxyAuthRequired, status == http.StatusUnavailableForLegalReasons:
		return final(harvest.AccessDenied, reason)
	case status == http.StatusRequestTimeout:
		return passing(harvest.TimedOut, reason)
	case status == http.StatusTooManyRequests:
		return passing(harvest.RateLimited, reason)
	case status == http.StatusTooEarly:
		return passing(harvest.ClientError, reason)
	case status >= 400 && status < 500:
		return final(harvest.ClientError, reason)
	case status == http.StatusNotImplemented, status == http.StatusHTTPVersionNotSupported:
		return final(harvest.ServerError, reason)
	case status >= 500 && status < 600:
		return passing(harvest.ServerError, reason)
	case status >= 300 && status < 400:
		return final(harvest.ServerError, reason+" without an address to go to")
	default:
		return final(harvest.ServerError, reason+", which is no HTTP status")
	}
}

// redirects reports whether an answer sends us elsewhere (RFC 9110 section 15.4).
func redirects(status int, h http.Header) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return h.Get("Location") != ""
	}
	return false
}

// retryAfter is what the server asks for in seconds or as a date (RFC 9110
// section 10.2.3), 0 when it asks for nothing or for nonsense. A date counts
// from the server's own clock when it tells it.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(value, 10, 63); err == nil {
		return time.Duration(min(seconds, uint64(maxClosed/time.Second))) * time.Second
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(until.Sub(now), 0), maxClosed)
}
