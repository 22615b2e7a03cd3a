package parsers_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers"
)

const home = "https://library.example.org"

func css(s string) config.Selectors { return config.Selectors{{CSS: s}} }

// library has both doors.
func library() *config.Source {
	return &config.Source{
		ID: "library", Name: "Example Library", Homepage: home,
		Doors: []config.Door{
			{Kind: "wordpress", WordPress: &config.WordPress{Types: []string{"posts"}}},
			{Kind: "listing", Listing: &config.Listing{
				Start:     []string{home + "/news/", home + "/resources/"},
				Item:      config.ItemRules{Card: css("article.card"), FieldRules: config.FieldRules{Title: css("h3"), Summary: css(".excerpt")}},
				Next:      config.Next{Pattern: "page/{page}/"},
				ItemPages: true,
			}},
			{Kind: "sitemap", Sitemap: &config.Sitemap{}},
		},
	}
}

// TestNew opens every kind that the source files may name, and says what is
// wrong with the rest.
func TestNew(t *testing.T) {
	if diff := cmp.Diff(slices.Sorted(slices.Values(config.DoorKinds)), parsers.Kinds()); diff != "" {
		t.Errorf("kinds in config and here (-config +parsers):\n%s", diff)
	}
	src := library()
	for i, d := range src.Doors {
		opened, err := parsers.New(src, nil, i)
		if err != nil || opened == nil {
			t.Fatalf("%s: %v", d.Kind, err)
		}
		seeds, _ := opened.Seeds(time.Time{})
		if len(seeds) == 0 || seeds[0].Door != i || seeds[0].Step == "" {
			t.Errorf("%s: seeds %+v, want door %d", d.Kind, seeds, i)
		}
	}
	tests := []struct {
		name string
		src  *config.Source
		door int
		want string
	}{
		{"no such door", src, len(src.Doors), "no door"},
		{"before the first", src, -1, "no door -1"},
		{"unknown kind", &config.Source{ID: "library", Doors: []config.Door{{Kind: "gopher"}}}, 0, `no door "gopher" in this version; known: `},
		{"no settings", &config.Source{ID: "library", Doors: []config.Door{{Kind: "listing"}}}, 0, "has no settings"},
		{"bad selector", &config.Source{ID: "library", Doors: []config.Door{{Kind: "listing", Listing: &config.Listing{Item: config.ItemRules{Card: css("a[")}}}}}, 0, "item.card"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := parsers.New(tt.src, nil, tt.door)
			if err == nil || d != nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("door %v, error %v; want %q", d, err, tt.want)
			}
		})
	}
}

const (
	index = `<?xml version="1.0"?><sitemapindex><sitemap><loc>https://library.example.org/post-sitemap.xml</loc></sitemap></sitemapindex>`
	cards = `<article class="card"><h3><a href="/a/">Item A</a></h3><p class="excerpt">Cut sho... <a>Read More</a></p></article><article class="card"><h3><a href="/b/">Item B</a></h3></article>`
	page  = `<html lang="en"><head><title>How fees are paid</title></head><body><main><article><h1>How fees are paid</h1><p class="abstract">Recruitment fees are paid in three ways, and each leaves another trace in the books.</p></article></main>`
	posts = `[{"id":7,"title":{"rendered":"How fees are paid"},"link":"https://library.example.org/a/","excerpt":{"rendered":"<p>In three ways.</p>"}}]`
)

// bare is a reply of a server that does not heed _embed.
const bare = `[{"id":1,"status":"publish","link":"` + home + `/one/","title":{"rendered":"Wages withheld at sea"},"excerpt":{"rendered":"<p>Eleven crews told inspectors.</p>"},"categories":[7]}]`

// TestExplain finds the door and the step for a page, fetched or saved.
func TestExplain(t *testing.T) {
	rules := library()
	rules.Doors[1].Page = config.PageRules{FieldRules: config.FieldRules{Summary: css(".abstract")}}
	two := library()
	two.Doors = append(two.Doors[:2], config.Door{Kind: "listing", Listing: &config.Listing{
		Start: []string{home + "/reports/"}, Item: config.ItemRules{Card: css("h3")}, ItemPages: true,
	}})
	tests := []struct {
		name     string
		src      *config.Source
		page     harvest.Page
		door     int
		step     string
		why      string
		records  int
		requests int
	}{
		{"an API reply", library(), harvest.Page{URL: home + "/wp-json/wp/v2/posts?per_page=100&page=1", Body: []byte(posts), MediaType: "application/json"}, 0, "posts", "WordPress API", 1, 1},
		{"an API reply whose terms are looked up", library(), harvest.Page{URL: home + "/wp-json/wp/v2/posts?per_page=100&page=1", Body: []byte(bare), MediaType: "application/json"}, 0, "posts", "WordPress API", 1, 1},
		{"a saved API reply", library(), harvest.Page{Body: []byte("\ufeff" + posts)}, 0, "posts", "WordPress API", 1, 1},
		{"a start page", library(), harvest.Page{URL: home + "/resources", Body: []byte(cards)}, 1, "listing?start=1", "start page", 0, 3},
		{"a later page", library(), harvest.Page{URL: home + "/news/page/3/", Body: []byte(cards)}, 1, "listing", "page 3", 0, 3},
		{"a start page that looks like another door's", two, harvest.Page{URL: home + "/reports/", Body: []byte(cards)}, 2, "listing", "start page", 0, 2},
		{"a list at an unknown address", library(), harvest.Page{URL: home + "/archive/", Body: []byte(cards)}, 1, "listing", "2 cards", 0, 3},
		{"a saved list", library(), harvest.Page{Body: []byte(cards)}, 1, "listing", "2 cards", 0, 3},
		{"an item page", library(), harvest.Page{URL: home + "/a/", Body: []byte(page)}, 0, "item", "so it is an item", 1, 0},
		{"a saved item page", library(), harvest.Page{URL: "testdata/item.html", Body: []byte(page)}, 0, "item", "stands in for the address", 1, 0},
		{"an item page with related cards", rules, harvest.Page{URL: home + "/a/", Body: []byte(page + cards)}, 1, "item", "so it is an item", 1, 0},
		{"a sitemap", library(), harvest.Page{URL: home + "/sitemap_index.xml", Body: []byte(index)}, 2, "sitemap", "sitemapindex", 0, 1},
		{"a saved sitemap", library(), harvest.Page{Body: []byte(index)}, 2, "sitemap", "sitemapindex", 0, 1},
		{"robots.txt", library(), harvest.Page{URL: home + "/robots.txt", Body: []byte("Sitemap: /x.xml")}, 2, "robots", "names sitemaps", 0, 1},
		{"as asked", library(), harvest.Page{URL: home + "/resources/", Body: []byte(page), Request: harvest.Request{Door: 1, Step: "item"}}, 1, "item", "as asked", 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			given := tt.page
			got, err := parsers.Explain(tt.src, nil, &tt.page)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(given, tt.page); diff != "" {
				t.Errorf("the page was changed:\n%s", diff)
			}
			if got.Door != tt.door || got.Step != tt.step || got.Kind != tt.src.Doors[tt.door].Kind || !strings.Contains(got.Why, tt.why) {
				t.Errorf("door %d (%s), step %q because %q; want %d, %q, %q", got.Door, got.Kind, got.Step, got.Why, tt.door, tt.step, tt.why)
			}
			if len(got.Parsed.Records) != tt.records || len(got.Parsed.Requests) != tt.requests || got.Parsed.Dead != "" {
				t.Errorf("%d records, %d requests, dead %q; want %d and %d", len(got.Parsed.Records), len(got.Parsed.Requests), got.Parsed.Dead, tt.records, tt.requests)
			}
			if (got.Item != nil) != (got.Step == "item") || got.Item != nil && len(got.Item.Candidates["title"]) == 0 {
				t.Errorf("candidates %+v", got.Item)
			}
		})
	}
}

// TestExplainRefuses pages that no door reads.
func TestExplainRefuses(t *testing.T) {
	onlyCards := library()
	onlyCards.Doors = onlyCards.Doors[1:2]
	onlyCards.Doors[0].Listing.ItemPages = false
	for name, tt := range map[string]struct {
		src  *config.Source
		page harvest.Page
		want string
	}{
		"no doors":                   {&config.Source{ID: "empty"}, harvest.Page{Body: []byte(page)}, "has no doors"},
		"JSON without an API":        {onlyCards, harvest.Page{Body: []byte(posts)}, "is JSON and no door"},
		"an item that is never read": {onlyCards, harvest.Page{URL: home + "/a/", Body: []byte(page)}, "neither one of its lists"},
		"a door that is not there":   {onlyCards, harvest.Page{Request: harvest.Request{Step: "item", Door: 3}}, "no door 3"},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := parsers.Explain(tt.src, nil, &tt.page); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%+v, error %v; want %q", got, err, tt.want)
			}
		})
	}
}

// TestLinksBehindOtherDoors: a door that follows links takes any page of the
// site. Behind others it says what it would make of a page, and reads those that
// no other door does.
func TestLinksBehindOtherDoors(t *testing.T) {
	src := library()
	src.Doors = src.Doors[1:]
	src.Doors[1] = config.Door{Kind: "links", Links: &config.LinksDoor{Start: []string{home + "/"}}}
	p := &harvest.Page{URL: home + "/papers/wages-withheld-at-sea/", MediaType: "text/html", Body: []byte(`<html lang=en><meta property="og:type" content="article"><h1>Wages withheld at sea</h1><p>3 March 2021</p><p>` + strings.Repeat("Inspectors read the files of workers and wrote down what they saw. ", 8))}
	x, err := parsers.Explain(src, nil, p)
	if err != nil || x.Kind != "listing" || len(x.Behind) != 1 || x.Behind[0].Door != 1 || !strings.Contains(x.Behind[0].Why, "an item") {
		t.Errorf("%v: %s, behind it %+v", err, x.Kind, x.Behind)
	}
	src.Doors[0].Listing.ItemPages = false
	x, err = parsers.Explain(src, nil, p)
	if err != nil || x.Kind != "links" || x.Door != 1 || len(x.Parsed.Records) != 1 || x.Item == nil || len(x.Behind) != 0 {
		t.Errorf("%v: %s, behind it %+v, %d records", err, x.Kind, x.Behind, len(x.Parsed.Records))
	}
}
