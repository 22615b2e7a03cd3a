package crawler

import "math/bits"

// table is a map from the hash of a name to a small value, which takes little
// more than both: a run has one entry for each address and each record. It
// grows by a third, and has no pointers for the garbage collector to follow.
// The zero value is empty. It is not safe for concurrent use.
type table[V any] struct {
	keys   []urlKey // 0: free
	values []V
	used   int
}

// get returns the value of a key, and whether there is one.
func (t *table[V]) get(k urlKey) (value V, ok bool) {
	if t.used == 0 {
		return value, false
	}
	at := t.find(k)
	return t.values[at], t.keys[at] == k
}

// set gives a key its value.
func (t *table[V]) set(k urlKey, value V) {
	if 5*(t.used+1) > 4*len(t.keys) {
		t.grow()
	}
	at := t.find(k)
	if t.keys[at] == 0 {
		t.keys[at] = k
		t.used++
	}
	t.values[at] = value
}

// find is the place of a key, or the free one where it belongs.
func (t *table[V]) find(k urlKey) int {
	at, _ := bits.Mul64(uint64(k), uint64(len(t.keys)))
	for i := int(at); ; i++ {
		if i == len(t.keys) {
			i = 0
		}
		if t.keys[i] == k || t.keys[i] == 0 {
			return i
		}
	}
}

func (t *table[V]) grow() {
	size := max(64, len(t.keys)+len(t.keys)/3)
	old := *t
	t.keys, t.values = make([]urlKey, size), make([]V, size)
	for i, k := range old.keys {
		if k != 0 {
			at := t.find(k)
			t.keys[at], t.values[at] = k, old.values[i]
		}
	}
}
