package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/harvest87/harvest/crawler/queue"
)

// remote is the server that has the data folder, as other commands see it.
type remote struct {
	point  controlPoint
	client *http.Client
}

// helloWithin bounds the first exchange with a server.
const helloWithin = 5 * time.Second

// dialServer finds the server that has a data folder; nil when there is none.
// What a server left that was killed counts as none.
func dialServer(ctx context.Context, data string) (*remote, error) {
	point, err := readControlPoint(data)
	if err != nil || point == nil {
		return nil, err
	}
	r := &remote{point: *point, client: &http.Client{Transport: &http.Transport{
		Proxy: nil,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", point.Socket)
		},
	}}}
	ctx, cancel := context.WithTimeout(ctx, helloWithin)
	defer cancel()
	resp, err := r.ask(ctx, http.MethodGet, "/v1/hello", nil)
	if err == nil {
		return r, resp.Body.Close()
	}
	r.close()
	switch {
	case errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, fs.ErrNotExist):
		if queue.Held(filepath.Join(data, queueFolder)) {
			return nil, fmt.Errorf("the server (pid %d) has %s and does not answer; it may be stopping, so try again, or end it", point.PID, data)
		}
		return nil, nil // it was killed
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("the server (pid %d) that has %s belongs to another user; run this command as that user (%w)", point.PID, data, err)
	case errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("the server (pid %d) that has %s does not answer within %s; is it stopped or overloaded?", point.PID, data, helloWithin)
	}
	return nil, err
}

func (r *remote) close() { r.client.CloseIdleConnections() }

// ask sends one request. An answer that is not a success becomes an error.
func (r *remote) ask(ctx context.Context, method, path string, body any) (*http.Response, error) {
	var b bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&b).Encode(body); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://harvest"+path, &b)
	if err != nil {
		return nil, err
	}
	req.Header.Set(protocolHeader, strconv.Itoa(controlProtocol))
	resp, err := r.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask the server (pid %d): %w", r.point.PID, err)
	}
	if got := resp.Header.Get(protocolHeader); got != strconv.Itoa(controlProtocol) {
		_ = resp.Body.Close()
		return nil, fmt.Errorf("the server (pid %d) is harvest %s, and this is harvest %s, which speaks otherwise; use the same version, or restart the server",
			r.point.PID, safeLine(r.point.Version), version)
	}
	if resp.StatusCode == http.StatusOK {
		return resp, nil
	}
	defer resp.Body.Close()
	var answer struct{ Reason string }
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&answer); err != nil || answer.Reason == "" {
		answer.Reason = resp.Status
	}
	return nil, errors.New(answer.Reason)
}

// errServerGone is why the news of runs ended early.
var errServerGone = errors.New("the server went away")

// watch asks for runs and hands on what the server tells, until it has told
// all or ctx ends.
func (r *remote) watch(ctx context.Context, want wanted, news func(notice)) error {
	resp, err := r.ask(ctx, http.MethodPost, "/v1/runs", want)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	left := len(want.Sources)
	lines := bufio.NewReader(resp.Body)
	for left > 0 {
		line, err := lines.ReadBytes('\n')
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return errServerGone
		}
		var n notice
		if err := json.Unmarshal(line, &n); err != nil {
			return fmt.Errorf("read the server's answer: %w", err)
		}
		if n.Ended != nil || n.Refused != "" {
			left--
		}
		news(n)
	}
	return nil
}
