package page

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/normalize"
)

// maxTitle bounds a title, in octets; what is longer is a paragraph.
const maxTitle = 600

// decideTitle finds the headline of the item: what a reader sees as its title.
func (e *extractor) decideTitle() {
	b := &ballot{}
	whole := func(s string) string { return s }
	e.selected(b, e.rules.Title, whole)
	if e.cited {
		b.offer(e.cite.title, "citation", e.cite.detail, min(e.cite.score, 990))
	}
	e.headingTitles(b)
	e.declaredTitles(b)
	e.agreeOnTitle(b)
	c, ok := e.settle("title", b)
	if !ok {
		return
	}
	e.title = c
	e.result.Record.Title = c.Value
	e.titleAt = e.findBlock(c.Value)
	if e.titleAt < 0 {
		e.titleAt = e.otherTitle()
	}
	e.belong()
}

// otherTitle is the block of the heading that stands where the title should,
// when the page shows another title than it declares, -1 when none does.
func (e *extractor) otherTitle() int {
	heads := e.v.h1s
	if len(heads) == 0 {
		heads = e.v.heads
	}
	for _, h := range heads {
		if h.level <= 2 && h.zone&offContent == 0 && h.zone&(inMain|inArticle) != 0 {
			if e.isSiteName(h.text) {
				continue
			}
			return h.at
		}
	}
	return -1
}

// belong lets what stands in the zone of the title be of the item: templates
// put whole items into a form, a widget or an element named after a search.
// Where people discuss, the item is what the first of them wrote.
func (e *extractor) belong() {
	if e.titleAt < 0 || e.titleAt >= len(e.v.blocks) {
		return
	}
	zones := e.v.blocks[e.titleAt].zone & (inForm | inAside | inBanner)
	if forumPath.MatchString(pathOf(e.home)) {
		zones |= inComments
	}
	if zones != 0 {
		e.v.rezone(e.titleAt, zones)
	}
}

// forumPath finds the folders under which forums keep their discussions.
var forumPath = regexp.MustCompile(`(?i)/(?:forums?|discussions?|threads?|topics?|viewtopic|showthread|questions?)(?:[/.]|$)`)

// findBlock is the block that shows the title, -1 when none does.
func (e *extractor) findBlock(title string) int {
	want := key(title)
	card := -1
	for _, h := range append(append([]heading{}, e.v.h1s...), e.v.heads...) {
		if k := key(h.text); k == want || len(want) > 15 && strings.Contains(k, want) {
			if h.zone&(inCard|inRelated|inFooter) == 0 {
				return h.at
			}
			if card < 0 {
				card = h.at
			}
		}
	}
	if card >= 0 {
		return card
	}
	for i, b := range e.v.blocks {
		if len(b.text) < len(title)*2+20 && len(b.text)*2+20 > len(title) && b.zone&(inNav|inFooter) == 0 && key(b.text) == want {
			return i
		}
	}
	return -1
}

func (e *extractor) headingTitles(b *ballot) {
	for i, h := range e.v.h1s {
		if i >= 20 {
			break
		}
		if why := e.vetoTitle(h.text, h.node); why != "" {
			b.reject(h.text, "heading", "h1", why)
			continue
		}
		score := 100 - 5*i + zoneScore(h.zone, h.role)
		if len(e.v.blocks) > 60 && h.at > len(e.v.blocks)*3/4 && e.v.title != "" && !strings.Contains(key(e.v.title), e.headKeys[i]) {
			score -= 70 // behind the text, and nothing else says so
		}
		b.offer(e.withoutSite(h.text), "heading", "h1", score)
		for _, part := range partsOf(h.node) {
			if part.text != h.text && e.vetoTitle(part.text, nil) == "" {
				b.offer(part.text, "heading", "part of h1", score-40-part.less)
			}
		}
	}
	for i, h := range e.v.heads {
		if h.level > 3 || i > 60 {
			continue
		}
		score := 20 + zoneScore(h.zone, h.role)
		if h.role&forTitle != 0 {
			score += 10
		}
		if len(e.v.h1s) == 0 && i == 0 {
			score += 15
		}
		if why := e.vetoTitle(h.text, h.node); why == "" && h.zone&offContent == 0 {
			b.offer(h.text, "heading", h.node.Data, score)
		}
	}
}

// part is a piece of a heading; less is what speaks against it.
type part struct {
	text string
	less int
}

// partsOf are the pieces of a heading that could be the title without its
// kicker.
func partsOf(n *html.Node) []part {
	var out []part
	for c := n.FirstChild; c != nil && len(out) < 8; c = c.NextSibling {
		if t := strings.TrimLeft(normalize.Text(limitedText(c, maxTitle)), ":|–- "); t != "" {
			p := part{text: t}
			if c.Type == html.ElementNode {
				if classOf(c, wordsOf).role&forKicker != 0 {
					p.less = 100
				}
			}
			out = append(out, p)
		}
	}
	if len(out) == 1 {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && normalize.Text(limitedText(c, maxTitle)) != "" {
				return partsOf(c)
			}
		}
	}
	if len(out) > 2 { // what follows the kicker may itself be in pieces
		rest := make([]string, 0, len(out)-1)
		for _, p := range out[1:] {
			rest = append(rest, p.text)
		}
		out = append(out, part{text: strings.Join(rest, " ")})
	}
	if len(out) > 0 {
		out[0].less += 5 // a kicker stands first
	}
	return out
}

func zoneScore(z zone, r role) int {
	score := 0
	if z&(inArticle|inMain) != 0 {
		score += 8
	}
	if z&(inNav|inFooter|inComments|inBanner|inRelated) != 0 {
		score -= 60
	}
	if z&(inAside|inCard) != 0 {
		score -= 30
	}
	if z&inHeader != 0 {
		score -= 15
	}
	if r&forTitle != 0 {
		score += 8
	}
	return score
}

// vetoTitle says why a text cannot be the title.
func (e *extractor) vetoTitle(s string, n *html.Node) string {
	switch {
	case len(s) > maxTitle:
		return "too long"
	case len([]rune(s)) < 2:
		return "too short"
	case e.isSiteName(s):
		return "the site's name"
	case e.recurs(habitTitle, s):
		return "on many pages of the site"
	case strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://"):
		return "an address"
	}
	if n != nil && e.leadsHome(n) {
		return "leads to the site's entrance"
	}
	switch key(s) {
	case "home", "homepage", "startseite", "accueil", "inicio", "untitled", "untitleddocument", "search", "menu", "news", "blog", "article", "error", "404", "notfound":
		return "says nothing"
	}
	return ""
}

// leadsHome reports whether the heading is a link to the site's entrance.
func (e *extractor) leadsHome(n *html.Node) bool {
	here, err := url.Parse(e.home)
	if err != nil || strings.Trim(here.Path, "/") == "" {
		return false
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.A && c.Type == html.ElementNode {
			return leadsHome(attr(c, "href"), here)
		}
	}
	return false
}

// declaredTitles offers what the page declares, without the site's suffix
// where there is evidence for it.
func (e *extractor) declaredTitles(b *ballot) {
	offer := func(value, basis, detail string, score int) {
		value = normalize.Text(value)
		if value == "" {
			return
		}
		if bare := e.withoutSite(value); bare != value {
			b.reject(value, basis, detail, "ends with the site's name")
			value = bare
		}
		if why := e.vetoTitle(value, nil); why != "" {
			b.reject(value, basis, detail, why)
			return
		}
		b.offer(value, basis, detail, score)
	}
	for i, t := range e.things {
		if i == 3 {
			break
		}
		offer(t.text("headline"), "json-ld", "headline", 62-10*i)
		offer(t.text("name"), "json-ld", "name", 50-10*i)
	}
	for _, m := range []struct {
		name  string
		score int
	}{
		{"citation_title", 97},
		{"og:title", 64},
		{"dcterms.title", 60},
		{"dc.title", 60},
		{"twitter:title", 55},
		{"parsely-title", 62},
		{"sailthru.title", 55},
		{"title", 45},
		{"eprints.title", 90},
		{"hdl", 50},
	} {
		for i, value := range e.v.meta[m.name] {
			if i == 0 {
				offer(value, "meta", m.name, m.score)
			}
		}
	}
	for _, p := range e.v.props {
		if (p.name == "headline" || p.name == "name") && p.zone&offContent == 0 && typeRank([]string{typeName(p.owner)}) >= 60 {
			score := 62
			if p.name == "name" {
				score = 45
			}
			offer(propText(p.node), "microdata", p.name, score)
		}
	}
	offer(e.v.title, "meta", "title element", 48)
}

// typeName gives a microdata type in the form of JSON-LD types. Only its last
// part in lower case is known, so the comparison restores the usual case.
func typeName(itemtype string) string {
	if i := strings.LastIndexByte(strings.TrimRight(itemtype, "/"), '/'); i >= 0 {
		itemtype = itemtype[i+1:]
	}
	switch {
	case itemtype == "?" || itemtype == "":
		return "Article"
	case strings.HasSuffix(itemtype, "article"):
		return "Article"
	case strings.HasSuffix(itemtype, "posting"):
		return "BlogPosting"
	case itemtype == "webpage":
		return "WebPage"
	case itemtype == "creativework":
		return "CreativeWork"
	case itemtype == "scholarlyarticle":
		return "ScholarlyArticle"
	case itemtype == "videoobject":
		return "VideoObject"
	}
	return strings.ToUpper(itemtype[:1]) + itemtype[1:]
}

// titleMarks separate a title from the name of its site.
var titleMarks = []string{" | ", " - ", " – ", " — ", " · ", " • ", " » ", " « ", " :: ", " / ", " ‹ ", " › ", " > ", "｜", "ㅣ", " ‖ ", " : ", ": ", "|", " ~ ", "_", " -- ", "-", "–", "—"}

// withoutSite takes the site's name off a declared title: at the end or at the
// beginning, and only when the part is a name of the site or what is left
// stands as a heading on the page.
func (e *extractor) withoutSite(s string) string {
	for range 3 {
		next := e.withoutOneSite(s)
		if next == s {
			return s
		}
		s = next
	}
	return s
}

func (e *extractor) withoutOneSite(s string) string {
	for _, m := range titleMarks {
		first := strings.Index(s, m)
		if first < 0 {
			continue
		}
		last := strings.LastIndex(s, m)
		if last > 0 {
			head, tail := strings.TrimSpace(s[:last]), strings.TrimSpace(s[last+len(m):])
			if head != "" && e.isSiteName(tail) {
				return head
			}
		}
		if first > 0 {
			head, tail := strings.TrimSpace(s[:first]), strings.TrimSpace(s[first+len(m):])
			if tail != "" && e.isSiteName(head) {
				return tail
			}
			if tail != "" && len(head) > 10 && e.isHeading(head) {
				return head
			}
		}
		if last > first || last > 0 && strings.TrimSpace(s[first+len(m):]) == "" {
			if head := strings.TrimSpace(s[:last]); len(head) > 10 && e.isHeading(head) {
				return head
			}
		}
	}
	return s
}

// isHeading reports whether s stands as a heading of the item, or as its
// headline in the page's JSON-LD.
func (e *extractor) isHeading(s string) bool {
	k := key(s)
	for i, h := range e.v.h1s {
		if e.headKeys[i] == k {
			return e.vetoTitle(h.text, h.node) == ""
		}
	}
	if len(e.v.h1s) == 0 || len(e.headKeys) == 1 && e.siteKeys[e.headKeys[0]] {
		for _, h := range e.v.heads[:min(len(e.v.heads), 40)] {
			if h.level == 2 && h.zone&(inNav|inFooter|inRelated|inCard) == 0 && key(h.text) == k {
				return true
			}
		}
	}
	return len(e.things) > 0 && key(e.things[0].text("headline")) == k
}

// agreeOnTitle raises the candidates that others confirm. What is declared in
// several forms (JSON-LD, og:title, …) confirms a heading or a piece of it;
// microdata does not confirm the heading that it marks.
func (e *extractor) agreeOnTitle(b *ballot) {
	declared := key(e.v.title)
	keys := make([]string, len(b.list))
	says := make(map[string]map[string]bool)     // every statement of a title
	confirms := make(map[string]map[string]bool) // those independent of headings
	for i, c := range b.list {
		keys[i] = key(c.Value)
		if c.Rejected != "" {
			continue
		}
		if says[keys[i]] == nil {
			says[keys[i]], confirms[keys[i]] = make(map[string]bool), make(map[string]bool)
		}
		says[keys[i]][c.Basis+c.Detail] = true
		if c.Basis == "json-ld" || c.Basis == "meta" {
			confirms[keys[i]][c.Basis+c.Detail] = true
		}
	}
	for i := range b.list {
		c := &b.list[i]
		if c.Rejected != "" || c.Score >= 900 {
			continue
		}
		c.Score += 8 * min(4, len(says[keys[i]])-1)
		if c.Basis == "heading" && declared != "" && len(keys[i]) > 8 && strings.Contains(declared, keys[i]) {
			c.Score += 22
		}
		if c.Detail != "part of h1" || len(confirms[keys[i]]) == 0 {
			continue
		}
		for j := range b.list { // the whole of which this is a piece
			if b.list[j].Detail == "h1" && strings.Contains(keys[j], keys[i]) && len(confirms[keys[j]]) < len(confirms[keys[i]]) {
				c.Score += 60
				break
			}
		}
	}
}
