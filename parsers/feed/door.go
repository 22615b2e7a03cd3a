package feed

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/mmcdole/gofeed"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/item"
	"github.com/harvest87/harvest/parsers/normalize"
)

// The steps of the door. [harvest.Request.Step] holds one of these words and,
// behind "?", what the reading must know; see step.
const (
	StepFeed = "feed" // a page of a feed
	StepItem = "item" // the web page of one item
)

// maxItems bounds the items of one page.
const maxItems = 10_000

// Door reads feeds. It is immutable and safe for concurrent use.
type Door struct {
	source     *config.Source
	vocabulary *config.Vocabulary
	feed       config.Feed
	rules      config.PageRules
	door       int
}

// New returns the door at that position of the source, which must be of the
// kind feed. Nothing is fetched.
func New(src *config.Source, vocab *config.Vocabulary, door int) (*Door, error) {
	d := &Door{source: src, vocabulary: vocab, feed: *src.Doors[door].Feed, rules: src.Doors[door].Page, door: door}
	if d.feed.MaxPages <= 0 {
		d.feed.MaxPages = 1000
	}
	return d, nil
}

// Seeds asks for the feeds. A feed cannot be asked for changes only.
func (d *Door) Seeds(time.Time) ([]harvest.Request, bool) {
	out := make([]harvest.Request, 0, len(d.feed.Start))
	for _, start := range d.feed.Start {
		out = append(out, harvest.Request{URL: start, Kind: harvest.KindDiscovery, Door: d.door, Step: StepFeed, Page: 1})
	}
	return out, false
}

// Reading is how the door has item pages read: what the feed said comes along
// as the card and stands.
func (d *Door) Reading() item.Reading {
	return item.Reading{Source: d.source, Vocabulary: d.vocabulary, Rules: d.rules, Lists: d.feed.Start, CardWins: true}
}

// Recognise tells a feed by its first element.
func (d *Door) Recognise(p *harvest.Page) (req harvest.Request, why string, ok bool) {
	f := look(p.Body)
	if start := bytes.TrimLeft(p.Body, " \t\r\n\ufeff"); len(start) > 0 && start[0] == '{' && bytes.Contains(start[:min(len(start), 2000)], []byte("jsonfeed.org")) {
		f = lookJSON(start)
	}
	if !map[string]bool{"rss": true, "rdf": true, "feed": true, "json": true}[f.root] || len(d.feed.Start) == 0 {
		return req, "", false
	}
	seeds, _ := d.Seeds(time.Time{})
	return seeds[0], "it is a feed (" + f.root + ")", true
}

// step is what a request says of itself in [harvest.Request.Step]: a word, and
// what the reading of its page needs to know. The door remembers nothing.
type step struct {
	Name string
	// First and Before are the fingerprints of the first page and of the one before.
	First, Before string
	// By is how the page was found: "link", "paged", or "page" for a feed
	// that a web page names.
	By string
}

// String is the form that parseStep reads.
func (s step) String() string {
	q := make(url.Values)
	for name, value := range map[string]string{"first": s.First, "before": s.Before, "by": s.By} {
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
	return step{Name: name, First: q.Get("first"), Before: q.Get("before"), By: q.Get("by")}
}

// visit is the reading of one page of a feed.
type visit struct {
	*Door
	page *harvest.Page
	step step
	out  harvest.Parsed
}

func (v *visit) notef(format string, args ...any) {
	v.out.Notes = append(v.out.Notes, fmt.Sprintf(format, args...))
}

// Parse answers for one page. It is pure and accepts any bytes.
func (d *Door) Parse(p *harvest.Page) harvest.Parsed {
	v := visit{Door: d, page: p, step: parseStep(p.Request.Step)}
	switch v.step.Name {
	case StepItem:
		return item.Parse(p, d.Reading())
	case StepFeed:
		return v.read()
	}
	return harvest.Parsed{Notes: []string{fmt.Sprintf("the feed door has no step %q", v.step.Name)}}
}

// read reads a page of a feed.
func (v *visit) read() harvest.Parsed {
	switch v.page.Outcome {
	case harvest.Fetched:
	case harvest.Cancelled, harvest.NotModified, harvest.Skipped, harvest.Duplicate:
		return harvest.Parsed{}
	default:
		return v.failed()
	}
	f, around, err := read(v.page.Body) // a web page may name the feed
	if err != nil {
		if found := v.named(); errors.Is(err, errNone) && found != "" && v.step.By == "" {
			s := step{Name: StepFeed, By: "page"}
			return harvest.Parsed{Requests: []harvest.Request{{
				URL: found, Kind: harvest.KindDiscovery, Door: v.door, Step: s.String(), Page: 1, Depth: v.page.Request.Depth + 1, Referrer: v.page.URL,
			}}}
		}
		return v.broken(err)
	}
	print := fingerprint(f)
	if why := v.repeats(print); why != "" {
		v.notef("%s", why)
		v.out.Newest = v.number() == 2 // there are no pages after all
		return v.out
	}
	for n, i := range f.Items {
		if n == maxItems {
			v.fail(fmt.Sprintf("%d items beyond the first %d were left out", len(f.Items)-maxItems, maxItems))
			break
		}
		if i != nil {
			v.item(f, i)
		}
	}
	if around.broken != nil {
		v.fail("the feed breaks off: " + around.broken.Error())
	}
	v.onwards(around, print)
	return v.out
}

// item makes a record or a request of one item.
func (v *visit) item(f *gofeed.Feed, i *gofeed.Item) {
	rec := v.adapt(f, i)
	if rec.URL == "" {
		v.out.Events = append(v.out.Events, harvest.Event{Outcome: harvest.NoURL, URL: v.page.URL, Reason: fmt.Sprintf("%q has no address", clip(normalize.Text(i.Title), 100))})
		return
	}
	if v.wantsPage(&rec) {
		v.out.Requests = append(v.out.Requests, harvest.Request{
			URL: rec.URL, Kind: harvest.KindItem, Door: v.door, Step: StepItem, Depth: v.page.Request.Depth + 1, Referrer: v.page.URL, Card: &rec,
			Modified: changed(i),
		})
		return
	}
	item.Finish(&v.out, &rec, v.source, v.vocabulary)
}

// changed is when an item was last changed; RSS does not say, for pubDate is
// the day of publication.
func changed(i *gofeed.Item) time.Time {
	if i.UpdatedParsed == nil || i.UpdatedParsed.Year() < 1990 {
		return time.Time{}
	}
	return i.UpdatedParsed.UTC()
}

func (v *visit) wantsPage(rec *harvest.Record) bool {
	if item.DocumentType(rec.URL) != "" {
		return false
	}
	switch v.feed.Pages {
	case "always":
		return true
	case "never":
		return false
	}
	return rec.Title == "" || rec.Summary == "" || rec.SummaryBasis.Truncated || item.HasRules(&v.rules)
}

// named is the feed that a web page names
// (https://html.spec.whatwg.org/multipage/links.html#rel-alternate). That of
// comments stands behind the main one.
func (v *visit) named() string {
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(v.page.Body))
	if err != nil {
		return ""
	}
	found := ""
	doc.Find("link[rel][type][href]").EachWithBreak(func(_ int, l *goquery.Selection) bool {
		kind := strings.ToLower(l.AttrOr("type", ""))
		isFeed := strings.Contains(kind, "rss") || strings.Contains(kind, "atom") || strings.Contains(kind, "feed+json")
		if isFeed && strings.Contains(strings.ToLower(l.AttrOr("rel", "")), "alternate") {
			found, _ = normalize.URL(v.page.URL, strings.TrimSpace(l.AttrOr("href", "")))
		}
		return found == ""
	})
	return found
}

// fail makes a hole in the run of what could not be read.
func (v *visit) fail(why string) {
	v.out.Events = append(v.out.Events, harvest.Event{Outcome: harvest.ParseFailed, URL: v.page.URL, Reason: why})
}

// failed answers for a page that was not had. Behind the last page a feed is
// not there.
func (v *visit) failed() harvest.Parsed {
	why := string(v.page.Outcome)
	if v.page.Status != 0 {
		why = fmt.Sprintf("%s (%d)", why, v.page.Status)
	}
	if v.page.Reason != "" {
		why += ": " + v.page.Reason
	}
	if v.number() > 1 && v.step.By == "paged" {
		switch v.page.Outcome {
		case harvest.NotFoundPage, harvest.GonePage, harvest.ClientError:
			return harvest.Parsed{Expected: "behind the last page of the feed (" + why + ")", Notes: []string{fmt.Sprintf("the feed ends before page %d", v.number())}}
		}
	}
	if v.number() == 1 && len(v.feed.Start) == 1 {
		return harvest.Parsed{Dead: fmt.Sprintf("%s at %s", why, v.page.Request.URL)}
	}
	return harvest.Parsed{}
}

// broken answers for what is no feed. When it is the only one, the door does
// not work; elsewhere the run has a hole.
func (v *visit) broken(err error) harvest.Parsed {
	switch {
	case v.number() > 1 && v.step.By == "paged" && errors.Is(err, errNone):
		return harvest.Parsed{Notes: []string{fmt.Sprintf("page %d of the feed %s; it ends before it", v.number(), err)}}
	case v.number() == 1 && len(v.feed.Start) == 1:
		return harvest.Parsed{Dead: fmt.Sprintf("%s: %s", v.page.URL, err)}
	}
	v.fail(err.Error())
	return v.out
}
