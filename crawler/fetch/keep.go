package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/harvest87/harvest"
)

// Keeper keeps answers, for whoever wants to read them again. Keep is called
// from several goroutines at once, after the body has been read and before
// [Session.Fetch] returns. What it is given is the caller's: it must neither
// change it nor hold on to it. It deals with its own errors, for a page that
// could not be kept was fetched all the same.
type Keeper interface {
	Keep(ctx context.Context, answer *Kept)
}

// Kept is an answer to one request, without cookies and credentials.
type Kept struct {
	// URL is what was asked for; each redirect is an answer of its own.
	URL string
	// Kind and Referrer are those of the page it was asked for; robots.txt has none.
	Kind     harvest.Kind
	Referrer string
	// StartedAt is when the request was sent, Duration how long the answer
	// took to its last octet.
	StartedAt time.Time
	Duration  time.Duration
	// Remote is the IP address that answered, empty when nobody knows.
	Remote string
	// Proto is such as "HTTP/1.1"; Sent and Header are the headers of the
	// request and of the answer.
	Proto  string
	Status int
	Sent   http.Header
	Header http.Header
	// Form is what was sent with POST, empty for GET. URL then is not where it
	// was sent but what stands for that and the form together, see [FormAddress].
	Form string
	// Body is decompressed and otherwise as it came; a 304 has none. Cut says
	// that it is only a beginning.
	Body []byte
	Cut  bool
	// WireBytes is the body as it travelled, in octets.
	WireBytes int64
}

// worthKeeping reports whether a run concludes something from how a page
// ended: what it says, that it has not changed, or that it is not there. What
// failed may be otherwise a minute later. Pages that ask for no copy are not
// kept, nor are those that ask not to be indexed unless they lead to others.
func worthKeeping(page *harvest.Page, p *problem) bool {
	if page.NoArchive || page.NoIndex && page.Request.Kind != harvest.KindDiscovery {
		return false
	}
	if p == nil {
		return page.Outcome == harvest.Fetched
	}
	return p.outcome == harvest.NotModified || p.outcome == harvest.NotFoundPage || p.outcome == harvest.GonePage
}

// keep gives an answer to the keeper, if there is one. Of documents only facts
// are kept, by the crawler.
func (s *Session) keep(ctx context.Context, a *answer, req harvest.Request, form string) {
	if s.Keeper == nil || a.header == nil || req.Kind == harvest.KindDocument {
		return
	}
	s.Keeper.Keep(ctx, &Kept{
		URL: FormAddress(a.url.String(), form), Form: form, Kind: req.Kind, Referrer: req.Referrer,
		StartedAt: a.at, Duration: a.ended.Sub(a.started), Remote: a.conn.remote(), Proto: a.proto,
		Status: a.status, Sent: withoutSecrets(a.request), Header: withoutSecrets(a.header),
		Body: a.content, Cut: a.cut(), WireBytes: a.exchange.wire,
	})
}

// formMark stands before a form in an address that stands for both, as pywb
// and its kin have it.
const formMark = "__wb_method=POST"

// maxFormInAddress is the longest form that is put into an address, in octets.
const maxFormInAddress = 2 << 10

// FormAddress is the address by which the answer to a form is kept: archives
// know answers by addresses alone. The form is a part of the query; a long one
// is known by its SHA-256. Without a form it is the address itself.
func FormAddress(address, form string) string {
	if form == "" {
		return address
	}
	if len(form) > maxFormInAddress {
		sum := sha256.Sum256([]byte(form))
		form = "sha256=" + hex.EncodeToString(sum[:])
	}
	mark := "?"
	if strings.Contains(address, "?") {
		mark = "&"
	}
	return address + mark + formMark + "&" + form
}

// FormTarget is the address that [FormAddress] was made of.
func FormTarget(address string) string {
	before, _, _ := strings.Cut(address, formMark)
	return strings.TrimRight(before, "?&")
}

// cut reports whether of the body only a beginning was read.
func (a *answer) cut() bool {
	switch {
	case redirects(a.status, a.header):
		return a.exchange.wire > 0 // a redirect's body is not read
	case a.status >= http.StatusBadRequest:
		return len(a.content) >= maxErrorBody
	}
	return a.atMost > 0 && int64(len(a.content)) >= a.atMost
}

// secretHeaders are what a copy must not hold: who we are to a site, and what
// it knows us by.
var secretHeaders = []string{"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "Set-Cookie2", "X-Api-Key"}

func withoutSecrets(h http.Header) http.Header {
	out := h.Clone()
	for _, name := range secretHeaders {
		out.Del(name)
	}
	return out
}

// remote is the address at the other end.
func (c *connection) remote() string {
	conn := c.current.Load()
	if conn == nil || conn.RemoteAddr() == nil {
		return ""
	}
	host, _, err := net.SplitHostPort(conn.RemoteAddr().String())
	if err != nil {
		return ""
	}
	return host
}
