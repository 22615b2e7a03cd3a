package crawler

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/gate"
	"github.com/harvest87/harvest/crawler/queue"
)

// maxNotes and maxLabels bound what a report holds, whatever a site prints;
// maxLabel the length of a label in it, in octets.
const (
	maxNotes  = 50
	maxLabels = 500
	maxLabel  = 200
)

// state is what the journal's entries add up to. Only apply changes it, for
// entries read back and for entries just stored alike, so that a run taken up
// again stands exactly where it stood.
type state struct {
	run      harvest.Run
	format   int       // of the journal's entries
	full     bool      // the run asks for everything, see [Options.Full]
	started  time.Time // run.StartedAt, for workers to read while run changes
	frontier *frontier
	claims   *claims
	memory   *memory

	door        int                     // the open door, -1 before the first
	doorRecords int                     // records seen through it
	doorDead    string                  // why it says that it does not work
	doorFailed  map[harvest.Outcome]int // bad endings of its pages
	doorSamples int                     // samples there were when it opened
	last        time.Time               // when the newest entry was written
	idle        time.Duration           // time between a stop and going on
	pages       int                     // pages that ended
	files       int64                   // what the files that records link to have weighed on the wire
	discovery   int                     // failing endings of discovery pages

	sum       gate.Sum                    // what the records add up to
	absent    map[harvest.RecordID]string // records that are said not to be there, and why
	clockBack bool                        // a page was read before the run began

	position  uint64       // of the journal's batch that is being applied
	stage     uint64       // the newest
	published uint64       // the stage up to which the catalogue has all
	waiting   []stagePlace // the stages behind that, and where they stand
}

// stagePlace is a stage and the position of its batch in the journal.
type stagePlace struct{ stage, position uint64 }

func newState(run harvest.Run, form func(string) (string, bool)) *state {
	return &state{run: run, frontier: newFrontier(form), claims: newClaims(), memory: newMemory(), door: -1}
}

func (s *state) apply(e *entry) {
	if e.Type == entryResume && !s.last.IsZero() && !e.At.IsZero() {
		s.idle += max(0, e.At.Sub(s.last))
	}
	if !e.At.IsZero() {
		s.last = e.At
	}
	switch e.Type {
	case entryBegin:
		s.run, s.format, s.full = *e.Run, e.Format, e.Full
	case entryResume:
		s.run.Resumed++
	case entryDoor:
		s.openDoor(e)
	case entryPage:
		s.pageDone(e)
	case entryPublished:
		s.publish(e)
	case entrySpent:
		s.spend(e)
	}
}

// batch says where in the journal the entries stand that are applied next.
func (s *state) batch(position uint64) {
	s.position = position
	s.frontier.batch(position)
}

// publish takes in that the catalogue has more.
func (s *state) publish(e *entry) {
	s.published = e.Stage
	s.waiting = slices.DeleteFunc(s.waiting, func(w stagePlace) bool { return w.stage <= e.Stage })
	s.count(e)
	s.read(e)
	s.run.Held += e.Held
}

// read takes in what gates look at of an entry.
func (s *state) read(e *entry) {
	s.sum.Learn(e.Words)
	_, _ = s.sum.Add(e.Readings) // readings that cannot be read are missing in the figures, no more
	for _, x := range e.Examples {
		s.sum.AddExample(x.Field, x.Example)
	}
}

// count takes in the endings of an entry.
func (s *state) count(e *entry) {
	for _, ev := range e.Events {
		s.run.Count(ev, 1)
	}
	for o, n := range e.Counts {
		s.run.Count(harvest.Event{Outcome: o}, n)
	}
}

func (s *state) openDoor(e *entry) {
	if n := len(s.run.Doors); n > 0 && e.Reason != "" {
		s.run.Doors[n-1].Used, s.run.Doors[n-1].Reason = false, e.Reason
		if e.Step != "" {
			s.forgive()
		}
	}
	s.frontier.reset()
	s.sum = gate.Sum{}
	s.doorFailed, s.doorSamples = nil, len(s.run.Samples)
	s.door, s.doorRecords, s.doorDead, s.discovery = e.Door, 0, "", 0
	if e.Step == "" { // no door is left
		return
	}
	s.run.Doors = append(s.run.Doors, harvest.DoorTrial{Door: e.Step, Used: true})
	s.run.Incremental, s.run.Since, s.run.Newest = e.Incremental, e.Since, false
	if !e.Incremental {
		s.run.Since = time.Time{}
	}
	s.frontier.push(e)
}

// spend adds what an entry says was asked of hosts.
func (s *state) spend(e *entry) {
	s.run.Requests += e.HTTP
	s.run.WireBytes += e.Wire
	s.files += e.Files
	s.run.Bytes += e.Bytes
	s.run.Hosts.Add(e.Hosts)
}

func (s *state) pageDone(e *entry) {
	s.pages++
	s.spend(e)
	for _, ev := range e.Events {
		if ev.Outcome.Info().Severity != harvest.Failing || e.Door != s.door {
			continue
		}
		if s.doorFailed == nil {
			s.doorFailed = make(map[harvest.Outcome]int)
		}
		s.doorFailed[ev.Outcome]++
		if e.Kind == harvest.KindDiscovery {
			s.discovery++
		}
	}
	if e.Stage > 0 {
		s.stage = e.Stage
		s.waiting = append(s.waiting, stagePlace{e.Stage, s.position})
	}
	s.recorded(e)
	s.frontier.done(e.request())
	s.frontier.learn(e.URL, e.Slash)
	repeats := s.memory.repeat
	s.remember(e)
	s.weigh(e, s.memory.repeat > repeats)
	switch {
	case e.Dead == "" || e.Door != s.door:
	case s.doorRecords == 0:
		s.doorDead = e.Dead
	default: // a door that has given records is not dead: this is a hole in the run
		s.run.Count(harvest.Event{Outcome: harvest.ParseFailed, URL: e.URL, Reason: e.Dead}, 1)
	}
	s.run.Newest = s.run.Newest || e.Newest && e.Door == s.door
	for _, n := range e.Notes {
		s.note(n)
	}
	if e.Alias != "" && e.Pending.len() == 0 { // else it is to be visited for itself
		s.frontier.markVisited(e.URL)
	}
	if e.FinalURL != "" && e.Kind != harvest.KindDiscovery {
		s.frontier.markVisited(e.FinalURL)
	}
	s.frontier.push(e)
}

// weigh takes in what a page is to the gates.
func (s *state) weigh(e *entry, repeats bool) {
	s.read(e)
	s.run.Held += e.Held
	s.miss(e.Absent)
	s.clockBack = s.clockBack || !e.At.IsZero() && e.At.Before(s.run.StartedAt)
	if e.Kind != harvest.KindDiscovery && e.Alias == "" {
		s.sum.Page(e.Lost, repeats)
	}
	unread, invalid := -e.Confirmed, 0
	for _, title := range e.Titles {
		if title == 0 {
			unread++
		}
	}
	for _, ev := range e.Events {
		switch ev.Outcome {
		case harvest.NoTitle, harvest.NoURL, harvest.InvalidRecord:
			invalid++
		}
	}
	s.sum.Saw(max(0, unread), invalid)
}

// remember takes in whether the page said something new.
func (s *state) remember(e *entry) {
	if e.Kind == harvest.KindDiscovery && e.Page > 1 || e.Alias != "" {
		return // the pages of a list are counted by their door
	}
	fruitful := len(e.Records) > 0
	switch {
	case e.Same != "":
		fruitful = false
		if first, ok := s.memory.said(e.Imprint); ok && first.path != originAt(e.URL, "").path {
			s.memory.repeat++
		}
	case fruitful:
		s.memory.learn(e.Imprint, originAt(e.URL, e.Records[0]))
	case e.Kind != harvest.KindDiscovery:
		return // it failed
	default:
		fruitful = e.Onwards
	}
	if remark := s.memory.came(e.URL, fruitful); remark != "" {
		s.note(remark)
	}
}

// recorded takes in what became of records, and the endings that go with them.
func (s *state) recorded(e *entry) {
	s.count(e)
	for i, id := range e.Records {
		if i < len(e.Titles) {
			s.claims.recorded(id, e.Titles[i])
		}
	}
	s.doorRecords += len(e.Records)
	for _, l := range e.Labels {
		s.label(l)
	}
}

// forgive turns the bad endings of a door that is left for another into
// declined ones: they are the reason for leaving it, and no hole in what the
// next door gives.
func (s *state) forgive() {
	for o, n := range s.doorFailed {
		s.run.Outcomes[harvest.Declined] += n
		if s.run.Outcomes[o] -= n; s.run.Outcomes[o] <= 0 {
			delete(s.run.Outcomes, o)
		}
	}
	for i := range s.run.Samples[min(s.doorSamples, len(s.run.Samples)):] {
		e := &s.run.Samples[s.doorSamples+i]
		if e.Outcome.Info().Severity == harvest.Failing {
			e.Outcome, e.Reason = harvest.Declined, string(e.Outcome)+": "+e.Reason
		}
	}
}

func (s *state) label(l string) {
	if len(l) > maxLabel {
		l = strings.ToValidUTF8(l[:maxLabel], "")
	}
	if s.run.Labels == nil {
		s.run.Labels = make(map[string]int)
	}
	if _, known := s.run.Labels[l]; known || len(s.run.Labels) < maxLabels {
		s.run.Labels[l]++
	}
}

func (s *state) note(n string) {
	if len(s.run.Notes) < maxNotes && !slices.Contains(s.run.Notes, n) {
		s.run.Notes = append(s.run.Notes, n)
	}
}

// replay rebuilds the state from the entries of earlier claims and says how
// many there were.
func (s *state) replay(history iter.Seq2[queue.Entry, error]) (int, error) {
	n := 0
	for stored, err := range history {
		if err != nil {
			return n, err
		}
		e, err := decodeEntry(stored.Data)
		if err != nil {
			return n, err
		}
		s.batch(stored.From)
		s.apply(e)
		n++
	}
	return n, nil
}
