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
	changed  map[harvest.RecordID]bool
	known    map[harvest.RecordID]*entry
	refs     map[harvest.RecordID][]storedRef
	included map[harvest.RecordID]bool
	queue    []harvest.RecordID
	holders  map[string][]harvest.RecordID // of keys that were asked for
	pairs    map[[2]harvest.RecordID]pair  // that were compared and are not different
	compared map[[2]harvest.RecordID]bool
	titled   map[uint64][][2]harvest.RecordID // pairs that were compared, by the block of the title of both
	recurs   map[uint64]bool                  // by the block of a title
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
		compared: make(map[[2]harvest.RecordID]bool), titled: make(map[uint64][][2]harvest.RecordID), recurs: make(map[uint64]bool),
		works: make(map[harvest.WorkID]harvest.Work),
	}
}

// learn takes a record in, to be compared with.
func (n *neighbourhood) learn(r *harvest.Record) {
	e := newEntry(r)
	n.known[r.ID] = e
	n.refs[r.ID] = storedRefs(e)
}

// load learns the records that are not known yet. Of changed ones it takes
// only the work they are in: their content is newer here.
func (n *neighbourhood) load(ctx context.Context, ids []harvest.RecordID) error {
	ids = slices.DeleteFunc(ids, func(id harvest.RecordID) bool { return n.known[id] != nil && !n.changed[id] })
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
	}
	return nil
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

// ask looks up the holders of all keys of the records.
func (n *neighbourhood) ask(ctx context.Context, wave []harvest.RecordID) error {
	wanted := make(map[refKind][]string)
	for _, id := range wave {
		for _, r := range n.refs[id] {
			if _, asked := n.holders[r.key]; !asked {
				n.holders[r.key] = nil
				wanted[r.kind] = append(wanted[r.kind], r.key)
			}
		}
	}
	for kind, keys := range wanted {
		found, err := n.store.Holders(ctx, keys, n.most(kind))
		if err != nil {
			return err
		}
		maps.Copy(n.holders, found)
	}
	return nil
}

// most is how many holders of a key need to be known: one more than may be
// compared, and so many more that it shows when the changed records made it
// too many.
func (n *neighbourhood) most(kind refKind) int {
	if kind == twinRef {
		return 2 // the first, and the one that was first before it
	}
	return bound(kind) + 1 + len(n.changed)
}

// loadHolders learns the holders with whom the records will be compared.
func (n *neighbourhood) loadHolders(ctx context.Context, wave []harvest.RecordID) error {
	var ids []harvest.RecordID
	seen := make(map[string]bool)
	for _, id := range wave {
		for _, r := range n.refs[id] {
			if holders := n.holders[r.key]; !seen[r.key] && (r.kind == twinRef || r.kind == titleRef || len(holders) <= bound(r.kind) || n.isCrossed(r)) {
				seen[r.key] = true
				ids = append(ids, holders...)
			}
		}
	}
	return n.load(ctx, ids)
}

// isCrossed reports whether the changed records have made the holders of a key
// too many to be compared: those that were compared before are looked at anew.
func (n *neighbourhood) isCrossed(r storedRef) bool {
	holders := n.holders[r.key]
	if r.kind == twinRef || len(holders) <= bound(r.kind) || len(holders) == n.most(r.kind) {
		return false
	}
	before := 0
	for _, id := range holders {
		if !n.changed[id] {
			before++
		}
	}
	return before <= bound(r.kind)
}

// meet compares a record with those that share its keys, and includes those
// that its works depend on.
func (n *neighbourhood) meet(id harvest.RecordID) {
	for _, r := range n.refs[id] {
		holders := n.holders[r.key]
		switch {
		case r.kind == keyRef && len(holders) <= maxHolders, n.isCrossed(r):
			for _, h := range holders {
				n.include(h)
			}
			if r.kind == titleRef {
				n.meetTitle(id, holders)
			}
		case r.kind == titleRef:
			n.meetTitle(id, holders)
		case r.kind == twinRef:
			n.meetTwins(id, holders)
		case r.kind == blockRef && len(holders) <= maxBlock:
			n.compareAll(id, holders)
		case r.kind == wideRef && len(holders) <= maxBlock:
			for _, h := range holders {
				if n.known[h] != nil && n.known[id].words.near(n.known[h].words) {
					n.compare(id, h)
				}
			}
		case r.kind != keyRef && n.changed[id]:
			n.report.Overfull++
		}
	}
}

// meetTwins compares a record with the first of its twins; the first itself
// with the one that was first before it came.
func (n *neighbourhood) meetTwins(id harvest.RecordID, holders []harvest.RecordID) {
	if len(holders) == 2 && holders[0] == id {
		n.compare(id, holders[1])
	} else if len(holders) > 0 {
		n.compare(id, holders[0])
	}
}

// meetTitle compares a record with those of its title. When the title recurs
// over the years, that touches all of them.
func (n *neighbourhood) meetTitle(id harvest.RecordID, holders []harvest.RecordID) {
	years := make(map[int]bool)
	for _, h := range holders[:min(len(holders), maxBlock+1)] {
		if e := n.known[h]; e != nil && e.year != 0 {
			years[e.year] = true
		}
	}
	if len(years) > maxYears {
		n.recur(n.known[id].titleBlock)
		if n.changed[id] {
			for _, h := range holders {
				n.include(h)
			}
		}
	}
	if len(holders) <= maxBlock {
		n.compareAll(id, holders)
	}
}

// recur notes that a title recurs, and compares again what was compared before
// that was known.
func (n *neighbourhood) recur(block uint64) {
	if n.recurs[block] {
		return
	}
	n.recurs[block] = true
	again := n.titled[block]
	delete(n.titled, block)
	for _, p := range again {
		delete(n.compared, p)
		delete(n.pairs, p)
		n.compare(p[0], p[1])
	}
}

// bothRecur reports whether the titles of both records are known to recur.
func (n *neighbourhood) bothRecur(a, b harvest.RecordID) bool {
	return n.recurs[n.known[a].titleBlock] && n.recurs[n.known[b].titleBlock]
}

func (n *neighbourhood) compareAll(id harvest.RecordID, holders []harvest.RecordID) {
	for _, h := range holders {
		n.compare(id, h)
	}
}

// compare compares two records once. What is the same belongs to the
// neighbourhood.
func (n *neighbourhood) compare(a, b harvest.RecordID) {
	p := [2]harvest.RecordID{min(a, b), max(a, b)}
	if a == b || n.compared[p] || n.known[a] == nil || n.known[b] == nil {
		return
	}
	n.compared[p] = true
	if block := n.known[a].titleBlock; block == n.known[b].titleBlock && !n.recurs[block] {
		n.titled[block] = append(n.titled[block], p)
	}
	n.report.Compared++
	found, ok := comparePair(n.known[p[0]], n.known[p[1]], n.bothRecur(a, b))
	if !ok {
		return
	}
	n.pairs[p] = found
	if found.answer == Same {
		n.include(a)
		n.include(b)
	}
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
	recurs := make(map[harvest.RecordID]bool)
	for id := range n.included {
		recurs[id] = n.recurs[n.known[id].titleBlock]
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
			A: p[0], B: p[1], Score: x.score, Evidence: explain(n.known[p[0]], n.known[p[1]], n.bothRecur(p[0], p[1])).Evidence(),
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
