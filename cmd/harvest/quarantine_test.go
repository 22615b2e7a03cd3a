package main_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// reportPage is the page of an item of a library that is watched, with what it
// says in an element of that class.
func reportPage(n int, class, text string) string {
	return fmt.Sprintf(`<!DOCTYPE html><html lang="en"><head><title>Report %[1]d on recruitment fees | Library</title></head><body><main>
<h1>Report %[1]d on recruitment fees</h1><p class="date">2021-03-%02[1]d</p><div class="%[2]s">%[3]s</div></main></body></html>`, n, class, text)
}

// scripted is the page after a redesign: what it says comes by a script.
func scripted(n int) string { return reportPage(n, "app", "") }

const reports = 24

// watchedLibrary puts a library on a site, its items at addresses of a folder.
func watchedLibrary(site *sitetest.Site, folder string, page func(n int) string) {
	var links []string
	for n := 1; n <= reports; n++ {
		path := fmt.Sprintf("/%s/%d", folder, n)
		links = append(links, path)
		site.Page(path, page(n))
	}
	site.Page("/list", list(links...))
}

func healthy(n int) string {
	return reportPage(n, "lead", fmt.Sprintf("Report %[1]d says how workers of trade number %[1]d repaid fees.", n))
}

// sameForAll answers every address of an item with one page.
func sameForAll(site *sitetest.Site, page string) {
	watchedLibrary(site, "item", func(int) string { return page })
}

// TestQuarantine breaks a site in the ways in which sites break, after one good
// run and after three, and has the whole program meet it.
func TestQuarantine(t *testing.T) {
	t.Parallel()
	for _, b := range []struct {
		name string
		does func(site *sitetest.Site)
		gate string // none for a run that fails
	}{
		{"a selector finds nothing", func(s *sitetest.Site) {
			watchedLibrary(s, "item", scripted)
		}, "lost.summary"},
		{"all addresses are new", func(s *sitetest.Site) { watchedLibrary(s, "publications", healthy) }, "missed"},
		{"every page is the home page", func(s *sitetest.Site) {
			sameForAll(s, `<!DOCTYPE html><html lang="en"><title>Library</title><main><h1>Library</h1><div class="lead">Welcome to the library.</div></main>`)
		}, "same_title"},
		{"a login wall", func(s *sitetest.Site) {
			sameForAll(s, `<!DOCTYPE html><html lang="en"><title>Members</title><main><h1>Members</h1><p>For members only. Please ask us for access.</p></main>`)
		}, "same_title"},
		{"an emptied list", func(s *sitetest.Site) { s.Page("/list", list("/item/1", "/item/2")) }, "missed"},
		{"a list with nothing", func(s *sitetest.Site) { s.Page("/list", list()) }, ""},
		{"another language", func(s *sitetest.Site) {
			watchedLibrary(s, "item", func(n int) string {
				return fmt.Sprintf(`<!DOCTYPE html><html lang="es"><title>Informe %[1]d</title><main><h1>Informe %[1]d sobre las comisiones de contratación</h1><p class="date">2021-03-%02[1]d</p>
<div class="lead">El informe %[1]d dice cómo los trabajadores devolvieron las comisiones de su contratación con sus salarios.</div></main>`, n)
			})
		}, "language_moves"},
	} {
		for _, good := range []int{1, 3} {
			t.Run(fmt.Sprintf("%s after %d", b.name, good), func(t *testing.T) {
				t.Parallel()
				h, site := watched(t)
				for range good {
					h.run("library")
					if h.runs[0].State != harvest.RunPassed {
						t.Fatalf("a good run: %s (%s)", h.runs[0].State, h.runs[0].Reason)
					}
				}
				before := h.content()
				b.does(site)
				h.run("library") // which checks that the exit code is 1
				run := h.runs[0]
				broke := slices.ContainsFunc(run.Gates, func(g harvest.GateResult) bool { return g.Failed && g.Gate == b.gate })
				if want := map[bool]harvest.RunState{true: harvest.RunFailed, false: harvest.RunQuarantined}[b.gate == ""]; run.State != want || b.gate != "" && !broke {
					t.Errorf("%s (%s), want %s by gate %q", run.State, run.Reason, want, b.gate)
				}
				if diff := cmp.Diff(before, h.content()); diff != "" {
					t.Errorf("the catalogue has changed:\n%s", diff)
				}
			})
		}
	}
}

func watched(t *testing.T) (*campaign, *sitetest.Site) {
	t.Helper()
	h := &campaign{killing: killing{t: t, dir: t.TempDir()}}
	h.write("config/harvest.yaml", "fetch: {timeout: 1m}\n")
	site := sitetest.New(t)
	watchedLibrary(site, "item", healthy)
	h.source(&trap{
		name: "library", doors: items + "\n    page: {title: h1, summary: .lead, date: .date}", keys: "gone: {runs: 2, after: 0s}\n",
	}, site.URL)
	return h, site
}

var seenLast = regexp.MustCompile(`"last_seen":"[^"]*"`)

// content is all that it holds, but for when it was seen last.
func (h *campaign) content() string {
	h.t.Helper()
	return seenLast.ReplaceAllString(h.does(0, "export", "--format", "jsonl"), "")
}

// TestRulingByHand shows a run in quarantine, publishes one and discards one.
func TestRulingByHand(t *testing.T) {
	t.Parallel()
	h, site := watched(t)
	h.run("library")
	before := h.content()
	watchedLibrary(site, "item", scripted)
	h.run("library")
	first := string(h.runs[0].ID)

	shown := h.does(0, "runs", "show", first)
	for _, want := range []string{
		"quarantined", "GATE      lost.summary: 100 % (24 of 24) of the records read again that had summary have it no longer; at most ",
		"selector .lead gave it on 24 of the pages that have lost it, and now gives it on 0 of 24 pages read",
		"before: Report ", "now:    nothing", "held      24 records; the catalogue is as it was", "harvest runs publish " + first,
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("the report does not say %q:\n%s", want, shown)
		}
	}
	if listed := h.does(0, "runs", "list"); !strings.Contains(listed, "quarantined") {
		t.Errorf("the list does not say so:\n%s", listed)
	}
	if said := h.does(2, "runs", "discard", "library"); !strings.Contains(said, "--reason") {
		t.Errorf("without a reason: %s", said)
	}
	asked := len(site.Requests())
	h.does(0, "runs", "discard", "library", "--reason", "selector is dead", "--author", "ada")
	h.does(0, "runs", "discard", first, "--reason", "again", "--author", "bob") // changes nothing
	if said := h.does(1, "runs", "publish", first, "--reason", "no"); !strings.Contains(said, "was discarded by ada") {
		t.Errorf("deciding otherwise: %s", said)
	}
	if h.content() != before {
		t.Error("a discarded run has changed the catalogue")
	}
	if said := h.does(1, "runs", "publish", "library", "--reason", "no"); !strings.Contains(said, "no run of \"library\" is in quarantine") {
		t.Errorf("nothing to publish: %s", said)
	}

	h.run("library")
	if h.runs[0].State != harvest.RunQuarantined {
		t.Fatalf("%s (%s)", h.runs[0].State, h.runs[0].Reason)
	}
	asked2 := len(site.Requests())
	h.does(0, "runs", "publish", "library", "--reason", "they dropped summaries", "--author", "ada")
	if n := len(site.Requests()) - asked2; n > 0 || asked == asked2 {
		t.Errorf("publishing asked the site %d times", n)
	}
	if strings.Contains(h.content(), `"summary":"Report 7 says`) {
		t.Error("a published run has not changed the catalogue")
	}
	var run harvest.Run
	if err := json.Unmarshal([]byte(h.does(0, "runs", "show", "library", "--json")), &run); err != nil {
		t.Fatal(err)
	}
	if r := run.Ruling; run.State != harvest.RunPassed || r == nil || r.Author != "ada" || r.Reason != "they dropped summaries" || !r.Done {
		t.Errorf("%s, ruling %+v", run.State, r)
	}
	h.run("library")
	if h.runs[0].State != harvest.RunPassed {
		t.Errorf("the run after: %s (%s)", h.runs[0].State, h.runs[0].Reason)
	}
}

// TestGoneByTheProgram takes an item off the site and looks for it everywhere.
func TestGoneByTheProgram(t *testing.T) {
	t.Parallel()
	h, site := watched(t)
	h.run("library")
	var links []string
	for n := 2; n <= reports; n++ {
		links = append(links, fmt.Sprintf("/item/%d", n))
	}
	site.Page("/list", list(links...))
	site.Handle("/item/1", sitetest.Status(404))
	h.run("library")
	if n := strings.Count(h.content(), "\n"); n != reports {
		t.Errorf("%d records after one run without it, want %d", n, reports)
	}
	h.run("library")
	if n := strings.Count(h.content(), "\n"); n != reports-1 {
		t.Errorf("%d records after two, want %d", n, reports-1)
	}
	if !strings.Contains(strings.Join(h.runs[0].Notes, "\n"), "1 record is gone") {
		t.Errorf("notes %q", h.runs[0].Notes)
	}
	var gone harvest.Record
	line := ""
	for l := range strings.Lines(h.does(0, "export", "--format", "jsonl", "--state", "gone")) {
		line = l
	}
	if err := json.Unmarshal([]byte(line), &gone); err != nil || !strings.HasSuffix(gone.URL, "/item/1") || gone.State != harvest.StateGone {
		t.Fatalf("gone records: %q, %v", line, err)
	}
	shown := h.does(0, "show", string(gone.ID))
	for _, want := range []string{"state          gone", "missing        not found by 2 runs since ", "nothing leads to it any more; gone since "} {
		if !strings.Contains(shown, want) {
			t.Errorf("show does not say %q:\n%s", want, shown)
		}
	}
	if history := h.does(0, "history", string(gone.ID)); !strings.Contains(history, "delisted; not found by 2 runs") {
		t.Errorf("the history does not say why:\n%s", history)
	}
	watchedLibrary(site, "item", healthy)
	h.run("library")
	if n := strings.Count(h.content(), "\n"); n != reports {
		t.Errorf("%d records when it is back, want %d", n, reports)
	}
}
