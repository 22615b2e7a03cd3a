package browser

import (
	"fmt"
	"net"
	"sync/atomic"
)

// deadEnd is the proxy of a browser that is to reach nothing: it hangs up.
type deadEnd struct {
	listener net.Listener
	calls    atomic.Int64
}

func listenDead() (*deadEnd, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("keep the browser from the network: %w", err)
	}
	d := &deadEnd{listener: l}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return // it is closed
			}
			d.calls.Add(1)
			conn.Close()
		}
	}()
	return d, nil
}

func (d *deadEnd) address() string { return d.listener.Addr().String() }

func (d *deadEnd) close() { d.listener.Close() }
