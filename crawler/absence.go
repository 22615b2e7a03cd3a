package crawler

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/harvest87/harvest"
)

// Gone is not failed. A record that a run does not find is missing, and no more:
// the site may have had a bad day, or a page of a list. It counts as gone after
// several whole runs in a row that passed and did not find it, over several days
// at least, or as soon as its source says itself that it has deleted it. Runs
// that are partial, in quarantine or incremental count for nothing, and a page
// that is known to be unchanged was seen.

// maxReasons bounds how many records a run remembers a reason of; others are
// delisted.
const maxReasons = 100_000

// absent is a record that a page says is not there, and why.
type absent struct {
	Record harvest.RecordID `json:"id"`
	Reason string           `json:"why"`
}

// absentOn are the records that stood on a page which is not there any more, and
// those that the source says it has deleted.
func absentOn(v *visit) []absent {
	var out []absent
	reason := map[harvest.Outcome]string{harvest.NotFoundPage: harvest.Reason404, harvest.GonePage: harvest.Reason410}[v.page.Outcome]
	if reason != "" && v.request.Kind == harvest.KindItem {
		for _, id := range v.facts.Records {
			out = append(out, absent{id, reason})
		}
	}
	for _, ev := range v.parsed.Events {
		if ev.Outcome == harvest.GoneRecord && ev.Record != "" {
			out = append(out, absent{ev.Record, harvest.ReasonDeleted})
		}
	}
	return out
}

// miss takes in which records a page says are not there.
func (s *state) miss(list []absent) {
	for _, a := range list {
		if s.absent == nil {
			s.absent = make(map[harvest.RecordID]string)
		}
		if _, known := s.absent[a.Record]; known || len(s.absent) < maxReasons {
			s.absent[a.Record] = a.Reason
		}
	}
}

// takeStock notes what a run that passed has not found, declares gone what was
// not found for long enough, and takes back what is there again. It may be
// called again for the same run.
func (j *job) takeStock(ctx context.Context) error {
	run := &j.state.run
	if j.state.clockBack {
		j.state.note("the clock went back during the run: what it did not find is not counted")
		return nil
	}
	list, err := j.Store.Absences(ctx, run.Source)
	if err != nil {
		return err
	}
	if !run.Figures.Whole && len(j.state.absent) == 0 && len(list) == 0 {
		return nil
	}
	s := stock{job: j, known: make(map[harvest.RecordID]harvest.Absence, len(list)), missing: make(map[harvest.RecordID]bool), at: run.EndedAt}
	for _, a := range list {
		s.known[a.Record] = a
	}
	if err := s.count(ctx); err != nil {
		return err
	}
	if err := s.back(ctx); err != nil {
		return err
	}
	return s.write(ctx)
}

// stock is the taking of it.
type stock struct {
	*job
	known   map[harvest.RecordID]harvest.Absence
	missing map[harvest.RecordID]bool
	put     []harvest.Absence
	drop    []harvest.RecordID
	at      time.Time
}

// count adds this run to the absences of what it did not see.
func (s *stock) count(ctx context.Context) error {
	run := &s.state.run
	for _, id := range slices.Sorted(maps.Keys(s.state.absent)) {
		if s.state.absent[id] == harvest.ReasonDeleted && !s.state.claims.knows(id) {
			s.add(id, harvest.ReasonDeleted)
		}
	}
	if !run.Figures.Whole {
		return nil
	}
	for id, err := range s.Store.Unseen(ctx, run.Source, run.StartedAt) {
		if err != nil {
			return err
		}
		reason, told := s.state.absent[id]
		if !told {
			reason = harvest.ReasonDelisted
		}
		if !s.missing[id] {
			s.add(id, reason)
		}
	}
	return nil
}

func (s *stock) add(id harvest.RecordID, reason string) {
	run := &s.state.run
	s.missing[id] = true
	a := s.known[id]
	switch {
	case !a.Gone.IsZero() && a.Run == run.ID: // this run has said so, and was cut short
		s.put = append(s.put, a)
		return
	case !a.Gone.IsZero() && reason == harvest.ReasonDeleted:
		return // is known
	case a.Runs == 0 || !a.Gone.IsZero(): // gone before, come back, and missing again
		a = harvest.Absence{Record: id, Source: run.Source, Since: run.StartedAt}
	}
	if a.Run != run.ID {
		a.Runs++
	}
	a.Run, a.Reason = run.ID, reason
	s.put = append(s.put, a)
}

// due reports whether a record that is missing is gone.
func (s *stock) due(a *harvest.Absence) bool {
	if a.Reason == harvest.ReasonDeleted || !a.Gone.IsZero() {
		return true
	}
	rule := s.Source.Gone
	return a.Runs >= max(rule.Runs, 1) && s.state.run.StartedAt.Sub(a.Since) >= rule.After
}

// back ends the absences of what was seen again.
func (s *stock) back(ctx context.Context) error {
	whole := s.state.run.Figures.Whole
	var gone []harvest.RecordID
	for _, id := range slices.Sorted(maps.Keys(s.known)) {
		a := s.known[id]
		switch {
		case s.missing[id]:
		case !a.Gone.IsZero():
			gone = append(gone, id)
		case whole || s.state.claims.knows(id):
			s.drop = append(s.drop, id)
		}
	}
	var revive []harvest.RecordID
	for part := range slices.Chunk(gone, lookedUpTogether) {
		for r, err := range s.Store.Lookup(ctx, part) {
			if err != nil {
				return err
			}
			switch {
			case r.State == harvest.StateActive: // it was put
				s.drop = append(s.drop, r.ID)
			case r.State == harvest.StateGone && !r.LastSeen.Before(s.state.run.StartedAt): // its page has not changed since
				s.drop = append(s.drop, r.ID)
				revive = append(revive, r.ID)
			}
		}
	}
	return s.amend(ctx, revive, harvest.StateActive, "found again")
}

const lookedUpTogether = 500

// write stores the absences, and then declares gone what is due: a crash between
// the two repeats both, which changes nothing.
func (s *stock) write(ctx context.Context) error {
	due := make(map[string][]harvest.RecordID) // by reason
	for i := range s.put {
		if a := &s.put[i]; s.due(a) {
			why := a.Reason
			if a.Runs > 1 {
				why = fmt.Sprintf("%s; not found by %d runs since %s", a.Reason, a.Runs, a.Since.Format(time.DateOnly))
			}
			due[why] = append(due[why], a.Record)
			a.Gone = s.at
		}
	}
	if err := s.Store.PutAbsences(ctx, s.put); err != nil {
		return err
	}
	n := 0
	for _, why := range slices.Sorted(maps.Keys(due)) {
		if err := s.amend(ctx, due[why], harvest.StateGone, why); err != nil {
			return err
		}
		n += len(due[why])
	}
	if n > 0 {
		s.state.note(fmt.Sprintf("%d %s gone", n, plural(n, "record is", "records are")))
	}
	if missing := len(s.put) - n; missing > 0 {
		s.state.note(fmt.Sprintf("%d %s not found and not gone yet", missing, plural(missing, "record was", "records were")))
	}
	return s.Store.DropAbsences(ctx, s.drop)
}

// amend moves the state of records, and signs with the run.
func (s *stock) amend(ctx context.Context, ids []harvest.RecordID, to harvest.State, why string) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := s.Store.Amend(ctx, harvest.Signature{Run: s.ID, Reason: why}, s.at, ids, func(r *harvest.Record) error {
		r.State = to
		return nil
	})
	return err
}
