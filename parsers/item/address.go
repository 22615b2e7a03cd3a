package item

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// leadsBack names the page to which an item's address was redirected when that
// cannot be the item: the front page or the listing. Sites do so with what
// they have taken down.
func leadsBack(p *harvest.Page, r Reading) string {
	asked, got := normalize.URLKey(p.Request.URL), normalize.URLKey(p.URL)
	if p.URL == "" || p.Request.URL == "" || asked == got {
		return ""
	}
	if isFrontPage(p.URL) || got == normalize.URLKey(r.Source.Homepage) {
		return "the home page"
	}
	for _, list := range r.Lists {
		if got == normalize.URLKey(list) {
			return "the listing"
		}
	}
	return ""
}

// isFrontPage reports whether an address is that of a whole host.
func isFrontPage(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.Trim(u.Path, "/") == "" && u.RawQuery == ""
}

// distrust says why a page's canonical address must not become its identity:
// templates get it wrong on whole sites at once, and a hundred records would
// become one. Empty when it may be believed.
func distrust(canonical, at string, r Reading) string {
	c, err := url.Parse(canonical)
	if err != nil {
		return "it cannot be read"
	}
	own, err := url.Parse(at)
	if err != nil {
		return "the page has no address"
	}
	key := normalize.URLKey(canonical)
	switch {
	case key == normalize.URLKey(at):
		return ""
	case bareHost(c) != bareHost(own):
		return fmt.Sprintf("it is on another host, %s", c.Host)
	case isFrontPage(canonical) || key == normalize.URLKey(r.Source.Homepage):
		return "it is the home page"
	}
	for _, list := range r.Lists {
		if key == normalize.URLKey(list) {
			return "it is the listing"
		}
	}
	return ""
}

// bareHost is a host without "www.".
func bareHost(u *url.URL) string {
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.")
}
