package item

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/page"
)

// Reading says how a door has its item pages read.
type Reading struct {
	Source     *config.Source
	Vocabulary *config.Vocabulary
	Rules      config.PageRules
	// Lists are the door's own start pages, which no item can be.
	Lists []string
	// CardWins is true when the card is an API's reply: then the page only
	// fills what is missing, and what the source file has selectors for. A
	// listing's card gives way to the page.
	CardWins bool
}

// Parse reads the item page of a request, which may carry a card. It answers
// for pages of every outcome: where the page is closed to us for good, the card
// alone stands; where it failed for now, nothing is recorded, so that a record
// is not replaced by less than is known of it.
func Parse(p *harvest.Page, r Reading) harvest.Parsed {
	parsed, _ := Read(p, r)
	return parsed
}

// Read is [Parse] with what was found on the page itself, nil when there was
// no page to look at.
func Read(p *harvest.Page, r Reading) (harvest.Parsed, *page.Result) {
	var out harvest.Parsed
	card := cardOf(p)
	if kind := documentType(p); kind != "" {
		fromDocument(&out, p, card, kind, r)
		return out, nil
	}
	switch p.Outcome {
	case harvest.Fetched:
	case harvest.RobotsDenied, harvest.OffScope, harvest.AccessDenied, harvest.LoginRequired:
		cardAlone(&out, p, card, r)
		return out, nil
	case harvest.NotFoundPage, harvest.GonePage:
		if r.CardWins { // the API says it is published
			cardAlone(&out, p, card, r)
		}
		return out, nil
	default:
		return out, nil
	}
	if where := leadsBack(p, r); where != "" {
		out.Events = []harvest.Event{{Outcome: harvest.NotFoundPage, URL: p.Request.URL, Reason: "redirected to " + where}}
		return out, nil
	}
	found := page.ExtractBy(r.Source.Habits, p, r.Rules)
	out.Notes = append(out.Notes, found.Notes...)
	switch {
	case found.NoIndex || p.NoIndex:
		out.Events = []harvest.Event{{Outcome: harvest.NoIndexed, URL: p.URL, Reason: "the page says noindex"}}
	case saysNotFound(found.Record.Title, card.Title):
		out.Events = []harvest.Event{{Outcome: harvest.NotFoundPage, URL: p.URL, Reason: fmt.Sprintf("its title is %q", found.Record.Title)}}
	default:
		rec := join(p, card, &found, r, &out)
		out.Says = found.Says
		out.Content = contentHash(found.Text)
		Finish(&out, &rec, r.Source, r.Vocabulary)
	}
	return out, &found
}

// cardOf is a copy of the request's card, empty when there is none. Parsing
// changes it and must not change the request.
func cardOf(p *harvest.Page) *harvest.Record {
	if p.Request.Card == nil {
		return &harvest.Record{Provenance: make(map[string]harvest.Evidence)}
	}
	c := *p.Request.Card
	c.Provenance = maps.Clone(c.Provenance)
	if c.Provenance == nil {
		c.Provenance = make(map[string]harvest.Evidence)
	}
	c.TitleAlt, c.CategoriesRaw, c.Authors = slices.Clone(c.TitleAlt), slices.Clone(c.CategoriesRaw), slices.Clone(c.Authors)
	c.Documents, c.Translations = slices.Clone(c.Documents), slices.Clone(c.Translations)
	c.Countries, c.Regions, c.Topics = slices.Clone(c.Countries), slices.Clone(c.Regions), slices.Clone(c.Topics)
	return &c
}

// join merges page and card and settles the addresses.
func join(p *harvest.Page, card *harvest.Record, found *page.Result, r Reading, out *harvest.Parsed) harvest.Record {
	own := found.Record
	complete(card, &own, found)
	rec := Merge(card, &own, r)
	if rec.NativeID == "" && found.NativeID != "" {
		rec.NativeID = found.NativeID
		rec.Provenance["native_id"] = harvest.Evidence{Basis: "meta", Detail: "shortlink or body class", Page: p.URL}
	}
	if !keepsAddress(&rec, r) {
		rec.URL = address(p)
	}
	rec.CanonicalURL = rec.URL
	if keepsAddress(&rec, r) && card.CanonicalURL != "" {
		rec.CanonicalURL = card.CanonicalURL
	}
	if found.CanonicalURL == "" {
		return rec
	}
	if why := distrust(found.CanonicalURL, p.URL, r); why != "" {
		out.Notes = append(out.Notes, "items name a canonical address that is not believed: "+why)
		delete(rec.Provenance, "canonical_url")
	} else {
		rec.CanonicalURL = found.CanonicalURL
		rec.Provenance["canonical_url"] = own.Provenance["canonical_url"]
	}
	return rec
}

// keepsAddress reports whether a record stands at the address that its card
// gave. An API names it; elsewhere the address at which the page was found
// counts, because without a native identifier it is the record's identity.
func keepsAddress(rec *harvest.Record, r Reading) bool {
	return r.CardWins && rec.URL != "" && rec.NativeID != ""
}

// address is the page's own address in its normal form.
func address(p *harvest.Page) string {
	at := p.URL
	if at == "" {
		at = p.Request.URL
	}
	if u, err := normalize.URL("", at); err == nil {
		return u
	}
	return at
}

// cardAlone makes the record of a card whose page is closed to us.
func cardAlone(out *harvest.Parsed, p *harvest.Page, card *harvest.Record, r Reading) {
	if card.Title == "" {
		return
	}
	if !keepsAddress(card, r) {
		card.URL = address(p)
		card.CanonicalURL = card.URL
	}
	Finish(out, card, r.Source, r.Vocabulary)
}

// notFoundTitle matches the titles of pages that say "not found" with status 200.
var notFoundTitle = regexp.MustCompile(`(?i)^\W*(?:(?:error\W*)?404\b.*|(?:oops\W*)?(?:the |this |that )?page (?:(?:was |is |could )?not (?:be )?found|can.?t be found|cannot be found|does ?n.t exist|not available)\b.*|nothing found|page introuvable.*|página no encontrada.*)$`)

func saysNotFound(title, cardTitle string) bool {
	return len(title) < 120 && notFoundTitle.MatchString(title) && !strings.EqualFold(title, cardTitle)
}

// Finish gives a record its last pass and adds it to out, or the event that
// says why it is none.
func Finish(out *harvest.Parsed, rec *harvest.Record, src *config.Source, vocab *config.Vocabulary) {
	normalize.Finish(rec, src, vocab)
	if e := rec.Provenance["summary"]; e.Basis == "selector" && rec.SummaryBasis.Kind == harvest.SummaryLead {
		out.Notes = append(out.Notes, "the selector for summary, "+e.Detail+", finds whole texts; how they begin stands for a summary")
	}
	switch {
	case rec.Title == "":
		out.Events = append(out.Events, harvest.Event{Outcome: harvest.NoTitle, URL: rec.URL, Reason: "no title was found"})
	case rec.URL == "":
		out.Events = append(out.Events, harvest.Event{Outcome: harvest.NoURL, Reason: fmt.Sprintf("%q has no address", rec.Title)})
	default:
		out.Records = append(out.Records, *rec)
	}
}

// HasRules reports whether a source file says anything of the item page.
func HasRules(r *config.PageRules) bool {
	for _, s := range []config.Selectors{
		r.Content, r.Remove, r.Title, r.Category, r.Summary, r.Date, r.Modified, r.Author,
		r.Language, r.Publisher, r.Document, r.Citation,
	} {
		if len(s) > 0 {
			return true
		}
	}
	return false
}

// Fingerprint tells two lists of things apart in 16 characters.
func Fingerprint(of []string) string {
	sum := sha256.Sum256([]byte(strings.Join(of, "\x00")))
	return hex.EncodeToString(sum[:8])
}
