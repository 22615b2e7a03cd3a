package sitetest

import (
	"net/http"
	"strconv"
	"strings"
)

// Inside are hosts, as they stand in URLs, that no harvester may be led to: one
// for each kind of address that is not public, in each of the forms in which
// it can be written. They are what a hostile site redirects to
// (https://owasp.org/www-community/attacks/Server_Side_Request_Forgery).
var Inside = []struct{ Name, Host string }{
	{"loopback", "127.0.0.1"},
	{"loopback, elsewhere in its range", "127.200.1.9"},
	{"loopback as one decimal number", "2130706433"},
	{"loopback as one hexadecimal number", "0x7f000001"},
	{"loopback in octal", "0177.0.0.1"},
	{"loopback, shortened", "127.1"},
	{"loopback by name", "localhost"},
	{"loopback in full-width digits", "１２７.0.0.1"},
	{"loopback with a dot at the end", "127.0.0.1."},
	{"loopback, percent-encoded", "%31%32%37.0.0.1"},
	{"this host", "0.0.0.0"},
	{"this host, shortened", "0"},
	{"private, class A", "10.0.0.1"},
	{"private, class B", "172.16.0.1"},
	{"private, class B, its end", "172.31.255.254"},
	{"private, class C", "192.168.0.1"},
	{"link-local: the metadata service of clouds", "169.254.169.254"},
	{"carrier-grade NAT", "100.64.0.1"},
	{"carrier-grade NAT: another metadata service", "100.100.100.200"},
	{"IETF protocol assignments", "192.0.0.1"},
	{"documentation 1", "192.0.2.1"},
	{"documentation 2", "198.51.100.1"},
	{"documentation 3", "203.0.113.1"},
	{"benchmarks", "198.18.0.1"},
	{"6to4 relay anycast", "192.88.99.1"},
	{"multicast", "224.0.0.1"},
	{"reserved", "240.0.0.1"},
	{"broadcast", "255.255.255.255"},
	{"IPv6 loopback", "[::1]"},
	{"IPv6 loopback in full", "[0:0:0:0:0:0:0:1]"},
	{"IPv6 unspecified", "[::]"},
	{"IPv4-mapped loopback", "[::ffff:127.0.0.1]"},
	{"IPv4-mapped loopback in hexadecimal", "[::ffff:7f00:1]"},
	{"IPv4-mapped private", "[::ffff:10.0.0.1]"},
	{"IPv4-mapped metadata service", "[::ffff:a9fe:a9fe]"},
	{"IPv4-compatible loopback", "[::127.0.0.1]"},
	{"IPv4-translated loopback", "[::ffff:0:127.0.0.1]"},
	{"NAT64 of loopback", "[64:ff9b::127.0.0.1]"},
	{"NAT64 of a private address", "[64:ff9b::a00:1]"},
	{"NAT64 for local use", "[64:ff9b:1::7f00:1]"},
	{"6to4 of loopback", "[2002:7f00:1::1]"},
	{"6to4 of a private address", "[2002:a00:1::1]"},
	{"Teredo", "[2001:0:7f00:1::1]"},
	{"IPv6 benchmarks", "[2001:2::1]"},
	{"ORCHIDv2", "[2001:20::1]"},
	{"IPv6 documentation", "[2001:db8::1]"},
	{"IPv6 documentation, the newer range", "[3fff::1]"},
	{"segment routing", "[5f00::1]"},
	{"unique local", "[fc00::1]"},
	{"unique local, assigned", "[fd00:ec2::254]"},
	{"IPv6 link-local", "[fe80::1]"},
	{"IPv6 site-local, as it was", "[fec0::1]"},
	{"IPv6 multicast", "[ff02::1]"},
	{"discard only", "[100::1]"},
}

// ToInside redirects path/N to the N-th host of [Inside], at a port.
func ToInside(port int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:])
		if err != nil || n < 0 || n >= len(Inside) {
			http.NotFound(w, r)
			return
		}
		Redirect(http.StatusFound, "http://"+Inside[n].Host+":"+strconv.Itoa(port)+"/").ServeHTTP(w, r)
	})
}
