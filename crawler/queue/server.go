package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

const (
	// syncInterval is how often the disk is synced, and so how much of the
	// tail a power cut may cost.
	syncInterval = 5 * time.Second
	// maxPayload is the largest message of the embedded server, in octets.
	// Larger batches are split.
	maxPayload = 8 << 20
	// stopTimeout bounds the stop of the embedded server.
	stopTimeout = 10 * time.Second
)

// startServer starts the embedded server on a folder, without a listener.
func startServer(dir string, maxBytes int64, logs *serverLog) (*server.Server, error) {
	srv, err := server.NewServer(&server.Options{
		ServerName:             "harvest",
		DontListen:             true,
		NoSigs:                 true,
		JetStream:              true,
		DisableJetStreamBanner: true,
		StoreDir:               dir,
		SyncInterval:           syncInterval,
		MaxPayload:             maxPayload,
		JetStreamMaxMemory:     64 << 20,
		JetStreamMaxStore:      maxBytes,
	})
	if err != nil {
		return nil, fmt.Errorf("configure the embedded queue: %w", err)
	}
	srv.SetLoggerV2(logs, true, false, false)
	srv.Start()
	if !srv.ReadyForConnections(stopTimeout) || !srv.JetStreamEnabled() {
		err := fmt.Errorf("start the queue in %s: %w", dir, logs.reason("it did not start"))
		return nil, errors.Join(err, stopServer(srv))
	}
	return srv, nil
}

// stopServer stops the embedded server and waits for it, for a bounded time.
func stopServer(srv *server.Server) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		srv.Shutdown()
		srv.WaitForShutdown()
	}()
	select {
	case <-done:
		return nil
	case <-time.After(stopTimeout):
		return fmt.Errorf("stop the embedded queue: not done after %s", stopTimeout)
	}
}

// serverLog passes the embedded server's log on, at debug and warn, and keeps
// its last complaint, which says more than the time-out that follows it. What
// it says while it recovers a folder from a crash is of interest only when
// that fails.
type serverLog struct {
	to      *slog.Logger
	last    atomic.Pointer[string]
	started atomic.Bool
}

// reason is the last complaint, or what else is said when there is none.
func (l *serverLog) reason(otherwise string) error {
	if s := l.last.Load(); s != nil {
		return errors.New(*s)
	}
	return errors.New(otherwise)
}

// ready marks the end of the start, which went well.
func (l *serverLog) ready() {
	l.started.Store(true)
	l.last.Store(nil)
}

func (l *serverLog) complain(format string, v []any) {
	line := strings.TrimSpace(fmt.Sprintf(format, v...))
	l.last.Store(&line)
	if !l.started.Load() {
		l.to.Debug("queue server", "reason", line)
		return
	}
	l.to.Warn("queue server", "reason", line)
}

// Noticef, Warnf, Fatalf, Errorf, Debugf and Tracef are the server's logger.
func (l *serverLog) Noticef(format string, v ...any) { l.Debugf(format, v...) }
func (l *serverLog) Warnf(format string, v ...any)   { l.complain(format, v) }
func (l *serverLog) Fatalf(format string, v ...any)  { l.complain(format, v) }
func (l *serverLog) Errorf(format string, v ...any)  { l.complain(format, v) }
func (l *serverLog) Tracef(string, ...any)           {}
func (l *serverLog) Debugf(format string, v ...any) {
	if !l.to.Enabled(context.Background(), slog.LevelDebug) {
		return
	}
	l.to.Debug("queue server", "reason", strings.TrimSpace(fmt.Sprintf(format, v...)))
}
