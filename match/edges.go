package match

import (
	"cmp"
	"slices"
	"strings"
)

// Bounds on how many descriptions with one key or in one block are compared
// pair by pair. What more share says little by itself and is passed over; those
// that are twins in all else still meet, see twinsOf.
const (
	maxHolders = 40
	maxBlock   = 256
)

// maxSubjects is the most different titles in one language that a sure
// identifier may have. Beyond that it is being talked about, not borne.
const maxSubjects = 3

// tier says how much an edge can outweigh; lower is stronger.
type tier byte

const (
	decided    tier = iota // a person said so
	identified             // a sure identifier and like titles
	named                  // a sure identifier, the titles differ
	copied                 // the same file or page
	likely                 // Compare says so
)

// edge is a reason to join two entries, which are named by their place in the
// order of their identifiers: a < b.
type edge struct {
	tier   tier
	method Method
	value  string
	score  float64
	a, b   uint32
}

// compareEdges orders edges by strength and then by what they say, so that
// the order depends on the records alone.
func compareEdges(x, y edge) int {
	return cmp.Or(
		cmp.Compare(x.tier, y.tier),
		cmp.Compare(y.score, x.score),
		cmp.Compare(slices.Index(methods, x.method), slices.Index(methods, y.method)),
		strings.Compare(x.value, y.value),
		cmp.Compare(x.a, y.a),
		cmp.Compare(x.b, y.b),
	)
}

// holder is an entry with its place.
type holder struct {
	at uint32
	*entry
}

// keyEdges lists the edges that a key offers among its holders, which are
// sorted by identifier.
func keyEdges(key string, holders []holder) []edge {
	if len(holders) > maxHolders {
		return nil
	}
	var out []edge
	strict := talkedAbout(holders)
	for i, a := range holders {
		for _, b := range holders[i+1:] {
			if e, ok := newEdge(key, a.entry, b.entry, strict); ok {
				e.a, e.b = a.at, b.at
				out = append(out, e)
			}
		}
	}
	return out
}

// talkedAbout reports whether the holders of a key have more different titles
// in one language than one document can have.
func talkedAbout(holders []holder) bool {
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
	e := edge{method: ka.Method, value: ka.Value, score: 1}
	if kb.Method == DocumentURL {
		e.method = DocumentURL
	}
	if kb.Method == Translation || ka.Method == Translation {
		e.method = Translation
	}
	like := a.likeTitles(b)
	switch e.method {
	case DOI, UNSymbol, CELEX, ECLI, ELI, ISBN, Handle:
		e.tier = named
		if like {
			e.tier = identified
		}
		return e, like || !strict
	case Translation:
		e.tier = copied
		return e, !strict && a.otherLanguage(b)
	case URL:
		// A page may have a title in each of its languages.
		e.tier = copied
		return e, like || !strict && a.otherLanguage(b)
	default: // SHA256, DocumentURL
		e.tier = copied
		return e, like
	}
}
