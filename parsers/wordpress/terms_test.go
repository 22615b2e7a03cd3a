package wordpress_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// bare is a site that does not heed _embed: its posts name their terms by number.
type bare struct {
	posts int
	terms int // of the taxonomy kind; post i has the terms i%terms+1 and, of categories, 1 or 2
	fails map[string]harvest.Outcome
	plain bool // only ?rest_route= works
	asked []string
}

func (b *bare) fetch(req harvest.Request) *harvest.Page {
	u, _ := url.Parse(req.URL)
	q := u.Query()
	p := &harvest.Page{Request: req, URL: req.URL, Status: 200, Outcome: harvest.Fetched, MediaType: "application/json", Header: http.Header{}}
	route, pretty := strings.CutPrefix(u.Path, "/wp-json/")
	if !pretty {
		route = strings.Trim(q.Get("rest_route"), "/")
	}
	b.asked = append(b.asked, route+"?include="+q.Get("include"))
	if o, ok := b.fails[route]; ok || pretty && b.plain {
		p.Status, p.Outcome = 404, harvest.NotFoundPage
		if ok {
			p.Status, p.Outcome = 500, o
		}
		return p
	}
	number := func(name string) int { n, _ := strconv.Atoi(q.Get(name)); return n }
	var items []string
	switch route {
	case "wp/v2/posts":
		size, page := number("per_page"), number("page")
		p.Header.Set("X-WP-Total", strconv.Itoa(b.posts))
		p.Header.Set("X-WP-TotalPages", strconv.Itoa((b.posts+size-1)/size))
		for i := (page-1)*size + 1; i <= min(b.posts, page*size); i++ {
			items = append(items, fmt.Sprintf(`{"id":%d,"status":"publish","link":"%s/item-%d/","title":{"rendered":"Item %d"},"excerpt":{"rendered":"<p>What item %d says.</p>"},
				"categories":[%d,9],"tags":[4],"kind":[%d],"_links":{"wp:term":[{"taxonomy":"category","embeddable":true,"href":"%s/wp-json/wp/v2/categories?post=%d"},{"taxonomy":"post_tag","href":"%s/wp-json/wp/v2/tags?post=%d"},{"taxonomy":"kind","href":"%s/wp-json/wp/v2/kind?post=%d"}]}}`,
				i, home, i, i, i, i%2+1, i%b.terms+1, home, i, home, i, home, i))
		}
	case "wp/v2/categories":
		items = []string{`{"id":1,"name":"Reports &amp; studies","slug":"reports","taxonomy":"category"}`, `{"id":2,"name":"Guidance","slug":"guidance","taxonomy":"category"}`, `{"id":9,"name":"Uncategorized","slug":"uncategorized","taxonomy":"category"}`}
	case "wp/v2/kind":
		include := strings.Split(q.Get("include"), ",")
		for i := 1; i <= b.terms && len(items) < number("per_page"); i++ {
			if q.Get("include") == "" || slices.Contains(include, strconv.Itoa(i)) {
				items = append(items, fmt.Sprintf(`{"id":%d,"name":"Kind %d","slug":"kind-%d","taxonomy":"kind"}`, i, i, i))
			}
		}
	default:
		p.Status, p.Outcome = 404, harvest.NotFoundPage
		return p
	}
	p.Body = []byte("[" + strings.Join(items, ",") + "]")
	return p
}

// labelled walks a site and returns the labels of each post, from the requests
// as a journal keeps them.
func labelled(t *testing.T, b *bare, w config.WordPress) (map[string]string, harvested) {
	t.Helper()
	w.Pages = "never"
	door, labels := open(t, source(w)), make(map[string]string)
	got := walk(t, door, func(req harvest.Request) *harvest.Page {
		kept, err := json.Marshal(req)
		if err != nil {
			t.Fatal(err)
		}
		var again harvest.Request
		if err := json.Unmarshal(kept, &again); err != nil {
			t.Fatal(err)
		}
		p := b.fetch(again)
		for _, r := range door.Parse(p).Records {
			labels[r.NativeID] = strings.Join(r.CategoriesRaw, ", ")
		}
		return p
	})
	return labels, got
}

// TestTermsInBulk: terms that do not come along are looked up once for a whole
// list, and every post is recorded once.
func TestTermsInBulk(t *testing.T) {
	tests := []struct {
		name string
		site bare
		w    config.WordPress
		most int // requests
	}{
		{"a list of one page asks by number", bare{posts: 30, terms: 5}, config.WordPress{}, 4},
		{"a long list asks for whole taxonomies", bare{posts: 450, terms: 40}, config.WordPress{}, 8},
		// 100 of 150 terms come first; each page asks for those it lacks
		{"more terms than come at once", bare{posts: 450, terms: 150}, config.WordPress{}, 18},
		{"a server without rewrite rules", bare{posts: 30, terms: 5, plain: true}, config.WordPress{}, 5},
		{"portions that are smaller", bare{posts: 45, terms: 5}, config.WordPress{PerPage: 10}, 8},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			labels, got := labelled(t, &tt.site, tt.w)
			want := make(map[string]string)
			for i := 1; i <= tt.site.posts; i++ {
				want[fmt.Sprintf("wp:%d", i)] = fmt.Sprintf("%s, Kind %d", []string{"Reports & studies", "Guidance"}[i%2], i%tt.site.terms+1)
			}
			if diff := cmp.Diff(want, labels); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
			if len(got.ids) != tt.site.posts || got.requests > tt.most || got.dead != "" || len(got.failing) > 0 {
				t.Errorf("%d posts, %d requests, dead %q, failing %v", len(got.ids), got.requests, got.dead, got.failing)
			}
		})
	}
}

// TestTermsAskedByNumber: an increment of a few posts asks for their terms
// only, never for tags.
func TestTermsAskedByNumber(t *testing.T) {
	b := &bare{posts: 2, terms: 50}
	labelled(t, b, config.WordPress{})
	b.asked = slices.Compact(slices.Sorted(slices.Values(b.asked)))
	want := []string{"wp/v2/categories?include=2,9,1", "wp/v2/kind?include=2,3", "wp/v2/posts?include="}
	if diff := cmp.Diff(want, b.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

// TestTermsThatCannotBeHad cost labels, never posts.
func TestTermsThatCannotBeHad(t *testing.T) {
	b := &bare{posts: 250, terms: 5, fails: map[string]harvest.Outcome{"wp/v2/categories": harvest.AccessDenied, "wp/v2/kind": harvest.ServerError}}
	labels, got := labelled(t, b, config.WordPress{})
	if len(got.ids) != 250 || len(labels) != 250 || labels["wp:7"] != "" || got.dead != "" {
		t.Errorf("%d posts, labels %q, dead %q", len(got.ids), labels["wp:7"], got.dead)
	}
	if diff := cmp.Diff([]string{"server-error"}, got.failing); diff != "" || len(got.notes) != 2 {
		t.Errorf("failing %v, notes %v", got.failing, got.notes)
	}
	if got.requests > 6 {
		t.Errorf("%d requests", got.requests)
	}
}

// TestTermsExplainThemselves: the evidence says which member held the numbers.
func TestTermsExplainThemselves(t *testing.T) {
	b, door := &bare{posts: 1, terms: 1}, open(t, source(never))
	seeds, _ := door.Seeds(time.Time{})
	for queue := seeds; len(queue) > 0; queue = queue[1:] {
		got := door.Parse(b.fetch(queue[0]))
		queue = append(queue, got.Requests...)
		for _, r := range got.Records {
			if e := r.Provenance["category_raw"]; e.Detail != "categories, kind, looked up by number" || e.Page == "" {
				t.Errorf("evidence %+v", e)
			}
			return
		}
	}
	t.Error("no record")
}

// TestLabelsFromElsewhere: where the source file says where labels stand,
// nothing is looked up.
func TestLabelsFromElsewhere(t *testing.T) {
	b := &bare{posts: 2, terms: 5}
	labels, got := labelled(t, b, config.WordPress{Fields: config.JSONFields{Category: []string{"title.rendered"}}})
	if got.requests != 1 || labels["wp:1"] != "Item 1" {
		t.Errorf("%d requests, labels %v", got.requests, labels)
	}
}
