package sitetest

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"

	"golang.org/x/net/dns/dnsmessage"
)

// Names is a name server of its own: names and what they resolve to. A name
// with several answers gives one per lookup, the last for ever, which is how a
// rebinding attack goes; a name that is not there does not exist. It is safe
// for concurrent use.
type Names struct {
	mu      sync.Mutex
	answers map[string][]netip.Addr
	lookups map[string]int
}

// NewNames returns an empty name server.
func NewNames() *Names {
	return &Names{answers: make(map[string][]netip.Addr), lookups: make(map[string]int)}
}

// Set says what a name resolves to, lookup after lookup. It panics on what is
// no address.
func (n *Names) Set(name string, addresses ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.answers[name] = nil
	for _, a := range addresses {
		n.answers[name] = append(n.answers[name], netip.MustParseAddr(a))
	}
}

// Lookups is how often a name was asked for.
func (n *Names) Lookups(name string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.lookups[name]
}

// Resolver returns a resolver that asks these names and nothing else.
func (n *Names) Resolver() *net.Resolver {
	return &net.Resolver{
		PreferGo: true,
		Dial: func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			go n.serve(server)
			return client, nil
		},
	}
}

// serve answers questions in the framing of DNS over TCP (RFC 1035 section
// 4.2.2), which the resolver uses on what is no packet connection.
func (n *Names) serve(conn net.Conn) {
	defer conn.Close()
	for {
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return
		}
		question := make([]byte, binary.BigEndian.Uint16(size[:]))
		if _, err := io.ReadFull(conn, question); err != nil {
			return
		}
		answer, err := n.answer(question)
		if err != nil {
			return
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...)); err != nil {
			return
		}
	}
}

func (n *Names) answer(question []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil || len(m.Questions) != 1 {
		return nil, io.ErrUnexpectedEOF
	}
	q := m.Questions[0]
	reply := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: m.ID, Response: true, Authoritative: true, RCode: dnsmessage.RCodeNameError},
		Questions: m.Questions,
	}
	if addr, ok := n.next(strings.TrimSuffix(q.Name.String(), "."), q.Type); ok {
		reply.RCode = dnsmessage.RCodeSuccess
		header := dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 0}
		switch {
		case q.Type == dnsmessage.TypeA && addr.Is4():
			reply.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AResource{A: addr.As4()}}}
		case q.Type == dnsmessage.TypeAAAA && addr.Is6():
			reply.Answers = []dnsmessage.Resource{{Header: header, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}}}
		}
	}
	return reply.Pack()
}

// next moves a name on by one answer per question for its IPv4 address; the
// question for IPv6 that comes with it sees the same one.
func (n *Names) next(name string, t dnsmessage.Type) (netip.Addr, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.answers[name]
	if t == dnsmessage.TypeA {
		n.lookups[name]++
	}
	if len(list) == 0 {
		return netip.Addr{}, false
	}
	return list[min(max(n.lookups[name]-1, 0), len(list)-1)], true
}
