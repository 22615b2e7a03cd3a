package match

import (
	"slices"

	"github.com/harvest87/harvest"
)

// pool gives entries by their place in the order of their identifiers.
type pool interface {
	entry(at uint32) *entry
}

// group is a set of entries that are joined so far.
type group struct {
	members []uint32
	// kinds are the members that differ in what can forbid a join: a thousand
	// repeats of one description are one kind.
	kinds map[kind]uint32
	// sources are those of the members; nil unless each may give only one.
	sources map[harvest.SourceID]bool
}

type kind struct {
	twin   uint64
	source harvest.SourceID
}

// maxKinds bounds a group, and with it the cost of asking whether two groups
// may be joined. Hardly a document is described in so many different ways;
// what grows beyond is told in the report.
const maxKinds = 400

// maxWitnesses is how many kinds of each group are asked, the first in the order
// of identifiers, whether they go together.
const maxWitnesses = 8

// joining is a set of groups that grows by edges. Entries without an edge
// have no group.
type joining struct {
	pool      pool
	decisions decisions
	one       bool // a group has at most one member of each source
	groups    map[uint32]*group
	recurs    map[harvest.RecordID]recurrence // for evidence
	reason    map[uint32]edge                 // the strongest edge that ties a member to its group
	report    Report
}

// Report tells what the guards did.
type Report struct {
	// Refused counts the joins of two groups that something forbade: another
	// number, another identifier, a decision, or too little in common.
	Refused int `json:"refused"`
	// Full counts the joins that would have made a group of more than 400
	// different descriptions.
	Full int `json:"full"`
	// Largest is the number of records of the largest group.
	Largest int `json:"largest"`
	// Overfull counts keys and blocks that more records share than are
	// compared, and their records.
	Overfull        int `json:"overfull"`
	OverfullRecords int `json:"overfull_records"`
	// Compared counts the pairs that were compared.
	Compared int `json:"compared"`
}

func newJoining(p pool, d decisions, one bool) *joining {
	return &joining{pool: p, decisions: d, one: one, groups: make(map[uint32]*group), reason: make(map[uint32]edge)}
}

// join takes the edges, strongest first.
func (j *joining) join(edges []edge) {
	slices.SortFunc(edges, compareEdges)
	for _, e := range edges {
		j.add(e)
	}
}

func (j *joining) groupOf(at uint32) *group {
	if g := j.groups[at]; g != nil {
		return g
	}
	e := j.pool.entry(at)
	g := &group{members: []uint32{at}, kinds: map[kind]uint32{{e.twin, e.source}: at}}
	if j.one {
		g.sources = map[harvest.SourceID]bool{e.source: true}
	}
	j.groups[at] = g
	return g
}

func (j *joining) add(e edge) {
	a, b := j.groupOf(e.a), j.groupOf(e.b)
	if a != b {
		if !j.joinable(a, b, e.tier) {
			return
		}
		if len(a.members) < len(b.members) {
			a, b = b, a
		}
		a.members = append(a.members, b.members...)
		for k, at := range b.kinds {
			if have, known := a.kinds[k]; !known || at < have {
				a.kinds[k] = at
			}
		}
		for s := range b.sources {
			a.sources[s] = true
		}
		for _, member := range b.members {
			j.groups[member] = a
		}
		j.report.Largest = max(j.report.Largest, len(a.members))
	}
	for _, member := range []uint32{e.a, e.b} {
		if _, known := j.reason[member]; !known {
			j.reason[member] = e
		}
	}
}

// joinable reports whether all of one group may stand with all of the other.
func (j *joining) joinable(g, o *group, t tier) bool {
	for s := range g.sources {
		if o.sources[s] {
			return false
		}
	}
	if j.decisions.part(j.pool, g.members, o.members) {
		j.report.Refused++
		return false
	}
	if t == decided {
		return true
	}
	if len(g.kinds)+len(o.kinds) > maxKinds {
		j.report.Full++
		return false
	}
	for ka, a := range g.kinds {
		for kb, b := range o.kinds {
			if ka != kb && j.pool.entry(a).forbids(j.pool.entry(b), t) {
				j.report.Refused++
				return false
			}
		}
	}
	if t == likely && !j.goTogether(g, o) {
		j.report.Refused++
		return false
	}
	return true
}

// goTogether reports whether at least half of the pairs of witnesses are not
// different: one likely pair must not chain two groups that are unlike.
func (j *joining) goTogether(g, o *group) bool {
	for_, against := 0, 0
	for _, a := range g.witnesses() {
		for _, b := range o.witnesses() {
			v := judge{}
			v.weigh(j.pool.entry(a), j.pool.entry(b))
			if v.verdict().Answer == Different {
				against++
			} else {
				for_++
			}
		}
	}
	return for_ >= against
}

func (g *group) witnesses() []uint32 {
	out := make([]uint32, 0, len(g.kinds))
	for _, at := range g.kinds {
		out = append(out, at)
	}
	slices.Sort(out)
	return out[:min(len(out), maxWitnesses)]
}

// forbids reports whether two entries cannot stand in one group that an edge
// of that strength makes: they bear different identifiers of one kind; or one
// source gives them different titles in one language, as one that puts the
// identifier of its journal on every page does; or, where no sure identifier
// says otherwise, another number, country, edition or year.
func (e *entry) forbids(o *entry, t tier) bool {
	for i, id := range e.ids {
		if id != "" && o.ids[i] != "" && id != o.ids[i] {
			return true
		}
	}
	if t < likely && e.source == o.source && !e.otherLanguage(o) && !e.likeTitles(o) {
		return true
	}
	if t <= named {
		return false
	}
	if e.otherISBN(o) {
		return true
	}
	if e.title().otherNumber(o.title()) && !e.otherLanguage(o) {
		return true
	}
	if t < likely {
		return false
	}
	j := judge{}
	j.forbid(e, o)
	if j.vetoed || e.year == o.year || e.year == 0 || o.year == 0 {
		return j.vetoed
	}
	p, _ := comparePair(e, o, once)
	return p.answer != Same // other years need to be outweighed, not chained
}
