package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/queue"
)

// Options are what one run needs. All fields without a default must be set.
type Options struct {
	Source *config.Source
	// Doors are the source's doors in its order, DoorNames their kinds.
	Doors     []Door
	DoorNames []string
	Fetcher   Fetcher
	Store     Store
	Journal   Journal

	ID          harvest.RunID
	ScheduledAt time.Time
	// Fingerprint names all that decides how a page is read: source file,
	// vocabulary, program. When it changes, unchanged pages are read again.
	Fingerprint string
	// Form is the form in which two addresses of one page are the same but for
	// a slash at their end, and whether there is one.
	Form func(url string) (key string, slash bool)
	// Full asks for everything, even what the ledger says has not changed.
	Full bool

	// Recorded, when set, is called with records that are new or changed,
	// after the store has taken them and before the page counts as done. What
	// it writes with its ctx is part of the same write, see [Together]. It may
	// be called again with the same records, after a crash or a failed write.
	Recorded func(ctx context.Context, records []harvest.Record) error
	// Progress, when set, is called after every write. It must return soon.
	Progress func(Progress)

	// Bench bounds the memory of pages that are parsed at the same time; nil
	// for no bound. Runs of one process share it.
	Bench *Bench
	// Window is how many pending requests of each priority are held in memory;
	// the rest stays in the journal. Default 2048.
	Window int
	// ParseTimeout is how long one page may be parsed; default 30 seconds. A
	// page that takes longer has failed, and keeps its room on the bench until
	// the parser gives it up.
	ParseTimeout time.Duration
	// Workers is the number of pages in work at once; default 4. The
	// fetcher's clock, not this number, decides how hard a host is asked.
	Workers int
	// StorePatience is how long a store may be away before the run stops,
	// to be taken up later; default 5 minutes.
	StorePatience time.Duration
	// Grace bounds the last writes after ctx has ended; default 1.5 seconds.
	Grace  time.Duration
	Now    func() time.Time // default time.Now
	Logger *slog.Logger     // default: discard
}

// Progress is how a run stands.
type Progress struct {
	Run      harvest.RunID
	Source   harvest.SourceID
	Door     string
	Done     int // pages that ended
	Pending  int
	InFlight int
	Outcomes map[harvest.Outcome]int // a copy
	Requests int
	Bytes    int64
	Hosts    harvest.HostUses // a copy
	Started  time.Time
}

// ErrSourceChanged is returned for a journal whose run was begun with another
// version of the source file or the program: what is pending may not be what the file now
// wants. The run is to be ended as it stands, and a new one begun.
var ErrSourceChanged = errors.New("the source file or the program has changed since the run began")

// fullEvery is the age at which the last whole, full run no longer allows an
// incremental one: what a site forgets to report as modified is found then.
const fullEvery = 30 * 24 * time.Hour

const stopped = "stopped; run the source again to go on where it stopped"

type job struct {
	Options
	state *state
	scope *scope
	// cut counts the visits that ctx cut short; they are pending in the journal.
	cut int
	// earlier is what other runs of the last 24 hours have asked for.
	earlier spending
}

// Harvest performs one run, from its start or from where its journal ends, and
// returns its report. The report is in the store as well. A run that ends
// because ctx does, or because the store stays away, is interrupted: its
// journal is to be kept, and Harvest with the same journal goes on with it.
// The error is nil when the run came to an end of any kind; an error that
// wraps a fence means that another worker has the run.
func Harvest(ctx context.Context, o Options) (harvest.Run, error) {
	j := &job{Options: o}
	j.setDefaults()
	if err := j.begin(ctx); err != nil {
		return harvest.Run{ID: o.ID, Source: o.Source.ID, State: harvest.RunInterrupted, Reason: err.Error()}, err
	}
	err := j.loop(ctx)
	return j.finish(ctx, err)
}

func (j *job) setDefaults() {
	if j.Window <= 0 {
		j.Window = defaultWindow
	}
	if j.ParseTimeout <= 0 {
		j.ParseTimeout = 30 * time.Second
	}
	if j.Workers <= 0 {
		j.Workers = 4
	}
	if j.StorePatience <= 0 {
		j.StorePatience = 5 * time.Minute
	}
	if j.Grace <= 0 {
		j.Grace = 1500 * time.Millisecond
	}
	if j.Now == nil {
		j.Now = time.Now
	}
	if j.Logger == nil {
		j.Logger = slog.New(slog.DiscardHandler)
	}
}

// begin replays the journal, or writes its first entries.
func (j *job) begin(ctx context.Context) error {
	now := j.Now().UTC().Truncate(time.Millisecond)
	run := harvest.Run{
		ID: j.ID, Source: j.Source.ID, ScheduledAt: j.ScheduledAt.UTC(), StartedAt: now,
		State: harvest.RunRunning, Config: j.Fingerprint,
	}
	j.state = newState(run, j.Form)
	j.scope = newScope(j.Source, seedsOf(j.Doors))
	entries, err := j.state.replay(j.Journal.Read(ctx, 0))
	if err != nil {
		return err
	}
	j.state.frontier.open(j.Window)
	j.state.started = j.state.run.StartedAt
	j.state.frontier.limit(j.Source.Limits.Pages, j.state.pages)
	if err := j.countEarlier(ctx); err != nil {
		return err
	}
	j.state.frontier.throttle(j.allowance())
	if j.state.run.Config != j.Fingerprint || entries > 0 && j.state.format != journalFormat {
		return ErrSourceChanged
	}
	if entries == 0 {
		if err := j.append(ctx, &entry{Type: entryBegin, Run: &run, Format: journalFormat, At: now}); err != nil {
			return err
		}
	} else {
		j.Logger.Info("run goes on where it stopped", "source", j.Source.ID, "run", j.ID, "pages", j.state.pages)
		if err := j.append(ctx, &entry{Type: entryResume, At: now}); err != nil {
			return err
		}
	}
	if _, err := retry(ctx, j, func() (struct{}, error) { return struct{}{}, j.Store.PutRun(ctx, j.state.run) }); err != nil {
		return fmt.Errorf("write run: %w", err)
	}
	if j.state.door < 0 {
		return j.openDoor(ctx, 0, "")
	}
	if err := j.refill(ctx); err != nil {
		return err
	}
	return j.advance(ctx)
}

func seedsOf(doors []Door) []harvest.Request {
	var all []harvest.Request
	for _, d := range doors {
		seeds, _ := d.Seeds(time.Time{})
		all = append(all, seeds...)
	}
	return all
}

// append stores entries as one unit and applies them.
func (j *job) append(ctx context.Context, entries ...*entry) error {
	encoded := make([][]byte, len(entries))
	for i, e := range entries {
		e.Pending = j.state.frontier.keys(e.Requests)
		b, err := e.encode()
		if err != nil {
			return err
		}
		encoded[i] = b
	}
	from := j.Journal.Position()
	if err := j.Journal.Append(ctx, encoded...); err != nil {
		return err
	}
	j.state.frontier.batch(from)
	for _, e := range entries {
		j.state.apply(e)
	}
	return nil
}

// openDoor turns to the door at that position; beyond the last, to none.
func (j *job) openDoor(ctx context.Context, door int, reason string) error {
	e := &entry{Type: entryDoor, At: j.Now().UTC(), Door: door, Reason: reason}
	if door < len(j.Doors) {
		since, err := j.since(ctx, j.DoorNames[door])
		if err != nil {
			return err
		}
		e.Step, e.Since = j.DoorNames[door], since
		var seeds []harvest.Request
		seeds, e.Incremental = j.Doors[door].Seeds(since)
		e.Incremental = e.Incremental && !since.IsZero()
		for i := range seeds {
			seeds[i].Door = door
		}
		e.Requests = seeds
	}
	if err := j.append(ctx, e); err != nil {
		return err
	}
	return j.advance(ctx)
}

// since is the moment from which on a door need only be asked for changes: the
// start of the newest whole run through the same door with the same source
// file and program, as long as a full one is not too long ago. A run that began
// in the future, by a clock that was set since, does not count: whoever asks
// for what changes from then on gets nothing. Zero asks for everything.
func (j *job) since(ctx context.Context, door string) (time.Time, error) {
	if j.Full {
		return time.Time{}, nil
	}
	runs, err := retry(ctx, j, func() ([]harvest.Run, error) { return j.Store.Runs(ctx, j.Source.ID, 0) })
	if err != nil {
		return time.Time{}, fmt.Errorf("read earlier runs: %w", err)
	}
	var since time.Time
	now := j.Now()
	for i := range runs {
		r := &runs[i]
		if r.ID == j.ID || r.State != harvest.RunPassed || r.Config != j.Fingerprint || r.Door() != door || r.StartedAt.After(now) {
			continue
		}
		if since.IsZero() {
			since = r.StartedAt
		}
		if !r.Incremental {
			if now.Sub(r.StartedAt) > fullEvery {
				return time.Time{}, nil
			}
			return since, nil
		}
	}
	return time.Time{}, nil
}

// advance looks whether the open door is exhausted or dead and, if so, turns
// to the next or closes the frontier. The committer calls it after each write.
func (j *job) advance(ctx context.Context) error {
	s := j.state
	if s.door >= len(j.Doors) {
		s.frontier.close()
		return nil
	}
	if s.doorDead != "" {
		return j.openDoor(ctx, s.door+1, s.doorDead)
	}
	limit := j.overLimit()
	if limit != "" {
		if n := s.frontier.drop(); n > 0 {
			s.run.Count(harvest.Event{Outcome: harvest.OverLimit, Reason: limit}, n)
		}
	}
	pending, inFlight := s.frontier.size()
	if pending+inFlight > 0 {
		return nil
	}
	if s.doorRecords > 0 || s.run.Incremental || limit != "" {
		s.frontier.close()
		return nil
	}
	reason := "gave no record"
	switch {
	case s.discovery > 0:
		reason = "could not be read: " + lastFailure(&s.run)
	case s.run.Failures() > 0:
		reason += ": " + failures(&s.run)
	}
	return j.openDoor(ctx, s.door+1, reason)
}

func lastFailure(r *harvest.Run) string {
	for _, s := range slices.Backward(r.Samples) {
		if s.Outcome.Info().Severity == harvest.Failing {
			return fmt.Sprintf("%s: %s", s.Outcome, s.Reason)
		}
	}
	return "no page could be had"
}

// loop lets workers fetch and parse while one committer writes, until nothing
// is left or ctx ends. visits carries what workers made to the committer; a
// worker takes its next request only when its last page is written, so that a
// crash costs each worker one page at most.
func (j *job) loop(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	visits := make(chan visit)
	var workers sync.WaitGroup
	for range j.Workers {
		workers.Go(func() {
			for {
				req, ok := j.state.frontier.next(ctx)
				if !ok {
					return
				}
				v := j.visit(ctx, req)
				v.settled = make(chan struct{})
				visits <- v
				<-v.settled
			}
		})
	}
	go func() {
		workers.Wait()
		close(visits)
	}()
	var failed error
	for v := range visits {
		batch := gather(visits, v)
		if failed == nil {
			failed = j.settle(ctx, batch)
			if failed != nil {
				cancel(failed) // workers stop; what they still bring is dropped and done again
			}
		}
		for i := range batch {
			close(batch[i].settled)
		}
	}
	return failed
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

// settle writes a batch. What was cancelled stays pending in the journal. When
// ctx has ended there is still a moment to write what was finished.
func (j *job) settle(ctx context.Context, batch []visit) error {
	var done []visit
	for i := range batch {
		if batch[i].page.Outcome != harvest.Cancelled {
			done = append(done, batch[i])
		}
	}
	j.cut += len(batch) - len(done)
	wctx := context.WithoutCancel(ctx)
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		wctx, cancel = context.WithTimeout(wctx, j.Grace)
		defer cancel()
	} else {
		// A store that is away must not outlive the wish to stop.
		var cancel context.CancelFunc
		wctx, cancel = context.WithCancel(wctx)
		defer cancel()
		defer context.AfterFunc(ctx, func() { time.AfterFunc(j.Grace, cancel) })()
	}
	if len(done) > 0 {
		if err := j.commit(wctx, done); err != nil {
			return err
		}
		if err := j.refill(wctx); err != nil {
			return err
		}
	}
	if e := spent(batch, j.Now()); e != nil {
		if err := j.append(wctx, e); err != nil {
			return err
		}
	}
	j.state.frontier.settle(len(batch))
	j.state.frontier.throttle(j.allowance())
	if j.cut == 0 { // with visits cut short, that nothing is pending means nothing
		if err := j.advance(wctx); err != nil {
			return err
		}
	}
	if j.Progress != nil {
		j.Progress(j.progress())
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

// finish decides how the run ended, and writes its report.
func (j *job) finish(ctx context.Context, failed error) (harvest.Run, error) {
	s := j.state
	s.run.EndedAt = j.Now().UTC().Truncate(time.Millisecond)
	pending, inFlight := s.frontier.size()
	switch {
	case errors.Is(failed, queue.ErrFenced):
		return s.run, failed // the report belongs to the worker that has the run now
	case failed != nil && ctx.Err() != nil:
		failed = nil
		s.run.State, s.run.Reason = harvest.RunInterrupted, stopped
	case failed != nil:
		s.run.State, s.run.Reason = harvest.RunInterrupted, failed.Error()
		if errors.Is(failed, harvest.ErrUnavailable) {
			failed = fmt.Errorf("%w; run the source again to go on where it stopped", failed)
		}
	case ctx.Err() != nil && pending+inFlight+j.cut > 0:
		s.run.State, s.run.Reason = harvest.RunInterrupted, stopped
	default:
		s.run.State, s.run.Reason = j.verdict(ctx)
	}
	wctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := j.Store.PutRun(wctx, s.run); err != nil && failed == nil {
		failed = fmt.Errorf("write run: %w", err)
		s.run.State = harvest.RunInterrupted
	}
	return s.run, failed
}
