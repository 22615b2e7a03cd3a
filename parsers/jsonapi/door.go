package jsonapi

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/fields"
	"github.com/harvest87/harvest/parsers/item"
	"github.com/harvest87/harvest/parsers/normalize"
)

// The steps of the door. [harvest.Request.Step] holds one of these words and,
// behind "?", what the reading must know; see step.
const (
	StepList   = "list"   // a page of the list
	StepDetail = "detail" // the JSON of one item
	StepItem   = "item"   // the web page of one item
)

// Door reads an interface that answers in JSON. It is immutable and safe for
// concurrent use.
type Door struct {
	source     *config.Source
	vocabulary *config.Vocabulary
	json       config.JSON
	rules      config.PageRules
	door       int

	items, total, link, cursor, detail fields.Path
	fields, details                    fields.Paths
}

// New returns the door at that position of the source, which must be of the
// kind json. Nothing is fetched. The error names every path that is none.
func New(src *config.Source, vocab *config.Vocabulary, door int) (*Door, error) {
	d := &Door{source: src, vocabulary: vocab, json: *src.Doors[door].JSON, rules: src.Doors[door].Page, door: door}
	if d.json.Next.MaxPages <= 0 {
		d.json.Next.MaxPages = 1000
	}
	if d.json.Next.First == 0 {
		d.json.Next.First = 1
	}
	var problems []error
	for _, one := range []struct {
		to   *fields.Path
		key  string
		text string
	}{{&d.items, "items", d.json.Items}, {&d.total, "total", d.json.Total}, {&d.link, "next.link", d.json.Next.Link}, {&d.cursor, "next.cursor", d.json.Next.Cursor}, {&d.detail, "detail", d.json.Detail}} {
		if one.text == "" || one.text == "header" && one.key == "next.link" {
			continue
		}
		compiled, err := fields.Compile(one.key, []string{one.text})
		if err != nil {
			problems = append(problems, err)
			continue
		}
		*one.to = compiled[0]
	}
	var more error
	d.fields, more = fields.CompilePaths("fields", &d.json.Fields)
	problems = append(problems, more)
	d.details, more = fields.CompilePaths("detail_fields", &d.json.DetailFields)
	problems = append(problems, more)
	return d, errors.Join(problems...)
}

// overlap is how far an increment reaches back before the moment asked for.
const overlap = 24 * time.Hour

// Seeds asks for the lists. With since, and where the source file says how,
// only for what has changed from a day before it on.
func (d *Door) Seeds(since time.Time) ([]harvest.Request, bool) {
	incremental := !since.IsZero() && d.json.Since != ""
	out := make([]harvest.Request, 0, len(d.json.Start))
	for _, start := range d.json.Start {
		if incremental {
			from := since.Add(-overlap).UTC()
			more := strings.NewReplacer("{date}", from.Format(time.DateOnly), "{time}", url.QueryEscape(from.Format(time.RFC3339))).Replace(d.json.Since)
			sep := "?"
			if strings.Contains(start, "?") {
				sep = "&"
			}
			start += sep + more
		}
		out = append(out, harvest.Request{URL: start, Kind: harvest.KindDiscovery, Door: d.door, Step: StepList, Page: 1})
	}
	return out, incremental
}

// Reading is how the door has web pages read: what the interface said comes
// along as the card and stands.
func (d *Door) Reading() item.Reading {
	return item.Reading{Source: d.source, Vocabulary: d.vocabulary, Rules: d.rules, CardWins: true}
}

// Recognise tells a page of the list by the list that stands in it.
func (d *Door) Recognise(p *harvest.Page) (req harvest.Request, why string, ok bool) {
	l, err := d.read(p.Body)
	seeds, _ := d.Seeds(time.Time{})
	if err != nil || len(l.entries) == 0 || len(seeds) == 0 {
		return req, "", false
	}
	if _, isObject := l.entries[0].(map[string]any); !isObject {
		return req, "", false
	}
	if title, _ := fields.First(d.fields.Title, l.entries[0]); len(title) == 0 {
		return req, "", false
	}
	return seeds[0], fmt.Sprintf("it is JSON with a list of %d entries at %q", len(l.entries), d.items.Text), true
}

// step is what a request says of itself in [harvest.Request.Step].
type step struct {
	Name string
	// First and Before are the fingerprints of the first page and of the one before.
	First, Before string
}

// String is the form that parseStep reads.
func (s step) String() string {
	q := make(url.Values)
	for name, value := range map[string]string{"first": s.First, "before": s.Before} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return s.Name
	}
	return s.Name + "?" + q.Encode()
}

// parseStep reads a step; what it does not know it leaves out.
func parseStep(raw string) step {
	name, rest, _ := strings.Cut(raw, "?")
	q, _ := url.ParseQuery(rest)
	return step{Name: name, First: q.Get("first"), Before: q.Get("before")}
}

// visit is the reading of one page.
type visit struct {
	*Door
	page *harvest.Page
	step step
	out  harvest.Parsed
}

func (v *visit) notef(format string, args ...any) {
	v.out.Notes = append(v.out.Notes, fmt.Sprintf(format, args...))
}

func (v *visit) fail(why string) {
	v.out.Events = append(v.out.Events, harvest.Event{Outcome: harvest.ParseFailed, URL: v.page.URL, Reason: why})
}

// Parse answers for one page. It is pure and accepts any bytes.
func (d *Door) Parse(p *harvest.Page) harvest.Parsed {
	v := visit{Door: d, page: p, step: parseStep(p.Request.Step)}
	switch v.step.Name {
	case StepItem:
		return item.Parse(p, d.Reading())
	case StepDetail:
		return v.oneItem()
	case StepList:
	default:
		return harvest.Parsed{Notes: []string{fmt.Sprintf("the json door has no step %q", v.step.Name)}}
	}
	switch p.Outcome {
	case harvest.Fetched:
		return v.list()
	case harvest.Cancelled, harvest.NotModified, harvest.Skipped, harvest.Duplicate:
		return harvest.Parsed{}
	}
	return v.failed()
}

// list reads a page of the list.
func (v *visit) list() harvest.Parsed {
	l, err := v.read(v.page.Body)
	if err != nil {
		if v.number() == 1 && len(v.json.Start) == 1 {
			return harvest.Parsed{Dead: fmt.Sprintf("%s: %s", v.page.URL, err)}
		}
		v.fail(err.Error())
		return v.out
	}
	print := v.fingerprint(l)
	if why := v.repeats(l, print); why != "" {
		if v.json.Next.Page != "" || v.json.Next.Offset != "" { // servers that show the last page for ever
			v.notef("%s; the list ends there", why)
		} else {
			v.fail("the list goes in a circle: " + why)
		}
		return v.out
	}
	if l.dropped > 0 {
		v.fail(fmt.Sprintf("%d entries beyond the first %d were left out", l.dropped, maxItems))
	}
	v.out.Total = l.total
	for n, entry := range l.entries {
		v.entry(n, entry)
	}
	v.onwards(l, print)
	return v.out
}

// entry makes a record, a request or an event of one entry.
func (v *visit) entry(n int, entry any) {
	rec := v.adapt(&v.fields, entry, v.page.Request.URL)
	changed := v.fields.Changed(entry)
	if !v.detail.IsZero() {
		values := fields.Values(v.detail.Find(entry))
		if len(values) == 0 || v.resolve(values[0]) == "" {
			v.out.Events = append(v.out.Events, harvest.Event{Outcome: harvest.NoURL, URL: v.page.URL, Reason: fmt.Sprintf("entry %d has no address at %q", n+1, v.detail.Text)})
			return
		}
		if rec.NativeID == "" { // it is known by the address of its JSON, not by that of a page
			rec.NativeID = "json:" + v.resolve(values[0])
			rec.Provenance["native_id"] = harvest.Evidence{Basis: "door", Detail: v.detail.Text, Page: v.page.URL}
		}
		v.ask(v.resolve(values[0]), StepDetail, &rec, changed)
		return
	}
	v.settle(&rec, changed, fmt.Sprintf("entry %d", n+1))
}

func (v *visit) ask(at, name string, card *harvest.Record, changed time.Time) {
	v.out.Requests = append(v.out.Requests, harvest.Request{
		URL: at, Kind: harvest.KindItem, Door: v.door, Step: name, Depth: v.page.Request.Depth + 1, Referrer: v.page.URL, Card: card, Modified: changed,
	})
}

// settle records what is complete and asks for the web page of what is not.
func (v *visit) settle(rec *harvest.Record, changed time.Time, what string) {
	switch {
	case rec.URL == "":
		v.out.Events = append(v.out.Events, harvest.Event{Outcome: harvest.NoURL, URL: v.page.URL, Reason: fmt.Sprintf("%s, %q, has no address that fields.link finds", what, clip(rec.Title, 80))})
	case v.wantsPage(rec):
		v.ask(rec.URL, StepItem, rec, changed)
	default:
		item.Finish(&v.out, rec, v.source, v.vocabulary)
	}
}

func (v *visit) wantsPage(rec *harvest.Record) bool {
	if item.DocumentType(rec.URL) != "" {
		return false
	}
	switch v.json.Pages {
	case "always":
		return true
	case "when-needed":
		return rec.Title == "" || rec.Summary == "" || rec.SummaryBasis.Truncated || item.HasRules(&v.rules)
	}
	return false
}

// oneItem joins the JSON of one item with what the list said of it. Where it
// cannot be had, the list alone speaks.
func (v *visit) oneItem() harvest.Parsed {
	card := v.page.Request.Card
	if card == nil {
		card = new(harvest.Record)
	}
	rec := *card
	switch v.page.Outcome {
	case harvest.Fetched:
		tree, err := fields.Decode(v.page.Body)
		if err != nil {
			v.fail(err.Error())
			return v.out
		}
		own := v.adapt(&v.details, tree, v.page.Request.URL)
		rec = item.Merge(&own, card, item.Reading{Source: v.source, CardWins: true})
	case harvest.RobotsDenied, harvest.AccessDenied, harvest.LoginRequired, harvest.OffScope, harvest.NotFoundPage, harvest.GonePage:
		if rec.Title == "" || rec.URL == "" {
			return v.out
		}
	default:
		return v.out
	}
	if rec.URL == "" {
		rec.URL = card.URL
	}
	// Only the list names an item, so that it is the same with its own JSON and without.
	rec.NativeID = card.NativeID
	if why, ok := card.Provenance["native_id"]; ok && rec.Provenance != nil {
		rec.Provenance["native_id"] = why
	}
	if u, err := normalize.URL(v.page.Request.URL, rec.URL); err == nil && rec.URL != "" {
		rec.URL = u
	}
	v.settle(&rec, time.Time{}, "the item")
	return v.out
}
