// Package probe opens a door a little: its first pages and some of the items
// behind them, to see whether it works and what comes of it.
//
// What enters: a source, the position of one of its doors, and a function that
// asks for pages. What leaves: the pages, the records and the reason why a door
// does not work. Nothing is kept, and no more is asked than the limits say.
package probe

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers"
	"github.com/harvest87/harvest/parsers/normalize"
)

// Ask gets one page. It always returns one, whose outcome says how it went.
type Ask func(ctx context.Context, req harvest.Request) *harvest.Page

// Limits bound what a trial asks for. Zero takes the default named beside it.
type Limits struct {
	Lists int // pages that lead to others: 4
	Items int // pages of items: 2, behind a door that follows links at least 6; negative: none
	// Onwards asks for the second page of a list as well, to see that it is another.
	Onwards bool
}

// Result is what came of it.
type Result struct {
	Door int    `json:"door"` // from 0
	Kind string `json:"kind"`
	// Works is true when records, or items that lead to them, were found.
	Works bool `json:"works"`
	// Why says what is wrong when it is not.
	Why string `json:"why,omitempty"`
	// Pages are those that were asked for, in their order.
	Pages []*harvest.Page `json:"-"`
	// Records came whole, Leads are items that were not asked for.
	Records []harvest.Record  `json:"records,omitempty"`
	Leads   []harvest.Request `json:"-"`
	// Items counts the items that the lists named, records that came with a
	// list included; Total is how many the source says there are.
	Items int `json:"items"`
	Total int `json:"total,omitempty"`
	// GoesOn is true when a list names a further page, Second when that was
	// asked for and named other items.
	GoesOn bool     `json:"goes_on"`
	Second bool     `json:"second"`
	Notes  []string `json:"notes,omitempty"`
}

// Door tries the door at that position of the source, from 0. A door that
// cannot be opened does not work.
func Door(ctx context.Context, ask Ask, src *config.Source, vocab *config.Vocabulary, door int, l Limits) *Result {
	r := &Result{Door: door, Kind: src.Doors[door].Kind}
	if l.Lists == 0 {
		l.Lists = 4
	}
	if l.Items == 0 {
		l.Items = 2
	}
	const fewLinks = 6
	if r.Kind == "links" && l.Items > 0 { // some of what it leads to are hubs
		l.Items = max(l.Items, fewLinks)
	}
	opened, err := parsers.New(src, vocab, door)
	if err != nil {
		r.Why = err.Error()
		return r
	}
	t := &trying{ctx: ctx, ask: ask, door: opened, limits: l, result: r, known: make(map[string]bool)}
	t.lists()
	if r.Why == "" {
		t.items()
	}
	r.Works = r.Why == "" && (len(r.Records) > 0 || len(r.Leads) > 0 && (r.Kind != "links" || l.Items < 0)) // a link alone is no item
	if !r.Works && r.Why == "" {
		r.Why = t.nothing()
	}
	return r
}

// trying is one trial.
type trying struct {
	ctx    context.Context //nolint:containedctx // it lives as long as the call of Door
	ask    Ask
	door   parsers.Door
	limits Limits
	result *Result
	known  map[string]bool // addresses of items
	next   []harvest.Request
	bad    string // how the last page that was not had has ended
}

// lists asks for the pages that lead to items, the first ones first.
func (t *trying) lists() {
	queue, _ := t.door.Seeds(time.Time{})
	for asked := 0; len(queue) > 0 && asked < t.limits.Lists; asked++ {
		req := queue[0]
		queue = queue[1:]
		before := t.result.Items
		found, ok := t.page(req)
		if !ok {
			return
		}
		queue = append(found, queue...)
		if t.result.Items > before { // one list is enough, and its next page
			break
		}
	}
	if t.limits.Onwards && len(t.next) > 0 {
		before := t.result.Items
		_, ok := t.page(t.next[0])
		t.result.Second = ok && t.result.Items > before
		if !ok {
			t.result.Notes = append(t.result.Notes, "the second page of the list: "+t.result.Why)
			t.result.Why = ""
		}
	}
}

// page asks for one page and takes in what the door makes of it: what leads on,
// and false when the door does not work.
func (t *trying) page(req harvest.Request) (discovery []harvest.Request, works bool) {
	page := t.ask(t.ctx, req)
	t.result.Pages = append(t.result.Pages, page)
	parsed := t.door.Parse(page)
	if page.Outcome != harvest.Fetched {
		t.bad = ending(page)
	}
	if parsed.Dead != "" {
		t.result.Why = parsed.Dead
		return nil, false
	}
	t.take(&parsed)
	for _, next := range parsed.Requests {
		switch {
		case next.Kind == harvest.KindItem:
			t.lead(next)
		case next.Page > 1 && next.Page > req.Page && word(next.Step) == word(req.Step):
			t.result.GoesOn = true
			t.next = append(t.next, next)
		default:
			discovery = append(discovery, next)
		}
	}
	return discovery, true
}

func word(step string) string {
	step, _, _ = strings.Cut(step, "?")
	return step
}

// take keeps the records of a page.
func (t *trying) take(parsed *harvest.Parsed) {
	t.result.Total = max(t.result.Total, parsed.Total)
	const mostNotes = 10
	for _, n := range parsed.Notes {
		if len(t.result.Notes) < mostNotes {
			t.result.Notes = append(t.result.Notes, n)
		}
	}
	for _, rec := range parsed.Records {
		if key := normalize.URLKey(rec.URL); !t.known[key] {
			t.known[key] = true
			t.result.Items++
		}
		t.result.Records = append(t.result.Records, rec)
	}
}

// lead keeps the address of an item.
func (t *trying) lead(req harvest.Request) {
	key := normalize.URLKey(req.URL)
	if t.known[key] {
		return
	}
	t.known[key] = true
	t.result.Items++
	t.result.Leads = append(t.result.Leads, req)
}

// items asks for some of the items.
func (t *trying) items() {
	leads := t.result.Leads
	t.result.Leads = nil
	for i, req := range leads {
		if i >= t.limits.Items || t.ctx.Err() != nil {
			t.result.Leads = append(t.result.Leads, leads[i:]...)
			break
		}
		page := t.ask(t.ctx, req)
		t.result.Pages = append(t.result.Pages, page)
		parsed := t.door.Parse(page)
		if page.Outcome != harvest.Fetched {
			t.bad = ending(page)
		}
		t.take(&parsed)
		if len(parsed.Records) == 0 && t.bad != "" {
			t.result.Notes = append(t.result.Notes, t.bad)
		}
	}
}

// nothing says why there is no record.
func (t *trying) nothing() string {
	switch {
	case t.ctx.Err() != nil:
		return "stopped"
	case t.bad != "":
		return t.bad
	}
	if t.result.Kind == "links" && len(t.result.Leads) > 0 {
		return fmt.Sprintf("leads to %d pages and more, and none of those that were asked for is an item", t.result.Items)
	}
	if n := len(t.result.Notes); n > 0 {
		return "answers, and holds no record: " + t.result.Notes[n-1]
	}
	return "answers, and holds no record"
}

// ending says how a page ended.
func ending(p *harvest.Page) string {
	out := fmt.Sprintf("%s: %s", p.Request.URL, p.Outcome)
	if p.Status != 0 {
		out += fmt.Sprintf(" (%d)", p.Status)
	}
	if p.Reason != "" {
		out += ": " + p.Reason
	}
	return out
}
