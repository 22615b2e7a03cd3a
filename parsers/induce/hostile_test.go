package induce_test

import (
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/induce"
	"github.com/harvest87/harvest/parsers/listing"
)

func pageOf(body string) *harvest.Page {
	return &harvest.Page{URL: listURL, Request: harvest.Request{URL: listURL}, Outcome: harvest.Fetched, MediaType: "text/html", Body: []byte(body)}
}

func TestPagesWithoutAListGiveNone(t *testing.T) {
	for name, body := range map[string]string{
		"empty":      "",
		"an article": "<html><body><main><h1>Wages withheld</h1>" + strings.Repeat("<p>Inspectors spoke with workers about their pay and their papers.</p>", 30) + "</main></body></html>",
		"a menu":     "<html><body><nav><ul>" + strings.Repeat(`<li><a href="/about">About</a></li>`, 20) + "</ul></nav></body></html>",
		"one link":   "<html><body>" + strings.Repeat(`<div class="card"><h3><a href="/same">The same document again</a></h3></div>`, 20) + "</body></html>",
		"binary":     "\x00\x01\x02%PDF-1.4 \xff\xfe",
	} {
		if lists := induce.Lists(pageOf(body), nil); len(lists) != 0 {
			t.Errorf("%s: %+v", name, lists[0])
		}
	}
}

// TestHostilePagesEnd: pages made to take time or memory are read within bounds.
func TestHostilePagesEnd(t *testing.T) {
	card := `<div class="a b c d e f g h"><h3><a href="/x">Wages withheld in the port</a></h3><p>text text text text text text text</p></div>`
	for name, body := range map[string]string{
		"deep":      strings.Repeat("<div class=card><a href=/x>", 50_000),
		"many":      strings.Repeat(card, 20_000),
		"attribute": `<div class="` + strings.Repeat("x ", 1_000_000) + `">` + card,
		"quotes":    strings.Repeat(`<dl><dt>"a\'b":</dt><dd><a href="/'\"x">"Title" \ of a document</a></dd></dl>`, 50),
		"pages":     strings.Repeat(`<a href="?page=99999999999999999999999">2</a>`, 5000),
	} {
		for _, l := range induce.Lists(pageOf(body), nil) {
			checkRules(t, name, l)
		}
	}
}

// checkRules opens a door with the rules: every selector must be one.
func checkRules(t *testing.T, name string, l induce.List) {
	t.Helper()
	l.Rules.Start = []string{listURL}
	src := &config.Source{ID: "library", Homepage: site, Doors: []config.Door{{Kind: "listing", Listing: &l.Rules}}}
	if _, err := listing.New(src, nil, 0); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

func FuzzLists(f *testing.F) {
	for _, body := range []string{
		`<dl><dt>Date:</dt><dd>3 May 2021</dd></dl>`,
		`<ul class="x_y__abcde">` + strings.Repeat(`<li><a href="?p=1">Wages withheld in the port</a> 3 May 2021</li>`, 4) + `</ul><a href="?page=2">2</a>`,
		`<table>` + strings.Repeat(`<tr><td><a href=/x>Wages withheld in the port</a><td>Report</tr>`, 3),
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > 1<<16 {
			return
		}
		for _, l := range induce.Lists(pageOf(body), nil) {
			checkRules(t, "fuzz", l)
		}
	})
}
