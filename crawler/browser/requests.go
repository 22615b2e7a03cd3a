package browser

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	cdpfetch "github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"

	"github.com/harvest87/harvest"
)

// needed are the kinds of things without which scripts cannot fill a page.
// Pictures, fonts, styles and the like change no text.
var needed = []network.ResourceType{network.ResourceTypeDocument, network.ResourceTypeScript, network.ResourceTypeXHR, network.ResourceTypeFetch}

// passedOn are the headers of an answer that a page may look at.
var passedOn = []string{"Content-Type", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers", "Link", "X-Wp-Total", "X-Wp-Totalpages"}

// answer gives the browser what it asks for, or says that it cannot have it.
func (t *tab) answer(ctx, inside context.Context, e *cdpfetch.EventRequestPaused) {
	p, reason := t.decide(ctx, e)
	switch {
	case p == nil && e.ResourceType == network.ResourceTypeDocument: // the tab stays where it is (RFC 9110 section 15.3.5)
		_, _ = call(inside, cdpfetch.FulfillRequest, cdpfetch.FulfillRequestParams{RequestID: e.RequestID, ResponseCode: http.StatusNoContent}) // likewise
	case p != nil:
		_, _ = call(inside, cdpfetch.FulfillRequest, response(e.RequestID, p)) // else the page no longer waits for it
	default:
		_, _ = call(inside, cdpfetch.FailRequest, cdpfetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: reason}) // likewise
	}
}

// decide fetches what is asked for, when it may be, and else says why not.
func (t *tab) decide(ctx context.Context, e *cdpfetch.EventRequestPaused) (*harvest.Page, network.ErrorReason) {
	if t.isPage(e) {
		return t.page, ""
	}
	if why := t.refuse(e); why != "" {
		t.browser.o.Logger.Debug("browser may not ask", "page", t.page.URL, "url", e.Request.URL, "reason", why)
		return nil, network.ErrorReasonBlockedByClient
	}
	got := t.get(ctx, harvest.Request{URL: e.Request.URL, Kind: harvest.KindDiscovery, Referrer: t.page.URL})
	t.mu.Lock()
	t.cost.Requests += got.Requests
	t.cost.Bytes += got.Bytes
	t.cost.WireBytes += got.WireBytes
	t.cost.Hosts = append(t.cost.Hosts, got.Hosts...)
	beyond := t.cost.Bytes > t.browser.o.MaxBytes
	t.mu.Unlock()
	switch {
	case beyond:
		t.note(fmt.Sprintf("more than %d octets", t.browser.o.MaxBytes))
	case got.Outcome == harvest.Fetched || got.Status >= 400: // an error is an answer too
		return got, ""
	default:
		t.note(string(got.Outcome))
	}
	return nil, network.ErrorReasonFailed
}

// isPage reports whether this is the request for the page itself, which is at
// hand; it is so once.
func (t *tab) isPage(e *cdpfetch.EventRequestPaused) bool {
	if e.ResourceType != network.ResourceTypeDocument {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	first := !t.opened
	t.opened = true
	return first
}

// refuse says why a request is not made, empty when it is.
func (t *tab) refuse(e *cdpfetch.EventRequestPaused) (why string) {
	if !slices.Contains(needed, e.ResourceType) {
		return "no text comes of it"
	}
	defer func() {
		if why != "" {
			t.note(why)
		}
	}()
	switch {
	case e.ResourceType == network.ResourceTypeDocument:
		return "to show another document" // of a frame, or the page goes elsewhere
	case e.Request.Method != http.MethodGet:
		return "to send something by " + e.Request.Method
	}
	if why := t.allowed(e.Request.URL); why != "" {
		return why
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.asked++; t.asked > t.browser.o.MaxRequests {
		return fmt.Sprintf("more than %d requests", t.browser.o.MaxRequests)
	}
	return ""
}

// note counts what was refused, by reason.
func (t *tab) note(why string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.refusals == nil {
		t.refusals = map[string]int{}
	}
	if t.refusals[why] > 0 || len(t.refusals) < 20 { // reasons may hold what a page made up
		t.refusals[why]++
	}
}

// refused says what the page asked for in vain, for people.
func (t *tab) refused() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var parts []string
	for _, why := range slices.Sorted(maps.Keys(t.refusals)) {
		parts = append(parts, fmt.Sprintf("%s (%d)", why, t.refusals[why]))
	}
	return strings.Join(parts, ", ")
}

// response is a page as the answer to what the browser asks for. Its text is
// UTF-8 by now.
func response(id cdpfetch.RequestID, p *harvest.Page) cdpfetch.FulfillRequestParams {
	r := cdpfetch.FulfillRequestParams{RequestID: id, ResponseCode: int64(p.Status), Body: p.Body}
	if p.Status < 200 {
		r.ResponseCode = 200
	}
	for _, name := range passedOn {
		for _, value := range p.Header.Values(name) {
			if name == "Content-Type" {
				value = p.MediaType + "; charset=utf-8"
			}
			r.ResponseHeaders = append(r.ResponseHeaders, &cdpfetch.HeaderEntry{Name: name, Value: value})
		}
	}
	return r
}
