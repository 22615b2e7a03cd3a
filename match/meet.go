package match

import (
	"context"
	"maps"

	"github.com/harvest87/harvest"
)

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
			if holders := n.holders[r.key]; !seen[r.key] && n.isMet(r, holders) {
				seen[r.key] = true
				ids = append(ids, holders...)
			}
		}
		ids = append(ids, n.metTwice(id)...)
	}
	return n.load(ctx, ids)
}

// isMet reports whether a record will be compared with all holders of a key.
func (n *neighbourhood) isMet(r storedRef, holders []harvest.RecordID) bool {
	switch r.kind {
	case twinRef, titleRef:
		return true
	case wideRef:
		return n.isCrossed(r)
	default:
		return len(holders) <= bound(r.kind) || n.isCrossed(r)
	}
}

// metTwice lists whom a record meets in two wide blocks.
func (n *neighbourhood) metTwice(id harvest.RecordID) []harvest.RecordID {
	times := make(map[harvest.RecordID]int)
	var twice []harvest.RecordID
	for _, r := range n.refs[id] {
		holders := n.holders[r.key]
		if r.kind != wideRef || len(holders) > maxBlock {
			continue
		}
		for _, h := range holders {
			if times[h]++; times[h] == minWide && h != id {
				twice = append(twice, h)
			}
		}
	}
	return twice
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
		case r.kind == wideRef && len(holders) <= maxBlock: // see below
		case r.kind != keyRef && n.changed[id]:
			n.report.Overfull++
		}
	}
	for _, h := range n.metTwice(id) {
		if n.known[h] != nil && n.known[id].words.near(n.known[h].words) {
			n.compare(id, h)
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
		n.recur(n.known[id].titleBlock, holders)
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

// recur notes how a title recurs among those that have it, and compares again
// what was compared before that was known.
func (n *neighbourhood) recur(block uint64, holders []harvest.RecordID) {
	if n.recurs[block] != once {
		return
	}
	if n.recurs[block] = recurring; len(holders) > bound(titleRef) {
		n.recurs[block] = crowded
	}
	var entries []*entry
	for _, h := range holders {
		if e := n.known[h]; e != nil {
			entries = append(entries, e)
		}
	}
	for i, r := range recurrences(entries) {
		n.crowds[entries[i].id] = r
	}
	again := n.titled[block]
	delete(n.titled, block)
	for _, p := range again {
		delete(n.compared, p)
		delete(n.pairs, p)
		n.compare(p[0], p[1])
	}
}

// recurrenceOf is how the title of a record recurs, as far as it is known yet.
func (n *neighbourhood) recurrenceOf(id harvest.RecordID) recurrence {
	if n.recurs[n.known[id].titleBlock] == crowded {
		return crowded
	}
	return n.crowds[id]
}

// recursIn is how the titles of both records recur.
func (n *neighbourhood) recursIn(a, b harvest.RecordID) recurrence {
	return recurrenceIn(n.known[a], n.known[b], n.recurrenceOf(a), n.recurrenceOf(b))
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
	if block := n.known[a].titleBlock; block == n.known[b].titleBlock && n.recursIn(a, b) == once {
		n.titled[block] = append(n.titled[block], p)
	}
	n.report.Compared++
	found, ok := comparePair(n.known[p[0]], n.known[p[1]], n.recursIn(a, b))
	if !ok {
		return
	}
	n.pairs[p] = found
	if found.answer == Same {
		n.include(a)
		n.include(b)
	}
}
