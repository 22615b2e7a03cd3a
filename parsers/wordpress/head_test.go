package wordpress_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harvest87/harvest"
)

// graph is the schema that Yoast SEO gives of an article.
const graph = `{"@context":"https://schema.org","@graph":[
	{"@type":["Article","Report"],"@id":"https://library.example.org/guide/#article","author":{"name":"Amina Diallo","@id":"https://library.example.org/#/schema/person/1"},"headline":"A guide","datePublished":"2021-03-15T08:00:00+00:00","dateModified":"2022-01-02T08:00:00+00:00","inLanguage":"en-GB"},
	{"@type":"WebPage","@id":"https://library.example.org/guide/"},
	{"@type":"WebSite","@id":"https://library.example.org/#website","name":"Example Library"},
	{"@type":"Organization","@id":"https://library.example.org/#org","name":"Example Library"},
	{"@type":"Person","@id":"https://library.example.org/#/schema/person/1","name":"Amina Diallo"}]}`

// TestHeads: what plugins for search engines say fills what a post leaves open.
func TestHeads(t *testing.T) {
	en := harvest.Language{Declared: "en-GB", Value: "en"}
	tests := []struct {
		name string
		post string // members besides id and link
		from string // evidence of the title, or of the field that the case is about
		want func(*harvest.Record)
	}{
		{
			"Yoast SEO", `"title":{"rendered":""},"excerpt":{"rendered":""},"yoast_head_json":{"title":"A guide to fees - Example Library","description":"How fees keep workers in debt.","og_site_name":"Example Library","og_title":"A guide","article_modified_time":"2022-01-02T08:00:00+00:00","schema":` + graph + `}`,
			"title yoast_head_json.title", func(r *harvest.Record) {
				r.Title, r.Authors = "A guide to fees", []string{"Amina Diallo"}
				r.Summary, r.SummaryBasis.Kind = "How fees keep workers in debt.", harvest.SummaryDescription
				r.Published, r.Modified, r.Language = harvest.DayDate(2021, 3, 15), harvest.DayDate(2022, 1, 2), en
			},
		},
		{
			"never over the post's own", `"title":{"rendered":"A guide of ours"},"date":"2023-05-04T10:00:00","modified":"2023-06-01T10:00:00","excerpt":{"rendered":"<p>What we say.</p>"},"_embedded":{"author":[{"name":"Li Wei"}]},"yoast_head_json":{"title":"Buy fees","description":"Other words.","schema":` + graph + `}`,
			"title title.rendered", func(r *harvest.Record) {
				r.Title, r.Authors = "A guide of ours", []string{"Li Wei"}
				r.Summary, r.SummaryBasis.Kind = "What we say.", harvest.SummaryAbstract
				r.Published, r.Modified, r.Language = harvest.DayDate(2023, 5, 4), harvest.DayDate(2023, 6, 1), en
			},
		},
		{
			"the description for social media where the other is cut", `"title":"A guide","yoast_head_json":{"description":"How fees keep…","og_description":"How fees keep workers in debt."}`,
			"summary yoast_head_json.og_description", func(r *harvest.Record) {
				r.Title, r.Summary, r.SummaryBasis.Kind = "A guide", "How fees keep workers in debt.", harvest.SummaryDescription
			},
		},
		{
			"a house is no author", `"title":"A guide","yoast_head_json":{"schema":{"@graph":[{"@type":"Article","author":{"@id":"#org"}},{"@type":"Organization","@id":"#org","name":"Example Library"}]}}`,
			"title title.rendered", func(r *harvest.Record) { r.Title = "A guide" },
		},
		{
			"an author by reference, and an account", `"title":"A guide","yoast_head_json":{"schema":{"@graph":[{"@type":"NewsArticle","author":[{"@id":"#p"},"admin"]},{"@type":["Person","Organization"],"@id":"#p","name":"Li Wei"}]}}`,
			"authors yoast_head_json.schema.author", func(r *harvest.Record) { r.Title, r.Authors = "A guide", []string{"Li Wei"} },
		},
		{
			"the head as HTML", `"title":false,"yoast_head":"<title>A guide to fees | Example Library</title><meta name=\"description\" content=\"How fees keep workers in debt.\"/><link rel=\"canonical\" href=\"https://library.example.org/guides/guide/\"/><meta property=\"og:site_name\" content=\"Example Library\"/><script type=\"application/ld+json\" class=\"yoast-schema-graph\">` + escaped(graph) + `</script>"`,
			"title yoast_head.title", func(r *harvest.Record) {
				r.Title, r.Authors, r.CanonicalURL = "A guide to fees", []string{"Amina Diallo"}, home+"/guides/guide/"
				r.Summary, r.SummaryBasis.Kind = "How fees keep workers in debt.", harvest.SummaryDescription
				r.Published, r.Modified, r.Language = harvest.DayDate(2021, 3, 15), harvest.DayDate(2022, 1, 2), en
			},
		},
		{
			"All in One SEO", `"title":"","aioseo_head_json":{"title":"Example Library » A guide to fees","description":"How fees keep workers in debt.","canonical_url":"https://library.example.org/guides/guide/","robots":"max-image-preview:large","og:site_name":"Example Library","article:published_time":"2021-03-15T08:00:00+00:00"}`,
			"title aioseo_head_json.title", func(r *harvest.Record) {
				r.Title, r.CanonicalURL, r.Published = "A guide to fees", home+"/guides/guide/", harvest.DayDate(2021, 3, 15)
				r.Summary, r.SummaryBasis.Kind = "How fees keep workers in debt.", harvest.SummaryDescription
			},
		},
		{
			"Rank Math, patterns left alone", `"title":"","rank_math_title":"A guide to fees","meta":{"rank_math_title":"%title% %sep% %sitename%","rank_math_description":"How fees keep 50% of workers in debt."}`,
			"title rank_math.title", func(r *harvest.Record) {
				r.Title, r.Summary, r.SummaryBasis.Kind = "A guide to fees", "How fees keep 50% of workers in debt.", harvest.SummaryDescription
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := record(t, `{"id":7,`+link+`,`+tt.post+`}`)
			want := harvest.Record{NativeID: "wp:7", URL: home + "/guide/", CanonicalURL: home + "/guide/"}
			tt.want(&want)
			opts := []cmp.Option{cmpopts.IgnoreFields(harvest.Record{}, "Provenance", "Category", "Countries", "Regions", "Topics", "Identifiers")}
			if want.Language == (harvest.Language{}) {
				opts = append(opts, cmpopts.IgnoreFields(harvest.Record{}, "Language"))
			}
			if diff := cmp.Diff(want, got, opts...); diff != "" {
				t.Errorf("record (-want +got):\n%s", diff)
			}
			field, detail, _ := strings.Cut(tt.from, " ")
			if e := got.Provenance[field]; e.Detail != detail {
				t.Errorf("%s comes from %q, want %q", field, e.Detail, detail)
			}
			explained(t, got)
		})
	}
}

// escaped is JSON as it stands within a JSON string.
func escaped(s string) string {
	return strings.NewReplacer(`"`, `\"`, "\n", "", "\t", "").Replace(s)
}

// TestTitlesOfHeads: only the name of the site is taken off, and only where a
// mark sets it off. A title that is nothing else is none.
func TestTitlesOfHeads(t *testing.T) {
	for title, want := range map[string]string{
		"A guide - Library":          "A guide",
		"A guide &#8211; LIBRARY":    "A guide",
		"Library | A guide":          "A guide",
		"A guide to the Library":     "A guide to the Library",
		"Library-based guides":       "Library-based guides",
		"A guide - for labour - X":   "A guide - for labour - X",
		"Library":                    "",
		" - Library":                 "",
		" | A house by another name": "",
		"Бібліотека – Library":       "Бібліотека",
		"Guides: part 2 » Library ":  "Guides: part 2",
	} {
		got := reply(t, source(never), `[{"id":7,`+link+`,"title":"","yoast_head_json":{"title":"`+title+`","og_site_name":"Library"}}]`)
		have := ""
		if len(got.Records) == 1 {
			have = got.Records[0].Title
		}
		if have != want {
			t.Errorf("%q: %q, want %q", title, have, want)
		}
	}
}

// TestHeadsThatWantNoIndex: whichever plugin says it.
func TestHeadsThatWantNoIndex(t *testing.T) {
	for _, head := range []string{
		`"yoast_head_json":{"robots":{"index":"noindex","follow":"follow"}}`,
		`"yoast_head":"<meta name='robots' content='noindex, follow' />"`,
		`"aioseo_head_json":{"robots":"noindex, max-image-preview:large"}`,
		`"meta":{"rank_math_robots":["noindex"]}`,
	} {
		got := reply(t, source(never), `[{"id":7,`+link+`,"title":"A guide",`+head+`}]`)
		if len(got.Records) != 0 || len(got.Events) != 1 || got.Events[0].Outcome != harvest.NoIndexed {
			t.Errorf("%s: %+v", head, got)
		}
	}
}
