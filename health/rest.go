package health

import (
	"time"

	"github.com/harvest87/harvest"
)

const (
	// restAfter is how many runs in a row must fail before a source rests.
	restAfter = 3
	// shortestRest is the first rest, which doubles with each further failure
	// up to longestRest. A source is never given up.
	shortestRest = 24 * time.Hour
	longestRest  = 30 * 24 * time.Hour
)

// Rest is how long a source is left alone after that many failed runs in a row:
// 1 day after three, then 2, 4, 8, 16 and, from the eighth on, 30 days.
func Rest(failed int) time.Duration {
	if failed < restAfter {
		return 0
	}
	const doublings = 5
	return min(shortestRest<<min(failed-restAfter, doublings), longestRest)
}

// failedInARow counts the newest runs that failed; those that were interrupted
// say nothing.
func failedInARow(runs []harvest.Run) (n int, newest time.Time) {
	for i := range runs {
		run := &runs[i]
		switch {
		case !run.State.Ended():
		case run.State != harvest.RunFailed || Classify(run) == Setup:
			return n, newest
		default:
			if n++; n == 1 {
				newest = run.EndedAt
			}
		}
	}
	return n, newest
}
