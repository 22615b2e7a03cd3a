package match

import (
	"slices"

	"github.com/harvest87/harvest"
)

// decisions are what people said about pairs of records, for looking up.
type decisions struct {
	same, apart map[[2]harvest.RecordID]harvest.Decision
	// partners are the records that a record is said to differ from.
	partners map[harvest.RecordID][]harvest.RecordID
}

func newDecisions(list []harvest.Decision) decisions {
	d := decisions{
		same: make(map[[2]harvest.RecordID]harvest.Decision), apart: make(map[[2]harvest.RecordID]harvest.Decision),
		partners: make(map[harvest.RecordID][]harvest.RecordID),
	}
	for _, x := range list {
		pair := [2]harvest.RecordID{min(x.A, x.B), max(x.A, x.B)}
		if x.Same {
			d.same[pair] = x
			continue
		}
		d.apart[pair] = x
		d.partners[x.A] = append(d.partners[x.A], x.B)
		d.partners[x.B] = append(d.partners[x.B], x.A)
	}
	return d
}

// part reports whether a person said of any pair across the two groups that
// they differ.
func (d *decisions) part(p pool, g, o []uint32) bool {
	if len(d.apart) == 0 {
		return false
	}
	if len(g) > len(o) {
		g, o = o, g
	}
	var far []harvest.RecordID
	for _, at := range g {
		far = append(far, d.partners[p.entry(at).id]...)
	}
	if len(far) == 0 {
		return false
	}
	return slices.ContainsFunc(o, func(at uint32) bool { return slices.Contains(far, p.entry(at).id) })
}
