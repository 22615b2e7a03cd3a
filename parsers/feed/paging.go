package feed

import (
	"fmt"
	"net/url"
	"strconv"

	"github.com/mmcdole/gofeed"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/item"
	"github.com/harvest87/harvest/parsers/normalize"
)

// number is the page's place in the feed, from 1.
func (v *visit) number() int { return max(1, v.page.Request.Page) }

// fingerprint tells the pages of a feed apart by the addresses on them.
func fingerprint(f *gofeed.Feed) string {
	var all []string
	for _, i := range f.Items {
		if i != nil {
			all = append(all, i.Link+" "+i.GUID)
		}
	}
	return item.Fingerprint(all)
}

// onwards asks for older items, if there is a way to them.
func (v *visit) onwards(f frame, print string) {
	next, detail := v.next(f)
	if next == "" {
		if !f.complete && v.number() == 1 {
			v.out.Newest = true
			v.notef("%s shows its newest %d items and no way to older ones", v.page.URL, f.items)
		}
		return
	}
	if v.number() >= v.feed.MaxPages {
		v.out.Newest = true
		v.notef("%s: stopped at feed.max_pages, %d; the feed goes on", v.page.URL, v.feed.MaxPages)
		return
	}
	s := v.step
	s.Before = print
	if s.First == "" {
		s.First = print
	}
	s.By = detail
	v.out.Requests = append(v.out.Requests, harvest.Request{
		URL: next, Kind: harvest.KindDiscovery, Door: v.door, Step: s.String(), Page: v.number() + 1, Depth: v.page.Request.Depth + 1, Referrer: v.page.URL,
	})
}

// next is the address of the page with older items, and how it was found.
func (v *visit) next(f frame) (address, by string) {
	if v.feed.Paging == "none" || f.complete {
		return "", ""
	}
	for _, link := range []string{f.next, f.archive} {
		if link == "" || v.feed.Paging == "paged" {
			continue
		}
		if u, err := normalize.URL(v.page.URL, link); err == nil && u != v.page.Request.URL {
			return u, "link"
		}
	}
	if v.feed.Paging == "paged" || v.feed.Paging != "link" && f.wordpress && f.items > 0 {
		return v.paged(), "paged"
	}
	return "", ""
}

// paged is the address of the next page of a WordPress feed.
func (v *visit) paged() string {
	u, err := url.Parse(v.page.Request.URL)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set("paged", strconv.Itoa(v.number()+1))
	u.RawQuery = q.Encode()
	return u.String()
}

// repeats says that the page shows what an earlier one did, empty when not:
// sites without pages answer ?paged=2 with the first one.
func (v *visit) repeats(print string) string {
	switch {
	case v.number() == 1:
		return ""
	case print == v.step.Before:
		return fmt.Sprintf("%s repeats the page before; the feed ends there", v.page.URL)
	case print == v.step.First:
		return fmt.Sprintf("%s repeats the first page; the feed ends there", v.page.URL)
	}
	return ""
}
