package crawler

import (
	"net/netip"
	"net/url"
	"strings"
)

// isPrivate reports whether an address means nothing, or something else, to
// those who read the catalogue elsewhere: names of this machine or of a local
// network, and addresses that are not global unicast (RFC 6761, RFC 6762,
// RFC 6890). Links to such are mistakes of an editor, or bait.
func isPrivate(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return !ip.IsGlobalUnicast() || ip.IsPrivate() || sharedSpace.Contains(ip)
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last == host || last == "localhost" || last == "local" || last == "internal" || strings.HasSuffix(host, ".home.arpa")
}

// sharedSpace belongs to the networks of providers (RFC 6598).
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// foreignPrivate reports whether an address is private and not one of the
// source's own hosts, which its file has opened.
func (s *scope) foreignPrivate(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && isPrivate(raw) && !s.allowsHost(bareHost(u))
}
