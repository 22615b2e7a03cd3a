package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/archive"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// wantedReparse is the wish to publish what was read again.
type wantedReparse struct {
	Source wantedSource `json:"source"`
	Passes []pass       `json:"passes"`
	// Draft is the folder, within that of the data, of what all passes made.
	Draft string `json:"draft"`
}

// publishThere has a running server publish. When ctx ends, so does the publishing.
func (m Main) publishThere(ctx context.Context, f *flags, server *remote, p *replayer, passes []pass, d *draft) ([]harvest.Run, error) {
	if !f.json {
		fmt.Fprintf(m.Stderr, "harvest serve (pid %d) has %s and publishes there.\n", server.point.PID, safeLine(f.data))
	}
	resp, err := server.ask(ctx, http.MethodPost, "/v1/reparse", wantedReparse{
		Source: wantedSource{ID: p.source.ID, Hash: p.source.Hash}, Passes: passes, Draft: filepath.Base(d.folder),
	})
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var runs []harvest.Run
	if err := json.NewDecoder(resp.Body).Decode(&runs); err != nil {
		return nil, fmt.Errorf("read the server's answer: %w; 'harvest runs list' shows what came of it", err)
	}
	return runs, nil
}

func (s *server) handleReparse(w http.ResponseWriter, r *http.Request) {
	var want wantedReparse
	refuse := func(code int, why string) { tell(w, code, map[string]string{"reason": why}) }
	if err := json.NewDecoder(r.Body).Decode(&want); err != nil {
		refuse(http.StatusBadRequest, err.Error())
		return
	}
	if want.Draft != filepath.Base(want.Draft) || !strings.HasPrefix(want.Draft, draftPrefix) || len(want.Passes) == 0 {
		refuse(http.StatusBadRequest, "that is no draft")
		return
	}
	if s.cfg.Queue.URL != "" {
		refuse(http.StatusConflict, "several servers may share the queue, and another could begin a run of the source meanwhile; stop them, and publish without one")
		return
	}
	runs, err := s.reparse(r.Context(), &want)
	switch {
	case errors.Is(err, errBusy):
		refuse(http.StatusConflict, fmt.Sprintf("a run of %s is going on; wait for its end, or stop it with 'harvest runs stop %s'", want.Source.ID, want.Source.ID))
	case err != nil:
		refuse(http.StatusInternalServerError, err.Error())
	default:
		tell(w, http.StatusOK, runs)
	}
}

// errBusy says that a source has a run already.
var errBusy = errors.New("a run of the source is going on")

// reparse publishes while the source counts as busy, so that no run of it begins.
func (s *server) reparse(ctx context.Context, want *wantedReparse) ([]harvest.Run, error) {
	src, why := s.agreed(ctx, want.Source)
	if why != "" {
		return nil, errors.New(why)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if _, busy := s.busy.LoadOrStore(src.ID, stop); busy {
		return nil, errBusy
	}
	defer s.busy.Delete(src.ID)
	kept, err := archive.At(s.archiveRoot(), src.ID).Open(ctx)
	if err != nil {
		return nil, err
	}
	defer kept.Close()
	final, err := sqlite.OpenReadOnly(ctx, filepath.Join(s.data, want.Draft, catalogueFile))
	if err != nil {
		return nil, err
	}
	defer final.Close()
	p := &replayer{cfg: s.cfg, source: src, kept: kept, bench: s.bench, data: s.room, ledger: s.store, browser: s.browser}
	runs, err := s.replayAll(ctx, p, want.Passes, final)
	if err == nil {
		s.finish(ctx)
	}
	for i := range runs {
		s.metrics.RunEnded(&runs[i])
	}
	s.lookAgain()
	return runs, err
}
