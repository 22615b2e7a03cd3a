package main_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/sitetest"
)

// jsonDoor is a json door of entries with id, title and url, paged by number.
const jsonDoor = `- json: {start: "{{base}}/api?page=1", items: results, next: {page: page}, fields: {id: id, title: title, link: url}}`

// found is a reply with entries of those numbers.
func found(base string, numbers ...int) string {
	var out []string
	for _, n := range numbers {
		out = append(out, fmt.Sprintf(`{"id":%[1]d,"title":"Recruitment fees, part %[1]d","url":"%[2]s/item/%[1]d","self":"/api/%[1]d"}`, n, base))
	}
	return `{"results":[` + strings.Join(out, ",") + `]}`
}

// byPage answers with what a function makes of the parameter page.
func byPage(page func(n string) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body := page(r.URL.Query().Get("page"))
		if body == "" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		io.WriteString(w, body)
	})
}

// TestInterfaces harvests sites by interfaces that answer in JSON: with keys
// that nobody is told, with JSON of single items, and those that are traps.
func TestInterfaces(t *testing.T) {
	const key = "s3cr3t-k3y-of-nobody"
	t.Setenv("HARVEST_TEST_API_KEY", key)
	h := spring(t, patient,
		trap{
			name: "two-pages", doors: jsonDoor, records: 3, requests: 5,
			site: func(s *sitetest.Site) {
				s.Handle("/api", byPage(func(n string) string { return map[string]string{"1": found(s.URL, 1, 2), "2": found(s.URL, 3)}[n] }))
			},
		},
		trap{
			name: "with-a-key", keys: "requires: [HARVEST_TEST_API_KEY]\n", records: 2, requests: 4,
			doors: `- json: {start: "{{base}}/api?api_key=${HARVEST_TEST_API_KEY}", items: results, next: {link: next}, fields: {id: id, title: title, link: url}}`,
			site: func(s *sitetest.Site) {
				s.Handle("/api", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Query().Get("api_key") != key {
						w.WriteHeader(http.StatusForbidden)
						return
					}
					w.Header().Set("Content-Type", "application/json")
					if r.URL.Query().Get("p") == "" { // the next address tells the key
						io.WriteString(w, strings.Replace(found(s.URL, 1), "{", `{"next":"`+s.URL+`/api?p=2&api_key=`+key+`",`, 1))
						return
					}
					io.WriteString(w, found(s.URL, 2))
				}))
			},
			check: func(t *testing.T, c *caught) {
				if !strings.Contains(c.report, "HARVEST_TEST_API_KEY") && strings.Contains(c.report, "api_key") {
					t.Errorf("the report shows an address without the variable: %s", c.report)
				}
			},
		},
		trap{
			name: "by-details", records: 2, requests: 6,
			doors: `- json: {start: "{{base}}/api?page=1", items: results, fields: {title: title, link: url}, detail: self, detail_fields: {summary: text}}`,
			site: func(s *sitetest.Site) {
				s.Handle("/api", byPage(func(string) string { return found(s.URL, 1, 2) }))
				s.Handle("/api/1", sends("application/json", []byte(`{"text":"What the first part says of the fees that workers repaid."}`)))
				s.Handle("/api/2", sends("application/json", []byte(`{"text":"What the second part says of the fees that workers repaid."}`)))
			},
		},
		trap{
			name: "no-key-set", keys: "requires: [HARVEST_TEST_NOT_SET]\n", state: harvest.RunFailed, says: "HARVEST_TEST_NOT_SET", requests: 1,
			doors: `- json: {start: "{{base}}/api?key=${HARVEST_TEST_NOT_SET}", fields: {title: title}}`,
			site:  func(*sitetest.Site) {},
		},
		trap{
			name: "a-page-for-people", doors: jsonDoor + "\n  " + items, records: 1, says: "is no JSON", requests: 6,
			site: func(s *sitetest.Site) {
				library(s, 1)
				s.Page("/list", list("/item/1"))
				s.Page("/api", "<!doctype html><title>Moved</title>")
			},
		},
		trap{
			name: "the-last-for-ever", doors: jsonDoor, records: 2, says: "repeats the one before", requests: 5,
			site: func(s *sitetest.Site) {
				s.Handle("/api", byPage(func(n string) string {
					if n == "1" {
						return found(s.URL, 1)
					}
					return found(s.URL, 2)
				}))
			},
		},
		trap{
			name: "deep", doors: jsonDoor, state: harvest.RunFailed, says: "is no JSON", requests: 3,
			site: func(s *sitetest.Site) {
				s.Handle("/api", sends("application/json", []byte(strings.Repeat("[", 2_000_000))))
			},
		},
	)
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte(key)) {
			t.Errorf("the key is in %s", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	for what, text := range map[string]string{"output": h.stdout + h.stderr, "records": fmt.Sprint(h.records), "runs": fmt.Sprintf("%+v", h.runs)} {
		if strings.Contains(text, key) {
			t.Errorf("the key is in the %s", what)
		}
	}
}
