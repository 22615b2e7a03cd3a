package survey

import (
	"context"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/probe"
)

// budget asks for each page once, and not for more than it may.
type budget struct {
	ask   probe.Ask
	most  int
	used  int // requests, redirects and further attempts included
	known map[string]*harvest.Page
	pages int
}

func newBudget(ask probe.Ask, most int) *budget {
	return &budget{ask: ask, most: most, known: make(map[string]*harvest.Page)}
}

// left is how many pages may still be asked for.
func (b *budget) left() int { return max(0, b.most-b.used) }

// get is a [probe.Ask] within the budget. A page beyond it ends as over the limit.
func (b *budget) get(ctx context.Context, req harvest.Request) *harvest.Page {
	key := normalize.URLKey(req.URL)
	if p, ok := b.known[key]; ok {
		again := *p
		again.Request = req
		return &again
	}
	if b.left() == 0 {
		return &harvest.Page{Request: req, URL: req.URL, Outcome: harvest.OverLimit, Reason: "no more requests are spent on finding out; --requests allows more"}
	}
	p := b.ask(ctx, req)
	b.used += max(1, p.Requests)
	b.pages++
	b.known[key] = p
	return p
}

// page asks for a page by its address.
func (b *budget) page(ctx context.Context, address string) *harvest.Page {
	return b.get(ctx, harvest.Request{URL: address, Kind: harvest.KindDiscovery})
}
