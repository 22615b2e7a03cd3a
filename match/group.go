package match

import (
	"cmp"
	"maps"
	"slices"

	"github.com/harvest87/harvest"
)

// group is a set of entries that are joined so far.
type group struct {
	members []*entry
	// kinds are the members that differ in what can forbid a join: a thousand
	// repeats of one description are one kind.
	kinds map[kind]*entry
}

type kind struct {
	ids      [4]string
	isbn     string
	source   harvest.SourceID
	language string
	title    string
}

func newGroup(e *entry) *group {
	k := kind{e.ids, e.isbn, e.source, e.language, e.title().key}
	return &group{[]*entry{e}, map[kind]*entry{k: e}}
}

// maxKinds bounds a group, and with it the cost of asking whether two groups
// may be joined. No document is described in so many different ways.
const maxKinds = 200

// joinable reports whether all of one group may stand with all of the other.
func (g *group) joinable(o *group, t tier) bool {
	if len(g.kinds)+len(o.kinds) > maxKinds {
		return false
	}
	for ka, a := range g.kinds {
		for kb, b := range o.kinds {
			if ka == kb {
				continue
			}
			if a.contradicts(b) || t > named && a.differs(b) {
				return false
			}
		}
	}
	return true
}

// joining is a set of groups that grows by edges.
type joining struct {
	groupOf map[*entry]*group
	reason  map[*entry]edge // the strongest edge that ties a member to its group
}

// works joins the entries over the edges, strongest first, and returns the
// groups of two or more as works, in the order of their identifiers.
func works(entries []*entry, edges []edge) []harvest.Work {
	slices.SortFunc(edges, compareEdges)
	j := joining{make(map[*entry]*group, len(entries)), make(map[*entry]edge)}
	for _, e := range entries {
		j.groupOf[e] = newGroup(e)
	}
	for _, e := range edges {
		j.add(e)
	}
	var out []harvest.Work
	for _, e := range entries {
		if g := j.groupOf[e]; len(g.members) > 1 && g.members[0] == e {
			out = append(out, j.work(g))
		}
	}
	slices.SortFunc(out, func(a, b harvest.Work) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func (j *joining) add(e edge) {
	a, b := j.groupOf[e.a], j.groupOf[e.b]
	if a != b {
		if !a.joinable(b, e.tier) {
			return
		}
		if len(a.members) < len(b.members) {
			a, b = b, a
		}
		a.members = append(a.members, b.members...)
		maps.Copy(a.kinds, b.kinds)
		for _, member := range b.members {
			j.groupOf[member] = a
		}
	}
	for _, member := range []*entry{e.a, e.b} {
		if _, known := j.reason[member]; !known {
			j.reason[member] = e
		}
	}
}

func (j *joining) work(g *group) harvest.Work {
	var ids []harvest.RecordID
	var members []harvest.Member
	for _, e := range g.members {
		reason := j.reason[e]
		ids = append(ids, e.id)
		members = append(members, harvest.Member{Record: e.id, Method: string(reason.method), Evidence: reason.value})
	}
	slices.SortFunc(members, func(a, b harvest.Member) int { return cmp.Compare(a.Record, b.Record) })
	return harvest.Work{ID: harvest.NewWorkID(ids), Members: members}
}
