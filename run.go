package harvest

import (
	"slices"
	"time"
)

// Run is one harvest of one source and its report.
type Run struct {
	ID     RunID    `json:"id" bson:"_id"`
	Source SourceID `json:"source" bson:"source"`
	// ScheduledAt is the tick that the run answers; for a run by hand, its start.
	ScheduledAt time.Time `json:"scheduled_at" bson:"scheduled_at"`
	StartedAt   time.Time `json:"started_at" bson:"started_at"`
	EndedAt     time.Time `json:"ended_at,omitzero" bson:"ended_at,omitempty"`
	State       RunState  `json:"state" bson:"state"`
	// Reason says in words why the state is not [RunPassed].
	Reason string `json:"reason,omitempty" bson:"reason,omitempty"`
	// Resumed counts how often the run was taken up again after a stop.
	Resumed int `json:"resumed,omitempty" bson:"resumed,omitempty"`
	// Config names all that decides how pages are read, the source file and the
	// program; a run with another one may have read the same pages differently.
	Config string `json:"config,omitempty" bson:"config,omitempty"`
	// Replay is true when the pages came from the archive: the run read again
	// what others had fetched, and says nothing of what its source shows now.
	Replay bool `json:"replay,omitempty" bson:"replay,omitempty"`
	// Incremental is true when the door was only asked for what changed
	// since the moment Since.
	Incremental bool      `json:"incremental,omitempty" bson:"incremental,omitempty"`
	Since       time.Time `json:"since,omitzero" bson:"since,omitempty"`
	// Newest is true when the source showed only its newest items: that
	// others were not seen says nothing of them.
	Newest bool        `json:"newest,omitempty" bson:"newest,omitempty"`
	Doors  []DoorTrial `json:"doors,omitempty" bson:"doors,omitempty"`
	// Outcomes counts the endings of URLs and records.
	Outcomes map[Outcome]int `json:"outcomes,omitempty" bson:"outcomes,omitempty"`
	// Samples are examples of the outcomes that are not [Fine], at most
	// [MaxSamples] of each.
	Samples []Event `json:"samples,omitempty" bson:"samples,omitempty"`
	// Requests counts HTTP requests of every kind, robots.txt included.
	Requests int `json:"requests" bson:"requests"`
	// WireBytes is what travelled, Bytes what it was after decompression.
	WireBytes int64 `json:"wire_bytes" bson:"wire_bytes"`
	Bytes     int64 `json:"bytes" bson:"bytes"`
	// Hosts says what the run asked of each host, robots.txt included. What was
	// under way when a run was killed is not counted.
	Hosts HostUses `json:"hosts,omitempty" bson:"hosts,omitempty"`
	Notes []string `json:"notes,omitempty" bson:"notes,omitempty"`
	// Labels counts raw category labels that no mapping knows.
	Labels map[string]int `json:"unmapped_labels,omitempty" bson:"unmapped_labels,omitempty"`
	// Figures are what later runs are compared with, Gates what came of
	// comparing this one with earlier ones.
	Figures *Figures     `json:"figures,omitempty" bson:"figures,omitempty"`
	Gates   []GateResult `json:"gates,omitempty" bson:"gates,omitempty"`
	// Held counts the records that wait for a decision, or waited for it.
	Held int `json:"held,omitempty" bson:"held,omitempty"`
	// Ruling is what a person decided about a run in quarantine.
	Ruling *Ruling `json:"ruling,omitempty" bson:"ruling,omitempty"`
}

// MaxSamples is the number of examples a run keeps of each outcome.
const MaxSamples = 10

// DoorTrial says how a door of the source did in a run.
type DoorTrial struct {
	Door   string `json:"door" bson:"door"`
	Used   bool   `json:"used" bson:"used"`
	Reason string `json:"reason,omitempty" bson:"reason,omitempty"` // why it was passed over
	// Worked is when the last run ended that came in by a door which this one has
	// passed over; zero when it never worked.
	Worked time.Time `json:"worked,omitzero" bson:"worked,omitempty"`
}

// RunState says how a run stands.
type RunState string

// The states of a run.
const (
	RunRunning RunState = "running"
	// RunPassed is a whole run: every page that should have been seen was.
	RunPassed RunState = "passed"
	// RunPartial ended early or with holes; what it found is recorded, but
	// nothing may be concluded from what it did not find.
	RunPartial RunState = "partial"
	// RunFailed found nothing usable.
	RunFailed RunState = "failed"
	// RunQuarantined broke a gate: what it would have changed is held, and the
	// catalogue as the run before left it, until a person publishes or discards it.
	RunQuarantined RunState = "quarantined"
	// RunDiscarded was in quarantine, and what it held is thrown away.
	RunDiscarded RunState = "discarded"
	// RunInterrupted was stopped; starting the source again goes on with it.
	RunInterrupted RunState = "interrupted"
)

// Ended reports whether the state is final.
func (s RunState) Ended() bool {
	return s == RunPassed || s == RunPartial || s == RunFailed || s == RunQuarantined || s == RunDiscarded
}

// Records is the number of records that the run saw, new or not.
func (r *Run) Records() int {
	return r.Outcomes[NewRecord] + r.Outcomes[ChangedRecord] + r.Outcomes[UnchangedRecord]
}

// Door is the name of the door that the run came in by, empty when none worked.
func (r *Run) Door() string {
	for _, d := range slices.Backward(r.Doors) {
		if d.Used {
			return d.Door
		}
	}
	return ""
}

// RememberDoors notes of each door that the run has passed over when it last worked,
// by earlier runs of the source, the newest first. A door is known again by its
// kind, and by how many of that kind stand before it in the source file. Replays
// say nothing of doors.
func (r *Run) RememberDoors(earlier []Run) {
	for i := range r.Doors {
		trial := &r.Doors[i]
		for k := range earlier {
			before := earlier[k].doorLike(r.Doors[:i+1])
			if trial.Used || !trial.Worked.IsZero() || before == nil || earlier[k].Replay || !earlier[k].State.Ended() {
				continue
			}
			if trial.Worked = before.Worked; before.Used {
				trial.Worked = earlier[k].EndedAt
			}
		}
	}
}

// doorLike is the trial of the last of some doors; nil when the run did not try it.
func (r *Run) doorLike(doors []DoorTrial) *DoorTrial {
	name, nth := doors[len(doors)-1].Door, 0
	for _, d := range doors {
		if d.Door == name {
			nth++
		}
	}
	for i := range r.Doors {
		if r.Doors[i].Door == name {
			if nth--; nth == 0 {
				return &r.Doors[i]
			}
		}
	}
	return nil
}

// LostDoor is the first door that worked in an earlier run and was passed over in
// this one, which came in by another; nil when there is none.
func (r *Run) LostDoor() *DoorTrial {
	if r.Door() == "" {
		return nil
	}
	for i := range r.Doors {
		if d := &r.Doors[i]; !d.Used && !d.Worked.IsZero() {
			return d
		}
	}
	return nil
}

// Count adds n endings, and the event as a sample when it is not fine.
func (r *Run) Count(e Event, n int) {
	if r.Outcomes == nil {
		r.Outcomes = make(map[Outcome]int)
	}
	r.Outcomes[e.Outcome] += n
	if e.Outcome.Info().Severity == Fine {
		return
	}
	have := 0
	for _, s := range r.Samples {
		if s.Outcome == e.Outcome {
			have++
		}
	}
	if have < MaxSamples {
		r.Samples = append(r.Samples, e)
	}
}

// Failures is the number of endings that should not have been.
func (r *Run) Failures() int {
	n := 0
	for o, count := range r.Outcomes {
		if o.Info().Severity == Failing {
			n += count
		}
	}
	return n
}

// Duration is how long the run took, or has taken by now.
func (r *Run) Duration(now time.Time) time.Duration {
	if r.EndedAt.IsZero() {
		return now.Sub(r.StartedAt)
	}
	return r.EndedAt.Sub(r.StartedAt)
}
