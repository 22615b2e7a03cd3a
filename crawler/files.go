package crawler

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/harvest87/harvest"
)

// The files that records link to, such as PDF, are fetched and read in the visit
// of the page that gives the records, before these are written: so a record is
// whole when it is, and a crash costs no more than the page does. A file is
// fetched like a page, by the same clock and rules, and is gone when it has been
// read. What is known of it stands in the ledger, with its validators, and does
// until Documents.Again has passed; then it is asked whether it has changed. No
// ending of a file makes a run partial or takes a record away.

// maxFilesKnown bounds how many files a run remembers apart from the ledger,
// which learns of them a little later.
const maxFilesKnown = 4096

// Ledger is what is known of pages and files.
type Ledger interface {
	Pages(ctx context.Context, source harvest.SourceID, urls []string) (map[string]harvest.PageFacts, error)
}

// filesRead is what one visit has read of files.
type filesRead struct {
	facts  []harvest.PageFacts
	events []harvest.Event
	spent  spending // requests and octets on the wire
}

// fileFacts is what the ledger holds of a file in [harvest.PageFacts.Links].
type fileFacts struct {
	Outcome harvest.Outcome `json:"outcome"`
	Reason  string          `json:"reason,omitempty"`
	Facts   json.RawMessage `json:"facts,omitempty"`
}

// files is what a run knows of the files that it has read and of what they
// weighed. It is safe for concurrent use.
type files struct {
	mu      sync.Mutex
	known   map[string]harvest.PageFacts
	weighed int64    // by all files, those of visits that are not settled too
	settled spending // of the run
	working spending // of files, by visits that are not settled
}

// settle takes in how the run stands after visits that spent so much on files.
func (f *files) settle(run spending, weighed int64, spent spending) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.working.requests -= spent.requests
	f.working.bytes -= spent.bytes
	f.settled = spending{requests: run.requests, bytes: run.bytes}
	f.weighed = weighed + f.working.bytes
}

func (f *files) spend(s spending) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.working.add(s)
	f.weighed += s.bytes
}

// overLimit says why no more files may be fetched, empty when they may.
func (f *files) overLimit(j *job) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if most := j.Source.Documents.RunSize; most > 0 && f.weighed >= most {
		return fmt.Sprintf("documents.run_size: %s", humanize.IBytes(uint64(most)))
	}
	now := f.settled
	now.add(f.working)
	if why := now.exceeds(j.Source.Limits.Budget, "limits", ""); why != "" {
		return why
	}
	now.add(spending{requests: j.earlier.requests, bytes: j.earlier.bytes})
	return now.exceeds(j.Source.Limits.PerDay, "limits.per_day", " within 24 hours")
}

func (f *files) remember(p harvest.PageFacts) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known == nil {
		f.known = make(map[string]harvest.PageFacts)
	}
	if len(f.known) < maxFilesKnown {
		f.known[p.URL] = p
	}
}

func (f *files) recall(url string) (harvest.PageFacts, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.known[url]
	return p, ok
}

// readFiles reads the files of the records that a page gives, and reports false
// when ctx has ended before it was done: the visit is then to be repeated.
func (j *job) readFiles(ctx context.Context, v *visit) bool {
	if j.Documents == nil {
		return true
	}
	for i := range v.parsed.Records {
		r := &v.parsed.Records[i]
		wanted := j.Documents.Wanted(r)
		if len(wanted) == 0 {
			continue
		}
		known, err := j.Ledger.Pages(ctx, j.Source.ID, wanted)
		if err != nil {
			j.Logger.Debug("ledger not readable, files are fetched whole", "url", v.request.URL, "err", err)
		}
		for _, address := range wanted {
			f, ok := j.readFile(ctx, v, address, known[address])
			if !ok {
				v.page.Outcome, v.page.Reason = harvest.Cancelled, context.Cause(ctx).Error()
				return false
			}
			if len(f.Facts) > 0 {
				j.Documents.Enter(r, address, f.Facts)
			}
		}
	}
	return true
}

// readFile gives what is known of one file, after asking for it where that is
// due. It returns false when ctx has ended.
func (j *job) readFile(ctx context.Context, v *visit, address string, ledger harvest.PageFacts) (fileFacts, bool) {
	if p, ok := j.files.recall(address); ok {
		ledger = p
	}
	old, usable := j.fileKnown(&ledger)
	end := func(o harvest.Outcome, reason string) (fileFacts, bool) {
		e := harvest.Event{Outcome: o, Reason: reason}
		if o.Info().Severity != harvest.Fine {
			e.URL = address
		}
		v.files.events = append(v.files.events, e)
		return old, true
	}
	if usable && (j.Replay || !j.fileDue(&ledger)) {
		return end(asBefore(old))
	}
	if v.page.NoFollow {
		return end(harvest.DocumentRefused, v.page.RobotsSaid+" on the page that links to it")
	}
	if why := j.scope.refuse(address, harvest.KindDocument); why != "" {
		return end(harvest.DocumentRefused, why)
	}
	if why := j.files.overLimit(j); why != "" {
		return end(harvest.DocumentOverLimit, why)
	}
	page := j.fetchFile(ctx, v, address, &ledger, usable)
	switch page.Outcome {
	case harvest.Cancelled:
		return old, false
	case harvest.NotModified:
		ledger.FetchedAt, ledger.Validators = page.FetchedAt, page.Validators
		j.noteFile(v, &ledger)
		return end(asBefore(old))
	case harvest.Fetched:
		if page.NoIndex {
			return end(harvest.DocumentRefused, page.RobotsSaid)
		}
	case harvest.TooLarge:
		old = fileFacts{Outcome: harvest.DocumentTooLarge, Reason: page.Reason}
		j.noteFile(v, j.factsOfFile(page, address, &old))
		return end(old.Outcome, old.Reason)
	case harvest.UnexpectedType:
		return end(harvest.DocumentEmpty, page.Reason)
	case harvest.RobotsDenied, harvest.OffScope, harvest.AccessDenied, harvest.LoginRequired:
		return end(harvest.DocumentRefused, string(page.Outcome)+": "+page.Reason)
	default:
		return end(harvest.DocumentMissing, string(page.Outcome)+": "+page.Reason)
	}
	if usable && page.Hash == ledger.Hash {
		j.noteFile(v, j.factsOfFile(page, address, &old))
		return end(asBefore(old))
	}
	facts, ending, reason := j.Documents.Read(ctx, page.Body)
	if ctx.Err() != nil {
		return old, false
	}
	if facts == nil {
		return end(ending, reason)
	}
	old = fileFacts{Outcome: ending, Reason: reason, Facts: facts}
	j.noteFile(v, j.factsOfFile(page, address, &old))
	return end(ending, reason)
}

// asBefore is how a file ends that is as it was: what was wrong with it still is.
func asBefore(f fileFacts) (harvest.Outcome, string) {
	if f.Outcome.Info().Severity != harvest.Fine {
		return f.Outcome, f.Reason
	}
	return harvest.DocumentUnchanged, ""
}

// fetchFile asks for a file, with the validators of what is known of it, and
// adds what that cost to the page of the visit.
func (j *job) fetchFile(ctx context.Context, v *visit, address string, known *harvest.PageFacts, usable bool) *harvest.Page {
	req := harvest.Request{URL: address, Kind: harvest.KindDocument, Door: v.request.Door, Referrer: v.page.URL, MaxBytes: j.Source.Documents.MaxSize}
	var validators harvest.Validators
	if usable && !j.Full {
		validators = known.Validators
	}
	page := j.Fetcher.Fetch(ctx, req, validators)
	saved(page, known.Size)
	requests, wire, plain := cost(page)
	spent := spending{requests: requests, bytes: wire}
	v.files.spent.add(spent)
	j.files.spend(spent)
	if len(v.page.Hosts) == 0 && len(page.Hosts) == 0 {
		v.page.Requests, v.page.WireBytes, v.page.Bytes = v.page.Requests+requests, v.page.WireBytes+wire, v.page.Bytes+plain
	}
	v.page.Hosts.Add(page.Hosts)
	return page
}

// fileKnown reads what the ledger knows of a file, and reports whether it holds
// for the present way of reading.
func (j *job) fileKnown(p *harvest.PageFacts) (fileFacts, bool) {
	var f fileFacts
	if p.Config != j.Documents.Edition() || json.Unmarshal(p.Links, &f) != nil || f.Outcome.Info().Subject != harvest.SubjectDocument {
		return fileFacts{}, false
	}
	return f, true
}

// fileDue reports whether a file is to be asked for again. What this run has
// asked for is not.
func (j *job) fileDue(p *harvest.PageFacts) bool {
	if _, now := j.files.recall(p.URL); now {
		return false
	}
	age := j.Now().Sub(p.FetchedAt)
	return j.Full || age < 0 || age >= max(j.Source.Documents.Again, time.Second)
}

// factsOfFile is the ledger's entry for a file that was fetched.
func (j *job) factsOfFile(page *harvest.Page, address string, f *fileFacts) *harvest.PageFacts {
	b, err := json.Marshal(f)
	if err != nil { // Facts are of Documents, which says they are JSON
		b = nil
	}
	return &harvest.PageFacts{
		Source: j.Source.ID, URL: address, Validators: page.Validators, Hash: page.Hash, Size: page.Size, Status: page.Status,
		FetchedAt: page.FetchedAt, Since: page.FetchedAt, Config: j.Documents.Edition(), Links: b,
	}
}

func (j *job) noteFile(v *visit, p *harvest.PageFacts) {
	v.files.facts = append(v.files.facts, *p)
	j.files.remember(*p)
}
