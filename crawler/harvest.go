package crawler

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
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
	// Renderer fills the pages of doors that say render; nil when none does.
	Renderer Renderer
	Store    Store
	Journal  Journal

	ID          harvest.RunID
	ScheduledAt time.Time
	// Fingerprint names all that decides how a page is read: source file,
	// vocabulary, program. When it changes, unchanged pages are read again.
	Fingerprint string
	// Form is the form in which two addresses of one page are the same but for
	// a slash at their end, and whether there is one.
	Form func(url string) (key string, slash bool)
	// Host names the host whose clock an address goes by, see [inHand]; default:
	// the host that stands in it.
	Host func(url string) string
	// Full asks for everything, even what the ledger says has not changed. A
	// run that was begun so goes on so.
	Full bool
	// Replay says that the pages come from the archive: every page is read,
	// whatever the ledger says, and the run does not count as a visit to the
	// source. Since is then the moment that doors are opened with, see
	// [Door.Seeds]; a run that fetches finds it by itself.
	Replay bool
	Since  time.Time

	// Documents, when set, reads the files that records link to. Ledger is where
	// what is known of them stands; nil: in Store.
	Documents Documents
	Ledger    Ledger

	// Progress, when set, is called after everything that is stored. It must return soon.
	Progress func(Progress)

	// Heard, when set, is called with what each item page says that may be a
	// habit of the source, from several goroutines at once.
	Heard func(says []harvest.Habit)

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

// ErrNotFull is returned for a journal whose run asks only for what has changed,
// when everything is asked for: what it has passed over would be missing. The run
// is to be ended as it stands, and a new one begun.
var ErrNotFull = errors.New("the run that was left asks only for what has changed")

// ErrReplay is returned for a journal of a run that read from the archive when pages
// are to be asked for, and the other way round. The run is to be ended as it stands.
var ErrReplay = errors.New("the run that was left read from the archive")

type job struct {
	Options
	state     *state
	scope     *scope
	publisher *publisher
	ahead     ahead
	inHand    inHand
	spans     *spans
	trial     trial
	// cut counts the visits that ctx cut short; they are pending in the journal.
	cut   int
	files files
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
	j.publisher, j.spans = newPublisher(j), newSpans(ctx)
	defer func() { j.spans.openDoor("", "", time.Now()) }()
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
	if j.Host == nil {
		j.Host = hostOf
	}
	j.inHand.most = j.Source.Politeness.Concurrency
	if j.Ledger == nil {
		j.Ledger = j.Store
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
		State: harvest.RunRunning, Config: j.Fingerprint, Replay: j.Replay,
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
	j.files.settle(j.spent(), j.state.files, spending{})
	j.state.frontier.throttle(j.allowance())
	if j.state.run.Config != j.Fingerprint || entries > 0 && j.state.format != journalFormat {
		return ErrSourceChanged
	}
	if entries > 0 && j.state.run.Replay != j.Replay {
		return ErrReplay
	}
	if entries > 0 && j.Full && !j.state.full {
		return ErrNotFull
	}
	j.Full = j.Full || j.state.full
	if err := j.beginTrial(ctx, &run, entries == 0); err != nil {
		return err
	}
	first := []*entry{{Type: entryBegin, Run: &run, Format: journalFormat, Full: j.Full, At: now}}
	if entries > 0 {
		if first, err = j.goOn(ctx, now); err != nil {
			return err
		}
	}
	if err := j.append(ctx, first...); err != nil {
		return err
	}
	if _, err := retry(ctx, j, func() (struct{}, error) { return struct{}{}, j.Store.PutRun(ctx, j.state.run) }); err != nil {
		return fmt.Errorf("write run: %w", err)
	}
	if j.state.door < 0 {
		return j.openDoor(ctx, 0, "")
	}
	if j.state.door < len(j.DoorNames) {
		j.spans.openDoor(j.DoorNames[j.state.door], "", time.Now())
	}
	if err := j.refill(ctx); err != nil {
		return err
	}
	return j.advance(ctx)
}

// goOn publishes what earlier claims of the run have read and not published, and
// returns the entries with which this one begins. They are one batch, because a
// claim that stores no more than one gets nowhere, see [queue.MaxVain].
func (j *job) goOn(ctx context.Context, now time.Time) ([]*entry, error) {
	j.Logger.Info("run goes on where it stopped", "source", j.Source.ID, "run", j.ID, "pages", j.state.pages)
	published, err := j.publisher.catchUp(ctx)
	if err != nil {
		return nil, fmt.Errorf("publish what was read before: %w", err)
	}
	entries := []*entry{{Type: entryResume, At: now}}
	if published != nil {
		entries = append(entries, published)
	}
	return entries, nil
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
	j.state.batch(from)
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
	j.spans.openDoor(e.Step, reason, time.Now())
	return j.advance(ctx)
}

// since is the moment from which on a door need only be asked for changes: the
// start of the newest whole run through the same door with the same source
// file and program, as long as a full one is not too long ago. A run that began
// in the future, by a clock that was set since, does not count: whoever asks
// for what changes from then on gets nothing. Zero asks for everything.
func (j *job) since(ctx context.Context, door string) (time.Time, error) {
	if j.Replay {
		return j.Since, nil
	}
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
		if r.ID == j.ID || r.Replay || r.State != harvest.RunPassed || r.Config != j.Fingerprint || r.Door() != door || r.StartedAt.After(now) {
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
		if err := j.judged(ctx); err != nil {
			failed = err
			s.run.State, s.run.Reason = harvest.RunInterrupted, err.Error()
		}
	}
	wctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := j.Store.PutRun(wctx, s.run); err != nil && failed == nil {
		failed = fmt.Errorf("write run: %w", err)
		s.run.State = harvest.RunInterrupted
	}
	if failed == nil && (s.run.State == harvest.RunPassed || s.run.State == harvest.RunQuarantined) {
		if err := j.tidy(wctx); err != nil {
			j.Logger.Warn("what earlier runs hold is not tidied up; the next run does it", "source", j.Source.ID, "err", err)
		}
	}
	return s.run, failed
}
