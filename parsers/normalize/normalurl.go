package normalize

import (
	"net/netip"
	"strconv"
	"strings"
)

// Most addresses are in their normal form already, and a parser that can do
// all that browsers do takes long to find that out. asItIs recognises those
// that are beyond doubt; for the others the parser decides. That both give the
// same is fuzzed.

// asItIs resolves ref against base when both are in their normal form beyond
// doubt, and says whether they are.
func asItIs(base, ref string) (string, bool) {
	if base == "" {
		return ref, isNormalURL(ref)
	}
	if !isNormalURL(base) {
		return "", false
	}
	if strings.HasPrefix(ref, "/") && isNormalPath(ref) {
		return base[:originEnd(base)] + ref, true
	}
	return ref, isNormalURL(ref)
}

// isNormalURL reports whether an address is http or https with a name in lower
// case, perhaps a port, a path without anything to decode or resolve, and
// nothing else.
func isNormalURL(s string) bool {
	end := originEnd(s)
	if end == 0 || !isNormalPath(s[end:]) {
		return false
	}
	scheme, authority, _ := strings.Cut(s[:end], "://")
	host, port, found := strings.Cut(authority, ":")
	return (!found || isNormalPort(scheme, port)) && (isNormalHost(host) || isNormalAddress(host))
}

// isNormalPort reports whether a port is written as ports are, and is not the
// scheme's own.
func isNormalPort(scheme, port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return err == nil && strconv.FormatUint(n, 10) == port && (scheme != "http" || n != 80) && (scheme != "https" || n != 443)
}

// isNormalAddress reports whether a host is four decimal numbers.
func isNormalAddress(host string) bool {
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

// isNormalHost reports whether a host is a name of letters, digits and single
// hyphens within its labels, which does not end in a number, as addresses do.
func isNormalHost(host string) bool {
	last := byte('.')
	for i := range len(host) {
		c := host[i]
		switch {
		case 'a' <= c && c <= 'z', isDecimal(c):
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

// isNormalPath reports whether a path has only characters that need no
// encoding, no dot segments and no parameters.
func isNormalPath(path string) bool {
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

func isDecimal(c byte) bool { return '0' <= c && c <= '9' }
