package normalize

import (
	"net/netip"
	"strconv"
	"strings"
)

// Most addresses are in their normal form already, and a parser that can do
// all that browsers do takes long to find that out. plain recognises those
// that are beyond doubt; for the others the parser decides. That both give the
// same is fuzzed.

// plain resolves ref against base when both are plain, and says whether they are.
func plain(base, ref string) (string, bool) {
	if base == "" {
		return ref, isPlainURL(ref)
	}
	if !isPlainURL(base) {
		return "", false
	}
	if strings.HasPrefix(ref, "/") && isPlainPath(ref) {
		return base[:originEnd(base)] + ref, true
	}
	return ref, isPlainURL(ref)
}

// isPlainURL reports whether an address is http or https with a name in lower
// case, perhaps a port, a path without anything to decode or resolve, and
// nothing else.
func isPlainURL(s string) bool {
	end := originEnd(s)
	if end == 0 || !isPlainPath(s[end:]) {
		return false
	}
	scheme, authority, _ := strings.Cut(s[:end], "://")
	host, port, found := strings.Cut(authority, ":")
	return (!found || isPlainPort(scheme, port)) && (isPlainHost(host) || isPlainAddress(host))
}

// isPlainPort reports whether a port is written as ports are, and is not the
// scheme's own.
func isPlainPort(scheme, port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && strconv.FormatUint(n, 10) == port && (scheme != "http" || n != 80) && (scheme != "https" || n != 443)
}

// isPlainAddress reports whether a host is four decimal numbers.
func isPlainAddress(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.Is4() && a.String() == host
}

// originEnd is where the path of an address begins, 0 when it has none.
func originEnd(s string) int {
	for _, scheme := range []string{"https://", "http://"} {
		if rest, ok := strings.CutPrefix(s, scheme); ok {
			if i := strings.IndexByte(rest, '/'); i > 0 {
				return len(scheme) + i
			}
		}
	}
	return 0
}

// isPlainHost reports whether a host is a name of letters, digits and single
// hyphens within its labels, which does not end in a number, as addresses do.
func isPlainHost(host string) bool {
	last := byte('.')
	for i := range len(host) {
		c := host[i]
		switch {
		case 'a' <= c && c <= 'z', isDigitByte(c):
		case c == '-' && last != '.' && last != '-':
		case c == '.' && last != '.' && last != '-':
		default:
			return false
		}
		last = c
	}
	top := host[strings.LastIndexByte(host, '.')+1:]
	return len(host) <= 253 && 'a' <= last && last <= 'z' && 'a' <= top[0] && top[0] <= 'z'
}

// isPlainPath reports whether a path has only characters that need no
// encoding, no dot segments and no parameters.
func isPlainPath(path string) bool {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || len(path) > maxURL/2 {
		return false
	}
	for i := range len(path) {
		c := path[i]
		if !isUnreserved(c) && c != '/' || c == '.' && path[i-1] == '/' {
			return false
		}
	}
	return true
}

func isDigitByte(c byte) bool { return '0' <= c && c <= '9' }
