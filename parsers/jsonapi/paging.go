package jsonapi

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/fields"
)

func (v *visit) number() int { return max(1, v.page.Request.Page) }

// onwards asks for the page after this one, or says why the list ends here.
func (v *visit) onwards(l *list, print string) {
	if len(l.entries) == 0 {
		return
	}
	next := v.next(l)
	switch {
	case next == "" || next == v.page.Request.URL:
		return
	case v.number() >= v.json.Next.MaxPages:
		v.out.Newest = true
		v.notef("stopped at next.max_pages, %d; the list goes on", v.json.Next.MaxPages)
		return
	}
	s := step{Name: StepList, First: v.step.First, Before: print}
	if s.First == "" {
		s.First = print
	}
	v.out.Requests = append(v.out.Requests, harvest.Request{
		URL: next, Kind: harvest.KindDiscovery, Door: v.door, Step: s.String(), Page: v.number() + 1, Depth: v.page.Request.Depth + 1, Referrer: v.page.URL,
	})
}

// repeats says that the page shows what an earlier one did, empty when not.
func (v *visit) repeats(l *list, print string) string {
	switch {
	case v.number() == 1 || len(l.entries) == 0:
		return ""
	case print == v.step.Before:
		return "this page repeats the one before"
	case print == v.step.First:
		return "this page repeats the first"
	}
	return ""
}

// next is the address of the next page, empty when there is none.
func (v *visit) next(l *list) string {
	n := &v.json.Next
	switch {
	case n.Link == "header":
		return v.resolve(nextLink(v.page.Header))
	case n.Link != "":
		if values := fields.Values(v.link.Find(l.tree)); len(values) > 0 {
			return v.resolve(values[0])
		}
		return ""
	case n.Cursor != "":
		if values := fields.Values(v.cursor.Find(l.tree)); len(values) > 0 {
			return v.with(n.Param, values[0])
		}
		return ""
	case n.Page != "":
		current, ok := v.current(n.Page)
		if !ok {
			current = n.First
		}
		if size := len(l.entries); l.total > 0 && v.number() == 1 && size >= l.total {
			return ""
		}
		return v.with(n.Page, strconv.Itoa(current+1))
	case n.Offset != "":
		current, _ := v.current(n.Offset)
		step := n.Step
		if step == 0 {
			step = len(l.entries)
		}
		if l.total > 0 && current+step >= l.total {
			return ""
		}
		return v.with(n.Offset, strconv.Itoa(current+step))
	}
	return ""
}

func (v *visit) resolve(ref string) string {
	base, err := url.Parse(v.page.Request.URL)
	if err != nil || strings.TrimSpace(ref) == "" {
		return ""
	}
	u, err := base.Parse(strings.TrimSpace(ref))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return u.String()
}

// current is the value of a parameter that counts.
func (v *visit) current(name string) (int, bool) {
	for _, pair := range pairs(v.page.Request.URL) {
		key, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(key); err == nil && plain == name {
			n, err := strconv.Atoi(value)
			return n, err == nil && n >= 0
		}
	}
	return 0, false
}

func pairs(address string) []string {
	_, query, _ := strings.Cut(address, "?")
	if query == "" {
		return nil
	}
	return strings.Split(query, "&")
}

// with is the page's address with another value of a parameter. The others
// stay as they are written: some servers know only their own form.
func (v *visit) with(name, value string) string {
	path, _, _ := strings.Cut(v.page.Request.URL, "?")
	var out []string
	for _, pair := range pairs(v.page.Request.URL) {
		key, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(key); err != nil || plain != name {
			out = append(out, pair)
		}
	}
	out = append(out, url.QueryEscape(name)+"="+url.QueryEscape(value))
	return path + "?" + strings.Join(out, "&")
}

// failed answers for a page that was not had.
func (v *visit) failed() harvest.Parsed {
	p := v.page
	why := string(p.Outcome)
	if p.Status != 0 {
		why = fmt.Sprintf("%s (%d)", why, p.Status)
	}
	if p.Reason != "" {
		why += ": " + p.Reason
	}
	if v.number() == 1 && len(v.json.Start) == 1 {
		return harvest.Parsed{Dead: fmt.Sprintf("%s at %s", why, p.Request.URL)}
	}
	ends := []harvest.Outcome{harvest.NotFoundPage, harvest.GonePage, harvest.ClientError}
	if v.number() > 1 && (v.json.Next.Page != "" || v.json.Next.Offset != "") && slices.Contains(ends, p.Outcome) {
		return harvest.Parsed{Expected: "behind the last page of the list (" + why + ")"}
	}
	return harvest.Parsed{}
}
