package links_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/links"
)

const home = "https://library.example.org"

func open(t testing.TB, l config.LinksDoor) *links.Door {
	t.Helper()
	if len(l.Start) == 0 {
		l.Start = []string{home + "/"}
	}
	d, err := links.New(&config.Source{ID: "library", Name: "Library", Homepage: home, Doors: []config.Door{{Kind: "links", Links: &l}}}, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// answer is a page as the fetcher gives it, or one that is not there.
func answer(req harvest.Request, pages map[string]labelled) *harvest.Page {
	p := &harvest.Page{Request: req, URL: req.URL, Outcome: harvest.NotFoundPage, Status: 404, Reason: "404 Not Found"}
	if found, ok := pages[strings.TrimPrefix(req.URL, home)]; ok {
		p.Outcome, p.Status, p.Reason, p.MediaType, p.Body = harvest.Fetched, 200, "", "text/html", []byte(found.html)
	}
	return p
}

// crawl follows the door through a site and returns the paths of its items, and
// how each page was asked for.
func crawl(t testing.TB, d *links.Door, pages map[string]labelled) (items []string, asked map[string]harvest.Request) {
	t.Helper()
	queue, _ := d.Seeds(time.Time{})
	asked = make(map[string]harvest.Request)
	for len(queue) > 0 && len(asked) < 2000 {
		req := queue[0]
		queue = queue[1:]
		path := strings.TrimPrefix(req.URL, home)
		if _, known := asked[path]; known {
			continue
		}
		asked[path] = req
		got := d.Parse(answer(req, pages))
		if got.Dead != "" {
			t.Fatalf("dead: %s", got.Dead)
		}
		for _, r := range got.Records {
			items = append(items, strings.TrimPrefix(r.URL, home))
		}
		queue = append(queue, got.Requests...)
	}
	slices.Sort(items)
	return slices.Compact(items), asked
}

// TestItemDetection measures, on imitated sites of several kinds, how many of
// the pages taken for items are items (precision) and how many of the items were
// found (recall). It prints both:
//
//	go test ./parsers/links -run TestItemDetection -v
func TestItemDetection(t *testing.T) { measureDetection(t, sites(), config.LinksDoor{}) }

func measureDetection(t *testing.T, all []imitated, door config.LinksDoor) {
	t.Helper()
	var right, taken, there int
	for _, s := range all {
		items, _ := crawl(t, open(t, door), s.pages)
		good, all := 0, 0
		var wrong, missed []string
		for _, path := range items {
			if s.pages[path].item || strings.HasSuffix(path, ".pdf") {
				good++
			} else {
				wrong = append(wrong, path)
			}
		}
		for path, p := range s.pages {
			if p.item {
				all++
				if !slices.Contains(items, path) {
					missed = append(missed, path)
				}
			}
		}
		files := len(items) - len(wrong) - (all - len(missed)) // linked from hubs, and items too
		good, all = good-files, max(all, 1)
		t.Logf("%-22s precision %.2f, recall %.2f of %d items on %d pages; wrong %v, missed %v", s.name,
			float64(good)/float64(max(1, good+len(wrong))), float64(good)/float64(all), all, len(s.pages), wrong, missed)
		right, taken, there = right+good, taken+good+len(wrong), there+all
	}
	precision, recall := float64(right)/float64(taken), float64(right)/float64(there)
	t.Logf("%-22s precision %.3f, recall %.3f of %d items", "all", precision, recall, there)
	if precision < 0.9 || recall < 0.9 {
		t.Errorf("precision %.3f, recall %.3f; at least 0.9 is wanted of both", precision, recall)
	}
}

// TestPatternsWin over all that pages look like.
func TestPatternsWin(t *testing.T) {
	pages := sites()[0].pages
	r := func(s string) []*regexp.Regexp { return []*regexp.Regexp{regexp.MustCompile(s)} }
	items, asked := crawl(t, open(t, config.LinksDoor{Items: r(`/about/$`), Hubs: r(`/2\d{3}/`)}), pages)
	if !slices.Equal(items, []string{"/about/"}) {
		t.Errorf("items %v, want the one page that a pattern names", items)
	}
	for path, req := range asked {
		if want := map[bool]harvest.Kind{true: harvest.KindDiscovery, false: harvest.KindItem}[strings.Contains(path, "/202")]; strings.Contains(path, "/202") && req.Kind != want {
			t.Errorf("%s is asked for as %s", path, req.Kind)
		}
	}
	items, asked = crawl(t, open(t, config.LinksDoor{Within: r(`/category/`)}), pages)
	if len(items) != 0 || len(asked) < 2 {
		t.Errorf("items %v, asked %d; want only what is within", items, len(asked))
	}
}

// TestDepth: pages further from the start than allowed are not asked for.
func TestDepth(t *testing.T) {
	pages := map[string]labelled{"/": {html: `<a href="/1/">one</a>`}}
	for i := 1; i < 9; i++ {
		pages[fmt.Sprintf("/%d/", i)] = labelled{html: fmt.Sprintf(`<a href="/%d/">next</a>`, i+1)}
	}
	_, asked := crawl(t, open(t, config.LinksDoor{Depth: 3}), pages)
	if len(asked) != 4 {
		t.Errorf("%d pages were asked for, want the start and three", len(asked))
	}
}

// TestWhatIsNotFollowed: links that do something, lead away, or lead to no page.
func TestWhatIsNotFollowed(t *testing.T) {
	body := ""
	for _, href := range []string{
		"/wp-login.php", "/logout", "/item?share=facebook", "/item?replytocom=7", "/cart/?add-to-cart=3", "/index.php?title=A&action=edit", "/Special:Log", "/style.css",
		"/a.zip", "mailto:a@b.example", "tel:1", "javascript:void(0)", "https://other.example/report", "//cdn.example/x", "#part", "", "http://[::1", "/feed/", "/delete?id=1",
	} {
		body += fmt.Sprintf(`<a href="%s">x</a>`, href)
	}
	d := open(t, config.LinksDoor{})
	seeds, _ := d.Seeds(time.Time{})
	got := d.Parse(answer(seeds[0], map[string]labelled{"/": {html: body + `<a rel="nofollow" href="/no">x</a><a href="/yes/this-is-a-report">x</a>`}}))
	if len(got.Requests) != 1 || got.Requests[0].URL != home+"/yes/this-is-a-report" {
		t.Errorf("requests %+v", got.Requests)
	}
}

// TestWhy: what was weighed is said.
func TestWhy(t *testing.T) {
	d, pages := open(t, config.LinksDoor{}), sites()[0].pages
	for path, p := range pages {
		page := answer(harvest.Request{URL: home + path}, pages)
		_, why, ok := d.Recognise(page)
		want := "a hub"
		if p.item {
			want = "an item"
		}
		if !ok || !strings.Contains(why, want) || !strings.Contains(why, "of 3): ") {
			t.Errorf("%s: %v, %q; want %s", path, ok, why, want)
		}
	}
}

// FuzzParse: any bytes at any address.
func FuzzParse(f *testing.F) {
	for _, s := range sites() {
		for path, p := range s.pages {
			f.Add([]byte(p.html), path)
		}
	}
	f.Add([]byte("<base href='//['><a href=\xff>\xfe<script type=application/ld+json>{"), "/\x00")
	d := open(f, config.LinksDoor{})
	f.Fuzz(func(t *testing.T, body []byte, path string) {
		for _, step := range []string{links.StepStart, links.StepPage} {
			p := &harvest.Page{Request: harvest.Request{URL: home + path, Step: step, Kind: harvest.KindItem}, URL: home + path, Outcome: harvest.Fetched, MediaType: "text/html", Body: body}
			d.Recognise(p)
			for _, r := range d.Parse(p).Records {
				r.ID, r.Source = "x", "library"
				if err := r.Validate(); err != nil && strings.HasPrefix(path, "/") && !strings.ContainsAny(path, "\x00 %?#[]\\") && r.Title != "" && r.URL != "" {
					t.Errorf("record %+v: %v", r, err)
				}
			}
		}
	})
}
