package search

import (
	"errors"
	"fmt"

	index "github.com/blevesearch/bleve_index_api"
)

const (
	// maxExpansion is the most words that a prefix or a fuzzy word may stand for
	// in one field.
	maxExpansion = 20_000
	// maxScoredWords is how many of them may count in scores. More only say yes
	// or no.
	maxScoredWords = 50
)

// expandable is a prefix or a fuzzy word in a field.
type expandable struct {
	field, term string
	distance    int // -1: a prefix
}

// expansion is what it stands for.
type expansion struct {
	terms []string
	found marks // of many terms: who has one of them, nil where nobody has looked
}

// beginnings are the words of the field that begin with the last word of n.
func (b builder) beginnings(n node, field string) (*expansion, error) {
	term := n.words[len(n.words)-1].term
	return b.expand(n, expandable{field, term, -1}, func() (index.FieldDict, error) {
		return b.r.FieldDictPrefix(field, []byte(term))
	})
}

// similar are the words of the field that differ from the word of n by its
// distance or less.
func (b builder) similar(n node, field string) (*expansion, error) {
	term := n.words[0].term
	return b.expand(n, expandable{field, term, n.distance}, func() (index.FieldDict, error) {
		r, ok := b.r.(index.IndexReaderFuzzy)
		if !ok {
			return nil, errors.New("this index has no fuzzy search")
		}
		return r.FieldDictFuzzy(field, term, n.distance, firstRunes(term, fuzzyPrefix))
	})
}

// expand lists a part of the dictionary, once in a search.
func (b builder) expand(n node, what expandable, open func() (index.FieldDict, error)) (*expansion, error) {
	if e := b.expanded[what]; e != nil {
		return e, nil
	}
	dict, err := open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = dict.Close() }()
	e := new(expansion)
	for {
		entry, err := dict.Next()
		if err != nil {
			return nil, err
		}
		if entry == nil {
			break
		}
		if len(e.terms) == maxExpansion {
			return nil, &SyntaxError{n.column + 1, fmt.Sprintf("%q stands for more than %d words", what.term, maxExpansion), "write more letters"}
		}
		e.terms = append(e.terms, entry.Term)
	}
	if len(e.terms) > maxScoredWords {
		e.found = make(marks, len(b.on))
	}
	b.expanded[what] = e
	return e, nil
}

// marked goes through the records that have one of the words. Where nobody has
// looked, another part of the query has found nothing.
func (e *expansion) marked(on []*shelf) *marked {
	found := nothing(on)
	for i, set := range e.found {
		if set != nil {
			found[i] = set
		}
	}
	return newMarked(on, found)
}
