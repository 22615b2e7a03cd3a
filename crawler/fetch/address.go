package fetch

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	whatwg "github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/publicsuffix"

	"github.com/harvest87/harvest"
)

// addresses reads URLs as browsers do (https://url.spec.whatwg.org/), with the
// one liberty that Colly takes too: a "%" that begins no escape is escaped.
var addresses = whatwg.NewParser(whatwg.WithPercentEncodeSinglePercentSign())

// parseURL turns what a page or a file calls a URL into one that can be asked
// for: absolute, http or https, without user name and fragment.
func parseURL(raw string) (*url.URL, *problem) {
	if isPlain(raw) {
		if u, err := url.Parse(raw); err == nil {
			return u, nil
		}
	}
	return resolve(nil, raw)
}

// isPlain recognises the many URLs that reading as browsers do would leave as
// they are, in a fraction of the time.
func isPlain(raw string) bool {
	rest, ok := strings.CutPrefix(raw, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(raw, "http://")
	}
	slash := strings.IndexByte(rest, '/')
	if !ok || slash <= 0 || len(raw) > maxURL || !isPlainHost(rest[:slash]) || strings.Contains(rest[slash:], "/.") {
		return false
	}
	for i := slash; i < len(rest); i++ {
		if c := rest[i]; !isNameByte(c) && strings.IndexByte("/?&=-_.~+,;:@!$()*", c) < 0 {
			return false
		}
	}
	return true
}

// isPlainHost recognises names in lower case and addresses in four numbers,
// with any port but the usual ones.
func isPlainHost(s string) bool {
	host, port, hasPort := strings.Cut(s, ":")
	if n, err := strconv.ParseUint(port, 10, 16); hasPort && (err != nil || n == 80 || n == 443 || port[0] == '0') {
		return false
	}
	for i := range len(host) {
		if c := host[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '.' {
			return false
		}
	}
	if host == "" || strings.Contains(host, "xn--") {
		return false
	}
	if last := host[strings.LastIndexByte(host, '.')+1:]; last != "" && isLetter(last[0]) {
		return true
	}
	_, err := netip.ParseAddr(host) // what else ends in a number may be an address in disguise
	return err == nil
}

// resolve is parseURL for a reference, such as the value of Location.
func resolve(base *url.URL, ref string) (*url.URL, *problem) {
	if len(ref) > maxURL {
		return nil, final(harvest.InvalidURL, fmt.Sprintf("the address has %d octets, more than %d", len(ref), maxURL))
	}
	if !utf8.ValidString(ref) {
		ref = escapeBytes(ref)
	}
	var parsed *whatwg.Url
	var err error
	if base == nil {
		parsed, err = addresses.Parse(ref)
	} else {
		parsed, err = addresses.ParseRef(base.String(), ref)
	}
	if err != nil {
		return nil, final(harvest.InvalidURL, "not an absolute address")
	}
	href := parsed.Href(true)
	u, err := url.Parse(href)
	switch {
	case err != nil:
		return nil, final(harvest.InvalidURL, "not an address that can be asked for")
	case len(href) > maxURL:
		return nil, final(harvest.InvalidURL, fmt.Sprintf("the address has %d octets, more than %d", len(href), maxURL))
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, final(harvest.InvalidURL, fmt.Sprintf("scheme %q is neither http nor https", u.Scheme))
	case u.Hostname() == "":
		return nil, final(harvest.InvalidURL, "the address names no host")
	case u.User != nil:
		return nil, final(harvest.InvalidURL, "an address with a user name or password is not fetched")
	}
	return u, nil
}

// escapeBytes writes the octets that are not ASCII as %XX: what some servers
// send in Location is Latin-1.
func escapeBytes(s string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	b.Grow(len(s) + 2*16)
	for i := range len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', digits[c>>4], digits[c&0xf]})
		}
	}
	return b.String()
}

// refuse judges what can be judged of a URL before its name is looked up. The
// dialer judges the rest.
func (g *guard) refuse(u *url.URL) *problem {
	port := uint16(443)
	if u.Scheme == "http" {
		port = 80
	}
	if p := u.Port(); p != "" {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil {
			return final(harvest.InvalidURL, "not a port: "+p)
		}
		port = uint16(n)
	}
	if addr, err := netip.ParseAddr(strings.Trim(u.Hostname(), "[]")); err == nil {
		return g.judge(addr, port)
	}
	if len(g.allow) == 0 && !slices.Contains(g.ports, port) {
		return portRefused(port)
	}
	return nil
}

// clockKey names the clock that a URL's host goes by: its registrable domain,
// whatever the scheme, the port and the name before it, for www.example.org,
// docs.example.org and api.example.org are mostly one organisation's machine
// (docs/decisions/0007-one-clock-per-organisation.md). What registrars and
// hosting services sell names under is no domain of anybody's: two customers of
// theirs have a clock each (https://publicsuffix.org/). An address in numbers
// is a host of its own, and so is each port on the loopback interface.
func clockKey(u *url.URL) string {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if last := host[strings.LastIndexByte(host, '.')+1:]; last == "" || last[0] <= '9' || strings.Contains(host, ":") {
		addr, err := netip.ParseAddr(host)
		if err == nil && addr.Unmap().IsLoopback() {
			return strings.ToLower(u.Host)
		}
		return host
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return strings.ToLower(u.Host)
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host // a public suffix itself, or a single word
}

// ClockOf names the clock that an address goes by: addresses of one name are
// asked one after the other. It is "" for what is no address.
func ClockOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return clockKey(u)
}

// bareHost is the host without "www.".
func bareHost(u *url.URL) string {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if bare, ok := strings.CutPrefix(host, "www."); ok && strings.Contains(bare, ".") {
		return bare
	}
	return host
}

// sameAddress reports whether a redirect from a to b only tidies the address:
// scheme, "www." or the slash at the end. Then what is known of a holds for b.
func sameAddress(a, b *url.URL) bool {
	if a == b {
		return true
	}
	path := func(u *url.URL) string { return strings.TrimSuffix(u.EscapedPath(), "/") }
	return bareHost(a) == bareHost(b) && a.Port() == b.Port() && path(a) == path(b) && a.RawQuery == b.RawQuery
}

// secretKeys are parts of query keys whose values are never logged.
var secretKeys = []string{"token", "key", "secret", "sig", "auth", "pass", "session", "code", "credential"}

// redact returns the URL as it may stand in a log or a reason: no user name,
// no fragment, and no values of query keys that sound like secrets.
func redact(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		head, _, _ := strings.Cut(raw, "?")
		if _, host, ok := strings.Cut(head, "@"); ok {
			head = "…@" + host
		}
		return strings.ToValidUTF8(head, "\uFFFD")
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	if u.RawQuery == "" {
		return u.String()
	}
	pairs := strings.Split(u.RawQuery, "&")
	for i, pair := range pairs {
		key, _, ok := strings.Cut(pair, "=")
		if ok && slices.ContainsFunc(secretKeys, func(s string) bool { return strings.Contains(strings.ToLower(key), s) }) {
			pairs[i] = key + "=…"
		}
	}
	u.RawQuery = strings.Join(pairs, "&")
	return u.String()
}
