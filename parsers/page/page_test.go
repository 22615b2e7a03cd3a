package page_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/page"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// address is what the first line of a saved page says.
var address = regexp.MustCompile(`^<!-- (\S+) -->`)

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal("no pages", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".html"), func(t *testing.T) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			url := address.FindSubmatch(body)
			if url == nil {
				t.Fatalf("%s does not begin with its address", file)
			}
			r := page.Extract(&harvest.Page{URL: string(url[1]), Body: body}, config.PageRules{})
			if again := page.ExtractBytes(string(url[1]), body, "", config.PageRules{}); !cmp.Equal(r, again) {
				t.Errorf("not the same twice: %s", cmp.Diff(r, again))
			}
			r.Candidates = nil
			var got bytes.Buffer
			enc := json.NewEncoder(&got)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			if err := enc.Encode(r); err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(file, ".html") + ".golden.json"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func extract(t *testing.T, html string, rules config.PageRules) page.Result {
	t.Helper()
	return page.ExtractBytes("https://example.org/item", []byte(html), "utf-8", rules)
}

func TestSelectorsWin(t *testing.T) {
	const html = `<html><head><title>Declared</title><meta name="author" content="Declared Person"><meta property="article:published_time" content="2001-01-01"></head><body>
		<div class="promo"><h1>Shouted</h1></div><div id="it"><p class="t">Chosen</p><p class="none"></p><b class="w">Jo Doe</b><b class="w">Max Roe</b><i>On 3 May 2021</i><p class="s">Whole text.</p><p class="s">In two.</p>
		<a class="d" href="/f?x=1">file</a><u>Label A</u><u>Label B</u><q data-p="The Publisher"></q></div></body></html>`
	sel := func(css ...string) (out config.Selectors) {
		for _, c := range css {
			name, attr, _ := strings.Cut(c, "@")
			out = append(out, config.Selector{CSS: name, Attr: attr})
		}
		return out
	}
	r := extract(t, html, config.PageRules{Content: sel("#it"), FieldRules: config.FieldRules{
		Title: sel("h1", ".none", ".t"), Author: sel(".w"), Date: config.Selectors{{CSS: "i", Regex: regexp.MustCompile(`On (.*)`)}}, Summary: sel(".s"),
		Document: sel(".d"), Category: sel("u"), Publisher: sel("q@data-p"),
	}})
	want := harvest.Record{
		URL: "https://example.org/item", Title: "Chosen", Authors: []string{"Jo Doe", "Max Roe"}, Published: harvest.Date{Value: "2021-05-03", Precision: harvest.PrecisionDay},
		Summary: "Whole text.\n\nIn two.", SummaryBasis: harvest.SummaryBasis{Kind: harvest.SummaryAbstract}, Documents: []harvest.Document{{URL: "https://example.org/f?x=1"}},
		CategoryRaw: "Label A", CategoriesRaw: []string{"Label A", "Label B"}, Publisher: "The Publisher",
	}
	got := r.Record
	for _, field := range []string{"title", "authors", "published", "summary", "documents", "category_raw", "publisher"} {
		if e := got.Provenance[field]; e.Basis != "selector" || e.Detail == "" {
			t.Errorf("provenance of %s: %+v", field, e)
		}
	}
	if e := got.Provenance["title"]; e.Detail != ".t (3 of 3)" {
		t.Errorf("which selector: %q", e.Detail)
	}
	got.Provenance, got.Language = nil, harvest.Language{}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSelectorsThatFindNothingLeaveTheField(t *testing.T) {
	r := extract(t, `<h1>Still found</h1>`, config.PageRules{FieldRules: config.FieldRules{Title: config.Selectors{{CSS: ".gone"}, {CSS: "not [ css"}}}})
	if r.Record.Title != "Still found" || r.Record.Provenance["title"].Basis != "heading" {
		t.Errorf("%q from %+v", r.Record.Title, r.Record.Provenance["title"])
	}
}

func TestEveryCandidateSaysWhyItWasNotTaken(t *testing.T) {
	r := extract(t, `<title>A – Example</title><meta property="og:site_name" content="Example"><h1>A headline</h1><h1>Example</h1>`, config.PageRules{})
	winners := 0
	for _, c := range r.Candidates["title"] {
		if c.Rejected == "" {
			winners++
			if c.Value != r.Record.Title {
				t.Errorf("%q is not rejected, but %q won", c.Value, r.Record.Title)
			}
		}
		if c.Value == "Example" && c.Rejected != "the site's name" {
			t.Errorf("site name: %+v", c)
		}
	}
	if winners != 1 {
		t.Errorf("%d winners: %+v", winners, r.Candidates["title"])
	}
}

func TestCharset(t *testing.T) {
	const text = "Überleben in der Ziegelei – Größe zählt"
	encode := func(e encoding.Encoding, s string) []byte {
		b, err := e.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	page1252 := func(meta string) []byte {
		return encode(charmap.Windows1252, "<html><head>"+meta+"</head><body><h1>"+text+"</h1></body></html>")
	}
	plain := []byte("<html><head></head><body><h1>" + text + "</h1></body></html>")
	const japaneseTitle = "強制労働と人身取引に関する年次報告書の概要について"
	tests := []struct {
		name, charset string
		body          []byte
		want          string
	}{
		{"header", "windows-1252", page1252(""), text},
		{"meta", "", page1252(`<meta charset="iso-8859-1">`), text},
		{"http-equiv", "", page1252(`<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">`), text},
		{"nothing, UTF-8", "", plain, text},
		{"UTF-8 that says Latin-1", "iso-8859-1", plain, text},
		{"byte order mark", "", append([]byte("\xef\xbb\xbf"), plain...), text},
		{"UTF-8 with a broken octet", "", append(bytes.Clone(plain), '\xff'), text},
		{"UTF-8 far behind the first kilobyte", "", []byte("<html><head>" + strings.Repeat("<!-- filler -->", 200) + "</head><body><h1>" + text + "</h1>"), text},
		{"Shift_JIS undeclared", "", encode(japanese.ShiftJIS, "<html><body><h1>"+japaneseTitle+"</h1><p>"+strings.Repeat(japaneseTitle, 10)+"</p></body></html>"), japaneseTitle},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := page.ExtractBytes("https://example.org/", tt.body, tt.charset, config.PageRules{}).Record.Title; got != tt.want {
				t.Errorf("title %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCanonicalThatCannotBeMeant(t *testing.T) {
	for href, want := range map[string]string{"https://example.org/": "", "/": "", "https://example.org/other": "https://example.org/other", "javascript:x": "", "?a=1#b": "https://example.org/item?a=1"} {
		r := extract(t, `<link rel="canonical" href="`+href+`"><h1>T</h1>`, config.PageRules{})
		if r.CanonicalURL != want || r.Record.CanonicalURL != want {
			t.Errorf("canonical %q gives %q, want %q", href, r.CanonicalURL, want)
		}
	}
}

func TestHostilePagesEnd(t *testing.T) {
	pages := map[string]string{
		"deep":              strings.Repeat("<div class=author>", 100_000) + "<h1>Deep</h1>" + strings.Repeat("text ", 100),
		"deep inline":       strings.Repeat("<b>", 50_000) + "<h1>Deep</h1>",
		"wide":              "<h1>Wide</h1>" + strings.Repeat("<p class=date>1/2/2021</p>", 100_000),
		"nested marks":      "<h1>Marks</h1>" + strings.Repeat("<div class='author date lead'>x ", 400) + strings.Repeat("word ", 50_000),
		"huge attribute":    `<h1 class="` + strings.Repeat("author date ", 200_000) + `">Attribute</h1>`,
		"huge title":        "<title>" + strings.Repeat("long ", 500_000) + "</title><h1>Title</h1>",
		"many headings":     strings.Repeat("<h1>Heading</h1>", 50_000),
		"many links":        "<h1>Links</h1>" + strings.Repeat(`<a href="a.pdf">download</a> `, 100_000),
		"JSON-LD nested":    "<h1>LD</h1><script type='application/ld+json'>" + strings.Repeat(`{"@graph":[`, 5_000) + "</script>",
		"JSON-LD wide":      "<h1>LD</h1><script type='application/ld+json'>[" + strings.Repeat(`{"@type":"Article","headline":"x","author":{"name":"Jo Doe"}},`, 20_000) + `{}]</script>`,
		"entities":          "<h1>" + strings.Repeat("&amp;amp;", 100_000) + "</h1>",
		"half a tag":        "<h1>Half</h1>" + strings.Repeat("<", 500_000),
		"spaces and digits": "<h1>Digits</h1><p>" + strings.Repeat("1 ", 300_000) + "</p>",
	}
	for name, html := range pages {
		t.Run(name, func(t *testing.T) {
			r := extract(t, html, config.PageRules{})
			if !utf8.ValidString(r.Record.Title) {
				t.Error("title is not UTF-8")
			}
			if len(r.Record.Documents) > 50 || len(r.Record.Authors) > 100 {
				t.Errorf("%d documents, %d authors", len(r.Record.Documents), len(r.Record.Authors))
			}
		})
	}
	if r := extract(t, pages["deep"], config.PageRules{}); r.Record.Title != "Deep" || len(r.Notes) == 0 {
		t.Errorf("a page nested too deep: title %q, notes %q", r.Record.Title, r.Notes)
	}
}

func FuzzExtract(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.html")
	for _, file := range files {
		if body, err := os.ReadFile(file); err == nil {
			f.Add(body)
		}
	}
	f.Add([]byte("<h1>\xff\xfe</h1><time datetime='2021-99-99'>"))
	f.Add([]byte("\x1b$B<h1>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, charset := range []string{"", "utf-8"} {
			r := page.ExtractBytes("https://example.org/a/b?c=d", body, charset, config.PageRules{})
			rec := r.Record
			b, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			if !utf8.Valid(b) || !utf8.ValidString(fmt.Sprint(rec)) || !utf8.ValidString(r.Text) {
				t.Fatal("not UTF-8")
			}
			normalize.Finish(&rec, nil, nil)
			rec.Source, rec.ID = "fuzz", "fuzz:1"
			if rec.Title == "" {
				continue
			}
			if err := rec.Validate(); err != nil {
				t.Fatalf("%v: %+v", err, rec)
			}
		}
	})
}

// BenchmarkExtract reads a page of about 100 KB of the usual make: menus, a
// text of 40 paragraphs with metadata of every kind, comments and cards.
func BenchmarkExtract(b *testing.B) {
	body := benchmarkPage()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		r := page.ExtractBytes("https://example.org/2023/03/28/seafarers/", body, "utf-8", config.PageRules{})
		if r.Record.Title == "" {
			b.Fatal("no title")
		}
	}
}

func benchmarkPage() []byte {
	head, err := os.ReadFile("testdata/post-with-graph.html")
	if err != nil {
		panic(err)
	}
	var out bytes.Buffer
	before, after, _ := strings.Cut(string(head), `<ul class="sharedaddy">`)
	out.WriteString(before)
	for i := range 40 {
		fmt.Fprintf(&out, `<p class="wp-block-paragraph">In port number %d the crew of the <em>Morning Star</em> waited for <a href="/ships/%d">nineteen weeks</a>. Nobody came, and the agent no longer answered. “We had rice for ten days,” the cook said, and then <strong>nothing</strong> until the union sent a van. What happened next was written down by the harbour master, who keeps a list of every ship that is left there, with the flag, the owner and the last day on which somebody was paid.</p>`+"\n", i, i)
	}
	out.WriteString(`<ul class="sharedaddy">` + after)
	for i := 0; out.Len() < 100<<10; i++ {
		fmt.Fprintf(&out, `<div class="card teaser col-md-4" id="card-%d" data-id="%d"><a class="card__link" href="/2022/0%d/story-%d/" title="Story"><img src="/img/%d.jpg" alt="A ship" width="300" height="200"><h3 class="card__title">Another story from the harbour, number %d</h3></a><span class="card__date">%d May 2022</span><p>It begins like all of them do and is cut...</p></div>`+"\n", i, i, i%9+1, i, i, i, i%28+1)
	}
	return out.Bytes()
}
