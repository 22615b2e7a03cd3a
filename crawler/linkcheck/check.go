package linkcheck

import (
	"context"
	"log/slog"
	"time"

	"github.com/harvest87/harvest"
)

// Prober asks for an address without its contents; fetch.Session does. It is called
// for one address at a time.
type Prober interface {
	Probe(ctx context.Context, url string) *harvest.Page
}

// Source is one source whose links are to be looked at.
type Source struct {
	ID harvest.SourceID
	// Links gives the addresses of the documents of its active records, each once.
	Links func(ctx context.Context) ([]string, error)
	// Prober asks, as politely as the source's file wants it.
	Prober Prober
}

// Options are what one pass needs.
type Options struct {
	Store   Store
	Plan    Plan
	Sources []Source
	// Limit is how many links are looked at, 0 for all that are due.
	Limit int
	// Told, when set, is told of each result.
	Told   func(source harvest.SourceID, l Link)
	Logger *slog.Logger
	Now    func() time.Time // default time.Now
}

// Result is what a pass came to.
type Result struct {
	Checked int `json:"checked"`
	Broken  int `json:"broken"`  // of those checked, also those that were before
	Mended  int `json:"mended"`  // answered again
	Ignored int `json:"ignored"` // not counted: nobody answered at all, so it is us who are cut off
}

// The results of so many links are kept together, or of so much time: a kill costs
// that many looks, and nothing else.
const (
	keepEach  = 20
	keepAfter = 30 * time.Second
)

// Check looks at the links that are due, one after the other, until none is left or
// ctx ends, which is no error. Links of one host that several sources name are its
// links together.
func Check(ctx context.Context, o Options) (Result, error) {
	c := &check{Options: o}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	c.Plan = c.Plan.withDefaults()
	spent := map[string]int{}
	for _, s := range o.Sources {
		known, err := Known(ctx, o.Store, s.ID)
		if err != nil {
			return c.Result, err
		}
		countSpent(spent, known, c.Now())
	}
	for _, s := range o.Sources {
		select {
		case <-ctx.Done():
			return c.Result, nil // what was found is kept
		default:
		}
		if err := c.source(ctx, s, spent); err != nil {
			return c.Result, err
		}
	}
	return c.Result, nil
}

// merged are the links that records have, with what is known of each.
func merged(stand []string, known []Link) []Link {
	by := make(map[string]Link, len(known))
	for _, l := range known {
		by[l.URL] = l
	}
	out := make([]Link, 0, len(stand))
	for _, u := range stand {
		l, ok := by[u]
		if !ok {
			l = Link{URL: u}
		}
		out = append(out, l)
	}
	return out
}

// check is one pass.
type check struct {
	Options
	Result
	// heard is true once any server has answered in this pass: until then, silence
	// may be our own.
	heard   bool
	waiting []Link // results that say that nobody answers, while nobody was heard
}

// source looks at the links of one source.
func (c *check) source(ctx context.Context, s Source, spent map[string]int) error {
	links, err := s.Links(ctx)
	if err != nil {
		return err
	}
	known, err := Known(ctx, c.Store, s.ID)
	if err != nil {
		return err
	}
	due := c.Plan.due(merged(links, known), spent, c.Now())
	stand := make(map[string]bool, len(links))
	for _, u := range links {
		stand[u] = true
	}
	var results []Link
	last := c.Now()
	keep := func() error {
		if len(results) == 0 {
			return nil
		}
		err := note(context.WithoutCancel(ctx), c.Store, s.ID, results, stand)
		results, last = nil, c.Now()
		return err
	}
	c.waiting = nil
	for _, l := range due {
		if ctx.Err() != nil || c.Limit > 0 && c.Checked >= c.Limit {
			break
		}
		page := s.Prober.Probe(ctx, l.URL)
		if page.Outcome == harvest.Cancelled {
			break
		}
		results = append(results, c.learn(s.ID, l, page)...)
		if len(results) >= keepEach || c.Now().Sub(last) >= keepAfter {
			if err := keep(); err != nil {
				return err
			}
		}
	}
	if n := len(c.waiting); n > 0 {
		c.Ignored += n
		c.Logger.Warn("no host has answered; links that were asked for are not counted", "source", s.ID, "count", n)
	}
	return keep()
}

// learn takes in one answer and returns the results that are sure.
func (c *check) learn(id harvest.SourceID, l Link, page *harvest.Page) []Link {
	c.Checked++
	c.heard = c.heard || page.Status != 0
	next := l.after(page, c.Now())
	switch was := l.Verdict(); next.Verdict() {
	case Broken:
		c.Broken++
		if was != Broken {
			c.Logger.Warn("link is broken", "source", id, "url", l.URL, "outcome", next.Outcome, "reason", next.Reason)
		}
	case Good:
		if was == Suspect || was == Broken {
			c.Mended++
		}
	}
	if c.Told != nil {
		c.Told(id, next)
	}
	if found, _ := weigh(page); !c.heard && found == unheardOf {
		c.waiting = append(c.waiting, next)
		return nil
	}
	out := append(c.waiting, next)
	c.waiting = nil
	return out
}
