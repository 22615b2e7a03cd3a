package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/harvest87/harvest"
)

// ErrDamaged is wrapped by the error that [Open] returns for a folder that it
// cannot read. The folder is left as it is.
var ErrDamaged = errors.New("queue is damaged")

var errNoAnswer = errors.New("no answer in time")

// DefaultMaxBytes is the default of [Options.MaxBytes].
const DefaultMaxBytes = 16 << 30

// DefaultSilence is the default of [Options.Silence].
const DefaultSilence = 30 * time.Second

const (
	// answerTimeout bounds one exchange with the server.
	answerTimeout = 10 * time.Second
	// attemptTimeout bounds one attempt to append at a server elsewhere;
	// after it the attempt is repeated, which is safe.
	attemptTimeout = 2 * time.Second
	// minPayload is the smallest limit of a message that is worth working with.
	minPayload = 64 << 10
	// endedFor is how long an ended run is remembered, so that it is not
	// begun again by someone who comes late.
	endedFor = 7 * 24 * time.Hour
)

// Options say where the queue is.
type Options struct {
	// Dir is the folder of the embedded engine; it is created when absent.
	// It is not used when URL is set.
	Dir string
	// URL is that of a NATS server with JetStream, 2.10 or later, such as
	// "nats://user:secret@host:4222". Empty: the embedded engine.
	URL string
	// Logger receives the engine's own log, at debug and warn. Nil: none.
	Logger *slog.Logger
	// MaxBytes bounds all journals together; an append beyond it fails.
	// Default [DefaultMaxBytes]. It does not change a stream that exists on
	// a server elsewhere.
	MaxBytes int64
	// Silence is how long a worker may be silent before its job goes to
	// another, and a lease on a host to whoever wants it. A worker that lives
	// is heard four times as often. Default [DefaultSilence].
	Silence time.Duration
}

// Engine is an open queue. It is safe for concurrent use.
type Engine struct {
	dir  string
	srv  *server.Server // nil when elsewhere
	logs *serverLog
	lock *flock.Flock
	kept *keepsake // nil once the queue is open
	conn *nats.Conn
	js   jetstream.JetStream

	stream  jetstream.Stream // of the journals
	jobs    jetstream.Stream
	ticks   jetstream.Stream
	silence time.Duration

	closing  sync.Once
	closeErr error
}

// Open opens the queue. It returns an error that wraps [ErrLocked] when
// another process has the folder open, [ErrDamaged] when the folder cannot be
// read, and [harvest.ErrUnavailable] when the server at URL does not answer.
// No network port is opened.
func Open(ctx context.Context, o Options) (*Engine, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.Silence <= 0 {
		o.Silence = DefaultSilence
	}
	e := &Engine{logs: &serverLog{to: o.Logger}, silence: o.Silence}
	var err error
	if o.URL != "" {
		err = e.dial(o)
	} else {
		err = e.embed(o)
	}
	if err == nil {
		err = e.openStreams(ctx, o)
	}
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	e.opened()
	return e, nil
}

// opened ends the precautions of opening.
func (e *Engine) opened() {
	e.logs.ready()
	if e.kept == nil {
		return
	}
	if err := e.kept.letGo(); err != nil { // the next Open tries again
		e.logs.to.Warn("queue keeps links it does not need", "err", err)
	}
	e.kept = nil
}

// Close ends the connection, stops the embedded server and releases the
// folder. It takes seconds at most. Calls after the first return the same.
func (e *Engine) Close() error {
	e.closing.Do(func() {
		if e.conn != nil {
			e.conn.Close()
		}
		if e.srv != nil {
			e.closeErr = stopServer(e.srv)
		}
		if e.kept != nil {
			e.closeErr = errors.Join(e.closeErr, e.kept.bringBack())
		}
		if e.lock != nil { // last: nobody else may open what is still closing
			e.closeErr = errors.Join(e.closeErr, release(e.lock))
		}
	})
	return e.closeErr
}

// embed locks the folder and starts the embedded server on it.
func (e *Engine) embed(o Options) error {
	if o.Dir == "" {
		return errors.New("open queue: neither a folder nor a URL is given")
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return fmt.Errorf("open queue: %w", err)
	}
	e.dir = dir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("open queue: %w", err)
	}
	if e.lock, err = acquire(dir); err != nil {
		return err
	}
	if e.kept, err = keep(dir, o.Logger); err != nil {
		return fmt.Errorf("open queue: %w", err)
	}
	// Room besides the journals, for streams of other kinds.
	if e.srv, err = startServer(dir, o.MaxBytes+1<<30, e.logs); err != nil {
		return err
	}
	e.conn, err = nats.Connect("", nats.InProcessServer(e.srv), nats.Name("harvest"), nats.NoReconnect())
	if err != nil {
		return fmt.Errorf("connect to the embedded queue: %w", err)
	}
	return e.connected()
}

// connected prepares what speaks over the connection.
func (e *Engine) connected() error {
	js, err := jetstream.New(e.conn, jetstream.WithDefaultTimeout(answerTimeout))
	if err != nil {
		return fmt.Errorf("open queue: %w", err)
	}
	e.js = js
	return nil
}

// damaged says that the folder cannot be read, and the way out.
func (e *Engine) damaged(cause error) error {
	return fmt.Errorf("%w: %s cannot be read and was left as it is (%w); move it away and start again: "+
		"runs that were under way begin anew, and the catalogue is not touched", ErrDamaged, e.dir, cause)
}

// dial connects to a server elsewhere.
func (e *Engine) dial(o Options) error {
	var err error
	e.conn, err = nats.Connect(o.URL, nats.Name("harvest"), nats.Timeout(answerTimeout),
		nats.MaxReconnects(-1), nats.ReconnectWait(time.Second), nats.ReconnectBufSize(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				o.Logger.Warn("queue server disconnected", "err", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { o.Logger.Debug("queue server connected again") }))
	if err != nil {
		if errors.As(err, new(net.Error)) || errors.Is(err, nats.ErrNoServers) || errors.Is(err, nats.ErrTimeout) {
			err = fmt.Errorf("%w: %w", harvest.ErrUnavailable, err)
		}
		return fmt.Errorf("connect to the queue at %s: %w", redact(o.URL), err)
	}
	return e.connected()
}

// Reach reports whether a server elsewhere answers and has JetStream. It
// creates nothing there.
func Reach(ctx context.Context, url string) error {
	e := &Engine{logs: &serverLog{to: slog.New(slog.DiscardHandler)}}
	defer e.Close()
	if err := e.dial(Options{URL: url, Logger: e.logs.to}); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	if _, err := e.js.AccountInfo(ctx); err != nil {
		return fmt.Errorf("ask the queue at %s: %w", redact(url), e.explain(ctx, err))
	}
	return nil
}

// redact removes the password from a server URL.
func redact(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return "the URL given"
	}
	return u.Redacted()
}

// explain adds to the failure of an exchange with the server what is known of
// its cause. When ctx itself has ended, that is the cause.
func (e *Engine) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = errNoAnswer // not ctx, so nobody's deadline but ours
	}
	if e.srv != nil {
		if complaint := e.logs.last.Load(); complaint != nil {
			return fmt.Errorf("%w (the engine's last word: %s)", err, *complaint)
		}
		return err
	}
	for _, away := range []error{
		errNoAnswer, nats.ErrTimeout, nats.ErrConnectionClosed, nats.ErrDisconnected, nats.ErrReconnectBufExceeded,
		nats.ErrNoResponders, jetstream.ErrNoStreamResponse, jetstream.ErrNoHeartbeat, jetstream.ErrConnectionClosed,
	} {
		if errors.Is(err, away) {
			return fmt.Errorf("%w: %w", harvest.ErrUnavailable, err)
		}
	}
	return err
}
