package sample_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/crawler/sitetest/sample"
)

// post is what the tests read of the API's posts.
type post struct {
	ID      int
	Link    string
	Status  string
	Date    string
	DateGMT string `json:"date_gmt"`
	Title   struct{ Rendered string }
	Content struct {
		Rendered  string
		Protected bool
	}
	Excerpt struct {
		Rendered  string
		Protected bool
	}
	Embedded struct {
		Author []struct{ Name string }
		Terms  [][]struct{ Name, Taxonomy string } `json:"wp:term"`
	} `json:"_embedded"`
	Translations []struct{ Locale, Href string } `json:"wpml_translations"`
}

func ids(posts []post) []int {
	var out []int
	for _, p := range posts {
		out = append(out, p.ID)
	}
	return out
}

// collection reads a collection to its end, by the page numbers that the API
// announces.
func (c client) collection(restBase string, perPage int) []post {
	c.t.Helper()
	var out []post
	for page, pages := 1, 1; page <= pages; page++ {
		a := c.get(fmt.Sprintf("/wp-json/wp/v2/%s?per_page=%d&page=%d&orderby=id&order=asc&_embed=author,wp:term", restBase, perPage, page))
		if a.status != http.StatusOK {
			c.t.Fatalf("page %d of %s: status %d: %s", page, restBase, a.status, a.body)
		}
		pages, _ = strconv.Atoi(a.header.Get("X-WP-TotalPages"))
		total, _ := strconv.Atoi(a.header.Get("X-WP-Total"))
		posts := decode[[]post](c.t, a)
		if page < pages && len(posts) != perPage {
			c.t.Errorf("page %d of %s has %d posts, want %d", page, restBase, len(posts), perPage)
		}
		if out = append(out, posts...); page == pages && len(out) != total {
			c.t.Errorf("%s: %d posts, X-WP-Total says %d", restBase, len(out), total)
		}
	}
	return out
}

func TestAPIHasEveryItemOnce(t *testing.T) {
	_, c := start(t, sample.Options{})
	for _, perPage := range []int{1, 7, 100} {
		count := make(map[string]int)
		for _, restBase := range []string{"posts", "briefs"} {
			for _, p := range c.collection(restBase, perPage) {
				count[pathOf(t, p.Link)]++
			}
		}
		want := make(map[string]int)
		for _, e := range sample.Expected(sample.APISource) {
			want[e.Path] = 1
		}
		for _, paths := range sample.Endings(sample.APISource) {
			for _, p := range paths {
				want[p] = 1
			}
		}
		if diff := cmp.Diff(want, count); diff != "" {
			t.Errorf("with %d a page (-want +got):\n%s", perPage, diff)
		}
	}
}

func TestAPISaysWhatThePagesSay(t *testing.T) {
	_, c := start(t, sample.Options{})
	byID := make(map[int]post)
	for _, restBase := range []string{"posts", "briefs"} {
		for _, p := range c.collection(restBase, 100) {
			byID[p.ID] = p
		}
	}
	for _, e := range sample.Expected(sample.APISource) {
		p := byID[e.ID]
		doc := c.page(e.Path)
		if got, want := textOf(t, p.Title.Rendered), doc.Find("h1.entry-title").Text(); got != want {
			t.Errorf("%s: title %q, the page says %q", e.Path, got, want)
		}
		if got, want := textOf(t, p.Content.Rendered), doc.Find(".entry-content").Text(); strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("%s: content (-page +api):\n%s", e.Path, cmp.Diff(want, got))
		}
		if terms := p.Embedded.Terms; len(terms) == 0 || len(terms[0]) == 0 || textOf(t, terms[0][0].Name) != e.CategoryRaw {
			t.Errorf("%s: terms %v, want %q first", e.Path, terms, e.CategoryRaw)
		}
		if len(p.Embedded.Author) != 1 || p.Embedded.Author[0].Name == "" {
			t.Errorf("%s: authors %v", e.Path, p.Embedded.Author)
		}
		if !strings.Contains(p.Excerpt.Rendered, "[&hellip;]") {
			t.Errorf("%s: the excerpt is not cut: %q", e.Path, p.Excerpt.Rendered)
		}
	}
	if p := byID[107]; len(p.Translations) != 2 {
		t.Errorf("translations of item 107: %v", p.Translations)
	}
	if p := byID[133]; p.Date != "2021-03-15T02:00:00" || p.DateGMT != "2021-03-14T20:15:00" {
		t.Errorf("item 133 was posted %s, %s GMT", p.Date, p.DateGMT)
	}
	if p := byID[178]; !p.Content.Protected || p.Content.Rendered != "" || !p.Excerpt.Protected || p.Excerpt.Rendered != "" {
		t.Errorf("the protected post gives %+v", p)
	}
}

func TestAPIAsksAndAnswers(t *testing.T) {
	edited := sample.Edit{Slug: "kafala-after-reform", Modified: time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)}
	_, c := start(t, sample.Options{Edits: []sample.Edit{edited}})
	for _, tt := range []struct {
		name, query string
		want        []int
	}{
		{"newest first", "briefs", []int{163, 166, 169}},
		{"oldest first", "briefs?order=asc", []int{169, 166, 163}},
		{"by title", "briefs?orderby=title&order=asc", []int{166, 169, 163}},
		{"last modified", "briefs?orderby=modified&per_page=1", []int{166}},
		{"a page", "briefs?per_page=2&page=2", []int{169}},
		{"an offset", "briefs?offset=1", []int{166, 169}},
		{"an offset beyond the end", "briefs?offset=9", nil},
		{"changed since, UTC", "briefs?modified_after=2025-01-02T03:04:04Z", []int{166}},
		{"changed since, the site's time", "briefs?modified_after=2025-01-02T08:49:04", []int{166}},
		{"not changed since", "briefs?modified_after=2025-01-02T03:04:05Z", nil},
		{"posted after", "briefs?after=2023-01-01T00:00:00", []int{163}},
		{"posted before", "briefs?before=2021-06-01T00:00:00", []int{169}},
		{"words", "briefs?search=kafala", []int{166}},
		{"slug", "posts?slug=buyers-checklist", []int{142}},
		{"some", "posts?include=112,104&orderby=include&order=asc", []int{112, 104}},
		{"without some", "briefs?exclude=163,166", []int{169}},
		{"pages", "pages", []int{2}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, form := range []string{"/wp-json/wp/v2/" + tt.query, "/?rest_route=/wp/v2/" + strings.Replace(tt.query, "?", "&", 1)} {
				a := c.get(form)
				if got := ids(decode[[]post](t, a)); !slices.Equal(got, tt.want) {
					t.Errorf("%s: %v, want %v", form, got, tt.want)
				}
				if a.header.Get("X-Robots-Tag") != "noindex" || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
					t.Errorf("%s: header %v", form, a.header)
				}
			}
		})
	}
}

func TestAPIRefuses(t *testing.T) {
	_, c := start(t, sample.Options{})
	for _, tt := range []struct {
		query, code string
		status      int
	}{
		{"/wp/v2/posts?page=99", "rest_post_invalid_page_number", 400},
		{"/wp/v2/posts?per_page=101", "rest_invalid_param", 400},
		{"/wp/v2/posts?per_page=0", "rest_invalid_param", 400},
		{"/wp/v2/posts?page=x", "rest_invalid_param", 400},
		{"/wp/v2/posts?orderby=weight", "rest_invalid_param", 400},
		{"/wp/v2/posts?order=up", "rest_invalid_param", 400},
		{"/wp/v2/posts?after=yesterday", "rest_invalid_param", 400},
		{"/wp/v2/posts?status=draft", "rest_invalid_param", 400},
		{"/wp/v2/posts?context=edit", "rest_forbidden", 401},
		{"/wp/v2/posts/181", "rest_forbidden", 401},
		{"/wp/v2/posts/9999", "rest_post_invalid_id", 404},
		{"/wp/v2/briefs/104", "rest_post_invalid_id", 404},
		{"/wp/v2/posts/latest", "rest_no_route", 404},
		{"/wp/v2/nothing", "rest_no_route", 404},
		{"/wp/v2/nothing/1", "rest_no_route", 404},
		{"/wp/v3/posts", "rest_no_route", 404},
	} {
		a := c.get("/wp-json" + tt.query)
		e := decode[struct {
			Code, Message string
			Data          struct{ Status int }
		}](t, a)
		if a.status != tt.status || e.Code != tt.code || e.Data.Status != tt.status || e.Message == "" {
			t.Errorf("%s: %d %+v, want %d %s", tt.query, a.status, e, tt.status, tt.code)
		}
	}
}

func TestAPINamesItsParts(t *testing.T) {
	_, c := start(t, sample.Options{})
	types := decode[map[string]struct {
		Base string `json:"rest_base"`
	}](t, c.get("/wp-json/wp/v2/types"))
	for slug, want := range map[string]string{"post": "posts", "page": "pages", "brief": "briefs"} {
		if types[slug].Base != want {
			t.Errorf("type %s has the base %q, want %q", slug, types[slug].Base, want)
		}
	}
	categories := decode[[]struct{ ID int }](t, c.get("/wp-json/wp/v2/categories"))
	index := decode[struct{ Namespaces []string }](t, c.get("/wp-json/"))
	if len(categories) < 10 || !slices.Contains(index.Namespaces, "wp/v2") {
		t.Errorf("%d categories, namespaces %v", len(categories), index.Namespaces)
	}
	one := decode[map[string]any](t, c.get("/wp-json/wp/v2/posts/104?_fields=id,title.rendered"))
	if len(one) != 2 || one["id"] != 104.0 {
		t.Errorf("_fields gives %v", one)
	}
	first := c.get("/wp-json/wp/v2/posts?per_page=5")
	if link := first.header.Get("Link"); !strings.Contains(link, `page=2`) || !strings.HasSuffix(link, `rel="next"`) {
		t.Errorf("Link: %s", link)
	}
}

func TestAPICanBeElsewhereOrNowhere(t *testing.T) {
	for _, tt := range []struct {
		name          string
		options       sample.Options
		pretty, plain int
	}{
		{"both forms", sample.Options{}, 200, 200},
		{"without rewrite rules", sample.Options{PlainAPI: true}, 404, 200},
		{"closed", sample.Options{NoAPI: true}, 404, 404},
	} {
		_, c := start(t, tt.options)
		if got := c.get("/wp-json/wp/v2/posts").status; got != tt.pretty {
			t.Errorf("%s: /wp-json/ answers %d, want %d", tt.name, got, tt.pretty)
		}
		for _, at := range []string{"/?rest_route=/wp/v2/posts", "/index.php?rest_route=/wp/v2/posts"} {
			if got := c.get(at).status; got != tt.plain {
				t.Errorf("%s: %s answers %d, want %d", tt.name, at, got, tt.plain)
			}
		}
	}
}
