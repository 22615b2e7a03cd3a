package crawler

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/harvest87/harvest"
)

// Holding is what releasing and discarding what is held need of the catalogue;
// sinks.Catalogue describes each method.
type Holding interface {
	Put(ctx context.Context, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error)
	Lookup(ctx context.Context, ids []harvest.RecordID) iter.Seq2[harvest.Record, error]
	PutPages(ctx context.Context, pages []harvest.PageFacts) error
	Held(ctx context.Context, run harvest.RunID, after string, limit int) ([]harvest.Held, error)
	LetGo(ctx context.Context, run harvest.RunID, keys []string) error
	Run(ctx context.Context, id harvest.RunID) (harvest.Run, error)
	PutRun(ctx context.Context, run harvest.Run) error
}

// releasedTogether is how many held pages are released in one write.
const releasedTogether = 50

// Release brings what is held for a run into the catalogue, oldest keys first,
// and returns how many records that were. Each part is written before it is
// let go, so that a crash between repeats it and changes nothing. Records that
// were seen by anybody after later, when that is not zero, are passed over:
// what a newer run found stays. The records are dated by now, when they can be
// seen for the first time, so that those who ask for what has changed since they
// last asked are told of them.
func Release(ctx context.Context, store Holding, run *harvest.Run, later, now time.Time) (int, error) {
	n := 0
	for {
		pages, err := store.Held(ctx, run.ID, "", releasedTogether)
		if err != nil || len(pages) == 0 {
			return n, err
		}
		put := func(ctx context.Context) error { return releasePages(ctx, store, run.ID, pages, later, now) }
		if unit, ok := store.(Together); ok {
			err = unit.Together(ctx, put)
		} else {
			err = put(ctx)
		}
		if err != nil {
			return n, fmt.Errorf("release what run %s holds: %w", run.ID, err)
		}
		for i := range pages {
			n += len(pages[i].Records)
		}
	}
}

func releasePages(ctx context.Context, store Holding, run harvest.RunID, pages []harvest.Held, later, now time.Time) error {
	var (
		at      = now.UTC().Truncate(time.Millisecond)
		records []harvest.Record
		facts   []harvest.PageFacts
		keys    []string
	)
	for i := range pages {
		h := &pages[i]
		keys = append(keys, h.Key)
		if h.At.After(at) {
			at = h.At
		}
		fresh, err := notSeenSince(ctx, store, h.Records, later, now)
		if err != nil {
			return err
		}
		records = append(records, fresh...)
		if h.Facts != nil && len(fresh) == len(h.Records) {
			facts = append(facts, *h.Facts)
		}
	}
	if len(records) > 0 {
		if _, err := store.Put(ctx, run, at, records); err != nil {
			return err
		}
	}
	if len(facts) > 0 {
		if err := store.PutPages(ctx, facts); err != nil {
			return err
		}
	}
	return store.LetGo(ctx, run, keys)
}

// notSeenSince leaves out the records that the catalogue has seen after that
// moment, unless it is zero. What this release has written itself, now, does not
// count.
func notSeenSince(ctx context.Context, store Holding, records []harvest.Record, later, now time.Time) ([]harvest.Record, error) {
	if later.IsZero() || len(records) == 0 {
		return records, nil
	}
	ids := make([]harvest.RecordID, len(records))
	for i := range records {
		ids[i] = records[i].ID
	}
	newer := make(map[harvest.RecordID]bool)
	for r, err := range store.Lookup(ctx, ids) {
		if err != nil {
			return nil, err
		}
		newer[r.ID] = r.LastSeen.After(later) && !r.LastSeen.Equal(now.Truncate(time.Millisecond))
	}
	var out []harvest.Record
	for i := range records {
		if !newer[records[i].ID] {
			out = append(out, records[i])
		}
	}
	return out, nil
}

// Errors of Rule for a run about which there is nothing to decide.
var (
	ErrNotHeld = errors.New("run is not in quarantine")
	ErrRuled   = errors.New("run has been decided about otherwise")
)

// Rule carries out what a person decided about a run in quarantine: it
// publishes or discards what is held, without asking the site for anything, and
// keeps who said so and why with the run. A call that was cut short is completed
// by the next one, and one that repeats a decision changes nothing. It returns
// the run as it stands then and how many records were published. Errors wrap
// ErrNotHeld or ErrRuled when there is nothing to decide.
func Rule(ctx context.Context, store Holding, id harvest.RunID, ruling harvest.Ruling) (harvest.Run, int, error) {
	run, err := store.Run(ctx, id)
	if err != nil {
		return run, 0, err
	}
	switch old := run.Ruling; {
	case old != nil && old.Publish != ruling.Publish:
		return run, 0, fmt.Errorf("run %s was %s by %s: %w", id, verb(*old), old.Author, ErrRuled)
	case old != nil && old.Done:
		return run, 0, nil
	case old == nil && run.State != harvest.RunQuarantined:
		return run, 0, fmt.Errorf("run %s is %s: %w", id, run.State, ErrNotHeld)
	case old == nil:
		ruling.Done, ruling.At = false, ruling.At.UTC().Truncate(time.Millisecond)
		run.Ruling = &ruling
		if err := store.PutRun(ctx, run); err != nil {
			return run, 0, err
		}
	}
	n := 0
	run.State = harvest.RunDiscarded
	if ruling.Publish {
		run.State = harvest.RunPassed
		if n, err = Release(ctx, store, &run, run.EndedAt, run.Ruling.At); err != nil {
			return run, n, err
		}
	}
	if err := store.LetGo(ctx, id, nil); err != nil {
		return run, n, err
	}
	done := *run.Ruling
	done.Done = true
	run.Ruling = &done
	return run, n, store.PutRun(ctx, run)
}

func verb(r harvest.Ruling) string {
	if r.Publish {
		return "published"
	}
	return "discarded"
}

// maxQuarantined is how many runs of a source wait in quarantine with what they
// hold; older ones make room.
const maxQuarantined = 3

// tidy discards what is held by runs in quarantine that nobody needs to decide
// about any more: those before a whole run that passed, and the oldest of too
// many.
func (j *job) tidy(ctx context.Context) error {
	runs, err := j.Store.Runs(ctx, j.Source.ID, remembered)
	if err != nil {
		return err
	}
	kept := 0
	for i := range runs { // newest first
		r := &runs[i]
		if r.State != harvest.RunQuarantined || r.ID == j.ID {
			if r.ID == j.ID && r.State == harvest.RunQuarantined {
				kept++
			}
			continue
		}
		var why string
		switch {
		case j.state.run.State == harvest.RunPassed && r.StartedAt.Before(j.state.run.StartedAt):
			why = fmt.Sprintf("run %s has passed since", j.ID)
		case kept >= maxQuarantined:
			why = fmt.Sprintf("%d newer runs are in quarantine", kept)
		default:
			kept++
			continue
		}
		if _, _, err := Rule(ctx, j.Store, r.ID, harvest.Ruling{Author: "harvest", Reason: why, At: j.Now()}); err != nil && !errors.Is(err, ErrRuled) {
			return err
		}
	}
	return nil
}
