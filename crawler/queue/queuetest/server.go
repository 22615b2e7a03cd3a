// Package queuetest starts a NATS server for tests of several harvesters. It is
// the only package besides queue that knows NATS, and belongs to tests alone.
package queuetest

import (
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Server starts a NATS server with JetStream on a port of 127.0.0.1, for anybody
// on this machine, and returns its address for queue.Options.URL. It ends with
// the test.
func Server(t testing.TB) (url string) {
	t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: server.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true,
		JetStreamMaxStore: 1 << 40, // what streams reserve; else a share of the disk's free space, which may be less
	})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the NATS server does not start")
	}
	return "nats://" + s.Addr().String()
}
