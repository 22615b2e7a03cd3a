package wordpress_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// TestLanguages: each language is asked for, through all its pages and by all
// ways round, and the door stands when one but the first is refused.
func TestLanguages(t *testing.T) {
	both := config.WordPress{Languages: []string{"en", "pt-BR"}, PerPage: 10, Types: []string{"posts", "report"}, Pages: "never"}
	sites := map[string]site{"en": {posts: 25, reports: 3}, "pt-br": {posts: 12, reports: 2}}
	asked := make(map[string]int)
	got := walk(t, open(t, source(both)), func(req harvest.Request) *harvest.Page {
		u, _ := url.Parse(req.URL)
		lang := u.Query().Get("lang")
		if strings.HasSuffix(u.Path, "/types") {
			lang = "en"
		}
		s, ok := sites[lang]
		if !ok {
			t.Errorf("asked %s", req.URL)
		}
		p := s.fetch(req)
		if n := strings.Count(string(p.Body), `"title"`); n > 0 {
			asked[lang] += n
		}
		return p
	})
	if diff := cmp.Diff(map[string]int{"en": 28, "pt-br": 14}, asked); diff != "" || got.dead != "" {
		t.Errorf("dead %q, posts by language (-want +got):\n%s", got.dead, diff)
	}
	got = walk(t, open(t, source(config.WordPress{Languages: []string{"en", "xx"}, Pages: "never"})), func(req harvest.Request) *harvest.Page {
		if strings.Contains(req.URL, "lang=xx") {
			return site{posts: 3, refuse: "lang"}.fetch(req)
		}
		return site{posts: 3}.fetch(req)
	})
	if len(got.ids) != 3 || got.dead != "" || len(got.notes) != 1 {
		t.Errorf("a language that is refused: %+v", got)
	}
}

// TestLanguageByPath: the address names the language where the post does not.
func TestLanguageByPath(t *testing.T) {
	for _, tt := range []struct{ path, more, want, basis string }{
		{"/fr/guide/", "", "fr", "url"},
		{"/fr/guide/", `,"lang":"en"`, "en", "door"},
		{"/france/guide/", "", "", ""},
		{"/fr", "", "", ""},
		{"/es/guide/", "", "", ""}, // not of the source file
	} {
		got := reply(t, source(config.WordPress{Languages: []string{"en", "fr"}, Pages: "never"}),
			`[{"id":7,"title":"A guide","link":"`+home+tt.path+`"`+tt.more+`}]`)
		if len(got.Records) != 1 || got.Records[0].Language.Declared != tt.want || tt.basis != "" && got.Records[0].Provenance["language"].Basis != tt.basis {
			t.Errorf("%s%s: %+v", tt.path, tt.more, got.Records)
		}
	}
	seeds, _ := open(t, source(config.WordPress{Languages: []string{"en", "fr"}, Query: map[string]string{"lang": "de"}})).Seeds(time.Time{})
	if len(seeds) != 2 || !strings.Contains(seeds[1].URL, "lang=fr") {
		t.Errorf("seeds %+v", seeds)
	}
}
