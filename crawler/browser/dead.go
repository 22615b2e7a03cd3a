package browser

import (
	"context"
	"fmt"
	"net"
)

// deadEnd is the proxy of a browser that is to reach nothing: it hangs up.
type deadEnd struct{ listener net.Listener }

func listenDead() (*deadEnd, error) {
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
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
			_ = conn.Close() // that is all it is told
		}
	}()
	return d, nil
}

func (d *deadEnd) address() string { return d.listener.Addr().String() }

func (d *deadEnd) close() { _ = d.listener.Close() }
