package match

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

// Store is what Update reads. The methods are those of the catalogue.
type Store interface {
	// Holders returns, for each of the keys that records have, their
	// identifiers in order, at most that many of each key.
	Holders(ctx context.Context, keys []string, most int) (map[string][]harvest.RecordID, error)
	// Lookup streams the records with those identifiers; unknown ones are
	// passed over.
	Lookup(ctx context.Context, ids []harvest.RecordID) iter.Seq2[harvest.Record, error]
	// Work returns one work, or harvest.ErrNotFound.
	Work(ctx context.Context, id harvest.WorkID) (harvest.Work, error)
	// Decisions returns what people said about any of the records.
	Decisions(ctx context.Context, ids []harvest.RecordID) ([]harvest.Decision, error)
}

// Changes are what Update asks to be written.
type Changes struct {
	// Works are new and changed works with all their members, and without
	// members those that are no more.
	Works []harvest.Work
	// Looked are the records that were looked at, Doubts all pairs among them
	// and others that a person must look at.
	Looked []harvest.RecordID
	Doubts []harvest.Doubt
	// Cut is true when more records hang together than are looked at in one
	// call; what was left out is as it was.
	Cut    bool
	Report Report
}

// maxNeighbours bounds how many records one Update looks at besides the
// changed ones.
const maxNeighbours = 20_000

// Update returns what to write after records have changed. The store must
// already have the keys of the changed records ([KeyStrings]); they may come in
// any number and order, and Record.Work need not be filled. Working through all
// records in batches builds the same works as [Link] over all of them at once,
// with memory for one batch and what hangs together with it.
//
// One thing is left to the next pass over all records: when a record loses a
// key or a title that others have, the others are not looked at again, although
// their number may now count as a reason to join or to doubt.
func Update(ctx context.Context, store Store, changed []harvest.Record) (Changes, error) {
	n := newNeighbourhood(store)
	for i := range changed {
		n.changed[changed[i].ID] = true
		n.learn(&changed[i])
	}
	// What works the changed records are in, only the store knows.
	if err := n.load(ctx, slices.Collect(maps.Keys(n.changed))); err != nil {
		return Changes{}, fmt.Errorf("match records: %w", err)
	}
	return n.update(ctx)
}

// update looks at the changed records, which are known, and says what to write.
func (n *neighbourhood) update(ctx context.Context) (Changes, error) {
	for _, id := range slices.Sorted(maps.Keys(n.changed)) {
		n.include(id)
	}
	for len(n.queue) > 0 {
		if err := n.grow(ctx); err != nil {
			return Changes{}, fmt.Errorf("match records: %w", err)
		}
	}
	changes, err := n.conclude(ctx)
	if err != nil {
		return Changes{}, fmt.Errorf("match records: %w", err)
	}
	return changes, nil
}

// neighbourhood is what can be joined with the changed records or was joined
// with them before.
type neighbourhood struct {
	store    Store
	memory   *Pass // of earlier batches, nil when there is none
	changed  map[harvest.RecordID]bool
	known    map[harvest.RecordID]*entry
	refs     map[harvest.RecordID][]storedRef
	included map[harvest.RecordID]bool
	queue    []harvest.RecordID
	holders  map[string][]harvest.RecordID // of keys that were asked for
	pairs    map[[2]harvest.RecordID]pair  // that were compared and are not different
	compared map[[2]harvest.RecordID]bool
	titled   map[uint64][][2]harvest.RecordID // pairs that were compared, by the block of the title of both
	recurs   map[uint64]recurrence            // by the block of a title that has many years; crowded when too many have it
	crowds   map[harvest.RecordID]recurrence  // of those that have such a title
	works    map[harvest.WorkID]harvest.Work  // as the store has them
	apart    []harvest.Decision
	cut      bool
	report   Report
}

func newNeighbourhood(store Store) *neighbourhood {
	return &neighbourhood{
		store: store, changed: make(map[harvest.RecordID]bool), known: make(map[harvest.RecordID]*entry),
		refs: make(map[harvest.RecordID][]storedRef), included: make(map[harvest.RecordID]bool),
		holders: make(map[string][]harvest.RecordID), pairs: make(map[[2]harvest.RecordID]pair),
		compared: make(map[[2]harvest.RecordID]bool), titled: make(map[uint64][][2]harvest.RecordID), recurs: make(map[uint64]recurrence),
		crowds: make(map[harvest.RecordID]recurrence),
		works:  make(map[harvest.WorkID]harvest.Work),
	}
}

// learn takes a record in, to be compared with.
func (n *neighbourhood) learn(r *harvest.Record) {
	e := newEntry(r)
	n.take(e, storedRefs(e))
}

func (n *neighbourhood) take(e *entry, refs []storedRef) { n.known[e.id], n.refs[e.id] = e, refs }

// load learns the records that are not known yet. Of changed ones it takes
// only the work they are in: their content is newer here.
func (n *neighbourhood) load(ctx context.Context, ids []harvest.RecordID) error {
	ids = slices.DeleteFunc(ids, n.recall)
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	for r, err := range n.store.Lookup(ctx, slices.Compact(ids)) {
		if err != nil {
			return err
		}
		if n.changed[r.ID] && n.known[r.ID] != nil {
			n.known[r.ID].work = r.Work
			continue
		}
		n.learn(&r)
		if n.memory != nil {
			n.memory.remember(r.ID, remembered{n.known[r.ID], n.refs[r.ID]})
		}
	}
	return nil
}

// recall reports whether a record need not be read from the store.
func (n *neighbourhood) recall(id harvest.RecordID) bool {
	if n.known[id] != nil {
		return n.memory != nil || !n.changed[id]
	}
	if n.memory == nil {
		return false
	}
	r, ok := n.memory.recall(id)
	if ok {
		n.take(r.entry, r.refs)
	}
	return ok
}

// include makes a record one whose works are decided anew.
func (n *neighbourhood) include(id harvest.RecordID) {
	switch {
	case n.included[id] || n.known[id] == nil:
	case len(n.included) >= maxNeighbours+len(n.changed):
		n.cut = true
	default:
		n.included[id] = true
		n.queue = append(n.queue, id)
	}
}

// grow looks at the records in the queue: who else has their keys, and who of
// these is likely the same document.
func (n *neighbourhood) grow(ctx context.Context) error {
	wave := n.queue
	n.queue = nil
	if err := n.ask(ctx, wave); err != nil {
		return err
	}
	if err := n.loadHolders(ctx, wave); err != nil {
		return err
	}
	for _, id := range wave {
		n.meet(id)
	}
	return n.follow(ctx, wave)
}

// follow includes the members of the works that the records are in, and those
// of whom a person spoke.
func (n *neighbourhood) follow(ctx context.Context, wave []harvest.RecordID) error {
	var ids []harvest.RecordID
	for _, id := range wave {
		w := n.known[id].work
		if _, known := n.works[w]; known || w == "" {
			continue
		}
		work, err := n.store.Work(ctx, w)
		if err != nil && !isNotFound(err) {
			return err
		}
		work.ID = w
		n.works[w] = work
		for _, m := range work.Members {
			ids = append(ids, m.Record)
		}
	}
	said, err := n.store.Decisions(ctx, wave)
	if err != nil {
		return err
	}
	n.apart = append(n.apart, said...)
	for _, d := range said {
		if d.Same {
			ids = append(ids, d.A, d.B)
		}
	}
	if err := n.load(ctx, slices.Clone(ids)); err != nil {
		return err
	}
	for _, id := range ids {
		n.include(id)
	}
	return nil
}

// conclude joins what is included and says what differs from the store.
func (n *neighbourhood) conclude(ctx context.Context) (Changes, error) {
	byID := make(map[harvest.RecordID]*entry, len(n.included))
	for id := range n.included {
		byID[id] = n.known[id]
	}
	row := rowOf(byID)
	edges := n.keyEdges(row)
	for _, p := range slices.SortedFunc(maps.Keys(n.pairs), comparePairs) {
		x := n.pairs[p]
		a, okA := row.place(p[0])
		b, okB := row.place(p[1])
		if x.answer == Same && okA && okB {
			x.a, x.b = a, b
			edges = append(edges, x.edge())
		}
	}
	recurs := make(map[harvest.RecordID]recurrence)
	for id := range n.included {
		recurs[id] = n.recurrenceOf(id)
	}
	d := newDecisions(n.apart)
	found, report := row.works(edges, d, recurs)
	report.Compared, report.Overfull = n.report.Compared, n.report.Overfull
	works := n.difference(found)
	return Changes{
		Works: works, Looked: slices.Sorted(maps.Keys(n.included)), Doubts: n.doubts(found, &d), Cut: n.cut, Report: report,
	}, ctx.Err()
}

func comparePairs(a, b [2]harvest.RecordID) int {
	if c := strings.Compare(string(a[0]), string(b[0])); c != 0 {
		return c
	}
	return strings.Compare(string(a[1]), string(b[1]))
}

// keyEdges lists the edges that keys offer among what is included.
func (n *neighbourhood) keyEdges(row row) []edge {
	var out []edge
	done := make(map[string]bool)
	for _, e := range row {
		for _, k := range e.keys {
			key := k.String()
			if done[key] || len(n.holders[key]) > maxHolders {
				continue
			}
			done[key] = true
			var holders []holder
			for _, id := range n.holders[key] {
				if at, found := row.place(id); found && row[at].key(key) != (Key{}) {
					holders = append(holders, holder{at, row[at]})
				}
			}
			out = append(out, keyEdges(key, holders)...)
		}
	}
	return out
}

// doubts lists the pairs that are unsure, were not joined otherwise, and of
// which nobody has spoken.
func (n *neighbourhood) doubts(found []harvest.Work, d *decisions) []harvest.Doubt {
	workOf := make(map[harvest.RecordID]harvest.WorkID)
	for _, w := range found {
		for _, m := range w.Members {
			workOf[m.Record] = w.ID
		}
	}
	var out []harvest.Doubt
	for _, p := range slices.SortedFunc(maps.Keys(n.pairs), comparePairs) {
		_, same := d.same[p]
		_, apart := d.apart[p]
		if w := workOf[p[0]]; same || apart || w != "" && w == workOf[p[1]] || !n.included[p[0]] && !n.included[p[1]] {
			continue
		}
		x := n.pairs[p]
		if x.answer == Same && !n.included[p[0]] {
			continue
		}
		out = append(out, harvest.Doubt{
			A: p[0], B: p[1], Score: x.score, Evidence: explain(n.known[p[0]], n.known[p[1]], n.recursIn(p[0], p[1])).Evidence(),
		})
	}
	return out
}

// astray reports whether a member does not point to its work, as after a crash
// between the writing of a work and that of its records.
func (n *neighbourhood) astray(w harvest.Work) bool {
	return slices.ContainsFunc(w.Members, func(m harvest.Member) bool {
		e := n.known[m.Record]
		return e != nil && e.work != w.ID
	})
}

// difference leaves out the works that the store has as they are, and adds
// those that it must drop.
func (n *neighbourhood) difference(found []harvest.Work) []harvest.Work {
	var out []harvest.Work
	kept := make(map[harvest.WorkID]bool)
	for _, w := range found {
		kept[w.ID] = true
		if !slices.Equal(w.Members, n.works[w.ID].Members) || n.astray(w) {
			out = append(out, w)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(n.works)) {
		if !kept[id] && len(n.works[id].Members) > 0 && !n.cut {
			out = append(out, harvest.Work{ID: id})
		}
	}
	return out
}
