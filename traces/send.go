package traces

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// exporter posts batches of spans. The SDK calls it from one goroutine.
type exporter struct {
	address string
	headers map[string]string
	within  time.Duration // for one batch, all attempts together
	client  *http.Client
	logger  *slog.Logger
	away    atomic.Bool // the last batch was lost

	stopped chan struct{} // closed when nothing may be waited for any more
	once    sync.Once
}

// stop ends what is being sent, and what is to be.
func (e *exporter) stop() { e.once.Do(func() { close(e.stopped) }) }

// newClient asks the collector itself: no proxy, and nobody that it points to,
// for the headers are meant for it alone.
func newClient() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{Proxy: nil, MaxIdleConns: 1, IdleConnTimeout: time.Minute, ResponseHeaderTimeout: 10 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ExportSpans implements sdk.SpanExporter. A batch that cannot be sent is lost,
// which is told once; the error is nil in any case, for the SDK would print it
// where nobody looks.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	body, err := encode(spans)
	if err == nil {
		err = e.send(ctx, body)
	}
	switch was := e.away.Swap(err != nil); {
	case err != nil && !was:
		e.logger.Warn("traces cannot be sent and are dropped until they can", "err", err)
	case err == nil && was:
		e.logger.Info("traces are sent again")
	}
	return nil
}

// send posts one batch, again while the collector asks for it
// (https://opentelemetry.io/docs/specs/otlp/#otlphttp-response).
func (e *exporter) send(ctx context.Context, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, e.within)
	defer cancel()
	go func() {
		select {
		case <-e.stopped:
			cancel()
		case <-ctx.Done():
		}
	}()
	_, err := backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, e.post(ctx, body) }, backoff.WithMaxElapsedTime(e.within))
	return err
}

func (e *exporter) post(ctx context.Context, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.address, bytes.NewReader(body))
	if err != nil {
		return backoff.Permanent(errors.New("the address of the collector cannot be used"))
	}
	for name, value := range e.headers {
		req.Header.Set(name, value)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := e.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection is used again
	switch res.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds > 0 {
			return backoff.RetryAfter(seconds)
		}
		return fmt.Errorf("the collector answers %s", res.Status)
	}
	return backoff.Permanent(fmt.Errorf("the collector answers %s", res.Status))
}

// Shutdown implements sdk.SpanExporter.
func (e *exporter) Shutdown(context.Context) error {
	e.client.CloseIdleConnections()
	return nil
}
