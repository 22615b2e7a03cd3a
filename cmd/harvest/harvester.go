package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/crawler/queue"
	"github.com/harvest87/harvest/health"
	"github.com/harvest87/harvest/parsers"
	"github.com/harvest87/harvest/parsers/document"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/page"
	"github.com/harvest87/harvest/search"
)

// harvester performs runs in a room. It is safe for concurrent use by
// different sources; what keeps two runs of one source apart is the queue,
// which gives out one job of a source at a time, and the journal of the run.
type harvester struct {
	*room
	watch    *watch
	full     bool
	bench    *crawler.Bench
	busy     sync.Map // harvest.SourceID of the runs that are going on → what stops them
	fulls    sync.Map // harvest.SourceID whose next job, put already, is to ask for everything
	followed followed
}

// parsing is the memory, in octets, that pages may take while they are parsed,
// those of all sources together.
const parsing = 64 << 20

func (r *room) harvester(w *watch) *harvester {
	return &harvester{room: r, watch: w, bench: crawler.NewBench(parsing)}
}

// isBusy reports whether a run of the source is going on.
func (h *harvester) isBusy(id harvest.SourceID) bool {
	_, busy := h.busy.Load(id)
	return busy
}

// errSetAside is why a run does not go on: its worker died too often before it
// got anywhere.
var errSetAside = errors.New("run is set aside")

// attempt performs the run that a job asks for: the one that was left
// unfinished, or a new one for its moment.
func (h *harvester) attempt(ctx context.Context, src *config.Source, job queue.Job) (harvest.Run, error) {
	id := job.Run()
	_, asked := h.fulls.LoadAndDelete(src.ID)
	full := job.Full || h.full || asked
	run := harvest.Run{ID: id, Source: src.ID, ScheduledAt: job.At, StartedAt: job.At, State: harvest.RunFailed}
	if names := missing(src); len(names) > 0 {
		err := errMissing(names)
		run.Reason, run.EndedAt = err.Error(), run.StartedAt
		return run, errors.Join(err, h.store.PutRun(ctx, run))
	}
	if src.Politeness.ContactRequired && h.cfg.Contact == "" {
		run.Reason, run.EndedAt = errNoContact.Error(), run.StartedAt
		return run, errors.Join(errNoContact, h.store.PutRun(ctx, run)) // the history shows it
	}
	left, err := h.queue.Unfinished(ctx, src.ID)
	if err != nil {
		return run, err
	}
	for _, id := range left {
		if h.isReplay(ctx, id) { // its pages are not to be fetched now
			if err := h.abandon(ctx, id, replayLeft); err != nil {
				return run, err
			}
			continue
		}
		if set, err := h.setAside(ctx, id); set != nil || err != nil {
			return *cmp.Or(set, &run), cmp.Or(err, errSetAside)
		}
		run, err := h.take(ctx, src, id, job.At, full)
		why := whyAbandoned(err)
		if why == "" {
			return run, err
		}
		if err := h.abandon(ctx, id, why); err != nil {
			return run, err
		}
	}
	if done, err := h.store.Run(ctx, id); err == nil && done.State.Ended() {
		return done, nil // the job was given out again after the run had ended
	} else if err != nil && !errors.Is(err, harvest.ErrNotFound) {
		return run, err
	}
	return h.take(ctx, src, id, job.At, full)
}

// replayLeft is why a run that read from the archive is not gone on with.
const replayLeft = "interrupted; 'harvest reparse' reads again from the start"

// whyAbandoned says why a run that was left cannot be gone on with, empty when it can.
func whyAbandoned(err error) string {
	switch {
	case errors.Is(err, crawler.ErrSourceChanged):
		return "interrupted, and the source file or the program has changed since; a new run has begun"
	case errors.Is(err, crawler.ErrNotFull):
		return "interrupted; a full run was asked for instead"
	case errors.Is(err, crawler.ErrReplay): // killed before the catalogue knew of it
		return replayLeft
	}
	return ""
}

// setAside returns the report of a run that does not go on by itself any more,
// after telling the catalogue; nil when it may go on.
func (h *harvester) setAside(ctx context.Context, id harvest.RunID) (*harvest.Run, error) {
	n, err := h.queue.Vain(ctx, id)
	if err != nil || n < queue.MaxVain {
		return nil, err
	}
	run, err := h.store.Run(ctx, id)
	if err != nil && !errors.Is(err, harvest.ErrNotFound) {
		return nil, err
	}
	run.ID, run.Source, run.State = id, id.Source(), harvest.RunInterrupted
	run.Reason = fmt.Sprintf(health.SetAside+"the program ended %d times, one after the other, before the run got anywhere; "+
		"its last pages are a likely cause. 'harvest runs release %s' lets it try again, with --discard it is given up", n, id.Source())
	if run.StartedAt.IsZero() {
		run.StartedAt = h.now().UTC()
	}
	return &run, h.store.PutRun(ctx, run)
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

// isReplay reports whether a run reads from the archive.
func (h *harvester) isReplay(ctx context.Context, id harvest.RunID) bool {
	run, err := h.store.Run(ctx, id)
	return err == nil && run.Replay
}

// abandon ends a run that is not to go on. What it published stays, what it
// holds is let go: the next run reads these pages again.
func (h *harvester) abandon(ctx context.Context, id harvest.RunID, why string) error {
	run, err := h.store.Run(ctx, id)
	if err != nil && !errors.Is(err, harvest.ErrNotFound) {
		return err
	}
	if err == nil {
		run.State, run.Reason, run.EndedAt = harvest.RunPartial, why, h.now().UTC()
		if err := h.store.PutRun(ctx, run); err != nil {
			return err
		}
	}
	if err := h.store.LetGo(ctx, id, nil); err != nil {
		return err
	}
	journal, err := h.queue.Journal(ctx, id)
	if err != nil {
		return err
	}
	defer journal.Close()
	return journal.End(ctx)
}

// take claims the journal of a run and goes on with it.
func (h *harvester) take(ctx context.Context, src *config.Source, id harvest.RunID, scheduledAt time.Time, full bool) (harvest.Run, error) {
	failed := harvest.Run{ID: id, Source: src.ID, ScheduledAt: scheduledAt, StartedAt: scheduledAt, State: harvest.RunFailed}
	journal, err := h.queue.Journal(ctx, id)
	if err != nil {
		return failed, err
	}
	defer journal.Close()

	if src, err = knowing(ctx, h.store, src); err != nil {
		failed.Reason = err.Error()
		return failed, err
	}
	heard := new(page.Hearing)
	o := crawler.Options{
		Source: src, Heard: heard.Hear, Store: h.store, Journal: journal,
		ID: id, ScheduledAt: scheduledAt, Fingerprint: fingerprint(src), Form: normalize.URLForm, Host: fetch.ClockOf, Full: full,
		Progress: h.watch.update, Bench: h.bench, StorePatience: patience, Now: h.now, Logger: h.logger,
	}
	if o.Doors, o.DoorNames, err = doorsOf(h.cfg, src); err != nil {
		failed.Reason = err.Error()
		return failed, err
	}
	if linked := document.NewLinked(src, h.cfg.Vocabulary); linked != nil {
		o.Documents = linked
	}
	session := h.client.Source(src)
	session.RedirectScope = crawler.Scope(src, o.Doors)
	o.Fetcher = withVariables(session, src)
	o.Renderer = h.browser
	run, err := h.traced(ctx, o, func(ctx context.Context, o crawler.Options) (harvest.Run, error) { return h.kept(ctx, o, session) })
	if err == nil && run.State.Ended() {
		end := context.WithoutCancel(ctx)
		if err := h.learn(end, &run, heard); err != nil { // the run is good without
			h.logger.Warn("what recurs on the pages is not learned", "source", src.ID, "run", id, "err", err)
		}
		return run, journal.End(end)
	}
	if err == nil || ctx.Err() != nil || errors.Is(err, harvest.ErrUnavailable) {
		h.release(ctx, journal, id)
	}
	if err != nil {
		return run, fmt.Errorf("harvest %s: %w", src.ID, err)
	}
	return run, nil
}

// doorsOf opens the doors of a source.
func doorsOf(cfg *config.Config, src *config.Source) (doors []crawler.Door, names []string, err error) {
	for i := range src.Doors {
		door, err := parsers.New(src, cfg.Vocabulary, i)
		if err != nil {
			return nil, nil, err
		}
		doors, names = append(doors, door), append(names, src.Doors[i].Kind)
	}
	return doors, names, nil
}

// kept performs a run and keeps its pages.
func (h *harvester) kept(ctx context.Context, o crawler.Options, session *fetch.Session) (run harvest.Run, err error) {
	k := h.keep(ctx, o.Source, o.ID)
	session.Keeper = k.keeper(o.Source)
	defer func() { // also when the run breaks
		if k.end(ctx, &run) != nil && err == nil && run.State.Ended() {
			err = h.store.PutRun(context.WithoutCancel(ctx), run)
		}
	}()
	run, err = crawler.Harvest(ctx, o)
	if err == nil && run.State.Ended() {
		if err := h.rememberDoors(context.WithoutCancel(ctx), &run); err != nil { // the run is good without
			h.logger.Warn("which doors worked before is not noted", "source", run.Source, "run", run.ID, "err", err)
		}
	}
	return run, err
}

// rememberDoors notes in a report which doors have worked before, and warns when
// the run had to come in by another.
func (h *harvester) rememberDoors(ctx context.Context, run *harvest.Run) error {
	earlier, err := h.store.Runs(ctx, run.Source, runsAssessed)
	if err != nil {
		return err
	}
	run.RememberDoors(slices.DeleteFunc(earlier, func(x harvest.Run) bool { return x.ID == run.ID }))
	fallback := health.FallbackOf(run)
	if fallback == nil {
		return nil
	}
	h.logger.Warn("door does not work any more; another does", "source", run.Source, "run", run.ID, "door", fallback.Door, "reason", fallback.Reason, "by", fallback.By)
	return h.store.PutRun(ctx, *run)
}

// release notes in a run's journal that it was stopped in good order, so that
// the try does not count against it. That it was not noted does no harm.
func (h *harvester) release(ctx context.Context, journal *queue.Journal, id harvest.RunID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := journal.Release(ctx); err != nil && !errors.Is(err, queue.ErrFenced) {
		h.logger.Debug("stop is not noted in the journal", "run", id, "err", err)
	}
}

// fingerprint names what decides how a page is read.
func fingerprint(src *config.Source) string {
	sum := sha256.Sum256([]byte(src.Hash + "\x00" + version + "\x00" + src.Habits.Version()))
	return hex.EncodeToString(sum[:8])
}

// finish does what waits for all runs: works, and the search index. Both are
// derived, so a failure is told and no more; the next run or search mends it.
func (h *harvester) finish(ctx context.Context) {
	if ctx.Err() != nil {
		return // the wish to stop comes first
	}
	progress := newAftercare(h.watch.screen, h.logger)
	defer progress.close()
	step := h.afterwards(ctx)
	if err := step("match", func(ctx context.Context) error {
		_, err := h.matchPending(ctx, func(done int) { progress.show("matching", done, 0) })
		return err
	}); err != nil && ctx.Err() == nil {
		h.logger.Warn("not all records are matched; the next run goes on with it", "err", err)
	}
	if err := step("index", func(ctx context.Context) error {
		return h.syncIndex(ctx, func(done, total int) { progress.show("indexing", done, total) })
	}); err != nil && ctx.Err() == nil {
		h.logger.Warn("search index is behind; the next search brings it up to date", "err", err)
	}
}

func (r *room) syncIndex(ctx context.Context, progress func(done, total int)) error {
	ix, err := search.Open(ctx, filepath.Join(r.data, indexFolder), r.logger)
	if err != nil {
		return err
	}
	defer ix.Close()
	return ix.Sync(ctx, r.store, progress)
}
