package sample_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler/sitetest/sample"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start serves a site for one test and returns a client of it.
func start(t *testing.T, o sample.Options) (*sample.Site, client) {
	t.Helper()
	site := sample.New(o)
	base, stop := site.Start()
	transport := &http.Transport{}
	t.Cleanup(func() { transport.CloseIdleConnections(); stop() })
	return site, client{t, base, &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

type client struct {
	t    *testing.T
	base string
	http *http.Client
}

type answer struct {
	status int
	header http.Header
	body   string
}

// get asks for a path, or an address of the site, with headers in pairs.
func (c client) get(at string, headers ...string) answer {
	c.t.Helper()
	if !strings.HasPrefix(at, c.base) {
		at = c.base + at
	}
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, at, http.NoBody)
	if err != nil {
		c.t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(b)}
}

func (c client) page(at string) *goquery.Document {
	c.t.Helper()
	a := c.get(at)
	if a.status != http.StatusOK {
		c.t.Fatalf("GET %s: status %d", at, a.status)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		c.t.Fatal(err)
	}
	return doc
}

// listed is one card of the listing.
type listed struct{ path, title, label, excerpt string }

// cards walks the listing from its start to its end.
func (c client) cards() []listed {
	c.t.Helper()
	var out []listed
	for at := "/resources/"; at != ""; {
		doc := c.page(at)
		doc.Find(".cards > article.card").Each(func(_ int, s *goquery.Selection) {
			link := s.Find("h3 a")
			out = append(out, listed{link.AttrOr("href", ""), link.Text(), s.Find(".label").Text(), s.Find(".excerpt").Text()})
		})
		at = doc.Find("a.next").AttrOr("href", "")
	}
	return out
}

func TestListingHasEveryItemAndTheTraps(t *testing.T) {
	_, c := start(t, sample.Options{})
	cards := c.cards()
	byPath := make(map[string]listed)
	for _, card := range cards {
		if _, twice := byPath[card.path]; twice {
			t.Errorf("%s stands on two cards", card.path)
		}
		byPath[card.path] = card
		if !strings.HasSuffix(card.excerpt, "...Read More") {
			t.Errorf("the card of %s ends in %q", card.path, card.excerpt[max(0, len(card.excerpt)-20):])
		}
	}
	for _, e := range sample.Expected(sample.LibrarySource) {
		card, ok := byPath[e.Path]
		if !ok {
			t.Errorf("%s is not in the listing", e.Path)
			continue
		}
		if card.label != e.CategoryRaw || !strings.HasPrefix(card.excerpt, e.SummaryPrefix) {
			t.Errorf("the card of %s says %q, %q", e.Path, card.label, card.excerpt)
		}
	}
	wantStatus := map[harvest.Outcome]int{harvest.NotFoundPage: http.StatusNotFound}
	for outcome, paths := range sample.Endings(sample.LibrarySource) {
		for _, p := range paths {
			if _, ok := byPath[p]; !ok {
				t.Errorf("%s, which should end as %s, is not in the listing", p, outcome)
			}
			want := wantStatus[outcome]
			if want == 0 {
				want = http.StatusOK
			}
			if got := c.get(p).status; got != want {
				t.Errorf("%s answers %d, want %d", p, got, want)
			}
		}
	}
	if got, want := len(cards), len(sample.Expected(sample.LibrarySource))+4; got != want {
		t.Errorf("%d cards, want %d: the records, the second card of one, and three that become none", got, want)
	}
}

func TestItemPagesSayWhatIsExpected(t *testing.T) {
	_, c := start(t, sample.Options{})
	for _, e := range sample.Expected(sample.APISource) {
		doc := c.page(e.Path)
		if got := doc.Find("h1.entry-title").Text(); strings.ReplaceAll(got, "&amp;", "&") != e.Title {
			t.Errorf("%s: title %q, want %q", e.Path, got, e.Title)
		}
		if got := doc.Find(".entry-header .label").Text(); got != e.CategoryRaw {
			t.Errorf("%s: label %q, want %q", e.Path, got, e.CategoryRaw)
		}
		if got := doc.Find(".entry-content > p:not(.citation)").First().Text(); !strings.HasPrefix(got, e.SummaryPrefix) {
			t.Errorf("%s: summary begins %.90q", e.Path, got)
		}
		if got := doc.Find("link[rel=canonical]").AttrOr("href", ""); got != c.base+e.Path {
			t.Errorf("%s: canonical address %q", e.Path, got)
		}
		if got, _, _ := strings.Cut(doc.Find("html").AttrOr("lang", ""), "-"); got != e.Language {
			t.Errorf("%s: language %q, want %q", e.Path, got, e.Language)
		}
		var documents []string
		doc.Find("a.download").Each(func(_ int, s *goquery.Selection) { documents = append(documents, s.AttrOr("href", "")) })
		if diff := cmp.Diff(e.Documents, documents); diff != "" {
			t.Errorf("%s: documents (-want +got):\n%s", e.Path, diff)
		}
		if n := doc.Find(".related article.card").Length(); n != 4 {
			t.Errorf("%s: %d related items, want 4", e.Path, n)
		}
	}
}

func TestSecondAddressOfAnItemNamesTheFirst(t *testing.T) {
	_, c := start(t, sample.Options{})
	for _, second := range sample.Endings(sample.LibrarySource)[harvest.DuplicateRecord] {
		doc := c.page(second)
		canonical := strings.TrimPrefix(doc.Find("link[rel=canonical]").AttrOr("href", ""), c.base)
		if canonical == second || canonical == "" {
			t.Fatalf("%s: canonical address %q", second, canonical)
		}
		first := c.page(canonical)
		if got, want := doc.Find("h1").Text(), first.Find("h1").Text(); got != want {
			t.Errorf("titles differ: %q and %q", got, want)
		}
		if got, other := doc.Find(".entry-header .label").Text(), first.Find(".entry-header .label").Text(); got == other {
			t.Errorf("both addresses have the label %q", got)
		}
	}
}

func TestRelatedBlockChangesAndNothingElse(t *testing.T) {
	_, c := start(t, sample.Options{})
	const at = "/resources/caste-debt-and-brick-kilns/"
	without := func(doc *goquery.Document) (related, rest string) {
		block := doc.Find(".related")
		related = block.Text()
		block.Remove()
		rest, err := doc.Html()
		if err != nil {
			t.Fatal(err)
		}
		return related, rest
	}
	lastRelated, lastRest := without(c.page(at))
	for range 40 { // more often than there are items
		related, rest := without(c.page(at))
		if related == lastRelated {
			t.Fatal("the related block is the same as before")
		}
		if diff := cmp.Diff(lastRest, rest); diff != "" {
			t.Fatalf("more than the related block changed:\n%s", diff)
		}
		lastRelated = related
	}
}

func TestItemPagesAreNotModifiedUntilTheyAre(t *testing.T) {
	site, c := start(t, sample.Options{})
	const slug = "caste-debt-and-brick-kilns"
	at := "/resources/" + slug + "/"
	first := c.get(at)
	tag, modified := first.header.Get("ETag"), first.header.Get("Last-Modified")
	if !strings.HasPrefix(tag, `W/"`) || !strings.HasSuffix(tag, `"`) || modified == "" {
		t.Fatalf("validators %q and %q", tag, modified)
	}
	for name, headers := range map[string][]string{
		"by tag": {"If-None-Match", tag}, "by time": {"If-Modified-Since", modified},
		"by both": {"If-None-Match", tag, "If-Modified-Since", modified},
	} {
		if a := c.get(at, headers...); a.status != http.StatusNotModified || a.body != "" {
			t.Errorf("%s: status %d with %d octets, want 304 without any", name, a.status, len(a.body))
		}
	}
	site.Change(sample.Options{Edits: []sample.Edit{{Slug: slug, Summary: "It was written anew.", Modified: time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)}}})
	again := c.get(at, "If-None-Match", tag, "If-Modified-Since", modified)
	if again.status != http.StatusOK || !strings.Contains(again.body, "It was written anew.") {
		t.Errorf("after the edit: status %d", again.status)
	}
	if got, want := again.header.Get("Last-Modified"), "Mon, 06 May 2024 07:08:09 GMT"; got != want {
		t.Errorf("Last-Modified %q, want %q", got, want)
	}
	if other := c.get("/resources/fishing-crews-and-ports/"); other.header.Get("ETag") == tag {
		t.Error("two items share a tag")
	}
}

// TestLinksLead follows every link of the site from its front page.
func TestLinksLead(t *testing.T) {
	_, c := start(t, sample.Options{})
	gone := sample.Endings(sample.LibrarySource)[harvest.NotFoundPage]
	seen := map[string]bool{"/": true}
	for queue := []string{"/"}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		a := c.get(at)
		if a.status != http.StatusOK && !slices.Contains(gone, at) {
			t.Errorf("%s: status %d", at, a.status)
		}
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || a.status != http.StatusOK {
			continue
		}
		if strings.Contains(strings.ReplaceAll(a.body, c.base, ""), "127.0.0.1") {
			t.Errorf("%s names another address of this machine", at)
		}
		balanced(t, at, a.body)
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		doc.Find("a[href], link[rel=canonical], link[hreflang]").Each(func(_ int, s *goquery.Selection) {
			to := strings.TrimPrefix(s.AttrOr("href", ""), c.base)
			if !seen[to] {
				seen[to] = true
				queue = append(queue, to)
			}
		})
	}
	for _, e := range sample.Expected(sample.APISource) {
		for _, p := range append(e.Documents, e.Path) {
			if !seen[p] {
				t.Errorf("no link leads to %s", p)
			}
		}
	}
}

func TestAddressesOfOneItem(t *testing.T) {
	_, c := start(t, sample.Options{})
	for _, tt := range []struct {
		at, location string
		status       int
	}{
		{"/?p=104", "/resources/slavery-in-crisis-settings/", http.StatusMovedPermanently},
		{"/resources/slavery-in-crisis-settings", "/resources/slavery-in-crisis-settings/", http.StatusMovedPermanently},
		{"/resources/page/1/", "/resources/", http.StatusMovedPermanently},
		{"/resources/page/99/", "", http.StatusNotFound},
		{"/resources/page/two/", "", http.StatusNotFound},
		{"/?p=181", "", http.StatusNotFound}, // a draft
		{"/?p=9999", "", http.StatusNotFound},
		{"/resources/next-years-programme/", "", http.StatusNotFound},
		{"/resources/staff-handbook/", "", http.StatusNotFound},
		{"/wp-content/uploads/2021/03/no-such.pdf", "", http.StatusNotFound},
	} {
		a := c.get(tt.at)
		if a.status != tt.status || a.header.Get("Location") != tt.location {
			t.Errorf("%s: %d %q, want %d %q", tt.at, a.status, a.header.Get("Location"), tt.status, tt.location)
		}
	}
	protected := c.page("/resources/survivors-panel-minutes/")
	if protected.Find("form.post-password-form").Length() != 1 || protected.Find(".entry-content").Length() != 0 {
		t.Error("the protected page should be a form and nothing else")
	}
}

func TestOptions(t *testing.T) {
	const slug = "caste-debt-and-brick-kilns"
	t.Run("removed", func(t *testing.T) {
		_, c := start(t, sample.Options{Removed: []string{slug}})
		if got := c.get("/resources/" + slug + "/").status; got != http.StatusNotFound {
			t.Errorf("status %d, want 404", got)
		}
		if slices.ContainsFunc(c.cards(), func(l listed) bool { return strings.Contains(l.path, slug) }) {
			t.Error("it is still listed")
		}
	})
	t.Run("empty listing", func(t *testing.T) {
		_, c := start(t, sample.Options{EmptyListing: true})
		if n := len(c.cards()); n != 0 {
			t.Errorf("%d cards", n)
		}
		if got := c.get("/resources/" + slug + "/").status; got != http.StatusOK {
			t.Errorf("the items themselves answer %d", got)
		}
	})
	t.Run("redesigned", func(t *testing.T) {
		_, c := start(t, sample.Options{Redesigned: true})
		doc := c.page("/resources/")
		if doc.Find("article.card, h3, .label, .excerpt, a.next").Length() != 0 {
			t.Error("a selector of the old design still finds something")
		}
		if doc.Find("article.tile h2 a").Length() == 0 {
			t.Error("the new design has no items")
		}
	})
	t.Run("an unknown slug", func(t *testing.T) {
		defer func() {
			if recover() == nil {
				t.Error("an edit of no item should panic")
			}
		}()
		sample.New(sample.Options{Edits: []sample.Edit{{Slug: "no-such-item"}}})
	})
}

func TestRequestsAreCounted(t *testing.T) {
	site, c := start(t, sample.Options{})
	c.get("/robots.txt")
	c.get("/resources/?utm_source=x")
	c.get("/resources/")
	c.get("/resources/lost-in-the-move/")
	if diff := cmp.Diff(map[string]int{"/robots.txt": 1, "/resources/": 2, "/resources/lost-in-the-move/": 1}, site.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[int]int{200: 3, 404: 1}, site.Statuses()); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	site.ResetCounts()
	if len(site.Requests())+len(site.Statuses()) != 0 {
		t.Error("counts remain")
	}
}

func TestRobots(t *testing.T) {
	_, c := start(t, sample.Options{})
	robots := c.get("/robots.txt").body
	for _, line := range []string{"User-agent: *", "Disallow: /private/", "Sitemap: " + c.base + "/wp-sitemap.xml"} {
		if !slices.Contains(strings.Split(robots, "\n"), line) {
			t.Errorf("robots.txt has no line %q", line)
		}
	}
	sitemap := c.get("/wp-sitemap.xml").body
	for _, e := range sample.Expected(sample.APISource) {
		if !strings.Contains(sitemap, "<loc>"+c.base+e.Path+"</loc>") {
			t.Errorf("%s is not in the sitemap", e.Path)
		}
	}
}

func TestExpectedIsPossible(t *testing.T) {
	vocabulary, err := config.LoadVocabulary()
	if err != nil {
		t.Fatal(err)
	}
	precisions := make(map[harvest.Precision]bool)
	languages := make(map[string]bool)
	for _, source := range []harvest.SourceID{sample.LibrarySource, sample.APISource} {
		expected := sample.Expected(source)
		if len(expected) < 24 {
			t.Errorf("%s: %d records", source, len(expected))
		}
		for _, e := range expected {
			if _, ok := vocabulary.DocType(e.Category); !ok && e.Category != "" {
				t.Errorf("%s: no category %q in the vocabulary", e.Path, e.Category)
			}
			if e.Title == "" || e.SummaryPrefix == "" || e.Language == "" {
				t.Errorf("%s: %+v lacks something", e.Path, e)
			}
			precisions[e.Published.Precision] = true
			languages[e.Language] = true
		}
	}
	if got := slices.Sorted(maps.Keys(languages)); !slices.Equal(got, []string{"ar", "en", "es", "fr", "ne"}) {
		t.Errorf("languages %v", got)
	}
	if len(precisions) < 3 {
		t.Errorf("precisions %v: years, months and days are wanted", precisions)
	}
	if sample.Expected("another") != nil || sample.Endings("another") != nil {
		t.Error("something is expected of an unknown source")
	}
}

func TestSourcesNameTheSite(t *testing.T) {
	for id, text := range sample.Sources("http://127.0.0.1:4711/") {
		if strings.Contains(text, "{{") || strings.Contains(text, "4711//") || !strings.Contains(text, "http://127.0.0.1:4711/") {
			t.Errorf("%s: the address was not filled in:\n%s", id, text)
		}
		name := filepath.Join(t.TempDir(), string(id)+".yaml")
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		source, problems := config.LoadSource(name)
		for _, p := range problems {
			t.Error(p)
		}
		if source == nil || source.ID != id {
			t.Errorf("%s: the file gives %+v", id, source)
		}
	}
}

// decode reads JSON of the API.
func decode[T any](t *testing.T, a answer) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%v in %.200s", err, a.body)
	}
	return v
}

// pathOf is the path of an absolute address, without the site's base.
func pathOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return path.Clean(u.Path) + "/"
}
