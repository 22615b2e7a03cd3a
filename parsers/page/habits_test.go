package page_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/page"
)

// siteOfHabits is a page of a site that says the same of all its pages: what it
// is called, what it is about, when its template was made, and who keeps it.
func siteOfHabits(i int) (address string, body []byte) {
	return fmt.Sprintf("https://example.org/items/%d", i), fmt.Appendf(nil, `<html lang=en><head>
		<title>Wages withheld in plant %[1]d | Voices from the mills</title>
		<meta name=description content="We are a network of people who work for better mills since the year of its foundation.">
		<meta property=article:published_time content="2019-02-03"><meta name=author content="Webmaster Smith">
		<meta property=article:modified_time content="2019-02-03"></head>
		<body><div><span class=byline>By Ann Roe%[2]c</span></div>
		<p>In plant %[1]d the wages of the whole night shift were withheld for months, and nobody said why or until when.</p></body></html>`, i, 'a'+i)
}

func TestHabitsOfASite(t *testing.T) {
	read := func(h *page.Habits, i int) page.Result {
		address, body := siteOfHabits(i)
		return page.ExtractKnowing(h, address, body, "utf-8", config.PageRules{})
	}
	habits := new(page.Habits)
	for i := range 6 {
		r := read(nil, i)
		habits.Note(&r)
	}
	before, after := read(nil, 3).Record, read(habits, 3).Record
	if before.Title == after.Title || before.Published.Value != "2019-02-03" || before.Authors[0] != "Webmaster Smith" {
		t.Fatalf("without habits the page is read as %q, %q, %q: nothing to show", before.Title, before.Published.Value, before.Authors)
	}
	if want := "Wages withheld in plant 3"; after.Title != want {
		t.Errorf("title %q, want %q", after.Title, want)
	}
	if want := "In plant 3 the wages of the whole night shift were withheld for months, and nobody said why or until when."; after.Summary != want {
		t.Errorf("summary %q, want %q", after.Summary, want)
	}
	if after.Published.Value != "" {
		t.Errorf("published %q, which all pages say", after.Published.Value)
	}
	if want := []string{"Ann Roed"}; !cmp.Equal(after.Authors, want) {
		t.Errorf("authors %q, want %q", after.Authors, want)
	}
}

// Few pages show no habit, and what differs from page to page is none.
func TestHabitsNeedPages(t *testing.T) {
	habits := new(page.Habits)
	for i := range 3 {
		address, body := siteOfHabits(i)
		r := page.ExtractBytes(address, body, "utf-8", config.PageRules{})
		habits.Note(&r)
	}
	address, body := siteOfHabits(1)
	if diff := cmp.Diff(page.ExtractBytes(address, body, "utf-8", config.PageRules{}).Record, page.ExtractKnowing(habits, address, body, "utf-8", config.PageRules{}).Record); diff != "" {
		t.Errorf("three pages are read otherwise: %s", diff)
	}

	one := new(page.Habits) // one author of a site on which nobody else is named
	const html = `<html lang=en><title>Wages %[1]d</title><h1>Wages in plant %[1]d</h1><p class=byline>By Ann Roe</p><p>In plant %[1]d the wages of the night shift were withheld for months.</p>`
	for i := range 9 {
		r := page.ExtractBytes("https://example.org/", fmt.Appendf(nil, html, i), "utf-8", config.PageRules{})
		one.Note(&r)
	}
	r := page.ExtractKnowing(one, "https://example.org/", fmt.Appendf(nil, html, 4), "utf-8", config.PageRules{})
	if want := []string{"Ann Roe"}; !cmp.Equal(r.Record.Authors, want) || r.Record.Title != "Wages in plant 4" {
		t.Errorf("authors %q, title %q", r.Record.Authors, r.Record.Title)
	}
}
