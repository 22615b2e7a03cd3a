package crawler

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/harvest87/harvest"
)

// loop lets workers fetch and parse while one committer stores what they made
// in the journal and has it published, until nothing is left or ctx ends. A
// worker takes its next request only when the journal has its last page, and no
// host is asked for the next page before, see [inHand]: a crash costs one page
// for each request that was under way.
func (j *job) loop(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	wctx, stop := j.writing(ctx)
	defer stop()
	visits, p := j.work(ctx), j.publisher
	var failed error
	fail := func(err error) {
		if failed == nil && err != nil {
			failed = err
			cancel(err) // workers stop; what they still bring is dropped and done again
		}
	}
	for visits != nil || p.busy() || failed == nil && len(p.staged) > 0 {
		if failed == nil {
			p.start(wctx, visits == nil)
		}
		ready := visits
		if failed == nil && p.full() {
			ready = nil
		}
		select {
		case v, ok := <-ready:
			if !ok {
				visits = nil
				continue
			}
			batch := gather(visits, v)
			if failed == nil {
				fail(j.settle(wctx, batch))
			}
			for i := range batch {
				close(batch[i].settled)
			}
		case r := <-p.done:
			fail(p.note(wctx, r))
		case <-p.due.C:
			continue
		}
		if j.Progress != nil {
			j.Progress(j.progress())
		}
	}
	return failed
}

// writing is the context of writes: it outlives ctx by a moment, in which what
// was finished is still written. A store that is away must not outlive the wish
// to stop.
func (j *job) writing(ctx context.Context) (context.Context, context.CancelFunc) {
	wctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		grace := time.AfterFunc(j.Grace, cancel)
		context.AfterFunc(wctx, func() { grace.Stop() })
	})
	return wctx, func() { stop(); cancel() }
}

// work starts the workers. What they send ends when the frontier is closed or
// ctx has ended.
func (j *job) work(ctx context.Context) <-chan visit {
	visits := make(chan visit)
	q := newHandout(j.state.frontier, j.Replay)
	var workers sync.WaitGroup
	for range j.Workers {
		workers.Go(func() {
			for {
				req, turn, ok := q.next(ctx)
				if !ok {
					return
				}
				v := j.visit(ctx, req)
				v.settled = make(chan struct{})
				<-turn.before
				visits <- v
				close(turn.after)
				<-v.settled
				if v.giveBack != nil {
					v.giveBack()
				}
			}
		})
	}
	go func() {
		workers.Wait()
		close(visits)
	}()
	return visits
}

// handout gives out requests. When it is strict, pages come to the committer in
// the order in which their requests were given out, so that of two pages that
// claim one record it is always the same that wins. A site decides that by how
// quickly it answers; an archive read twice has to say the same twice.
type handout struct {
	frontier *frontier
	strict   bool
	mu       sync.Mutex
	last     chan struct{}
}

// turn is a worker's place: its page is sent when before is closed, and then
// after is to be.
type turn struct {
	before <-chan struct{}
	after  chan struct{}
}

func newHandout(f *frontier, strict bool) *handout {
	q := &handout{frontier: f, strict: strict, last: make(chan struct{})}
	close(q.last)
	return q
}

func (q *handout) next(ctx context.Context) (harvest.Request, turn, bool) {
	if !q.strict {
		req, ok := q.frontier.next(ctx)
		return req, turn{q.last, make(chan struct{})}, ok
	}
	q.mu.Lock() // also while there is nothing to give out
	defer q.mu.Unlock()
	req, ok := q.frontier.next(ctx)
	if !ok {
		return req, turn{}, false
	}
	t := turn{q.last, make(chan struct{})}
	q.last = t.after
	return req, t, true
}

// gather takes what is ready, up to maxBatch.
func gather(visits <-chan visit, first visit) []visit {
	batch := []visit{first}
	for len(batch) < maxBatch {
		select {
		case v, ok := <-visits:
			if !ok {
				return batch
			}
			batch = append(batch, v)
		default:
			return batch
		}
	}
	return batch
}

// settle takes in a batch. What was cancelled stays pending in the journal.
func (j *job) settle(ctx context.Context, batch []visit) error {
	var done []visit
	for i := range batch {
		if batch[i].page.Outcome != harvest.Cancelled {
			done = append(done, batch[i])
		}
		j.spans.visited(&batch[i])
	}
	j.cut += len(batch) - len(done)
	if len(done) > 0 {
		if err := j.commit(ctx, j.publisher, done); err != nil {
			return err
		}
		if err := j.refill(ctx); err != nil {
			return err
		}
	}
	if e := spent(batch, j.Now()); e != nil {
		if err := j.append(ctx, e); err != nil {
			return err
		}
	}
	var files spending
	for i := range batch {
		files.add(batch[i].files.spent)
	}
	j.files.settle(j.spent(), j.state.files, files)
	j.state.frontier.settle(len(batch))
	j.state.frontier.throttle(j.allowance())
	if j.cut == 0 { // with visits cut short, that nothing is pending means nothing
		return j.advance(ctx)
	}
	return nil
}

// spent is the entry for what the visits of a batch that were cut short had
// asked of hosts, nil when that is nothing.
func spent(batch []visit, at time.Time) *entry {
	e := &entry{Type: entrySpent, At: at}
	for i := range batch {
		if p := batch[i].page; p.Outcome == harvest.Cancelled {
			e.Hosts.Add(p.Hosts)
		}
	}
	sum := e.Hosts.Total()
	if sum.Requests == 0 {
		return nil
	}
	e.HTTP, e.Wire, e.Bytes = sum.Requests, sum.WireBytes, sum.Bytes
	return e
}

func (j *job) progress() Progress {
	s := j.state
	p := Progress{
		Run: s.run.ID, Source: s.run.Source, Done: s.pages, Outcomes: maps.Clone(s.run.Outcomes),
		Requests: s.run.Requests, Bytes: s.run.WireBytes, Hosts: slices.Clone(s.run.Hosts), Started: s.run.StartedAt,
	}
	if s.door >= 0 && s.door < len(j.DoorNames) {
		p.Door = j.DoorNames[s.door]
	}
	p.Pending, p.InFlight = s.frontier.size()
	return p
}
