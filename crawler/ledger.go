package crawler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/harvest87/harvest"
)

// lookUp reads what the ledger knows of an item page. It is usable unless the
// source file, the program or the card have changed since, or this very run
// wrote it before a crash, whose new records are to be counted as new. Of
// discovery pages it knows those of lists, see lists.go.
func (j *job) lookUp(ctx context.Context, v *visit) {
	if v.request.Kind == harvest.KindDiscovery && !isListPage(&v.request) {
		return
	}
	var err error
	if v.request.Kind == harvest.KindItem {
		v.facts, err = j.factsFor(ctx, v.request.URL)
	} else { // what is kept of a list may be large
		var known map[string]harvest.PageFacts
		known, err = j.Store.Pages(ctx, j.Source.ID, []string{v.request.URL})
		v.facts = known[v.request.URL]
	}
	if err != nil {
		j.Logger.Debug("ledger not readable, page is fetched whole", "url", v.request.URL, "err", err)
		return
	}
	v.usable = !j.Full && !j.Replay && v.facts.Config == v.basis && v.facts.FetchedAt.Before(j.state.started)
	if !isListPage(&v.request) {
		v.usable = v.usable && len(v.facts.Records) > 0
		return
	}
	age := j.Now().Sub(v.facts.FetchedAt)
	if v.usable = v.usable && age >= 0 && age < j.Source.Revisit.Max; v.usable {
		v.kept, v.usable = unpack(v.facts.Links)
	}
}

// A page is left alone for a quarter of the time that lies between two of its
// changes on average, as far as it has been watched, so that about one change
// in eight is seen a visit late. For less than a day it is not worth its while:
// who runs a source again on the same day wants to see what is there.
const (
	ofTheMeanGap = 4
	worthSparing = 24 * time.Hour
)

// restFor is how long after its last visit a page need not be asked for, within
// the bounds of its source.
func (j *job) restFor(f *harvest.PageFacts) time.Duration {
	bounds := j.Source.Revisit
	if bounds.Max <= 0 {
		return 0
	}
	rest := f.FetchedAt.Sub(f.Since) / time.Duration(f.Changes+1) / ofTheMeanGap
	if f.Since.IsZero() || rest < worthSparing {
		rest = 0
	}
	return min(max(rest, bounds.Min), bounds.Max)
}

// spared ends a visit without asking for the page, when there is reason to
// think that it has not changed. No page is spared for longer than the source's
// revisit.max, whatever it or its source says.
func (j *job) spared(v *visit) bool {
	if !v.usable || v.request.Kind != harvest.KindItem || v.request.Alias != "" || j.Source.Revisit.Max <= 0 {
		return false
	}
	age := j.Now().Sub(v.facts.FetchedAt)
	if age < 0 || age >= j.Source.Revisit.Max { // a clock that was set back proves nothing
		return false
	}
	var reason string
	switch m := v.request.Modified; {
	case !m.IsZero() && v.facts.FetchedAt.After(m):
		reason = "not changed since " + m.UTC().Format(time.DateOnly) + ", says what leads to it"
	case age < j.restFor(&v.facts):
		reason = fmt.Sprintf("changed %d times in %d days; asked for again after %s",
			v.facts.Changes, int(v.facts.FetchedAt.Sub(v.facts.Since)/(24*time.Hour)), v.facts.FetchedAt.Add(j.restFor(&v.facts)).UTC().Format(time.DateOnly))
	default:
		return false
	}
	v.page = &harvest.Page{Request: v.request, URL: v.request.URL, Outcome: harvest.Skipped, Reason: reason, FetchedAt: j.Now()}
	v.unchanged = v.facts.Records
	return true
}

// compare finds that a page which was sent whole says what it said before.
// What differs then, such as its related items, is no change of its records.
func (j *job) compare(v *visit) {
	v.content = contentOf(&v.parsed)
	if v.usable && v.request.Alias == "" && v.page.Outcome == harvest.Fetched && v.content != "" && v.content == v.facts.Content {
		v.unchanged, v.confirmed, v.parsed.Records = v.facts.Records, v.parsed.Records, nil
	}
}

// contentOf is the hash by which pages are compared, empty when nothing stands on it.
func contentOf(p *harvest.Parsed) string {
	if len(p.Records) == 0 {
		return ""
	}
	h := sha256.New()
	h.Write([]byte(p.Content))
	for i := range p.Records {
		h.Write([]byte(p.Records[i].ContentHash()))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// factsOf is the ledger's new entry for an item page, nil when it stays as it is.
func factsOf(v *visit, source harvest.SourceID, records []harvest.RecordID) *harvest.PageFacts {
	if v.request.Kind == harvest.KindDiscovery {
		return listFacts(v, source)
	}
	page := v.page
	answered := page.Outcome == harvest.Fetched || page.Outcome == harvest.NotModified || page.Outcome == harvest.Duplicate && len(records) > 0
	if !answered || v.request.Kind != harvest.KindItem || v.request.Alias != "" && !v.held {
		return nil
	}
	if len(v.unchanged) > 0 {
		f := v.facts
		f.FetchedAt, f.Validators = page.FetchedAt, page.Validators
		if page.Outcome == harvest.Fetched {
			f.Hash, f.Size, f.Status = page.Hash, page.Size, page.Status
		}
		return &f
	}
	f := harvest.PageFacts{
		Source: source, URL: v.request.URL, Validators: page.Validators, Hash: page.Hash, Size: page.Size, Status: page.Status,
		FetchedAt: page.FetchedAt, Config: v.basis, Content: v.content, Records: records,
		Since: v.facts.Since, Changes: v.facts.Changes, ChangedAt: v.facts.ChangedAt,
	}
	switch {
	case f.Since.IsZero():
		f.Since, f.ChangedAt = page.FetchedAt, page.FetchedAt
	case v.facts.Config == v.basis && v.facts.Content != f.Content: // else it may be we who read it otherwise
		f.Changes++
		f.ChangedAt = page.FetchedAt
	}
	return &f
}
