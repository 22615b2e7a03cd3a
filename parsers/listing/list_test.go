package listing_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/listing"
)

const (
	home  = "https://library.example.org"
	start = home + "/resources/"
)

// css makes selectors of their written form, "CSS" or "CSS@attr".
func css(written ...string) config.Selectors {
	var out config.Selectors
	for _, w := range written {
		s := config.Selector{CSS: w}
		if at := strings.LastIndex(w, "@"); at >= 0 {
			s.CSS, s.Attr = w[:at], w[at+1:]
		}
		out = append(out, s)
	}
	return out
}

func source(l config.Listing) *config.Source {
	if l.Start == nil {
		l.Start = []string{start}
	}
	if l.Item.Card == nil {
		l.Item.Card = css("article.card")
	}
	return &config.Source{
		ID: "library", Name: "Example Library", Homepage: home,
		Doors: []config.Door{{Kind: "listing", Listing: &l}},
	}
}

func open(t testing.TB, src *config.Source) *listing.Door {
	t.Helper()
	d, err := listing.New(src, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func html(req harvest.Request, body string) *harvest.Page {
	return &harvest.Page{Request: req, URL: req.URL, Outcome: harvest.Fetched, Status: 200, MediaType: "text/html", Body: []byte(body)}
}

// first parses body as the first page of the list.
func first(t testing.TB, src *config.Source, body string) harvest.Parsed {
	t.Helper()
	d := open(t, src)
	seeds, _ := d.Seeds(time.Time{})
	return d.Parse(html(seeds[0], body))
}

func cards(from, to int) string {
	var b strings.Builder
	for i := from; i <= to; i++ {
		fmt.Fprintf(&b, `<article class="card"><h3><a href="/item-%d/">Item %d on forced labour</a></h3></article>`, i, i)
	}
	return b.String()
}

// site is a list of so many cards, ten on a page, with the faults that are
// switched on.
type site struct {
	cards      int
	beyond     string // what comes behind the last page: "404", "400", "empty", "last", "first", "start", "500"
	link       bool   // pages name the next one
	loop       bool   // the last page names the first as the next
	home       bool   // the last page names the start page as the next
	selfish    bool   // every page names itself as the next
	brokenPage int    // answers 500
}

func (s site) fetch(req harvest.Request) *harvest.Page {
	u, _ := url.Parse(req.URL)
	n, err := strconv.Atoi(u.Query().Get("page"))
	if offset, offErr := strconv.Atoi(u.Query().Get("from")); offErr == nil {
		n, err = offset/10+1, nil
	}
	if err != nil {
		n = 1
	}
	p := html(req, "")
	last := (s.cards + 9) / 10
	if n == s.brokenPage {
		p.Outcome, p.Status = harvest.ServerError, 500
		return p
	}
	if n > last {
		switch s.beyond {
		case "404":
			p.Outcome, p.Status = harvest.NotFoundPage, 404
			return p
		case "400":
			p.Outcome, p.Status = harvest.ClientError, 400
			return p
		case "500":
			p.Outcome, p.Status = harvest.ServerError, 500
			return p
		case "empty":
			p.Body = []byte("<h1>Nothing here</h1>")
			return p
		case "last":
			n = last
		case "first":
			n = 1
		case "start":
			n, p.URL = 1, start
		}
	}
	body := cards((n-1)*10+1, min(n*10, s.cards))
	switch {
	case s.selfish:
		body += `<a class="next" href="` + req.URL + `#more">Next</a>`
	case s.link && n < last:
		body += fmt.Sprintf(`<a class="next" href="?page=%d">Next</a>`, n+1)
	case s.home:
		body += `<a class="next" href="/resources">Next</a>`
	case s.loop:
		body += `<a class="next" href="?page=1">Next</a>`
	}
	p.Body = []byte(body)
	return p
}

// walk visits every listing page a door asks for, each step and URL once.
func walk(t *testing.T, d *listing.Door, fetch func(harvest.Request) *harvest.Page) (items []string, pages int, failing []harvest.Outcome, notes []string) {
	t.Helper()
	queue, _ := d.Seeds(time.Time{})
	seen := make(map[string]bool)
	for len(queue) > 0 {
		req := queue[0]
		queue = queue[1:]
		key := req.Step + " " + req.URL
		if req.Kind == harvest.KindItem {
			key = req.URL
		}
		if seen[key] {
			continue
		}
		seen[key] = true
		if req.Kind == harvest.KindItem {
			items = append(items, strings.TrimPrefix(req.URL, home))
			continue
		}
		if pages++; pages > 50 {
			t.Fatal("the walk does not end")
		}
		page := fetch(req)
		got := d.Parse(page)
		if got.Dead != "" {
			t.Fatalf("dead: %s", got.Dead)
		}
		if page.Outcome.Info().Severity == harvest.Failing && got.Expected == "" {
			failing = append(failing, page.Outcome)
		}
		notes = append(notes, got.Notes...)
		queue = append(queue, got.Requests...)
	}
	return items, pages, failing, notes
}

// TestPagination walks lists that end in every way that was met.
func TestPagination(t *testing.T) {
	pattern := config.Next{Pattern: "?page={page}"}
	tests := []struct {
		name  string
		site  site
		next  config.Next
		items int
		pages int
		note  string
		fails int
	}{
		{name: "one page", site: site{cards: 10}, items: 10, pages: 1},
		{name: "a link", site: site{cards: 35, link: true}, next: config.Next{Link: css("a.next@href")}, items: 35, pages: 4},
		{name: "a link without @href", site: site{cards: 35, link: true}, next: config.Next{Link: css("a.older", "a.next")}, items: 35, pages: 4},
		{name: "a link back to the start", site: site{cards: 30, link: true, loop: true}, next: config.Next{Link: css("a.next@href")}, items: 30, pages: 4, note: "repeats the first"},
		{name: "a link to the start page", site: site{cards: 30, link: true, home: true}, next: config.Next{Link: css("a.next@href")}, items: 30, pages: 3},
		{name: "a link to the page itself", site: site{cards: 10, selfish: true}, next: config.Next{Link: css("a.next@href")}, items: 10, pages: 1},
		{name: "a pattern that ends in 404", site: site{cards: 35, beyond: "404"}, next: pattern, items: 35, pages: 5, note: "page 5 is not there; the list ends before it"},
		{name: "a pattern that ends in 400", site: site{cards: 35, beyond: "400"}, next: pattern, items: 35, pages: 5},
		{name: "a pattern that ends without cards", site: site{cards: 35, beyond: "empty"}, next: pattern, items: 35, pages: 5, note: "page 5 has no cards"},
		{name: "a pattern that repeats the last page", site: site{cards: 35, beyond: "last"}, next: pattern, items: 35, pages: 5, note: "page 5 repeats the one before"},
		{name: "a pattern that starts again", site: site{cards: 35, beyond: "first"}, next: pattern, items: 35, pages: 5, note: "page 5 repeats the first"},
		{name: "a pattern that is sent to the start", site: site{cards: 35, beyond: "start"}, next: pattern, items: 35, pages: 5, note: "page 5 repeats the first"},
		{name: "a pattern that ends in 500", site: site{cards: 35, beyond: "500"}, next: pattern, items: 35, pages: 6, fails: 2},
		{name: "a page that fails", site: site{cards: 35, beyond: "404", brokenPage: 2}, next: pattern, items: 25, pages: 5, fails: 1},
		{name: "an absolute pattern by offset", site: site{cards: 35, beyond: "empty"}, next: config.Next{Pattern: start + "?from={offset}", Step: 10}, items: 35, pages: 5},
		{name: "a limit", site: site{cards: 35, beyond: "404"}, next: config.Next{Pattern: "?page={page}", MaxPages: 2}, items: 20, pages: 2, note: "stopped at next.max_pages, 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := open(t, source(config.Listing{ItemPages: true, Next: tt.next}))
			items, pages, failing, notes := walk(t, d, tt.site.fetch)
			if len(items) != tt.items || pages != tt.pages || len(failing) != tt.fails {
				t.Errorf("%d items, %d pages, failing %v; want %d, %d, %d", len(items), pages, failing, tt.items, tt.pages, tt.fails)
			}
			if tt.note != "" && !strings.Contains(strings.Join(notes, "\n"), tt.note) {
				t.Errorf("notes %q, want %q", notes, tt.note)
			}
		})
	}
}

// TestSecondList: a start page that breaks does not take the others with it.
func TestSecondList(t *testing.T) {
	src := source(config.Listing{ItemPages: true, Start: []string{start, home + "/news/"}})
	d := open(t, src)
	seeds, _ := d.Seeds(time.Time{})
	if len(seeds) != 2 || seeds[0].Step == seeds[1].Step {
		t.Fatalf("seeds %+v", seeds)
	}
	got := d.Parse(html(seeds[1], "<p>moved</p>"))
	if got.Dead != "" || len(got.Events) != 1 || got.Events[0].Outcome != harvest.ParseFailed {
		t.Errorf("second list: %+v, want a hole in the run and a living door", got)
	}
	if got = d.Parse(&harvest.Page{Request: seeds[1], URL: seeds[1].URL, Outcome: harvest.ServerError}); got.Dead != "" {
		t.Errorf("second list down: dead %q", got.Dead)
	}
}

func TestDead(t *testing.T) {
	tests := []struct {
		name string
		page func(harvest.Request) *harvest.Page
		want string
	}{
		{"no cards", func(r harvest.Request) *harvest.Page { return html(r, "<div class=card>x</div>") }, `no element matches item.card "article.card" or "li.item"`},
		{"cards without links", func(r harvest.Request) *harvest.Page {
			return html(r, `<article class="card"><a name="x">x</a></article><article class="card"></article>`)
		}, `none of the 2 cards has a link that item.link "a@href" finds`},
		{"not there", func(r harvest.Request) *harvest.Page {
			return &harvest.Page{Request: r, URL: r.URL, Outcome: harvest.NotFoundPage, Status: 404}
		}, "not-found (404)"},
		{"a PDF", func(r harvest.Request) *harvest.Page {
			p := html(r, "%PDF-1.7")
			p.MediaType = "application/pdf"
			return p
		}, "the listing is application/pdf"},
		{"nested beyond reason", func(r harvest.Request) *harvest.Page { return html(r, strings.Repeat("<div>", 5000)) }, "listing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := open(t, source(config.Listing{ItemPages: true, Item: config.ItemRules{Card: css("article.card", "li.item")}}))
			seeds, _ := d.Seeds(time.Time{})
			if got := d.Parse(tt.page(seeds[0])); !strings.Contains(got.Dead, tt.want) {
				t.Errorf("dead %q, want %q", got.Dead, tt.want)
			}
		})
	}
}

// links are the item addresses that a page of cards gives.
func links(p harvest.Parsed) []string {
	var out []string
	for _, r := range p.Requests {
		if r.Kind == harvest.KindItem {
			out = append(out, r.URL)
		}
	}
	return out
}

func TestLinks(t *testing.T) {
	tests := []struct {
		name   string
		body   string
		link   config.Selectors
		want   []string
		events []string // reasons
	}{
		{name: "relative", body: `<article class=card><a href="../a/?utm_source=x&id=1#top">Item A</a></article>`, want: []string{home + "/a/?id=1"}},
		{name: "base href", body: `<base href="/library/"><article class=card><a href="a">Item A</a></article>`, want: []string{home + "/library/a"}},
		{name: "the card is the link", body: `<article class=card><a href=/a/>Item A</a></article>`, link: css("a"), want: []string{home + "/a/"}},
		{name: "the title's link before the label's", body: `<article class=card><a href=/category/guidance/>Guidance</a><h3><a href=/a/>Item A</a></h3><a href=/author/x/>X</a></article>`, want: []string{home + "/a/"}},
		{name: "a heading within the link", body: `<article class=card><a href=/topic/>T</a><a href=/a/><h3>Item A</h3></a></article>`, want: []string{home + "/a/"}},
		{
			name: "fallbacks, regex and attributes", body: `<article class=card data-go="open('/a/')"><a href=#>x</a></article>`,
			link: append(css("h3 a@href"), config.Selector{Attr: "data-go", Regex: regexp.MustCompile(`open\('([^']+)'\)`)}), want: []string{home + "/a/"},
		},
		{name: "twice the same", body: `<article class=card><a href=/a/><img alt="Cover"></a><h3><a href=/a/>Item A</a></h3></article><article class=card><a href="/a/#x">Item A</a></article>`, want: []string{home + "/a/"}},
		{name: "cards within cards", body: `<article class=card><a href=/a/>Item A</a><article class=card><a href=/a/x/>Quoted</a></article></article>`, want: []string{home + "/a/"}},
		{
			name: "no links", body: cards(1, 1) + `<article class=card><h3>Bare</h3></article><article class=card><a href="#top">Up</a></article><article class=card><a href="mailto:x@example.org">Mail</a></article><article class=card><a href="javascript:void(0)">More</a></article><article class=card><a href="/resources/?utm_source=x">Self</a></article>`,
			want: []string{home + "/item-1/"}, events: []string{"the card has no link", "\"#top\"", "mailto", "javascript", "the listing itself"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := first(t, source(config.Listing{ItemPages: true, Item: config.ItemRules{Link: tt.link}}), tt.body)
			if diff := cmp.Diff(tt.want, links(got)); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
			if len(got.Events) != len(tt.events) {
				t.Fatalf("events %+v, want %d", got.Events, len(tt.events))
			}
			for i, e := range got.Events {
				if e.Outcome != harvest.NoURL || !strings.Contains(e.Reason, tt.events[i]) {
					t.Errorf("event %+v, want invalid-no-url with %q", e, tt.events[i])
				}
			}
		})
	}
}

// TestCardFields: one field at a time, with the selector that won.
func TestCardFields(t *testing.T) {
	r := func(s string) *regexp.Regexp { return regexp.MustCompile(s) }
	tests := []struct {
		name   string
		card   string
		rules  config.FieldRules
		field  string
		want   any
		get    func(*harvest.Record) any
		detail string
	}{
		{"title by the second selector", `<h4>Item A</h4>`, config.FieldRules{Title: css("h2", "h4", "h5")}, "title", "Item A", func(r *harvest.Record) any { return r.Title }, "h4 (2 of 3)"},
		{"title by default", `<a href=/a/>Read more</a><h4>Item &amp;amp; A</h4>`, config.FieldRules{}, "title", "Item & A", func(r *harvest.Record) any { return r.Title }, "heading"},
		{"title of a picture", `<a href=/a/><img alt="Item A"></a>`, config.FieldRules{}, "title", "Item A", func(r *harvest.Record) any { return r.Title }, "img[alt]"},
		{"title for those who cannot see", `<a href=/a/ aria-label="Item A">Read more</a>`, config.FieldRules{}, "title", "Item A", func(r *harvest.Record) any { return r.Title }, "a[aria-label]"},
		{"labels that stand together", `<div class=label><span>Guidance</span><span>Publications</span></div>`, config.FieldRules{Category: css(".label")}, "categories_raw", []string{"Guidance", "Publications"}, func(r *harvest.Record) any { return r.CategoriesRaw }, ".label"},
		{"labels side by side", `<a class=l>Guidance</a><a class=l>Reports</a>`, config.FieldRules{Category: css(".x", ".l")}, "categories_raw", []string{"Guidance", "Reports"}, func(r *harvest.Record) any { return r.CategoriesRaw }, ".l (2 of 2)"},
		{"a label that is the title", `<h3 class=l>Item A</h3><a class=l>Reports</a>`, config.FieldRules{Title: css("h3"), Category: css(".l")}, "categories_raw", []string{"Reports"}, func(r *harvest.Record) any { return r.CategoriesRaw }, ".l"},
		{"a label in an attribute", `<i data-type="Guidance"></i>`, config.FieldRules{Category: css("i@data-type")}, "category_raw", "Guidance", func(r *harvest.Record) any { return r.CategoryRaw }, "i@data-type"},
		{"a summary in paragraphs", `<div class=s><p>One.</p><p>Two.</p></div>`, config.FieldRules{Summary: css(".s")}, "summary", "One.\n\nTwo.", func(r *harvest.Record) any { return r.Summary }, ".s"},
		{"a date as printed", `<time datetime="2021-03-15">March 2021</time>`, config.FieldRules{Date: css("time")}, "published", harvest.MonthDate(2021, 3), func(r *harvest.Record) any { return r.Published }, "time"},
		{"a date in the attribute only", `<time datetime="2021-03-15T08:00">last week</time>`, config.FieldRules{Date: css("time")}, "published", harvest.DayDate(2021, 3, 15), func(r *harvest.Record) any { return r.Published }, "time"},
		{"a date by regex", `<p class=m>Toolkit, 15 March 2021, 40 pages</p>`, config.FieldRules{Date: config.Selectors{{CSS: ".m", Regex: r(`\d+ \w+ \d{4}`)}}}, "published", harvest.DayDate(2021, 3, 15), func(r *harvest.Record) any { return r.Published }, `.m /\d+ \w+ \d{4}/`},
		{"a selector that finds no date gives way", `<p class=m>soon</p><p class=n>2021</p>`, config.FieldRules{Date: css(".m", ".n")}, "published", harvest.YearDate(2021), func(r *harvest.Record) any { return r.Published }, ".n (2 of 2)"},
		{"modified", `<p class=m>2022-01-02</p>`, config.FieldRules{Modified: css(".m")}, "modified", harvest.DayDate(2022, 1, 2), func(r *harvest.Record) any { return r.Modified }, ".m"},
		{"authors", `<p class=by>By Amina Diallo; Li Wei</p>`, config.FieldRules{Author: css(".by")}, "authors", []string{"Amina Diallo", "Li Wei"}, func(r *harvest.Record) any { return r.Authors }, ".by"},
		{"publisher", `<p class=p>Institute for Decent Work</p>`, config.FieldRules{Publisher: css(".p")}, "publisher", "Institute for Decent Work", func(r *harvest.Record) any { return r.Publisher }, ".p"},
		{"language", `<p class=p lang=pt_br>x</p>`, config.FieldRules{Language: css(".p@lang")}, "language", "pt-BR", func(r *harvest.Record) any { return r.Language.Declared }, ".p@lang"},
		{"document", `<a class=d href=/files/a.pdf>PDF</a>`, config.FieldRules{Document: css("a.d")}, "documents", []harvest.Document{{URL: home + "/files/a.pdf", MediaType: "application/pdf"}}, func(r *harvest.Record) any { return r.Documents }, "a.d"},
		{"citation", `<p class=c>Item A - Institute for Decent Work, March 2021 <a href=/files/a.pdf>DOWNLOAD</a></p>`, config.FieldRules{Citation: css(".c")}, "publisher", "Institute for Decent Work", func(r *harvest.Record) any { return r.Publisher }, ".c"},
		{"a citation's document", `<p class=c>Item A - Institute for Decent Work, March 2021 <a href=/files/a.pdf>DOWNLOAD</a></p>`, config.FieldRules{Citation: css(".c")}, "documents", []harvest.Document{{URL: home + "/files/a.pdf", MediaType: "application/pdf"}}, func(r *harvest.Record) any { return r.Documents }, ".c"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := config.Listing{ItemPages: true, Item: config.ItemRules{FieldRules: tt.rules}}
			got := first(t, source(l), `<article class="card"><a href="/item/"></a>`+tt.card+`</article>`)
			if len(got.Requests) != 1 {
				t.Fatalf("requests %+v, events %+v, dead %q", got.Requests, got.Events, got.Dead)
			}
			card := got.Requests[0].Card
			if diff := cmp.Diff(tt.want, tt.get(card)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.field, diff)
			}
			e := card.Provenance[tt.field]
			if e.Detail != tt.detail || e.Page != start || !slices.Contains([]string{"selector", "citation", "text"}, e.Basis) {
				t.Errorf("evidence %+v, want %q on %s", e, tt.detail, start)
			}
		})
	}
}

// TestCutSummaries are marked and never shown as whole.
func TestCutSummaries(t *testing.T) {
	l := config.Listing{Item: config.ItemRules{FieldRules: config.FieldRules{Summary: css(".s")}}}
	for text, cut := range map[string]bool{
		"Fees keep workers in debt and make them dep...Read More":                true,
		"Fees keep workers in debt and make them [&hellip;]":                     true,
		"Fees keep workers in debt and make them…":                               true,
		"Fees keep workers in debt.":                                             false,
		`Fees keep workers in debt and make th... <a href="/a/">Read More</a>`:   true,
		`<p>Fees keep workers in debt and make th…</p><a href=/a/>Read more</a>`: true,
	} {
		got := first(t, source(l), `<article class="card"><h3><a href="/a/">Item A</a></h3><div class=s>`+text+`</div></article>`)
		if len(got.Records) != 1 {
			t.Fatalf("%q: %+v", text, got)
		}
		r := got.Records[0]
		if r.SummaryBasis != (harvest.SummaryBasis{Kind: harvest.SummaryCard, Truncated: cut}) || strings.Contains(r.Summary, "Read") || strings.HasSuffix(r.Summary, ".") == cut {
			t.Errorf("%q: summary %q, %+v; want cut %v", text, r.Summary, r.SummaryBasis, cut)
		}
	}
}

// TestRecordsFromCards: cards that say all, and cards that lead to a file.
func TestRecordsFromCards(t *testing.T) {
	t.Run("item_pages: false", func(t *testing.T) {
		got := first(t, source(config.Listing{}), cards(1, 3)+`<article class="card"><a href="/bare/"></a></article>`)
		if len(got.Records) != 3 || len(got.Requests) != 0 {
			t.Errorf("%d records, %d requests", len(got.Records), len(got.Requests))
		}
		if len(got.Events) != 1 || got.Events[0].Outcome != harvest.NoTitle || got.Events[0].URL != home+"/bare/" {
			t.Errorf("events %+v, want invalid-no-title", got.Events)
		}
	})
	t.Run("a card that leads to a file", func(t *testing.T) {
		got := first(t, source(config.Listing{ItemPages: true}), `<article class="card"><h3><a href="/files/a.pdf">Item A</a></h3></article>`)
		if len(got.Records) != 1 || len(got.Requests) != 0 {
			t.Fatalf("%d records, %d requests", len(got.Records), len(got.Requests))
		}
		want := []harvest.Document{{URL: home + "/files/a.pdf", MediaType: "application/pdf"}}
		if diff := cmp.Diff(want, got.Records[0].Documents); diff != "" || got.Records[0].URL != home+"/files/a.pdf" {
			t.Errorf("record %+v", got.Records[0])
		}
	})
}

// TestRobotsMeta: a listing's own wishes.
func TestRobotsMeta(t *testing.T) {
	next := config.Next{Pattern: "?page={page}"}
	tests := []struct {
		name, meta        string
		itemPages         bool
		records, requests int
	}{
		{"follow", `<meta name=robots content="noindex, follow">`, true, 0, 4},
		{"nofollow", `<meta name="ROBOTS" content="index, NoFollow">`, true, 3, 0},
		{"none", `<meta name=robots content=none>`, true, 0, 0},
		{"noindex cards", `<meta name=robots content=noindex>`, false, 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := first(t, source(config.Listing{ItemPages: tt.itemPages, Next: next}), tt.meta+cards(1, 3))
			if len(got.Records) != tt.records || len(got.Requests) != tt.requests {
				t.Errorf("%d records, %d requests, notes %v", len(got.Records), len(got.Requests), got.Notes)
			}
		})
	}
}

// TestBadSelectors are all named at once.
func TestBadSelectors(t *testing.T) {
	src := source(config.Listing{Item: config.ItemRules{Card: css("div["), FieldRules: config.FieldRules{Title: css("h3", "::x(")}}})
	_, err := listing.New(src, nil, 0)
	if err == nil || !strings.Contains(err.Error(), "item.card") || !strings.Contains(err.Error(), "item.title") {
		t.Errorf("error %v, want both selectors named", err)
	}
}

func TestCardsGoOnOverWhatFollows(t *testing.T) {
	src := source(config.Listing{ItemPages: true, Item: config.ItemRules{Card: css("dt"), Link: css("dt a"), WithFollowing: true, FieldRules: config.FieldRules{
		Title: css("dt"), Date: css("dd.date"), Summary: css("dd.text"),
	}}})
	got := first(t, src, `<html><body><dl>
<dt><a href="/one">Wages withheld at sea</a></dt><dd class="date">3 May 2021</dd><dd class="text">Eleven crews.</dd>
<dt><a href="/two">Recruitment fees</a></dt><dd class="date">4 May 2021</dd></dl>
<dl><dt><a href="/three">Brick kilns</a></dt><dd class="text">Three seasons.</dd></dl>`)
	if len(got.Requests) != 3 {
		t.Fatalf("%+v", got)
	}
	for i, want := range []struct{ title, date, summary string }{
		{"Wages withheld at sea", "2021-05-03", "Eleven crews."}, {"Recruitment fees", "2021-05-04", ""}, {"Brick kilns", "", "Three seasons."},
	} {
		c := got.Requests[i].Card
		if c.Title != want.title || c.Published.Value != want.date || c.Summary != want.summary {
			t.Errorf("card %d: %q, %q, %q; want %+v", i+1, c.Title, c.Published.Value, c.Summary, want)
		}
	}
	src = source(config.Listing{ItemPages: true, Item: config.ItemRules{Card: css("h3"), WithFollowing: true, FieldRules: config.FieldRules{Summary: css("p")}}})
	got = first(t, src, `<html><body><h2>2021</h2><h3><a href="/one">Wages withheld at sea</a></h3><p>Eleven crews.</p>
<h2>2020</h2><p>Before.</p><h3><a href="/two">Recruitment fees</a></h3><p>Three corridors.</p><h2>About</h2><p>We are a library.</p>`)
	if len(got.Requests) != 2 || got.Requests[0].Card.Summary != "Eleven crews." || got.Requests[1].Card.Summary != "Three corridors." {
		t.Errorf("headings: %+v", got.Requests)
	}
}
