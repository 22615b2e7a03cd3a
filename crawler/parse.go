package crawler

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/harvest87/harvest"
)

// reading is what came of parsing one page.
type reading struct {
	parsed harvest.Parsed
	panics string // what the parser broke on
}

// parse asks the door. A page that breaks it ends as panic, one that takes too
// long as parse-failed; neither takes others with it. A parser cannot be
// stopped: one that takes too long goes on beside, and done is called when it
// has ended, in whatever way.
func (j *job) parse(ctx context.Context, page *harvest.Page, done func()) harvest.Parsed {
	result := make(chan reading, 1)
	own := *page // page belongs to others again when the parser is given up
	go func() {
		defer done()
		result <- j.read(&own)
	}()
	limit := time.NewTimer(j.ParseTimeout)
	defer limit.Stop()
	defer context.AfterFunc(ctx, func() { limit.Reset(min(j.ParseTimeout, j.Grace/2)) })()
	select {
	case r := <-result:
		if r.panics != "" {
			page.Outcome, page.Reason = harvest.Panicked, r.panics
		}
		return r.parsed
	case <-limit.C:
	}
	page.Outcome, page.Reason = harvest.ParseFailed, fmt.Sprintf("reading it took longer than %s", j.ParseTimeout)
	if ctx.Err() != nil { // there is no time to wait; it is fetched again when the run goes on
		page.Outcome, page.Reason = harvest.Cancelled, context.Cause(ctx).Error()
	}
	return harvest.Parsed{}
}

// read asks the door about a page and turns a panic into a finding.
func (j *job) read(page *harvest.Page) (out reading) {
	defer func() {
		if r := recover(); r != nil {
			j.Logger.Error("parser broke on a page", "url", page.URL, "reason", fmt.Sprint(r), "stack", string(debug.Stack()))
			out = reading{panics: fmt.Sprint(r)}
		}
	}()
	if page.Request.Door < 0 || page.Request.Door >= len(j.Doors) {
		return reading{parsed: harvest.Parsed{Dead: "the source file no longer has this door"}}
	}
	out.parsed = j.Doors[page.Request.Door].Parse(page)
	if j.Heard != nil {
		j.Heard(out.parsed.Says)
	}
	return out
}
