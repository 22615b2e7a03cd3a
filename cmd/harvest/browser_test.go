package main_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/browser"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// withScripts is a library whose pages are empty until their scripts have run, but
// for one item that needs none.
func withScripts(s *sitetest.Site) {
	shell := func(src string) string {
		return `<!DOCTYPE html><html lang="en"><head><title>The library</title></head><body><div id="app"></div><script src="` + src + `"></script></body></html>`
	}
	s.Page("/list", shell("/list.js"))
	s.Handle("/list.js", sitetest.Content("text/javascript", `fetch("/items.json").then(r => r.json()).then(items => { for (const i of items)
	document.getElementById("app").insertAdjacentHTML("beforeend", "<article><h3><a href='/item/" + i.id + "'>" + i.title + "</a></h3></article>") })`))
	s.Handle("/items.json", sitetest.Content("application/json", `[{"id": 1, "title": "Brick kilns"}, {"id": 2, "title": "Fishing"}, {"id": 3, "title": "Plain"}]`))
	for i, title := range []string{"Brick kilns", "Fishing"} {
		s.Page(fmt.Sprintf("/item/%d", i+1), shell(fmt.Sprintf("/item-%d.js", i+1)))
		s.Handle(fmt.Sprintf("/item-%d.js", i+1), sitetest.Content("text/javascript", fmt.Sprintf(`setTimeout(() => { document.getElementById("app").innerHTML =
"<main><article><h1>%s</h1><p class='lead'>What inspectors found there in four years of visits, and what became of it.</p></article></main>" }, 2000)`, title)))
	}
	s.Page("/item/3", article(3, ""))
}

// Pages that scripts fill are recorded like others when the door says render;
// the others are not given to the browser. What has not changed is no change,
// and the archive gives the same without a request.
func TestPagesThatScriptsFill(t *testing.T) {
	t.Parallel()
	if _, err := browser.Find(browser.Options{}); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	h := &campaign{killing: killing{t: t, dir: t.TempDir()}}
	h.write("config/harvest.yaml", fmt.Sprintf("fetch: {timeout: 1m}\nbrowser: {sandbox: %t}\n", os.Geteuid() != 0))
	site := sitetest.New(t)
	withScripts(site)
	library := trap{name: "library", doors: items}
	h.source(&library, site.URL)
	h.run()
	if h.runs[0].State == harvest.RunPassed {
		t.Fatalf("the list is there without a browser: the test shows nothing")
	}

	library.doors += "\n    render: browser\n    page: {summary: .lead}"
	h.source(&library, site.URL)
	h.run()
	records := h.exported()["library"]
	if h.runs[0].State != harvest.RunPassed || len(records) != 3 {
		t.Fatalf("run %s (%s), %d records, outcomes %v, notes %v", h.runs[0].State, h.runs[0].Reason, len(records), h.runs[0].Outcomes, h.runs[0].Notes)
	}
	for _, r := range records {
		if strings.HasSuffix(r.URL, "/item/1") && (r.Title != "Brick kilns" || !strings.HasPrefix(r.Summary, "What inspectors found there")) {
			t.Errorf("recorded %q, %q", r.Title, r.Summary)
		}
	}
	if n := site.Count("/item/3"); n != 1 {
		t.Errorf("the page that needs no browser was asked for %d times", n)
	}
	h.run()
	if got := h.runs[0].Outcomes[harvest.UnchangedRecord]; got != 3 {
		t.Errorf("outcomes of the second run: %v, want 3 unchanged", h.runs[0].Outcomes)
	}
	before := len(site.Requests())
	if out := h.does(0, "reparse", "library"); !strings.Contains(out, "3 records as before") || len(site.Requests()) != before {
		t.Errorf("%d requests more; reparse says:\n%s", len(site.Requests())-before, out)
	}
}

// A site that only scripts fill becomes a source with --render, and is told
// from one that has nothing without it.
func TestAddWhatScriptsFill(t *testing.T) {
	t.Parallel()
	if _, err := browser.Find(browser.Options{}); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	h := &campaign{killing: killing{t: t, dir: t.TempDir()}}
	h.write("config/harvest.yaml", fmt.Sprintf("contact: tests@example.org\nfetch: {timeout: 1m}\nbrowser: {sandbox: %t}\n", os.Geteuid() != 0))
	site := sitetest.New(t)
	site.Page("/list", `<!DOCTYPE html><html lang="en"><head><title>The library</title></head><body><div id="app"></div><script src="/list.js"></script></body></html>`)
	site.Handle("/list.js", sitetest.Content("text/javascript", `for (const [i, what] of ["brick kilns", "fishing crews", "cocoa farms", "garment factories"].entries())
	document.getElementById("app").insertAdjacentHTML("beforeend", "<article class='paper'><h3><a href='/item/" + i + "'>What inspectors found: " + what + "</a></h3><p>They spoke with workers about pay and papers.</p></article>")`))
	for i := range 4 {
		site.Page(fmt.Sprintf("/item/%d", i), article(i, ""))
	}
	if out := h.does(1, "sources", "add", site.URL+"/list", "--id", "library", "--allow", "127.0.0.1/32"); !strings.Contains(out, "--render has Chromium do that") {
		t.Errorf("without a browser it says:\n%s", out)
	}
	out := h.does(0, "sources", "add", site.URL+"/list", "--id", "library", "--allow", "127.0.0.1/32", "--render")
	file, err := os.ReadFile(h.dir + "/config/sources/library.yaml")
	if err != nil || !strings.Contains(string(file), "render: browser") || !strings.Contains(string(file), "card:") {
		t.Errorf("%v\n%s\n%s", err, out, file)
	}
}
