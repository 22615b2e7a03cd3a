package page

import (
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
)

// extractor holds the evidence of one page while its fields are decided.
type extractor struct {
	url   string // as fetched
	home  string // where the page stood before it was archived; mostly url
	base  string // for resolving links
	doc   *goquery.Document
	scope *goquery.Selection // where selectors look
	rules config.PageRules

	habits *Habits         // of the site, nil when they are not known
	heeded map[string]bool // fields in which habits had a say
	latest time.Time       // no later date is believed; zero when none is refused

	v        *view
	g        graph
	things   []thing     // what the JSON-LD says of this page, likeliest first
	markup   []described // what its microdata and RDFa say of it, the same
	keys     map[string]bool
	siteKeys map[string]bool // what the site calls itself
	headKeys []string        // of the headings of level one
	lang     string          // for reading dates: declared, with region where known

	title      Candidate
	cite       citation
	cited      bool     // whether there is one
	titleParts []string // of the declared titles, before and behind marks
	titleAt    int      // the block of the title, -1 when it is not shown
	body       content
	names      map[string][]string // clean names by the text in which they stand

	result Result
}

func newExtractor(address string, doc *goquery.Document, rules config.PageRules) *extractor {
	return &extractor{url: address, home: unarchived(address), doc: doc, rules: rules, keys: make(map[string]bool), heeded: make(map[string]bool), names: make(map[string][]string), titleAt: -1}
}

// gather takes stock of the page.
func (e *extractor) gather() {
	for _, sel := range e.rules.Remove {
		match(e.doc.Selection, sel.CSS).Remove()
	}
	e.scope = e.doc.Selection
	for _, sel := range e.rules.Content {
		if s := match(e.doc.Selection, sel.CSS); s.Length() > 0 {
			e.scope = s.First()
			break
		}
	}
	e.v = &view{}
	if len(e.doc.Nodes) > 0 {
		e.v = look(e.doc.Nodes[0])
	}
	e.base = e.url
	if e.v.base != "" {
		if b, err := normalize.URL(e.url, e.v.base); err == nil {
			e.base = b
		}
	}
	for _, h := range e.v.h1s {
		e.headKeys = append(e.headKeys, key(h.text))
	}
	e.g = readGraph(e.v.ld)
	e.result.Record = harvest.Record{URL: e.url, Provenance: make(map[string]harvest.Evidence)}
	e.result.Candidates = make(map[string][]Candidate)
	e.result.Notes = e.v.notes
	e.linkElements()
	e.robots()
	e.keys[normalize.URLKey(e.url)] = true
	if e.result.CanonicalURL != "" {
		e.keys[normalize.URLKey(e.result.CanonicalURL)] = true
	}
	e.things = e.g.ranked(e.keys)
	e.siteKeys = make(map[string]bool)
	for _, name := range e.siteNames() {
		e.siteKeys[key(name)] = true
	}
	e.siteHabits()
	e.headingsOfSite()
	e.cite, e.cited = e.findCitation()
}

// archived finds the address of a page within that of its copy in a web
// archive: "/web/20210304101112/https://example.org/a" (RFC 7089 speaks of such
// copies; the form is that of the Wayback software, which many archives run).
var archived = regexp.MustCompile(`/\d{14}(?:[a-z]{2}_)?/(https?:/{1,2}[^/].*)$`)

// unarchived is the address at which an archived page stood, and any other
// address as it is.
func unarchived(address string) string {
	if m := archived.FindStringSubmatch(address); m != nil {
		return m[1]
	}
	return address
}

// headingsOfSite finds sites that print their name as the heading of level one
// on every page: the title element then names both it and a lower heading, and
// the address is made of the lower one.
func (e *extractor) headingsOfSite() {
	if len(e.headKeys) != 1 || e.fromAddress(e.v.h1s[0].text) {
		return
	}
	for _, h := range e.v.heads[:min(len(e.v.heads), 60)] {
		if h.level > 3 || h.zone&(inNav|inFooter|inRelated|inAside) != 0 || len(h.text) > maxTitle || !e.fromAddress(h.text) {
			continue
		}
		if k, title := key(h.text), key(e.v.title); len(k) > 5 && !strings.Contains(e.headKeys[0], k) && strings.Contains(title, k) && strings.Contains(title, e.headKeys[0]) {
			e.siteKeys[e.headKeys[0]] = true
			return
		}
	}
}

// fromAddress reports whether most long words of a text stand in the last part
// of the page's address, as content systems make addresses of titles.
func (e *extractor) fromAddress(text string) bool {
	slug := strings.ToLower(path.Base(pathOf(e.home)))
	words, found := 0, 0
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(w) < 4 {
			continue
		}
		words++
		if strings.Contains(slug, w) {
			found++
		}
	}
	return words > 0 && found*2 > words
}

// decide settles field after field; later ones lean on earlier ones.
func (e *extractor) decide() Result {
	e.decideTitle()
	e.markup = e.describedThings()
	e.body = e.findContent()
	e.decideLanguage()
	e.decideDates()
	e.decideAuthors()
	e.decideSummary()
	e.decideLabels()
	e.decidePublisher()
	e.decideDocuments()
	e.result.Text = e.body.text(maxContent)
	e.result.Says = e.says()
	e.tellHabits()
	return e.result
}

// settle records the candidates of a field and the evidence for its winner.
func (e *extractor) settle(field string, b *ballot) (Candidate, bool) {
	c, ok := b.winner()
	if len(b.list) > 0 {
		e.result.Candidates[field] = b.list
	}
	if ok {
		e.evidence(field, c)
	}
	return c, ok
}

func (e *extractor) evidence(field string, c Candidate) {
	e.result.Record.Provenance[field] = harvest.Evidence{Basis: c.Basis, Detail: c.Detail, Page: e.url}
}

// selected offers what the source's own selectors find; it outranks all.
func (e *extractor) selected(b *ballot, selectors config.Selectors, clean func(string) string) {
	values, which := Find(e.scope, selectors)
	for i, value := range values {
		if value = clean(value); value != "" {
			b.offer(value, "selector", which, 1000-i)
		}
	}
}

// siteNames are what the site calls itself, surest first.
func (e *extractor) siteNames() []string {
	var out []string
	add := func(s string) {
		s = normalize.Text(s)
		if s == "" || len(s) > 80 || key(s) == key(e.v.title) && !hostKey(e.home, key(s)) && e.isHeading(s) {
			return // some pages give their own title, shown as a heading, as the site's name
		}
		for _, o := range out {
			if key(o) == key(s) {
				return
			}
		}
		out = append(out, s)
	}
	for _, name := range []string{"og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site_name"} {
		for _, s := range e.v.meta[name] {
			add(s)
		}
	}
	for _, t := range e.g.things {
		for _, typ := range t.types() {
			if typ == "WebSite" || typ == "Organization" || typ == "NewsMediaOrganization" {
				add(t.text("name"))
				add(t.text("alternateName"))
			}
		}
	}
	for _, name := range e.homeLinks() {
		add(name)
	}
	for _, t := range e.things {
		if p, ok := e.g.resolve(t["publisher"]).(map[string]any); ok {
			add(thing(p).text("name"))
		}
	}
	if len(out) > 0 {
		e.result.SiteName = out[0]
	}
	return out
}

// homeLinks are the words of links to the site's entrance: its name, mostly.
func (e *extractor) homeLinks() []string {
	var out []string
	here, err := url.Parse(e.home)
	if err != nil || strings.Trim(here.Path, "/") == "" && here.RawQuery == "" {
		return nil
	}
	for _, a := range e.v.anchor {
		if len(out) >= 6 {
			break
		}
		if !leadsHome(a.href, here) {
			continue
		}
		text := normalize.Text(limitedText(a.node, 200))
		if text == "" {
			text = normalize.Text(altText(a.node))
		}
		if n := utf8.RuneCountInString(text); n > 1 && n < 60 && !isHomeWord(text) {
			out = append(out, text)
		}
	}
	return out
}

func altText(n *html.Node) string {
	root := n
	for seen := 0; n != nil && seen < 20; seen++ {
		if n.DataAtom == atom.Img {
			return clip(attr(n, "alt"), 200)
		}
		n = next(n, root)
	}
	return ""
}

// leadsHome reports whether a link leads to the entrance of the site.
func leadsHome(href string, here *url.URL) bool {
	href = unarchived(strings.TrimSpace(href))
	if href == "/" {
		return true
	}
	if len(href) < 8 || len(href) > 200 {
		return false
	}
	u, err := url.Parse(href)
	return err == nil && u.RawQuery == "" && u.Fragment == "" && strings.Trim(u.Path, "/") == "" && (u.Host == here.Host)
}

func isHomeWord(s string) bool {
	switch key(s) {
	case "home", "homepage", "startseite", "accueil", "inicio", "start", "logo", "news", "back", "hier", "here", "zurück", "zurückzurstartseite", "hem", "hjem", "etusivu", "главная", "الرئيسية", "首页", "ホーム", "トップ", "홈":
		return true
	}
	return false
}

// isSiteName reports whether s is a name of the site or of its host.
func (e *extractor) isSiteName(s string) bool {
	if len(s) > 200 {
		return false
	}
	k := key(s)
	return k != "" && (e.siteKeys[k] || hostKey(e.home, k))
}

// hostKey reports whether k is the host of an address, with or without its
// "www." and its ending: "nzz", "nzzch".
func hostKey(address, k string) bool {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return false
	}
	host, _, _ := strings.Cut(rest, "/")
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	if key(host) == k {
		return true
	}
	labels := strings.Split(host, ".")
	for i := range labels {
		if len(labels[i]) > 2 && i < len(labels)-1 && labels[i] == k {
			return true
		}
	}
	return false
}
