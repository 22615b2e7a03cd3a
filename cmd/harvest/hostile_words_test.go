package main_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// wicked are titles that mean harm to a terminal, a spreadsheet or a browser.
var wicked = []string{
	"Red \x1b[31m alert \x1b]0;owned\x07 \x1b[2J", "One byte control \u009b31m and \u0090 q",
	"Report \u202egnp.exe\u202c about \u2066wages\u2069", "Nothing\x00 after", "Bell \x07 and \b back \r return",
	"=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "＝1+1", "\"=1\"", `=HYPERLINK("http://x.invalid";"wages")`,
	"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "{{7*7}} ${jndi:ldap://x} %s%n", "../../etc/passwd", "'; DROP TABLE records; --",
	"أجور \u2067معزولة\u2069 العمال \u202bتقرير\u202c", "invalid \xff\xfe\xc3( UTF-8", "lone surrogate \xed\xa0\x80", strings.Repeat("\u0301", 300) + "a", "\u200b\u200c\ufeff", "𝕱𝖊𝖊𝖘 and 👩‍👩‍👧",
}

// Text that means harm is kept from terminals and spreadsheets, wherever it
// stood: titles, labels, links, headers, robots.txt, reasons.
func TestHostileWordsDoNoHarm(t *testing.T) {
	t.Parallel()
	cardsOf := func(titles []string) string {
		var b strings.Builder
		for i, title := range titles {
			fmt.Fprintf(&b, `<article><h3><a href="/item/%d">%s</a></h3><span class="label">%s</span><p class="excerpt">%s</p><i class="by">%s</i></article>`, i, title, title, title, title)
		}
		return b.String()
	}
	rich := `- listing: {start: "{{base}}/list", item: {card: article, link: "h3 a", title: h3, category: .label, summary: .excerpt, author: .by, publisher: .by}, item_pages: false}`
	escaped := make([]string, len(wicked))
	for i, w := range wicked {
		escaped[i] = html.EscapeString(w)
	}
	h := spring(t, patient,
		trap{name: "wicked-titles", doors: rich, records: -1, site: func(s *sitetest.Site) { s.Page("/list", cardsOf(escaped)) }},
		trap{name: "wicked-posts", doors: api, records: -1, site: posts(1, func(int) string {
			var all []string
			for i, w := range wicked {
				b, _ := jsonText(w)
				all = append(all, post(i+1, fmt.Sprintf(`"title": {"rendered": %s}, "excerpt": {"rendered": %s}, "status": "publish"`, b, b)))
			}
			b, _ := jsonText("draft\x1b[31m\u202e")
			all = append(all, post(999, `"status": `+b))
			return "[" + strings.Join(all, ",") + "]"
		})},
		trap{name: "entities", doors: rich, records: -1, site: func(s *sitetest.Site) {
			s.Page("/list", cardsOf([]string{strings.Repeat("&amp;amp;", 100_000) + " wages", strings.Repeat("&#x1b;[31m&#x202e;", 1000) + " wages", strings.Repeat("&NotGreaterFullEqual;", 1000)}))
		}},
		trap{name: "wicked-links", doors: items, state: harvest.RunQuarantined, says: "invalid: 88 %", records: -1, site: func(s *sitetest.Site) {
			s.Robots("")
			s.Page("/list", list("/a\u202eb", "/x%1b[31m", "/y\x1b[31m", "javascript:alert(1)", "data:text/html,<b>x", "mailto:x@y", "file:///etc/passwd", "http://[::1]:x/", "//%zz/", "/"+strings.Repeat("a", 100_000), "http://user:secret@other.invalid/"))
			s.Handle("/*", sitetest.Raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\x1b[31m; charset=\x1b]0;x\x07\r\nETag: \"\x1b[31m\"\r\nContent-Encoding: \x1b[2J\u202e\r\n\r\nx"))
		}},
		trap{name: "wicked-robots", doors: items, records: -1, outcomes: map[harvest.Outcome]int{harvest.RobotsDenied: 1}, site: func(s *sitetest.Site) {
			s.Robots("User-agent: *\nDisallow: /item/*\u202e\x1b\nDisallow: /*\u202e # \x1b[31m\nSitemap: \x1b]0;x\x07\n")
			s.Page("/list", list("/item/\x1b[31m\u202ex"))
		}},
		trap{name: "wicked-redirect", doors: items, state: harvest.RunPartial, records: -1, site: func(s *sitetest.Site) {
			s.Page("/list", list("/item/1", "/item/2", "/item/3"))
			s.Handle("/item/1", sitetest.Redirect(302, "http://other.example/\u202e\u009b31m"))
			s.Handle("/item/2", sitetest.Raw("HTTP/1.1 599 \x1b[31m\u202eowned\r\n\r\n"))
			s.Handle("/item/3", sitetest.Raw("HTTP/1.1 \x1b[31m\u202eowned\r\n\r\n"))
		}},
	)
	for _, args := range [][]string{{"runs"}, {"runs", "--json"}, {"search"}, {"search", "wages"}, {"search", "--json", "report"}, {"export"}, {"export", "--format", "csv"}} {
		out, errs, code, _ := call(t.Context(), t, h.command(args...))
		if code != 0 {
			t.Errorf("harvest %v: exit code %d\n%s", args, code, errs)
		}
		switch args[len(args)-1] {
		case "csv":
			noFormulas(t, out)
		case "export": // the records as they are, for programs
		default:
			h.harmless(strings.Join(args, " "), out, errs)
		}
	}
	for _, r := range h.runs {
		out, errs, _, _ := call(t.Context(), t, h.command("runs", "show", string(r.ID)))
		h.harmless("runs show", out, errs)
	}
	for _, source := range []harvest.SourceID{"wicked-titles", "wicked-posts"} {
		for _, r := range h.records[source] {
			out, errs, _, _ := call(t.Context(), t, h.command("show", string(r.ID)))
			h.harmless("show", out, errs)
		}
	}
}

// noFormulas fails when a cell could be taken for a formula
// (https://owasp.org/www-community/attacks/CSV_Injection).
func noFormulas(t *testing.T, text string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatalf("csv: %v", err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(cell)[0]) {
				t.Errorf("cell %q may be a formula", cell)
			}
		}
	}
}

// Pages in another charset than they say, with lengths that are not theirs.
func TestHostileBodies(t *testing.T) {
	t.Parallel()
	arabic := "\xdd\xc6\xc9 \xc7\xe1\xda\xe3\xc7\xe1" // windows-1256
	spring(t, patient,
		trap{name: "charset-lie", doors: items, records: 1, site: func(s *sitetest.Site) {
			s.Page("/list", list("/item/1"))
			s.Handle("/item/1", sitetest.Content("text/html; charset=utf-8", strings.ReplaceAll(article(1, ""), "Recruitment fees", arabic)))
		}, check: func(t *testing.T, c *caught) {
			for _, r := range c.records {
				if strings.ContainsRune(r.Title, '\uFFFD') {
					t.Errorf("title %q", r.Title)
				}
			}
		}},
		trap{name: "length-too-long", doors: items, state: harvest.RunPartial, records: 1, outcomes: map[harvest.Outcome]int{harvest.Incomplete: 1}, site: func(s *sitetest.Site) {
			s.Page("/list", list("/item/1", "/item/2"))
			s.Page("/item/1", article(1, ""))
			s.Handle("/item/2", sitetest.Truncated("text/html", article(2, "")+strings.Repeat(" ", 1000), 600))
		}},
		trap{name: "length-too-short", doors: items, records: -1, site: func(s *sitetest.Site) {
			s.Page("/list", list("/item/1"))
			s.Handle("/item/1", sitetest.Raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 300\r\n\r\n"+article(1, "")))
		}},
		trap{name: "unasked-304", doors: items, state: harvest.RunPartial, records: 1, site: func(s *sitetest.Site) {
			s.Page("/list", list("/item/1", "/item/2"))
			s.Page("/item/1", article(1, ""))
			s.Handle("/item/2", sitetest.Status(http.StatusNotModified))
		}},
	)
}

func jsonText(s string) (string, error) {
	b, err := json.Marshal(s)
	return string(b), err
}
