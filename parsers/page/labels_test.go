package page_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/page"
)

func TestLabels(t *testing.T) {
	tests := []struct {
		name, html string
		want       []string
	}{
		{"links that run together", `<h1>Fees</h1><span class="cat-links"><a>Guidance</a><a>Publications</a></span>`, []string{"Guidance", "Publications"}},
		{"links with commas", `<h1>Fees</h1><p class="categories"><a>Guidance</a>, <a>Publications</a></p>`, []string{"Guidance", "Publications"}},
		{"a link behind the word for it", `<h1>Fees</h1><dd class="category-name">Category: <a>Publications</a></dd>`, []string{"Publications"}},
		{"a box of links", `<h1>Fees</h1><div class="post-category"><a>Research</a></div>`, []string{"Research"}},
		{"plain text", `<h1>Fees</h1><span class="category">Guidance</span>`, []string{"Guidance"}},
		{"a link in a sentence", `<h1>Fees</h1><span class="category">Guidance <a>see all</a></span>`, []string{"Guidance see all"}},
		{"classes of a whole post", `<article class="post category-news"><h1>Fees</h1><time>3 May 2021</time> Short.</article>`, nil},
		{"a list entry with the classes of a post", `<ul><li class="post category-news"><h1>Fees</h1> Short.</li></ul>`, nil},
		{"a menu", `<h1>Fees</h1><div class="categories"><a>A1</a><a>B2</a><a>C3</a><a>D4</a><a>E5</a><a>F6</a></div>`, nil},
		{"a date", `<h1>Fees</h1><span class="category">3 May 2021</span>`, nil},
		{"the words before a value", `<h1>Fees</h1><span class="category">Reading time:</span>`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := read("<main>" + tt.html + "<p>A text of some length stands here, so that the page is about something.</p></main>")
			if diff := cmp.Diff(tt.want, got.CategoriesRaw); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
			_, first := got.Provenance["category_raw"]
			_, all := got.Provenance["categories_raw"]
			if first != (tt.want != nil) || all != (tt.want != nil) {
				t.Errorf("provenance %v", got.Provenance)
			}
		})
	}
}

// TestNamesWithRoles: one person a line, with what she or he is behind a bar.
func TestNamesWithRoles(t *testing.T) {
	both := []string{"Mirela Osman", "Joaquín Peralta"}
	lines := `Mirela Osman  | Statistician, Institute for Mobile Populations<br> Joaquín Peralta | Research Fellow`
	tests := []struct {
		name, html string
		rule       config.Selectors
		want       []string
	}{
		{"by class", `<h1>Fees</h1><p class="authors">` + lines + `</p>`, nil, both},
		{"by selector", `<h1>Fees</h1><p>` + lines + `</p>`, config.Selectors{{CSS: "h1 + p"}}, both},
		{"one by class", `<h1>Fees</h1><p class="author">Mirela Osman | Statistician</p>`, nil, both[:1]},
		{"an attribute by selector", `<h1>Fees</h1><p data-by="Mirela Osman">x</p>`, config.Selectors{{CSS: "p", Attr: "data-by"}}, both[:1]},
		{"two names on a line", `<h1>Fees</h1><p class="author">Mirela Osman | Joaquín Peralta</p>`, nil, both},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readWith("<main>"+tt.html+"<p>A text of some length stands here, so that the page is about something.</p></main>", config.PageRules{FieldRules: config.FieldRules{Author: tt.rule}})
			if diff := cmp.Diff(tt.want, got.Authors); diff != "" {
				t.Errorf("authors (-want +got):\n%s", diff)
			}
		})
	}
}

func read(html string) harvest.Record { return readWith(html, config.PageRules{}) }

func readWith(html string, rules config.PageRules) harvest.Record {
	p := &harvest.Page{URL: "https://library.example.org/fees/", MediaType: "text/html", Outcome: harvest.Fetched, Body: []byte(html)}
	return page.Extract(p, rules).Record
}
