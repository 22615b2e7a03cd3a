package wordpress_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestGolden reads a page of posts of every kind: with a citation line, in
// three languages, protected, in draft, empty, broken and untitled.
func TestGolden(t *testing.T) {
	src := source(config.WordPress{})
	src.Publisher = "Example Library"
	src.Categories = map[string]string{"Guidance": "guidance", "Rapports": "report"}
	got := reply(t, src, string(read(t, "posts.json")))
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	if err := enc.Encode(got); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "posts.golden.json")
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run the test with -update", err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// TestItemPage: the web page of a post fills what its API record lacks, and
// what the source file selects there wins.
func TestItemPage(t *testing.T) {
	const body = `<html lang="en"><head><title>Country dashboard: Nepal - Example Library</title></head><body class="postid-9"><main><article>
		<h1>Dashboard</h1><p class="abstract">What the labour inspectors of Nepal have counted since 2015, by district and trade.</p>
		<p class="cite">Country dashboard: Nepal - Institute for Decent Work, March 2021</p></article></main></body></html>`
	src := source(config.WordPress{})
	src.Doors[0].Page = config.PageRules{FieldRules: config.FieldRules{
		Summary: config.Selectors{{CSS: ".abstract"}}, Citation: config.Selectors{{CSS: ".cite"}},
	}}
	list := reply(t, src, `[{"id":7,"title":"Country dashboard: Nepal","date":"2023-05-04T10:00:00",`+link+`,"_embedded":{"wp:term":[[{"taxonomy":"category","name":"Dashboards"}]]}}]`)
	if len(list.Requests) != 1 {
		t.Fatalf("requests %+v", list.Requests)
	}
	got := open(t, src).Parse(&harvest.Page{Request: list.Requests[0], URL: list.Requests[0].URL, Outcome: harvest.Fetched, MediaType: "text/html", Body: []byte(body)})
	if len(got.Records) != 1 {
		t.Fatalf("records %+v, events %+v", got.Records, got.Events)
	}
	r := got.Records[0]
	want := []string{"Country dashboard: Nepal", "wp:7", "Dashboards", "What the labour inspectors of Nepal have counted since 2015, by district and trade.", "Institute for Decent Work", "2021-03"}
	have := []string{r.Title, r.NativeID, r.CategoryRaw, r.Summary, r.Publisher, r.Published.Value}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

// FuzzParse: any bytes as the reply to any step.
func FuzzParse(f *testing.F) {
	posts := read(f, "posts.json")
	steps := []string{"posts", "types", "item", "posts?before=x&size=10", "posts?last=1&part=1", "?", "terms?back=https%3A%2F%2Flibrary.example.org%2Fwp-json%2Fwp%2Fv2%2Fposts%3Fper_page%3D9&posts=posts%3Flooks%3D1&needs=%5B%7B%22b%22%3A%22kind%22%2C%22i%22%3A%5B%223%22%5D%7D%2C%7B%22b%22%3A%22x%22%7D%5D"}
	for i := range steps {
		f.Add(posts, i, 200)
	}
	for _, s := range []string{
		"", "[", "[]", "{}", "[[", `{"code":"rest_invalid_param","data":{"params":{"per_page":"(9) and 0 (inclusive)"}}}`,
		`{"code":"rest_no_route"}`, `[{"id":1,"title":"x","link":"http://[::1"}]`, "\ufeff\ufeff[{}]", "<b>Notice</b>[{\"", `{"post":{"rest_base":"../../x?y","slug":"post"}}`,
		`[{"id":1,"title":"x","link":"https://library.example.org/x","content":"` + strings.Repeat("<div>", 700) + `","acf":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `}]`,
		"[{\"title\":\"\\ud800\xff\",\"link\":\"https://library.example.org/\xff\"}]",
	} {
		f.Add([]byte(s), 0, 200)
		f.Add([]byte(s), 1, 400)
		f.Add([]byte(s), 7, 200)
	}
	for _, s := range []string{
		`{"data":{"posts":[{"ID":1,"post_title":"x","permalink":"/x","acf":{"file":{"url":"/a.pdf","filesize":1e300},"date":20210315}}]}}`,
		`[{"id":1,"link":"https://library.example.org/x","yoast_head":"<title>A - B</title><script type=\"application/ld+json\">{\"@graph\":[{\"@type\":\"Article\",\"author\":[[{\"@id\":\"x\"}],\"Li Wei\"]}]}</script>","meta":{"rank_math_title":"%title%","rank_math_robots":["noindex"]}}]`,
		`[{"id":1,"link":"https://library.example.org/x","aioseo_head_json":{"title":"\u00e9 - x","og:site_name":"x","schema":{"@graph":{"0":{"@type":"Report","author":{"name":7}}}}}}]`,
		`[{"id":3,"name":"Reports","slug":"reports","taxonomy":"kind"},null,{"id":"x"}]`,
		`[{"id":1,"title":"x","link":"https://library.example.org/x","categories":[1,-2,"3"],"kind":{"0":1},"_links":{"wp:term":[{"taxonomy":"kind","href":"https://x/wp-json/../../v1/kind?x"},{"taxonomy":"category","href":"/?rest_route=/wp/v2/categories"}]}}]`,
		`{"data":{"posts":[null,1,{"acf":{"file":[[[[["a"]]]]]}}]}}`,
	} {
		f.Add([]byte(s), 0, 200)
		f.Add([]byte(s), 3, 200)
		f.Add([]byte(s), 13, 200)
	}
	d := open(f, source(config.WordPress{Types: []string{"posts", "report"}}))
	mapped := open(f, source(config.WordPress{Items: "data.posts || @", Fields: config.JSONFields{
		ID: []string{"ID"}, Title: []string{"post_title", "max(@)"}, Link: []string{"permalink"}, Document: []string{"acf.file", "acf"}, Date: []string{"acf.date"}, Category: []string{"acf.*"},
	}}))
	seeds, _ := d.Seeds(time.Time{})
	f.Fuzz(func(t *testing.T, body []byte, which, status int) {
		req := seeds[0]
		req.Step = steps[(which%len(steps)+len(steps))%len(steps)]
		p := &harvest.Page{Request: req, URL: req.URL, Outcome: harvest.Fetched, Status: status, Body: body}
		if status >= 400 {
			p.Outcome = harvest.ClientError
		}
		door := d
		if which%2 == 0 {
			door = mapped
		}
		got := door.Parse(p)
		if n := len(got.Records) + len(got.Requests) + len(got.Events); n > 1100 {
			t.Errorf("%d results of one page", n)
		}
		for _, r := range got.Records {
			r.ID, r.Source = "x", "library"
			if err := r.Validate(); err != nil {
				t.Errorf("record %+v: %v", r, err)
			}
		}
		for _, r := range got.Requests {
			if !strings.HasPrefix(r.URL, "http") {
				t.Errorf("request for %q", r.URL)
			}
		}
		if b, err := json.Marshal(got); err != nil || len(b) > 100*len(body)+100_000 {
			t.Errorf("%d octets made %d: %v", len(body), len(b), err)
		}
	})
}

// BenchmarkPosts parses an API page of 100 posts with text, terms and author.
func BenchmarkPosts(b *testing.B) {
	var posts []string
	for i := range 100 {
		posts = append(posts, fmt.Sprintf(`{"id":%d,"date":"2021-03-15T10:00:00","modified":"2022-01-02T10:00:00","status":"publish","type":"post","link":"%s/item-%d/","title":{"rendered":"Recruitment fees &#8211; study %d"},"content":{"rendered":"<p>%s</p><p><a href=\"/files/%d.pdf\">Download</a></p>","protected":false},"excerpt":{"rendered":"<p>Fees keep workers [&hellip;]</p>","protected":false},"_embedded":{"author":[{"name":"Amina Diallo"}],"wp:term":[[{"taxonomy":"category","name":"Reports","slug":"reports"}],[{"taxonomy":"post_tag","name":"debt"}]]}}`,
			i+1, home, i, i, strings.Repeat("Recruitment fees keep workers in debt for years. ", 60), i))
	}
	body := "[" + strings.Join(posts, ",") + "]"
	d := open(b, source(never))
	seeds, _ := d.Seeds(time.Time{})
	page := &harvest.Page{Request: seeds[0], URL: seeds[0].URL, Outcome: harvest.Fetched, Status: 200, Body: []byte(body)}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if got := d.Parse(page); len(got.Records) != 100 {
			b.Fatalf("%d records", len(got.Records))
		}
	}
}
