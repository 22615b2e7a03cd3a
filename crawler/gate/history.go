package gate

import (
	"slices"

	"github.com/harvest87/harvest"
)

// longest is how many earlier runs are learned from: enough for a spread, and
// few enough that what a site was like two years ago does not count.
const longest = 30

// Baseline picks from the runs of a source, in any order, those that a run is
// compared with: the newest that passed, oldest first. A run that a person has
// published out of quarantine begins it anew, for that is how the source is
// now; what was before would fail every run that follows.
func Baseline(runs []harvest.Run, present harvest.RunID) []harvest.Run {
	passed := make([]harvest.Run, 0, len(runs))
	for i := range runs {
		r := &runs[i]
		if r.ID != present && !r.Replay && r.Figures != nil && r.State == harvest.RunPassed {
			passed = append(passed, *r)
		}
	}
	slices.SortStableFunc(passed, func(a, b harvest.Run) int { return a.StartedAt.Compare(b.StartedAt) })
	for i := len(passed) - 1; i > 0; i-- {
		if passed[i].Ruling != nil {
			passed = passed[i:]
			break
		}
	}
	return passed[max(0, len(passed)-longest):]
}

// past are the figures of a baseline.
type past []*harvest.Run

func (p past) ratios(of func(*harvest.Figures) ratio) []ratio {
	var out []ratio
	for _, r := range p {
		if x := of(r.Figures); x.n > 0 {
			out = append(out, x)
		}
	}
	return out
}
