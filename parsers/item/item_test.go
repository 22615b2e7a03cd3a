package item_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/item"
)

const (
	home = "https://library.example.org"
	at   = home + "/resources/fees/"
)

var reading = item.Reading{
	Source: &config.Source{ID: "library", Name: "Example Library", Homepage: home},
	Lists:  []string{home + "/resources/"},
}

// api is the reading of a door whose cards are an API's replies.
func api() item.Reading {
	r := reading
	r.CardWins = true
	return r
}

const article = `<!doctype html><html lang="en"><head><title>How recruitment fees are paid - Example Library</title>
<link rel="canonical" href="` + at + `"></head><body><main><article><h1>How recruitment fees are paid</h1>
<p>Recruitment fees are paid in three ways, and each leaves another trace in the books of the agent who takes them.</p>
<p>The report follows twelve hundred workers through two years and four countries, from the first promise to the last instalment.</p>
</article></main></body></html>`

func card() *harvest.Record {
	return &harvest.Record{
		URL: at, CanonicalURL: at, Title: "How recruitment fees are paid",
		CategoryRaw: "Reports", CategoriesRaw: []string{"Reports"},
		Provenance: map[string]harvest.Evidence{
			"title": {Basis: "selector", Detail: "h3", Page: home + "/resources/"}, "categories_raw": {Basis: "selector", Detail: ".label"},
		},
	}
}

func page(body string, change ...func(*harvest.Page)) *harvest.Page {
	p := &harvest.Page{
		Request: harvest.Request{URL: at, Kind: harvest.KindItem, Step: "item", Card: card()},
		URL:     at, Outcome: harvest.Fetched, Status: 200, MediaType: "text/html", Body: []byte(body),
	}
	for _, c := range change {
		c(p)
	}
	return p
}

func ended(o harvest.Outcome, status int) func(*harvest.Page) {
	return func(p *harvest.Page) { p.Outcome, p.Status, p.Body = o, status, nil }
}

// TestEndings: what becomes of an item by how its page ends.
func TestEndings(t *testing.T) {
	file := func(mediaType string, o harvest.Outcome) func(*harvest.Page) {
		return func(p *harvest.Page) {
			p.MediaType, p.Outcome = mediaType, o
			if o != harvest.Fetched {
				p.Body = nil
			}
		}
	}
	redirected := func(to string) func(*harvest.Page) { return func(p *harvest.Page) { p.URL = to } }
	noCard := func(p *harvest.Page) { p.Request.Card = nil }
	const one, none = 1, 0
	tests := []struct {
		name     string
		page     *harvest.Page
		records  int // with a listing's card
		byAPI    int // with an API's
		event    harvest.Outcome
		document string
	}{
		{"a page", page(article), one, one, "", ""},
		{"a page without a card", page(article, noCard), one, one, "", ""},
		{"nothing on the page, no card", page("", noCard), none, none, harvest.NoTitle, ""},
		{"noindex", page(`<meta name=robots content="noindex">` + article), none, none, harvest.NoIndexed, ""},
		{"noindex in the header", page(article, func(p *harvest.Page) { p.NoIndex = true }), none, none, harvest.NoIndexed, ""},
		{"sent home", page(article, redirected(home+"/")), none, none, harvest.NotFoundPage, ""},
		{"sent to the listing", page(article, redirected(home+"/resources?utm_source=x")), none, none, harvest.NotFoundPage, ""},
		{"sent to its new address", page(article, redirected(home+"/reports/fees/")), one, one, "", ""},
		{"not found with status 200", page(`<title>Page not found</title><h1>Page not found</h1>`), none, none, harvest.NotFoundPage, ""},
		{"not found", page("", ended(harvest.NotFoundPage, 404)), none, one, "", ""},
		{"gone", page("", ended(harvest.GonePage, 410)), none, one, "", ""},
		{"closed by robots.txt", page("", ended(harvest.RobotsDenied, 0)), one, one, "", ""},
		{"for members", page("", ended(harvest.AccessDenied, 403)), one, one, "", ""},
		{"led away", page("", ended(harvest.OffScope, 200)), one, one, "", ""},
		// for now: the record must not be replaced by less than is known of it
		{"down", page("", ended(harvest.ServerError, 503)), none, none, "", ""},
		{"too slow", page("", ended(harvest.TimedOut, 0)), none, none, "", ""},
		{"stopped", page("", ended(harvest.Cancelled, 0)), none, none, "", ""},
		{"not modified", page("", ended(harvest.NotModified, 304)), none, none, "", ""},
		{"a PDF", page("%PDF-1.7 ...", file("application/pdf", harvest.Fetched)), one, one, "", "application/pdf"},
		{"a PDF that says it is a page", page("%PDF-1.7 ..."), one, one, "", "application/pdf"},
		{"a PDF that is not wanted", page("", file("application/pdf", harvest.UnexpectedType)), one, one, "", "application/pdf"},
		{"a huge PDF", page("", file("application/pdf", harvest.TooLarge)), one, one, "", "application/pdf"},
		{"a PDF without a card", page("%PDF-1.7 ...", noCard), none, none, harvest.NoTitle, ""},
		{"a picture", page("", file("image/png", harvest.UnexpectedType)), none, none, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for who, r := range map[string]item.Reading{"listing": reading, "API": api()} {
				got, want := item.Parse(tt.page, r), tt.records
				if r.CardWins {
					want = tt.byAPI
				}
				if len(got.Records) != want {
					t.Fatalf("%s: %d records, events %+v; want %d", who, len(got.Records), got.Events, want)
				}
				if event := tt.event; want == 0 && event != "" && !slices.ContainsFunc(got.Events, func(e harvest.Event) bool { return e.Outcome == event && e.Reason != "" }) {
					t.Errorf("%s: events %+v, want %s", who, got.Events, event)
				}
				if want == 0 {
					continue
				}
				rec := got.Records[0]
				if rec.URL != tt.page.URL { // the card has no native identifier
					t.Errorf("%s: url %q, want the final one, %q", who, rec.URL, tt.page.URL)
				}
				if tt.document != "" && (len(rec.Documents) != 1 || rec.Documents[0].URL != at || rec.Documents[0].MediaType != tt.document) {
					t.Errorf("%s: documents %+v", who, rec.Documents)
				}
			}
		})
	}
}

// TestCanonical: which declared address becomes the item's identity.
func TestCanonical(t *testing.T) {
	for _, tt := range []struct{ name, canonical, want, note string }{
		{"itself", at, at, ""},
		{"a shorter address of the same host", "/fees/", home + "/fees/", ""},
		{"with www.", "https://www.library.example.org/fees/", "https://www.library.example.org/fees/", ""},
		// seen where a staging site was copied to its place
		{"another host", "https://staging.example.net/resources/fees/", at, "it is on another host, staging.example.net"},
		// seen where a theme prints one canonical on every page
		{"the front page", home + "/", at, ""},
		{"the listing", home + "/resources/", at, "it is the listing"},
		{"none", "", at, ""},
		{"nonsense", "http://[", at, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := strings.Replace(article, `href="`+at+`"`, `href="`+tt.canonical+`"`, 1)
			got := item.Parse(page(body), reading)
			if len(got.Records) != 1 || got.Records[0].CanonicalURL != tt.want || got.Records[0].URL != at {
				t.Fatalf("records %+v, want canonical %q", got.Records, tt.want)
			}
			if !strings.Contains(strings.Join(got.Notes, "\n"), tt.note) {
				t.Errorf("notes %q, want %q", got.Notes, tt.note)
			}
		})
	}
}

// TestMerge: field by field, with the evidence of the side that won.
func TestMerge(t *testing.T) {
	const long = "Recruitment fees are paid in three ways, and each leaves another trace in the books of the agent who takes them."
	const cut = "Recruitment fees are paid in three ways, and each leaves ano"
	type side struct {
		rec   harvest.Record
		basis string // of the field in question
	}
	has := func(basis string, rec harvest.Record) side { return side{rec: rec, basis: basis} }
	summary := func(text string, kind harvest.SummaryKind, isCut bool) harvest.Record {
		return harvest.Record{Summary: text, SummaryBasis: harvest.SummaryBasis{Kind: kind, Truncated: isCut}}
	}
	titled := func(s string) harvest.Record { return harvest.Record{Title: s} }
	dated := func(d harvest.Date) harvest.Record { return harvest.Record{Published: d} }
	by := func(s string) harvest.Record { return harvest.Record{Publisher: s} }

	tests := []struct {
		name      string
		field     string
		card, own side
		listing   string // "card" or "own"
		api       string
	}{
		{"titles", "title", has("selector", titled("Fees")), has("meta", titled("How fees are paid")), "own", "card"},
		{"no title on the page", "title", has("selector", titled("Fees")), has("", titled("")), "card", "card"},
		{"no title on the card", "title", has("", titled("")), has("meta", titled("Fees")), "own", "own"},
		{"a title with the site's name behind", "title", has("selector", titled("How fees are paid")), has("meta", titled("How fees are paid | Example Library")), "card", "card"},
		{"a title with the site's name before", "title", has("selector", titled("How fees are paid")), has("meta", titled("Example Library: How fees are paid")), "card", "card"},
		{"a title that says more", "title", has("selector", titled("How fees are paid")), has("heading", titled("How fees are paid: evidence from four countries")), "own", "card"},
		{"a title signed with the host", "title", has("selector", titled("How fees are paid")), has("meta", titled("How fees are paid - library.example.org")), "card", "card"},
		{"a title that is the site's name", "title", has("selector", titled("Fees")), has("meta", titled("Example Library")), "card", "card"},
		{"a title for a front page", "title", has("selector", titled("Fees")), has("meta", titled("Home")), "card", "card"},
		{"a cut title on the page", "title", has("selector", titled("How fees are paid in four countries")), has("meta", titled("How fees are paid in…")), "card", "card"},
		{"a cut title on the card", "title", has("selector", titled("How fees are paid in…")), has("meta", titled("How fees are paid in four countries")), "own", "card"},
		{"a title that is selected", "title", has("selector", titled("Fees")), has("selector", titled("Example Library")), "own", "own"},

		{"a cut summary is completed", "summary", has("selector", summary(cut, harvest.SummaryCard, true)), has("text", summary(long, harvest.SummaryLead, false)), "own", "own"},
		{"a cut summary and a line about the site", "summary", has("selector", summary(cut, harvest.SummaryCard, true)), has("meta", summary("A library of reports.", harvest.SummaryDescription, false)), "card", "card"},
		{"a cut summary and a shorter cut one", "summary", has("selector", summary(cut, harvest.SummaryCard, true)), has("meta", summary(cut[:30], harvest.SummaryDescription, true)), "card", "card"},
		{"a cut summary and nothing", "summary", has("selector", summary(cut, harvest.SummaryCard, true)), has("", harvest.Record{}), "card", "card"},
		{"a whole summary and a cut one", "summary", has("selector", summary(long, harvest.SummaryCard, false)), has("meta", summary(cut, harvest.SummaryDescription, true)), "card", "card"},
		{"two whole summaries", "summary", has("selector", summary(long, harvest.SummaryCard, false)), has("text", summary(long+" "+long, harvest.SummaryLead, false)), "own", "card"},
		{"a summary that is selected", "summary", has("selector", summary(long, harvest.SummaryCard, false)), has("selector", summary("Short.", harvest.SummaryAbstract, false)), "own", "own"},

		{"a stated date", "published", has("selector", dated(harvest.YearDate(2021))), has("json-ld", dated(harvest.DayDate(2021, 3, 15))), "own", "own"},
		{"another stated date", "published", has("selector", dated(harvest.YearDate(2020))), has("json-ld", dated(harvest.DayDate(2021, 3, 15))), "own", "card"},
		{"a guessed date", "published", has("selector", dated(harvest.YearDate(2020))), has("text", dated(harvest.DayDate(2021, 3, 15))), "card", "card"},
		{"the day of the same month", "published", has("selector", dated(harvest.DayDate(2021, 3, 15))), has("json-ld", dated(harvest.MonthDate(2021, 3))), "card", "card"},
		{"a date that is selected", "published", has("door", dated(harvest.DayDate(2023, 1, 1))), has("citation", dated(harvest.MonthDate(2021, 3))), "own", "own"},

		{"the site as publisher", "publisher", has("selector", by("Institute")), has("meta", by("Example Library")), "card", "card"},
		{"a publisher where the card has none", "publisher", has("", by("")), has("meta", by("Institute")), "own", "own"},
		{"a publisher that is selected", "publisher", has("selector", by("Institute")), has("citation", by("Institute for Decent Work")), "own", "card"},

		{"authors", "authors", has("text", harvest.Record{Authors: []string{"A"}}), has("meta", harvest.Record{Authors: []string{"Amina Diallo"}}), "own", "card"},
	}
	value := func(r *harvest.Record, field string) any {
		switch field {
		case "title":
			return r.Title
		case "summary":
			return []any{r.Summary, r.SummaryBasis}
		case "published":
			return r.Published
		case "publisher":
			return r.Publisher
		}
		return r.Authors
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for who, r := range map[string]item.Reading{"listing": reading, "API": api()} {
				card, own := tt.card.rec, tt.own.rec
				card.Provenance = map[string]harvest.Evidence{tt.field: {Basis: tt.card.basis, Detail: "card"}}
				own.Provenance = map[string]harvest.Evidence{tt.field: {Basis: tt.own.basis, Detail: "own"}}
				want, from := tt.listing, &card
				if r.CardWins {
					want = tt.api
				}
				if want == "own" {
					from = &own
				}
				got := item.Merge(&card, &own, r)
				if diff := cmp.Diff(value(from, tt.field), value(&got, tt.field)); diff != "" {
					t.Errorf("%s, want the value of %s:\n%s", who, want, diff)
				}
				if e := got.Provenance[tt.field]; e.Detail != want {
					t.Errorf("%s: evidence %+v, want that of %s", who, e, want)
				}
			}
		})
	}
}

// TestMergeKeepsBoth: labels and files of both sides, the card's first.
func TestMergeKeepsBoth(t *testing.T) {
	card := &harvest.Record{
		CategoryRaw: "Guidance", CategoriesRaw: []string{"Guidance"},
		Documents: []harvest.Document{{URL: home + "/a.pdf"}},
	}
	own := &harvest.Record{
		CategoryRaw: "Reports", CategoriesRaw: []string{"Reports", "guidance"},
		Documents: []harvest.Document{{URL: home + "/b.pdf"}, {URL: home + "/a.pdf", Title: "The guide"}},
	}
	got := item.Merge(card, own, reading)
	if diff := cmp.Diff([]string{"Guidance", "Reports"}, got.CategoriesRaw); diff != "" || got.CategoryRaw != "Guidance" {
		t.Errorf("labels, deciding %q (-want +got):\n%s", got.CategoryRaw, diff)
	}
	if diff := cmp.Diff([]harvest.Document{{URL: home + "/a.pdf", Title: "The guide"}, {URL: home + "/b.pdf"}}, got.Documents); diff != "" {
		t.Errorf("documents (-want +got):\n%s", diff)
	}
	if card.Documents[0].Title != "" || len(card.CategoriesRaw) != 1 {
		t.Error("the card was changed")
	}
}

// TestCardIsNotChanged: the request is in the journal; parsing it again must
// give the same.
func TestCardIsNotChanged(t *testing.T) {
	p := page(article)
	want := *card()
	first := item.Parse(p, reading)
	if diff := cmp.Diff(&want, p.Request.Card); diff != "" {
		t.Errorf("card (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(first, item.Parse(p, reading)); diff != "" {
		t.Errorf("the second reading differs:\n%s", diff)
	}
}

// TestCardIsCompleted: of all texts on a page the one that begins like the cut
// card is the item's, whatever else calls itself its description.
func TestCardIsCompleted(t *testing.T) {
	const whole = "Recruiters came to the camp before the second week was over, and what they promised was written on the backs of ration cards."
	const slogan = "The Example Library collects what governments, unions and researchers have published on forced labour, in six languages and free of charge for everybody who asks."
	body := `<!doctype html><html lang="en"><head><title>Fees</title><meta name="description" content="` + slogan + `"></head>
		<body><main><article><h1>How recruitment fees are paid</h1><p class="intro">This page belongs to a series that started in the spring of the year before last.</p>
		<div><p>` + whole + `</p></div><p>More of the same follows in the chapters below, each with its own list of sources.</p></article></main></body></html>`
	p := page(body, func(p *harvest.Page) {
		p.Request.Card.Summary = "Recruiters came to the camp before the second week was over, and what they pro"
		p.Request.Card.SummaryBasis = harvest.SummaryBasis{Kind: harvest.SummaryCard, Truncated: true}
	})
	got := item.Parse(p, reading)
	if len(got.Records) != 1 {
		t.Fatalf("records %+v", got.Records)
	}
	r := got.Records[0]
	if !strings.HasPrefix(r.Summary, whole) || r.SummaryBasis.Truncated || r.Provenance["summary"].Page != at {
		t.Errorf("summary %q, %+v, %+v; want the text that the card cuts", r.Summary, r.SummaryBasis, r.Provenance["summary"])
	}

	selected := reading
	selected.Rules.Summary = config.Selectors{{CSS: ".intro"}}
	if r := item.Parse(p, selected).Records[0]; !strings.HasPrefix(r.Summary, "This page belongs") {
		t.Errorf("summary %q, want what the source file selects", r.Summary)
	}
}

// TestIdentifiedCardKeepsItsAddress: what an API numbers stands where it says.
func TestIdentifiedCardKeepsItsAddress(t *testing.T) {
	p := page(article, func(p *harvest.Page) {
		p.URL = home + "/moved/"
		p.Request.Card.NativeID = "wp:7"
	})
	got := item.Parse(p, api())
	if len(got.Records) != 1 || got.Records[0].URL != at || got.Records[0].NativeID != "wp:7" {
		t.Errorf("records %+v, want wp:7 at %s", got.Records, at)
	}
}
