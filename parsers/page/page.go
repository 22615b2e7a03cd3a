package page

import (
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// Candidate is one value that a field could have had.
type Candidate struct {
	Value string `json:"value"`
	// Basis and Detail say where the value stands, see [harvest.Evidence].
	Basis  string `json:"basis"`
	Detail string `json:"detail,omitempty"`
	// Score ranks the candidates of a field, highest first; it has no unit.
	Score int `json:"score"`
	// Signs are what was weighed, for fields that are decided by weights.
	Signs []string `json:"signs,omitempty"`
	// Rejected says why the value was not taken; empty for the winner.
	Rejected string `json:"rejected,omitempty"`
}

// Result is what a page says.
type Result struct {
	// Record holds the fields found, with provenance. ID, Source and what
	// [normalize.Finish] derives are left to others; Title is empty when the
	// page has none.
	Record harvest.Record `json:"record"`
	// Candidates are all values considered, by the JSON name of their field,
	// best first.
	Candidates map[string][]Candidate `json:"candidates,omitempty"`
	// Tags are the page's keywords, as printed.
	Tags []string `json:"tags,omitempty"`
	// ShownDate is the only date that a reader finds on the page, where that is the
	// one of the last change: it is printed, and that of publication is only
	// declared, or nowhere. It is zero on all other pages.
	ShownDate harvest.Date `json:"shown_date,omitzero"`
	// SiteName is what the site calls itself.
	SiteName string `json:"site_name,omitempty"`
	// NoIndex and NoFollow are the directives of <meta name="robots">.
	NoIndex  bool `json:"no_index,omitempty"`
	NoFollow bool `json:"no_follow,omitempty"`
	// CanonicalURL is what rel=canonical names, in normal form; empty
	// when the page names none or one that cannot be meant.
	CanonicalURL string `json:"canonical_url,omitempty"`
	// NativeID is the item's number at its site, such as "wp:123".
	NativeID string `json:"native_id,omitempty"`
	// Text is the readable text of the item, for detecting what it is about.
	Text string `json:"-"`
	// Notes say what limited the reading, such as a page nested too deep.
	Notes []string `json:"notes,omitempty"`
	// Says are what the page states that may be a habit of its site.
	Says []harvest.Habit `json:"-"`
}

// Extract reads the page. The body must be UTF-8, as fetch leaves it. Dates more
// than two days after the page was fetched are refused, unless the page is of an
// event.
func Extract(p *harvest.Page, rules config.PageRules) Result {
	return ExtractBy(nil, p, rules)
}

// ExtractBy is [Extract] for a page of a source whose habits are known.
func ExtractBy(known harvest.Habits, p *harvest.Page, rules config.PageRules) Result {
	doc, notes := parse(decode(p.Body, "utf-8"))
	e := newExtractor(p.URL, doc, rules)
	e.habits = KnownHabits(known)
	if !p.FetchedAt.IsZero() {
		e.latest = p.FetchedAt.Add(48 * time.Hour) // somewhere on earth it is tomorrow already
	}
	e.gather()
	r := e.decide()
	r.Notes = append(notes, r.Notes...)
	return r
}

// ExtractBytes reads the bytes of a saved page that stood at url. charset is
// the encoding that its HTTP header named, empty when there is none; then the
// byte order mark, the page's own declaration and its content decide (WHATWG
// HTML, section 13.2.3.2). The same bytes always give the same result.
func ExtractBytes(url string, body []byte, charset string, rules config.PageRules) Result {
	return ExtractKnowing(nil, url, body, charset, rules)
}

// ExtractKnowing is [ExtractBytes] for a page of a site whose habits are known;
// nil when they are not. The same bytes and habits always give the same result.
func ExtractKnowing(habits *Habits, url string, body []byte, charset string, rules config.PageRules) Result {
	doc, notes := parse(decode(body, charset))
	e := newExtractor(url, doc, rules)
	e.habits = habits
	e.gather()
	r := e.decide()
	r.Notes = append(notes, r.Notes...)
	return r
}

// ExtractDocument reads a page that is parsed already. It changes the
// document only when rules.Remove takes elements out of it.
func ExtractDocument(url string, doc *goquery.Document, rules config.PageRules) Result {
	e := newExtractor(url, doc, rules)
	e.gather()
	return e.decide()
}
