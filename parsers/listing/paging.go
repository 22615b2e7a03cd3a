package listing

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// step is what a request says of itself in [harvest.Request.Step]: a word,
// and what the reading of its page needs to know of the pages before it. The
// door remembers nothing, so the request carries it.
type step struct {
	Name string
	// Start is the position of the start page in the source file, from 0.
	Start int
	// First and Before are the fingerprints of the first page of the list
	// and of the one before: a list that shows either again has ended.
	First, Before string
	// Failed is true when the page before could not be had.
	Failed bool
	// Group is the address of the list, where it is one of the groups that a
	// start page leads to.
	Group string
}

// String is the form that parseStep reads.
func (s step) String() string {
	q := make(url.Values)
	if s.Start > 0 {
		q.Set("start", strconv.Itoa(s.Start))
	}
	if s.First != "" {
		q.Set("first", s.First)
	}
	if s.Before != "" {
		q.Set("before", s.Before)
	}
	if s.Failed {
		q.Set("failed", "1")
	}
	if s.Group != "" {
		q.Set("group", s.Group)
	}
	if len(q) == 0 {
		return s.Name
	}
	return s.Name + "?" + q.Encode()
}

// parseStep reads a step; what it does not know it leaves out.
func parseStep(raw string) step {
	name, rest, _ := strings.Cut(raw, "?")
	q, _ := url.ParseQuery(rest)
	start, err := strconv.Atoi(q.Get("start"))
	if err != nil || start < 0 {
		start = 0
	}
	return step{Name: name, Start: start, First: q.Get("first"), Before: q.Get("before"), Failed: q.Get("failed") == "1", Group: q.Get("group")}
}

// number is the page's place in the list, from 1.
func (v *visit) number() int { return max(1, v.page.Request.Page) }

// start is the address of the list's first page.
func (v *visit) start() string {
	if v.step.Group != "" {
		return v.step.Group
	}
	if v.step.Start < len(v.listing.Start) {
		return v.listing.Start[v.step.Start]
	}
	return v.page.Request.URL
}

// repeats says that the page shows what an earlier one did, empty when not.
func (v *visit) repeats(print string) string {
	switch {
	case v.number() == 1:
		return ""
	case print == v.step.Before:
		return fmt.Sprintf("%s: page %d repeats the one before; the list ends there", v.start(), v.number())
	case print == v.step.First:
		return fmt.Sprintf("%s: page %d repeats the first; the list ends there", v.start(), v.number())
	}
	return ""
}

// onwards asks for the page after this one, if there is one.
func (v *visit) onwards(l *list, print string) ([]harvest.Request, []string) {
	next, body := l.next, ""
	switch {
	case v.listing.Next.Pattern != "":
		next = v.byPattern(v.number() + 1)
	case !v.nextForm.IsZero():
		var why string
		if next, body, why = v.byForm(l, v.number()+1); why != "" {
			return nil, []string{fmt.Sprintf("%s: stopped at page %d: %s", v.start(), v.number(), why)}
		}
	}
	key := normalize.URLKey(next)
	if next == "" || body == "" && (key == normalize.URLKey(v.page.URL) || key == normalize.URLKey(v.page.Request.URL) || key == normalize.URLKey(v.start())) ||
		body != "" && body == v.page.Request.Form && next == v.page.Request.URL {
		return nil, nil
	}
	if v.number() >= v.listing.Next.MaxPages {
		return nil, []string{fmt.Sprintf("%s: stopped at next.max_pages, %d; the list goes on", v.start(), v.listing.Next.MaxPages)}
	}
	s := step{Name: StepListing, Start: v.step.Start, First: v.step.First, Before: print, Group: v.step.Group}
	if s.First == "" {
		s.First = print
	}
	return []harvest.Request{v.request(next, body, s)}, nil
}

// byPattern is the address of a page of the list, from 2.
func (v *visit) byPattern(number int) string {
	ref := v.value(number).Replace(v.listing.Next.Pattern)
	u, err := normalize.URL(v.start(), ref)
	if err != nil {
		return ""
	}
	return u
}

// value puts the number of a page, from 2, in the place of {page} or {offset}.
func (v *visit) value(number int) *strings.Replacer {
	n := v.listing.Next
	value := strconv.Itoa(n.First + (number-2)*n.Step)
	return strings.NewReplacer("{page}", value, "{offset}", value)
}

// skip goes on behind a page that could not be had, once: by a pattern the
// next address is known.
func (v *visit) skip() []harvest.Request {
	if v.step.Failed || v.number() >= v.listing.Next.MaxPages {
		return nil
	}
	next, body := "", ""
	switch {
	case v.listing.Next.Pattern != "":
		next = v.byPattern(v.number() + 1)
	case v.nextForm.counts() && v.page.Request.Form != "":
		next, body = v.page.Request.URL, v.nextForm.again(v.page.Request.Form, v.value(v.number()+1))
	}
	if next == "" {
		return nil
	}
	s := v.step
	s.Failed = true
	return []harvest.Request{v.request(next, body, s)}
}

// counted reports whether the pages of the list are asked for by their numbers,
// so that only their answers tell where it ends.
func (v *visit) counted() bool { return v.listing.Next.Pattern != "" || v.nextForm.counts() }

func (v *visit) request(at, body string, s step) harvest.Request {
	return harvest.Request{
		URL: at, Form: body, Kind: harvest.KindDiscovery, Door: v.door, Step: s.String(), Page: v.number() + 1,
		Depth: v.page.Request.Depth + 1, Referrer: v.page.URL,
	}
}

// StepAt is the value of [harvest.Request.Step] for a page of the list at that
// position of the start pages, from 0, when nothing is known of its other pages.
// number is the page's, from 1.
func (d *Door) StepAt(start, number int) string {
	if number > 1 {
		return step{Name: StepListing, Start: start}.String()
	}
	return d.stepOf(start)
}

// stepOf is the step of a start page.
func (d *Door) stepOf(start int) string {
	name := StepListing
	if !d.form.IsZero() && d.form.needsPage() {
		name = StepForm
	}
	return step{Name: name, Start: start}.String()
}

// Place finds an address among the lists: which start page it belongs to, and
// the number of the page, from 1. ok is false when it is none of them.
func (d *Door) Place(address string) (start, number int, ok bool) {
	key := normalize.URLKey(address)
	for i, s := range d.listing.Start {
		if normalize.URLKey(s) == key {
			return i, 1, true
		}
	}
	pattern := d.listing.Next.Pattern
	if pattern == "" {
		return 0, 1, false
	}
	for i, s := range d.listing.Start {
		v := visit{Door: d, page: &harvest.Page{}, step: step{Start: i}}
		if n, ok := v.numberOf(s, key); ok {
			return i, n, true
		}
	}
	return 0, 1, false
}

// numberOf reads the page's number off an address that follows the pattern.
func (v *visit) numberOf(start, key string) (int, bool) {
	const mark = "987654321"
	ref := strings.NewReplacer("{page}", mark, "{offset}", mark).Replace(v.listing.Next.Pattern)
	u, err := normalize.URL(start, ref)
	if err != nil {
		return 0, false
	}
	before, after, ok := strings.Cut(normalize.URLKey(u), mark)
	if !ok || !strings.HasPrefix(key, before) || !strings.HasSuffix(key, after) || len(key) <= len(before)+len(after) {
		return 0, false
	}
	value, err := strconv.Atoi(key[len(before) : len(key)-len(after)])
	n := v.listing.Next
	if err != nil || n.Step == 0 || (value-n.First)%n.Step != 0 || value < n.First {
		return 0, false
	}
	return (value-n.First)/n.Step + 2, true
}
