package search

import (
	"context"

	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/harvest87/harvest"
)

// How much a match counts, by where and how.
const (
	titleBoost  = 3.0
	textBoost   = 1.0
	stemBoost   = 0.5
	fuzzyPrefix = 1 // letters that must be right in a fuzzy word
)

// compiled is a query in the form that Bleve runs.
type compiled struct {
	tree      node
	query     harvest.Query
	languages []stemmer
}

// compile parses the words of a query. Without a language filter words are
// looked up with the stems of every language.
func compile(q harvest.Query) (*compiled, error) {
	tree, err := parse(q.Words)
	if err != nil {
		return nil, err
	}
	languages := stemmers
	if len(q.Languages) > 0 {
		languages = stemmersOf(q.Languages)
	}
	return &compiled{tree, q, languages}, nil
}

// Searcher implements Bleve's query.Query. What is found is computed first; the
// words are then looked at again for their scores.
func (c *compiled) Searcher(ctx context.Context, r index.IndexReader, _ mapping.IndexMapping, options search.SearcherOptions) (search.Searcher, error) {
	b, err := c.builder(r, options)
	if err != nil {
		return nil, err
	}
	found, err := c.find(ctx, b)
	if err != nil {
		return nil, err
	}
	return c.scored(ctx, b, found)
}

func (c *compiled) builder(r index.IndexReader, options search.SearcherOptions) (builder, error) {
	on, err := shelves(r)
	return builder{r, on, options, c.languages, make(map[expandable]*expansion)}, err
}

// find computes what the query finds.
func (c *compiled) find(ctx context.Context, b builder) (marks, error) {
	words, err := planner{builder: b}.plan(c.tree)
	if err != nil {
		return nil, err
	}
	return plan{form: allOf, parts: append(filters(c.query), words)}.find(ctx, b.on)
}

// scored goes through marked records, with scores when the query has words.
func (c *compiled) scored(ctx context.Context, b builder, found marks) (search.Searcher, error) {
	m := newMarked(b.on, found)
	if c.tree.empty() {
		return m, nil
	}
	s, err := b.build(ctx, c.tree)
	if err != nil {
		return nil, err
	}
	return searcher.NewConjunctionSearcher(ctx, b.r, []search.Searcher{m, s}, b.options)
}

// builder turns a tree into searchers over one state of the index.
type builder struct {
	r         index.IndexReader
	on        []*shelf
	options   search.SearcherOptions
	languages []stemmer
	expanded  map[expandable]*expansion
}

func (b builder) build(ctx context.Context, n node) (search.Searcher, error) {
	switch n.kind {
	case nodeAnd, nodeNot:
		return b.all(ctx, n)
	case nodeOr:
		return b.eachOf(ctx, n.children)
	default:
		return b.inFields(ctx, n)
	}
}

// all finds what matches every child, leaves out what matches a negated one,
// and prefers what also holds the function words.
func (b builder) all(ctx context.Context, n node) (search.Searcher, error) {
	must, should, not := n.split()
	if len(must) == 0 {
		must, should = should, nil
	}
	mustSearcher, err := b.eachAll(ctx, must)
	if err != nil || len(should)+len(not) == 0 {
		return mustSearcher, err
	}
	var shouldSearcher, notSearcher search.Searcher
	if len(should) > 0 {
		if shouldSearcher, err = b.eachOf(ctx, should); err != nil {
			return nil, err
		}
	}
	if len(not) > 0 {
		if notSearcher, err = b.eachOf(ctx, not); err != nil {
			return nil, err
		}
	}
	return searcher.NewBooleanSearcher(ctx, b.r, mustSearcher, shouldSearcher, notSearcher, b.options)
}

// split are the children that must be found, those that should, and those that
// must not.
func (n node) split() (must, should, not []node) {
	children := n.children
	if n.kind == nodeNot {
		children = []node{n}
	}
	for _, child := range children {
		switch {
		case child.kind == nodeNot:
			not = append(not, child.children[0])
		case child.isFunctionWord():
			should = append(should, child)
		default:
			must = append(must, child)
		}
	}
	return must, should, not
}

func (b builder) eachAll(ctx context.Context, nodes []node) (search.Searcher, error) {
	if len(nodes) == 0 {
		return searcher.NewMatchAllSearcher(ctx, b.r, 1, b.options)
	}
	parts, err := b.buildEach(ctx, nodes)
	if err != nil || len(parts) == 1 {
		return first(parts), err
	}
	return searcher.NewConjunctionSearcher(ctx, b.r, parts, b.options)
}

func (b builder) eachOf(ctx context.Context, nodes []node) (search.Searcher, error) {
	parts, err := b.buildEach(ctx, nodes)
	if err != nil {
		return nil, err
	}
	return searcher.NewDisjunctionSearcher(ctx, b.r, parts, 0, b.options)
}

func (b builder) buildEach(ctx context.Context, nodes []node) ([]search.Searcher, error) {
	var parts []search.Searcher
	for _, n := range nodes {
		s, err := b.build(ctx, n)
		if err != nil {
			closeAll(parts)
			return nil, err
		}
		parts = append(parts, s)
	}
	return parts, nil
}

// inFields looks a word or phrase up in the field it names, or in all.
func (b builder) inFields(ctx context.Context, n node) (search.Searcher, error) {
	if n.field != "" {
		return b.inField(ctx, n, n.field, textBoost)
	}
	inTitle, err := b.inField(ctx, n, fieldTitle, titleBoost)
	if err != nil {
		return nil, err
	}
	inText, err := b.inField(ctx, n, fieldText, textBoost)
	if err != nil {
		_ = inTitle.Close()
		return nil, err
	}
	return searcher.NewDisjunctionSearcher(ctx, b.r, []search.Searcher{inTitle, inText}, 0, b.options)
}

func (b builder) inField(ctx context.Context, n node, field string, boost float64) (search.Searcher, error) {
	switch {
	case n.kind == nodePrefix:
		return b.prefix(ctx, n, field, boost)
	case n.kind == nodeFuzzy:
		return b.fuzzy(ctx, n, field, boost)
	case len(n.words) > 1:
		return b.phrase(ctx, n, field, boost)
	case n.kind == nodePhrase:
		return searcher.NewTermSearcher(ctx, b.r, n.words[0].term, field, boost, b.options)
	}
	return b.anyForm(ctx, n.words[0], field, boost)
}

// lookup is a term of a field, and how much it counts.
type lookup struct {
	term, field string
	boost       float64
}

// lookups are those of a word in any of its forms: as it was typed; words that
// share a stem with it; words that are their own stem, which are not indexed
// twice.
func (b builder) lookups(w word, field string, boost float64) []lookup {
	lookups := []lookup{{w.term, field, boost}}
	if field == fieldTitle || field == fieldText {
		for _, stem := range w.stems(b.languages) {
			lookups = append(lookups, lookup{stem, field + stemsOf, boost * stemBoost})
			if stem != w.term {
				lookups = append(lookups, lookup{stem, field, boost * stemBoost})
			}
		}
	}
	return lookups
}

// anyForm finds a word in any of its forms.
func (b builder) anyForm(ctx context.Context, w word, field string, boost float64) (search.Searcher, error) {
	var parts []search.Searcher
	for _, l := range b.lookups(w, field, boost) {
		s, err := searcher.NewTermSearcher(ctx, b.r, l.term, l.field, l.boost, b.options)
		if err != nil {
			closeAll(parts)
			return nil, err
		}
		parts = append(parts, s)
	}
	return searcher.NewDisjunctionSearcher(ctx, b.r, parts, 0, b.options)
}

// phrase finds the words next to each other, as they were typed.
func (b builder) phrase(ctx context.Context, n node, field string, boost float64) (search.Searcher, error) {
	var places [][]string
	for _, term := range n.inPlaces() {
		places = append(places, []string{term})
	}
	return searcher.NewMultiPhraseSearcher(ctx, b.r, places, 0, false, field, boost, b.options)
}

// inPlaces are the words of a phrase, with "" where any word may stand.
func (n node) inPlaces() (places []string) {
	pos := n.words[0].pos
	for _, w := range n.words {
		for ; pos < w.pos; pos++ {
			places = append(places, "")
		}
		places = append(places, w.term)
		pos++
	}
	return places
}

// prefix finds words that begin with the last word of n, next to nothing in
// particular; the words before it, if any, as a phrase.
func (b builder) prefix(ctx context.Context, n node, field string, boost float64) (search.Searcher, error) {
	last := len(n.words) - 1
	e, err := b.beginnings(n, field)
	if err != nil {
		return nil, err
	}
	beginning, err := b.anyOf(ctx, e, field, boost)
	if err != nil || last == 0 {
		return beginning, err
	}
	before := n
	before.kind, before.words = nodeWords, n.words[:last]
	rest, err := b.inField(ctx, before, field, boost)
	if err != nil {
		_ = beginning.Close()
		return nil, err
	}
	return searcher.NewConjunctionSearcher(ctx, b.r, []search.Searcher{rest, beginning}, b.options)
}

// fuzzy finds words that differ from the word of n by its distance or less.
func (b builder) fuzzy(ctx context.Context, n node, field string, boost float64) (search.Searcher, error) {
	e, err := b.similar(n, field)
	if err != nil {
		return nil, err
	}
	return b.anyOf(ctx, e, field, boost)
}

// anyOf finds every one of the words. Few words are scored; many only say yes
// or no.
func (b builder) anyOf(ctx context.Context, e *expansion, field string, boost float64) (search.Searcher, error) {
	switch {
	case len(e.terms) == 0:
		return searcher.NewMatchNoneSearcher(b.r)
	case e.found != nil:
		return e.marked(b.on), nil
	}
	return searcher.NewMultiTermSearcher(ctx, b.r, e.terms, field, boost, b.options, false)
}

// isFunctionWord reports whether a query should not insist on the word.
func (n node) isFunctionWord() bool {
	return n.kind == nodeWords && n.field == "" && len(n.words) == 1 && functionWords[n.words[0].term]
}

func first(parts []search.Searcher) search.Searcher {
	if len(parts) == 0 {
		return nil
	}
	return parts[0]
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
