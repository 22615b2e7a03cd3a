package health

import (
	"time"

	"github.com/harvest87/harvest"
)

// State is how a source stands.
type State string

// The states.
const (
	New         State = "new"         // no run of it has ended yet
	Healthy     State = "healthy"     // its last run passed, or ended at a limit of its file
	Ailing      State = "ailing"      // its last runs had holes, fewer than three in a row
	Broken      State = "broken"      // its last run failed, or three in a row had holes
	Dead        State = "dead"        // broken for five runs and two weeks
	Quarantined State = "quarantined" // what its last run found is held until a person decides
)

// States are all of them, the best first.
func States() []State { return []State{Healthy, New, Ailing, Quarantined, Broken, Dead} }

// Bad reports whether a person has to look at the source.
func (s State) Bad() bool { return s == Broken || s == Dead || s == Quarantined }

const (
	holesInARow = 3
	deadAfter   = 14 * 24 * time.Hour
	deadRuns    = 5
	// LookBack is how far back the runs of [Report.Window] reach.
	LookBack = 30 * 24 * time.Hour
)

// Plan is how a source is to be harvested.
type Plan struct {
	// Every is the time between two ticks, 0 when it runs only by hand.
	Every time.Duration
	// StaleAfter is how old its last whole run may be. 0: twice Every and a
	// day more; without Every it never gets stale.
	StaleAfter time.Duration
}

// staleAfter is the bound that holds, 0 for none.
func (p Plan) staleAfter() time.Duration {
	if p.StaleAfter > 0 || p.Every <= 0 {
		return p.StaleAfter
	}
	return 2*p.Every + 24*time.Hour
}

// Report is how a source stands.
type Report struct {
	Source harvest.SourceID `json:"source"`
	State  State            `json:"state"`
	// Since is when the first of the runs ended that make it so.
	Since time.Time `json:"since,omitzero"`
	// Class and Why are those of the newest run that did not pass, when the
	// state is not healthy.
	Class Class  `json:"class,omitempty"`
	Why   string `json:"why,omitempty"`
	// InARow is how many of the newest runs did not pass.
	InARow  int              `json:"in_a_row,omitempty"`
	LastRun harvest.RunID    `json:"last_run,omitempty"`
	LastEnd time.Time        `json:"last_end,omitzero"`
	Last    harvest.RunState `json:"last_state,omitempty"`
	// LastWhole is when the last run ended that passed: what the catalogue
	// holds of the source was true then.
	LastWhole time.Time `json:"last_whole,omitzero"`
	// Stale is true when that is longer ago than StaleAfter.
	Stale      bool          `json:"stale,omitempty"`
	StaleAfter time.Duration `json:"stale_after_ns,omitempty"`
	// RestsUntil is until when ticks are passed over.
	RestsUntil time.Time `json:"rests_until,omitzero"`
	// Fallback is set while the source is harvested by another door than before.
	Fallback *Fallback `json:"fallback,omitempty"`
	Window   Window    `json:"window"`
}

// Window counts what came of the runs that ended within [LookBack].
type Window struct {
	Passed      int           `json:"passed"`
	Partial     int           `json:"partial"`
	Failed      int           `json:"failed"`
	Quarantined int           `json:"quarantined"`
	Classes     map[Class]int `json:"classes,omitempty"`
}

// Runs is how many there were.
func (w *Window) Runs() int { return w.Passed + w.Partial + w.Failed + w.Quarantined }

// Assess says how a source stands. Runs are its newest, the newest first, as
// many as reach back to the last that passed and over [LookBack].
func Assess(source harvest.SourceID, plan Plan, runs []harvest.Run, now time.Time) Report {
	r := Report{Source: source, State: New, StaleAfter: plan.staleAfter()}
	r.Window.Classes = map[Class]int{}
	var holes, fails int
	streak, counted, goodUntil := true, false, time.Time{}
	for i := range runs {
		run := &runs[i]
		class := Classify(run)
		if i == 0 && class == Poison {
			r.State, r.Class, r.Why, r.Since = Broken, Poison, run.Reason, run.StartedAt
			r.LastRun, r.Last = run.ID, run.State
			counted = true
		}
		if !run.State.Ended() {
			continue
		}
		r.window(run, class, now)
		if r.LastEnd.IsZero() {
			r.LastRun, r.LastEnd, r.Last = run.ID, run.EndedAt, run.State
		}
		good := run.State == harvest.RunPassed || class == Budget
		if run.State == harvest.RunPassed && r.LastWhole.IsZero() {
			r.LastWhole = run.EndedAt
		}
		if streak = streak && !good; !streak {
			if good && r.InARow == 0 && goodUntil.IsZero() && !counted {
				r.Since = run.EndedAt
			} else if !good {
				goodUntil = run.EndedAt
			}
			continue
		}
		if r.InARow++; r.InARow == 1 && !counted {
			r.Class, r.Why = class, run.Reason
		}
		r.Since = run.EndedAt
		if run.State == harvest.RunPartial {
			holes++
		} else {
			fails++
		}
	}
	if !counted {
		r.judge(holes, fails, now)
	}
	r.Fallback = fallback(runs)
	if n, newest := failedInARow(runs); n > 0 {
		if rest := Rest(n); rest > 0 && newest.Add(rest).After(now) {
			r.RestsUntil = newest.Add(rest)
		}
	}
	r.Stale = r.StaleAfter > 0 && !r.LastWhole.IsZero() && now.Sub(r.LastWhole) > r.StaleAfter
	return r
}

// judge finds the state that follows from the newest runs that did not pass.
func (r *Report) judge(holes, fails int, now time.Time) {
	switch {
	case r.LastEnd.IsZero():
		return
	case r.InARow == 0:
		r.State = Healthy
	case r.Last == harvest.RunQuarantined:
		r.State = Quarantined
	case r.InARow >= deadRuns && now.Sub(r.Since) >= deadAfter && fails > 0:
		r.State = Dead
	case (r.Last == harvest.RunPartial || r.Last == harvest.RunDiscarded) && holes < holesInARow:
		r.State = Ailing
	default:
		r.State = Broken
	}
}

func (r *Report) window(run *harvest.Run, class Class, now time.Time) {
	if now.Sub(run.EndedAt) > LookBack {
		return
	}
	switch run.State {
	case harvest.RunPassed:
		r.Window.Passed++
	case harvest.RunPartial:
		r.Window.Partial++
	case harvest.RunFailed:
		r.Window.Failed++
	case harvest.RunQuarantined, harvest.RunDiscarded:
		r.Window.Quarantined++
	case harvest.RunRunning, harvest.RunInterrupted:
	}
	if class != "" {
		r.Window.Classes[class]++
	}
}
