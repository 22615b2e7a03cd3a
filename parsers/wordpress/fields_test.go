package wordpress_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/wordpress"
)

// TestFieldMaps reads custom fields in the shapes in which plugins give them.
func TestFieldMaps(t *testing.T) {
	tests := []struct {
		name   string
		fields config.JSONFields
		post   string // members besides id, title and link
		want   func(*harvest.Record)
	}{
		{"a date of ACF, as it is kept", config.JSONFields{Date: []string{"acf.publication_date"}}, `"date":"2023-05-04T10:00:00","acf":{"publication_date":"20210315"}`, func(r *harvest.Record) {
			r.Published = harvest.DayDate(2021, 3, 15)
		}},
		{"a date of ACF, as it is shown", config.JSONFields{Date: []string{"acf.publication_date"}}, `"date":"2023-05-04T10:00:00","acf":{"publication_date":"March 2021"}`, func(r *harvest.Record) {
			r.Published = harvest.MonthDate(2021, 3)
		}},
		{"an empty field leaves what is there", config.JSONFields{Date: []string{"acf.publication_date"}, Publisher: []string{"acf.publisher"}}, `"date":"2023-05-04T10:00:00","acf":{"publication_date":"","publisher":false}`, func(r *harvest.Record) {
			r.Published = harvest.DayDate(2023, 5, 4)
		}},
		{"a post without custom fields", config.JSONFields{Date: []string{"acf.publication_date"}}, `"date":"2023-05-04T10:00:00","acf":[]`, func(r *harvest.Record) {
			r.Published = harvest.DayDate(2023, 5, 4)
		}},
		{"a file of ACF", config.JSONFields{Document: []string{"acf.document"}}, `"acf":{"document":{"ID":9,"id":9,"title":"The guide in full","filename":"g.pdf","filesize":512345,"url":"https://library.example.org/files/g.pdf","link":"https://library.example.org/guide/g/","mime_type":"application/pdf","type":"application","subtype":"pdf"}}`, func(r *harvest.Record) {
			r.Documents = []harvest.Document{{URL: home + "/files/g.pdf", MediaType: "application/pdf", Title: "The guide in full", Bytes: 512345}}
		}},
		{"files in a repeater", config.JSONFields{Document: []string{"acf.downloads[].file"}}, `"acf":{"downloads":[{"file":{"url":"https://library.example.org/files/a.pdf","filesize":"7"}},{"file":false},{"file":"/files/b.docx"}]}`, func(r *harvest.Record) {
			r.Documents = []harvest.Document{
				{URL: home + "/files/a.pdf", MediaType: "application/pdf", Bytes: 7},
				{URL: home + "/files/b.docx", MediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
			}
		}},
		{"a file by its number is no address", config.JSONFields{Document: []string{"acf.document"}}, `"acf":{"document":9}`, func(*harvest.Record) {}},
		{
			"chosen terms, persons and options",
			config.JSONFields{Category: []string{"acf.kind"}, Author: []string{"acf.people"}, Publisher: []string{"acf.partner"}, Language: []string{"acf.language"}},
			`"acf":{"kind":[{"term_id":4,"name":"Toolkits &amp; guides","slug":"toolkits","taxonomy":"kind"}],"people":[{"ID":7,"post_title":"Amina Diallo","post_type":"person"},{"ID":3,"display_name":"Li Wei"}],"partner":{"value":"idw","label":"Institute for Decent Work"},"language":"fr"}`, func(r *harvest.Record) {
				r.CategoryRaw, r.CategoriesRaw = "Toolkits & guides", []string{"Toolkits & guides"}
				r.Authors, r.Publisher = []string{"Amina Diallo", "Li Wei"}, "Institute for Decent Work"
				r.Language = harvest.Language{Declared: "fr", Value: "fr"}
			},
		},
		{
			"custom meta",
			config.JSONFields{Publisher: []string{"meta.publisher"}, Title: []string{"meta.full_title"}, Summary: []string{"meta.abstract"}, Licence: []string{"meta.licence"}},
			`"meta":{"publisher":"Institute for Decent Work","full_title":"A guide to fees &#8211; second edition","abstract":"<p>Fees keep workers in debt.</p>","licence":"CC BY 4.0"}`, func(r *harvest.Record) {
				r.Title, r.Publisher, r.Licence = "A guide to fees – second edition", "Institute for Decent Work", "CC BY 4.0"
				r.Summary, r.SummaryBasis.Kind = "Fees keep workers in debt.", harvest.SummaryAbstract
			},
		},
		{"the address of the document's own page", config.JSONFields{Link: []string{"acf.external_url"}}, `"acf":{"external_url":"https://idw.example.net/guide"}`, func(r *harvest.Record) {
			r.URL, r.CanonicalURL = "https://idw.example.net/guide", "https://idw.example.net/guide"
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := reply(t, source(config.WordPress{Fields: tt.fields, Pages: "never"}), `[{"id":7,"title":{"rendered":"A guide"},`+link+`,`+tt.post+`}]`)
			if len(got.Records) != 1 {
				t.Fatalf("%+v", got)
			}
			want := harvest.Record{NativeID: "wp:7", URL: home + "/guide/", CanonicalURL: home + "/guide/", Title: "A guide"}
			tt.want(&want)
			opts := []cmp.Option{cmpopts.IgnoreFields(harvest.Record{}, "Provenance", "Category", "Countries", "Regions", "Topics", "Identifiers")}
			if want.Language == (harvest.Language{}) {
				opts = append(opts, cmpopts.IgnoreFields(harvest.Record{}, "Language"))
			}
			if diff := cmp.Diff(want, got.Records[0], opts...); diff != "" {
				t.Errorf("record (-want +got):\n%s", diff)
			}
			explained(t, got.Records[0])
		})
	}
}

// TestFieldMapsExplainThemselves: the evidence for a mapped field is its path.
func TestFieldMapsExplainThemselves(t *testing.T) {
	got := reply(t, source(config.WordPress{Fields: config.JSONFields{Date: []string{"meta.none", "acf.published"}}, Pages: "never"}),
		`[{"id":7,"title":"A guide",`+link+`,"date":"2023-05-04T10:00:00","acf":{"published":"2021-03-15"}}]`)
	if e := got.Records[0].Provenance["published"]; e.Detail != "acf.published" || e.Basis != "door" || e.Page == "" {
		t.Errorf("evidence %+v", e)
	}
}

// TestCustomRoute walks a route that a theme has added: its posts lie under
// another key beside other lists, have names of their own, and no headers say
// how many there are.
func TestCustomRoute(t *testing.T) {
	src := source(config.WordPress{
		Route: "wp-json/u1/v2", Types: []string{"speak-free"}, Items: "data.posts", Pages: "never", PerPage: 3,
		Fields: config.JSONFields{ID: []string{"ID"}, Title: []string{"post_title"}, Link: []string{"permalink"}, Date: []string{"postdate"}, Summary: []string{"teaser"}},
	})
	got := walk(t, open(t, src), func(req harvest.Request) *harvest.Page {
		p := &harvest.Page{Request: req, URL: req.URL, Status: 200, Outcome: harvest.Fetched, MediaType: "application/json"}
		if !strings.HasPrefix(req.URL, home+"/wp-json/u1/v2/speak-free?") {
			p.Status, p.Outcome = 404, harvest.NotFoundPage
			return p
		}
		var posts []string
		for i := (req.Page-1)*3 + 1; i <= min(8, req.Page*3); i++ {
			posts = append(posts, fmt.Sprintf(`{"ID":%d,"post_title":"Item %d","permalink":"/news/item-%d/","postdate":"2021-03-%02d","teaser":"What item %d says of recruitment fees in the world."}`, i, i, i, i, i))
		}
		p.Body = []byte(`{"success":true,"filters":[{"id":1}],"data":{"sticky":[{"ID":99}],"posts":[` + strings.Join(posts, ",") + `]}}`)
		return p
	})
	want := []string{"wp:1", "wp:2", "wp:3", "wp:4", "wp:5", "wp:6", "wp:7", "wp:8"}
	if diff := cmp.Diff(want, got.ids); diff != "" || got.dead != "" || len(got.failing) > 0 {
		t.Errorf("%+v\n%s", got, diff)
	}
}

// TestCustomRouteWithoutItsList: what the path does not find is told.
func TestCustomRouteWithoutItsList(t *testing.T) {
	src := source(config.WordPress{Route: "wp-json/u1/v2", Items: "data.posts"})
	for body, want := range map[string]string{
		`{"data":{"posts":{"a":1}}}`: "an object without posts",
		`[{"id":1,"title":"x"}]`:     `no list stands at "data.posts"`,
		`{"code":"rest_forbidden","message":"Sorry.","data":{"status":401}}`: "closed to the public",
	} {
		if got := reply(t, src, body); !strings.Contains(got.Dead, want) {
			t.Errorf("%s: %+v, want %s", body, got, want)
		}
	}
}

// TestPathsThatAreNone: a source that was not linted does not open.
func TestPathsThatAreNone(t *testing.T) {
	for _, w := range []config.WordPress{{Items: "a["}, {Fields: config.JSONFields{Title: []string{"a["}}}} {
		if _, err := wordpress.New(source(w), nil, 0); err == nil {
			t.Errorf("%+v opened", w)
		}
	}
}
