package induce

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest/parsers/item"
	"github.com/harvest87/harvest/parsers/normalize"
)

// facts are what a card says, and the elements that say it; nil where nothing
// does.
type facts struct {
	root  *html.Node
	link  *html.Node // may be root
	url   string
	title *html.Node
	// headings counts the headings that have links of their own.
	headings int
	heading  bool
	date     *html.Node
	summary  *html.Node
	words    int // of the text besides the title
	text     string
}

// mostInCard bounds the elements of a card that are looked at.
const mostInCard = 400

// factsOf reads a card.
func (d *document) factsOf(root *html.Node) *facts {
	f := &facts{root: root, text: d.text(root)}
	inside := elementsIn(root)
	f.findLink(d, inside)
	f.findTitle(d, inside)
	f.date = d.findDate(f, inside)
	f.summary = d.findSummary(f, inside)
	title := ""
	if f.title != nil {
		title = d.text(f.title)
	}
	f.words = len(strings.Fields(f.text)) - len(strings.Fields(title))
	return f
}

// elementsIn are the element and those below it in document order.
func elementsIn(root *html.Node) []*html.Node {
	var out []*html.Node
	var walk func(n *html.Node, depth int)
	walk = func(n *html.Node, depth int) {
		if n.Type != html.ElementNode || len(out) >= mostInCard || depth > maxDepth {
			return
		}
		out = append(out, n)
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, depth+1)
		}
	}
	walk(root, 0)
	return out
}

func isHeading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return attr(n, "role") == "heading"
}

// genericText matches the texts of links that name nothing.
var genericText = regexp.MustCompile(`(?i)^\W*(?:(?:read|learn|find out|see|view|show|discover|continue|know)\s+(?:the )?(?:full )?(?:more|details?|reading|here|publication|report|article|document)|more(?: details)?|details|here|click here|download(?: (?:pdf|report|now|file|the report))?|pdf(?: [\d.,]+ ?[km]b)?|open|link|share|lire la suite|en savoir plus|télécharger|leer más|ver más|descargar|weiterlesen|mehr|leia mais|saiba mais|baixar|اقرأ المزيد|المزيد|查看更多|阅读全文|下载|подробнее|читать далее|\d+|»|›|→|next|previous)\W*$`)

// aside are the addresses of labels, authors and of what shares a page.
var asideAddress = regexp.MustCompile(`(?i)/(?:tags?|category|categories|author|authors|topics?|etiqueta|categorie|themen?|taxonomy/term|login|user)/|^(?:https?://)?(?:www\.)?(?:facebook|twitter|x|linkedin|wa|whatsapp|t|pinterest|reddit|telegram)\.(?:com|me)/|[?&](?:share|replytocom)=|/(?:feed|rss)/?$`)

var asideName = regexp.MustCompile(`(?i)(?:^|[-_])(?:categor\w*|tags?|labels?|author|byline|topics?|terms?|share|social|meta|badge|comments?)(?:$|[-_])`)

// asideNames reports whether a name of the element or of one within the card
// above it says that it is a label, an author or the like.
func asideNames(n, root *html.Node) bool {
	for e, depth := n, 0; e != nil && e != root && depth < 3; e, depth = e.Parent, depth+1 {
		if slices.ContainsFunc(strings.Fields(attr(e, "class")), asideName.MatchString) {
			return true
		}
	}
	return false
}

// findLink chooses the link that leads to the item.
func (f *facts) findLink(d *document, inside []*html.Node) {
	best, urls := 0, make(map[string]bool)
	for _, n := range inside {
		if n.DataAtom != atom.A {
			continue
		}
		at := d.resolve(attr(n, "href"))
		if at == "" || normalize.URLKey(at) == normalize.URLKey(d.at) {
			continue
		}
		s := f.judgeLink(d, n, at)
		if s > best {
			best, f.link, f.url = s, n, at
		}
		if h := headingOf(n, f.root); h != nil && !urls[at] {
			urls[at] = true
			f.headings++
		}
	}
}

// headingOf is the heading around or within a link, nil when there is none.
func headingOf(n, root *html.Node) *html.Node {
	for e := n; e != nil && e != root.Parent; e = e.Parent {
		if isHeading(e) {
			return e
		}
	}
	for _, e := range elementsIn(n)[1:] {
		if isHeading(e) {
			return e
		}
	}
	return nil
}

// judgeLink says how much a link looks like that of the item; 0 when not at all.
func (f *facts) judgeLink(d *document, n *html.Node, at string) int {
	text, s := d.text(n), 10
	if headingOf(n, f.root) != nil {
		s += 40
	}
	if n == f.root {
		s += 30
	}
	switch length := utf8.RuneCountInString(text); {
	case genericText.MatchString(text):
		s -= 2
	case length >= 15:
		s += 20
	case length >= 6:
		s += 8
	}
	for e, depth := n, 0; e != nil && e != f.root && depth < 2; e, depth = e.Parent, depth+1 {
		if titleName.MatchString(attr(e, "class")) {
			s += 20
			break
		}
	}
	if asideAddress.MatchString(at) {
		s -= 45
	}
	if asideNames(n, f.root) || strings.Contains(attr(n, "rel"), "tag") || strings.Contains(attr(n, "rel"), "author") {
		s -= 25
	}
	if u, err := url.Parse(at); err == nil && (u.Path == "" || u.Path == "/") && u.RawQuery == "" {
		s -= 8
	}
	return s
}

var titleName = regexp.MustCompile(`(?i)(?:^|[-_ ]|[a-z](?-i:[A-Z]))(?:title|headline|heading|name|titre|titulo|titel)s?(?:$|[-_ ])|(?i)title$`)

// findTitle chooses the element that names the item.
func (f *facts) findTitle(d *document, inside []*html.Node) {
	for _, n := range inside {
		if isHeading(n) && d.text(n) != "" {
			f.heading = true
			if f.title == nil || f.link != nil && (contains(n, f.link) || contains(f.link, n)) {
				f.title = n
			}
			if f.link != nil && (contains(n, f.link) || contains(f.link, n)) {
				return
			}
		}
	}
	if f.title != nil {
		return
	}
	for _, n := range inside[1:] {
		if titleName.MatchString(attr(n, "class")) && named(d.text(n)) && !contains(n, f.root) {
			f.title = n
			return
		}
	}
	if f.link != nil && named(d.text(f.link)) && f.link != f.root {
		f.title = f.link
		return
	}
	for _, n := range inside[1:] { // the first text in bold, else the first of some length
		if (n.DataAtom == atom.B || n.DataAtom == atom.Strong || n.DataAtom == atom.Dt) && named(d.text(n)) && len(d.text(n)) > 12 {
			f.title = n
			return
		}
	}
	if f.link == nil {
		return
	}
	for _, n := range inside[1:] {
		if leaf(n) && named(d.text(n)) && utf8.RuneCountInString(d.text(n)) >= 15 {
			if _, isDate := normalize.Date(d.text(n), d.language); !isDate {
				f.title = n
				return
			}
		}
	}
	if named(d.text(f.link)) {
		f.title = f.link
	}
}

// named reports whether a text names something.
func named(text string) bool {
	return text != "" && !genericText.MatchString(text) && strings.ContainsFunc(text, unicode.IsLetter)
}

func contains(outer, inner *html.Node) bool {
	for n := inner; n != nil; n = n.Parent {
		if n == outer {
			return true
		}
	}
	return false
}

// leaf reports whether no block stands in an element.
func leaf(n *html.Node) bool {
	for _, e := range elementsIn(n)[1:] {
		switch e.DataAtom {
		case atom.A, atom.B, atom.I, atom.Em, atom.Strong, atom.Span, atom.Small, atom.Br, atom.Time, atom.Abbr, atom.Sup, atom.Sub, atom.Mark, atom.Cite, atom.Img, atom.U:
		default:
			return false
		}
	}
	return true
}

var (
	dateName   = regexp.MustCompile(`(?i)(?:^|[-_ ]|[a-z](?-i:[A-Z]))(?:date|time|published|posted|fecha|datum|created|pubdate|day|year)|(?i)(?:date|time)$`)
	notThisDay = regexp.MustCompile(`(?i)updated|modified|deadline|expires|revised`)
)

// findDate chooses the element that prints the day of publication.
func (d *document) findDate(f *facts, inside []*html.Node) *html.Node {
	var found *html.Node
	best := 0
	for _, n := range inside[1:] {
		if f.title != nil && (contains(f.title, n) || contains(n, f.title)) {
			continue
		}
		if s := d.judgeDate(n); s > best || s > 0 && s == best && contains(found, n) { // the innermost
			best, found = s, n
		}
	}
	return found
}

// judgeDate says how much an element looks like a printed date.
func (d *document) judgeDate(n *html.Node) int {
	text := d.text(n)
	if n.DataAtom == atom.Time {
		if _, ok := normalize.Date(attr(n, "datetime"), d.language); ok {
			return 100 - penalty(n)
		}
	}
	if text == "" || len(text) > 160 || !strings.ContainsFunc(text, unicode.IsDigit) {
		return 0
	}
	if day, ok := d.day(text); ok {
		s := 40 - len(text)/4
		if len(day.Value) == 10 {
			s += 20
		} else if len(day.Value) == 4 && len(text) > 12 {
			return 0 // a year within some words
		}
		if dateName.MatchString(attr(n, "class")) {
			s += 20
		}
		return max(1, s-penalty(n))
	}
	if leaf(n) && len(normalize.Dates(text, d.language)) > 0 {
		return max(1, 12-len(text)/16-penalty(n))
	}
	return 0
}

// penalty is for days of another kind.
func penalty(n *html.Node) int {
	label := labelOf(n)
	if notThisDay.MatchString(attr(n, "class")) || notThisDay.MatchString(label) || notThisDay.MatchString(textOf(n)) {
		return 30
	}
	return 0
}

var summaryName = regexp.MustCompile(`(?i)summary|excerpt|abstract|desc|teaser|intro|lead|standfirst|snippet|resumen|body|text|content`)

// findSummary chooses the longest text besides the title.
func (d *document) findSummary(f *facts, inside []*html.Node) *html.Node {
	var found *html.Node
	best := 0
	for _, n := range inside[1:] {
		if f.title != nil && (contains(n, f.title) || contains(f.title, n)) || !leaf(n) || n == f.date || n.DataAtom == atom.A {
			continue
		}
		text := d.text(n)
		length := utf8.RuneCountInString(text)
		if length < 40 {
			continue
		}
		s := min(length, 400)
		if n.DataAtom == atom.P {
			s += 60
		}
		if summaryName.MatchString(attr(n, "class")) {
			s += 80
		}
		if s > best {
			best, found = s, n
		}
	}
	return found
}

// isDocument reports whether an address is that of a file.
func isDocument(address string) bool { return item.DocumentType(address) != "" }
