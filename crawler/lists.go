package crawler

import (
	"encoding/json"

	"github.com/klauspost/compress/s2"

	"github.com/harvest87/harvest"
)

// Where a list leads is always wanted, so its first page is always fetched
// whole: it is where a site shows what is new, and some sites say of a page that
// it has not changed because its template has not. The pages behind it are
// asked for with their validators, and what they led to is kept in the ledger
// for the answer that they have not changed. That is believed for as long as
// the source's revisit.max, counted from the last time the page was sent whole.

// maxKept bounds what is kept of one list page, in octets.
const maxKept = 1 << 20

// kept is what the ledger keeps of a list page.
type kept struct {
	Requests []harvest.Request `json:"requests"`
	Notes    []string          `json:"notes,omitempty"`
	Total    int               `json:"total,omitempty"`
}

// isListPage reports whether a request is for a page of a list behind the first.
// What a form leads to has no address of its own, and no validators.
func isListPage(r *harvest.Request) bool {
	return r.Kind == harvest.KindDiscovery && r.Page > 1 && r.Form == ""
}

// keep packs what a list page led to; nil when it cannot be kept: a page with
// records or endings of its own is read each time.
func keep(p *harvest.Parsed) []byte {
	if len(p.Requests) == 0 || len(p.Records) > 0 || len(p.Events) > 0 || p.Dead != "" || p.Expected != "" {
		return nil
	}
	b, err := json.Marshal(kept{p.Requests, p.Notes, p.Total})
	if err != nil || len(b) > maxKept {
		return nil
	}
	return s2.Encode(nil, b)
}

// unpack is the reverse of keep; it reports false for what it did not write.
func unpack(b []byte) (harvest.Parsed, bool) {
	if n, err := s2.DecodedLen(b); err != nil || n > maxKept {
		return harvest.Parsed{}, false
	}
	plain, err := s2.Decode(nil, b)
	var k kept
	if err != nil || json.Unmarshal(plain, &k) != nil || len(k.Requests) == 0 {
		return harvest.Parsed{}, false
	}
	return harvest.Parsed{Requests: k.Requests, Notes: k.Notes, Total: k.Total}, true
}

// listFacts is the ledger's new entry for a list page, nil when it stays as it is.
func listFacts(v *visit, source harvest.SourceID) *harvest.PageFacts {
	page := v.page
	if !isListPage(&v.request) || page.Outcome != harvest.Fetched || page.Validators == (harvest.Validators{}) || v.links == nil {
		return nil
	}
	return &harvest.PageFacts{
		Source: source, URL: v.request.URL, Validators: page.Validators, Hash: page.Hash, Size: page.Size, Status: page.Status,
		FetchedAt: page.FetchedAt, Since: page.FetchedAt, Config: v.basis, Links: v.links,
	}
}
