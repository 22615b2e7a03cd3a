package item

import (
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
// card's title with something of the site before or behind it.
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
	behind, ok := cutFold(own, cardText)
	return ok && affix.MatchString(behind)
}

var (
	frontPageTitle = regexp.MustCompile(`(?i)^(?:home(?: ?page)?|welcome|resources?|publications?|documents?|library|news|untitled|accueil|inicio|الرئيسية)$`)
	// affix is a separator and a short name: " | Example Library", "Example: ".
	affix = regexp.MustCompile(`^\s*[|–—·•»«:]\s*[^|]{1,80}$|^\s+-\s+[^|]{1,80}$|^[^|]{1,80}\s*[|–—·•»«:]\s*$|^[^|]{1,80}\s+-\s+$`)
)

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
