package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/web"
)

type status struct {
	ready   error
	sources []web.SourceStatus
}

func (s status) Ready(context.Context) error { return s.ready }

func (s status) Sources() []web.SourceStatus { return s.sources }

func TestHandler(t *testing.T) {
	next := time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)
	up := status{sources: []web.SourceStatus{{Source: "respect", When: "every Monday at 03:00 UTC", Next: next}}}
	down := status{ready: errors.New("the store does not answer")}
	tests := []struct {
		name, method, path string
		status             status
		code               int
		want               any
	}{
		{"alive", "GET", "/healthz", down, 200, map[string]any{"status": "ok"}},
		{"ready", "GET", "/readyz", up, 200, map[string]any{"status": "ready"}},
		{"not ready", "GET", "/readyz", down, 503, map[string]any{"status": "not ready", "reason": "the store does not answer"}},
		{"sources", "GET", "/sources", up, 200, []any{map[string]any{
			"source": "respect", "when": "every Monday at 03:00 UTC", "next": "2026-03-02T03:00:00Z", "running": false,
		}}},
		{"no writing", "POST", "/healthz", up, 405, nil},
		{"unknown", "GET", "/etc/passwd", up, 404, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			web.Handler(tt.status).ServeHTTP(w, httptest.NewRequest(tt.method, tt.path, http.NoBody))
			if w.Code != tt.code {
				t.Fatalf("code %d, want %d", w.Code, tt.code)
			}
			if tt.want == nil {
				return
			}
			var got any
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
