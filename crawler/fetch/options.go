package fetch

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net"
	"strings"
	"time"
	"unicode"
)

// Options are the limits of a [Client]. A zero field takes the default named
// beside it, unless it says otherwise.
type Options struct {
	// UserAgent is sent with every request. Its product, the letters before
	// the first "/", chooses the group in robots.txt. Default: UserAgent("dev", "").
	UserAgent string

	// Timeout bounds one attempt from its start on the wire to the last octet
	// of its body, waiting for the host's turn excluded: 60s. ConnectTimeout
	// bounds the connection (10s), HeaderTimeout the time to the first octet
	// of the answer (30s).
	Timeout, ConnectTimeout, HeaderTimeout time.Duration

	// MaxBody is the largest body in octets after decompression: 50 MiB.
	MaxBody int64
	// MaxMarkup is the same for HTML and JSON, which are read as a whole and
	// take many times their size in memory: 16 MiB.
	MaxMarkup int64
	// MaxHeader is the largest response header in octets: 256 KiB.
	MaxHeader int64
	// MaxRatio is how many times larger than what travelled a body may become
	// by decompression once it is larger than 1 MiB: 200.
	MaxRatio int64
	// MaxRedirects is the longest chain of redirects: 10.
	MaxRedirects int

	// Retries are attempts after the first. Zero means none; config says 3.
	Retries int
	// Backoff is the wait before the first retry, doubled for each further
	// one and varied by half: 1s. It is also the first step by which a host
	// that answers 429 or 503 is slowed down.
	Backoff time.Duration
	// MaxWait is the longest Retry-After that is waited for: 2m. When a host
	// asks for more, what is wanted from it meanwhile ends as RateLimited
	// without being asked for. A host that has answered and then takes no
	// connection, as when the network is cut, is waited for as long, whatever
	// Retries says.
	MaxWait time.Duration

	// Now is the clock by which pages are dated; default time.Now. What is waited
	// for goes by this machine's own.
	Now func() time.Time

	// Concurrency is how many requests run at once over all hosts: 8. How many
	// at one host is for the source to say.
	Concurrency int

	// CacheDir keeps robots.txt across runs in its folder "robots". Empty: they
	// live as long as the client.
	CacheDir string

	// Leases keep apart the processes that share hosts. Nil: there is no other.
	Leases Leases

	// Resolver finds addresses; nil means the system's. Whatever it answers,
	// the guard judges the address that is dialled.
	Resolver *net.Resolver
	// RootCAs replaces the system's certificate authorities when not nil.
	RootCAs *x509.CertPool
	// Logger gets one debug line per page. Nil discards them.
	Logger *slog.Logger

	// dial replaces the network in tests, and the guard with it.
	dial func(ctx context.Context, network, address string) (net.Conn, error)
}

const (
	maxURL          = 8 << 10  // octets; RFC 9110 section 4.1 asks for at least 8000
	maxErrorBody    = 64 << 10 // of an error page, enough to recognise a challenge
	maxRedirectBody = 4 << 10  // of a redirect
	maxRobots       = 500 << 10
	robotsTTL       = 24 * time.Hour // RFC 9309 section 2.4
	robotsMinTTL    = time.Hour      // below it a server's max-age is not honoured
	robotsRetry     = 5 * time.Minute
	robotsRedirects = 5 // RFC 9309 section 2.3.1.2
)

func (o Options) withDefaults() Options {
	orDuration := func(d *time.Duration, value time.Duration) {
		if *d <= 0 {
			*d = value
		}
	}
	orInt := func(n *int64, value int64) {
		if *n <= 0 {
			*n = value
		}
	}
	if o.UserAgent == "" {
		o.UserAgent = UserAgent("dev", "")
	}
	orDuration(&o.Timeout, time.Minute)
	orDuration(&o.ConnectTimeout, 10*time.Second)
	orDuration(&o.HeaderTimeout, 30*time.Second)
	orDuration(&o.Backoff, time.Second)
	orDuration(&o.MaxWait, 2*time.Minute)
	orInt(&o.MaxBody, 50<<20)
	orInt(&o.MaxMarkup, 16<<20)
	orInt(&o.MaxHeader, 256<<10)
	orInt(&o.MaxRatio, 200)
	if o.MaxRedirects <= 0 {
		o.MaxRedirects = 10
	}
	if o.Retries < 0 {
		o.Retries = 0
	}
	if o.Concurrency <= 0 {
		o.Concurrency = 8
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// UserAgent is the harvester's name as servers see it: product and version,
// where to read about it, and how to reach whoever runs it. Characters that
// cannot stand in the comment of a header (RFC 9110 section 5.6.5) are left
// out of contact.
func UserAgent(version, contact string) string {
	contact = strings.Map(func(r rune) rune {
		if r == '(' || r == ')' || r == '\\' || r > unicode.MaxASCII || unicode.IsControl(r) {
			return -1
		}
		return r
	}, contact)
	comment := "+https://github.com/harvest87/harvest"
	if contact = strings.TrimSpace(contact); contact != "" {
		comment += "; " + contact
	}
	return "Harvest/" + version + " (" + comment + ")"
}

// productToken is the name by which robots.txt addresses us (RFC 9309 section
// 2.2.1): the letters, hyphens and underscores that User-Agent begins with.
func productToken(userAgent string) string {
	end := strings.IndexFunc(userAgent, func(r rune) bool { return !isTokenRune(r) })
	if end < 0 {
		return userAgent
	}
	return userAgent[:end]
}

func isTokenRune(r rune) bool {
	return r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
