package search

import "github.com/RoaringBitmap/roaring/v2"

// tally counts how many of the records that were found others are. Two lists of numbers
// are compared number by number, which is most of the work of a search that finds
// one record in twenty; so what was found is spread to one bit a record where it
// stands in long lists. It is not for concurrent use.
type tally struct {
	found *roaring.Bitmap
	bits  []uint64 // found, one bit a record; nil where that would not be faster
	next  []uint32
}

// longList is from when on bits are faster than a list, in records of 65,536; of
// shorter ones the bitmaps skip through the longer list, and what stands in few
// places they skip altogether.
const (
	listSpan = 1 << 16
	longList = 256
)

// newTally counts among so many records.
func newTally(found *roaring.Bitmap, records uint64) *tally {
	t := &tally{found: found}
	s := found.Stats()
	if everywhere := 2*s.Containers > records/listSpan; everywhere && s.ArrayContainerValues >= longList*max(s.ArrayContainers, 1) {
		t.bits, t.next = make([]uint64, (records+63)/64), make([]uint32, 1024)
		found.WriteDenseTo(t.bits)
	}
	return t
}

// listed reports whether a bitmap is lists of numbers more than anything else.
func listed(b *roaring.Bitmap) bool {
	s := b.Stats()
	return 2*s.ArrayContainerValues > s.Cardinality
}

// of is how many of the records were found; lists says what [listed] says of them.
func (t *tally) of(records *roaring.Bitmap, lists bool) (n int) {
	if t.bits == nil || !lists {
		return int(records.AndCardinality(t.found))
	}
	for it := records.ManyIterator(); ; {
		some := t.next[:it.NextMany(t.next)]
		if len(some) == 0 {
			return n
		}
		for _, r := range some {
			n += int(t.bits[r>>6] >> (r & 63) & 1)
		}
	}
}
