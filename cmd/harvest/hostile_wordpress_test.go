package main_test

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

const postsPath = "/wp-json/wp/v2/posts"

// posts is a WordPress API that says how many pages it has and gives each what
// a function makes of its number.
func posts(pages int, page func(n int) string) func(*sitetest.Site) {
	return func(s *sitetest.Site) {
		s.Handle(postsPath, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n, _ := strconv.Atoi(r.URL.Query().Get("page")) // else 0
			w.Header().Set("Content-Type", "application/json; charset=UTF-8")
			if pages > 0 {
				w.Header().Set("X-WP-TotalPages", strconv.Itoa(pages))
				w.Header().Set("X-WP-Total", strconv.Itoa(10*pages))
			}
			io.WriteString(w, page(n))
		}))
	}
}

// post is one post of the API; what is added wins over what is there.
func post(id int, more string) string {
	text := fmt.Sprintf(`"id": %d, "type": "post", "status": "publish", "link": "/post/%d/", "date_gmt": "2024-03-05T08:00:00",
"title": {"rendered": "Recruitment fees, part %d"}, "excerpt": {"rendered": "<p>How workers repaid fees from their wages, district by district.</p>", "protected": false}`, id, id, id)
	if more != "" {
		text += ", " + more
	}
	return "{" + text + "}"
}

func TestWordPressThatLies(t *testing.T) {
	t.Parallel()
	one := func(body string) func(*sitetest.Site) { return posts(1, func(int) string { return body }) }
	h := spring(t, patient,
		trap{name: "html-for-json", doors: api, state: harvest.RunFailed, site: one("<!DOCTYPE html><html><h1>Welcome</h1></html>"), says: "no door works"},
		trap{name: "nothing-of-a-million", doors: api, state: harvest.RunFailed, site: posts(1_000_000, func(int) string { return "[]" }), says: "the API lists no posts"},
		trap{
			name: "one-page-of-a-million", doors: api, records: 1, requests: 110,
			site: posts(1_000_000, func(n int) string {
				if n > 1 {
					return "[]"
				}
				return "[" + post(1, "") + "]"
			}),
		},
		trap{name: "the-same-a-million-times", doors: api, state: harvest.RunPartial, records: 2, requests: 110, says: "repeats", site: posts(1_000_000, func(int) string { return "[" + post(1, "") + "," + post(2, "") + "]" })},
		trap{name: "the-same-for-ever", doors: api, records: 2, requests: 5, says: "repeats", site: posts(0, func(int) string { return "[" + post(1, "") + "," + post(2, "") + "]" })},
		trap{
			name: "two-in-turn-for-ever", doors: api, state: harvest.RunPartial, records: 2, requests: 110,
			site: posts(1_000_000, func(n int) string { return "[" + post(n%2+1, "") + "]" }),
		},
		trap{name: "broken-json", doors: api, state: harvest.RunPartial, records: 1, outcomes: map[harvest.Outcome]int{harvest.ParseFailed: 1}, site: one("[" + post(1, "") + `, {"id": 2, "title": `)},
		trap{name: "no-json", doors: api, state: harvest.RunFailed, site: one("\x00\x01\x02 rubbish"), says: "no door works"},
		trap{name: "php-warnings", doors: api, records: 1, site: one("<br />\n<b>Warning</b>: Undefined array key [\"x\"] in <b>/var/www/wp.php</b> on line <b>3</b><br />\n[" + post(1, "") + "]")},
		trap{
			name: "odd-kinds", doors: api, state: harvest.RunPartial, records: -1,
			site: one(`[null, 1, "x", [], [[]], {}, {"id": null, "title": null, "link": null}, {"id": {"a": 1}, "title": ["a"], "link": ["b"]},
{"id": 1e400, "title": {"rendered": {"rendered": "x"}}, "link": "/x"}, {"id": -1, "title": {"rendered": 7}, "link": 7},
{"id": 5, "title": {"rendered": "Odd"}, "link": "/odd/", "_embedded": [], "content": [], "excerpt": null, "class_list": {"0": "a", "1": null}, "yoast_head_json": [], "acf": "no", "date": 5, "date_gmt": [], "modified": {}},
{"id": 6, "title": {"rendered": "Odder"}, "link": "/odder/", "_embedded": {"wp:term": [[null, 5, {"name": null}], null, "x"], "author": {"0": {"name": ["x"]}}}, "date_gmt": "0000-00-00T00:00:00", "modified_gmt": "9999-99-99"}]`),
			check: func(t *testing.T, c *caught) {
				if len(c.records) < 2 {
					t.Errorf("posts 5 and 6 are not recorded\n%s", c.report)
				}
			},
		},
		trap{name: "ids-as-text", doors: api, records: 2, site: one(`[` + strings.Replace(post(7, ""), `"id": 7`, `"id": "7"`, 1) + `,` + strings.Replace(post(8, ""), `"id": 8`, `"id": "08"`, 1) + `]`)},
		trap{name: "one-id-for-all", doors: api, records: 1, outcomes: map[harvest.Outcome]int{harvest.DuplicateRecord: 2}, site: one("[" + post(1, "") + "," + post(1, `"link": "/other/"`) + "," + post(1, `"title": {"rendered": "Other"}`) + "]")},
		trap{
			name: "not-for-all", doors: api, records: 1,
			outcomes: map[harvest.Outcome]int{harvest.Protected: 2, harvest.NotPublic: 5},
			site: one("[" + strings.Join([]string{
				post(1, ""), post(2, `"content": {"rendered": "", "protected": true}`), post(3, `"excerpt": {"rendered": "", "protected": true}`),
				post(4, `"status": "draft"`), post(5, `"status": "private"`), post(6, `"status": "pending"`), post(7, `"status": "future"`), post(8, `"status": "trash"`),
			}, ",") + "]"),
		},
		trap{
			name: "foreign-links", doors: api, records: -1,
			site: one("[" + strings.Join([]string{
				post(1, `"link": "http://other.invalid/post/1/"`), post(2, `"link": "javascript:alert(1)"`), post(3, `"link": "data:text/html,x"`),
				post(4, `"link": "file:///etc/passwd"`), post(5, `"link": "http://169.254.169.254/latest/meta-data/"`), post(6, `"link": "//user:secret@other.invalid/"`),
			}, ",") + "]"),
			check: func(t *testing.T, c *caught) {
				for _, r := range c.records {
					if !strings.HasPrefix(r.URL, "http://") || strings.Contains(r.URL, "secret") {
						t.Errorf("recorded %s", r.URL)
					}
				}
			},
		},
		trap{
			name: "a-million-letters", doors: api, records: -1,
			site: one("[" + post(1, `"title": {"rendered": "`+strings.Repeat("A long title ", 80_000)+`"}`) + "," + post(2, `"title": {"rendered": "`+strings.Repeat("&amp;lt;", 100_000)+`"}`) + "," + post(3, "") + "]"),
			check: func(t *testing.T, c *caught) {
				for _, r := range c.records {
					if len(r.Title) > 20_000 {
						t.Errorf("recorded a title of %d octets", len(r.Title))
					}
				}
			},
		},
		trap{
			name: "heavy-content", doors: strings.Replace(api, "pages: never", "pages: when-needed", 1), records: -1,
			site:  one("[" + post(1, `"excerpt": {"rendered": ""}, "content": {"rendered": "`+strings.Repeat("<i>x</i>", 4<<20)+`"}`) + "]"),
			state: harvest.RunFailed, outcomes: map[harvest.Outcome]int{harvest.TooLarge: 1},
		},
		trap{name: "redirect-to-another-host", doors: api, state: harvest.RunFailed, site: func(s *sitetest.Site) {
			s.Handle(postsPath, sitetest.Redirect(302, "http://169.254.169.254/wp-json/wp/v2/posts"))
		}},
	)
	h.bounded(300 << 20)
}
