package sitemap

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
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
	StepRobots  = "robots"  // robots.txt, where the source file names no sitemap
	StepSitemap = "sitemap" // a sitemap or an index of them
	StepItem    = "item"    // the page of one item
)

const (
	// part is how many items are taken from a sitemap at one reading. The
	// protocol allows a file no more; a larger one is fetched once for each
	// part, so that neither memory nor journal grows with it.
	part = 50_000
	// maxParts ends a file that does not.
	maxParts = 40
	// maxChildren bounds the sitemaps that an index names, maxNested how deep
	// indexes may stand in indexes. The protocol allows 50,000 and none.
	maxChildren = 50_000
	maxNested   = 5
)

// Door reads sitemaps. It is immutable and safe for concurrent use.
type Door struct {
	source     *config.Source
	vocabulary *config.Vocabulary
	sitemap    config.Sitemap
	rules      config.PageRules
	door       int
	part       int
}

// New returns the door at that position of the source, which must be of the
// kind sitemap. Nothing is fetched. The error is about the homepage, where a
// door without a start begins.
func New(src *config.Source, vocab *config.Vocabulary, door int) (*Door, error) {
	d := &Door{source: src, vocabulary: vocab, sitemap: *src.Doors[door].Sitemap, rules: src.Doors[door].Page, door: door, part: part}
	if len(d.sitemap.Start) > 0 {
		return d, nil
	}
	_, err := usualPlace(src.Homepage, 0)
	return d, err
}

// Seeds asks for the sitemaps of the source file or, without any, for
// robots.txt. All of them are always read, for only the whole list shows what
// is gone; which items are fetched again is for [harvest.Request.Modified] to say.
func (d *Door) Seeds(time.Time) ([]harvest.Request, bool) {
	if len(d.sitemap.Start) == 0 {
		base, err := url.Parse(d.source.Homepage)
		if err != nil {
			return nil, false
		}
		at := base.ResolveReference(&url.URL{Path: "/robots.txt"}).String()
		return []harvest.Request{{URL: at, Kind: harvest.KindDiscovery, Door: d.door, Step: StepRobots, Page: 1}}, false
	}
	out := make([]harvest.Request, 0, len(d.sitemap.Start))
	for _, start := range d.sitemap.Start {
		out = append(out, harvest.Request{URL: start, Kind: harvest.KindDiscovery, Door: d.door, Step: StepSitemap, Page: 1})
	}
	return out, false
}

// Streams reports that sitemaps are read piece by piece.
func (d *Door) Streams(req *harvest.Request) bool { return parseStep(req.Step).Name == StepSitemap }

// Reading is how the door has its item pages read.
func (d *Door) Reading() item.Reading {
	return item.Reading{Source: d.source, Vocabulary: d.vocabulary, Rules: d.rules}
}

// Parse answers for one page. It is pure and accepts any bytes.
func (d *Door) Parse(p *harvest.Page) harvest.Parsed {
	v := visit{Door: d, page: p, step: parseStep(p.Request.Step), base: p.URL}
	if v.base == "" {
		v.base = p.Request.URL
	}
	switch v.step.Name {
	case StepItem:
		return item.Parse(p, d.Reading())
	case StepRobots, StepSitemap:
	default:
		return harvest.Parsed{Notes: []string{fmt.Sprintf("the sitemap door has no step %q", v.step.Name)}}
	}
	switch p.Outcome {
	case harvest.Cancelled, harvest.NotModified, harvest.Skipped, harvest.Duplicate:
		return harvest.Parsed{}
	}
	if v.step.Name == StepRobots {
		return v.robots()
	}
	return v.sitemaps()
}

// Recognise tells a sitemap by its first elements, and robots.txt by its lines.
func (d *Door) Recognise(p *harvest.Page) (req harvest.Request, why string, ok bool) {
	seeds, _ := d.Seeds(time.Time{})
	if len(seeds) == 0 {
		return req, "", false
	}
	req = seeds[0]
	if strings.HasSuffix(p.URL, "/robots.txt") {
		req.Step = StepRobots
		return req, "it is robots.txt, which names sitemaps", true
	}
	found := false
	format, err := read(p.Body, func(format, *entry) bool { found = true; return false })
	if err != nil || !found && format == plain || format == feed && len(d.sitemap.Start) == 0 {
		return req, "", false
	}
	req.Step = StepSitemap
	return req, fmt.Sprintf("it is a sitemap (%s)", format), true
}

// step is what a request says of itself in [harvest.Request.Step]: a word, and
// what the reading of its page needs to know. The door remembers nothing.
type step struct {
	Name string
	// From is how many items of the file an earlier reading has taken.
	From int
	// Guess is the number, from 1, of the usual place at which this one is.
	Guess int
}

// String is the form that parseStep reads.
func (s step) String() string {
	q := make(url.Values)
	if s.From > 0 {
		q.Set("from", strconv.Itoa(s.From))
	}
	if s.Guess > 0 {
		q.Set("guess", strconv.Itoa(s.Guess))
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
	number := func(name string) int {
		n, err := strconv.Atoi(q.Get(name))
		if err != nil || n < 0 {
			return 0
		}
		return n
	}
	return step{Name: name, From: number("from"), Guess: number("guess")}
}

// visit is the reading of one page that leads to items.
type visit struct {
	*Door
	page *harvest.Page
	step step
	base string // what relative addresses start from, against the protocol

	out      harvest.Parsed
	seen     int // items in the file
	taken    int // of them now
	children int
	nowhere  int // entries whose address is none
}

func (v *visit) request(at string, s step) harvest.Request {
	return harvest.Request{
		URL: at, Kind: harvest.KindDiscovery, Door: v.door, Step: s.String(), Page: 1, Depth: v.page.Request.Depth + 1, Referrer: v.page.URL,
	}
}

// sitemaps reads a sitemap or an index.
func (v *visit) sitemaps() harvest.Parsed {
	if v.page.Outcome != harvest.Fetched {
		return v.missing()
	}
	format, err := read(v.page.Body, v.take)
	switch {
	case err == nil:
	case errors.Is(err, errNone):
		return v.broken(err.Error())
	default: // what stands before the break is good
		v.fail("the sitemap breaks off: " + err.Error())
	}
	if v.nowhere > 0 {
		v.notef("%s: entries without a usable address: %d", v.page.URL, v.nowhere)
	}
	if format == index && v.children == 0 && v.step.Guess > 0 && len(v.out.Events) == 0 {
		return v.guess(v.step.Guess, "the index names no sitemap")
	}
	return v.out
}

func (v *visit) notef(format string, args ...any) {
	v.out.Notes = append(v.out.Notes, fmt.Sprintf(format, args...))
}

// fail makes a hole in the run of what could not be read.
func (v *visit) fail(why string) {
	v.out.Events = append(v.out.Events, harvest.Event{Outcome: harvest.ParseFailed, URL: v.page.URL, Reason: why})
}

// missing answers for a sitemap that was not had. Indexes go on naming
// sitemaps that are gone; the others are read all the same.
func (v *visit) missing() harvest.Parsed {
	why := string(v.page.Outcome)
	if v.page.Status != 0 {
		why = fmt.Sprintf("%s (%d)", why, v.page.Status)
	}
	if v.page.Reason != "" {
		why += ": " + v.page.Reason
	}
	switch {
	case v.step.Guess > 0:
		return v.guess(v.step.Guess, "robots.txt names no sitemap")
	case v.isOnlyStart():
		return harvest.Parsed{Dead: fmt.Sprintf("%s at %s", why, v.page.Request.URL)}
	}
	return harvest.Parsed{}
}

// broken answers for what came in place of a sitemap.
func (v *visit) broken(why string) harvest.Parsed {
	switch {
	case v.step.Guess > 0:
		return v.guess(v.step.Guess, "robots.txt names no sitemap")
	case v.isOnlyStart():
		return harvest.Parsed{Dead: fmt.Sprintf("%s: %s", v.page.URL, why)}
	}
	v.fail(why)
	return v.out
}

func (v *visit) isOnlyStart() bool {
	return len(v.sitemap.Start) == 1 && v.page.Request.URL == v.sitemap.Start[0] && v.step.From == 0
}

// take makes a request or an event of one entry. It returns false when the
// rest of the file is for another reading.
func (v *visit) take(f format, e *entry) bool {
	address, err := normalize.URL(v.base, e.loc)
	if err != nil {
		v.nowhere++
		return true
	}
	if f == index {
		return v.child(address)
	}
	if v.seen++; v.seen <= v.step.From {
		return true
	}
	if v.taken == v.part {
		v.more()
		return false
	}
	v.taken++
	if why := v.unwanted(address); why != "" {
		v.out.Events = append(v.out.Events, harvest.Event{Outcome: harvest.OffScope, URL: address, Reason: why})
		return true
	}
	v.out.Requests = append(v.out.Requests, harvest.Request{
		URL: address, Kind: harvest.KindItem, Door: v.door, Step: StepItem, Depth: v.page.Request.Depth + 1, Referrer: v.page.URL,
		Card: e.card(address, v.page.URL), Modified: fields.Moment(e.lastmod),
	})
	return true
}

// more asks for the file again, for the items behind those that were taken.
func (v *visit) more() {
	from := v.step.From + v.part
	if from >= maxParts*v.part {
		v.fail(fmt.Sprintf("it has more than %d addresses; the rest was left out", from))
		return
	}
	if v.step.From == 0 {
		v.notef("%s has more than the %d addresses that the protocol allows; it is read in parts", v.page.URL, v.part)
	}
	v.out.Requests = append(v.out.Requests, v.request(v.page.Request.URL, step{Name: StepSitemap, From: from}))
}

// child asks for a sitemap that an index names.
func (v *visit) child(address string) bool {
	refuse := func(why string) {
		v.out.Events = append(v.out.Events, harvest.Event{Outcome: harvest.OffScope, URL: address, Reason: why})
	}
	if v.children++; v.children > maxChildren {
		v.fail(fmt.Sprintf("the index names more than %d sitemaps; the rest was left out", maxChildren))
		return false
	}
	switch re, listed := matching(v.sitemap.Ignore, address), matching(v.sitemap.Follow, address); {
	case v.page.Request.Depth >= maxNested:
		refuse(fmt.Sprintf("an index stands in an index more than %d deep", maxNested))
	case re != nil:
		refuse(fmt.Sprintf("matches sitemap.ignore %q", re))
	case len(v.sitemap.Follow) > 0 && listed == nil:
		refuse("matches nothing in sitemap.follow")
	default:
		v.out.Requests = append(v.out.Requests, v.request(address, step{Name: StepSitemap}))
	}
	return true
}

// unwanted says why an address is no item, empty when it is one.
func (v *visit) unwanted(address string) string {
	if isFrontPage(address) || normalize.URLKey(address) == normalize.URLKey(v.source.Homepage) {
		return "the front page is no item"
	}
	if re := matching(v.sitemap.Exclude, address); re != nil {
		return fmt.Sprintf("matches sitemap.exclude %q", re)
	}
	if len(v.sitemap.Include) > 0 && matching(v.sitemap.Include, address) == nil {
		return "matches nothing in sitemap.include"
	}
	return ""
}

func matching(list []*regexp.Regexp, address string) *regexp.Regexp {
	for _, re := range list {
		if re.MatchString(address) {
			return re
		}
	}
	return nil
}
