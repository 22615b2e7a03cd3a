package gate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// Judge says of each gate whether the run holds. Baseline gives the history.
// Before the end of the run, or when it is not whole, the gates that ask what
// is missing are left out. The first results are those that failed.
//
// Without any history only what no source could be proud of fails: one title
// for everything, hardly a page that could be had.
func Judge(g config.Gates, history []harvest.Run, run *harvest.Run, ended bool) []harvest.GateResult {
	c := court{gates: g, run: run, now: run.Figures, ended: ended}
	for i := range history {
		c.past = append(c.past, &history[i])
	}
	if c.now == nil {
		return nil
	}
	c.counts()
	c.shares()
	c.mixes()
	slices.SortStableFunc(c.results, func(a, b harvest.GateResult) int {
		return cmp.Compare(order(a.Failed), order(b.Failed))
	})
	return c.results
}

func order(failed bool) int {
	if failed {
		return 0
	}
	return 1
}

// Failed are the results that failed.
func Failed(results []harvest.GateResult) []harvest.GateResult {
	var out []harvest.GateResult
	for i := range results {
		if results[i].Failed {
			out = append(out, results[i])
		}
	}
	return out
}

// Sums says in one line what failed, empty when all holds.
func Sums(results []harvest.GateResult) string {
	var parts []string
	for _, r := range Failed(results) {
		parts = append(parts, r.Gate+": "+r.Says)
	}
	const most = 3
	if n := len(parts); n > most {
		parts = append(parts[:most], fmt.Sprintf("and %d more", n-most))
	}
	return strings.Join(parts, "; ")
}

// court is one judgement.
type court struct {
	gates   config.Gates
	run     *harvest.Run
	now     *harvest.Figures
	past    past
	ended   bool
	results []harvest.GateResult
}

// whole reports whether what the run did not see means anything.
func (c *court) whole() bool { return c.ended && c.now.Whole }

// sameReading reports whether this run reads pages as the last one did. When it
// does not, many records may change without the site having done anything.
func (c *court) sameReading() bool {
	return len(c.past) == 0 || c.past[len(c.past)-1].Config == c.run.Config
}

func (c *court) add(r harvest.GateResult) {
	r.History = len(c.past)
	if !r.Failed {
		r.Hints, r.Examples = nil, nil
	}
	c.results = append(c.results, r)
}

func percent(share float64) string {
	switch {
	case share > 0 && share < 0.01:
		return "less than 1 %"
	case share > 0.99 && share < 1:
		return "more than 99 %"
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}

// after says on what an expectation rests.
func (c *court) after() string {
	switch n := len(c.past); n {
	case 0:
		return "of any source"
	case 1:
		return "after one run"
	default:
		return fmt.Sprintf("after %d runs", n)
	}
}
