package match

import (
	"cmp"
	"maps"
	"slices"

	"github.com/harvest87/harvest"
)

// Link groups records into works: every group of two or more that describe one
// document, in the order of their identifiers, each membership with the rule
// and the shared key that it rests on. The answer depends on the records
// alone, not on their order. Of records with one ID the last counts.
func Link(records []harvest.Record) []harvest.Work {
	byID := make(map[harvest.RecordID]*entry, len(records))
	for i := range records {
		byID[records[i].ID] = newEntry(&records[i])
	}
	return linkEntries(byID)
}

func linkEntries(byID map[harvest.RecordID]*entry) []harvest.Work {
	entries := slices.SortedFunc(maps.Values(byID), func(a, b *entry) int { return cmp.Compare(a.id, b.id) })
	holders := make(map[string][]*entry)
	for _, e := range entries {
		for _, k := range e.keys {
			s := k.String()
			holders[s] = append(holders[s], e)
		}
	}
	var edges []edge
	for key, of := range holders {
		if len(of) > 1 {
			edges = append(edges, edgesOf(key, of)...)
		}
	}
	return works(entries, edges)
}
