package sample

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"time"
)

//go:embed templates
var templateFiles embed.FS

// render writes a page whole or not at all.
func (s *Site) render(name string, data any) []byte {
	var b bytes.Buffer
	if err := s.templates.ExecuteTemplate(&b, name, data); err != nil {
		panic(fmt.Sprintf("sample: template %s: %v", name, err))
	}
	return b.Bytes()
}

// frame is what every page has.
type frame struct {
	Base    string
	Title   string
	Locale  locale
	NoIndex bool
}

// style is how the listing is marked up.
type style struct {
	Cards, Card, Label, Excerpt, Next string // class names
	LargeHeading                      bool   // h2 instead of h3
}

func (l *library) style() style {
	if l.options.Redesigned {
		return style{"grid", "tile", "kind", "teaser", "forward", true}
	}
	return style{"cards", "card", "label", "excerpt", "next", false}
}

// card is one item in a list.
type card struct {
	Path           string
	Title, Excerpt template.HTML
	Label          string
	Style          style
}

func (l *library) card(i *item) card {
	c := card{Path: i.Path(), Title: i.Markup(), Excerpt: cutSummary(i), Style: l.style()}
	if len(i.Labels) > 0 {
		c.Label = i.Labels[0]
	}
	return c
}

// The two cards that lead to no item: one into the branch that robots.txt
// closes, one to a page that is gone.
const (
	privatePath = "/private/funding-committee/"
	gonePath    = "/resources/lost-in-the-move/"
)

const privateTitle = "Minutes of the funding committee, autumn session"

func (l *library) privateCard() card {
	return card{
		Path: privatePath, Title: privateTitle, Label: "Report", Style: l.style(),
		Excerpt: "The committee met twice and considered fourteen applications on labour exploitation. Its reasons are for members; th",
	}
}

func (l *library) goneCard() card {
	return card{
		Path: gonePath, Title: "Wage theft in four ports", Label: "Research", Style: l.style(),
		Excerpt: "What happens to the last month of wages when a ship is sold at sea? The survey followed eleven crews and found that those wh",
	}
}

// cards are the whole listing, newest first. The item that is listed twice
// stands once under its own address and once, further down, under its other.
func (l *library) cards() []card {
	if l.options.EmptyListing {
		return nil
	}
	var out []card
	for _, i := range l.items {
		if i.listed() {
			out = append(out, l.card(i))
		}
	}
	for _, i := range l.items {
		if i.listed() && i.Also.Path != "" {
			again := l.card(i)
			again.Path, again.Label = i.Also.Path, i.Also.Label
			out = slices.Insert(out, len(out)-3, again)
		}
	}
	out = slices.Insert(out, min(3, len(out)), l.privateCard())
	return slices.Insert(out, min(9, len(out)), l.goneCard())
}

// perListing is how many cards a listing page has.
const perListing = 8

func (s *Site) serveListing(w http.ResponseWriter, r *http.Request) {
	l := s.library.Load()
	number := 1
	if text := r.PathValue("number"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			s.serveMissing(w, r)
			return
		}
		if n == 1 {
			http.Redirect(w, r, "/resources/", http.StatusMovedPermanently)
			return
		}
		number = n
	}
	cards := l.cards()
	pages := max(1, (len(cards)+perListing-1)/perListing)
	if number > pages {
		s.serveMissing(w, r)
		return
	}
	data := struct {
		frame
		Path, Previous, Next string
		Number               int
		Cards                []card
		Style                style
	}{
		frame: frame{Base: base(r), Title: "Resources", Locale: localeOf("en")},
		Path:  listingPath(number), Number: number, Style: l.style(),
		Cards: cards[min(len(cards), (number-1)*perListing):min(len(cards), number*perListing)],
	}
	if number > 1 {
		data.Previous = listingPath(number - 1)
	}
	if number < pages {
		data.Next = listingPath(number + 1)
	}
	writePage(w, http.StatusOK, s.render("listing", data))
}

func listingPath(number int) string {
	if number == 1 {
		return "/resources/"
	}
	return fmt.Sprintf("/resources/page/%d/", number)
}

// leakedTypes are the post types that a search form of the theme shows, none
// of them of use to a reader.
var leakedTypes = []string{
	"post", "page", "attachment", "revision", "nav_menu_item", "custom_css", "customize_changeset", "oembed_cache",
	"user_request", "wp_block", "wp_template", "wp_template_part", "wp_global_styles", "wp_navigation",
	"acf-taxonomy", "acf-post-type", "acf-field-group", "acf-field", "ai1ec_event",
}

func (s *Site) serveItem(w http.ResponseWriter, r *http.Request) {
	l := s.library.Load()
	i, ok := l.byPath[r.URL.Path]
	if !ok {
		if _, ok := l.byPath[r.URL.Path+"/"]; ok {
			http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
			return
		}
		s.serveMissing(w, r)
		return
	}
	switch i.Status {
	case "publish":
	case "protected":
		writePage(w, http.StatusOK, s.render("message", message{
			frame: frame{Base: base(r), Title: "Protected: " + i.Title, Locale: localeOf(i.Lang)},
			Class: "single", Text: "This content is password protected. To view it please enter your password below:", Form: true,
		}))
		return
	default:
		s.serveMissing(w, r)
		return
	}
	label := ""
	if len(i.Labels) > 0 {
		label = i.Labels[0]
	}
	if r.URL.Path == i.Also.Path {
		label = i.Also.Label
	}
	data := struct {
		frame
		Item         *item
		Label        string
		Translations []*item
		PostTypes    []string
		Related      []card
	}{
		frame: frame{Base: base(r), Title: i.Title, Locale: localeOf(i.Lang), NoIndex: i.NoIndex},
		Item:  i, Label: label, Translations: l.translations(i), PostTypes: leakedTypes, Related: s.related(l, i),
	}
	serveWithValidators(w, r, itemTag(i, label), i.Modified, s.render("item", data))
}

// related picks four other items. The pick moves on with every request, so
// that no two answers for one page are the same bytes.
func (s *Site) related(l *library, besides *item) []card {
	const many = 4
	var others []card
	for _, i := range l.items {
		if i != besides && i.listed() && i.Title != "" && !i.NoIndex {
			others = append(others, l.card(i))
		}
	}
	start := s.turn.Add(1) + l.options.Seed
	out := make([]card, min(many, len(others)))
	for n := range out {
		out[n] = others[(start+uint64(n))%uint64(len(others))]
	}
	return out
}

// itemTag is the entity tag of an item page. It is made of the item alone:
// were it made of the page, the related block would change it at every
// request and no page would ever be "not modified". It is weak because pages
// under one tag are the same to a reader, not to the byte (RFC 9110 8.8.1).
func itemTag(i *item, label string) string {
	content, err := json.Marshal([]any{i, label})
	if err != nil {
		panic(fmt.Sprintf("sample: item %d: %v", i.ID, err))
	}
	return fmt.Sprintf(`W/"%x"`, sha256.Sum256(content))[:20] + `"`
}

// serveWithValidators answers conditional requests (RFC 9110 13.1).
func serveWithValidators(w http.ResponseWriter, r *http.Request, tag string, modified time.Time, page []byte) {
	r = r.Clone(r.Context())
	r.Header.Del("Range") // a part of a page that changes is of no use
	w.Header().Set("ETag", tag)
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	http.ServeContent(w, r, "", modified, bytes.NewReader(page))
}

// serveFront is the front page, and where WordPress answers without rewrite
// rules: ?p=ID leads to the item, ?rest_route= is the API.
func (s *Site) serveFront(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch {
	case q.Has("rest_route"):
		s.servePlainAPI(w, r)
	case q.Has("p") || q.Has("page_id"):
		id, _ := strconv.Atoi(q.Get("p") + q.Get("page_id")) // what is no number is no item
		i, ok := s.library.Load().byID[id]
		if !ok || i.Status == "draft" || i.Status == "private" {
			s.serveMissing(w, r)
			return
		}
		http.Redirect(w, r, i.Path(), http.StatusMovedPermanently)
	default:
		writePage(w, http.StatusOK, s.render("front", struct{ frame }{frame{Base: base(r), Locale: localeOf("en")}}))
	}
}

// message is a page that says one thing.
type message struct {
	frame
	Class, Text string
	Form        bool
}

func (s *Site) serveMissing(w http.ResponseWriter, r *http.Request) {
	writePage(w, http.StatusNotFound, s.render("message", message{
		frame: frame{Base: base(r), Title: "Page not found", Locale: localeOf("en"), NoIndex: true},
		Class: "error404", Text: "It may have been moved, or it was never here.",
	}))
}

// servePrivate is what stands behind the closed branch. A harvester that asks
// for it has not read robots.txt.
func (s *Site) servePrivate(w http.ResponseWriter, r *http.Request) {
	writePage(w, http.StatusOK, s.render("message", message{
		frame: frame{Base: base(r), Title: privateTitle, Locale: localeOf("en")},
		Class: "single", Text: "For members of the committee.",
	}))
}

func writePage(w http.ResponseWriter, status int, page []byte) {
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	w.WriteHeader(status)
	_, _ = w.Write(page) // the reader may have gone
}

// serveSitemap lists the items (https://www.sitemaps.org/protocol.html).
func (s *Site) serveSitemap(w http.ResponseWriter, r *http.Request) {
	type entry struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod"`
	}
	var urlset struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []entry  `xml:"url"`
	}
	for _, i := range s.library.Load().items {
		if i.Status == "publish" && !i.NoIndex {
			urlset.URLs = append(urlset.URLs, entry{base(r) + i.Path(), i.ModifiedAt()})
		}
	}
	out, err := xml.Marshal(urlset)
	if err != nil {
		panic(fmt.Sprintf("sample: sitemap: %v", err))
	}
	w.Header().Set("Content-Type", "application/xml; charset=UTF-8")
	_, _ = w.Write(append([]byte(xml.Header), out...))
}
