package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler"
)

// A server has its data folder to itself, so other commands ask it to act:
// over HTTP on a Unix socket that only its user can open. The folder holds the
// socket, or says where it is when its own path is too long for one.
const (
	controlFolder = "control"
	controlSocket = "socket"
	controlFile   = "server.json"
	// maxSocketPath is what fits into the address of a Unix socket everywhere.
	maxSocketPath = 100
	// controlProtocol is what the two sides agree on. It changes when an
	// older client could misunderstand a newer server, or the other way round.
	controlProtocol = 1
	protocolHeader  = "Harvest-Protocol"
)

// controlPoint is what the control file says.
type controlPoint struct {
	Socket   string    `json:"socket"`
	PID      int       `json:"pid"`
	Version  string    `json:"version"`
	Protocol int       `json:"protocol"`
	Since    time.Time `json:"since"`
}

// wanted is the wish for runs.
type wanted struct {
	Sources []wantedSource `json:"sources"`
	Full    bool           `json:"full,omitempty"`
}

// wantedSource is a source with the hash of its file as the client reads it.
type wantedSource struct {
	ID   harvest.SourceID `json:"id"`
	Hash string           `json:"hash"`
}

// notice is one line of the answer: how one source stands.
type notice struct {
	Source   harvest.SourceID  `json:"source"`
	Note     string            `json:"note,omitempty"`
	Progress *crawler.Progress `json:"progress,omitempty"`
	Ended    *harvest.Run      `json:"ended,omitempty"`
	Refused  string            `json:"refused,omitempty"`
}

// control is the open endpoint.
type control struct {
	folder, temp string
	http         *http.Server
	logger       *slog.Logger
	done         chan struct{}

	cut      context.CancelFunc // ends the contexts of all requests
	mu       sync.Mutex
	closed   bool
	requests sync.WaitGroup // those that are being answered; joined under mu while not closed
}

// openControl begins to answer for a server. The caller has the folder's lock,
// or shares a queue elsewhere; then whoever answers here already keeps it out.
func openControl(ctx context.Context, data string, handler http.Handler, logger *slog.Logger) (*control, error) {
	c := &control{folder: filepath.Join(data, controlFolder), logger: logger, done: make(chan struct{})}
	if remote, err := dialServer(ctx, data); err == nil && remote != nil {
		remote.close()
		return nil, fmt.Errorf("harvest serve (pid %d) has %s already; stop it, or use another --data folder", remote.point.PID, data)
	}
	if err := os.RemoveAll(c.folder); err != nil { // of a server that was killed
		return nil, fmt.Errorf("open the control socket: %w", err)
	}
	if err := os.Mkdir(c.folder, 0o700); err != nil {
		return nil, fmt.Errorf("open the control socket: %w", err)
	}
	path, err := c.place()
	if err != nil {
		return nil, fmt.Errorf("open the control socket: %w", err)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err == nil {
		err = errors.Join(os.Chmod(path, 0o600), c.write(path))
	}
	if err != nil {
		c.remove()
		return nil, fmt.Errorf("open the control socket: %w", err)
	}
	base, cut := context.WithCancel(context.WithoutCancel(ctx))
	c.cut = cut
	c.http = &http.Server{
		Handler: c.counted(handler), ReadHeaderTimeout: 5 * time.Second,
		BaseContext: func(net.Listener) context.Context { return base },
		ErrorLog:    slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
	go func() {
		defer close(c.done)
		if err := c.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			c.logger.Error("control socket broke", "err", err)
		}
	}()
	return c, nil
}

// place is where the socket goes: into the folder, or, when that path is too
// long, into a private folder for temporary files.
func (c *control) place() (string, error) {
	path, err := filepath.Abs(filepath.Join(c.folder, controlSocket))
	if err != nil || len(path) <= maxSocketPath {
		return path, err
	}
	if c.temp, err = os.MkdirTemp("", "harvest-"); err != nil {
		return "", err
	}
	return filepath.Join(c.temp, controlSocket), nil
}

func (c *control) write(path string) error {
	b, err := json.Marshal(controlPoint{
		Socket: path, PID: os.Getpid(), Version: version, Protocol: controlProtocol, Since: time.Now().UTC().Truncate(time.Second),
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.folder, controlFile), append(b, '\n'), 0o600)
}

func (c *control) remove() {
	for _, dir := range []string{c.folder, c.temp} {
		if dir == "" {
			continue
		}
		if err := os.RemoveAll(dir); err != nil {
			c.logger.Warn("control socket is left behind", "err", err)
		}
	}
}

// counted lets requests in until the end, so that close can wait for them: they
// write into what is closed after it. [http.Server.Close] waits for none.
func (c *control) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		closed := c.closed
		if !closed {
			c.requests.Add(1)
		}
		c.mu.Unlock()
		if closed {
			w.Header().Set(protocolHeader, strconv.Itoa(controlProtocol))
			tell(w, http.StatusServiceUnavailable, map[string]string{"reason": "the server is stopping"})
			return
		}
		defer c.requests.Done()
		next.ServeHTTP(w, r)
	})
}

// close cuts off who still watches, for their runs are being stopped anyway, and
// waits until no request is being answered any more.
func (c *control) close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.cut()
	_ = c.http.Close() // what it says is that a connection was closed twice
	<-c.done
	c.requests.Wait()
	c.remove()
}

// readControlPoint reads where a server answers; nil when there is none.
func readControlPoint(data string) (*controlPoint, error) {
	b, err := os.ReadFile(filepath.Join(data, controlFolder, controlFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for a server: %w", err)
	}
	var p controlPoint
	if _ = json.Unmarshal(b, &p); p.Socket == "" { // it was killed while it wrote
		return nil, nil
	}
	return &p, nil
}
