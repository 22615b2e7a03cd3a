package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/gate"
)

// A run is on trial until its gates have spoken (crawler/gate). What it reads of
// a source that the catalogue knows is compared with what the catalogue has.
// What says the same is published as it comes: that it was seen. New records
// are held until enough was seen to tell that the run is well, and are published
// as they come from then on; changed ones are held to the end. What is held
// stands in the store, apart from the catalogue. When the gates hold it is
// released into the catalogue; when one fails it stays where it is until a
// person publishes or discards it, and the run is in quarantine.
//
// Of a source that the catalogue does not know there is nothing to spoil: its
// first records are published as they come, as long as they are what any source
// could be proud of.

// The first judgement of a run comes after so many records were seen, the next
// ones after a quarter more each time.
const (
	firstLook = 50
	nextLook  = 1.25
)

// heldTogether is how many records of a page are held in one piece.
const heldTogether = 200

// trial is what a run knows of earlier ones, and how it stands itself. Only the
// committer uses it.
type trial struct {
	history []harvest.Run
	// open is true while new records may be published as they come.
	open bool
	next int // records seen at which to look again
}

// remembered is how many runs of the source are read to learn from.
const remembered = 200

// beginTrial learns from the runs of the source, and for a run that begins
// counts what the catalogue has of it. The journal has been replayed.
func (j *job) beginTrial(ctx context.Context, run *harvest.Run, begins bool) error {
	runs, err := retry(ctx, j, func() ([]harvest.Run, error) { return j.Store.Runs(ctx, j.Source.ID, remembered) })
	if err != nil {
		return fmt.Errorf("read earlier runs: %w", err)
	}
	if begins {
		n, err := retry(ctx, j, func() (int, error) {
			return j.Store.Count(ctx, harvest.Query{Sources: []harvest.SourceID{j.Source.ID}})
		})
		if err != nil {
			return fmt.Errorf("count records: %w", err)
		}
		run.Figures = &harvest.Figures{Standing: n}
		j.state.run.Figures = run.Figures
	}
	j.trial = trial{history: gate.Baseline(runs, j.ID), next: firstLook}
	j.trial.open = j.firstOfAll()
	j.look()
	return nil
}

// firstOfAll reports whether the catalogue had nothing of the source.
func (j *job) firstOfAll() bool { return len(j.trial.history) == 0 && j.state.standing() == 0 }

// standing is how many active records the source had when the run began.
func (s *state) standing() int {
	if s.run.Figures == nil {
		return 0
	}
	return s.run.Figures.Standing
}

// look judges the run as far as it has come, when enough was read since the
// last time.
func (j *job) look() {
	seen := j.state.sum.Seen()
	if seen < j.trial.next {
		return
	}
	j.trial.next = int(float64(seen)*nextLook) + 1
	run := j.state.run
	f := j.figures()
	run.Figures = &f
	failed := gate.Failed(gate.Judge(j.Source.Gates, j.trial.history, &run, false))
	// Without a run that passed nothing says how many new records are usual.
	j.trial.open = len(failed) == 0 && (len(j.trial.history) == 0 || f.Again+f.Unread >= f.New)
	if len(failed) > 0 {
		j.Logger.Warn("a gate does not hold so far; what is new is held too", "source", j.Source.ID, "run", j.ID, "reason", gate.Sums(failed))
	}
}

// figures are those of the run so far.
func (j *job) figures() harvest.Figures {
	f := j.state.sum.Figures()
	f.Standing = j.state.standing()
	return f
}

// became is what became of a publication.
type became struct {
	changes  []harvest.Change // of its records, in their order; of those that are held what they would be
	readings []gate.Reading
	held     int // records
}

// sorted are pages parted by what may be published now and what is held.
type sorted struct {
	now  publication
	held []harvest.Held
	// changes are those of all records; those of records in now are not known
	// yet, and stand at the places in order.
	changes  []harvest.Change
	order    []int
	readings []gate.Reading
	count    int // records held
}

// sort compares what a publication gives with what the catalogue has.
func (j *job) sort(ctx context.Context, p *publication) (*sorted, error) {
	known, err := j.known(ctx, p)
	if err != nil {
		return nil, err
	}
	out := &sorted{now: publication{at: p.at}}
	facts := make(map[string]int)
	for _, page := range p.pages {
		var now, held []harvest.Record
		for i := range page.Records {
			r := &page.Records[i]
			was := known[r.ID]
			change := harvest.Change{Record: r.ID, Outcome: harvest.NewRecord}
			wait := !p.open
			switch {
			case was == nil:
				out.readings = append(out.readings, gate.Read(r, nil))
			case was.State == harvest.StateWithdrawn:
				wait = false
			default:
				reading := gate.Read(r, was)
				out.readings = append(out.readings, reading)
				if wait = reading.Changed || was.State == harvest.StateGone; wait {
					change.Outcome = harvest.ChangedRecord
				}
			}
			if wait {
				held = append(held, *r)
			} else {
				out.order = append(out.order, len(out.changes))
				now = append(now, *r)
			}
			out.changes = append(out.changes, change)
		}
		out.now.records = append(out.now.records, now...)
		out.now.touched = append(out.now.touched, page.Unchanged...)
		out.now.touched = append(out.now.touched, page.Seen...)
		out.count += len(held)
		lost := page.Facts != nil && page.Facts.Links == nil && len(page.Records)+len(page.Unchanged)+len(page.Seen) == 0
		of := page.Files
		switch {
		case len(held) > 0 || lost && !p.open:
			out.held = append(out.held, page.hold(held)...)
		case page.Facts != nil:
			of = append(slices.Clip(of), *page.Facts)
		}
		for _, f := range of { // of two of one address the later ones count
			if at, twice := facts[f.URL]; twice {
				out.now.facts[at] = f
				continue
			}
			facts[f.URL] = len(out.now.facts)
			out.now.facts = append(out.now.facts, f)
		}
	}
	return out, nil
}

// known are the records of a publication as the catalogue has them from earlier
// runs, and as their source has them: what people said of them is no matter here.
func (j *job) known(ctx context.Context, p *publication) (map[harvest.RecordID]*harvest.Record, error) {
	known := make(map[harvest.RecordID]*harvest.Record)
	if p.first {
		return known, nil
	}
	var ids []harvest.RecordID
	for _, page := range p.pages {
		for i := range page.Records {
			ids = append(ids, page.Records[i].ID)
		}
	}
	if len(ids) == 0 {
		return known, nil
	}
	for r, err := range j.Store.Lookup(ctx, ids) {
		if err != nil {
			return nil, fmt.Errorf("look up records: %w", err)
		}
		if r.FirstRun == j.ID {
			continue // this very run has published it
		}
		for _, name := range slices.Sorted(maps.Keys(r.Overrides)) {
			if _, err := r.Restore(name); err != nil {
				return nil, fmt.Errorf("record %s: %w", r.ID, err)
			}
		}
		known[r.ID] = &r
	}
	return known, nil
}

// hold is what is held of a page. Its facts go with the last piece.
func (s *staged) hold(records []harvest.Record) []harvest.Held {
	var out []harvest.Held
	sum := sha256.Sum256([]byte(s.key))
	key := hex.EncodeToString(sum[:12])
	for part := range slices.Chunk(records, heldTogether) {
		out = append(out, harvest.Held{Key: fmt.Sprintf("%s-%06d", key, len(out)), URL: s.key, At: s.at, Records: part})
	}
	if len(out) == 0 {
		out = append(out, harvest.Held{Key: key + "-000000", URL: s.key, At: s.at})
	}
	out[len(out)-1].Facts = s.Facts
	return out
}

// judged gives the run its state and reason. A run that was told to stop when
// all was read has a moment to be judged.
func (j *job) judged(ctx context.Context) error {
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
	}
	type verdict struct {
		state  harvest.RunState
		reason string
	}
	state, reason := j.verdict(ctx)
	v, err := retry(ctx, j, func() (v verdict, err error) {
		v.state, v.reason, err = j.conclude(ctx, state, reason)
		return v, err
	})
	if err == nil {
		j.state.run.State, j.state.run.Reason = v.state, v.reason
	}
	return err
}

// conclude decides about a run that has come to an end: what is held is released
// into the catalogue, or the run is in quarantine.
func (j *job) conclude(ctx context.Context, state harvest.RunState, reason string) (harvest.RunState, string, error) {
	run := &j.state.run
	f := j.figures()
	f.Whole = state == harvest.RunPassed && !run.Incremental && !run.Newest && !run.Replay
	if f.Whole {
		f.Missed = max(0, f.Standing-f.Again-f.Unread)
	}
	run.Figures = &f
	if state == harvest.RunFailed {
		return state, reason, j.Store.LetGo(ctx, j.ID, nil)
	}
	run.Gates = gate.Judge(j.Source.Gates, j.trial.history, run, true)
	if why := gate.Sums(run.Gates); why != "" {
		if err := j.exemplify(ctx, run.Gates); err != nil {
			return state, reason, fmt.Errorf("look for examples: %w", err)
		}
		if reason != "" {
			why += "; besides, it is no whole run: " + reason
		}
		return harvest.RunQuarantined, why, nil
	}
	if _, err := Release(ctx, j.Store, run, time.Time{}, j.Now()); err != nil {
		return state, reason, err
	}
	if state == harvest.RunPassed && !run.Replay { // what an archive has says nothing of what is there
		if err := j.takeStock(ctx); err != nil {
			return state, reason, fmt.Errorf("note what was not found: %w", err)
		}
	}
	return state, reason, nil
}
