package crawler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/gate"
)

// maxBatch is the most pages that are stored in the journal together. On a slow
// site every page is stored at once; on a fast one the batch grows by itself.
const maxBatch = 64

// commit stores a batch of visits in the journal, with what they give to the
// catalogue, and leaves that to the publisher. What is too much for the journal
// is published before.
func (j *job) commit(ctx context.Context, p *publisher, batch []visit) error {
	c := committing{job: j, at: j.Now().UTC(), found: make(map[address]bool)}
	for i := range batch {
		c.add(&batch[i])
	}
	stage := j.state.stage
	var fresh []*staged
	for _, e := range c.entries {
		switch s := e.staged; {
		case s.empty():
			e.staged = nil
		case len(s.Records) > tooManyToStage:
			e.staged = nil
			if err := p.publishAtOnce(ctx, s, e); err != nil {
				return err
			}
		default:
			stage++
			e.Stage, s.stage, s.at, s.key = stage, stage, e.At, e.key()
			fresh = append(fresh, s)
		}
	}
	if err := j.append(ctx, c.entries...); err != nil {
		return err
	}
	p.add(fresh...)
	return nil
}

// committing gathers one batch.
type committing struct {
	*job
	at      time.Time
	entries []*entry
	found   map[address]bool // the requests of entries
}

// add turns one visit into a journal entry, with what it gives to the catalogue.
func (c *committing) add(v *visit) {
	page := v.page
	e := &entry{
		Type: entryPage, At: c.at, Door: v.request.Door, Kind: v.request.Kind, Step: v.request.Step, Page: v.request.Page, URL: v.request.URL, Alias: v.request.Alias, Form: v.request.Form,
		Hosts: page.Hosts, staged: new(staged),
	}
	e.HTTP, e.Wire, e.Bytes = cost(page)
	e.Files, e.staged.Files = v.files.spent.bytes, v.files.facts
	if page.URL != v.request.URL {
		e.FinalURL = page.URL
	}
	c.entries = append(c.entries, e)
	if page.Outcome == harvest.Fetched && c.sameButSlash(v.request.URL, page.URL) {
		e.Slash = slashSame
	}
	if c.repeatedByRedirect(v) {
		page.Outcome, page.Reason = harvest.Duplicate, "leads to "+page.URL
		v.parsed, v.unchanged = harvest.Parsed{}, nil
	}
	e.Events = append(e.Events, v.files.events...)
	var stand []harvest.RecordID
	if c.repeats(v, e) { // and leads where that one leads
		page.Outcome, page.Reason = harvest.Duplicate, "says word for word what "+string(e.Same)+" says"
		v.parsed, stand = harvest.Parsed{}, []harvest.RecordID{e.Same}
		if !c.state.claims.knows(e.Same) { // its own page may come yet, and is what counts
			e.staged.Seen = append(e.staged.Seen, e.Same)
		}
	}
	requests := v.parsed.Requests
	if v.request.Door != c.state.door { // a door that was left has nothing more to ask
		requests = nil
	}
	for i := range v.parsed.Records {
		if id, follow := c.addRecord(e, v, &v.parsed.Records[i]); follow != nil {
			requests = append(requests, *follow)
		} else if id != "" {
			stand = append(stand, id)
		}
	}
	if e.Same == "" && len(stand) == 1 { // for those of the same batch
		c.state.memory.learn(e.Imprint, originAt(e.URL, stand[0]))
	}
	if len(v.unchanged) == 1 && v.request.Kind == harvest.KindItem {
		e.Imprint = imprintOfRecord(v.unchanged[0])
	}
	fresh := 0 // of them, not known yet in this run
	for _, id := range v.unchanged {
		if !c.state.claims.knows(id) {
			c.state.claims.recorded(id, 0)
			e.staged.Unchanged = append(e.staged.Unchanged, id)
			e.saw(id, 0)
			fresh++
		} else if v.request.Kind == harvest.KindItem {
			e.Same = id // and still does
		}
	}
	if fresh > 0 && fresh == len(v.confirmed) {
		for i := range v.confirmed {
			reading := gate.Same(&v.confirmed[i])
			e.Readings = append(e.Readings, c.state.sum.Pack(&reading)...)
		}
		e.Words, e.Confirmed = c.state.sum.Words(), fresh
	}
	ended := false // a door may know a better ending for the page than "fetched"
	for _, ev := range v.parsed.Events {
		if ev.URL == "" {
			ev.URL = page.URL
		}
		if ev.Outcome.Info().Subject == harvest.SubjectPage && (ev.URL == page.URL || ev.URL == v.request.URL) {
			ended = true
			e.Lost = e.Lost || isLost(ev.Outcome)
		}
		e.Events = append(e.Events, ev)
	}
	if !ended {
		ending := pageEvent(page, v.parsed.Expected)
		e.Events, e.Lost = append(e.Events, ending), isLost(ending.Outcome)
	}
	e.Absent = absentOn(v)
	e.Notes, e.Newest = v.parsed.Notes, v.parsed.Newest
	e.Requests = c.accept(e, v, requests)
	e.Onwards = v.request.Kind == harvest.KindDiscovery && leadsOnwards(e)
	e.staged.Facts = factsOf(v, c.Source.ID, stand)
	e.Dead = v.parsed.Dead
}

// isLost reports whether a page that ended so was asked for in vain. Endings
// that should not be make the run partial, and are no matter of gates.
func isLost(o harvest.Outcome) bool {
	switch o {
	case harvest.OffScope, harvest.Trap, harvest.OverLimit, harvest.Declined, harvest.InvalidURL:
		return false
	}
	return o.Info().Severity == harvest.Notable
}

// cost is what a page took: by its hosts, which count robots.txt too, or else
// by itself.
func cost(p *harvest.Page) (requests int, wire, plain int64) {
	if len(p.Hosts) == 0 {
		return p.Requests, p.WireBytes, p.Bytes
	}
	sum := p.Hosts.Total()
	return sum.Requests, sum.WireBytes, sum.Bytes
}

// repeatedByRedirect reports whether a page was reached that this run has
// already visited under its own address.
func (c *committing) repeatedByRedirect(v *visit) bool {
	if v.request.Kind == harvest.KindDiscovery || v.request.Alias != "" || v.page.Outcome != harvest.Fetched || v.page.URL == v.request.URL {
		return false
	}
	asked, askedSlash := c.Form(v.request.URL)
	got, gotSlash := c.Form(v.page.URL)
	return (asked != got || askedSlash != gotSlash) && c.state.frontier.seen(v.page.URL)
}

// pageEvent is how a page ended. A bad ending that its door expected is no
// hole in the run.
func pageEvent(p *harvest.Page, expected string) harvest.Event {
	info := p.Outcome.Info()
	switch {
	case info.Severity == harvest.Failing && expected != "":
		return harvest.Event{Outcome: harvest.Declined, URL: p.Request.URL, Reason: fmt.Sprintf("%s; %s", p.Outcome, expected)}
	case info.Severity == harvest.Fine && p.Outcome != harvest.Duplicate:
		return harvest.Event{Outcome: p.Outcome}
	}
	return harvest.Event{Outcome: p.Outcome, URL: p.Request.URL, Reason: p.Reason}
}

// addRecord gives a record its identity and queues it for writing, or returns
// the canonical page that should be recorded in its stead.
func (c *committing) addRecord(e *entry, v *visit, r *harvest.Record) (harvest.RecordID, *harvest.Request) {
	r.Source, r.PageHash, r.Reached = c.Source.ID, v.page.Hash, reached(v, r)
	identity := r.URL
	if r.CanonicalURL != "" && c.scope.refuse(r.CanonicalURL, harvest.KindItem) == "" {
		identity = r.CanonicalURL
	}
	r.ID = c.identify(r.NativeID, identity)
	if v.request.Alias != "" && identity != r.URL && c.state.claims.conflicts(r) { // two pages claim what cannot be had now
		*r = standAlone(*r)
		r.ID = c.identify(r.NativeID, r.URL)
	}
	event := harvest.Event{URL: r.URL, Record: r.ID}

	if v.request.Kind == harvest.KindItem && v.page.Outcome == harvest.Fetched && r.NativeID == "" && v.request.Alias == "" {
		if !c.same(identity, v.page.URL) {
			alias := harvest.Request{
				URL: identity, Kind: harvest.KindItem, Step: v.request.Step, Card: r, Alias: v.page.URL,
			}
			return "", &alias
		}
		c.weighSlash(e, v, r, identity)
	}
	if err := r.Validate(); err != nil {
		event.Outcome, event.Reason, event.Record = invalid(err), err.Error(), ""
		e.Events = append(e.Events, event)
		return "", nil
	}
	if c.scope.foreignPrivate(r.URL) {
		event.Outcome, event.Reason, event.Record = harvest.OffScope, "not an address of the public internet", ""
		e.Events = append(e.Events, event)
		return "", nil
	}
	if why := c.scope.unwanted(r.URL, harvest.KindItem); why != "" && v.request.Kind == harvest.KindDiscovery {
		event.Outcome, event.Reason, event.Record = harvest.OffScope, why, ""
		e.Events = append(e.Events, event)
		return "", nil
	}
	if _, read := c.state.claims.compare(r); read { // one that is known as unchanged may have changed on this page
		event.Outcome, event.Reason = harvest.DuplicateRecord, "described before in this run"
		if !v.held { // else the page that names it has been counted
			e.Events = append(e.Events, event)
		}
		return r.ID, nil
	}
	title := titleOf(r)
	c.state.claims.recorded(r.ID, title)
	e.saw(r.ID, title)
	e.staged.Records = append(e.staged.Records, *r)
	if r.Category == "" {
		e.Labels = append(e.Labels, r.CategoriesRaw...)
	}
	return r.ID, nil
}

// reached are the addresses that led to an item and are not its own.
func reached(v *visit, r *harvest.Record) []string {
	if v.request.Kind != harvest.KindItem {
		return nil
	}
	var out []string
	for _, a := range []string{v.request.URL, v.page.URL, v.request.Alias} {
		if a != "" && a != r.URL && a != r.CanonicalURL && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

func invalid(err error) harvest.Outcome {
	switch {
	case errors.Is(err, harvest.ErrNoTitle):
		return harvest.NoTitle
	case errors.Is(err, harvest.ErrNoURL):
		return harvest.NoURL
	}
	return harvest.InvalidRecord
}

// accept keeps the requests that are new and in scope, notes where they come
// from, and tells of the others.
func (c *committing) accept(e *entry, v *visit, requests []harvest.Request) []harvest.Request {
	var inside []harvest.Request
	for i := range requests {
		r := &requests[i]
		r.Door, r.Depth, r.Referrer = v.request.Door, depth(&v.request, r), v.page.URL
		if why := c.scope.refuse(r.URL, r.Kind); why != "" {
			c.offScope(e, v, r, why)
			continue
		}
		if most := c.Source.Scope.Depth; most > 0 && r.Depth > most {
			e.Events = append(e.Events, harvest.Event{
				Outcome: harvest.OffScope, URL: r.URL, Reason: fmt.Sprintf("scope.depth: %d links away, more than %d", r.Depth, most),
			})
			continue
		}
		if why := c.trapped(r); why != "" {
			e.Events = append(e.Events, harvest.Event{Outcome: harvest.Trap, URL: r.URL, Reason: why})
			continue
		}
		inside = append(inside, *r)
	}
	fresh := c.state.frontier.fresh(inside, c.found)
	for n := items(inside) - items(fresh); n > 0; n-- {
		e.Events = append(e.Events, harvest.Event{Outcome: harvest.Duplicate})
	}
	return fresh
}

// depth is how many links r is away from the pages at which its door began. The
// pages of one list are equally far, and so are a page's canonical address and
// what is looked up for it.
func depth(from, r *harvest.Request) int {
	if r.Alias != "" || r.Aside || r.Kind == harvest.KindDiscovery && r.Page > 1 && r.Page != from.Page && stepWord(r) == stepWord(from) {
		return from.Depth
	}
	return from.Depth + 1
}

// stepWord is the step of a request without what the door remembers in it.
func stepWord(r *harvest.Request) string {
	word, _, _ := strings.Cut(r.Step, "?")
	return word
}

// offScope ends a request that is not followed. What its card says was on the
// source's own page, so the door may make a record of that, as curated
// libraries link to what others publish.
func (c *committing) offScope(e *entry, v *visit, r *harvest.Request, why string) {
	e.Events = append(e.Events, harvest.Event{Outcome: harvest.OffScope, URL: r.URL, Reason: why})
	if r.Kind != harvest.KindItem || r.Card == nil {
		return
	}
	page := &harvest.Page{Request: *r, URL: r.URL, Outcome: harvest.OffScope, Reason: why}
	read := c.read(page)
	if read.panics != "" {
		e.Events = append(e.Events, harvest.Event{Outcome: harvest.Panicked, URL: r.URL, Reason: read.panics})
	}
	for i := range read.parsed.Records {
		c.addRecord(e, v, &read.parsed.Records[i])
	}
}

func items(requests []harvest.Request) int {
	n := 0
	for i := range requests {
		if requests[i].Kind == harvest.KindItem {
			n++
		}
	}
	return n
}

// retry calls op until it succeeds, fails for good, or the store has been away
// for StorePatience.
func retry[T any](ctx context.Context, j *job, op func() (T, error)) (T, error) {
	return backoff.Retry(ctx, func() (T, error) {
		out, err := op()
		if err != nil && !errors.Is(err, harvest.ErrUnavailable) {
			return out, backoff.Permanent(err)
		}
		return out, err
	},
		backoff.WithMaxElapsedTime(j.StorePatience),
		backoff.WithNotify(func(err error, wait time.Duration) {
			j.Logger.Warn("store is away, trying again", "source", j.Source.ID, "err", err, "wait_ms", wait.Milliseconds())
		}))
}
