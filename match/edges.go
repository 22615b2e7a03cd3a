package match

import (
	"cmp"
	"slices"
	"strings"
)

// maxHolders is the most records with one key that are compared pair by pair.
// A key that more share says little by itself: then only records with one and
// the same title are offered, each with the next.
const maxHolders = 40

// maxSubjects is the most different titles in one language that a sure
// identifier may have. Beyond that it is being talked about, not borne.
const maxSubjects = 3

// tier says how much an edge can outweigh; lower is stronger.
type tier int

const (
	identified tier = iota // a sure identifier and like titles
	named                  // a sure identifier, the titles differ
	copied                 // the same file or page
	repeated               // the same title and more
)

// edge is a reason to join two records.
type edge struct {
	tier   tier
	method Method
	value  string
	a, b   *entry // a.id < b.id
}

// compareEdges orders edges by strength and then by what they say, so that
// the order depends on the records alone.
func compareEdges(x, y edge) int {
	return cmp.Or(
		cmp.Compare(x.tier, y.tier),
		cmp.Compare(slices.Index(methods, x.method), slices.Index(methods, y.method)),
		strings.Compare(x.value, y.value),
		cmp.Compare(x.a.id, y.a.id),
		cmp.Compare(x.b.id, y.b.id),
	)
}

// edgesOf lists the edges that a key offers among its holders, which are
// sorted by identifier.
func edgesOf(key string, holders []*entry) []edge {
	var out []edge
	strict := talkedAbout(holders)
	offer := func(a, b *entry) {
		if e, ok := newEdge(key, a, b, strict); ok {
			out = append(out, e)
		}
	}
	if len(holders) <= maxHolders {
		for i, a := range holders {
			for _, b := range holders[i+1:] {
				offer(a, b)
			}
		}
		return out
	}
	last := make(map[string]*entry)
	for _, h := range holders {
		t := h.title().key
		if before := last[t]; before != nil {
			offer(before, h)
		}
		last[t] = h
	}
	return out
}

// talkedAbout reports whether the holders of a key have more different titles
// in one language than one document can have.
func talkedAbout(holders []*entry) bool {
	titles := make(map[string]map[string]bool)
	for _, h := range holders {
		of := titles[h.language]
		if of == nil {
			of = make(map[string]bool)
			titles[h.language] = of
		}
		if of[h.title().key] = true; len(of) > maxSubjects {
			return true
		}
	}
	return false
}

// newEdge decides whether sharing the key is a reason to join two records.
func newEdge(key string, a, b *entry, strict bool) (edge, bool) {
	ka, kb := a.key(key), b.key(key)
	e := edge{method: ka.Method, value: ka.Value, a: a, b: b}
	if kb.Method == DocumentURL {
		e.method = DocumentURL
	}
	like := a.likeTitles(b)
	switch e.method {
	case DOI, UNSymbol, CELEX, ECLI, ELI, ISBN, Handle:
		e.tier = named
		if like {
			e.tier = identified
		}
		return e, like || !strict
	case URL:
		// A page may have a title in each of its languages.
		e.tier = copied
		return e, like || !strict && a.otherLanguage(b)
	case SHA256, DocumentURL:
		e.tier = copied
		return e, like
	default:
		e.tier = repeated
		return e, !a.farApart(b)
	}
}
