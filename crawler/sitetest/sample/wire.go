package sample

import (
	"fmt"
	"slices"
	"strings"
)

// wirePost is a post in the API's JSON, with the fields that WordPress sends
// to a reader who is not logged in, and those of two plugins that many
// libraries run: an SEO head and translations.
type wirePost struct {
	ID            int               `json:"id"`
	Date          string            `json:"date"`
	DateGMT       string            `json:"date_gmt"`
	GUID          wireText          `json:"guid"`
	Modified      string            `json:"modified"`
	ModifiedGMT   string            `json:"modified_gmt"`
	Slug          string            `json:"slug"`
	Status        string            `json:"status"`
	Type          string            `json:"type"`
	Link          string            `json:"link"`
	Title         wireText          `json:"title"`
	Content       wireContent       `json:"content"`
	Excerpt       wireContent       `json:"excerpt"`
	Author        int               `json:"author"`
	FeaturedMedia int               `json:"featured_media"`
	CommentStatus string            `json:"comment_status"`
	PingStatus    string            `json:"ping_status"`
	Sticky        bool              `json:"sticky"`
	Template      string            `json:"template"`
	Format        string            `json:"format"`
	Meta          []string          `json:"meta"`
	Categories    []int             `json:"categories"`
	Tags          []int             `json:"tags"`
	ClassList     []string          `json:"class_list"`
	Locale        string            `json:"wpml_current_locale"`
	Translations  []wireTranslation `json:"wpml_translations"`
	Head          wireHead          `json:"yoast_head_json"`
	Links         map[string]any    `json:"_links"`
	Embedded      *wireEmbedded     `json:"_embedded,omitempty"`
}

type wireText struct {
	Rendered string `json:"rendered"`
}

type wireContent struct {
	Rendered  string `json:"rendered"`
	Protected bool   `json:"protected"`
}

type wireTranslation struct {
	Locale string `json:"locale"`
	ID     int    `json:"id"`
	Title  string `json:"post_title"`
	Href   string `json:"href"`
}

type wireHead struct {
	Title     string            `json:"title"`
	Robots    map[string]string `json:"robots"`
	Canonical string            `json:"canonical,omitempty"`
	Locale    string            `json:"og_locale"`
}

type wireEmbedded struct {
	Author []wireTerm   `json:"author"`
	Terms  [][]wireTerm `json:"wp:term"`
}

// wireTerm is a category, or with another shape an author.
type wireTerm struct {
	ID       int    `json:"id"`
	Link     string `json:"link"`
	Name     string `json:"name"`
	Slug     string `json:"slug"`
	Taxonomy string `json:"taxonomy,omitempty"`
}

const apiTime = "2006-01-02T15:04:05"

// wire is an item as the API tells it to a caller at that base.
func (l *library) wire(i *item, base string, embed bool) wirePost {
	link := base + i.Path()
	p := wirePost{
		ID: i.ID, Slug: i.Slug, Status: "publish", Type: i.Type, Link: link,
		Date: i.Posted.Format(apiTime), DateGMT: i.Posted.UTC().Format(apiTime),
		Modified: i.Modified.Format(apiTime), ModifiedGMT: i.Modified.UTC().Format(apiTime),
		GUID:    wireText{fmt.Sprintf("%s/?p=%d", base, i.ID)},
		Title:   wireText{string(i.Markup())},
		Content: wireContent{Rendered: string(i.Content())}, Excerpt: wireContent{Rendered: excerpt(i)},
		Author: l.authorID(i.Author), CommentStatus: "closed", PingStatus: "closed", Format: "standard",
		Meta: []string{}, Categories: []int{}, Tags: []int{}, Translations: []wireTranslation{},
		Locale: localeOf(i.Lang).Name,
		Head: wireHead{
			Title: i.Title + " - Centre for Labour Evidence", Canonical: link, Locale: localeOf(i.Lang).Name,
			Robots: map[string]string{"index": "index", "follow": "follow"},
		},
		ClassList: []string{fmt.Sprintf("post-%d", i.ID), i.Type, "type-" + i.Type, "status-publish", "hentry"},
		Links: map[string]any{
			"self":       []map[string]string{{"href": fmt.Sprintf("%s/wp-json/wp/v2/%s/%d", base, i.RESTBase(), i.ID)}},
			"collection": []map[string]string{{"href": base + "/wp-json/wp/v2/" + i.RESTBase()}},
		},
	}
	for _, label := range labelsOf(i) {
		p.Categories = append(p.Categories, l.labelID(label))
		p.ClassList = append(p.ClassList, "category-"+slugOf(label))
	}
	for _, t := range l.translations(i) {
		if t != i {
			p.Translations = append(p.Translations, wireTranslation{localeOf(t.Lang).Name, t.ID, string(t.Markup()), base + t.Path()})
		}
	}
	if i.NoIndex {
		p.Head.Robots["index"], p.Head.Canonical = "noindex", ""
	}
	if i.Status == "protected" {
		p.Title.Rendered = "Protected: " + p.Title.Rendered
		p.Content, p.Excerpt = wireContent{Protected: true}, wireContent{Protected: true}
	}
	if embed {
		p.Embedded = l.embedded(i, base)
	}
	return p
}

func (l *library) embedded(i *item, base string) *wireEmbedded {
	e := &wireEmbedded{
		Author: []wireTerm{{ID: l.authorID(i.Author), Name: i.Author, Slug: slugOf(i.Author), Link: base + "/author/" + slugOf(i.Author) + "/"}},
		Terms:  [][]wireTerm{{}, {}}, // categories and tags; there are no tags
	}
	for _, label := range labelsOf(i) {
		e.Terms[0] = append(e.Terms[0], l.category(label, base))
	}
	return e
}

func (l *library) category(label, base string) wireTerm {
	return wireTerm{
		ID: l.labelID(label), Name: string(texturize(label)), Slug: slugOf(label), Taxonomy: "category",
		Link: base + "/category/" + slugOf(label) + "/",
	}
}

// slugOf is a name as an address has it.
func slugOf(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune(" &/.,", r) })
	return strings.Join(words, "-")
}

// wireType is an entry of /wp/v2/types.
type wireType struct {
	Name          string   `json:"name"`
	Slug          string   `json:"slug"`
	Description   string   `json:"description"`
	Hierarchical  bool     `json:"hierarchical"`
	HasArchive    bool     `json:"has_archive"`
	Taxonomies    []string `json:"taxonomies"`
	RESTBase      string   `json:"rest_base"`
	RESTNamespace string   `json:"rest_namespace"`
}

// wireTypes are the types of posts that can be read.
func wireTypes() map[string]wireType {
	out := make(map[string]wireType)
	for _, t := range []wireType{
		{Name: "Posts", Slug: "post", Taxonomies: []string{"category", "post_tag"}},
		{Name: "Pages", Slug: "page", Hierarchical: true, Taxonomies: []string{}},
		{Name: "Briefs", Slug: "brief", HasArchive: true, Taxonomies: []string{"category"}},
	} {
		t.RESTBase, t.RESTNamespace = t.Slug+"s", "wp/v2"
		out[t.Slug] = t
	}
	return out
}

// ofType are the items of a REST base that the API lists: published ones and,
// without their content, protected ones. Found is false when there is no such
// base.
func (l *library) ofType(restBase string) (items []*item, found bool) {
	for _, t := range wireTypes() {
		found = found || t.RESTBase == restBase
	}
	return slices.DeleteFunc(slices.Clone(l.items), func(i *item) bool {
		return i.RESTBase() != restBase || (i.Status != "publish" && i.Status != "protected")
	}), found
}
