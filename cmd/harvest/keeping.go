package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/archive"
	"github.com/harvest87/harvest/crawler/fetch"
)

// archiveFolder is where pages are kept, in the data folder.
const archiveFolder = "archive"

func (r *room) archiveRoot() string { return filepath.Join(r.data, archiveFolder) }

// limitsOf are the limits of a source's archive.
func limitsOf(cfg *config.Config, src *config.Source) archive.Limits {
	a := cfg.ArchiveOf(src)
	return archive.Limits{MaxSize: a.MaxSize, MaxAge: a.MaxAge}
}

// keeping is the archive of a run that goes on. A nil one keeps nothing.
type keeping struct {
	*archive.Writer
	refused error // why there is none, though there should be
}

// keep begins to keep the pages of a run, if its source wants that. That it
// cannot is told and does not keep the run from going on.
func (h *harvester) keep(ctx context.Context, src *config.Source, id harvest.RunID) keeping {
	if !h.settings().ArchiveOf(src).Keep {
		return keeping{}
	}
	w, err := archive.Create(ctx, archive.Options{
		Root: h.archiveRoot(), Source: src.ID, Run: id, Software: fetch.UserAgent(version, h.cfg.Contact),
		Limits: limitsOf(h.cfg, src), Logger: h.logger,
	})
	if err != nil {
		if ctx.Err() == nil {
			h.logger.Error("pages of this run are not archived; the run goes on", "source", src.ID, "run", id, "err", err)
		}
		return keeping{refused: err}
	}
	return keeping{Writer: w}
}

// keeper is what the session gives its answers to, nil for none.
func (k keeping) keeper(src *config.Source) fetch.Keeper {
	switch {
	case k.Writer == nil:
		return nil
	case len(src.Requires) > 0:
		return discreet{k.Writer, secretsOf(src.Requires)}
	}
	return k.Writer
}

// end finishes what was kept, and adds to a run's report what was not.
func (k keeping) end(ctx context.Context, run *harvest.Run) error {
	why := k.refused
	missed := ""
	if k.Writer != nil {
		err := k.Close(ctx)
		if ctx.Err() != nil && err != nil {
			err = nil // limits wait for the next run
		}
		why = errors.Join(k.Problem(), err)
		if _, n := k.Kept(); n > 0 {
			missed = fmt.Sprintf(" %d of its answers are not in it.", n)
		}
	}
	if why != nil {
		run.Notes = append(run.Notes, fmt.Sprintf("the archive is not whole:%s %s", missed, why))
	}
	return why
}

// discreet keeps the values of environment variables out of what is kept.
type discreet struct {
	fetch.Keeper
	secrets secrets
}

// Keep implements [fetch.Keeper].
func (d discreet) Keep(ctx context.Context, k *fetch.Kept) {
	own := *k
	own.URL, own.Referrer = d.secrets.hide(k.URL), d.secrets.hide(k.Referrer)
	own.Sent, own.Header = d.secrets.hideIn(k.Sent), d.secrets.hideIn(k.Header)
	for i := 0; i+1 < len(d.secrets); i += 2 {
		own.Body = bytes.ReplaceAll(own.Body, []byte(d.secrets[i]), []byte(d.secrets[i+1]))
	}
	d.Keeper.Keep(ctx, &own)
}

func (s secrets) hideIn(h http.Header) http.Header {
	out := h.Clone()
	for _, values := range out {
		for i := range values {
			values[i] = s.hide(values[i])
		}
	}
	return out
}

func (s secrets) hide(text string) string { return strings.NewReplacer(s...).Replace(text) }
