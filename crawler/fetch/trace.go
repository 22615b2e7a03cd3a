package fetch

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"time"

	"github.com/harvest87/harvest"
)

// Hop is one address on the way to a page: the one that was asked for, or one
// that a redirect named.
type Hop struct {
	URL string `json:"url"`
	// Robots is what robots.txt says about it, nil when it was not looked at.
	Robots *Verdict `json:"robots,omitempty"`
	// Outcome and Reason say why it was not asked for; empty when it was.
	Outcome harvest.Outcome `json:"outcome,omitempty"`
	Reason  string          `json:"reason,omitempty"`
	// Tries are the requests that were sent, more than one when some failed for
	// a reason that may pass.
	Tries []Try `json:"tries,omitempty"`
}

// Try is one request and what came of it.
type Try struct {
	StartedAt time.Time `json:"started_at,omitzero"`
	// Sent is the request's header, Status and Header are the answer's: 0 and
	// nil when there was none.
	Sent   http.Header `json:"sent,omitempty"`
	Status int         `json:"status,omitempty"`
	Proto  string      `json:"proto,omitempty"`
	Header http.Header `json:"header,omitempty"`
	// Outcome and Reason say why the answer is not what was asked for, empty
	// when it is, or when it leads on.
	Outcome harvest.Outcome `json:"outcome,omitempty"`
	Reason  string          `json:"reason,omitempty"`
	// WireBytes is the body as it travelled, Bytes what it was after
	// decompression, as far as it was read.
	WireBytes int64 `json:"wire_bytes"`
	Bytes     int64 `json:"bytes"`
	// Remote is the address at the other end, TLS the protocol's version.
	// Reused says that the connection was there already, so that there was
	// nothing to look up and to set up.
	Remote string `json:"remote,omitempty"`
	TLS    string `json:"tls,omitempty"`
	Reused bool   `json:"reused,omitempty"`
	Timing Timing `json:"timing"`
}

// Timing is where the time of a try went. What did not happen took none.
type Timing struct {
	Waited    time.Duration `json:"waited_ns"`     // for the host's turn
	DNS       time.Duration `json:"dns_ns"`        // looking up the name
	Connect   time.Duration `json:"connect_ns"`    // to the first address that took us
	TLS       time.Duration `json:"tls_ns"`        // the handshake
	FirstByte time.Duration `json:"first_byte_ns"` // from the request to the answer's first octet
	Body      time.Duration `json:"body_ns"`       // from there to the last octet
	Total     time.Duration `json:"total_ns"`      // waiting excluded
}

// Trace is [Session.Fetch] with an account of how it went, hop by hop.
func (s *Session) Trace(ctx context.Context, req harvest.Request, v harvest.Validators) (*harvest.Page, []Hop) {
	b := &bill{trace: new(trace)}
	page := s.fetch(ctx, req, v, b)
	return page, b.trace.hops
}

// trace gathers the hops. A nil one gathers nothing.
type trace struct {
	hops []Hop
}

// hop begins the account of an address.
func (t *trace) hop(url string) {
	if t != nil {
		t.hops = append(t.hops, Hop{URL: url})
	}
}

func (t *trace) last() *Hop { return &t.hops[len(t.hops)-1] }

// refused notes why an address is not asked for.
func (t *trace) refused(p *problem) {
	if t != nil {
		t.last().Outcome, t.last().Reason = p.outcome, shorten(p.reason)
	}
}

// watch returns a stopwatch for a request, nil when nobody wants to know.
func (t *trace) watch() *stopwatch {
	if t == nil {
		return nil
	}
	return new(stopwatch)
}

// tried notes a request and what came of it.
func (t *trace) tried(x *exchange, p *problem) {
	if t == nil {
		return
	}
	try := Try{
		StartedAt: x.started, Sent: masked(x.request), Status: x.status, Header: masked(x.header), WireBytes: x.wire, Bytes: x.plain,
	}
	if p != nil {
		try.Outcome, try.Reason = p.outcome, shorten(p.reason)
	}
	x.watch.report(&try, x)
	t.last().Tries = append(t.last().Tries, try)
}

// masked is a header without the values of cookies, which are a visitor's
// secrets; their names tell enough.
func masked(h http.Header) http.Header {
	out := h.Clone()
	for i, v := range out["Set-Cookie"] {
		name, _, _ := strings.Cut(v, "=")
		out["Set-Cookie"][i] = name + "=…"
	}
	for i, v := range out["Cookie"] {
		var names []string
		for pair := range strings.SplitSeq(v, ";") {
			name, _, _ := strings.Cut(strings.TrimSpace(pair), "=")
			names = append(names, name+"=…")
		}
		out["Cookie"][i] = strings.Join(names, "; ")
	}
	return out
}

// stopwatch takes the time of one request. Its marks are set by goroutines of
// net/http, of which some outlive the request.
type stopwatch struct {
	mu                           sync.Mutex
	dns, connect, tls            span
	wrote, firstByte             time.Time
	remote, proto, secureVersion string
	reused                       bool
}

// span is the time from the first start to the last end.
type span struct{ start, end time.Time }

func (s *span) begin() {
	if s.start.IsZero() {
		s.start = time.Now()
	}
}

func (s *span) took() time.Duration {
	if s.end.IsZero() {
		return 0
	}
	return s.end.Sub(s.start)
}

func (w *stopwatch) mark(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

// follow adds the stopwatch's marks to what net/http reports.
func (w *stopwatch) follow(t *httptrace.ClientTrace) {
	if w == nil {
		return
	}
	t.DNSStart = func(httptrace.DNSStartInfo) { w.mark(w.dns.begin) }
	t.DNSDone = func(httptrace.DNSDoneInfo) { w.mark(func() { w.dns.end = time.Now() }) }
	t.ConnectStart = func(string, string) { w.mark(w.connect.begin) }
	t.ConnectDone = func(_, _ string, err error) {
		w.mark(func() {
			if err == nil || w.connect.end.IsZero() {
				w.connect.end = time.Now()
			}
		})
	}
	t.TLSHandshakeStart = func() { w.mark(w.tls.begin) }
	done, got := t.TLSHandshakeDone, t.GotConn
	t.TLSHandshakeDone = func(state tls.ConnectionState, err error) {
		done(state, err)
		w.mark(func() { w.tls.end = time.Now() })
	}
	t.GotConn = func(info httptrace.GotConnInfo) {
		got(info)
		w.mark(func() { w.reused, w.remote = info.Reused, info.Conn.RemoteAddr().String() })
	}
	t.WroteRequest = func(httptrace.WroteRequestInfo) { w.mark(func() { w.wrote = time.Now() }) }
	t.GotFirstResponseByte = func() { w.mark(func() { w.firstByte = time.Now() }) }
}

// answered notes what an answer says of its connection.
func (w *stopwatch) answered(res *http.Response) {
	if w == nil {
		return
	}
	w.mark(func() {
		w.proto = res.Proto
		if res.TLS != nil {
			w.secureVersion = tls.VersionName(res.TLS.Version)
		}
	})
}

// report fills in what the stopwatch knows of a try.
func (w *stopwatch) report(try *Try, x *exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	try.Proto, try.Remote, try.TLS, try.Reused = w.proto, w.remote, w.secureVersion, w.reused
	try.Timing = Timing{Waited: x.waited, DNS: w.dns.took(), Connect: w.connect.took(), TLS: w.tls.took()}
	if !x.sent {
		return
	}
	try.Timing.Total = x.ended.Sub(x.started)
	if w.firstByte.IsZero() {
		return
	}
	from := w.wrote
	if from.IsZero() || from.After(w.firstByte) { // some servers answer before they have read
		from = x.started
	}
	try.Timing.FirstByte, try.Timing.Body = w.firstByte.Sub(from), x.ended.Sub(w.firstByte)
}
