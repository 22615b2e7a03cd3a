package fetch

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/gocolly/colly/v2"
)

// shell is Colly, reduced to what it is used for: send one request, wait for the
// answer, call back. What else it could do is off, for the rest of this package
// does it:
//
//   - Init instead of NewCollector, which would let COLLY_* variables of the
//     environment change any of this;
//   - AllowURLRevisit: the run's frontier knows what was visited;
//   - IgnoreRobotsTxt: robots.go obeys it;
//   - no LimitRule: clock.go waits;
//   - no redirects followed: session.go does, with every check at every hop;
//   - no CacheDir, no DetectCharset, no MaxBodySize: the transport reads the
//     body, so Colly can neither cut nor rewrite it. It gets it back in the first
//     callback, before any selector would run.
type shell struct {
	collector *colly.Collector
}

func newShell(client *http.Client, userAgent string) *shell {
	c := new(colly.Collector)
	c.Init()
	c.UserAgent = userAgent
	c.AllowURLRevisit = true
	c.IgnoreRobotsTxt = true
	c.MaxBodySize = 0
	c.ParseHTTPErrorResponse = true // every status comes to OnResponse
	c.SetClient(client)
	return &shell{collector: c}
}

// get sends one request and returns when the exchange has the whole answer. The
// error may wrap a *problem.
func (s *shell) get(ctx context.Context, x *exchange, url string, header http.Header) error {
	return s.send(ctx, x, http.MethodGet, url, nil, header)
}

// post is get for a form.
func (s *shell) post(form string) getter {
	return func(ctx context.Context, x *exchange, url string, header http.Header) error {
		header.Set("Content-Type", "application/x-www-form-urlencoded")
		return s.send(ctx, x, http.MethodPost, url, strings.NewReader(form), header)
	}
}

func (s *shell) send(ctx context.Context, x *exchange, method, url string, body io.Reader, header http.Header) error {
	visit := s.collector.Clone() // the context is a field of the collector
	visit.Context = withExchange(ctx, x)
	visit.OnResponse(func(r *colly.Response) { r.Body = x.content })
	return visit.Request(method, url, body, nil, header)
}

// head asks for the header alone.
func (s *shell) head(ctx context.Context, x *exchange, url string, header http.Header) error {
	x.head = true
	return s.send(ctx, x, http.MethodHead, url, nil, header)
}

// getSome is get that reads no more than the beginning.
func (s *shell) getSome(ctx context.Context, x *exchange, url string, header http.Header) error {
	x.atMost = probeOctets
	return s.get(ctx, x, url, header)
}

// getPlain is get without Colly and cookies, for robots.txt.
func getPlain(ctx context.Context, client *http.Client, x *exchange, url string, header http.Header) error {
	req, err := http.NewRequestWithContext(withExchange(ctx, x), http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	req.Header = header
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}
