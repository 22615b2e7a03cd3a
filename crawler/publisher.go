package crawler

import (
	"context"
	"slices"
	"time"

	"github.com/harvest87/harvest"
)

// publisher holds what is staged and publishes it, one batch at a time, in a
// goroutine beside the committer. Only the committer calls its methods.
type publisher struct {
	job    *job
	staged []*staged // oldest first
	octets int       // of them
	under  int       // of them, those that are being published
	began  time.Time // when the last publication was
	due    *time.Timer
	done   chan published
}

// published is how a publication went.
type published struct {
	publication
	became
	err error
}

func newPublisher(j *job) *publisher {
	p := &publisher{job: j, due: time.NewTimer(0), done: make(chan published, 1)}
	p.due.Stop()
	return p
}

func (p *publisher) add(pages ...*staged) {
	for _, s := range pages {
		p.staged = append(p.staged, s)
		p.octets += s.octets
	}
}

func (p *publisher) busy() bool { return p.under > 0 }

// full reports whether the workers have to wait.
func (p *publisher) full() bool { return len(p.staged) >= maxStaged || p.octets >= maxStagedOctets }

// start begins a publication when there is something to publish and it is time
// to; when that is later, due tells. The last publications of a run wait for
// nothing.
func (p *publisher) start(ctx context.Context, last bool) {
	if p.busy() || len(p.staged) == 0 {
		return
	}
	if wait := publishPause - time.Since(p.began); wait > 0 && !last && !p.full() {
		p.due.Reset(wait)
		return
	}
	p.due.Stop()
	p.under, p.began = len(p.staged), time.Now()
	batch := p.job.together(p.staged)
	go func() {
		became, err := p.job.publish(ctx, batch)
		p.done <- published{batch, became, err}
	}()
}

// note stores in the journal that a publication is done.
func (p *publisher) note(ctx context.Context, r published) error {
	batch := p.staged[:p.under]
	p.under = 0
	p.job.spans.published(p.began, time.Now(), &r)
	if r.err != nil {
		return r.err
	}
	if err := p.job.append(ctx, p.entry(batch, r)); err != nil {
		return err
	}
	for _, s := range batch {
		p.octets -= s.octets
	}
	p.staged = slices.Delete(p.staged, 0, len(batch))
	p.job.look()
	return nil
}

// publishAtOnce publishes what one page gives before its entry is stored, and
// counts in the entry what became of it.
func (p *publisher) publishAtOnce(ctx context.Context, s *staged, e *entry) error {
	if p.busy() {
		if err := p.note(ctx, <-p.done); err != nil {
			return err
		}
	}
	s.at, s.key = e.At, e.key()
	began := time.Now()
	r := published{publication: p.job.together([]*staged{s})}
	r.became, r.err = p.job.publish(ctx, r.publication)
	if p.job.spans.published(began, time.Now(), &r); r.err != nil {
		return r.err
	}
	p.job.record(e, &r)
	return nil
}

// entry says that those pages are published.
func (p *publisher) entry(pages []*staged, r published) *entry {
	e := &entry{Type: entryPublished, At: p.job.Now().UTC(), Stage: pages[len(pages)-1].stage}
	p.job.record(e, &r)
	return e
}

// record counts in an entry what became of the records of a publication.
func (j *job) record(e *entry, r *published) {
	e.Counts = make(map[harvest.Outcome]int)
	for _, s := range r.pages {
		if n := len(s.Unchanged); n > 0 {
			e.Counts[harvest.UnchangedRecord] += n
		}
	}
	e.Held = r.held
	examples := make(map[string]int)
	for i := range r.readings {
		e.Readings = append(e.Readings, j.state.sum.Pack(&r.readings[i])...)
		for _, f := range r.readings[i].Fields {
			if f.Example.URL != "" && examples[f.Name] < harvest.MaxExamples && j.state.sum.WantsExample(f.Name) {
				examples[f.Name]++
				e.Examples = append(e.Examples, lostExample{f.Name, f.Example})
			}
		}
	}
	e.Words = append(e.Words, j.state.sum.Words()...)
	for _, ch := range r.changes {
		if ch.Outcome.Info().Severity == harvest.Fine {
			e.Counts[ch.Outcome]++
			continue
		}
		e.Events = append(e.Events, harvest.Event{Outcome: ch.Outcome, Record: ch.Record})
	}
}

// catchUp publishes what earlier claims of the run have staged and not
// published, and returns the entry that says so, nil when there was nothing.
func (p *publisher) catchUp(ctx context.Context) (*entry, error) {
	waiting, err := p.waiting(ctx)
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	r := published{publication: p.job.together(waiting)}
	if r.became, err = p.job.publish(ctx, r.publication); err != nil {
		return nil, err
	}
	return p.entry(waiting, r), nil
}

// waiting reads from the journal what is staged and not published.
func (p *publisher) waiting(ctx context.Context) (waiting []*staged, err error) {
	s := p.job.state
	if len(s.waiting) == 0 {
		return nil, nil
	}
	for stored, err := range p.job.Journal.Read(ctx, s.waiting[0].position) {
		if err != nil {
			return nil, err
		}
		e, err := decodeStaged(stored.Data, s.published)
		if err != nil {
			return nil, err
		}
		if e.staged != nil {
			waiting = append(waiting, e.staged)
		}
	}
	return waiting, nil
}
