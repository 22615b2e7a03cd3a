package crawler

import (
	"fmt"
	"testing"
)

// A table says what a map says, however large it grows.
func TestTableIsAMap(t *testing.T) {
	var table table[marks]
	want := make(map[urlKey]marks)
	if _, ok := table.get(7); ok {
		t.Error("an empty table has a key")
	}
	for i := range 20_000 {
		k, v := keyOf(fmt.Sprint(i%15_000)), marks(i%7)
		if i%3 == 0 {
			k = urlKey(i + 1) // neighbours, all in one place
		}
		table.set(k, v)
		want[k] = v
	}
	if table.used != len(want) || len(table.keys) > 2*len(want) {
		t.Errorf("%d keys in %d places, want %d", table.used, len(table.keys), len(want))
	}
	for k, v := range want {
		if got, ok := table.get(k); !ok || got != v {
			t.Fatalf("key %d: %d, %v, want %d", k, got, ok, v)
		}
	}
	for i := range 1000 {
		k := keyOf(fmt.Sprint("absent ", i))
		if _, ok := table.get(k); ok {
			t.Fatalf("absent key %d is there", k)
		}
	}
}

func TestPendingKeysComeBack(t *testing.T) {
	var p pendingKeys
	for i := range 300 {
		p = p.add(address{key: keyOf(fmt.Sprint(i)), slash: i%2 == 0}, i%lanes)
	}
	for i := range p.len() {
		a, lane := p.at(i)
		if want := (address{key: keyOf(fmt.Sprint(i)), slash: i%2 == 0}); a != want || lane != i%lanes {
			t.Fatalf("%d: %v in lane %d", i, a, lane)
		}
	}
}
