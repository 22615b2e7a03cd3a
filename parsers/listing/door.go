package listing

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/item"
	"github.com/harvest87/harvest/parsers/normalize"
)

// The steps of the door. [harvest.Request.Step] holds one of these words and,
// behind "?", what the next page must know; see step.
const (
	StepListing = "listing" // a page of cards
	StepItem    = "item"    // the page of one item
	StepForm    = "form"    // a page with the form that leads to the list
)

// Door reads lists of cards. It is immutable and safe for concurrent use.
type Door struct {
	source     *config.Source
	vocabulary *config.Vocabulary
	listing    config.Listing
	rules      config.PageRules
	door       int

	card, link, next, groups finder
	form, nextForm           form
	linkByDefault            bool
	fields                   fields
}

// New returns the door at that position of the source, which must be of the
// kind listing. Nothing is fetched. The error names every selector that is not
// CSS.
func New(src *config.Source, vocab *config.Vocabulary, door int) (*Door, error) {
	d := &Door{
		source: src, vocabulary: vocab, door: door,
		listing: *src.Doors[door].Listing, rules: src.Doors[door].Page,
	}
	n := &d.listing.Next
	if n.MaxPages <= 0 {
		n.MaxPages = 1000
	}
	if n.Step == 0 {
		n.Step = 1
	}
	if n.First == 0 {
		n.First = 2
		if strings.Contains(n.Pattern, "{offset}") || n.Form.Has("{offset}") {
			n.First = n.Step
		}
	}
	it := &d.listing.Item
	d.linkByDefault = len(it.Link) == 0 || len(it.Link) == 1 && it.Link[0].String() == "a@href"
	var problems []error
	for _, f := range []struct {
		to   *finder
		name string
		from config.Selectors
	}{
		{&d.card, "item.card", it.Card},
		{&d.link, "item.link", it.Link},
		{&d.next, "next", n.Link},
		{&d.groups, "groups", d.listing.Groups},
		{&d.fields.title, "item.title", it.Title},
		{&d.fields.category, "item.category", it.Category},
		{&d.fields.summary, "item.summary", it.Summary},
		{&d.fields.date, "item.date", it.Date},
		{&d.fields.modified, "item.modified", it.Modified},
		{&d.fields.author, "item.author", it.Author},
		{&d.fields.language, "item.language", it.Language},
		{&d.fields.publisher, "item.publisher", it.Publisher},
		{&d.fields.document, "item.document", it.Document},
		{&d.fields.citation, "item.citation", it.Citation},
	} {
		found, err := compile(f.name, f.from)
		if err != nil {
			problems = append(problems, err)
		}
		*f.to = found
	}
	var err error
	if d.form, err = compileForm("form", d.listing.Form); err != nil {
		problems = append(problems, err)
	}
	if d.nextForm, err = compileForm("next.form", n.Form); err != nil {
		problems = append(problems, err)
	}
	return d, errors.Join(problems...)
}

// Seeds asks for the start pages. A list cannot be asked for changes only.
func (d *Door) Seeds(time.Time) ([]harvest.Request, bool) {
	out := make([]harvest.Request, 0, len(d.listing.Start))
	for i, start := range d.listing.Start {
		req := harvest.Request{URL: start, Kind: harvest.KindDiscovery, Door: d.door, Step: d.stepOf(i), Page: 1}
		if !d.form.IsZero() && !d.form.needsPage() {
			req.URL, req.Form = d.form.blind(start)
		}
		out = append(out, req)
	}
	return out, false
}

// Parse answers for one listing page or one item page. It is pure and accepts
// any bytes.
func (d *Door) Parse(p *harvest.Page) harvest.Parsed {
	v := visit{Door: d, page: p, step: parseStep(p.Request.Step)}
	switch v.step.Name {
	case StepItem:
		return item.Parse(p, d.Reading())
	case StepListing:
		return v.list()
	case StepForm:
		return v.formPage()
	}
	return harvest.Parsed{Notes: []string{fmt.Sprintf("the listing door has no step %q", v.step.Name)}}
}

// Reading is how the door has its item pages read.
func (d *Door) Reading() item.Reading {
	return item.Reading{Source: d.source, Vocabulary: d.vocabulary, Rules: d.rules, Lists: d.listing.Start}
}

// Cards counts the cards on a page that have a link.
func (d *Door) Cards(p *harvest.Page) int {
	l, err := d.parse(p)
	if err != nil {
		return 0
	}
	return l.linked()
}

// visit is the reading of one listing page.
type visit struct {
	*Door
	page *harvest.Page
	step step
}

// list reads a page of cards.
func (v *visit) list() harvest.Parsed {
	switch v.page.Outcome {
	case harvest.Fetched:
	case harvest.Cancelled, harvest.NotModified, harvest.Skipped, harvest.Duplicate:
		return harvest.Parsed{}
	default:
		return v.failed()
	}
	if why := notHTML(v.page); why != "" {
		return v.broken(why)
	}
	l, err := v.parse(v.page)
	if err != nil {
		return v.broken(err.Error())
	}
	if len(l.cards) == 0 {
		switch {
		case v.number() > 1:
			return harvest.Parsed{Notes: []string{fmt.Sprintf("%s: page %d has no cards; the list ends there", v.start(), v.number())}}
		case v.step.Group != "": // nothing begins with X
			return harvest.Parsed{Notes: []string{v.start() + " has no cards"}}
		case len(l.groups) == 0 || l.noFollow:
			return v.broken("no element matches item.card " + describe(v.listing.Item.Card))
		}
	}
	if len(l.cards) > 0 && l.linked() == 0 && v.number() == 1 {
		return v.broken(fmt.Sprintf("none of the %d cards has a link that item.link %s finds", len(l.cards), describe(v.listing.Item.Link)))
	}
	var out harvest.Parsed
	print := l.fingerprint()
	if why := v.repeats(print); why != "" {
		out.Notes = append(out.Notes, why)
		return out
	}
	if l.dropped > 0 {
		out.Events = append(out.Events, harvest.Event{
			Outcome: harvest.ParseFailed, URL: v.page.URL, Reason: fmt.Sprintf("%d cards beyond the first %d were left out", l.dropped, maxCards),
		})
	}
	v.cards(&out, l)
	if l.noFollow {
		out.Notes = append(out.Notes, v.page.URL+" says nofollow: its links were not followed, its cards stand alone")
		return out
	}
	if len(l.cards) > 0 {
		requests, notes := v.onwards(l, print)
		out.Requests, out.Notes = append(out.Requests, requests...), append(out.Notes, notes...)
	}
	out.Requests = append(out.Requests, v.groupLists(l)...)
	return out
}

// cards makes a request, a record or an event of each card.
func (v *visit) cards(out *harvest.Parsed, l *list) {
	direct := !v.listing.ItemPages || l.noFollow
	if direct && l.noIndex {
		out.Events = append(out.Events, harvest.Event{Outcome: harvest.NoIndexed, URL: v.page.URL, Reason: "the listing says noindex"})
		return
	}
	position := make(map[string]int) // of the request or record of a link
	for i, c := range l.cards {
		if c.link == "" {
			out.Events = append(out.Events, harvest.Event{Outcome: harvest.NoURL, URL: v.page.URL, Reason: fmt.Sprintf("card %d: %s", i+1, c.problem)})
			continue
		}
		rec := v.adapt(c, l.base, v.page.URL)
		key := normalize.URLKey(c.link)
		if at, ok := position[key]; ok {
			if at >= 0 { // a picture and a title, or a teaser and the list
				merged := fill(*out.Requests[at].Card, rec)
				out.Requests[at].Card = &merged
			}
			continue
		}
		if direct || item.DocumentType(c.link) != "" {
			position[key] = -1
			item.Finish(out, &rec, v.source, v.vocabulary)
			continue
		}
		position[key] = len(out.Requests)
		out.Requests = append(out.Requests, harvest.Request{
			URL: c.link, Kind: harvest.KindItem, Door: v.door, Step: StepItem,
			Depth: v.page.Request.Depth + 1, Referrer: v.page.URL, Card: &rec,
		})
	}
}

// fill takes from a second card of the same item what the first lacks.
func fill(rec, other harvest.Record) harvest.Record {
	return item.Merge(&rec, &other, item.Reading{CardWins: true})
}

// failed answers for a listing page that was not had.
func (v *visit) failed() harvest.Parsed {
	why := string(v.page.Outcome)
	if v.page.Status != 0 {
		why = fmt.Sprintf("%s (%d)", why, v.page.Status)
	}
	if v.page.Reason != "" {
		why += ": " + v.page.Reason
	}
	if v.number() == 1 {
		if v.step.Start == 0 && v.step.Group == "" {
			return harvest.Parsed{Dead: fmt.Sprintf("%s at %s", why, v.page.Request.URL)}
		}
		return harvest.Parsed{}
	}
	switch v.page.Outcome {
	case harvest.NotFoundPage, harvest.GonePage:
		return harvest.Parsed{Notes: []string{fmt.Sprintf("%s: page %d is not there; the list ends before it", v.start(), v.number())}}
	case harvest.UnexpectedType:
		if v.counted() && v.page.Status/100 == 2 { // a script that has no more to show says nothing at all
			return harvest.Parsed{Expected: fmt.Sprintf("behind the last page of %s (%s)", v.start(), why)}
		}
	case harvest.ClientError:
		if v.counted() && v.page.Status != http.StatusMethodNotAllowed {
			return harvest.Parsed{Expected: fmt.Sprintf("behind the last page of %s (%s)", v.start(), why)}
		}
	case harvest.RobotsDenied, harvest.AccessDenied, harvest.LoginRequired, harvest.RateLimited, harvest.Challenge, harvest.OverLimit:
		return harvest.Parsed{}
	}
	return harvest.Parsed{Requests: v.skip()}
}

// broken answers for a page that came but is no list. On the first page of the
// first list the door does not work; elsewhere the run has a hole.
func (v *visit) broken(why string) harvest.Parsed {
	if v.number() == 1 && v.step.Start == 0 && v.step.Group == "" {
		return harvest.Parsed{Dead: fmt.Sprintf("%s at %s", why, v.page.URL)}
	}
	return harvest.Parsed{
		Events:   []harvest.Event{{Outcome: harvest.ParseFailed, URL: v.page.URL, Reason: why}},
		Requests: v.skipAfterBreak(),
	}
}

func (v *visit) skipAfterBreak() []harvest.Request {
	if v.number() == 1 {
		return nil
	}
	return v.skip()
}

// notHTML says what came instead of a web page, empty when one did.
func notHTML(p *harvest.Page) string {
	switch p.MediaType {
	case "", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml":
		return ""
	}
	if isJSON(p) { // what scripts fetch is HTML within JSON
		return ""
	}
	return "the listing is " + p.MediaType + ", not HTML"
}

// describe lists selectors as the source file writes them.
func describe(list config.Selectors) string {
	var parts []string
	for _, s := range list {
		parts = append(parts, fmt.Sprintf("%q", s.String()))
	}
	if len(parts) == 0 {
		return `"a@href"`
	}
	return strings.Join(parts, " or ")
}
