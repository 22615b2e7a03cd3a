package listing

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/item"
	"github.com/harvest87/harvest/parsers/normalize"
)

// maxCards bounds the cards of one page.
const maxCards = 2000

// maxGroups bounds the lists that a start page leads to.
const maxGroups = 500

// list is one listing page.
type list struct {
	base     string // what relative links start from
	cards    []card
	dropped  int      // cards beyond maxCards
	next     string   // the next page's address, empty when there is no link
	groups   []string // addresses of the lists that the page leads to
	doc      *goquery.Document
	within   string // where in JSON the list stands, empty for a page of HTML
	noIndex  bool
	noFollow bool
}

// card is one card as it stands on the page.
type card struct {
	*goquery.Selection
	link       string // normal form, empty when there is none
	linkDetail string
	linkText   string
	problem    string // why there is no link
}

// parse reads a listing page.
func (d *Door) parse(p *harvest.Page) (*list, error) {
	doc, within, err := d.document(p)
	if err != nil {
		return nil, err
	}
	l := &list{base: baseOf(doc, p), doc: doc, within: within}
	l.noIndex, l.noFollow = robots(doc)
	l.noFollow = l.noFollow || p.NoFollow
	l.noIndex = l.noIndex || p.NoIndex

	found := outermost(d.card.all(doc.Selection))
	if n := found.Length(); n > maxCards {
		l.dropped = n - maxCards
		found = found.Slice(0, maxCards)
	}
	if d.listing.Item.WithFollowing {
		for _, s := range Following(found) {
			l.cards = append(l.cards, d.readCard(s, l.base, p.URL))
		}
	} else {
		found.Each(func(_ int, s *goquery.Selection) {
			l.cards = append(l.cards, d.readCard(s, l.base, p.URL))
		})
	}
	l.next, _, _ = first(d.next, doc.Selection, func(s selector, found *goquery.Selection) (string, bool) {
		for _, e := range found.EachIter() {
			if u, ok := resolve(l.base, s.reference(e)); ok {
				return u, true
			}
		}
		return "", false
	})
	for _, s := range d.groups {
		found, _ := s.within(doc.Selection)
		for _, e := range found.EachIter() {
			if u, ok := resolve(l.base, s.reference(e)); ok && len(l.groups) < maxGroups {
				l.groups = append(l.groups, u)
			}
		}
	}
	return l, nil
}

// document is the page as HTML or, for JSON, the first text in it in which there
// are cards.
func (d *Door) document(p *harvest.Page) (doc *goquery.Document, within string, err error) {
	body := p.Body
	if isJSON(p) {
		for at, text := range markup(body) {
			doc, err = goquery.NewDocumentFromReader(strings.NewReader(text))
			if err == nil && d.card.all(doc.Selection).Length() > 0 {
				return doc, at, nil
			}
		}
		body = nil
	}
	if doc, err = goquery.NewDocumentFromReader(bytes.NewReader(body)); err != nil {
		return nil, "", fmt.Errorf("parse listing: %w", err)
	}
	return doc, "", nil
}

// baseOf is where relative links start: <base href>, else the page's address
// (WHATWG HTML, section 2.4.1).
func baseOf(doc *goquery.Document, p *harvest.Page) string {
	at := p.URL
	if at == "" {
		at = p.Request.URL
	}
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		if u, err := normalize.URL(at, href); err == nil {
			return u
		}
	}
	return at
}

// robots reads <meta name="robots">
// (https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag).
func robots(doc *goquery.Document) (noIndex, noFollow bool) {
	doc.Find("meta[name][content]").Each(func(_ int, m *goquery.Selection) {
		if !strings.EqualFold(strings.TrimSpace(m.AttrOr("name", "")), "robots") {
			return
		}
		for word := range strings.SplitSeq(strings.ToLower(m.AttrOr("content", "")), ",") {
			switch strings.TrimSpace(word) {
			case "noindex":
				noIndex = true
			case "nofollow":
				noFollow = true
			case "none":
				noIndex, noFollow = true, true
			}
		}
	})
	return noIndex, noFollow
}

// outermost leaves out elements that stand within another of the same set.
func outermost(found *goquery.Selection) *goquery.Selection {
	in := make(map[any]bool, found.Length())
	for _, n := range found.Nodes {
		in[n] = true
	}
	return found.FilterFunction(func(_ int, s *goquery.Selection) bool {
		for n := s.Nodes[0].Parent; n != nil; n = n.Parent {
			if in[n] {
				return false
			}
		}
		return true
	})
}

// resolve makes an address of a link. Links within the page, to mail programs
// and to scripts are none.
func resolve(base, ref string) (string, bool) {
	ref = strings.TrimSpace(ref)
	if ref == "" || strings.HasPrefix(ref, "#") {
		return "", false
	}
	u, err := normalize.URL(base, ref)
	return u, err == nil
}

// readCard finds the link of a card.
func (d *Door) readCard(s *goquery.Selection, base, at string) card {
	c := card{Selection: s, problem: "the card has no link"}
	take := func(detail string, sel selector, e *goquery.Selection) bool {
		ref := sel.reference(e)
		u, ok := resolve(base, ref)
		if !ok {
			if ref != "" {
				c.problem = fmt.Sprintf("%q is not an address", clip(ref, 100))
			}
			return false
		}
		if normalize.URLKey(u) == normalize.URLKey(at) {
			c.problem = "its link leads to the listing itself"
			return false
		}
		c.link, c.linkDetail, c.linkText, c.problem = u, detail, innerText(e), ""
		return true
	}
	if d.linkByDefault {
		for _, e := range likelyLinks(s).EachIter() {
			if take("a@href", selector{}, e) {
				return c
			}
		}
		return c
	}
	first(d.link, s, func(sel selector, found *goquery.Selection) (struct{}, bool) {
		for _, e := range sel.references(found).EachIter() {
			if take(sel.detail, sel, e) {
				return struct{}{}, true
			}
		}
		return struct{}{}, false
	})
	return c
}

// likelyLinks are the links of a card without a selector for them, the title's
// first: a card may also link its label, its author or its picture.
func likelyLinks(s *goquery.Selection) *goquery.Selection {
	const heading = "h1, h2, h3, h4, h5, h6"
	links := s.Filter("a[href]").AddSelection(s.Find("a[href]"))
	likely := s.Find(heading).Find("a[href]").AddSelection(links.Has(heading))
	if likely.Length() == 0 {
		likely = s.Closest("h1 a[href], h2 a[href], h3 a[href], a[href]:has(h1, h2, h3, h4)")
	}
	return likely.AddSelection(links)
}

// fingerprint tells the pages of a list apart by the links of their cards.
func (l *list) fingerprint() string {
	links := make([]string, 0, len(l.cards))
	for _, c := range l.cards {
		links = append(links, normalize.URLKey(c.link))
	}
	return item.Fingerprint(links)
}

// linked counts the cards that have a link.
func (l *list) linked() int {
	n := 0
	for _, c := range l.cards {
		if c.link != "" {
			n++
		}
	}
	return n
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n]) + "…"
}
