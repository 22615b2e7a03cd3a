package health

import (
	"fmt"
	"time"

	"github.com/harvest87/harvest"
)

// Fallback says that a door has stopped working and that runs come in by another.
// It is a warning and no state: what such a run gives may be whole, and its gates
// judge it.
type Fallback struct {
	Door   string `json:"door"`   // the one that has stopped working
	Reason string `json:"reason"` // why the newest run has passed it over
	By     string `json:"by"`     // the one that works in its stead
	// Worked is when the last run ended that came in by the one that has stopped.
	Worked time.Time `json:"worked"`
}

func (f *Fallback) String() string {
	return fmt.Sprintf("door %s does not work any more (%s), and did until %s; %s works in its stead", f.Door, f.Reason, f.Worked.UTC().Format("2006-01-02 15:04 MST"), f.By)
}

// FallbackOf is that of one run, nil for none.
func FallbackOf(run *harvest.Run) *Fallback {
	lost := run.LostDoor()
	if lost == nil {
		return nil
	}
	return &Fallback{Door: lost.Door, Reason: lost.Reason, By: run.Door(), Worked: lost.Worked}
}

// fallback is that of the newest run that came in at all.
func fallback(runs []harvest.Run) *Fallback {
	for i := range runs {
		if run := &runs[i]; run.State.Ended() && !run.Replay && run.Door() != "" {
			return FallbackOf(run)
		}
	}
	return nil
}
