package sitetest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
)

// Memory is a network without a network: sites by host name, reached through
// pipes. Within testing/synctest it runs on the bubble's clock, so that hours of
// waiting take no time. It is safe for concurrent use.
type Memory struct {
	mu    sync.Mutex
	sites map[string]*memorySite
}

type memorySite struct {
	listener *pipeListener
	server   *http.Server
	site     *Site
}

// NewMemory returns a network without sites.
func NewMemory() *Memory { return &Memory{sites: make(map[string]*memorySite)} }

// Site starts a site at http://host, without pages.
func (m *Memory) Site(host string) *Site {
	s := newSite()
	s.URL = "http://" + host
	listener := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: s.recorder}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sites[host] = &memorySite{listener: listener, server: server, site: s}
	go server.Serve(listener) // returns when closed
	return s
}

// Dial connects to a site, whatever the port. Its form is that of net.Dialer.DialContext.
func (m *Memory) Dial(ctx context.Context, _, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	s, ok := m.sites[strings.TrimSuffix(host, ".")]
	m.mu.Unlock()
	if !ok {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	client, server := net.Pipe()
	select {
	case s.listener.conns <- server:
		return client, nil
	case <-s.listener.closed:
		return nil, fmt.Errorf("connect to %s: %w", host, net.ErrClosed)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Close ends all sites.
func (m *Memory) Close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.sites {
		s.server.Close()
	}
}

// pipeListener is a net.Listener whose connections are pipes.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Accept implements net.Listener.
func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements net.Listener.
func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "memory", Net: "pipe"} }
