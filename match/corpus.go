package match

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
)

// Corpus groups many descriptions at once. It keeps of each what is compared,
// some hundred octets, so that a million fit in memory. Add all, then call
// Cluster. It is not safe for concurrent use.
type Corpus struct {
	// OnePerSource says that no source describes a document twice, so that a
	// group has at most one member of each.
	OnePerSource bool

	chunks []string // encoded descriptions
	where  []place
	chunk  []byte
	ids    []string
	years  []uint16
	words  []signature
	refs   refs
}

// place is where an encoded description stands.
type place struct{ chunk, start, end uint32 }

const chunkSize = 1 << 20

// ErrTooMany is returned by Add beyond 2^31 descriptions.
var ErrTooMany = errors.New("too many descriptions")

// Add takes in a description. Two with one ID are both kept.
func (c *Corpus) Add(d *Description) error {
	if len(c.where) >= 1<<31 {
		return ErrTooMany
	}
	e := entryOf(d)
	at := uint32(len(c.where))
	c.refs.add(refsOf(at, e)...)
	start := len(c.chunk)
	c.chunk = encode(c.chunk, d, e)
	c.where = append(c.where, place{uint32(len(c.chunks)), uint32(start), uint32(len(c.chunk))})
	c.ids = append(c.ids, strings.Clone(d.ID))
	c.years = append(c.years, uint16(e.year))
	c.words = append(c.words, e.words)
	if len(c.chunk) >= chunkSize {
		c.chunks = append(c.chunks, string(c.chunk))
		c.chunk = c.chunk[:0]
	}
	return nil
}

// Len is the number of descriptions.
func (c *Corpus) Len() int { return len(c.where) }

// Pair is two descriptions that are likely one document, or may be.
type Pair struct {
	A        string   `json:"a"`
	B        string   `json:"b"`
	Answer   Answer   `json:"answer"`
	Joined   bool     `json:"joined"` // both are in one group
	Score    float64  `json:"score"`
	Method   Method   `json:"method"`
	Evidence []Reason `json:"evidence,omitempty"`
}

// Clusters is what Cluster found.
type Clusters struct {
	corpus *Corpus
	order  []uint32 // places in the order of identifiers → places of adding
	first  []uint32 // by place in that order: the first member of its group
	found  []pair
	byKey  []edge
	recurs []recurrence
	Report Report
}

// Cluster groups the descriptions. The groups depend on the descriptions alone,
// not on the order in which they were added.
func (c *Corpus) Cluster() *Clusters {
	c.chunks = append(c.chunks, string(c.chunk))
	c.chunk = nil
	n := len(c.where)
	r := &Clusters{corpus: c, order: make([]uint32, n), first: make([]uint32, n)}
	for i := range r.order {
		r.order[i] = uint32(i)
	}
	slices.SortStableFunc(r.order, func(a, b uint32) int { return strings.Compare(c.ids[a], c.ids[b]) })
	rank := make([]uint32, n)
	for i, at := range r.order {
		rank[at] = uint32(i)
	}
	for _, part := range c.refs {
		for i := range part {
			part[i].at = rank[part[i].at]
		}
	}
	l := loom{refs: c.refs, years: make([]uint16, n), words: make([]signature, n)}
	c.refs = refs{}
	for i, at := range r.order {
		l.years[i], l.words[i] = c.years[at], c.words[at]
	}
	for range workers() {
		l.pools = append(l.pools, &shelf{corpus: c, order: r.order})
	}
	l.weave(n)
	r.byKey, r.recurs = l.edges(), l.recurs
	r.found = l.pairs()
	j := newJoining(l.pools[0], newDecisions(nil), c.OnePerSource)
	j.report = l.report
	edges := slices.Clone(r.byKey)
	for _, p := range r.found {
		if p.answer == Same {
			edges = append(edges, p.edge())
		}
	}
	j.join(edges)
	if c.OnePerSource {
		j.join(unrivalled(r.found, j))
	}
	for i := range r.first {
		r.first[i] = uint32(i)
		if g := j.groups[uint32(i)]; g != nil {
			r.first[i] = slices.Min(g.members)
		}
	}
	r.Report = j.report
	return r
}

// Bounds for pairs that are unsure and yet have no rival, see unrivalled.
const (
	minUnrivalled = 0.5
	rivalWithin   = 0.2
)

// unrivalled are the unsure pairs of sources without duplicates of their own
// that are likelier than not, and of which neither has another candidate that
// comes near: where each has at most one partner, that nobody else claims it
// is evidence.
func unrivalled(found []pair, j *joining) []edge {
	type best struct{ first, second float64 }
	of := make(map[uint32]best)
	count := func(at, other uint32, score float64) {
		if j.pool.entry(at).source == j.pool.entry(other).source {
			return
		}
		b := of[at]
		switch {
		case score > b.first:
			b.first, b.second = score, b.first
		case score > b.second:
			b.second = score
		}
		of[at] = b
	}
	for _, p := range found {
		count(p.a, p.b, p.score)
		count(p.b, p.a, p.score)
	}
	var out []edge
	for _, p := range found {
		a, b := of[p.a], of[p.b]
		if p.answer == Unsure && p.score >= minUnrivalled && p.score == a.first && p.score == b.first &&
			p.score-a.second >= rivalWithin && p.score-b.second >= rivalWithin {
			out = append(out, p.edge())
		}
	}
	return out
}

// Each calls f for every description in the order in which they were added,
// with the first identifier of its group.
func (r *Clusters) Each(f func(id, cluster string) error) error {
	rank := make([]uint32, len(r.order))
	for i, at := range r.order {
		rank[at] = uint32(i)
	}
	for at, id := range r.corpus.ids {
		if err := f(id, r.corpus.ids[r.order[r.first[rank[at]]]]); err != nil {
			return err
		}
	}
	return nil
}

// Pairs calls f for every pair that is the same or unsure, in the order of
// identifiers, with the evidence.
func (r *Clusters) Pairs(f func(Pair) error) error {
	type row struct {
		pair
		method Method
	}
	var rows []row
	for _, p := range r.found {
		rows = append(rows, row{p, Likeness})
	}
	for _, e := range r.byKey {
		rows = append(rows, row{pair{e.a, e.b, e.score, Same}, e.method})
	}
	slices.SortFunc(rows, func(x, y row) int {
		return compareEdges(edge{a: x.a, b: x.b, method: x.method}, edge{a: y.a, b: y.b, method: y.method})
	})
	slices.SortStableFunc(rows, func(x, y row) int {
		if x.a != y.a {
			return int(int64(x.a) - int64(y.a))
		}
		return int(int64(x.b) - int64(y.b))
	})
	s := &shelf{corpus: r.corpus, order: r.order}
	for i, x := range rows {
		if i > 0 && rows[i-1].a == x.a && rows[i-1].b == x.b {
			continue // the surest method comes first
		}
		a, b := s.entry(x.a), s.entry(x.b)
		err := f(Pair{
			A: string(a.id), B: string(b.id), Answer: x.answer, Joined: r.first[x.a] == r.first[x.b], Score: x.score,
			Method: x.method, Evidence: explain(a, b, recurrenceIn(a, b, r.recurs[x.a], r.recurs[x.b])).Reasons,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// shelf gives the entries of a corpus, and keeps those that were asked for
// lately.
type shelf struct {
	corpus *Corpus
	order  []uint32
	slots  [1 << 14]slot
}

type slot struct {
	at    uint32
	entry *entry
}

func (s *shelf) entry(at uint32) *entry {
	x := &s.slots[at%uint32(len(s.slots))]
	if x.entry == nil || x.at != at {
		p := s.corpus.where[s.order[at]]
		x.at, x.entry = at, decode(s.corpus.chunks[p.chunk][p.start:p.end])
	}
	return x.entry
}

// encode writes what entryOf reads but for the text, of which the sketch is
// kept.
func encode(b []byte, d *Description, e *entry) []byte {
	text := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	list := func(l []string) {
		b = binary.AppendUvarint(b, uint64(len(l)))
		for _, s := range l {
			text(s)
		}
	}
	for _, s := range d.short() {
		text(*s)
	}
	text(cut(d.Title, maxTitleBytes))
	var alt []string
	for _, t := range d.TitleAlt[:min(len(d.TitleAlt), maxTitles)] {
		alt = append(alt, cut(t, maxTitleBytes))
	}
	list(alt)
	authors := d.Authors[:min(len(d.Authors), maxAuthors+8)]
	short := make([]string, len(authors))
	for i, a := range authors {
		short[i] = cut(a, maxTitleBytes)
	}
	list(short)
	flags := uint64(0)
	if d.Truncated {
		flags |= 1
	}
	if d.Citation {
		flags |= 2
	}
	b = binary.AppendUvarint(b, flags)
	b = binary.AppendUvarint(b, uint64(len(d.keys)))
	for _, k := range d.keys {
		b = binary.AppendUvarint(b, uint64(slices.Index(methods, k.Method)))
		text(k.Value)
	}
	b = binary.AppendUvarint(b, uint64(e.text.size))
	b = binary.AppendUvarint(b, uint64(len(e.text.least)))
	for _, h := range e.text.least {
		b = binary.LittleEndian.AppendUint32(b, h)
	}
	return b
}

// short are the fields of bounded length, in the order in which they are
// encoded.
func (d *Description) short() []*string {
	return []*string{&d.ID, &d.Source, &d.Date, &d.Venue, &d.Publisher, &d.Volume, &d.Issue, &d.Pages, &d.Edition, &d.Language}
}

func decode(s string) *entry {
	number := func() int {
		n, shift := 0, 0
		for {
			x := s[0]
			s = s[1:]
			n |= int(x&0x7f) << shift
			if x < 0x80 {
				return n
			}
			shift += 7
		}
	}
	text := func() string {
		n := number()
		t := s[:n]
		s = s[n:]
		return t
	}
	list := func() []string {
		out := make([]string, number())
		for i := range out {
			out[i] = text()
		}
		return out
	}
	var d Description
	for _, f := range d.short() {
		*f = text()
	}
	d.Title, d.TitleAlt, d.Authors = text(), list(), list()
	flags := number()
	d.Truncated, d.Citation = flags&1 != 0, flags&2 != 0
	d.keys = make([]Key, number())
	for i := range d.keys {
		d.keys[i].Method = methods[number()]
		d.keys[i].Value = text()
	}
	e := bareEntry(&d)
	e.text.size = number()
	e.text.least = make([]uint32, number())
	for i := range e.text.least {
		e.text.least[i] = binary.LittleEndian.Uint32([]byte(s[:4]))
		s = s[4:]
	}
	e.twin = e.fingerprint()
	return e
}
