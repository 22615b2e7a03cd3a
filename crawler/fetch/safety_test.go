package fetch_test

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// closed is a session of an ordinary source: nothing but public addresses.
func closed(t *testing.T, o fetch.Options, network config.Network) *fetch.Session {
	t.Helper()
	return newClient(t, o).Source(&config.Source{ID: "test", Network: network})
}

func TestGuardRefusesAddressesThatAreNotPublic(t *testing.T) {
	s := closed(t, fetch.Options{}, config.Network{})
	for _, host := range []string{
		"127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
		"192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:8.8.8.8]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::1]",
		"[fe80::1]", "[fc00::1]", "[fd12::1]", "[ff02::1]", "[100::1]", "[2001:db8::1]", "[2001::1]", "[2002:7f00:1::]", "[3fff::1]", "[5f00::1]",
		"2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost",
	} {
		page := get(t, s, "http://"+host+"/")
		want(t, page, harvest.BlockedAddress)
		if page.Requests != 0 {
			t.Errorf("%s: %d requests", host, page.Requests)
		}
	}
}

func TestGuardJudgesWhatANameResolvesTo(t *testing.T) {
	site := sitetest.New(t)
	site.Page("/*", "<p>secret")
	port := site.URL[strings.LastIndex(site.URL, ":"):]
	names := sitetest.NewNames()
	names.Set("inside.example", "127.0.0.1")
	names.Set("mapped.example", "::ffff:127.0.0.1")
	names.Set("nat64.example", "64:ff9b::7f00:1")
	s := closed(t, fetch.Options{Resolver: names.Resolver()}, config.Network{Ports: []uint16{portOf(t, site)}})
	for _, host := range []string{"inside.example", "mapped.example", "nat64.example"} {
		want(t, get(t, s, "http://"+host+port+"/"), harvest.BlockedAddress)
	}
	if n := len(site.Requests()); n != 0 {
		t.Errorf("the site saw %d requests", n)
	}
}

func TestGuardJudgesAgainWhenANameIsRebound(t *testing.T) {
	site := sitetest.New(t)
	site.Handle("/*", sitetest.With(sitetest.HTML("<p>page"), "Connection", "close"))
	names := sitetest.NewNames()
	// Two connections, for robots.txt and the page, lead where they may; the
	// third one leads inside.
	names.Set("rebound.example", "127.0.0.1", "127.0.0.1", "127.0.0.2")
	s := newSession(t, fetch.Options{Resolver: names.Resolver()})
	target := fmt.Sprintf("http://rebound.example:%d/", portOf(t, site))
	want(t, get(t, s, target), harvest.Fetched)
	want(t, get(t, s, target), harvest.BlockedAddress)
	if n := len(site.Requests()); n != 2 {
		t.Errorf("the site saw %d requests", n)
	}
}

func TestGuardHoldsOnRedirects(t *testing.T) {
	inside := sitetest.New(t)
	inside.Page("/", "<p>secret")
	site := sitetest.New(t)
	names := sitetest.NewNames()
	names.Set("inside.example", "127.0.0.2") // not the address that is allowed
	for path, target := range map[string]string{
		"/literal": "http://127.0.0.2:1/", "/name": "http://inside.example:1/", "/metadata": "http://169.254.169.254/latest/",
		"/ipv6": "http://[::1]/", "/decimal": "http://2130706434/",
	} {
		site.Handle(path, sitetest.Redirect(302, target))
	}
	s := newSession(t, fetch.Options{Resolver: names.Resolver()})
	for _, path := range []string{"/literal", "/name", "/metadata", "/ipv6", "/decimal"} {
		page := get(t, s, site.At(path))
		want(t, page, harvest.BlockedAddress)
		if len(page.Redirects) != 1 || page.URL == site.At(path) {
			t.Errorf("%s: redirects %v, ended at %s", path, page.Redirects, page.URL)
		}
	}
}

func TestAllowIsForOneSourceAlone(t *testing.T) {
	site := sitetest.New(t)
	site.Page("/", "<p>home")
	client := newClient(t, fetch.Options{})
	open := client.Source(&config.Source{ID: "demo", Network: loopback})
	shut := client.Source(&config.Source{ID: "other"})
	want(t, get(t, shut, site.At("/")), harvest.BlockedAddress)
	want(t, get(t, open, site.At("/")), harvest.Fetched)
	want(t, get(t, shut, site.At("/")), harvest.BlockedAddress) // not over the open one's connection
	names := sitetest.NewNames()
	names.Set("pooled.example", "127.0.0.1")
	client = newClient(t, fetch.Options{Resolver: names.Resolver()})
	target := fmt.Sprintf("http://pooled.example:%d/", portOf(t, site))
	want(t, get(t, client.Source(&config.Source{ID: "demo", Network: loopback}), target), harvest.Fetched)
	want(t, get(t, client.Source(&config.Source{ID: "other", Network: config.Network{Ports: []uint16{portOf(t, site)}}}), target), harvest.BlockedAddress)
}

func TestPortsAreThoseOfTheWebUnlessNamed(t *testing.T) {
	for _, tc := range []struct {
		target  string
		policy  config.Network
		allowed bool
	}{
		{"93.184.215.14:80", config.Network{}, true},
		{"93.184.215.14:443", config.Network{}, true},
		{"93.184.215.14:22", config.Network{}, false},
		{"93.184.215.14:8080", config.Network{}, false},
		{"93.184.215.14:8080", config.Network{Ports: []uint16{8080}}, true},
		{"[2a00:1450::1]:443", config.Network{}, true},
		{"[2a00:1450::1]:25", config.Network{Ports: []uint16{8080}}, false},
		{"127.0.0.1:80", config.Network{Ports: []uint16{8080}}, false},
		{"127.0.0.1:6379", loopback, true}, // named, so with any port
		{"127.0.0.2:80", loopback, false},
		{"10.0.0.1:80", loopback, false},
		{"93.184.215.14:6379", loopback, false},
	} {
		if got := fetch.MayDial(tc.policy, tc.target); got != tc.allowed {
			t.Errorf("%s with %+v: %v", tc.target, tc.policy, got)
		}
	}
	// A port is refused before its host's name is looked up.
	names := sitetest.NewNames()
	want(t, get(t, closed(t, fetch.Options{Resolver: names.Resolver()}, config.Network{}), "http://public.example:22/"), harvest.BlockedAddress)
	if n := names.Lookups("public.example"); n != 0 {
		t.Errorf("%d lookups", n)
	}
}

func TestProxiesOfTheEnvironmentAreNotUsed(t *testing.T) {
	proxy := sitetest.New(t)
	proxy.Page("/*", "<p>proxied")
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	site := sitetest.New(t)
	site.Page("/", "<p>direct")
	names := sitetest.NewNames()
	names.Set("site.example", "127.0.0.1") // net/http never proxies the address itself
	target := fmt.Sprintf("http://site.example:%d/", portOf(t, site))
	page := get(t, newSession(t, fetch.Options{Resolver: names.Resolver()}), target)
	want(t, page, harvest.Fetched)
	if string(page.Body) != "<p>direct" || len(proxy.Requests()) != 0 {
		t.Errorf("body %q, proxy saw %v", page.Body, proxy.Paths())
	}
}

func TestAddressesThatAreNoneEndAtOnce(t *testing.T) {
	s := closed(t, fetch.Options{}, config.Network{})
	for _, raw := range []string{
		"", "/relative", "ftp://site.example/", "file:///etc/passwd", "javascript:alert(1)", "data:text/html,hi", "gopher://site.example/", "mailto:a@b.example",
		"http://", "http://user@site.example/", "http://user:secret@site.example/", "http://site.example:99999/", "http://[::1", "http://a b.example/",
		"http://site.example/" + strings.Repeat("x", 9000), "\x00", "http://exa\x00mple/",
	} {
		page := get(t, s, raw)
		want(t, page, harvest.InvalidURL)
		if page.Requests != 0 {
			t.Errorf("%q: %d requests", raw, page.Requests)
		}
		if strings.Contains(page.Reason, "secret") {
			t.Errorf("%q: reason %q", raw, page.Reason)
		}
	}
}

func TestAddressesAreReadAsBrowsersDo(t *testing.T) {
	for raw, want := range map[string]string{
		"HTTP://Site.Example:80/a":           "http://site.example/a",
		"  http://site.example/a b\n":        "http://site.example/a%20b",
		`http:\\site.example\a`:              "http://site.example/a",
		"http://site.example/100%":           "http://site.example/100%25",
		"http://site.example/é?q=ü#x":        "http://site.example/%C3%A9?q=%C3%BC",
		"https://bücher.example/":            "https://xn--bcher-kva.example/",
		"http://site.example/a/../b/./c":     "http://site.example/b/c",
		"http://site.example/?b=2&a=1&b=%20": "http://site.example/?b=2&a=1&b=%20",
		"http://site.example/latin\xe9":      "http://site.example/latin%E9",
	} {
		if got, _ := fetch.ParseURL(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func portOf(t *testing.T, site *sitetest.Site) uint16 {
	t.Helper()
	u, err := url.Parse(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	a, err := netip.ParseAddrPort(u.Host)
	if err != nil {
		t.Fatal(err)
	}
	return a.Port()
}

func TestRefusedConnectionsAreToldFromMissingNames(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	names := sitetest.NewNames()
	s := newSession(t, fetch.Options{Resolver: names.Resolver()})
	want(t, get(t, s, "http://"+address+"/"), harvest.RobotsUnavailable) // robots.txt comes first
	want(t, get(t, s, "http://missing.example/"), harvest.DNSError)
	if n := names.Lookups("missing.example"); n != 1 {
		t.Errorf("%d lookups of a name that does not exist", n)
	}
}

func FuzzParseURL(f *testing.F) {
	for _, raw := range []string{
		"http://site.example/a?b=c&d#e", "https://a.b/./x/..", "http://127.1/", "http://a:80/", "http://xn--a/", "HTTP://A/%41", "http://a_b/", "http://a./(x)*~", "http://127.0.0.1:8080/", "http://1.2.3.4/", "http://a:081/", "http://1.2.3.4.5/", "http://a.0x/",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, ok := fetch.ParseURL(raw)
		slow, slowOK := fetch.ParseSlowly(raw)
		if got != slow || ok != slowOK {
			t.Fatalf("%q: %q, %v; the long way %q, %v", raw, got, ok, slow, slowOK)
		}
		if again, _ := fetch.ParseURL(got); ok && again != got {
			t.Errorf("%q: %q, and again %q", raw, got, again)
		}
	})
}
