package gate

import (
	"fmt"
	"math"

	"github.com/harvest87/harvest"
)

// A site that breaks little by little, a few records a week, gives no single run
// cause for doubt. So the end of a whole run looks at all runs of the baseline
// together: their first third and their last, the run among them.
const (
	fadingRuns = 9   // with fewer, thirds are too short to tell a trend from weather
	fadingFrom = 20  // records read again in each third, on the average of its runs
	fadingDrop = 0.1 // share of the level at first that must have gone
	fadingZ    = 4.0 // standard errors between the two levels
)

// level is how many of the records read again had a field, before and after.
type level struct {
	had, has, again int
}

// fading holds the level of a field over all runs. It fails when every one of the
// newest third of runs had less of it than every one of the oldest third, when the
// difference is worth a word and too large for chance, and when records have lost
// the field that had it: a site that goes over to another kind of document has
// another level, too, and loses nothing.
func (c *court) fading(f *harvest.FieldFigures) {
	if !c.ended || c.gates.Lost[f.Name].Off || len(c.past)+1 < fadingRuns {
		return
	}
	var levels []level
	lost := 0
	for _, r := range c.past {
		x := r.Figures.Field(f.Name)
		if r.Figures.Again > 0 {
			levels = append(levels, level{x.Had, x.Had - x.Lost, r.Figures.Again})
			lost += x.Lost
		}
	}
	if c.now.Again > 0 {
		levels = append(levels, level{f.Had, f.Had - f.Lost, c.now.Again})
		lost += f.Lost
	}
	if len(levels) < fadingRuns {
		return
	}
	third := len(levels) / 3
	first, last := levels[:third], levels[len(levels)-third:]
	var was, is, n1, n2 float64
	lowest, highest := 1.0, 0.0
	for _, l := range first {
		was += float64(l.had)
		n1 += float64(l.again)
		lowest = min(lowest, float64(l.had)/float64(l.again))
	}
	for _, l := range last {
		is += float64(l.has)
		n2 += float64(l.again)
		highest = max(highest, float64(l.has)/float64(l.again))
	}
	was, is = was/n1, is/n2
	n1, n2 = n1/float64(third), n2/float64(third) // the same records again and again are no more of them
	drop := was - is
	mean := (was + is) / 2
	z := drop / math.Sqrt(max(mean*(1-mean), 1e-9)*(1/n1+1/n2))
	all := 0.0
	for _, l := range levels {
		all += float64(l.again)
	}
	explained := float64(lost) >= 0.5*drop*all/float64(len(levels))
	failed := min(n1, n2) >= fadingFrom && drop >= fadingDrop*was && z >= fadingZ && highest < lowest && explained
	c.add(harvest.GateResult{
		Gate: "fading." + f.Name, Failed: failed, Seen: is, Low: was * (1 - fadingDrop), High: 1,
		Says: fmt.Sprintf("%s of the records read again had %s in the first %d of %d runs, and %s in the last %d; records lose it a few at a time",
			percent(was), f.Name, third, len(levels), percent(is), third),
		Hints: c.died(f), Examples: f.Examples,
	})
}
