package fetch

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// network is how sources of one policy reach the world.
type network struct {
	key       string
	guard     *guard
	transport *http.Transport
}

// newNetwork builds the connections for a policy. Proxies named in the
// environment are not used: a proxy would look names up and connect by itself,
// behind the guard's back.
func newNetwork(policy config.Network, o *Options) *network {
	guard := newGuard(policy)
	dial := (&net.Dialer{Timeout: o.ConnectTimeout, Resolver: o.Resolver, ControlContext: guard.control}).DialContext
	if o.dial != nil {
		dial = o.dial
	}
	return &network{
		key:   fmt.Sprint(policy.Allow, policy.Ports),
		guard: guard,
		transport: &http.Transport{
			Proxy: nil,
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				return counted(dial(ctx, network, addr))
			},
			TLSClientConfig:        &tls.Config{RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    o.ConnectTimeout,
			ResponseHeaderTimeout:  o.HeaderTimeout,
			MaxResponseHeaderBytes: o.MaxHeader,
			MaxIdleConns:           256,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        90 * time.Second,
			DisableCompression:     true, // encoding.go does it, with limits
			ForceAttemptHTTP2:      true,
		},
	}
}

// guard decides which addresses may be dialled. Addresses are judged after the
// name was looked up and at every dial, so a name that leads elsewhere the
// second time is judged a second time.
type guard struct {
	allow  []netip.Prefix
	ports  []uint16
	public *ssrf.Guardian // IANA's special-purpose registries
}

func newGuard(policy config.Network) *guard {
	return &guard{
		allow:  policy.Allow,
		ports:  append([]uint16{80, 443}, policy.Ports...),
		public: ssrf.New(ssrf.WithAnyPort(), ssrf.WithAnyNetwork()),
	}
}

// control is called by the dialer with the address it is about to connect to.
func (g *guard) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return final(harvest.BlockedAddress, "not an address and port: "+address)
	}
	if p := g.judge(target.Addr(), target.Port()); p != nil {
		return p
	}
	return nil
}

// judge allows public addresses at the usual ports, and the ranges that the
// source names at any port. Only 2000::/3 is public in IPv6, without 6to4,
// Teredo and documentation, so that no transition form of an IPv4 address
// (mapped, NAT64, 6to4) leads inside.
func (g *guard) judge(addr netip.Addr, port uint16) *problem {
	addr = addr.WithZone("")
	plain := addr.Unmap()
	if slices.ContainsFunc(g.allow, func(p netip.Prefix) bool { return p.Contains(plain) }) {
		return nil
	}
	if g.public.SafeAddr(addr) != nil {
		return final(harvest.BlockedAddress, addr.String()+" is not a public address; network.allow can permit it")
	}
	if !slices.Contains(g.ports, port) {
		return portRefused(port)
	}
	return nil
}

func portRefused(port uint16) *problem {
	return final(harvest.BlockedAddress, fmt.Sprintf("port %d is neither 80 nor 443; network.ports can permit it", port))
}

// countedConn counts what was read, to tell a header without end from a
// connection that broke.
type countedConn struct {
	net.Conn
	read atomic.Int64
}

func counted(conn net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	return &countedConn{Conn: conn}, nil
}

// Read implements net.Conn.
func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.read.Add(int64(n))
	return n, err
}
