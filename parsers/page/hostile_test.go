package page_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/page"
)

// hostilePages are pages that cost a careless reader hours or all memory: each
// repeats something that one rule or another looks at. What is not bounded, or
// grows with the square of the page, makes this test run into its deadline.
var hostilePages = map[string]struct {
	unit string
	n    int
	note string // that must be given
}{
	"deep nesting":               {"<div class='entry-meta date author'>", 300_000, "flattened"},
	"deep inline nesting":        {"<b><i><a href=/x>", 100_000, "flattened"},
	"a million elements":         {"<p>1 May 2021 <b>By Jo Doe</b>", 333_333, "too many elements"},
	"headings":                   {"<h1>Title number 1</h1>", 50_000, ""},
	"nested headings":            {"<h1><h2><h3>", 30_000, ""},
	"dates":                      {"<p class=date>Published 3 March 2021, updated 4/5/2021</p>", 60_000, ""},
	"time elements":              {"<time datetime=2021-03-04 class=updated>4 March 2021</time>", 60_000, ""},
	"marks in one line":          {"<span class='updated date'>3 March 2021</span> 4 April 2020 ", 60_000, ""},
	"bylines":                    {"<p class=byline>By <a rel=author href=/a>Jo Doe</a>, Ann Roe and Zoe Poe | Reporter</p>", 40_000, ""},
	"standfirsts":                {"<p class=lead>Wages were withheld for eleven months in all three of the plants.</p>", 40_000, ""},
	"nested standfirsts":         {"<div class=lead>Wages were withheld for eleven months in all three of the plants.", 250, ""},
	"links":                      {"<a href='/item?id=1#x'>A link to another item of the site</a> ", 60_000, ""},
	"meta elements":              {"<meta name=author content='Jo Doe'><meta property='article:tag' content='a,b,c'>", 60_000, ""},
	"meta names":                 {"<meta name='a b c d e f g' content='x'>", 60_000, ""},
	"microdata":                  {"<div itemscope itemtype='https://schema.org/Article'><span itemprop='author headline datePublished'>Jo</span></div>", 40_000, ""},
	"nested microdata":           {"<div itemscope itemprop=author itemtype='https://schema.org/Person'>", 400, ""},
	"JSON-LD scripts":            {"<script type='application/ld+json'>{\"@type\":\"Article\",\"author\":[{\"name\":\"x\"}]}</script>", 30_000, ""},
	"state scripts":              {"<script>x={\"publishedAt\":\"2021-03-04\"}</script>", 40_000, ""},
	"hidden microdata":           {"<div hidden><div hidden><span itemprop=author>x</span></div></div>", 40_000, ""},
	"line breaks":                {"a<br>", 400_000, ""},
	"control and bidi":           {"\u202e\u200b\x01\x7f\ufeff\u2066", 200_000, ""},
	"combining marks":            {"a\u0301\u0301\u0301\u0301", 200_000, ""},
	"entities":                   {"&amp;amp;lt;", 200_000, ""},
	"unclosed comments":          {"<!-- x --", 200_000, ""},
	"tables":                     {"<table><tr><td>", 20_000, ""},
	"broken UTF-8":               {"\xff\xfe<p>\xe2\x82", 200_000, ""},
	"separators in one title":    {"a - b | c: ", 300, ""},
	"text without any white":     {"x", 4_000_000, ""},
	"words without a full stop":  {"word and ", 400_000, ""},
	"digits":                     {"1234567890", 300_000, ""},
	"form fields and selections": {"<form><select><option>1 May 2021</select></form>", 40_000, ""},
}

func TestHostilePages(t *testing.T) {
	for name, h := range hostilePages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := strings.Repeat(h.unit, h.n)
			for i, text := range []string{
				"<!doctype html><title>Wages withheld</title><h1>Wages withheld</h1>" + body,
				"<!doctype html><title>" + body + "</title><h1>" + body[:min(len(body), 100_000)] + "</h1>",
				"<!doctype html><title>Wages</title><article class='" + body + "'><h1>Wages</h1><p title=\"" + body + "\">Text</article>",
				"<script type=application/ld+json>{\"@type\":\"Article\",\"headline\":\"" + body + "</script><h1>Wages</h1>",
			} {
				r := page.ExtractBytes("https://example.org/a/b", []byte(text), "", config.PageRules{})
				normalize.Finish(&r.Record, nil, nil)
				if !utf8.ValidString(fmt.Sprint(r)) {
					t.Errorf("page %d: not UTF-8", i)
				}
				if notes := strings.Join(r.Notes, "; "); i == 0 && !strings.Contains(notes, h.note) {
					t.Errorf("notes %q, want %q among them", notes, h.note)
				}
			}
		})
	}
}

// The same bytes give the same result, whatever order maps have.
func TestSameBytesSameRecord(t *testing.T) {
	body := benchmarkPage()
	want := page.ExtractBytes("https://example.org/2023/03/28/seafarers/", body, "", config.PageRules{})
	for range 20 {
		got := page.ExtractBytes("https://example.org/2023/03/28/seafarers/", body, "", config.PageRules{})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("read otherwise the second time (-first +second):\n%s", diff)
		}
	}
}
