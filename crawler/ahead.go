package crawler

import (
	"context"
	"sync"

	"github.com/harvest87/harvest"
)

// lookAhead is for how many item pages the ledger is asked at once: those that
// are visited next come with the one that is asked for.
const lookAhead = 64

// ahead holds ledger entries that were read before their pages' turn. What this
// run writes into the ledger it does not use itself, so they do not grow old. It
// is safe for concurrent use.
type ahead struct {
	mu    sync.Mutex
	facts map[string]harvest.PageFacts // by URL; the zero value for what the ledger does not know
}

// factsFor returns the ledger's entry for an item page, the zero value when it
// knows none.
func (j *job) factsFor(ctx context.Context, url string) (harvest.PageFacts, error) {
	j.ahead.mu.Lock() // for the time of the query too: others wait for what it is about to bring
	defer j.ahead.mu.Unlock()
	if f, ok := j.ahead.facts[url]; ok {
		delete(j.ahead.facts, url)
		return f, nil
	}
	urls := append([]string{url}, j.state.frontier.upcoming(harvest.KindItem, lookAhead-1)...)
	known, err := j.Store.Pages(ctx, j.Source.ID, urls)
	if err != nil {
		return harvest.PageFacts{}, err
	}
	if len(j.ahead.facts) > 4*lookAhead { // left over from what was dropped or visited otherwise
		clear(j.ahead.facts)
	}
	if j.ahead.facts == nil {
		j.ahead.facts = make(map[string]harvest.PageFacts)
	}
	for _, u := range urls[1:] {
		j.ahead.facts[u] = known[u]
	}
	return known[url], nil
}
