package wordpress_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// never keeps item pages out of tests that are about the API's reply.
var never = config.WordPress{Pages: "never"}

// reply parses body as the first page of posts.
func reply(t testing.TB, src *config.Source, body string) harvest.Parsed {
	t.Helper()
	d := open(t, src)
	seeds, _ := d.Seeds(time.Time{})
	return d.Parse(&harvest.Page{
		Request: seeds[0], URL: seeds[0].URL, Outcome: harvest.Fetched, Status: 200, MediaType: "application/json",
		Header: map[string][]string{"X-Wp-Totalpages": {"1"}, "X-Wp-Total": {"1"}}, Body: []byte(body),
	})
}

// record parses one post and wants one record of it.
func record(t *testing.T, body string) harvest.Record {
	t.Helper()
	got := reply(t, source(never), "["+body+"]")
	if len(got.Records) != 1 {
		t.Fatalf("%d records, events %v, notes %v, dead %q; want one record", len(got.Records), got.Events, got.Notes, got.Dead)
	}
	return got.Records[0]
}

const link = `"link":"https://library.example.org/guide/"`

// TestJunkAroundJSON: servers put things before and behind the JSON.
func TestJunkAroundJSON(t *testing.T) {
	const posts = `[{"id":7,"title":{"rendered":"A guide to due diligence"},` + link + `}]`
	for name, body := range map[string]string{
		"byte order mark":     "\ufeff" + posts,
		"two marks and lines": "\ufeff\ufeff\r\n\n" + posts,
		"PHP notice":          "<br />\n<b>Notice</b>:  Undefined index: [lang] in <b>/srv/wp-content/plugins/x/{closure}.php</b> on line <b>12</b><br />\n" + posts,
		"bare PHP warning":    "Warning: Array to string conversion in /srv/x.php on line 3\n" + posts,
		"comment before":      "<!-- cache: {\"hit\" -->" + posts,
		"comment behind":      posts + "\n<!-- served by a cache in 0.2 s -->",
		"one post, no list":   posts[1 : len(posts)-1],
		"wrapped":             `{"count":1,"posts":` + posts + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			got := reply(t, source(never), body)
			if len(got.Records) != 1 || got.Records[0].NativeID != "wp:7" {
				t.Errorf("records %v, dead %q", got.Records, got.Dead)
			}
		})
	}
	for name, body := range map[string]string{"notice": "<b>Notice</b>: x in y on line 1<br />\n[]", "wrapped": `{"posts":[]}`, "bare": " [ ] "} {
		if got := reply(t, source(never), body); got.Dead != "" || len(got.Notes) != 1 || !strings.Contains(got.Notes[0], "lists no posts") {
			t.Errorf("empty list, %s: dead %q, notes %v", name, got.Dead, got.Notes)
		}
	}
}

// TestOneBadPost never costs the others.
func TestOneBadPost(t *testing.T) {
	good := func(id int) string {
		return fmt.Sprintf(`{"id":%d,"title":{"rendered":"Guide %d"},"link":"https://library.example.org/%d/"}`, id, id, id)
	}
	tests := []struct {
		name, bad string
		outcome   harvest.Outcome
	}{
		{"a number", `42`, harvest.ParseFailed},
		{"a string", `"post"`, harvest.ParseFailed},
		{"null", `null`, harvest.ParseFailed},
		{"an empty list, as PHP writes an empty object", `[]`, harvest.ParseFailed},
		{"no title", `{"id":5,"title":{"rendered":""},` + link + `}`, harvest.NoTitle},
		{"no title but tags", `{"id":5,"title":{"rendered":"<img src=x>&nbsp;"},` + link + `}`, harvest.NoTitle},
		{"no link", `{"id":5,"title":{"rendered":"A guide"}}`, harvest.NoURL},
		{"a link that is none", `{"id":5,"title":{"rendered":"A guide"},"link":"javascript:alert(1)"}`, harvest.NoURL},
		{"a password", `{"id":5,"title":{"rendered":"Protected: A guide"},` + link + `,"content":{"rendered":"","protected":true}}`, harvest.Protected},
		{"a password, as 1", `{"id":5,"title":{"rendered":"A guide"},` + link + `,"excerpt":{"rendered":"","protected":1}}`, harvest.Protected},
		{"a password in the open", `{"id":5,"title":{"rendered":"A guide"},` + link + `,"password":"x"}`, harvest.Protected},
		{"a draft", `{"id":5,"status":"draft","title":{"rendered":"A guide"},` + link + `}`, harvest.NotPublic},
		{"a private post", `{"id":5,"status":"private","title":{"rendered":"A guide"},` + link + `}`, harvest.NotPublic},
		{"an announced post", `{"id":5,"status":"future","title":{"rendered":"A guide"},` + link + `}`, harvest.NotPublic},
		{"noindex", `{"id":5,"title":{"rendered":"A guide"},` + link + `,"yoast_head_json":{"robots":{"index":"noindex"}}}`, harvest.NoIndexed},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := reply(t, source(never), "["+good(1)+","+tt.bad+","+good(2)+"]")
			if len(got.Records) != 2 || got.Records[0].NativeID != "wp:1" || got.Records[1].NativeID != "wp:2" {
				t.Errorf("%d records, want the two good ones", len(got.Records))
			}
			if len(got.Events) != 1 || got.Events[0].Outcome != tt.outcome || got.Events[0].Reason == "" {
				t.Errorf("events %+v, want one %s", got.Events, tt.outcome)
			}
			if len(got.Events) == 1 && strings.Contains(fmt.Sprint(got.Events), "A guide") {
				t.Error("the event repeats what the post hides")
			}
		})
	}
	t.Run("the reply breaks off", func(t *testing.T) {
		got := reply(t, source(never), "["+good(1)+","+good(2)+`,{"id":3,"ti`)
		if len(got.Records) != 2 || len(got.Events) != 1 || got.Events[0].Outcome != harvest.ParseFailed {
			t.Errorf("%d records, events %+v", len(got.Records), got.Events)
		}
	})
}

// TestTolerance: PHP's habits are not errors.
func TestTolerance(t *testing.T) {
	tests := []struct{ name, post, nativeID string }{
		{"numbers as strings", `{"id":"12","title":{"rendered":"A guide"},` + link + `}`, "wp:12"},
		{"a huge id", `{"id":123456789012345678901234567890,"title":"A guide",` + link + `}`, "wp:123456789012345678901234567890"},
		{"an id that is no number", `{"id":"a-b","title":"A guide",` + link + `}`, ""},
		{"a negative id", `{"id":-3,"title":"A guide",` + link + `}`, ""},
		{"no id", `{"title":"A guide",` + link + `}`, ""},
		{"false for everything", `{"id":12,"title":"A guide",` + link + `,"content":false,"excerpt":false,"_embedded":false,"yoast_head_json":false,"acf":false,"date":false,"lang":false,"class_list":false,"wpml_translations":false,"status":false}`, "wp:12"},
		{"null for everything", `{"id":12,"title":"A guide",` + link + `,"content":null,"excerpt":null,"_embedded":null,"yoast_head_json":null,"acf":null,"date":null,"lang":null,"class_list":null,"status":null}`, "wp:12"},
		{"lists for objects", `{"id":12,"title":"A guide",` + link + `,"content":[],"excerpt":[],"_embedded":[],"yoast_head_json":[],"acf":[],"media_details":[]}`, "wp:12"},
		{"objects for lists", `{"id":12,"title":"A guide",` + link + `,"_embedded":{"wp:term":{"0":[{"taxonomy":"category","name":"Guidance"}]},"author":{"code":"rest_user_invalid_id","message":"Invalid user ID."}},"class_list":{"3":"category-guidance"}}`, "wp:12"},
		{"errors among the terms", `{"id":12,"title":"A guide",` + link + `,"_embedded":{"wp:term":[{"code":"rest_forbidden","message":"no"},[{"taxonomy":"category","name":"Guidance"},null,7]]}}`, "wp:12"},
		{"the shortlink only", `{"id":12,"title":"A guide","guid":{"rendered":"https://library.example.org/?p=12"}}`, "wp:12"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := record(t, tt.post)
			if got.NativeID != tt.nativeID || got.Title != "A guide" {
				t.Errorf("native id %q, title %q", got.NativeID, got.Title)
			}
		})
	}
}

// TestFields: one field at a time, with the evidence for it.
func TestFields(t *testing.T) {
	long := strings.Repeat("Recruitment fees keep workers in debt for years. ", 30)
	tests := []struct {
		name string
		post string // members besides id, title and link
		want func(*harvest.Record)
	}{
		{"doubly encoded title", `"title":{"rendered":"Workers&#8217; rights &amp;amp; remedies &amp;#8211; a review"}`, func(r *harvest.Record) {
			r.Title = "Workers’ rights & remedies – a review"
		}},
		{"labels in order, tags apart", `"_embedded":{"wp:term":[[{"taxonomy":"post_tag","name":"debt"}],[{"taxonomy":"resource_type","name":"Toolkits"}],[{"taxonomy":"category","name":"Research &amp; Innovation","slug":"research"},{"taxonomy":"category","name":"Uncategorized","slug":"uncategorized"},{"taxonomy":"category","name":"Guidance","slug":"guidance"}],[{"taxonomy":"language","name":"English"}]]}`, func(r *harvest.Record) {
			r.CategoryRaw, r.CategoriesRaw = "Research & Innovation", []string{"Research & Innovation", "Guidance", "Toolkits"}
		}},
		{"labels of the schema", `"yoast_head_json":{"schema":{"@graph":[{"@type":"WebPage"},{"@type":"Article","articleSection":["Guidance"]}]}}`, func(r *harvest.Record) {
			r.CategoryRaw, r.CategoriesRaw = "Guidance", []string{"Guidance"}
		}},
		{"labels of the classes", `"class_list":["post-7","category-policy-brief","tag-debt","category-uncategorized"]`, func(r *harvest.Record) {
			r.CategoryRaw, r.CategoriesRaw = "policy brief", []string{"policy brief"}
		}},
		// the UTC date is the day before: what the site prints counts
		{"dates as printed", `"date":"2021-03-15T00:30:00","date_gmt":"2021-03-14T22:30:00","modified":"2022-01-02T10:00:00"`, func(r *harvest.Record) {
			r.Published, r.Modified = harvest.DayDate(2021, 3, 15), harvest.DayDate(2022, 1, 2)
		}},
		{"a date of zeroes", `"date":"0000-00-00T00:00:00","date_gmt":"0000-00-00T00:00:00","yoast_head_json":{"article_published_time":"2020-05-06T07:08:09+00:00"}`, func(r *harvest.Record) {
			r.Published = harvest.DayDate(2020, 5, 6)
		}},
		{"no date is invented", `"date":"soon"`, func(*harvest.Record) {}},
		{"authors, without accounts", `"_embedded":{"author":[{"name":"Amina Diallo"},{"name":"admin"},{"name":"editor@library.example.org"},{"name":"jsmith42"},{"name":"Administrator"},{"name":"HTS"},{"name":"Media team"}]}`, func(r *harvest.Record) {
			r.Authors = []string{"Amina Diallo"}
		}},
		{"co-authors", `"_embedded":{"author":[{"name":"admin"}],"wp:term":[[{"taxonomy":"author","name":"Li Wei","slug":"cap-li-wei"}]]}`, func(r *harvest.Record) {
			r.Authors = []string{"Li Wei"}
		}},
		{"a whole excerpt", `"excerpt":{"rendered":"<p>How to find recruitment fees.</p>"},"content":{"rendered":"<p>Another text altogether.</p>"}`, func(r *harvest.Record) {
			r.Summary, r.SummaryBasis.Kind = "How to find recruitment fees.", harvest.SummaryAbstract
		}},
		{"a cut excerpt", `"excerpt":{"rendered":"<p>Fees keep workers [&hellip;]</p>"},"content":{"rendered":"<p>Fees keep workers in debt. This guide says how to find them.</p>"}`, func(r *harvest.Record) {
			r.Summary, r.SummaryBasis.Kind = "Fees keep workers in debt. This guide says how to find them.", harvest.SummaryLead
		}},
		{"an excerpt that WordPress made", `"excerpt":{"rendered":"<p>Fees keep workers in debt.</p>"},"content":{"rendered":"<p>Fees keep workers in debt.</p>\n<p>This guide says how to find them.</p>"}`, func(r *harvest.Record) {
			r.Summary, r.SummaryBasis.Kind = "Fees keep workers in debt.\n\nThis guide says how to find them.", harvest.SummaryLead
		}},
		{"a link to the whole is no sentence", `"content":{"rendered":"<p>Fees keep workers in debt.</p>\n<p><a href=\"https://journal.example/771\">Read full article here</a>.</p>"}`, func(r *harvest.Record) {
			r.Summary, r.SummaryBasis = "Fees keep workers in debt.", harvest.SummaryBasis{Kind: harvest.SummaryLead}
		}},
		{"a lead ends with a sentence", `"content":{"rendered":"<p>` + long + `</p>"}`, func(r *harvest.Record) {
			r.Summary, r.SummaryBasis.Kind = strings.TrimSpace(long[:12*49]), harvest.SummaryLead
		}},
		{"a lead does not end at an abbreviation", `"content":{"rendered":"<p>` + long[:11*49] + `The study was led by Dr. ` + strings.Repeat("a very patient ", 20) + `person.</p>"}`, func(r *harvest.Record) {
			r.Summary, r.SummaryBasis.Kind = strings.TrimSpace(long[:11*49]), harvest.SummaryLead
		}},
		{"a lead without any sentence is cut, and says so", `"content":{"rendered":"<p>` + strings.Repeat("fees and debts ", 200) + `</p>"}`, func(r *harvest.Record) {
			r.Summary, r.SummaryBasis = strings.TrimSpace(strings.Repeat("fees and debts ", 40)), harvest.SummaryBasis{Kind: harvest.SummaryLead, Truncated: true}
		}},
		{"custom fields nested beyond reason", `"acf":` + strings.Repeat("[", 9) + `"https://library.example.org/deep.pdf"` + strings.Repeat("]", 9), func(*harvest.Record) {}},
		{"a more link", `"excerpt":{"rendered":"<p>Fees keep workers <a class=\"more-link\" href=\"#\">Continue reading A guide</a></p>"}`, func(r *harvest.Record) {
			r.Summary, r.SummaryBasis = "Fees keep workers", harvest.SummaryBasis{Kind: harvest.SummaryAbstract, Truncated: true}
		}},
		{"a description before a cut excerpt", `"excerpt":{"rendered":"<p>Fees keep&hellip;</p>"},"yoast_head_json":{"description":"How fees keep workers in debt."}`, func(r *harvest.Record) {
			r.Summary, r.SummaryBasis.Kind = "How fees keep workers in debt.", harvest.SummaryDescription
		}},
		{"left-over shortcodes", `"content":{"rendered":"<p>[vc_row css=&#8221;.a{}&#8221;][vc_column]Fees keep [sic] workers in debt.[/vc_column][/vc_row]</p><p>[gallery ids=&#8221;1,2&#8243;]</p>"}`, func(r *harvest.Record) {
			r.Summary, r.SummaryBasis.Kind = "Fees keep [sic] workers in debt.", harvest.SummaryLead
		}},
		{"related items are no text", `"content":{"rendered":"<p>Fees keep workers in debt.</p><div class=\"jp-relatedposts\"><p>Another guide to something else.</p><a href=\"/other.pdf\">Other</a></div>"}`, func(r *harvest.Record) {
			r.Summary, r.SummaryBasis.Kind = "Fees keep workers in debt.", harvest.SummaryLead
		}},
		{"documents", `"content":{"rendered":"<p>Fees keep workers in debt.</p><div class=\"wp-block-file\"><a href=\"/files/Guide.PDF?ver=2\">The guide in full</a> <a href=\"/files/Guide.PDF?ver=2\" download>Download</a></div><a href=\"https://library.example.org/x.docx\">Download</a><iframe src=\"/viewer.html?file=/files/b.pdf\"></iframe><a href=\"/about/\">About</a>"}`, func(r *harvest.Record) {
			r.Summary, r.SummaryBasis.Kind = "Fees keep workers in debt.", harvest.SummaryLead
			r.Documents = []harvest.Document{
				{URL: home + "/files/Guide.PDF?ver=2", MediaType: "application/pdf", Title: "The guide in full"},
				{URL: home + "/x.docx", MediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
				{URL: home + "/files/b.pdf", MediaType: "application/pdf"},
			}
		}},
		{"documents in custom fields", `"acf":{"file":{"id":3,"url":"https://library.example.org/files/a.pdf"},"logo":"https://library.example.org/l.png"}`, func(r *harvest.Record) {
			r.Documents = []harvest.Document{{URL: home + "/files/a.pdf", MediaType: "application/pdf"}}
		}},
		{"an attachment", `"type":"attachment","status":"inherit","source_url":"https://library.example.org/files/a.pdf","mime_type":"application/pdf","media_details":{"filesize":1234}`, func(r *harvest.Record) {
			r.Documents = []harvest.Document{{URL: home + "/files/a.pdf", MediaType: "application/pdf", Bytes: 1234}}
		}},
		// the library's citation line names the document's own publisher and month
		{"a citation line", `"date":"2023-05-04T10:00:00","content":{"rendered":"<p>Fees keep workers in debt.</p><p>A guide to fees - Institute for Decent Work, March 2021 <a href=\"/files/a.pdf\">DOWNLOAD</a></p>"}`, func(r *harvest.Record) {
			r.Summary, r.SummaryBasis.Kind = "Fees keep workers in debt.", harvest.SummaryLead
			r.Publisher, r.Published = "Institute for Decent Work", harvest.MonthDate(2021, 3)
			r.Documents = []harvest.Document{{URL: home + "/files/a.pdf", MediaType: "application/pdf"}}
		}},
		{"declared language and translations", `"lang":"pt_BR","wpml_translations":[{"locale":"en_US","href":"https://library.example.org/en/guide/"},{"locale":"pt_BR","href":"https://library.example.org/guide/"},{"locale":"?","href":"x"}]`, func(r *harvest.Record) {
			r.Language = harvest.Language{Declared: "pt-BR", Value: "pt"}
			r.Translations = []harvest.Translation{{Language: "en-US", URL: home + "/en/guide/"}}
		}},
		{"a formal locale", `"yoast_head_json":{"og_locale":"de_DE_formal"}`, func(r *harvest.Record) {
			r.Language = harvest.Language{Declared: "de-DE", Value: "de"}
		}},
		{"a canonical address", `"yoast_head_json":{"canonical":"https://library.example.org/guides/guide/"}`, func(r *harvest.Record) {
			r.CanonicalURL = home + "/guides/guide/"
		}},
		{"a canonical address elsewhere", `"yoast_head_json":{"canonical":"https://staging.example.net/guide/"}`, func(*harvest.Record) {}},
		{"a canonical address that is the front page", `"yoast_head_json":{"canonical":"https://library.example.org/"}`, func(*harvest.Record) {}},
		{"tracking in the link", `"link":"https://library.example.org/guide/?utm_source=feed#top"`, func(*harvest.Record) {}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := `{"id":7,"title":{"rendered":"A guide"},` + link + `}`
			if tt.post != "" { // a member given twice counts as the last one
				body = strings.TrimSuffix(body, "}") + "," + tt.post + "}"
			}
			got := record(t, body)
			want := harvest.Record{NativeID: "wp:7", URL: home + "/guide/", CanonicalURL: home + "/guide/", Title: "A guide"}
			tt.want(&want)
			ignore := cmpopts.IgnoreFields(harvest.Record{}, "Provenance", "Category", "Countries", "Regions", "Topics", "Identifiers")
			opts := []cmp.Option{ignore}
			if want.Language == (harvest.Language{}) {
				opts = append(opts, cmpopts.IgnoreFields(harvest.Record{}, "Language"))
			}
			if diff := cmp.Diff(want, got, opts...); diff != "" {
				t.Errorf("record (-want +got):\n%s", diff)
			}
			explained(t, got)
		})
	}
}

// explained wants evidence for every field that is filled.
func explained(t *testing.T, r harvest.Record) {
	t.Helper()
	for field, filled := range map[string]bool{
		"title": r.Title != "", "url": r.URL != "", "native_id": r.NativeID != "", "summary": r.Summary != "",
		"published": !r.Published.IsZero(), "modified": !r.Modified.IsZero(), "authors": len(r.Authors) > 0,
		"publisher": r.Publisher != "", "documents": len(r.Documents) > 0, "categories_raw": len(r.CategoriesRaw) > 0,
		"translations": len(r.Translations) > 0, "language": r.Language.Declared != "",
	} {
		e, ok := r.Provenance[field]
		if filled != ok && !(field == "language" && ok) {
			t.Errorf("%s: filled %v, explained %v (%+v)", field, filled, ok, e)
		}
	}
}

// TestSitesBelowAPath: two WordPress sites of one source count their posts
// from 1 each.
func TestSitesBelowAPath(t *testing.T) {
	for base, want := range map[string]string{
		"":                                "wp:7",
		home:                              "wp:7",
		"https://www.library.example.org": "wp:7",
		home + "/es/":                     "wp:es/7",
		"https://blog.example.org/":       "wp:blog.example.org/7",
		"https://blog.example.org/es":     "wp:blog.example.org/es/7",
	} {
		got := reply(t, source(config.WordPress{Base: base, Pages: "never"}), `[{"id":7,"title":"A guide",`+link+`}]`)
		if len(got.Records) != 1 || got.Records[0].NativeID != want {
			t.Errorf("base %q: %+v, want %s", base, got.Records, want)
		}
	}
}

// TestItemPages: pages are asked for as the source file says.
func TestItemPages(t *testing.T) {
	whole := `{"id":7,"title":"A guide",` + link + `,"excerpt":{"rendered":"<p>How to find fees.</p>"}}`
	bare := `{"id":7,"title":"A guide",` + link + `}`
	cut := `{"id":7,"title":"A guide",` + link + `,"excerpt":{"rendered":"<p>How to find&hellip;</p>"},"content":{"rendered":""}}`
	file := `{"id":7,"type":"attachment","title":"A guide",` + link + `}`
	rules := config.PageRules{FieldRules: config.FieldRules{Summary: config.Selectors{{CSS: ".abstract"}}}}
	tests := []struct {
		pages string
		post  string
		rules config.PageRules
		want  bool
	}{
		{"", whole, config.PageRules{}, false},
		{"", bare, config.PageRules{}, true},
		{"when-needed", cut, config.PageRules{}, true},
		{"when-needed", whole, rules, true},
		{"never", bare, rules, false},
		{"always", whole, config.PageRules{}, true},
		{"always", file, rules, false},
		// a site whose pages stand on another host than its API
		{"always", `{"id":7,"title":"A guide","link":"https://front.example.net/guide/"}`, rules, false},
	}
	for i, tt := range tests {
		src := source(config.WordPress{Pages: tt.pages})
		src.Doors[0].Page = tt.rules
		got := reply(t, src, "["+tt.post+"]")
		if asked := len(got.Requests) == 1; asked != tt.want || len(got.Records)+len(got.Requests) != 1 {
			t.Errorf("case %d: %d records, %d requests; want a request: %v", i, len(got.Records), len(got.Requests), tt.want)
			continue
		}
		if tt.want {
			r := got.Requests[0]
			if r.Kind != harvest.KindItem || r.URL != home+"/guide/" || r.Card == nil || r.Card.NativeID != "wp:7" || r.Step != "item" || r.Referrer == "" {
				t.Errorf("case %d: request %+v", i, r)
			}
		}
	}
}
