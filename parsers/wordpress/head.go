package wordpress

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"github.com/harvest87/harvest/parsers/normalize"
)

// head is what a plugin for search engines says of a post. It is evidence for
// what the post itself leaves open and never stands against it.
type head struct {
	from string // the member of the post that holds it
	yoast
}

// heads are those of a post: of Yoast SEO as JSON, of All in One SEO, and of
// those that give the HTML of the head; last the settings of Rank Math where
// a site has opened them to the API.
func heads(p *post) []head {
	var out []head
	if p.Yoast.Given {
		out = append(out, head{"yoast_head_json", p.Yoast.V})
	} else if h, ok := readHead(string(p.YoastHead)); ok {
		out = append(out, head{"yoast_head", h})
	}
	if p.AIOSEO.Given {
		out = append(out, head{"aioseo_head_json", p.AIOSEO.V.head()})
	} else if h, ok := readHead(string(p.AIOSEOHead)); ok {
		out = append(out, head{"aioseo_head", h})
	}
	if h, ok := readHead(string(p.RankMathHead)); ok {
		out = append(out, head{"rank_math_head", h})
	}
	for _, own := range []struct {
		from string
		rankMath
	}{{"rank_math", p.rankMath}, {"meta.rank_math", p.Meta.V}} {
		if h, ok := own.head(); ok {
			out = append(out, head{own.from, h})
		}
	}
	return out
}

// rankMath are settings of Rank Math for one post.
type rankMath struct {
	Title       text       `json:"rank_math_title"`
	Description text       `json:"rank_math_description"`
	Canonical   text       `json:"rank_math_canonical_url"`
	Robots      list[text] `json:"rank_math_robots"`
}

// pattern matches the variables of Rank Math's patterns, such as %sitename%.
var pattern = regexp.MustCompile(`%[a-z_]+(?:\([^)]*\))?%`)

func (r *rankMath) head() (yoast, bool) {
	h := yoast{Canonical: r.Canonical}
	if !pattern.MatchString(string(r.Title)) {
		h.Title = r.Title
	}
	if !pattern.MatchString(string(r.Description)) {
		h.Description = r.Description
	}
	if slices.Contains(r.Robots, "noindex") {
		h.Robots.V.Index = "noindex"
	}
	return h, h.Title != "" || h.Description != "" || h.Canonical != "" || h.Robots.V.Index != ""
}

// aioseo is the head of All in One SEO.
type aioseo struct {
	Title       text                `json:"title"`
	Description text                `json:"description"`
	Canonical   text                `json:"canonical_url"`
	Robots      text                `json:"robots"` // "max-image-preview:large, noindex"
	Locale      text                `json:"og:locale"`
	SiteName    text                `json:"og:site_name"`
	OGTitle     text                `json:"og:title"`
	OGText      text                `json:"og:description"`
	Published   text                `json:"article:published_time"`
	Modified    text                `json:"article:modified_time"`
	Schema      object[yoastSchema] `json:"schema"`
}

func (a *aioseo) head() yoast {
	h := yoast{
		Title: a.Title, Description: a.Description, Canonical: a.Canonical, Locale: a.Locale, SiteName: a.SiteName,
		OGTitle: a.OGTitle, OGDescription: a.OGText, Published: a.Published, Modified: a.Modified, Schema: a.Schema,
	}
	h.Robots.V.Index = indexing(string(a.Robots))
	return h
}

func indexing(robots string) text {
	for _, word := range strings.FieldsFunc(strings.ToLower(robots), func(r rune) bool { return r == ',' || r == ' ' }) {
		if word == "noindex" || word == "none" {
			return "noindex"
		}
	}
	return ""
}

// mostHead bounds the HTML of a head, in octets.
const mostHead = 256 << 10

// readHead reads the HTML that a plugin puts into the head of a page.
func readHead(html string) (yoast, bool) {
	if strings.TrimSpace(html) == "" || len(html) > mostHead {
		return yoast{}, false
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		return yoast{}, false
	}
	meta := func(name string) text {
		var value string
		doc.Find(`meta[name="` + name + `"], meta[property="` + name + `"]`).EachWithBreak(func(_ int, s *goquery.Selection) bool {
			value = strings.TrimSpace(s.AttrOr("content", ""))
			return value == ""
		})
		return text(value)
	}
	h := yoast{
		Title: text(strings.TrimSpace(doc.Find("title").First().Text())), Description: meta("description"),
		Canonical: text(doc.Find(`link[rel="canonical"]`).AttrOr("href", "")), Locale: meta("og:locale"), SiteName: meta("og:site_name"),
		OGTitle: meta("og:title"), OGDescription: meta("og:description"), Published: meta("article:published_time"), Modified: meta("article:modified_time"),
		Author: meta("author"),
	}
	h.Robots.V.Index = indexing(string(meta("robots")))
	doc.Find(`script[type="application/ld+json"]`).Each(func(_ int, s *goquery.Selection) {
		var schema yoastSchema
		if json.Unmarshal([]byte(s.Text()), &schema) == nil {
			h.Schema.V.Graph = append(h.Schema.V.Graph, schema.Graph...)
		}
	})
	return h, true
}

// title is the head's title without the name of the site; empty when nothing
// else is in it.
func (h *head) title() (value, detail string) {
	site := normalize.Text(string(h.SiteName))
	for _, n := range h.Schema.V.Graph {
		if site == "" && slices.Contains(n.Type, "WebSite") {
			site = normalize.Text(string(n.Name))
		}
	}
	for _, from := range []named{{h.from + ".title", h.Title}, {h.from + ".og_title", h.OGTitle}} {
		if t := withoutSite(normalize.Text(string(from.value)), site); t != "" {
			return t, from.detail
		}
	}
	return "", ""
}

// separators stand between a title and the name of the site; so do single
// guillemets, which are quotation marks where there are two.
const separators = " \t-–—|·•:~*<>⋆"

// trimmed is a title without the separators at its ends. Of guillemets it drops
// the one too many, at the front first or at the end.
func trimmed(title string, front bool) string {
	for {
		title = strings.Trim(title, separators)
		if strings.Count(title, "«") == strings.Count(title, "»") {
			return title
		}
		first, last := strings.TrimLeft(title, "«»"), strings.TrimRight(title, "«»")
		if first != title && (front || last == title) {
			_, n := utf8.DecodeRuneInString(title)
			title = title[n:]
		} else if last != title {
			_, n := utf8.DecodeLastRuneInString(title)
			title = title[:len(title)-n]
		} else {
			return title
		}
	}
}

// withoutSite takes the name of the site off the end of a title, or off its
// front, with the mark between them. What begins with a mark is the name of the
// site behind a title that is empty.
func withoutSite(title, site string) string {
	title = strings.TrimSpace(title)
	if first, _ := utf8.DecodeRuneInString(title); strings.ContainsRune("-–—|·•:~", first) {
		return ""
	}
	title = strings.Trim(title, separators)
	if site == "" {
		return trimmed(title, false)
	}
	if strings.EqualFold(trimmed(title, false), site) {
		return ""
	}
	if n := len(title) - len(site); n > 0 && strings.EqualFold(title[n:], site) {
		if rest := trimmed(title[:n], false); strings.HasPrefix(title, rest) && markBetween(title[len(rest):n]) {
			return rest
		}
	}
	if n := len(site); n < len(title) && strings.EqualFold(title[:n], site) {
		if rest := trimmed(title[n:], true); strings.HasSuffix(title, rest) && markBetween(title[n:len(title)-len(rest)]) {
			return rest
		}
	}
	return trimmed(title, false)
}

// markBetween reports whether a mark stands there, set off by a blank.
func markBetween(s string) bool {
	return strings.ContainsAny(s, " \t") && utf8.RuneCountInString(strings.TrimSpace(s)) > 0
}

// authors are the persons whom the schema names as those who wrote the post.
func (h *head) authors() []named {
	var out []named
	for _, n := range h.Schema.V.Graph {
		if n.DatePublished == "" && !slices.ContainsFunc(n.Type, func(t text) bool {
			return strings.HasSuffix(string(t), "Article") || t == "BlogPosting" || t == "Report"
		}) {
			continue
		}
		for _, a := range n.Author {
			if name := h.person(a); name != "" {
				out = append(out, named{h.from + ".schema.author", text(name)})
			}
		}
	}
	if len(out) == 0 && h.Author != "" {
		out = append(out, named{h.from + ".author", h.Author})
	}
	return out
}

// person is the name of an author who is not the house itself; one that is
// named elsewhere in the graph is looked up there.
func (h *head) person(a schemaAuthor) string {
	name, types := a.Name, a.Type
	for _, n := range h.Schema.V.Graph {
		if a.ID != "" && n.ID == a.ID {
			types = append(types, n.Type...)
			if name == "" {
				name = n.Name
			}
		}
	}
	if slices.Contains(types, "Organization") && !slices.Contains(types, "Person") {
		return ""
	}
	return string(name)
}
