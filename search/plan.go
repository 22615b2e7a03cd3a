package search

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// plan says which records a query finds, in terms of the index and without
// scores.
type plan struct {
	form  form
	parts []plan // of allOf and anyOf; of butNot, the one and what it must not be

	field  string
	terms  []string // oneOf: any of them; inOrder: next to each other, "" for any word
	of     *expansion
	moment string // since: the first that counts
	levels []int  // since: at which moments of the field are cut
}

type form int

const (
	everything form = iota // the zero value
	allOf
	anyOf
	butNot
	oneOf
	expanded
	inOrder
	since
)

// on are the records of a shelf that the plan finds, removed ones among them.
// The bitmap may belong to the index and must not be changed.
func (p plan) on(ctx context.Context, s *shelf) (*roaring.Bitmap, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	switch p.form {
	case everything:
		return s.all(), nil
	case allOf, anyOf, butNot:
		return p.combine(ctx, s)
	case expanded:
		return p.expanded(s)
	case inOrder:
		return s.inOrder(p.field, p.terms)
	case since:
		return s.since(p.field, p.moment, p.levels)
	}
	return s.havingAny(p.field, p.terms)
}

func (p plan) expanded(s *shelf) (*roaring.Bitmap, error) {
	if p.of.found != nil && p.of.found[s.number] != nil {
		return p.of.found[s.number], nil
	}
	set, err := s.havingAny(p.field, p.of.terms)
	if err == nil && p.of.found != nil {
		p.of.found[s.number] = set // each shelf has its own place
	}
	return set, err
}

func (p plan) combine(ctx context.Context, s *shelf) (*roaring.Bitmap, error) {
	sets := make([]*roaring.Bitmap, 0, len(p.parts))
	for i, part := range p.parts {
		set, err := part.on(ctx, s)
		if err != nil {
			return nil, err
		}
		if set.IsEmpty() && (p.form == allOf || p.form == butNot && i == 0) {
			return set, nil // what comes may cost more
		}
		sets = append(sets, set)
	}
	switch p.form {
	case anyOf:
		return roaring.FastOr(sets...), nil
	case butNot:
		return roaring.AndNot(sets[0], sets[1]), nil
	}
	slices.SortFunc(sets, func(a, b *roaring.Bitmap) int { return int(a.GetCardinality()) - int(b.GetCardinality()) })
	return roaring.FastAnd(sets...), nil
}

// find computes what the plan finds, without removed records.
func (p plan) find(ctx context.Context, on []*shelf) (marks, error) {
	return onEach(ctx, on, func(_ int, s *shelf) (*roaring.Bitmap, error) {
		set, err := p.on(ctx, s)
		if err == nil && s.removed != nil {
			set = roaring.AndNot(set, s.removed)
		}
		return set, err
	})
}

// since are the records with a moment in the field that is not before another:
// later years, later months of that year, later days of that month.
func (s *shelf) since(field, moment string, levels []int) (*roaring.Bitmap, error) {
	var sets []*roaring.Bitmap
	start := 0
	for i, n := range levels {
		from, before := level(i)+moment[:n], level(i)+moment[:start]+"\xff"
		if i < len(levels)-1 { // the last includes the moment itself, the others what is later
			from += "\x00"
		}
		terms, err := s.terms(field, []byte(from), []byte(before))
		if err != nil {
			return nil, err
		}
		set, err := s.havingAny(field, terms)
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
		start = n
	}
	return roaring.FastOr(sets...), nil
}

// titles say where the words must stand that are looked for everywhere.
type titles int

const (
	anywhere     titles = iota // the zero value
	someInTitles               // one of them in the title
	allInTitles                // each of them in the title
)

// planner plans the words of a query.
type planner struct {
	builder
	where titles
}

func (p planner) plan(n node) (plan, error) {
	switch n.kind {
	case nodeAnd, nodeNot:
		return p.all(n)
	case nodeOr:
		return p.some(n.children)
	default:
		return p.inFields(n)
	}
}

// all mirrors [builder.all]. Words that a query does not insist on decide about
// scores alone.
func (p planner) all(n node) (plan, error) {
	must, should, not := n.split()
	if len(must) == 0 {
		must = should
	}
	found := plan{}
	if len(must) > 0 {
		parts, err := p.each(must)
		if err != nil {
			return plan{}, err
		}
		found = plan{form: allOf, parts: parts}
		if p.where == someInTitles {
			found.form = anyOf
		}
	}
	if len(not) == 0 {
		return found, nil
	}
	p.where = anywhere
	without, err := p.some(not)
	return plan{form: butNot, parts: []plan{found, without}}, err
}

func (p planner) some(nodes []node) (plan, error) {
	parts, err := p.each(nodes)
	return plan{form: anyOf, parts: parts}, err
}

func (p planner) each(nodes []node) (out []plan, err error) {
	for _, n := range nodes {
		part, err := p.plan(n)
		if err != nil {
			return nil, err
		}
		out = append(out, part)
	}
	return out, nil
}

func (p planner) inFields(n node) (plan, error) {
	if n.field != "" {
		return p.inField(n, n.field)
	}
	inTitle, err := p.inField(n, fieldTitle)
	if err != nil || p.where != anywhere {
		return inTitle, err
	}
	inText, err := p.inField(n, fieldText)
	return plan{form: anyOf, parts: []plan{inTitle, inText}}, err
}

func (p planner) inField(n node, field string) (plan, error) {
	switch {
	case n.kind == nodePrefix:
		return p.beginning(n, field)
	case n.kind == nodeFuzzy:
		e, err := p.similar(n, field)
		return plan{form: expanded, field: field, of: e}, err
	case len(n.words) > 1:
		return plan{form: inOrder, field: field, terms: n.inPlaces()}, nil
	case n.kind == nodePhrase:
		return plan{form: oneOf, field: field, terms: []string{n.words[0].term}}, nil
	}
	var parts []plan
	for _, l := range p.lookups(n.words[0], field, 1) {
		parts = append(parts, plan{form: oneOf, field: l.field, terms: []string{l.term}})
	}
	return plan{form: anyOf, parts: parts}, nil
}

func (p planner) beginning(n node, field string) (plan, error) {
	e, err := p.beginnings(n, field)
	last := len(n.words) - 1
	found := plan{form: expanded, field: field, of: e}
	if err != nil || last == 0 {
		return found, err
	}
	before := n
	before.kind, before.words = nodeWords, n.words[:last]
	rest, err := p.inField(before, field)
	return plan{form: allOf, parts: []plan{rest, found}}, err
}
