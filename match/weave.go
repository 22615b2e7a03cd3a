package match

import (
	"cmp"
	"runtime"
	"slices"
	"sync"

	"github.com/harvest87/harvest"
)

// ref says that the entry at a place has a key, a block or a twin mark.
type ref struct {
	hash uint64
	at   uint32
	kind refKind
}

type refKind byte

const (
	keyRef refKind = iota
	blockRef
	twinRef
	titleRef // a block of those with one title
	wideRef  // a block where many unlike titles meet
)

// refsOf lists where an entry meets others.
func refsOf(at uint32, e *entry) []ref {
	out := make([]ref, 0, len(e.keys)+len(e.blocks)+2)
	for _, k := range e.keys {
		out = append(out, ref{hashOf(k.String()), at, keyRef})
	}
	for _, b := range e.blocks {
		out = append(out, ref{b, at, blockRef})
	}
	for _, b := range e.wide {
		out = append(out, ref{b, at, wideRef})
	}
	if e.titleBlock != 0 {
		out = append(out, ref{e.titleBlock, at, titleRef})
	}
	for _, t := range twinsOf(e) {
		out = append(out, ref{t, at, twinRef})
	}
	return out
}

// pair is two entries that are likely one document, or that a person must
// look at.
type pair struct {
	a, b   uint32
	score  float64
	answer Answer
}

// loom finds the pairs of a whole set of entries.
type loom struct {
	pools  []pool // one for each worker; they give the same entries
	refs   refs
	spans  [][]ref // of two and more with one hash
	keys   []uint32
	ofEach []uint32 // spans by entry: ofEach[starts[i]:starts[i+1]]
	starts []uint32
	// years are those of the entries, recurs tells how their titles recur.
	years  []uint16
	words  []signature
	recurs []recurrence
	report Report
}

// refs are parted by their hash, so that none of the parts is ever so large
// that growing or sorting it takes much memory.
type refs [64][]ref

func (r *refs) add(list ...ref) {
	for _, x := range list {
		part := &r[x.hash>>58]
		*part = append(*part, x)
	}
}

// weave sorts the refs into spans and tells where each entry stands.
func (l *loom) weave(n int) {
	l.recurs = make([]recurrence, n)
	for i := range l.refs {
		l.refs[i] = l.weavePart(l.refs[i])
	}
	l.spread(n)
}

// weavePart keeps of some refs those that two and more entries share.
func (l *loom) weavePart(part []ref) []ref {
	slices.SortFunc(part, func(x, y ref) int {
		return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.kind, y.kind), cmp.Compare(x.at, y.at))
	})
	part = slices.CompactFunc(part, func(x, y ref) bool { return x == y })
	kept := 0
	var sizes []int
	for start := 0; start < len(part); {
		end := start + 1
		for end < len(part) && part[end].hash == part[start].hash && part[end].kind == part[start].kind {
			end++
		}
		if l.isSpan(part[start:end]) {
			copy(part[kept:], part[start:end])
			sizes = append(sizes, end-start)
			kept += end - start
		}
		start = end
	}
	part = slices.Clone(part[:kept]) // most are shared by nobody
	for start := 0; len(sizes) > 0; sizes = sizes[1:] {
		l.spans = append(l.spans, part[start:start+sizes[0]:start+sizes[0]])
		start += sizes[0]
	}
	return part
}

// isSpan reports whether the entries of some refs are to be compared, and
// marks those of a title that recurs.
func (l *loom) isSpan(span []ref) bool {
	if len(span) < 2 {
		return false
	}
	if span[0].kind == titleRef {
		l.mark(span)
	}
	if len(span) > bound(span[0].kind) {
		l.report.Overfull++
		l.report.OverfullRecords += len(span)
		return false
	}
	return true
}

// mark marks the entries of one title when it recurs, by those that come first
// where there are too many to be looked at.
func (l *loom) mark(span []ref) {
	var years []uint16
	for _, r := range span[:min(len(span), maxBlock+1)] {
		if y := l.years[r.at]; y != 0 && !slices.Contains(years, y) {
			years = append(years, y)
		}
		if len(years) > maxYears {
			l.markAll(span)
			return
		}
	}
}

// markAll marks the entries of one title that recurs.
func (l *loom) markAll(span []ref) {
	if len(span) > bound(titleRef) {
		for _, r := range span {
			l.recurs[r.at] = crowded
		}
		return
	}
	entries := make([]*entry, len(span))
	for i, r := range span {
		entries[i] = l.pools[0].entry(r.at)
	}
	for i, x := range recurrences(entries) {
		l.recurs[span[i].at] = x
	}
}

// bound is how many may share a key, block or mark.
func bound(k refKind) int {
	switch k {
	case keyRef:
		return maxHolders
	case blockRef, titleRef, wideRef:
		return maxBlock
	default:
		return 1 << 31
	}
}

// spread lists for each entry the blocks in which it stands.
func (l *loom) spread(n int) {
	l.starts = make([]uint32, n+1)
	for i, s := range l.spans {
		if s[0].kind == keyRef {
			l.keys = append(l.keys, uint32(i))
			continue
		}
		for _, r := range s {
			l.starts[r.at+1]++
		}
	}
	for i := range n {
		l.starts[i+1] += l.starts[i]
	}
	l.ofEach = make([]uint32, l.starts[n])
	next := slices.Clone(l.starts)
	for i, s := range l.spans {
		if s[0].kind == keyRef {
			continue
		}
		for _, r := range s {
			l.ofEach[next[r.at]] = uint32(i)
			next[r.at]++
		}
	}
}

// edges lists the edges that keys offer.
func (l *loom) edges() []edge {
	var out []edge
	p := l.pools[0]
	for _, i := range l.keys {
		var holders []holder
		for _, r := range l.spans[i] {
			holders = append(holders, holder{r.at, p.entry(r.at)})
		}
		for _, k := range holders[0].keys {
			if s := k.String(); hashOf(s) == l.spans[i][0].hash {
				out = append(out, keyEdges(s, holders)...)
				break
			}
		}
	}
	return out
}

// pairs compares the entries that share blocks. What it finds does not depend
// on how many workers there are.
func (l *loom) pairs() []pair {
	n := uint32(len(l.starts) - 1)
	found := make([][]pair, len(l.pools))
	compared := make([]int, len(l.pools))
	var group sync.WaitGroup
	for w, p := range l.pools {
		group.Go(func() {
			s := scout{loom: l, pool: p, seen: make([]uint32, n), wide: make([]uint32, n)}
			const stride = 64 // neighbours go to one worker, whose cache knows them
			for base := uint32(w) * stride; base < n; base += uint32(len(l.pools)) * stride {
				for at := base; at < min(base+stride, n); at++ {
					s.visit(at)
				}
			}
			found[w], compared[w] = s.found, s.compared
		})
	}
	group.Wait()
	var out []pair
	for w := range found {
		out = append(out, found[w]...)
		l.report.Compared += compared[w]
	}
	return out
}

// scout compares one entry after the other with those behind it.
type scout struct {
	*loom
	pool     pool
	seen     []uint32 // by entry, the visit that saw it last
	wide     []uint32 // by entry, the visit that met it in a wide block last
	found    []pair
	compared int
}

func (s *scout) visit(at uint32) {
	spans := s.ofEach[s.starts[at]:s.starts[at+1]]
	if len(spans) == 0 {
		return
	}
	var e *entry
	for _, i := range spans {
		span := s.spans[i]
		if span[0].kind == twinRef && span[0].at != at {
			continue
		}
		for _, r := range span {
			if r.at <= at || s.seen[r.at] == at+1 {
				continue
			}
			if span[0].kind == wideRef && !s.meetsWide(at, r.at) {
				continue // another block may bring them together yet
			}
			s.seen[r.at] = at + 1
			if e == nil {
				e = s.pool.entry(at)
			}
			s.compared++
			o := s.pool.entry(r.at)
			if p, ok := comparePair(e, o, recurrenceIn(e, o, s.recurs[at], s.recurs[r.at])); ok {
				p.a, p.b = at, r.at
				s.found = append(s.found, p)
			}
		}
	}
}

// meetsWide notes that two entries meet in a wide block, and reports whether it
// is the second one and their titles have enough in common.
func (s *scout) meetsWide(at, other uint32) bool {
	if s.wide[other] != at+1 {
		s.wide[other] = at + 1
		return false
	}
	return s.words[at].near(s.words[other])
}

// comparePair compares two entries; ok is false when they are different. r is
// how the titles of both recur.
func comparePair(a, b *entry, r recurrence) (p pair, ok bool) {
	j := judge{recurs: r}
	j.weigh(a, b)
	v := j.verdict()
	return pair{score: v.Score, answer: v.Answer}, v.Answer != Different
}

func workers() int { return min(runtime.GOMAXPROCS(0), 8) }

// edge makes an edge of a pair that is the same.
func (p pair) edge() edge {
	return edge{tier: likely, method: Likeness, score: p.score, a: p.a, b: p.b}
}

// decidedEdges are the edges of decisions that two records are the same.
func (d *decisions) edges(place func(harvest.RecordID) (uint32, bool)) []edge {
	var out []edge
	for ids, x := range d.same {
		a, okA := place(ids[0])
		b, okB := place(ids[1])
		if okA && okB {
			out = append(out, edge{tier: decided, method: Decided, value: x.Author, score: 1, a: a, b: b})
		}
	}
	return out
}
