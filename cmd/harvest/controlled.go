package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/queue"
)

// controlHandler answers other commands of this program:
//
//	GET  /v1/hello    who this is
//	POST /v1/runs     harvest sources now; a line of JSON for each news, until all have ended
//	POST /v1/stop     stop the run of a source
//	POST /v1/release  let a run that was set aside try again, or give it up
//	POST /v1/links    look now whether documents are where records say
//	POST /v1/reparse  publish what was read again from the archive
func (s *server) controlHandler() http.Handler {
	mux := http.NewServeMux()
	since := time.Now().UTC()
	mux.HandleFunc("GET /v1/hello", func(w http.ResponseWriter, _ *http.Request) {
		tell(w, http.StatusOK, controlPoint{PID: os.Getpid(), Version: version, Protocol: controlProtocol, Since: since})
	})
	mux.HandleFunc("POST /v1/runs", s.handleRuns)
	mux.HandleFunc("POST /v1/stop", s.handleStop)
	mux.HandleFunc("POST /v1/release", s.handleRelease)
	mux.HandleFunc("POST /v1/links", s.handleLinks)
	mux.HandleFunc("POST /v1/reparse", s.handleReparse)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(protocolHeader, strconv.Itoa(controlProtocol))
		if got := r.Header.Get(protocolHeader); got != strconv.Itoa(controlProtocol) {
			tell(w, http.StatusUpgradeRequired, map[string]string{"reason": "this server is harvest " + version + " and does not understand the command; use the same version, or restart the server"})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
		if r.Method != http.MethodGet && !s.awaitOpened(r.Context()) {
			tell(w, http.StatusServiceUnavailable, map[string]string{"reason": "the server is " + errStarting.Error()})
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// awaitOpened waits for the store as long as `run` would.
func (s *server) awaitOpened(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	select {
	case <-s.opened:
		return true
	case <-ctx.Done():
		return false
	}
}

func tell(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // the client has gone; there is nobody to tell
}

// showEvery is the shortest time between two news of how runs stand.
const showEvery = 150 * time.Millisecond

func (s *server) handleRuns(w http.ResponseWriter, r *http.Request) {
	var want wanted
	if err := json.NewDecoder(r.Body).Decode(&want); err != nil {
		tell(w, http.StatusBadRequest, map[string]string{"reason": err.Error()})
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.WriteHeader(http.StatusOK)
	flush := http.NewResponseController(w)
	enc := json.NewEncoder(w)
	say := func(n notice) error {
		if err := enc.Encode(n); err != nil {
			return err
		}
		return flush.Flush()
	}
	sub := s.hub.watch()
	defer sub.stop()
	pending := map[harvest.SourceID]queue.Job{}
	for _, x := range want.Sources {
		sub.add(x.ID)
		job, n := s.begin(r.Context(), x, want.Full)
		if n.Refused == "" {
			pending[x.ID] = job
		}
		if n != (notice{}) && say(n) != nil {
			return // whoever asked has gone; the runs go on
		}
	}
	s.report(r.Context(), sub, pending, say)
}

// begin puts the job of one source, and says so when that is not all.
func (s *server) begin(ctx context.Context, x wantedSource, full bool) (queue.Job, notice) {
	refuse := func(format string, args ...any) (queue.Job, notice) {
		return queue.Job{}, notice{Source: x.ID, Refused: fmt.Sprintf(format, args...)}
	}
	src, why := s.agreed(ctx, x)
	if why != "" {
		return refuse("%s", why)
	}
	busy := s.isBusy(x.ID)
	switch {
	case busy && full:
		return refuse("a run of the source is going on; wait for its end, or stop it with 'harvest runs stop %s'", x.ID)
	}
	job, err := s.submit(ctx, src, full)
	if err != nil {
		return refuse("%v", err)
	}
	if full && !job.Full {
		s.fulls.Store(x.ID, true)
	}
	if busy {
		return job, notice{Source: x.ID, Note: "a run of it goes on already, which is shown"}
	}
	return job, notice{}
}

// agreed is a source as the client has read it, or why the server has it otherwise.
func (s *server) agreed(ctx context.Context, x wantedSource) (src *config.Source, why string) {
	if src := s.files.source(x.ID); src == nil || src.Hash != x.Hash {
		s.reload(ctx)
	}
	src = s.files.source(x.ID)
	broken, folder, _ := s.files.problems()
	switch {
	case src != nil && src.Hash == x.Hash:
		return src, ""
	case broken[x.ID] != "":
		return nil, "the source file has a mistake, and the server keeps to an earlier version: " + broken[x.ID]
	case folder != "":
		return nil, "the server cannot read its configuration, and keeps to an earlier version: " + folder
	case src == nil:
		return nil, "the server does not know the source; does it read another --config than this command?"
	}
	return nil, "the server has read another version of the source file; does it read another --config than this command?"
}

// report tells how runs stand until all have ended or the client has gone.
func (s *server) report(ctx context.Context, sub *subscription, pending map[harvest.SourceID]queue.Job, say func(notice) error) {
	pace := time.NewTicker(showEvery)
	defer pace.Stop()
	look := time.NewTicker(lookForJobs)
	defer look.Stop()
	for len(pending) > 0 {
		var ends []harvest.Run
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			ends = s.endedElsewhere(ctx, pending)
		case <-sub.signal:
			progress, own := sub.take()
			ends = own
			for i := range progress {
				if say(notice{Source: progress[i].Source, Progress: &progress[i]}) != nil {
					return
				}
			}
		}
		for i := range ends {
			if _, ok := pending[ends[i].Source]; !ok {
				continue
			}
			delete(pending, ends[i].Source)
			sub.remove(ends[i].Source)
			if say(notice{Source: ends[i].Source, Ended: &ends[i]}) != nil {
				return
			}
		}
		<-pace.C
	}
}

// endedElsewhere finds runs that another server on the same queue has ended.
func (s *server) endedElsewhere(ctx context.Context, pending map[harvest.SourceID]queue.Job) []harvest.Run {
	there := map[harvest.SourceID]bool{}
	for job, err := range s.queue.Jobs(ctx) {
		if err != nil {
			return nil // the next look will tell
		}
		there[job.Source] = true
	}
	var ends []harvest.Run
	for id, job := range pending {
		if there[id] || s.isBusy(id) {
			continue
		}
		if run, err := s.reportOf(ctx, job); err == nil {
			ends = append(ends, run)
		}
	}
	return ends
}

// reportOf is the report of the run that a job led to: its own, or that of an
// earlier one which went on in its stead.
func (h *harvester) reportOf(ctx context.Context, job queue.Job) (harvest.Run, error) {
	run, err := h.store.Run(ctx, job.Run())
	if !errors.Is(err, harvest.ErrNotFound) {
		return run, err
	}
	newest, err := h.store.Runs(ctx, job.Source, 1)
	if err == nil && len(newest) == 0 {
		err = harvest.ErrNotFound
	}
	if err != nil {
		return run, err
	}
	return newest[0], nil
}

// chosen is the source that a request is about.
type chosen struct {
	Source  harvest.SourceID `json:"source"`
	Discard bool             `json:"discard,omitempty"`
}

func (s *server) handleStop(w http.ResponseWriter, r *http.Request) {
	var x chosen
	if err := json.NewDecoder(r.Body).Decode(&x); err != nil {
		tell(w, http.StatusBadRequest, map[string]string{"reason": err.Error()})
		return
	}
	stop, ok := s.busy.Load(x.Source)
	if !ok {
		tell(w, http.StatusNotFound, map[string]string{"reason": fmt.Sprintf("no run of %s is going on in the server", x.Source)})
		return
	}
	stop.(context.CancelCauseFunc)(errStopped)
	tell(w, http.StatusOK, x)
}

func (s *server) handleRelease(w http.ResponseWriter, r *http.Request) {
	var x chosen
	if err := json.NewDecoder(r.Body).Decode(&x); err != nil {
		tell(w, http.StatusBadRequest, map[string]string{"reason": err.Error()})
		return
	}
	runs, err := s.letGo(r.Context(), x.Source, x.Discard)
	if src := s.files.source(x.Source); err == nil && !x.Discard && src != nil {
		_, err = s.submit(r.Context(), src, false)
	}
	if err != nil {
		tell(w, http.StatusConflict, map[string]string{"reason": err.Error()})
		return
	}
	tell(w, http.StatusOK, runs)
}
