package wordpress

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// adapting makes a record of one post. Every field it fills it also explains.
type adapting struct {
	post  *post
	heads []head // what plugins for search engines say of it
	page  string // the API page
	rec   *harvest.Record
}

// adapt turns a published, open post into a record without identity.
func adapt(p *post, said []head, apiPage, idPrefix string) harvest.Record {
	a := &adapting{post: p, heads: said, page: apiPage, rec: &harvest.Record{Provenance: make(map[string]harvest.Evidence)}}
	a.identity(idPrefix)
	a.text("title", &a.rec.Title, stripShortcodes(normalize.Text(p.Title.HTML)), "title.rendered")
	for i := range a.heads { // custom types may have no titles of their own
		if a.rec.Title == "" {
			value, detail := a.heads[i].title()
			a.text("title", &a.rec.Title, value, detail)
		}
	}
	a.categories()
	a.dates()
	a.language()
	a.authors()
	body := readContent(p.Content.HTML, a.rec.URL, a.rec.Title)
	a.summary(body)
	a.citation(body)
	a.documents(body)
	return *a.rec
}

func (a *adapting) why(field, basis, detail string) {
	a.rec.Provenance[field] = harvest.Evidence{Basis: basis, Detail: detail, Page: a.page}
}

func (a *adapting) text(field string, to *string, value, detail string) {
	if value != "" {
		*to = value
		a.why(field, "door", detail)
	}
}

// identity fills addresses and the native identifier. The shortlink ?p=12
// stands in where a post has no link.
func (a *adapting) identity(idPrefix string) {
	p := a.post
	if p.ID != "" {
		a.text("native_id", &a.rec.NativeID, "wp:"+idPrefix+string(p.ID), "id")
	}
	for _, from := range []struct {
		detail string
		value  text
	}{{"link", p.Link}, {"permalink", p.Permalink}, {"url", p.URL}, {"guid.rendered", p.GUID}} {
		if u, err := normalize.URL(a.page, normalize.Text(string(from.value))); from.value != "" && err == nil {
			a.text("url", &a.rec.URL, u, from.detail)
			break
		}
	}
	a.rec.CanonicalURL = a.rec.URL
	for _, h := range a.heads {
		if own, err := normalize.URL(a.page, string(h.Canonical)); h.Canonical != "" && err == nil && sameSite(own, a.rec.URL) {
			a.rec.CanonicalURL = own
			a.why("canonical_url", "door", h.from+".canonical")
			break
		}
	}
}

// sameSite reports whether a canonical address may be believed: it is on the
// item's own host and not the host's front page.
func sameSite(canonical, item string) bool {
	c, err := url.Parse(canonical)
	if err != nil {
		return false
	}
	i, err := url.Parse(item)
	return err == nil && bareHost(c) == bareHost(i) && (strings.Trim(c.Path, "/") != "" || c.RawQuery != "")
}

// notLabels are taxonomies that do not say what kind of thing an item is.
// Tags stand apart: they are what an item mentions.
var notLabels = map[string]bool{
	"post_tag": true, "post_format": true, "nav_menu": true, "language": true, "post_translations": true,
	"translation_priority": true, "author": true, "wp_theme": true, "wp_template_part_area": true,
	"wp_pattern_category": true, "link_category": true, "yst_prominent_words": true,
}

// uncategorised are the slugs of WordPress's default category, which says nothing.
var uncategorised = regexp.MustCompile(`^(uncategori[sz]ed|non-classe|sin-categoria|sem-categoria|senza-categoria|allgemein|geen-categorie|%d8%ba%d9%8a%d8%b1-%d9%85%d8%b5%d9%86%d9%81)(-[a-z]{2,3})?(-\d+)?$`)

// categories takes the labels of the item: categories first, then its other
// taxonomies in the order of the reply.
func (a *adapting) categories() {
	var first, others []string
	for _, terms := range append(a.post.Embedded.V.Terms, a.post.labels) {
		for _, t := range terms {
			name := normalize.Text(string(t.Name))
			if name == "" || notLabels[string(t.Taxonomy)] || uncategorised.MatchString(strings.ToLower(string(t.Slug))) {
				continue
			}
			if t.Taxonomy == "category" {
				first = append(first, name)
			} else {
				others = append(others, name)
			}
		}
	}
	detail := "_embedded.wp:term"
	if len(a.post.labels) > 0 {
		detail = a.post.labelled
	}
	labels := append(first, others...)
	if len(labels) == 0 {
		labels, detail = a.sections()
	}
	if len(labels) == 0 {
		labels, detail = a.classes(), "class_list"
	}
	if labels = unique(labels); len(labels) == 0 {
		return
	}
	a.rec.CategoriesRaw, a.rec.CategoryRaw = labels, labels[0]
	a.why("categories_raw", "door", detail)
	a.why("category_raw", "door", detail)
}

// sections are the category names in the first schema that has any.
func (a *adapting) sections() (labels []string, detail string) {
	for _, h := range a.heads {
		for _, n := range h.Schema.V.Graph {
			for _, s := range n.ArticleSection {
				if name := normalize.Text(string(s)); name != "" && !uncategorised.MatchString(strings.ToLower(name)) {
					labels = append(labels, name)
				}
			}
		}
		if len(labels) > 0 {
			return labels, h.from + ".schema.articleSection"
		}
	}
	return nil, ""
}

// classes are the categories named by the theme's classes; slugs are all there is.
func (a *adapting) classes() []string {
	var out []string
	for _, c := range a.post.ClassList {
		slug, ok := strings.CutPrefix(string(c), "category-")
		if !ok || uncategorised.MatchString(slug) {
			continue
		}
		if plain, err := url.PathUnescape(slug); err == nil {
			slug = plain
		}
		if name := normalize.Text(strings.ReplaceAll(slug, "-", " ")); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// dates takes the days as the site prints them: "date" is in its own time
// zone, "date_gmt" may fall on the day before or after.
func (a *adapting) dates() {
	published := []named{{"date", a.post.Date}, {"date_gmt", a.post.DateGMT}}
	modified := []named{{"modified", a.post.Modified}, {"modified_gmt", a.post.ModifiedGMT}}
	for _, h := range a.heads {
		published = append(published, named{h.from + ".article_published_time", h.Published})
		modified = append(modified, named{h.from + ".article_modified_time", h.Modified})
		for _, n := range h.Schema.V.Graph {
			if n.DatePublished != "" {
				published = append(published, named{h.from + ".schema.datePublished", n.DatePublished})
				modified = append(modified, named{h.from + ".schema.dateModified", n.DateModified})
				break
			}
		}
	}
	a.date("published", &a.rec.Published, published)
	a.date("modified", &a.rec.Modified, modified)
}

type named struct {
	detail string
	value  text
}

func (a *adapting) date(field string, to *harvest.Date, from []named) {
	for _, f := range from {
		if d, ok := dayOf(string(f.value)); ok {
			*to = d
			a.why(field, "door", f.detail)
			return
		}
	}
}

var isoDay = regexp.MustCompile(`^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ]|\s*$)`)

// dayOf reads the day of a time such as 2021-03-15T10:20:00. The year 0000,
// which WordPress gives to what was never published, is none.
func dayOf(s string) (harvest.Date, bool) {
	if m := isoDay.FindStringSubmatch(s); m != nil {
		d, err := harvest.ParseDate(m[1] + "-" + m[2] + "-" + m[3])
		return d, err == nil && d.Year() > 0
	}
	return normalize.Date(s, "en")
}

// language takes what the site declares; the text decides later.
func (a *adapting) language() {
	p := a.post
	from := []named{{"lang", p.Lang}, {"wpml_current_locale", p.WPMLLocale}}
	for _, h := range a.heads {
		from = append(from, named{h.from + ".og_locale", h.Locale})
		for _, n := range h.Schema.V.Graph {
			from = append(from, named{h.from + ".schema.inLanguage", n.InLanguage})
		}
	}
	for _, f := range from {
		if tag := languageTag(string(f.value)); tag != "" {
			a.rec.Language.Declared = tag
			a.why("language", "door", f.detail)
			break
		}
	}
	for _, t := range p.WPMLTranslations {
		tag := languageTag(string(t.Locale))
		if u, err := normalize.URL(a.page, string(t.Href)); err == nil && t.Href != "" && tag != "" && tag != a.rec.Language.Declared {
			a.rec.Translations = append(a.rec.Translations, harvest.Translation{Language: tag, URL: u})
			a.why("translations", "door", "wpml_translations")
		}
	}
}

// languageTag turns a WordPress locale ("pt_BR", "de_DE_formal") into a BCP 47
// tag; what is no locale is empty.
func languageTag(locale string) string {
	locale = strings.TrimSuffix(strings.TrimSuffix(locale, "_formal"), "_informal")
	return normalize.Tag(locale)
}

// roles are account names that are no person.
var roles = map[string]bool{
	"admin": true, "administrator": true, "editor": true, "author": true, "webmaster": true, "root": true,
	"user": true, "staff": true, "wordpress": true, "wp": true, "test": true, "guest": true, "superadmin": true,
	"team": true, "media team": true, "press office": true, "web team": true, "editorial team": true, "communications": true,
	"communications team": true, "site admin": true, "website admin": true, "web admin": true, "web editor": true, "wpadmin": true, "wp-admin": true,
}

// authors takes the names that stand under the post. Accounts are left out:
// they are not authorship, and an e-mail address is nobody's business.
func (a *adapting) authors() {
	names := make([]named, 0, 2)
	for _, person := range a.post.Embedded.V.Author {
		names = append(names, named{"_embedded.author", person.Name})
	}
	for _, terms := range a.post.Embedded.V.Terms { // Co-Authors Plus keeps bylines in a taxonomy
		for _, t := range terms {
			if t.Taxonomy == "author" {
				names = append(names, named{"_embedded.wp:term author", t.Name})
			}
		}
	}
	a.byline(names)
	for i := range a.heads {
		if len(a.rec.Authors) == 0 {
			a.byline(a.heads[i].authors())
		}
	}
}

// byline takes those names that are no accounts.
func (a *adapting) byline(names []named) {
	for _, n := range names {
		name := normalize.Text(string(n.value))
		if isPersonal(name) && !slices.Contains(a.rec.Authors, name) {
			a.rec.Authors = append(a.rec.Authors, name)
			a.why("authors", "door", n.detail)
		}
	}
}

var loginForm = regexp.MustCompile(`^[a-z0-9._-]+$`)

// houseForm is an abbreviation: the account of the house itself.
var houseForm = regexp.MustCompile(`^[A-Z]{2,8}$`)

// isPersonal reports whether a display name may be a person or a body: no
// e-mail or web address, no role, no login in lower case or digits, no
// abbreviation.
func isPersonal(name string) bool {
	lower := strings.ToLower(name)
	return name != "" && !strings.ContainsAny(name, "@/") && !roles[lower] && !loginForm.MatchString(name) && !houseForm.MatchString(name) &&
		!strings.HasPrefix(lower, "admin") && strings.Trim(name, "0123456789 ") != ""
}

// summary takes the excerpt when it is whole, else the first paragraphs of the
// text, else what is left: a meta description or the cut excerpt.
func (a *adapting) summary(body content) {
	excerpt, cut := readExcerpt(a.post.Excerpt.HTML)
	whole := excerpt != "" && !cut
	generated := strings.HasPrefix(body.letters, squeezed(excerpt)) // WordPress made it from the text
	switch {
	case whole && !generated:
		a.sum(excerpt, harvest.SummaryAbstract, false, "excerpt.rendered")
	case body.lead != "" && (!body.leadCut || !whole):
		a.sum(body.lead, harvest.SummaryLead, body.leadCut, "content.rendered")
	case whole:
		a.sum(excerpt, harvest.SummaryLead, false, "excerpt.rendered")
	default:
		a.description(excerpt, cut)
	}
}

// description takes what a head says, whole if it can be had, else the excerpt,
// which is cut.
func (a *adapting) description(excerpt string, cut bool) {
	if excerpt != "" {
		a.sum(excerpt, harvest.SummaryAbstract, cut, "excerpt.rendered")
	}
	for _, h := range a.heads {
		for _, from := range []named{{h.from + ".description", h.Description}, {h.from + ".og_description", h.OGDescription}} {
			text, ends := normalize.Truncated(normalize.HTML(string(from.value)))
			if text != "" && (!ends || a.rec.Summary == "") {
				a.sum(text, harvest.SummaryDescription, ends, from.detail)
			}
			if text != "" && !ends {
				return
			}
		}
	}
}

func (a *adapting) sum(s string, kind harvest.SummaryKind, cut bool, detail string) {
	a.rec.Summary, a.rec.SummaryBasis = s, harvest.SummaryBasis{Kind: kind, Truncated: cut}
	a.why("summary", "door", detail)
}

// citation takes publisher and date from the line under which a library offers
// another publisher's document. That date is the document's; the post's own is
// the day on which the library listed it.
func (a *adapting) citation(body content) {
	if body.cited.publisher != "" {
		a.rec.Publisher = body.cited.publisher
		a.why("publisher", "citation", "content.rendered")
	}
	if !body.cited.published.IsZero() {
		a.rec.Published = body.cited.published
		a.why("published", "citation", "content.rendered")
	}
}

// documents gathers the files that the item offers: an attachment is one
// itself, others link to them in their text or custom fields.
func (a *adapting) documents(body content) {
	p := a.post
	if u, err := normalize.URL(a.page, string(p.SourceURL)); err == nil && p.SourceURL != "" && p.Type == "attachment" {
		bytes, _ := strconv.ParseInt(string(p.MediaDetails.V.Filesize), 10, 64)
		a.addDocument(harvest.Document{URL: u, MediaType: strings.ToLower(normalize.Text(string(p.MimeType))), Bytes: bytes}, "source_url")
	}
	for _, d := range body.documents {
		a.addDocument(d, "content.rendered")
	}
	for _, d := range documentsIn(p.ACF, a.page, 6) {
		a.addDocument(d, "acf")
	}
}

// maxDocuments bounds the files of one record.
const maxDocuments = 50

func (a *adapting) addDocument(d harvest.Document, detail string) {
	known := func(k harvest.Document) bool { return normalize.URLKey(k.URL) == normalize.URLKey(d.URL) }
	if len(a.rec.Documents) >= maxDocuments || slices.ContainsFunc(a.rec.Documents, known) {
		return
	}
	a.rec.Documents = append(a.rec.Documents, d)
	if _, ok := a.rec.Provenance["documents"]; !ok {
		a.why("documents", "door", detail)
	}
}

func unique(in []string) []string {
	var out []string
	for _, s := range in {
		if !slices.ContainsFunc(out, func(o string) bool { return strings.EqualFold(o, s) }) {
			out = append(out, s)
		}
	}
	return out
}
