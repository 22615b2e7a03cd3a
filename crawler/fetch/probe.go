package fetch

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"github.com/harvest87/harvest"
)

// probeOctets are as much of a body as a probe asks for: enough to recognise a
// challenge or a login form.
const probeOctets = 4 << 10

// Probe asks whether an address still answers, and takes no more of it than
// that needs: a HEAD, and when that does not succeed, as with servers that do not
// know it or treat it otherwise, a GET of the first octets. Everything else is as
// with [Session.Fetch], robots.txt, host clocks, redirects and the guard of
// addresses included. The page has no body; its outcome is Fetched when the answer
// was a success.
func (s *Session) Probe(ctx context.Context, address string) (page *harvest.Page) {
	req := harvest.Request{URL: address, Kind: harvest.KindDocument}
	page = &harvest.Page{Request: req, URL: address, FetchedAt: time.Now()}
	b := new(bill)
	defer func() {
		if r := recover(); r != nil {
			s.client.options.Logger.Debug("probe broke", "source", s.source, "url", redact(page.URL), "stack", string(debug.Stack()))
			fail(page, final(harvest.Panicked, fmt.Sprint(r)))
		}
		page.Hosts = s.tally.settle(b, page.Outcome == harvest.Cancelled)
		s.log(ctx, page)
	}()
	u, p := parseURL(address)
	if p == nil {
		p = s.probe(ctx, page, u, b)
	}
	if page.Outcome = harvest.Fetched; p != nil {
		fail(page, p)
	}
	return page
}

// probe asks at each hop.
func (s *Session) probe(ctx context.Context, page *harvest.Page, u *url.URL, b *bill) *problem {
	asked, passed := u, map[string]bool{}
	page.URL = u.String()
	for {
		page.Status, page.Header = 0, nil
		file, p := s.admit(ctx, u, b)
		if p != nil {
			return loginInstead(asked, u, p)
		}
		a := s.knock(ctx, page, u, file, b)
		if a.problem != nil || !redirects(a.status, a.header) {
			if a.problem == nil && loginPage(asked, a.url, a.thin, true) {
				return final(harvest.LoginRequired, "a login form instead of the document")
			}
			return a.problem
		}
		target, p := resolve(u, a.header.Get("Location"))
		if p != nil {
			return final(p.outcome, "redirected to "+redact(a.header.Get("Location"))+": "+p.reason)
		}
		page.Redirects = append(page.Redirects, u.String())
		passed[u.String()+"\n"+a.cookies] = true
		page.URL = target.String()
		if p := s.redirectRefused(page, target, passed); p != nil {
			return loginInstead(asked, target, p)
		}
		u = target
	}
}

// knock asks for one address by HEAD, and by GET when that says nothing good. Who
// asks for patience is not asked twice.
func (s *Session) knock(ctx context.Context, page *harvest.Page, u *url.URL, file *robotsFile, b *bill) *answer {
	header := func() http.Header { return http.Header{"Accept": {accept}, "Accept-Encoding": {"identity"}} }
	a := &answer{url: u}
	s.attempt(ctx, a, s.shell.head, header, s.pace(s.delay(file)), 0, nil) // once: what passes, GET finds out
	absorb(page, a)
	b.asked(clockKey(u), a, s.delay(file))
	page.MediaType = mediaType(a.header)
	p := a.problem
	switch {
	case p == nil && len(page.Redirects) > 0 && !redirects(a.status, a.header) && page.MediaType == "text/html": // is it a login form?
	case p == nil, a.status == 0 && p.outcome != harvest.ConnectionError,
		p.outcome == harvest.Cancelled, p.outcome == harvest.RateLimited, p.outcome == harvest.Challenge:
		return a
	}
	ranged := func() http.Header {
		h := header()
		h.Set("Range", fmt.Sprintf("bytes=0-%d", probeOctets-1))
		return h
	}
	a = s.ask(ctx, asking{get: s.shell.getSome}, u, ranged, s.pace(s.delay(file)), 0, nil)
	absorb(page, a)
	b.asked(clockKey(u), a, s.delay(file))
	if a.status == http.StatusRequestedRangeNotSatisfiable { // it is there, and shorter than that
		a.problem = nil
	}
	page.MediaType = mediaType(a.header)
	return a
}
