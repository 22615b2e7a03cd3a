package crawler

import (
	"context"
	"fmt"
	"strings"

	"github.com/harvest87/harvest"
)

// verdict decides whether a run that has nothing left to do is whole, and says
// why when it is not.
func (j *job) verdict(ctx context.Context) (harvest.RunState, string) {
	run := &j.state.run
	if j.state.door >= len(j.Doors) {
		var tried []string
		for _, d := range run.Doors {
			tried = append(tried, d.Door+" "+d.Reason)
		}
		return harvest.RunFailed, "no door works: " + strings.Join(tried, "; ")
	}
	if run.Outcomes[harvest.OverLimit] > 0 {
		return harvest.RunPartial, "stopped at " + j.overLimit()
	}
	if why := j.state.sameForAll(); why != "" {
		return harvest.RunPartial, why
	}
	if n := run.Failures(); n > 0 {
		return harvest.RunPartial, fmt.Sprintf("%d %s: %s", n, plural(n, "ending", "endings")+" that should not be", failures(run))
	}
	if run.Incremental {
		known, err := j.Store.Count(ctx, harvest.Query{Sources: []harvest.SourceID{j.Source.ID}})
		if err == nil {
			j.state.note(fmt.Sprintf("only what changed since %s was asked for; %d of %d records stand as they were",
				run.Since.Format("2006-01-02 15:04 MST"), max(0, known-run.Records()), known))
		}
		return harvest.RunPassed, ""
	}
	return harvest.RunPassed, ""
}

// failures lists the failing outcomes with their counts, in report order.
func failures(run *harvest.Run) string {
	var parts []string
	for _, info := range harvest.Outcomes() {
		if n := run.Outcomes[info.Outcome]; n > 0 && info.Severity == harvest.Failing {
			parts = append(parts, fmt.Sprintf("%s %d", info.Outcome, n))
		}
	}
	return strings.Join(parts, ", ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
