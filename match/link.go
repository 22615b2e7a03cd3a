package match

import (
	"cmp"
	"maps"
	"slices"

	"github.com/harvest87/harvest"
)

// Link groups records into works: every group of two or more that describe one
// document, in the order of their identifiers, each membership with its
// method, score and evidence. The answer depends on the records and decisions
// alone, not on their order. Of records with one ID the last counts.
func Link(records []harvest.Record, decisions ...harvest.Decision) []harvest.Work {
	byID := make(map[harvest.RecordID]*entry, len(records))
	for i := range records {
		byID[records[i].ID] = newEntry(&records[i])
	}
	row := rowOf(byID)
	l := loom{pools: []pool{row}}
	for at, e := range row {
		l.refs.add(refsOf(uint32(at), e)...)
		l.years = append(l.years, uint16(e.year))
		l.words = append(l.words, e.words)
	}
	l.weave(len(row))
	edges := l.edges()
	for _, p := range l.pairs() {
		if p.answer == Same {
			edges = append(edges, p.edge())
		}
	}
	recurs := make(map[harvest.RecordID]recurrence)
	for at, r := range l.recurs {
		recurs[row[at].id] = r
	}
	found, _ := row.works(edges, newDecisions(decisions), recurs)
	return found
}

// row is a pool of entries in the order of their identifiers.
type row []*entry

func rowOf(byID map[harvest.RecordID]*entry) row {
	return slices.SortedFunc(maps.Values(byID), func(a, b *entry) int { return cmp.Compare(a.id, b.id) })
}

func (r row) entry(at uint32) *entry { return r[at] }

// place finds an entry that may be in a work.
func (r row) place(id harvest.RecordID) (uint32, bool) {
	at, found := slices.BinarySearchFunc(r, id, func(e *entry, id harvest.RecordID) int { return cmp.Compare(e.id, id) })
	return uint32(at), found && !r[at].withdrawn
}

// works joins the entries over the edges and the decisions and returns the
// groups of two or more.
func (r row) works(edges []edge, d decisions, recurs map[harvest.RecordID]recurrence) ([]harvest.Work, Report) {
	j := newJoining(r, d, false)
	j.recurs = recurs
	j.join(append(d.edges(r.place), edges...))
	var out []harvest.Work
	for at := range r {
		if g := j.groups[uint32(at)]; g != nil && len(g.members) > 1 && slices.Min(g.members) == uint32(at) {
			out = append(out, j.work(g))
		}
	}
	slices.SortFunc(out, func(a, b harvest.Work) int { return cmp.Compare(a.ID, b.ID) })
	return out, j.report
}

func (j *joining) work(g *group) harvest.Work {
	slices.Sort(g.members)
	var ids []harvest.RecordID
	var members []harvest.Member
	for _, at := range g.members {
		e, reason := j.pool.entry(at), j.reason[at]
		ids = append(ids, e.id)
		members = append(members, harvest.Member{
			Record: e.id, Method: string(reason.method), Score: reason.score, Evidence: j.evidence(at, reason), Language: e.language,
		})
	}
	return harvest.Work{ID: harvest.NewWorkID(ids), Members: members}
}

// evidence says in words why an entry is in its group.
func (j *joining) evidence(at uint32, reason edge) string {
	if reason.method != Likeness {
		return reason.value
	}
	other := reason.a
	if other == at {
		other = reason.b
	}
	a, b := j.pool.entry(at), j.pool.entry(other)
	return "like " + string(b.id) + ": " + explain(a, b, recurrenceIn(a, b, j.recurs[a.id], j.recurs[b.id])).Evidence()
}
