package gate

import (
	"fmt"
	"math"

	"github.com/harvest87/harvest"
)

func (c *court) counts() {
	c.bound()
	c.volume()
	c.fresh()
}

// bound is the number of records that the source file wants.
func (c *court) bound() {
	b := c.gates.Records
	if b.Op == "" || !c.whole() {
		return
	}
	n := c.run.Records()
	c.add(harvest.GateResult{
		Gate: "records", Failed: !b.Holds(n), Seen: float64(n), Low: float64(b.Value),
		Says: fmt.Sprintf("%d records, the source file wants %s", n, b),
	})
}

// The prior spread of the number of records from run to run, and of new
// records, on the scale of natural logarithms.
const (
	recordsSpread = 0.12
	newSpread     = 1.0
	priorRuns     = 3
)

// volume holds the number of records that a whole run sees to that of whole
// runs before it. Growth has its own gate, so only a fall counts.
func (c *court) volume() {
	if !c.whole() || c.gates.Volume.Off {
		return
	}
	var seen []float64
	for _, r := range c.past {
		if n := r.Figures.Seen(); r.Figures.Whole && n > 0 {
			seen = append(seen, math.Log(float64(n)))
		}
	}
	if len(seen) == 0 {
		return
	}
	var steps []float64
	for i := 1; i < len(seen); i++ {
		steps = append(steps, seen[i]-seen[i-1])
	}
	const recent = 5
	level := median(seen[max(0, len(seen)-recent):])
	spread := math.Sqrt(math.Pow(deviation(steps, 0, recordsSpread, priorRuns), 2) + math.Exp(-level))
	low := math.Exp(level - rareDeviations*spread)
	const matters = 0.15
	low = min(low, (1-matters)*math.Exp(level))
	if c.gates.Volume.Set {
		low = (1 - c.gates.Volume.Most) * math.Exp(level)
	}
	n := float64(c.now.Seen())
	c.add(harvest.GateResult{
		Gate: "volume", Failed: n < low, Seen: n, Low: max(low, 0),
		Says: fmt.Sprintf("%d records were seen; at least %.0f expected, %s with about %.0f", c.now.Seen(), math.Ceil(max(low, 0)), c.basis(c.gates.Volume.Set), math.Exp(level)),
	})
}

// fresh holds the number of new records to that of earlier runs. A source that
// brings more new records than half of all it had is worth a look, unless it
// has done so before.
func (c *court) fresh() {
	if c.gates.New.Off || len(c.past) == 0 || c.now.Standing == 0 {
		return
	}
	var came []float64
	for _, r := range c.past {
		if r.Figures.Standing > 0 { // the first run finds all new
			came = append(came, math.Log1p(float64(r.Figures.New)))
		}
	}
	middle := math.Log1p(0.02 * float64(c.now.Standing))
	if len(came) > 0 {
		middle = max(middle, median(came))
	}
	high := math.Expm1(middle + rareDeviations*deviation(came, middle, newSpread, priorRuns))
	const matters, most, least = 0.5, 0.8, 10
	high = max(min(high, most*float64(c.now.Standing)), matters*float64(c.now.Standing), least)
	if c.gates.New.Set {
		high = c.gates.New.Most * float64(c.now.Standing)
	}
	n := float64(c.now.New)
	c.add(harvest.GateResult{
		Gate: "new", Failed: n > high, Seen: n, High: high,
		Says: fmt.Sprintf("%d records are new to a source that had %d; at most %.0f expected, %s", c.now.New, c.now.Standing, math.Floor(high), c.basis(c.gates.New.Set)),
	})
}
