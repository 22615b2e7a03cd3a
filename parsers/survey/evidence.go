package survey

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/page"
)

// evidence is what a page says of its site.
type evidence struct {
	at        *url.URL
	doc       *goquery.Document
	platforms []string // by their marks, the surest first
	name      string
	language  string
	licence   string
	feeds     []string
	api       string // of WordPress
	languages []string
	links     []link
}

// link is a link of the page with its text.
type link struct{ url, text string }

// look reads a page of HTML; nil when it is none.
func look(p *harvest.Page) *evidence {
	at, err := url.Parse(p.URL)
	if p.Outcome != harvest.Fetched || err != nil || !isHTML(p) {
		return nil
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(p.Body))
	if err != nil {
		return nil
	}
	e := &evidence{at: at, doc: doc}
	e.language = normalize.Tag(doc.Find("html").AttrOr("lang", doc.Find("html").AttrOr("xml:lang", "")))
	e.head(p.Header)
	e.fingerprints(p)
	e.nameOf(p)
	e.licenceOf()
	const mostLinks = 2000
	doc.Find("a[href]").EachWithBreak(func(i int, a *goquery.Selection) bool {
		if u := e.resolve(a.AttrOr("href", "")); u != "" {
			e.links = append(e.links, link{u, normalize.Text(a.Text())})
		}
		return i < mostLinks
	})
	return e
}

// scripted reports whether scripts fill the page: it has some, and next to no
// text besides menus and what is said to those without scripts.
func (e *evidence) scripted() bool {
	if e.doc.Find("script[src], script#__NEXT_DATA__").Length() == 0 {
		return false
	}
	body := e.doc.Find("body").Clone()
	body.Find("script, style, noscript, template, nav, header, footer, aside, svg").Remove()
	const little = 160 // octets
	return len(normalize.Text(body.Text())) < little
}

// bare is what the header of a page without content says.
func bare(p *harvest.Page) *evidence {
	at, err := url.Parse(p.URL)
	if err != nil {
		return nil
	}
	e := &evidence{at: at, doc: goquery.NewDocumentFromNode(&html.Node{Type: html.DocumentNode})}
	e.head(p.Header)
	if e.api != "" {
		e.platforms = []string{"wordpress"}
	}
	return e
}

func isHTML(p *harvest.Page) bool {
	return strings.Contains(p.MediaType, "html") || p.MediaType == "" && bytes.Contains(bytes.ToLower(p.Body[:min(len(p.Body), 1024)]), []byte("<html"))
}

func (e *evidence) resolve(ref string) string {
	if ref = strings.TrimSpace(ref); ref == "" || strings.HasPrefix(ref, "#") {
		return ""
	}
	u, err := normalize.URL(e.at.String(), ref)
	if err != nil {
		return ""
	}
	return u
}

// linkHeader is one link of a Link header (RFC 8288).
var linkHeader = regexp.MustCompile(`<([^>]*)>\s*;\s*rel="?([^";,]+)"?`)

// head reads the links of the head and of the Link header.
func (e *evidence) head(h http.Header) {
	for _, line := range h.Values("Link") {
		for _, m := range linkHeader.FindAllStringSubmatch(line, 20) {
			if strings.Contains(m[2], "api.w.org") {
				e.api = e.resolve(m[1])
			}
		}
	}
	e.doc.Find("link[rel][href]").Each(func(_ int, l *goquery.Selection) {
		rel, kind, to := strings.ToLower(l.AttrOr("rel", "")), strings.ToLower(l.AttrOr("type", "")), e.resolve(l.AttrOr("href", ""))
		switch {
		case to == "":
		case strings.Contains(rel, "api.w.org"):
			e.api = to
		case strings.Contains(rel, "alternate") && (strings.Contains(kind, "rss") || strings.Contains(kind, "atom") || strings.Contains(kind, "feed+json")):
			if !comments.MatchString(to) && !comments.MatchString(l.AttrOr("title", "")) && len(e.feeds) < 10 {
				e.feeds = append(e.feeds, to)
			}
		case strings.Contains(rel, "alternate") && l.AttrOr("hreflang", "") != "":
			if t := normalize.Tag(l.AttrOr("hreflang", "")); t != "" && len(e.languages) < 40 {
				e.languages = append(e.languages, t)
			}
		}
	})
}

// comments are feeds of something else than documents: of what readers write,
// and of who changed what.
var comments = regexp.MustCompile(`(?i)comment|kommentar|comentario|/oembed|recentchanges|action=history`)

// marks are what tells a platform: the generator that it names, the names of
// its files, and its headers. Each was read in the platform's own pages.
var marks = []struct {
	platform        string
	generator, body *regexp.Regexp
	header, value   string
}{
	{"wordpress", regexp.MustCompile(`(?i)^wordpress`), regexp.MustCompile(`/wp-(?:content|includes)/|/wp-json/`), "X-Pingback", "xmlrpc.php"},
	{"drupal", regexp.MustCompile(`(?i)^drupal`), regexp.MustCompile(`/sites/(?:default|all)/|data-drupal-|Drupal\.settings|drupal-settings-json`), "X-Generator", "Drupal"},
	{"joomla", regexp.MustCompile(`(?i)^joomla`), regexp.MustCompile(`/media/(?:jui|vendor/joomla|system/js)|/components/com_|joomla-script-options|option=com_`), "", ""},
	{"ojs", regexp.MustCompile(`(?i)open journal systems`), regexp.MustCompile(`pkp_(?:structure|page|site)|/lib/pkp/|/issue/archive`), "", ""},
	{"omeka-s", regexp.MustCompile(`(?i)^omeka s`), regexp.MustCompile(`/application/asset/|/modules/[^"']+/asset/|/s/[a-z0-9_-]+/(?:item|page)`), "", ""},
	{"omeka", regexp.MustCompile(`(?i)^omeka`), regexp.MustCompile(`/application/views/scripts/|/items/browse`), "", ""},
	{"dspace", regexp.MustCompile(`(?i)dspace`), regexp.MustCompile(`<ds-app|/xmlui/|/jspui/|dspace-angular|/bitstream/handle/`), "", ""},
	{"eprints", regexp.MustCompile(`(?i)eprints`), regexp.MustCompile(`/cgi/(?:oai2|search/advanced)|eprints_logo|/style/auto-`), "", ""},
	{"typo3", regexp.MustCompile(`(?i)typo3`), regexp.MustCompile(`/typo3(?:temp|conf)/|_assets/[0-9a-f]{32}/|/fileadmin/`), "", ""},
	{"govuk", regexp.MustCompile(`^\x00$`), regexp.MustCompile(`<meta[^>]+name="govuk:`), "", ""},
	{"ckan", regexp.MustCompile(`(?i)^ckan`), regexp.MustCompile(`data-module="|/fanstatic/|ckan/base`), "", ""},
	{"mediawiki", regexp.MustCompile(`(?i)^mediawiki`), regexp.MustCompile(`class="mw-parser-output|wgCanonicalNamespace`), "", ""},
}

// fingerprints finds the platform by its marks.
func (e *evidence) fingerprints(p *harvest.Page) {
	body := p.Body[:min(len(p.Body), 1<<20)]
	generator := ""
	e.doc.Find(`meta[name]`).Each(func(_ int, m *goquery.Selection) {
		if strings.EqualFold(m.AttrOr("name", ""), "generator") {
			generator += strings.TrimSpace(m.AttrOr("content", "")) + "\n"
		}
	})
	var sure, likely []string
	for _, m := range marks {
		switch {
		case generator != "" && m.generator.MatchString(generator), m.platform == "wordpress" && e.api != "",
			m.header != "" && strings.Contains(p.Header.Get(m.header), m.value):
			sure = append(sure, m.platform)
		case m.body.Match(body) && m.platform != "ckan": // its marks are in use elsewhere
			likely = append(likely, m.platform)
		}
	}
	e.platforms = append(sure, likely...)
}

var endOfTitle = regexp.MustCompile(`\s+[|–—·•»-]\s+|\s*[|»·•]\s*`)

// nameOf is what the site calls itself.
func (e *evidence) nameOf(p *harvest.Page) {
	content := func(selector string) string {
		return normalize.Text(e.doc.Find(selector).First().AttrOr("content", ""))
	}
	for _, name := range []string{content(`meta[property="og:site_name"]`), content(`meta[name="application-name"]`), page.Extract(p, config.PageRules{}).SiteName} {
		if name != "" {
			e.name = clip(name, 120)
			return
		}
	}
	title := normalize.Text(e.doc.Find("title").First().Text())
	parts := endOfTitle.Split(title, -1)
	if e.at.Path == "" || e.at.Path == "/" {
		if e.name = parts[0]; generalTitle.MatchString(e.name) {
			e.name = parts[len(parts)-1]
		}
	} else if len(parts) > 1 {
		e.name = parts[len(parts)-1]
	}
	if generalTitle.MatchString(e.name) || strings.Contains(e.name, "://") { // a page that only leads on has its address for a title
		e.name = ""
	}
	e.name = clip(e.name, 120)
}

var generalTitle = regexp.MustCompile(`(?i)^(?:home|homepage|home page|welcome|index|start(?:seite)?|inicio|accueil|untitled.*|publications|resources|news)?$`)

var openLicence = regexp.MustCompile(`(?i)creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)(?:/([\d.]+))?|nationalarchives\.gov\.uk/doc/open-government-licence(?:/version/(\d))?`)

// licenceOf is the licence that the page links as its own.
func (e *evidence) licenceOf() {
	href := e.doc.Find(`a[rel~="license"], link[rel~="license"], a[rel~="licence"]`).First().AttrOr("href", "")
	m := openLicence.FindStringSubmatch(href)
	switch {
	case m == nil:
	case m[1] == "zero":
		e.licence = "CC0 1.0"
	case m[1] != "":
		e.licence = strings.TrimSpace("CC " + strings.ToUpper(m[1]) + " " + m[2])
	default:
		e.licence = strings.TrimSpace("Open Government Licence " + m[3])
	}
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
