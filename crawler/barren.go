package crawler

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/harvest87/harvest"
)

// Bounds of what a run remembers to recognise what it has read before.
const (
	maxImprints = 1 << 16 // pages; a loop comes back sooner
	maxShapes   = 1 << 12
)

// A shape is closed when so many pages in a row at addresses of it said what
// others had said, and all that did in all so many times as many as did not.
const (
	barrenInARow = 50
	barrenRatio  = 10
)

// imprint is what a page is recognised by: all that it says and all that was
// made of it, but for its address. 0: nothing.
type imprint = titleKey

// imprintOf is the imprint of a page with one record.
func imprintOf(p *harvest.Parsed) imprint {
	if len(p.Records) != 1 || p.Content == "" {
		return 0
	}
	r := p.Records[0]
	r.ID, r.Source, r.URL, r.CanonicalURL = "", "", "", ""
	return printKey(p.Content + r.ContentHash())
}

// imprintOfRecord is the imprint of a page of which no more is known than that
// the record on it is unchanged.
func imprintOfRecord(id harvest.RecordID) imprint { return printKey("record\x00" + string(id)) }

// origin is the page that said something first.
type origin struct {
	record harvest.RecordID
	path   titleKey // of its address, without the query
}

func originAt(raw string, id harvest.RecordID) origin {
	path, _, _ := strings.Cut(raw, "?")
	return origin{record: id, path: printKey(path)}
}

// yield is what came of the addresses of one shape.
type yield struct {
	inARow, barren, fruitful int
	closed                   bool
}

// memory is what a run has read, as far as it must be known again: imprints of
// its last pages, and what the shapes of addresses gave. The committer tells,
// workers ask whether a shape is closed. It is safe for concurrent use.
type memory struct {
	mu       sync.Mutex
	imprints map[imprint]origin
	order    []imprint // oldest first, a ring once it is full
	oldest   int
	shapes   map[string]*yield
	repeat   int // pages that said what pages of another path had said
	closed   int // shapes
}

func newMemory() *memory {
	return &memory{imprints: make(map[imprint]origin), shapes: make(map[string]*yield)}
}

// said is the page that said the same before.
func (m *memory) said(p imprint) (origin, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o, ok := m.imprints[p]
	return o, ok && p != 0
}

// learn takes in what a page said.
func (m *memory) learn(p imprint, o origin) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.imprints[p]; p == 0 || known {
		return
	}
	if len(m.order) < maxImprints {
		m.order = append(m.order, p)
	} else {
		delete(m.imprints, m.order[m.oldest])
		m.order[m.oldest] = p
		m.oldest = (m.oldest + 1) % maxImprints
	}
	m.imprints[p] = o
}

// came takes in whether the page at an address gave something new. It returns
// a remark when a shape of addresses is closed by that.
func (m *memory) came(raw string, fruitful bool) (remark string) {
	whole, path := shapesOf(raw)
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, shape := range []string{whole, path} {
		if shape == "" {
			continue
		}
		y := m.shape(shape)
		if fruitful {
			y.fruitful++
			y.inARow = 0
			continue
		}
		y.barren++
		y.inARow++
		if !y.closed && y.inARow >= barrenInARow && y.barren >= barrenRatio*y.fruitful {
			y.closed = true
			m.closed++
			remark = fmt.Sprintf("addresses like %s are not followed further: %d pages in a row said nothing new", shape, y.inARow)
		}
	}
	return remark
}

// leadsOnwards reports whether a page has led to addresses of another shape
// than its own.
func leadsOnwards(e *entry) bool {
	own, _ := shapesOf(e.URL)
	return slices.ContainsFunc(e.Requests, func(r harvest.Request) bool {
		shape, _ := shapesOf(r.URL)
		return shape != own
	})
}

func (m *memory) shape(shape string) *yield {
	y, ok := m.shapes[shape]
	if !ok {
		if len(m.shapes) >= maxShapes {
			for s, y := range m.shapes {
				if !y.closed || m.closed > maxShapes/2 {
					delete(m.shapes, s)
				}
			}
		}
		y = &yield{}
		m.shapes[shape] = y
	}
	return y
}

// isClosed says which shape of an address is closed, empty when none is.
func (m *memory) isClosed(raw string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed == 0 {
		return ""
	}
	whole, path := shapesOf(raw)
	for _, shape := range []string{whole, path} {
		if y := m.shapes[shape]; y != nil && y.closed {
			return shape
		}
	}
	return ""
}

// trapped says why a request leads into a place without end, empty when it does
// not. The pages of a list are counted by their door.
func (j *job) trapped(r *harvest.Request) string {
	if r.Alias != "" {
		return ""
	}
	if why := endless(r.URL, j.Now()); why != "" {
		return why
	}
	if r.Kind == harvest.KindDiscovery && r.Page > 1 {
		return ""
	}
	if shape := j.state.memory.isClosed(r.URL); shape != "" {
		return "addresses like " + shape + " say nothing new"
	}
	return ""
}

// repeats reports whether a page says word for word what another page of the
// run has said, and is no page whose own record is known of old. It is then
// another address of that page, whatever it calls itself.
func (c *committing) repeats(v *visit, e *entry) bool {
	if v.request.Kind != harvest.KindItem || v.page.Outcome != harvest.Fetched || v.request.Alias != "" || len(v.unchanged) > 0 {
		return false
	}
	if e.Imprint = imprintOf(&v.parsed); e.Imprint == 0 || v.parsed.Records[0].NativeID != "" {
		return false
	}
	own := c.identify("", v.parsed.Records[0].URL)
	if len(v.facts.Records) > 0 {
		stood := v.facts.Records[0]
		if stood != own && len(v.facts.Records) == 1 && v.content == v.facts.Content { // as it has been all along
			e.Same = stood
			return true
		}
		if stood == own {
			return false
		}
	}
	first, ok := c.state.memory.said(e.Imprint)
	if !ok || first.record == own {
		return false
	}
	e.Same = first.record
	return true
}

// sameForAll says that a site shows one page for most of what is asked of it,
// empty when it does not: then nothing follows from what it does not show.
func (s *state) sameForAll() string {
	const few = 20
	if n := s.memory.repeat; n >= few && n > s.run.Records() {
		return fmt.Sprintf("%d pages say word for word what others say, more than the %d records", n, s.run.Records())
	}
	return ""
}
