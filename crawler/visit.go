package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"runtime/debug"

	"github.com/harvest87/harvest"
)

// visit is what one worker made of one request: the page, and what stands on
// it. It has changed nothing yet.
type visit struct {
	request harvest.Request
	page    *harvest.Page
	parsed  harvest.Parsed
	// unchanged are records that the page still holds as they were.
	unchanged []harvest.RecordID
	// basis is the hash of what besides the page decides its records.
	basis string
	// known are the records that stood on the page when it was last read,
	// whatever has changed since.
	known []harvest.RecordID
	// held is true when the page was recorded in the stead of one that names
	// it as its canonical address.
	held bool
	// settled is closed when the visit is written, or given up.
	settled chan struct{}
}

// visit fetches one request and parses the answer.
func (j *job) visit(ctx context.Context, req harvest.Request) visit {
	v := visit{request: req, basis: j.basis(&req)}
	if req.Alias != "" && j.settled(&v) {
		return v
	}
	var facts harvest.PageFacts
	facts, v.known = j.ledger(ctx, &req, v.basis)
	v.page = j.Fetcher.Fetch(ctx, req, facts.Validators)
	page := v.page
	page.Request = req
	saved(page, facts.Size)

	if page.Outcome == harvest.Fetched || page.Outcome == harvest.NotModified {
		if why := j.scope.refuse(page.URL, harvest.KindDiscovery); why != "" && page.URL != req.URL {
			page.Outcome, page.Reason, page.Body = harvest.OffScope, "redirected: "+why, nil
		}
	}
	if page.URL != req.URL && j.scope.foreignPrivate(page.URL) {
		page.URL = req.URL // what the source shows is known by the source's address
	}
	if page.Outcome == harvest.OffScope {
		page.URL = req.URL // where it would have led is said in the reason, and is no address of ours
	}
	need, tooMuch := j.weigh(page)
	if tooMuch != "" {
		page.Outcome, page.Reason, page.Body = harvest.TooLarge, tooMuch, nil
	}
	switch {
	case page.Outcome == harvest.Cancelled:
		return v
	case (page.Outcome == harvest.Fetched || page.Outcome == harvest.NotModified) && page.NoIndex && req.Kind != harvest.KindDiscovery:
		page.Outcome, page.Reason, page.Body = harvest.NoIndexed, page.RobotsSaid, nil
		if req.Alias != "" {
			j.judge(&v)
		}
		return v
	case page.Outcome == harvest.NotModified:
		v.unchanged = facts.Records
		return v
	case page.Outcome == harvest.Fetched && len(facts.Records) > 0 && page.Hash == facts.Hash:
		v.unchanged = facts.Records
		return v
	case page.Outcome != harvest.Fetched && req.Alias != "":
		j.judge(&v)
		return v
	}
	giveBack, err := j.Bench.take(ctx, need)
	if err != nil {
		page.Outcome, page.Reason = harvest.Cancelled, context.Cause(ctx).Error()
		return v
	}
	v.parsed = j.parse(page)
	giveBack()
	page.Body = nil // it has been read; the write may be a while
	if page.NoFollow && len(v.parsed.Requests) > 0 {
		v.parsed.Requests = nil
		v.parsed.Notes = append(v.parsed.Notes, page.RobotsSaid+" on "+page.URL+": its links were not followed")
	}
	if req.Alias != "" {
		j.judge(&v)
	}
	return v
}

// saved notes what a 304 spared the host that answered it.
func saved(page *harvest.Page, size int64) {
	for i := range page.Hosts {
		if u := &page.Hosts[i]; page.Outcome == harvest.NotModified && u.NotModified > 0 {
			u.Saved += size
			return
		}
	}
}

// settled decides about a claim that needs no look at its page.
func (j *job) settled(v *visit) bool {
	req := &v.request
	holds, known := j.state.claims.settled(j.claimed(req), req.Card)
	if !known {
		return false
	}
	v.page = &harvest.Page{Request: *req, URL: req.URL, Outcome: harvest.Duplicate, Reason: "asked for before in this run", FetchedAt: j.Now()}
	if holds {
		v.parsed.Events = []harvest.Event{sameAs(req.Card, req.URL)}
	} else {
		v.parsed.Records = []harvest.Record{standAlone(*req.Card)}
	}
	return true
}

// ledger returns what is known of an item page, when it may be used: nothing
// for discovery pages, whose links are always wanted; nothing when the source
// file, the program or the card have changed since; and nothing that this very
// run wrote before a crash, so that its new records are counted as new. The
// records known to stand on the page are returned in any case.
func (j *job) ledger(ctx context.Context, req *harvest.Request, basis string) (usable harvest.PageFacts, stood []harvest.RecordID) {
	if req.Kind == harvest.KindDiscovery {
		return harvest.PageFacts{}, nil
	}
	known, err := j.Store.Pages(ctx, j.Source.ID, []string{req.URL})
	if err != nil {
		j.Logger.Debug("ledger not readable, page is fetched whole", "url", req.URL, "err", err)
		return harvest.PageFacts{}, nil
	}
	facts := known[req.URL]
	if j.Full || facts.Config != basis || len(facts.Records) == 0 || !facts.FetchedAt.Before(j.state.started) {
		return harvest.PageFacts{}, facts.Records
	}
	return facts, facts.Records
}

func (j *job) basis(req *harvest.Request) string {
	h := sha256.New()
	_ = json.NewEncoder(h).Encode([]any{j.Fingerprint, req.Step, req.Card}) // a hash never fails to write, a record never to encode
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// parse asks the door, and turns a panic into an outcome: one page never takes
// the others with it.
func (j *job) parse(page *harvest.Page) (parsed harvest.Parsed) {
	defer func() {
		if r := recover(); r != nil {
			j.Logger.Error("parser broke on a page", "url", page.URL, "reason", fmt.Sprint(r), "stack", string(debug.Stack()))
			page.Outcome, page.Reason = harvest.Panicked, fmt.Sprint(r)
			parsed = harvest.Parsed{}
		}
	}()
	if page.Request.Door < 0 || page.Request.Door >= len(j.Doors) {
		return harvest.Parsed{Dead: "the source file no longer has this door"}
	}
	return j.Doors[page.Request.Door].Parse(page)
}
