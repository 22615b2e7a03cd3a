package match

import (
	"context"

	"github.com/harvest87/harvest"
)

// maxRemembered bounds what a Pass remembers of other records, twice: a few
// kilobytes each.
const maxRemembered = 4096

// Pass matches records in batches. The records of a site resemble each other,
// so most of those that one batch is compared with were looked at for the batch
// before: a Pass remembers them, where [Update] reads them from the store each
// time. What it gives is the same.
//
// It is for one goroutine, and for as long as nobody else changes works. A
// record that changes meanwhile becomes pending, and is looked at as it is when
// its own turn comes.
type Pass struct {
	store Store
	// fresh is what is remembered since the last turn, old what was before: what
	// is asked for again moves on, the rest is forgotten at the next turn.
	fresh, old map[harvest.RecordID]remembered
	// read are the records of the batch whose keys were asked for.
	read map[harvest.RecordID]*entry
}

// remembered is what is compared of a record, and by what it is found.
type remembered struct {
	*entry
	refs []storedRef
}

// NewPass returns a Pass over the records of a store.
func NewPass(store Store) *Pass {
	p := &Pass{store: store}
	p.Forget()
	return p
}

// Forget drops what is remembered. It is to be called when works may have
// changed otherwise, as when a write has failed.
func (p *Pass) Forget() {
	p.fresh, p.old, p.read = make(map[harvest.RecordID]remembered), nil, nil
}

// Keys lists what stores index for the records of a batch, see [KeyStrings]. The
// batch is then to be given to Update.
func (p *Pass) Keys(batch []harvest.Record) map[harvest.RecordID][]string {
	p.read = make(map[harvest.RecordID]*entry, len(batch))
	keys := make(map[harvest.RecordID][]string, len(batch))
	for i := range batch {
		r := &batch[i]
		e := newEntry(r)
		p.read[r.ID] = e
		keys[r.ID] = keyStrings(r, storedRefs(e))
	}
	return keys
}

// Update is [Update] for the batch that Keys was asked for, whose records say in
// which works the store has them, as Pending and Lookup do.
func (p *Pass) Update(ctx context.Context, batch []harvest.Record) (Changes, error) {
	n := newNeighbourhood(p.store)
	n.memory = p
	for i := range batch {
		r := &batch[i]
		n.changed[r.ID] = true
		e := p.read[r.ID]
		if e == nil {
			e = newEntry(r)
		}
		e.work = r.Work
		n.take(e, storedRefs(e))
		p.remember(r.ID, remembered{e, n.refs[r.ID]})
	}
	p.read = nil
	changes, err := n.update(ctx)
	if err != nil {
		p.Forget()
	}
	return changes, err
}

// Wrote tells that the works of an Update stand in the store.
func (p *Pass) Wrote(works []harvest.Work) {
	if len(works) == 0 {
		return
	}
	written := make(map[harvest.WorkID]bool, len(works))
	for _, w := range works {
		written[w.ID] = true
	}
	for _, all := range []map[harvest.RecordID]remembered{p.fresh, p.old} {
		for _, known := range all {
			if written[known.work] { // and may not be in it any more
				known.work = ""
			}
		}
	}
	for _, w := range works {
		for _, m := range w.Members {
			if known, ok := p.recall(m.Record); ok {
				known.work = w.ID
			}
		}
	}
}

func (p *Pass) recall(id harvest.RecordID) (remembered, bool) {
	if known, ok := p.fresh[id]; ok {
		return known, true
	}
	known, ok := p.old[id]
	if ok {
		p.remember(id, known)
	}
	return known, ok
}

func (p *Pass) remember(id harvest.RecordID, r remembered) {
	if len(p.fresh) >= maxRemembered {
		p.old, p.fresh = p.fresh, make(map[harvest.RecordID]remembered, maxRemembered)
	}
	p.fresh[id] = r
	delete(p.old, id)
}
