package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
	"github.com/harvest87/harvest/match"
	"github.com/harvest87/harvest/parsers"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/search"
)

// harvester performs runs in a room. It is safe for concurrent use by
// different sources; nothing here keeps two runs of one source apart, their
// journal does.
type harvester struct {
	*room
	watch   *watch
	full    bool
	bench   *crawler.Bench
	linking sync.Mutex
	busy    sync.Map // harvest.SourceID of the runs that are going on
}

// parsing is the memory, in octets, that pages may take while they are parsed,
// those of all sources together.
const parsing = 64 << 20

func (r *room) harvester(w *watch) *harvester {
	return &harvester{room: r, watch: w, bench: crawler.NewBench(parsing)}
}

// errBusy is returned for a source of which a run is going on in this process.
var errBusy = errors.New("a run of the source is going on")

// isBusy reports whether a run of the source is going on.
func (h *harvester) isBusy(id harvest.SourceID) bool {
	_, busy := h.busy.Load(id)
	return busy
}

// harvest performs one run of a source: the one that was left unfinished, or a
// new one for that moment.
func (h *harvester) harvest(ctx context.Context, src *config.Source, scheduledAt time.Time) (harvest.Run, error) {
	if _, busy := h.busy.LoadOrStore(src.ID, true); busy {
		return harvest.Run{Source: src.ID}, errBusy
	}
	defer h.busy.Delete(src.ID)
	run, err := h.attempt(ctx, src, scheduledAt)
	if err == nil {
		h.watch.ended(&run)
	}
	return run, err
}

func (h *harvester) attempt(ctx context.Context, src *config.Source, scheduledAt time.Time) (harvest.Run, error) {
	run := harvest.Run{ID: harvest.NewRunID(src.ID, scheduledAt), Source: src.ID, ScheduledAt: scheduledAt, StartedAt: scheduledAt, State: harvest.RunFailed}
	if src.Politeness.ContactRequired && h.cfg.Contact == "" {
		run.Reason, run.EndedAt = errNoContact.Error(), run.StartedAt
		return run, errors.Join(errNoContact, h.store.PutRun(ctx, run)) // the history shows it
	}
	left, err := h.queue.Unfinished(ctx, src.ID)
	if err != nil {
		return run, err
	}
	for _, id := range left {
		if h.full && !h.isFull(ctx, id) {
			if err := h.abandon(ctx, id, "interrupted; a full run was asked for instead"); err != nil {
				return run, err
			}
			continue
		}
		run, err := h.take(ctx, src, id, scheduledAt)
		if errors.Is(err, crawler.ErrSourceChanged) {
			if err := h.abandon(ctx, id, "interrupted, and the source file or the program has changed since; a new run has begun"); err != nil {
				return run, err
			}
			continue
		}
		return run, err
	}
	at, err := h.freeMoment(ctx, src.ID, scheduledAt)
	if err != nil {
		return run, err
	}
	return h.take(ctx, src, harvest.NewRunID(src.ID, at), at)
}

// freeMoment is the first second from at on that no run of the source has.
func (h *harvester) freeMoment(ctx context.Context, id harvest.SourceID, at time.Time) (time.Time, error) {
	for {
		_, err := h.store.Run(ctx, harvest.NewRunID(id, at))
		if errors.Is(err, harvest.ErrNotFound) {
			return at, nil
		}
		if err != nil {
			return at, err
		}
		at = at.Add(time.Second)
	}
}

// isFull reports whether a run asks for everything.
func (h *harvester) isFull(ctx context.Context, id harvest.RunID) bool {
	run, err := h.store.Run(ctx, id)
	return err == nil && !run.Incremental
}

// abandon ends a run that is not to go on. What it found stays.
func (h *harvester) abandon(ctx context.Context, id harvest.RunID, why string) error {
	run, err := h.store.Run(ctx, id)
	if err != nil && !errors.Is(err, harvest.ErrNotFound) {
		return err
	}
	if err == nil {
		run.State, run.Reason, run.EndedAt = harvest.RunPartial, why, time.Now().UTC()
		if err := h.store.PutRun(ctx, run); err != nil {
			return err
		}
	}
	journal, err := h.queue.Journal(ctx, id)
	if err != nil {
		return err
	}
	defer journal.Close()
	return journal.End(ctx)
}

// take claims the journal of a run and goes on with it.
func (h *harvester) take(ctx context.Context, src *config.Source, id harvest.RunID, scheduledAt time.Time) (harvest.Run, error) {
	failed := harvest.Run{ID: id, Source: src.ID, ScheduledAt: scheduledAt, StartedAt: scheduledAt, State: harvest.RunFailed}
	journal, err := h.queue.Journal(ctx, id)
	if err != nil {
		return failed, err
	}
	defer journal.Close()

	o := crawler.Options{
		Source: src, Store: h.store, Journal: journal,
		ID: id, ScheduledAt: scheduledAt, Fingerprint: fingerprint(src), Form: normalize.URLForm, Full: h.full,
		Recorded: h.link, Progress: h.watch.update, Bench: h.bench, StorePatience: patience, Logger: h.logger,
	}
	for i := range src.Doors {
		door, err := parsers.New(src, h.cfg.Vocabulary, i)
		if err != nil {
			failed.Reason = err.Error()
			return failed, err
		}
		o.Doors, o.DoorNames = append(o.Doors, door), append(o.DoorNames, src.Doors[i].Kind)
	}
	session := h.client.Source(src)
	session.RedirectScope = crawler.Scope(src, o.Doors)
	o.Fetcher = session
	run, err := crawler.Harvest(ctx, o)
	if err != nil {
		return run, fmt.Errorf("harvest %s: %w", src.ID, err)
	}
	if !run.State.Ended() {
		return run, nil
	}
	return run, journal.End(context.WithoutCancel(ctx))
}

// fingerprint names what decides how a page is read.
func fingerprint(src *config.Source) string {
	sum := sha256.Sum256([]byte(src.Hash + "\x00" + version))
	return hex.EncodeToString(sum[:8])
}

// link brings the works up to date with records that are new or changed. One
// batch at a time: two that join the same works would undo each other.
func (h *harvester) link(ctx context.Context, records []harvest.Record) error {
	h.linking.Lock()
	defer h.linking.Unlock()
	keys := make(map[harvest.RecordID][]string, len(records))
	for i := range records {
		keys[records[i].ID] = match.KeyStrings(&records[i])
	}
	if err := h.store.PutKeys(ctx, keys); err != nil {
		return err
	}
	works, err := match.Update(ctx, h.store, records)
	if err != nil || len(works) == 0 {
		return err
	}
	return h.store.PutWorks(ctx, works)
}

// finish does what waits for all runs: the search index. It is derived data,
// so a failure is told and no more; the next search mends it.
func (h *harvester) finish(ctx context.Context) {
	if ctx.Err() != nil {
		return // the wish to stop comes first
	}
	if err := h.syncIndex(ctx); err != nil && ctx.Err() == nil {
		h.logger.Warn("search index is behind; the next search brings it up to date", "err", err)
	}
}

func (r *room) syncIndex(ctx context.Context) error {
	ix, err := search.Open(ctx, filepath.Join(r.data, indexFolder), r.logger)
	if err != nil {
		return err
	}
	defer ix.Close()
	return ix.Sync(ctx, r.store, nil)
}
