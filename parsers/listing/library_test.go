package listing_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// library is the source of testdata/library: a resource library that lists
// other publishers' documents, with a citation line and a DOWNLOAD link on
// each item page, a search form that shows the names of post types, and a
// block of related items that changes at every visit.
func library() *config.Source {
	src := source(config.Listing{
		ItemPages: true,
		Item: config.ItemRules{
			Card: css("article.card"), Link: css("h3 a@href"),
			FieldRules: config.FieldRules{Title: css("h2", "h3"), Category: css(".label"), Summary: css(".excerpt")},
		},
		Next: config.Next{Link: css("a.next@href")},
	})
	src.Publisher = "Example Library"
	src.Categories = map[string]string{"Guidance": "guidance", "Rapports": "report", "Tools": "tool"}
	return src
}

// withRules is library with selectors for the item page.
func withRules() *config.Source {
	src := library()
	src.Doors[0].Page = config.PageRules{FieldRules: config.FieldRules{
		Summary: css(".entry-content p:not(.citation)"), Citation: css(".citation"), Document: css("a.download@href"),
	}}
	return src
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "library", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// golden compares v as JSON with a file, or rewrites it.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "library", name)
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

// card is what the listing says of the item of item.html.
func card(t testing.TB, src *config.Source) harvest.Request {
	t.Helper()
	got := first(t, src, string(read(t, "listing.html")))
	for _, r := range got.Requests {
		if strings.Contains(r.URL, "forced-labour") {
			return r
		}
	}
	t.Fatalf("no request for the item among %+v", got.Requests)
	return harvest.Request{}
}

func TestLibrary(t *testing.T) {
	t.Run("listing", func(t *testing.T) {
		golden(t, "listing.golden.json", first(t, library(), string(read(t, "listing.html"))))
	})
	t.Run("item", func(t *testing.T) {
		src := withRules()
		golden(t, "item.golden.json", open(t, src).Parse(html(card(t, src), string(read(t, "item.html")))))
	})
}

// item parses an item page of the library and wants one record.
func item(t *testing.T, src *config.Source, body string) harvest.Record {
	t.Helper()
	got := open(t, src).Parse(html(card(t, src), body))
	if len(got.Records) != 1 {
		t.Fatalf("records %+v, events %+v", got.Records, got.Events)
	}
	return got.Records[0]
}

// TestRelatedBlock: what stands beside the item is never part of it, and the
// record does not move when only that changes.
func TestRelatedBlock(t *testing.T) {
	for name, src := range map[string]*config.Source{"own evidence": library(), "selectors": withRules()} {
		t.Run(name, func(t *testing.T) {
			before, after := item(t, src, string(read(t, "item.html"))), item(t, src, string(read(t, "item-later.html")))
			if before.ContentHash() != after.ContentHash() {
				t.Errorf("the record moved with the related block (-before +after):\n%s", cmp.Diff(before, after))
			}
			text, err := json.Marshal(before)
			if err != nil {
				t.Fatal(err)
			}
			for _, leak := range []string{"hill districts", "cash transfers", "mapping-routes", "nav_menu_item", "acf-field", "ai1ec_event", "Related", "nobody in particular", "Read More"} {
				if strings.Contains(string(text), leak) {
					t.Errorf("the record holds %q from beside the item", leak)
				}
			}
		})
	}
}

// TestSeedItem: the fields that a reader of the page would name.
func TestSeedItem(t *testing.T) {
	r := item(t, withRules(), string(read(t, "item.html")))
	if want := "Forced labour in emergencies: a guide for those who plan relief"; r.Title != want {
		t.Errorf("title %q", r.Title)
	}
	if !strings.HasPrefix(r.Summary, "When an emergency strikes") || !strings.HasSuffix(r.Summary, "inspectors who come back.") || r.SummaryBasis.Truncated {
		t.Errorf("summary %q, %+v; want the whole of both paragraphs", r.Summary, r.SummaryBasis)
	}
	if strings.Contains(r.Summary, "&amp;") {
		t.Errorf("summary %q holds an entity", r.Summary)
	}
	if r.Publisher != "Institute for Decent Work" || r.Published != harvest.MonthDate(2021, 3) {
		t.Errorf("publisher %q, published %v; want what the citation says", r.Publisher, r.Published)
	}
	if len(r.Documents) != 1 || r.Documents[0].URL != home+"/files/2021/03/forced-labour-in-emergencies.pdf" {
		t.Errorf("documents %+v", r.Documents)
	}
	if r.Category != "guidance" || r.CategoryRaw != "Guidance" || r.NativeID != "wp:4711" {
		t.Errorf("category %q (%q), native id %q", r.Category, r.CategoryRaw, r.NativeID)
	}
	if r.CanonicalURL != home+"/resources/forced-labour-in-emergencies/" || r.URL != r.CanonicalURL {
		t.Errorf("url %q, canonical %q", r.URL, r.CanonicalURL)
	}
}

// FuzzParse: any bytes on either kind of page.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"listing.html", "item.html", "item-later.html"} {
		f.Add(read(f, name), true)
		f.Add(read(f, name), false)
	}
	for _, s := range []string{"", "<", "%PDF-1.7", "<article class=card><a href=\xff>\xfe", "\x00\x01", strings.Repeat("<article class=card>", 600), `<base href="//["><article class=card><a href="http://[::1">x</a>`} {
		f.Add([]byte(s), true)
	}
	src := withRules()
	src.Doors[0].Listing.Next.Pattern = "?page={page}"
	d := open(f, src)
	seeds, _ := d.Seeds(time.Time{})
	f.Fuzz(func(t *testing.T, body []byte, list bool) {
		req := seeds[0]
		if !list {
			req = harvest.Request{URL: home + "/resources/a/", Step: "item", Kind: harvest.KindItem, Card: &harvest.Record{URL: home + "/resources/a/", Title: "A guide"}}
		}
		got := d.Parse(html(req, string(body)))
		if n := len(got.Records) + len(got.Requests) + len(got.Events); n > 2100+1 {
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
			if _, err := json.Marshal(r); err != nil {
				t.Errorf("request does not travel: %v", err)
			}
		}
	})
}

// BenchmarkListing parses a listing of 50 cards with four fields each.
func BenchmarkListing(b *testing.B) {
	one := strings.SplitAfter(string(read(b, "listing.html")), "</article>\n")[1]
	var body strings.Builder
	for i := range 50 {
		body.WriteString(strings.ReplaceAll(one, "commerce-equitable", "item-"+string(rune('a'+i%26))+string(rune('a'+i/26))))
	}
	src := library()
	d := open(b, src)
	seeds, _ := d.Seeds(time.Time{})
	page := html(seeds[0], body.String())
	b.SetBytes(int64(body.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if got := d.Parse(page); len(got.Requests) != 50 {
			b.Fatalf("%d requests", len(got.Requests))
		}
	}
}

// FuzzForm: any bytes where a form, its tokens, HTML within JSON and letters are
// looked for.
func FuzzForm(f *testing.F) {
	for _, s := range []string{
		`<form method=post action="//["><input name=q><select name=k multiple><option selected>a<option value=b selected></select><textarea name=t>x</textarea><input type=radio name=r checked></form>`,
		`{"data": {"html": "<article class=\"card\"><a href=\"/a/\">A</a></article>"}}`, `[{"a": ["<", {"b": "<article class=card>"`, strings.Repeat(`[{"a":`, 200),
		`<form action="?x=1"><input type=password>`, `<script>var t = "nonce":"x"</script><article class="card"><a href="/a/">A</a></article><a class="g" href="/g">G</a>`,
	} {
		f.Add([]byte(s), "p=1&n=x", "application/json")
		f.Add([]byte(s), "", "text/html")
		f.Add([]byte(s), "%zz;&&=", "")
	}
	src := withRules()
	l := src.Doors[0].Listing
	l.Groups = config.Selectors{{CSS: "a.g"}}
	l.Form = config.Form{Select: "form", Fields: map[string]string{"q": "a"}}
	l.Next = config.Next{Form: config.Form{Select: "form", Fields: map[string]string{"p": "{page}"}, Tokens: map[string]config.Selectors{"n": {{CSS: "script", Regex: regexp.MustCompile(`"nonce":"(\w+)"`)}}}}}
	d := open(f, src)
	seeds, _ := d.Seeds(time.Time{})
	f.Fuzz(func(t *testing.T, body []byte, form, mediaType string) {
		for _, step := range []string{"form", "listing", "listing?group=" + home + "/g"} {
			req := seeds[0]
			req.Step, req.Form = step, form
			p := html(req, string(body))
			p.MediaType = mediaType
			for _, r := range d.Parse(p).Requests {
				if len(r.Form) > 600<<10 || !utf8.ValidString(r.URL) {
					t.Errorf("request %+v", r)
				}
			}
		}
	})
}
