package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

const wantAddress = "a web address such as https://example.org/resources"

// webAddress is an absolute http or https URL.
func webAddress() kind[string] {
	return single("web address", wantAddress, func(_ *walker, text string) (string, fault) {
		return text, addressFault(text)
	}, itself).with(map[string]any{"type": "string", "format": "uri", "pattern": "^https?://"})
}

func addressFault(text string) fault {
	if f := noEnvironment(text); !f.isZero() {
		return f
	}
	shown := MaskURL(text)
	if strings.ContainsAny(text, "{}") {
		return notA(shown, wantAddress, `addresses with {page} or {offset} belong under "next: {pattern: …}"`)
	}
	if strings.ContainsAny(text, " \t\r\n") {
		return notA(shown, wantAddress, "take the space away, or write it as %20")
	}
	u, err := url.Parse(text)
	if err != nil {
		return notA(shown, wantAddress, "")
	}
	switch {
	case u.User != nil:
		return fault{"holds a user name or password", "take it away; sources must be open to everybody"}
	case u.Scheme == "" || u.Opaque != "" || strings.Contains(u.Scheme, "."):
		hint := "begin with https://"
		if host, _, _ := strings.Cut(text, "/"); strings.Contains(host, ".") && !strings.HasPrefix(text, ".") {
			hint = "write https://" + shown
		}
		return notA(shown, wantAddress, hint)
	case u.Scheme != "http" && u.Scheme != "https":
		return notA(shown, wantAddress, "only https:// and http:// are harvested")
	case u.Hostname() == "":
		return fault{show(shown) + " has no host name", "write " + wantAddress}
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return fault{show(shown) + " has no possible port", "ports are 1 to 65535"}
		}
	}
	return fault{}
}

// reachable reports an address that the network rules of its own source file
// would never let through.
func (w *walker) reachable(v value, address string, n Network) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return
	}
	host := strings.ToLower(u.Hostname())
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		host = "127.0.0.1"
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		addr = addr.Unmap()
		if n.allows(addr) {
			return // any port
		}
		if !isPublic(addr) {
			w.add(v, show(u.Hostname())+" is not an address of the public internet",
				fmt.Sprintf("to allow it for this source, add network: {allow: [\"%s\"]}", netip.PrefixFrom(addr, addr.BitLen())))
			return
		}
	}
	if port := u.Port(); port != "" && port != "80" && port != "443" && !n.hasPort(port) && len(n.Allow) == 0 {
		w.add(v, "port "+port+" is not allowed", fmt.Sprintf("to allow it for this source, add network: {ports: [%s]}", port))
	}
}

func (n Network) allows(addr netip.Addr) bool {
	for _, prefix := range n.Allow {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

func (n Network) hasPort(port string) bool {
	for _, p := range n.Ports {
		if strconv.Itoa(int(p)) == port {
			return true
		}
	}
	return false
}

// coversLoopback reports whether the source may be on this machine.
func (n Network) coversLoopback() bool {
	for _, prefix := range n.Allow {
		if prefix.Addr().IsLoopback() || prefix.Contains(netip.MustParseAddr("127.0.0.1")) || prefix.Contains(netip.IPv6Loopback()) {
			return true
		}
	}
	return false
}

func isPublic(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && !netip.MustParsePrefix("100.64.0.0/10").Contains(a)
}

// prefix is a range of network addresses (RFC 4632, RFC 4291).
func prefix() kind[netip.Prefix] {
	const want = "a range of addresses such as 127.0.0.1/32 or 10.0.0.0/8"
	return single("address range", want, func(_ *walker, text string) (netip.Prefix, fault) {
		if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
			return netip.Prefix{}, notA(text, want, fmt.Sprintf("for this one address write %s/%d", text, addr.BitLen()))
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return netip.Prefix{}, notA(text, want, "")
		}
		if p != p.Masked() {
			return netip.Prefix{}, fault{show(text) + " begins within its range, not at its start", "write " + p.Masked().String()}
		}
		if p.Bits() == 0 {
			return netip.Prefix{}, fault{show(text) + " would allow every address there is", "name the range that is needed"}
		}
		return p, fault{}
	}, netip.Prefix.String)
}

// port is a TCP port.
func port() kind[uint16] {
	k := single("port", "a port from 1 to 65535", func(_ *walker, text string) (uint16, fault) {
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil || n == 0 {
			return 0, notA(text, "a port from 1 to 65535", "")
		}
		return uint16(n), fault{}
	}, func(p uint16) string { return strconv.Itoa(int(p)) }).
		with(map[string]any{"type": "integer", "minimum": 1, "maximum": 65535})
	k.write = func(p uint16) *yaml.Node {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(int(p))}
	}
	return k
}

// hostName is a host, with a leading dot for all below it too. Names are
// returned in lower case and ASCII (RFC 5891).
func hostName() kind[string] {
	const want = "a host name such as cdn.example.org, or .example.org for all below it"
	return single("host name", want, func(_ *walker, text string) (string, fault) {
		if u, err := url.Parse(text); err == nil && u.Host != "" {
			return "", notA(text, want, "write "+u.Hostname())
		}
		if rest, ok := strings.CutPrefix(text, "*."); ok {
			return "", notA(text, want, "write ."+rest)
		}
		name, dot := strings.CutPrefix(text, ".")
		ascii, err := idna.Lookup.ToASCII(name)
		if _, ipErr := netip.ParseAddr(name); ipErr == nil && !dot {
			return name, fault{}
		}
		if err != nil || ascii == "" || strings.ContainsAny(ascii, "/:@?#* ") {
			return "", notA(text, want, "")
		}
		if !dot {
			return ascii, fault{}
		}
		if suffix, _ := publicsuffix.PublicSuffix(ascii); suffix == ascii {
			return "", fault{show(text) + " would take in every site that ends so", "name the organisation's own domain"}
		}
		return "." + ascii, fault{}
	}, itself)
}
