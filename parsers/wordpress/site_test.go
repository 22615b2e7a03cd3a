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
	"github.com/harvest87/harvest/parsers/wordpress"
)

// site answers as a WordPress site does, with the faults that are switched on.
// It is a function of the request, like everything a door sees.
type site struct {
	posts int // of the type posts, numbered from 1
	// reports is the number of posts of the custom type "report", whose REST
	// base is "reports".
	reports int

	noRewrite    string // "404", "html" or "home": what /wp-json gives
	noBodies     bool   // error replies arrive without their body
	noHeaders    bool   // no X-WP-Total, no X-WP-TotalPages
	lowerHeaders bool
	maxPerPage   int    // more is refused with rest_invalid_param
	silentCap    int    // more is not sent, and nothing said
	heavy        int    // more posts than this in one reply: 500
	brokenPage   int    // this page of the list always fails with 503
	refuse       string // this parameter is refused with rest_invalid_param
	moved        string // https://moved: redirects there and drops the query
	ignoresPage  bool   // always the first page, without headers
	growing      bool   // a post more after the first page was read
}

const home = "https://library.example.org"

func (s site) fetch(req harvest.Request) *harvest.Page {
	u, _ := url.Parse(req.URL)
	p := &harvest.Page{Request: req, URL: req.URL, Status: 200, Outcome: harvest.Fetched, MediaType: "application/json", Header: http.Header{}}
	if s.moved != "" && "https://"+u.Host != s.moved {
		u, _ = url.Parse(s.moved + u.Path)
		p.URL = u.String()
	}
	route, pretty := strings.CutPrefix(u.Path, "/wp-json/")
	if !pretty {
		route = strings.Trim(u.Query().Get("rest_route"), "/")
	}
	if pretty && s.noRewrite != "" {
		p.MediaType, p.Body = "text/html", []byte("<!DOCTYPE html><html><title>Library</title><p>Welcome</p></html>")
		switch s.noRewrite {
		case "404":
			return s.fail(p, 404, harvest.NotFoundPage)
		case "home":
			p.URL = home + "/"
		}
		return p
	}
	switch route {
	case "wp/v2/posts":
		return s.list(p, u.Query(), s.posts, 0)
	case "wp/v2/reports":
		return s.list(p, u.Query(), s.reports, 10_000)
	case "wp/v2/types":
		return s.send(p, `{"post":{"slug":"post","rest_base":"posts"},"report":{"slug":"report","rest_base":"reports","rest_namespace":"wp/v2"},"wp_block":{"slug":"wp_block","rest_base":"blocks"}}`)
	case "":
		p.MediaType = "text/html"
		return s.send(p, "<html><title>Library</title></html>")
	}
	return s.problem(p, 404, "rest_no_route", "No route was found matching the URL and request method.", "")
}

func (s site) list(p *harvest.Page, q url.Values, total, from int) *harvest.Page {
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(q.Get(name)); err == nil {
			return n
		}
		return otherwise
	}
	size, page, offset := number("per_page", 10), number("page", 1), number("offset", -1)
	if s.maxPerPage > 0 && size > s.maxPerPage {
		return s.problem(p, 400, "rest_invalid_param", "Invalid parameter(s): per_page",
			fmt.Sprintf(`"params":{"per_page":"per_page must be between 1 (inclusive) and %d (inclusive)"}`, s.maxPerPage))
	}
	if s.refuse != "" && q.Has(s.refuse) {
		return s.problem(p, 400, "rest_invalid_param", "Invalid parameter(s): "+s.refuse, fmt.Sprintf(`"params":{%q:"Invalid parameter."}`, s.refuse))
	}
	if s.silentCap > 0 {
		size = min(size, s.silentCap)
	}
	if s.ignoresPage {
		page, offset = 1, -1
	}
	if s.brokenPage > 0 && page == s.brokenPage {
		return s.fail(p, 503, harvest.ServerError)
	}
	if s.growing && page > 1 {
		total++
	}
	pages := (total + size - 1) / size
	if offset < 0 {
		offset = (page - 1) * size
		if page > pages && total > 0 {
			return s.problem(p, 400, "rest_post_invalid_page_number", "The page number requested is larger than the number of pages available.", "")
		}
	}
	end := min(total, offset+size)
	if s.heavy > 0 && end-offset > s.heavy {
		return s.fail(p, 500, harvest.ServerError)
	}
	var items []string
	for i := offset; i < end; i++ {
		id := from + i + 1
		items = append(items, fmt.Sprintf(`{"id":%d,"status":"publish","link":"%s/item-%d/","title":{"rendered":"Item %d on forced labour"},"excerpt":{"rendered":"<p>What item %d says of recruitment fees.</p>"},"content":{"rendered":""}}`, id, home, id, id, id))
	}
	if !s.noHeaders && !s.ignoresPage {
		names := [2]string{"X-Wp-Total", "X-Wp-Totalpages"}
		if s.lowerHeaders {
			names = [2]string{"x-wp-total", "x-wp-totalpages"}
		}
		p.Header[names[0]], p.Header[names[1]] = []string{strconv.Itoa(total)}, []string{strconv.Itoa(pages)}
	}
	return s.send(p, "["+strings.Join(items, ",")+"]")
}

func (s site) send(p *harvest.Page, body string) *harvest.Page {
	p.Body = []byte(body)
	return p
}

func (s site) fail(p *harvest.Page, status int, outcome harvest.Outcome) *harvest.Page {
	p.Status, p.Outcome, p.Body = status, outcome, nil
	return p
}

func (s site) problem(p *harvest.Page, status int, code, message, data string) *harvest.Page {
	p.Status, p.Outcome = status, map[int]harvest.Outcome{400: harvest.ClientError, 404: harvest.NotFoundPage, 401: harvest.AccessDenied, 403: harvest.AccessDenied}[status]
	if data != "" {
		data = "," + data
	}
	if !s.noBodies {
		p.Body = fmt.Appendf(nil, `{"code":%q,"message":%q,"data":{"status":%d%s}}`, code, message, status, data)
	}
	return p
}

// harvested is what a walk through a site gave.
type harvested struct {
	ids      []string // in ascending order, repeated when recorded twice
	requests int
	failing  []string // endings that make a run partial
	dead     string
	notes    []string
}

// walk visits everything a door asks for, as a run does: each step and URL once.
func walk(t *testing.T, door *wordpress.Door, fetch func(harvest.Request) *harvest.Page) harvested {
	t.Helper()
	var out harvested
	queue, _ := door.Seeds(time.Time{})
	seen := make(map[string]bool)
	for len(queue) > 0 {
		req := queue[0]
		queue = queue[1:]
		if seen[req.Step+" "+req.URL] {
			continue
		}
		seen[req.Step+" "+req.URL] = true
		if out.requests++; out.requests > 500 {
			t.Fatal("the walk does not end")
		}
		page := fetch(req)
		parsed := door.Parse(page)
		if page.Outcome.Info().Severity == harvest.Failing && parsed.Expected == "" {
			out.failing = append(out.failing, string(page.Outcome))
		}
		for _, r := range parsed.Records {
			out.ids = append(out.ids, r.NativeID)
		}
		if parsed.Dead != "" && out.dead == "" {
			out.dead = parsed.Dead
		}
		out.notes = append(out.notes, parsed.Notes...)
		queue = append(queue, parsed.Requests...)
	}
	slices.SortFunc(out.ids, func(a, b string) int { return number(a) - number(b) })
	return out
}

func number(id string) int {
	n, _ := strconv.Atoi(id[strings.LastIndexAny(id, ":/")+1:])
	return n
}

func source(w config.WordPress) *config.Source {
	return &config.Source{
		ID: "library", Name: "Example Library", Homepage: home,
		Doors: []config.Door{{Kind: "wordpress", WordPress: &w}},
	}
}

func open(t testing.TB, src *config.Source) *wordpress.Door {
	t.Helper()
	d, err := wordpress.New(src, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestEveryPostOnce walks sites of every kind of fault that was met and wants
// each published post exactly once, and no failing ending where the door has
// found a way round.
func TestEveryPostOnce(t *testing.T) {
	upTo := func(n, from int) []string {
		var ids []string
		for i := 1; i <= n; i++ {
			ids = append(ids, fmt.Sprintf("wp:%d", from+i))
		}
		return ids
	}
	tests := []struct {
		name  string
		site  site
		types []string
		want  []string
		most  int // requests
	}{
		{name: "several pages", site: site{posts: 250}, want: upTo(250, 0), most: 3},
		{name: "exactly full pages", site: site{posts: 200}, want: upTo(200, 0), most: 2},
		{name: "one post", site: site{posts: 1}, want: upTo(1, 0), most: 1},
		{name: "no posts", site: site{}, most: 1},
		{name: "more pages than a batch", site: site{posts: 250, maxPerPage: 2}, want: upTo(250, 0), most: 130},
		// seen behind HTTP/2 proxies that rebuild the header
		{name: "header names in lower case", site: site{posts: 250, lowerHeaders: true}, want: upTo(250, 0), most: 3},
		// seen behind caches that keep bodies only
		{name: "no headers", site: site{posts: 250, noHeaders: true}, want: upTo(250, 0), most: 3},
		{name: "no headers, exactly full pages", site: site{posts: 200, noHeaders: true}, want: upTo(200, 0), most: 3},
		{name: "no headers, one page", site: site{posts: 30, noHeaders: true}, want: upTo(30, 0), most: 2},
		{name: "no headers and a silent cap", site: site{posts: 95, noHeaders: true, silentCap: 10}, want: upTo(95, 0), most: 11},
		{name: "a silent cap", site: site{posts: 95, silentCap: 10}, want: upTo(95, 0), most: 10},
		{name: "per_page refused", site: site{posts: 95, maxPerPage: 50}, want: upTo(95, 0), most: 3},
		{name: "per_page refused without a word", site: site{posts: 95, maxPerPage: 20, noBodies: true}, want: upTo(95, 0), most: 6},
		{name: "orderby refused", site: site{posts: 95, refuse: "orderby"}, want: upTo(95, 0), most: 2},
		{name: "orderby refused without a word", site: site{posts: 95, refuse: "orderby", noBodies: true}, want: upTo(95, 0), most: 13},
		{name: "_embed refused without a word", site: site{posts: 95, refuse: "_embed", noBodies: true}, want: upTo(95, 0), most: 14},
		{name: "_embed refused", site: site{posts: 95, refuse: "_embed"}, want: upTo(95, 0), most: 2},
		// wp-json 404 while ?rest_route= works: no rewrite rules on the server
		{name: "wp-json is 404", site: site{posts: 150, noRewrite: "404"}, want: upTo(150, 0), most: 3},
		{name: "wp-json is a web page", site: site{posts: 150, noRewrite: "html"}, want: upTo(150, 0), most: 3},
		{name: "wp-json leads home", site: site{posts: 150, noRewrite: "home"}, want: upTo(150, 0), most: 3},
		// PHP runs out of memory over 100 posts with everything embedded
		{name: "a hundred posts are too heavy", site: site{posts: 95, heavy: 60}, want: upTo(95, 0), most: 6},
		{name: "the site moved and drops the query", site: site{posts: 150, moved: "https://www.library.example.org"}, want: upTo(150, 0), most: 3},
		{name: "every page is the first", site: site{posts: 150, ignoresPage: true}, want: upTo(100, 0), most: 2},
		{name: "a post more while we read", site: site{posts: 100, silentCap: 50, growing: true}, want: upTo(101, 0), most: 3},
		{name: "a type by its REST base", site: site{reports: 120}, types: []string{"reports"}, want: upTo(120, 10_000), most: 2},
		{name: "a type by its slug", site: site{reports: 120}, types: []string{"report"}, want: upTo(120, 10_000), most: 4},
		{name: "a type by its slug, without bodies", site: site{reports: 120, noBodies: true}, types: []string{"report"}, want: upTo(120, 10_000), most: 4},
		{name: "a type by its slug, without rewrite", site: site{reports: 120, noRewrite: "404"}, types: []string{"report"}, want: upTo(120, 10_000), most: 5},
		{name: "a type by its base, without rewrite", site: site{reports: 120, noRewrite: "html"}, types: []string{"reports"}, want: upTo(120, 10_000), most: 5},
		{name: "two types, one unknown", site: site{posts: 3}, types: []string{"post", "brief"}, want: upTo(3, 0), most: 3},
		{name: "two types", site: site{posts: 3, reports: 2}, types: []string{"post", "report"}, want: append(upTo(3, 0), upTo(2, 10_000)...), most: 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := walk(t, open(t, source(config.WordPress{Types: tt.types})), tt.site.fetch)
			if diff := cmp.Diff(tt.want, got.ids); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if got.dead != "" || len(got.failing) > 0 {
				t.Errorf("dead %q, failing endings %v", got.dead, got.failing)
			}
			if got.requests > tt.most {
				t.Errorf("%d requests, want at most %d", got.requests, tt.most)
			}
		})
	}
}

// TestOnePageFailing loses the posts of that page only, and says so.
func TestOnePageFailing(t *testing.T) {
	got := walk(t, open(t, source(config.WordPress{PerPage: 10})), site{posts: 45, brokenPage: 3}.fetch)
	if len(got.ids) != 35 || slices.Contains(got.ids, "wp:25") || !slices.Contains(got.ids, "wp:41") {
		t.Errorf("got %d records: %v", len(got.ids), got.ids)
	}
	if len(got.failing) != 1 || got.dead != "" {
		t.Errorf("failing %v, dead %q; want one failing ending", got.failing, got.dead)
	}
}

// TestDeadDoor says why, in words that a source author can act on.
func TestDeadDoor(t *testing.T) {
	refuse := func(outcome harvest.Outcome, status int, body string) func(harvest.Request) *harvest.Page {
		return func(r harvest.Request) *harvest.Page {
			return &harvest.Page{Request: r, URL: r.URL, Outcome: outcome, Status: status, Body: []byte(body)}
		}
	}
	tests := []struct {
		name  string
		fetch func(harvest.Request) *harvest.Page
		w     config.WordPress
		want  string
		most  int
	}{
		{name: "no API at all", fetch: refuse(harvest.NotFoundPage, 404, ""), want: "no WordPress API, neither at /wp-json nor under ?rest_route=", most: 2},
		{name: "web pages everywhere", fetch: refuse(harvest.Fetched, 200, "<!doctype html><title>x</title>"), want: "a web page stands where the API should be", most: 2},
		{name: "closed, with a code", fetch: refuse(harvest.AccessDenied, 401, `{"code":"rest_not_logged_in","message":"You are not logged in.","data":{"status":401}}`), want: "closed to the public: rest_not_logged_in: You are not logged in.", most: 1},
		{name: "closed, with status 200", fetch: refuse(harvest.Fetched, 200, `{"code":"rest_forbidden","message":"Sorry.","data":{"status":403}}`), want: "closed to the public: rest_forbidden", most: 1},
		{name: "closed, without a body", fetch: refuse(harvest.AccessDenied, 403, ""), want: "access-denied (403)", most: 1},
		// the parameter form would reach what robots.txt has closed: not tried
		{name: "closed by robots.txt", fetch: refuse(harvest.RobotsDenied, 0, ""), want: "robots-denied", most: 1},
		{name: "down", fetch: refuse(harvest.ServerError, 503, ""), want: "server-error (503)", most: 2},
		{name: "JSON that is something else", fetch: refuse(harvest.Fetched, 200, `{"name":"Library","routes":{}}`), want: "without posts", most: 1},
		{name: "empty reply", fetch: refuse(harvest.Fetched, 200, ""), want: "the reply is empty", most: 1},
		{name: "not JSON", fetch: refuse(harvest.Fetched, 200, "Service unavailable"), want: "not JSON", most: 1},
		{name: "a parameter of the source file", w: config.WordPress{Query: map[string]string{"lang": "xx"}}, fetch: site{posts: 5, refuse: "lang"}.fetch, want: `does not accept the parameter "lang" of the source file`, most: 1},
		{name: "a type that is not there", w: config.WordPress{Types: []string{"brief"}}, fetch: site{posts: 5}.fetch, want: "no post type brief; the site has posts, reports", most: 2},
		{name: "every parameter refused", fetch: refuse(harvest.ClientError, 400, ""), want: "client-error (400)", most: 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := walk(t, open(t, source(tt.w)), tt.fetch)
			if !strings.Contains(got.dead, tt.want) {
				t.Errorf("dead %q, want it to say %q", got.dead, tt.want)
			}
			if got.requests > tt.most || len(got.ids) > 0 {
				t.Errorf("%d requests, %d records; want at most %d and none", got.requests, len(got.ids), tt.most)
			}
		})
	}
}

// TestStoppedPagesSayNothing: a cancelled page is done again later.
func TestStoppedPagesSayNothing(t *testing.T) {
	d := open(t, source(config.WordPress{}))
	seeds, _ := d.Seeds(time.Time{})
	for _, o := range []harvest.Outcome{harvest.Cancelled, harvest.NotModified, harvest.Skipped, harvest.Duplicate} {
		got := d.Parse(&harvest.Page{Request: seeds[0], URL: seeds[0].URL, Outcome: o})
		if diff := cmp.Diff(harvest.Parsed{}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", o, diff)
		}
	}
}

func TestSeeds(t *testing.T) {
	since := time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
	tests := []struct {
		name  string
		w     config.WordPress
		since time.Time
		want  []string
	}{
		{name: "defaults", want: []string{home + "/wp-json/wp/v2/posts?_embed=author%2Cwp%3Aterm&order=asc&orderby=id&page=1&per_page=100"}},
		{name: "types by slug and base, once each", w: config.WordPress{Types: []string{"post", "posts", "page", "reports"}, PerPage: 20}, want: []string{
			home + "/wp-json/wp/v2/posts?_embed=author%2Cwp%3Aterm&order=asc&orderby=id&page=1&per_page=20",
			home + "/wp-json/wp/v2/pages?_embed=author%2Cwp%3Aterm&order=asc&orderby=id&page=1&per_page=20",
			home + "/wp-json/wp/v2/reports?_embed=author%2Cwp%3Aterm&order=asc&orderby=id&page=1&per_page=20",
		}},
		{name: "base, prefix and query", w: config.WordPress{Base: home + "/es", Route: "/api/", Query: map[string]string{"lang": "es", "orderby": "date"}}, want: []string{
			home + "/es/api/wp/v2/posts?_embed=author%2Cwp%3Aterm&lang=es&order=asc&orderby=date&page=1&per_page=100",
		}},
		{name: "a route of its own", w: config.WordPress{Route: "wp-json/u1/v2", Types: []string{"speak-free"}}, since: since, want: []string{
			home + "/wp-json/u1/v2/speak-free?_embed=author%2Cwp%3Aterm&page=1&per_page=100",
		}},
		{name: "the parameter form from the start", w: config.WordPress{Route: "?rest_route="}, want: []string{
			home + "/?rest_route=/wp/v2/posts&_embed=author%2Cwp%3Aterm&order=asc&orderby=id&page=1&per_page=100",
		}},
		// a day back: modified_after is compared with times in the site's own zone
		{name: "an increment", since: since, want: []string{
			home + "/wp-json/wp/v2/posts?_embed=author%2Cwp%3Aterm&modified_after=2026-03-01T01%3A30%3A00Z&order=asc&orderby=id&page=1&per_page=100",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			seeds, incremental := open(t, source(tt.w)).Seeds(tt.since)
			var got []string
			for _, s := range seeds {
				got = append(got, s.URL)
				if s.Kind != harvest.KindDiscovery || s.Page != 1 {
					t.Errorf("seed %+v is no first discovery page", s)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("seeds (-want +got):\n%s", diff)
			}
			if want := !tt.since.IsZero() && tt.w.Route == ""; incremental != want {
				t.Errorf("incremental %v, want %v", incremental, want)
			}
		})
	}
	if _, err := wordpress.New(source(config.WordPress{Base: "not an address"}), nil, 0); err == nil {
		t.Error("a base without a host was accepted")
	}
}

// TestRequestsSurviveTheJournal: a run taken up by another process has only
// the requests, as JSON.
func TestRequestsSurviveTheJournal(t *testing.T) {
	through := func(r harvest.Request) *harvest.Page {
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var again harvest.Request
		if err := json.Unmarshal(b, &again); err != nil {
			t.Fatal(err)
		}
		return site{posts: 95, noHeaders: true, silentCap: 10}.fetch(again)
	}
	if got := walk(t, open(t, source(config.WordPress{})), through); len(got.ids) != 95 {
		t.Errorf("%d records, want 95", len(got.ids))
	}
}
