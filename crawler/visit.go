package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// visit is what one worker made of one request: the page, and what stands on
// it. It has changed nothing yet.
type visit struct {
	request harvest.Request
	page    *harvest.Page
	parsed  harvest.Parsed
	// facts are what the ledger knows of the page, usable when they still say
	// which records stand on it.
	facts  harvest.PageFacts
	usable bool
	// kept is what a list page led to when it was last sent whole, links what
	// is to be kept of it now.
	kept  harvest.Parsed
	links []byte
	// unchanged are records that the page still holds as they were.
	unchanged []harvest.RecordID
	// confirmed are those records as they were read, when they were.
	confirmed []harvest.Record
	// content is the hash of what the page says.
	content string
	// basis is the hash of what besides the page decides its records.
	basis string
	// note is what the browser has to say of the page.
	note string
	// held is true when the page was recorded in the stead of one that names
	// it as its canonical address.
	held bool
	// began and fetched bound the asking, parseBegan and parsedAt the reading, on
	// this machine's clock; zero for what was not done.
	began, fetched, parseBegan, parsedAt time.Time
	// files is what was read of the files that the records link to.
	files filesRead
	// settled is closed when the visit is written, or given up; giveBack, when
	// set, is called then.
	settled  chan struct{}
	giveBack func()
}

// visit fetches one request and parses the answer.
func (j *job) visit(ctx context.Context, req harvest.Request) visit {
	v := visit{request: req, basis: j.basis(&req)}
	if req.Alias != "" && j.settled(&v) {
		return v
	}
	j.lookUp(ctx, &v)
	if j.spared(&v) {
		return v
	}
	if why := j.trapped(&req); why != "" { // it was not known when the request was accepted
		v.page = &harvest.Page{Request: req, URL: req.URL, Outcome: harvest.Trap, Reason: why, FetchedAt: j.Now()}
		return v
	}
	if !j.Replay { // which asks nobody
		var ok bool
		if v.giveBack, ok = j.inHand.take(ctx, j.Host(req.URL)); !ok {
			v.page = &harvest.Page{Request: req, URL: req.URL, Outcome: harvest.Cancelled, Reason: context.Cause(ctx).Error(), FetchedAt: j.Now()}
			return v
		}
	}
	var validators harvest.Validators
	mode := j.rendering(&req)
	if v.usable && mode == config.RenderNever { // else they are those of the page without its content
		validators = v.facts.Validators
	}
	v.began = time.Now()
	v.page = j.Fetcher.Fetch(ctx, req, validators)
	v.fetched = time.Now()
	page := v.page
	page.Request = req
	saved(page, v.facts.Size)

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
	if mode == config.RenderAlways {
		j.render(ctx, &v)
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
	case page.Outcome == harvest.NotModified, page.Outcome == harvest.Fetched && v.usable && page.Hash == v.facts.Hash:
		v.unchanged, v.parsed = v.facts.Records, v.kept
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
	v.parseBegan = time.Now()
	v.parsed = j.parse(ctx, page, giveBack)
	if mode == config.RenderWhenNeeded && page.Outcome == harvest.Fetched && lacks(page, &v.parsed) {
		j.readAgain(ctx, &v)
	}
	if v.note != "" {
		v.parsed.Notes = append(v.parsed.Notes, v.note)
	}
	v.parsedAt = time.Now()
	page.Body = nil // it has been read; the write may be a while
	if page.Outcome == harvest.Cancelled {
		return v
	}
	if isListPage(&req) {
		v.links = keep(&v.parsed)
	}
	if page.NoFollow && len(v.parsed.Requests) > 0 {
		v.parsed.Requests = nil
		v.parsed.Notes = append(v.parsed.Notes, page.RobotsSaid+" on "+page.URL+": its links were not followed")
	}
	if req.Alias != "" {
		j.judge(&v)
	}
	if !j.readFiles(ctx, &v) {
		return v
	}
	j.compare(&v)
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

func (j *job) basis(req *harvest.Request) string {
	h := sha256.New()
	_ = json.NewEncoder(h).Encode([]any{j.Fingerprint, req.Step, req.Card}) // a hash never fails to write, a record never to encode
	return hex.EncodeToString(h.Sum(nil)[:16])
}
