package item

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// title keeps the page's title unless there is reason against it.
func (m *merging) title(src *config.Source) {
	own, card := m.own.Title, m.card.Title
	if own == "" {
		return
	}
	keepCard := card != "" && m.strength("title", m.own) < told && (m.cardWins || vetoed(own, card, src))
	if keepCard {
		return
	}
	m.out.Title = own
	m.explain("title")
	if len(m.own.TitleAlt) > 0 {
		m.out.TitleAlt = m.own.TitleAlt
		m.explain("title_alt")
	}
}

// vetoed reports whether a page's title is the site's rather than the item's:
// the name of the site, a word for its front page, a title cut short, or the
// card's title with the name of the site before or behind it. Anything else
// that the page adds, such as a subtitle, is the item's.
func vetoed(own, card string, src *config.Source) bool {
	_, ownCut := normalize.Truncated(own)
	cardText, cardCut := normalize.Truncated(card)
	switch {
	case cardCut:
		return false
	case ownCut:
		return true
	case same(own, card):
		return false
	case src != nil && (same(own, src.Name) || same(own, src.Publisher)):
		return true
	case frontPageTitle.MatchString(own):
		return true
	}
	added, ok := cutFold(own, cardText)
	added = strings.Trim(added, " |–—·•»«:-")
	return ok && src != nil && (same(added, src.Name) || same(added, src.Publisher) || same(added, host(src.Homepage)))
}

var frontPageTitle = regexp.MustCompile(`(?i)^(?:home(?: ?page)?|welcome|resources?|publications?|documents?|library|news|untitled|accueil|inicio|الرئيسية)$`)

// cutFold takes title off the front or the end of s, whatever its case, and
// returns the rest.
func cutFold(s, title string) (rest string, ok bool) {
	if len(title) < 8 || len(s) <= len(title) {
		return "", false
	}
	if strings.EqualFold(s[:len(title)], title) {
		return s[len(title):], true
	}
	if at := len(s) - len(title); strings.EqualFold(s[at:], title) {
		return s[:at], true
	}
	return "", false
}

func same(a, b string) bool {
	a, b = strings.TrimSpace(a), strings.TrimSpace(b)
	return a != "" && strings.EqualFold(a, b)
}

// host is the host of an address without "www.", as sites sign their titles.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return bareHost(u)
}
