package fetch

import (
	"context"
	"io"
	"net/http"

	"github.com/gocolly/colly/v2"
)

// shell is Colly, reduced to what it is used for: send one GET, hand over the
// body. What else it could do is off, for the rest of this package does it:
//
//   - Init instead of NewCollector, which would let COLLY_* variables of the
//     environment change any of this;
//   - AllowURLRevisit: the run's frontier knows what was visited;
//   - IgnoreRobotsTxt: robots.go obeys it;
//   - no LimitRule: clock.go waits;
//   - MaxBodySize 0: body.go limits, and says so instead of cutting;
//   - no CacheDir, no DetectCharset, and no header by which Colly could change
//     a body (see [chain.RoundTrip]);
//   - a client of ours: no redirects followed, cookies per run, no proxy.
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

// get sends one request and returns the body as read. It returns when the
// answer is whole; the error may wrap a *problem.
func (s *shell) get(ctx context.Context, url string, header http.Header) ([]byte, error) {
	visit := s.collector.Clone() // the context is a field of the collector
	visit.Context = ctx
	var body []byte
	visit.OnResponse(func(r *colly.Response) { body = r.Body })
	err := visit.Request(http.MethodGet, url, nil, nil, header)
	return body, err
}

// getPlain is get without Colly and cookies, for robots.txt. It reads at most
// limit octets.
func getPlain(ctx context.Context, client *http.Client, url string, header http.Header, limit int64) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header = header
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return io.ReadAll(io.LimitReader(res.Body, limit))
}
