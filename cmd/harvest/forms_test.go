package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// more is what a script of WordPress shows two more items of, up to six, to whoever
// has the nonce of the page: HTML within JSON.
func more(w http.ResponseWriter, r *http.Request) {
	page := 0
	fmt.Sscan(r.PostFormValue("paged"), &page) // else 0
	if r.Method != http.MethodPost || r.PostFormValue("nonce") != "n7" || r.PostFormValue("action") != "more" {
		http.Error(w, "-1", http.StatusForbidden)
		return
	}
	html := "<p>There is nothing more.</p>"
	if page <= 3 {
		html = cardOf(2*page-1, fmt.Sprintf("/item/%d", 2*page-1)) + cardOf(2*page, fmt.Sprintf("/item/%d", 2*page))
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	json.NewEncoder(w).Encode(map[string]any{"success": true, "data": map[string]any{"left": "<b>some</b>", "html": html}})
}

// searchForm is a form of ASP.NET: each of its pages has a state of its own, without
// which the next is not shown.
func searchForm(w http.ResponseWriter, r *http.Request) {
	page := 1
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	form := func(n int) string {
		return fmt.Sprintf(`<form method="post" action="search.aspx?lang=en"><input type="hidden" name="__VIEWSTATE" value="state %d"><input type="hidden" name="__EVENTARGUMENT">
<input name="topic" value=""><select name="kind"><option value="all">All<option value="law" selected>Laws</select><input type="submit" name="go" value="Go"></form>`, n)
	}
	if r.Method == http.MethodGet {
		io.WriteString(w, "<!doctype html><title>Search</title>"+form(0))
		return
	}
	fmt.Sscanf(r.PostFormValue("__EVENTARGUMENT"), "Page$%d", &page)
	if r.PostFormValue("__VIEWSTATE") != fmt.Sprintf("state %d", page-1) || r.PostFormValue("topic") != "labour & law" || r.PostFormValue("kind") != "law" || r.PostForm.Has("go") {
		http.Error(w, "the state is not valid", http.StatusInternalServerError)
		return
	}
	shown := form(page)
	if page <= 3 {
		shown += cardOf(page, fmt.Sprintf("/item/%d", page))
	}
	io.WriteString(w, "<!doctype html><title>Results</title>"+shown)
}

// TestForms harvests lists that only forms lead to: a button for more, a search
// with a state, one whose server loses an answer, letters, and what scripts fetch
// by offset. What they have shown is read again from the archive.
func TestForms(t *testing.T) {
	const card = `item: {card: article, link: "h3 a", title: h3}, item_pages: false`
	posts := func(s *sitetest.Site) (n int) {
		for _, r := range s.Requests() {
			if r.Method == http.MethodPost {
				n++
			}
		}
		return n
	}
	h := spring(t, "fetch: {timeout: 5s, retries: 2}\narchive: {keep: true}\n",
		trap{
			name: "a-button-for-more", records: 6, requests: 6, says: "page 4 has no cards",
			doors: `- listing: {start: "{{base}}/list", ` + card + `, next: {form: {action: /wp-admin/admin-ajax.php, fields: {action: more, paged: "{page}"}, tokens: {nonce: {select: script, regex: 'nonce":"(\w+)"'}}}}}`,
			site: func(s *sitetest.Site) {
				s.Robots("User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\n")
				s.Page("/list", list("/item/1", "/item/2")+`<script>var more = {"ajax":"x"}</script><script>var settings = {"nonce":"n7"};</script>`)
				s.Handle("/wp-admin/admin-ajax.php", http.HandlerFunc(more))
			},
		},
		trap{
			name: "a-search-with-a-state", records: 3, requests: 7,
			doors: `- listing: {start: "{{base}}/search.aspx", form: {select: form, fields: {topic: labour & law}}, ` + card + `, next: {form: {select: form, fields: {__EVENTARGUMENT: "Page${page}"}}}}`,
			site:  func(s *sitetest.Site) { s.Handle("/search.aspx", http.HandlerFunc(searchForm)) },
			check: func(t *testing.T, c *caught) {
				if n := posts(c.site); n != 4 {
					t.Errorf("%d forms were sent, want 4", n)
				}
			},
		},
		trap{
			name: "robots-forbid-it", state: harvest.RunFailed, records: 0, says: "robots.txt",
			doors: `- listing: {start: "{{base}}/find", form: {action: /search, fields: {q: wages}}, ` + card + `}`,
			site: func(s *sitetest.Site) {
				s.Robots("User-agent: *\nDisallow: /search\n")
				s.Page("/search", list("/item/1"))
			},
			check: func(t *testing.T, c *caught) {
				if n := posts(c.site); n != 0 {
					t.Errorf("%d forms were sent, want none", n)
				}
			},
		},
		trap{
			name: "an-answer-that-is-lost", state: harvest.RunFailed, records: 0, says: "500",
			doors: `- listing: {start: "{{base}}/search", form: {fields: {q: wages}}, ` + card + `}`,
			site:  func(s *sitetest.Site) { s.Handle("/search", sitetest.Status(http.StatusInternalServerError)) },
			check: func(t *testing.T, c *caught) {
				if n := posts(c.site); n != 1 {
					t.Errorf("the form was sent %d times, want once", n)
				}
			},
		},
		trap{
			name: "a-password", state: harvest.RunFailed, records: 0, says: "asks for a password",
			doors: `- listing: {start: "{{base}}/login", form: {select: form}, ` + card + `}`,
			site: func(s *sitetest.Site) {
				s.Page("/login", `<p>`+strings.Repeat("Our library has many laws and reports. ", 60)+`<form method=post><input name=user><input type=password name=p></form>`)
			},
		},
		trap{
			name: "letters", records: 3, requests: 8, says: "/list/x has no cards",
			doors: `- listing: {start: "{{base}}/list", groups: ".letters a", ` + card + `, next: {pattern: "?page={page}", max_pages: 2}}`,
			site: func(s *sitetest.Site) {
				letters := `<div class=letters><a href="/list/a">A</a><a href="/list/b">B</a><a href="/list/x">X</a></div>`
				s.Page("/list", letters)
				s.Handle("/list/a", numbered(func(n int) string { return letters + cardOf(max(1, n), fmt.Sprintf("/item/%d", max(1, n))) }))
				s.Page("/list/b", letters+cardOf(9, "/item/9"))
				s.Page("/list/x", letters)
			},
		},
		trap{
			name: "fetched-by-offset", records: 3, requests: 6,
			doors: `- listing: {start: "{{base}}/list", ` + card + `, next: {pattern: "/more?offset={offset}", step: 1}}`,
			site: func(s *sitetest.Site) {
				s.Page("/list", list("/item/1"))
				s.Handle("/more", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					offset := 0
					fmt.Sscan(r.FormValue("offset"), &offset)
					if offset > 2 {
						w.WriteHeader(http.StatusNoContent)
						return
					}
					json.NewEncoder(w).Encode([]any{map[string]string{"command": "settings"}, map[string]string{"data": cardOf(offset+1, fmt.Sprintf("/item/%d", offset+1))}})
				}))
			},
		},
	)
	before := h.records["a-search-with-a-state"]
	out, errs, code, _ := call(t.Context(), t, h.command("reparse", "a-search-with-a-state", "--json"))
	if code != 0 || strings.Contains(out, string(harvest.NotArchived)) {
		t.Errorf("reparse: exit code %d\n%s\n%s", code, out, errs)
	}
	if after := h.exported()["a-search-with-a-state"]; len(after) != len(before) {
		t.Errorf("%d records after they were read again, %d before", len(after), len(before))
	}
}
