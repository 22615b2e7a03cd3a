package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/harvest87/harvest"
)

// Status is what the server knows of itself.
type Status interface {
	// Ready returns nil when runs can be started, and else why not. It is
	// called for each request to /readyz and must heed ctx.
	Ready(ctx context.Context) error
	// Sources says how each scheduled source stands, sorted by source.
	Sources() []SourceStatus
}

// SourceStatus is how one source stands.
type SourceStatus struct {
	Source  harvest.SourceID `json:"source"`
	When    string           `json:"when"`           // its cron line in words
	Next    time.Time        `json:"next,omitzero"`  // start of the next run
	Running bool             `json:"running"`        // a run is going on
	Last    *LastRun         `json:"last,omitempty"` // since this server started
	// Health is its state, such as "broken", Failure the class of failure that
	// made it so, and LastWhole the end of its last whole run; it is stale when
	// that is too long ago. Until RestsUntil it is left alone.
	Health     string    `json:"health,omitempty"`
	Failure    string    `json:"failure,omitempty"`
	LastWhole  time.Time `json:"last_whole,omitzero"`
	Stale      bool      `json:"stale,omitempty"`
	RestsUntil time.Time `json:"rests_until,omitzero"`
	// Fallback says that a door has stopped working and which works in its stead.
	Fallback string `json:"fallback,omitempty"`
	// Paused says since when and why the source is paused.
	Paused string `json:"paused,omitempty"`
	// Problem says what is wrong with its file; an earlier version holds.
	Problem string `json:"problem,omitempty"`
}

// LastRun is the end of the newest run.
type LastRun struct {
	Run    harvest.RunID    `json:"run"`
	State  harvest.RunState `json:"state"`
	Reason string           `json:"reason,omitempty"`
	Ended  time.Time        `json:"ended"`
}

// readyWithin bounds the checks behind /readyz.
const readyWithin = 5 * time.Second

// Handler answers
//
//	GET /healthz  200 as long as the process serves
//	GET /readyz   200 when the store answers, 503 with the reason when not
//	GET /sources  how each source stands
//
// It holds no state and is safe for concurrent use.
func Handler(s Status) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
		defer cancel()
		if err := s.Ready(ctx); err != nil {
			answer(w, http.StatusServiceUnavailable, map[string]string{"status": "not ready", "reason": err.Error()})
			return
		}
		answer(w, http.StatusOK, map[string]string{"status": "ready"})
	})
	mux.HandleFunc("GET /sources", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, s.Sources())
	})
	return mux
}

func answer(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // the client has gone; there is nobody to tell
}
