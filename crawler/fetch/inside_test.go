package fetch_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

func TestInsideIsOutOfReachInEveryForm(t *testing.T) {
	direct := closed(t, fetch.Options{}, config.Network{})
	site := sitetest.New(t)
	site.Handle("/go/*", sitetest.ToInside(80))
	// This source may reach its own site, and nothing else that is not public.
	redirected := newClient(t, fetch.Options{}).Source(&config.Source{ID: "test", Network: only(t, site)})
	for i, inside := range sitetest.Inside {
		for way, page := range map[string]*harvest.Page{
			"asked for":     get(t, direct, "http://"+inside.Host+"/"),
			"redirected to": get(t, redirected, site.At(fmt.Sprint("/go/", i))),
		} {
			if way == "redirected to" && (strings.HasPrefix(inside.Name, "loopback") || strings.HasPrefix(inside.Name, "IPv4-mapped loopback")) {
				continue // the site is there: see TestLoopbackIsOutOfReachOfOtherAddresses
			}
			if page.Outcome != harvest.BlockedAddress {
				t.Errorf("%s (%s), %s: %s, %s", inside.Name, inside.Host, way, page.Outcome, page.Reason)
			}
		}
	}
}

// only is a network in which nothing is allowed but a site's own address.
func only(t *testing.T, site *sitetest.Site) config.Network {
	t.Helper()
	address, err := netip.ParseAddrPort(strings.TrimPrefix(site.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	return config.Network{Allow: []netip.Prefix{netip.PrefixFrom(address.Addr(), 32)}}
}

// What a name resolves to is judged like what a URL says, whichever kind of
// record holds it.
func TestNamesOfInsideAreOutOfReach(t *testing.T) {
	names := sitetest.NewNames()
	s := closed(t, fetch.Options{Resolver: names.Resolver()}, config.Network{})
	asked := 0
	for i, inside := range sitetest.Inside {
		address, err := netip.ParseAddr(strings.Trim(inside.Host, "[]"))
		if err != nil || address.Is4In6() {
			continue // not a form that a name server answers with
		}
		asked++
		host := fmt.Sprintf("host%d.example", i)
		names.Set(host, address.String())
		if page := get(t, s, "http://"+host+"/"); page.Outcome != harvest.BlockedAddress || page.Requests != 0 {
			t.Errorf("%s (%s): %s, %s", inside.Name, address, page.Outcome, page.Reason)
		}
	}
	if asked < 30 {
		t.Errorf("only %d addresses", asked)
	}
}

// special are the ranges of the IANA registries of special-purpose addresses
// (https://www.iana.org/assignments/iana-ipv4-special-registry,
// https://www.iana.org/assignments/iana-ipv6-special-registry) and of
// multicast, of which not a single address may be dialled.
var special = []string{
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"::/128", "::1/128", "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:2::/48", "2001:20::/28",
	"2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
}

func TestSpecialRangesAreRefusedFromFirstToLast(t *testing.T) {
	refused := func(a netip.Addr) bool {
		return !fetch.MayDial(config.Network{}, netip.AddrPortFrom(a, 443).String())
	}
	for _, text := range special {
		prefix := netip.MustParsePrefix(text)
		first, last := prefix.Masked().Addr(), lastOf(prefix)
		for _, a := range []netip.Addr{first, last, between(first, last)} {
			if !refused(a) {
				t.Errorf("%s of %s may be dialled", a, text)
			}
			if a.Is6() && !a.Is4In6() && !refused(a.WithZone("eth0")) {
				t.Errorf("%s with a zone, of %s, may be dialled", a, text)
			}
			if a.Is4() && !refused(netip.AddrFrom16(a.As16())) {
				t.Errorf("%s in its mapped form may be dialled", a)
			}
		}
	}
	// Neighbours of the ranges are public, or the guard would be right by
	// refusing everything.
	for _, text := range []string{
		"1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0",
		"172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
		"2000::1", "2001:4860:4860::8888", "2003::1", "2a00:1450::1", "2606:4700::1111",
	} {
		if refused(netip.MustParseAddr(text)) {
			t.Errorf("%s is public and refused", text)
		}
	}
}

// lastOf is the last address of a range.
func lastOf(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for bit := p.Bits(); bit < len(b)*8; bit++ {
		b[bit/8] |= 1 << (7 - bit%8)
	}
	a, _ := netip.AddrFromSlice(b) // as long as an address
	return a
}

// between is an address between two, of one kind.
func between(first, last netip.Addr) netip.Addr {
	a, b := first.AsSlice(), last.AsSlice()
	for i := range a {
		if a[i] != b[i] {
			a[i] += (b[i] - a[i]) / 2
			break
		}
	}
	middle, _ := netip.AddrFromSlice(a) // as long as an address
	return middle
}

func TestLoopbackIsOutOfReachOfOtherAddresses(t *testing.T) {
	site, secret := sitetest.New(t), sitetest.New(t)
	secret.Page("/*", "<p>secret")
	s := newClient(t, fetch.Options{}).Source(&config.Source{ID: "test", Network: config.Network{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.9/32")}}})
	for _, u := range []string{site.At("/"), secret.At("/"), strings.Replace(secret.At("/"), "127.0.0.1", "[::ffff:127.0.0.1]", 1)} {
		if page := get(t, s, u); page.Outcome != harvest.BlockedAddress {
			t.Errorf("%s: %s", u, page.Outcome)
		}
	}
	if n := len(site.Requests()) + len(secret.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}
