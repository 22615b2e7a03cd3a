package wordpress

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
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
// behind "?", what the next page must know; see step.
const (
	StepPosts = "posts" // a page of a collection
	StepTypes = "types" // the index of post types
	StepTerms = "terms" // names of terms
	StepItem  = "item"  // the web page of one post
)

// Door reads a WordPress site through its REST API. It is immutable and safe
// for concurrent use.
type Door struct {
	source     *config.Source
	vocabulary *config.Vocabulary
	wordpress  config.WordPress
	rules      config.PageRules
	door       int
	route      route
	idPrefix   string
	items      fields.Path
	fields     fields.Paths
	mapped     bool // there are fields
}

// New returns the door at that position of the source, which must be of the
// kind wordpress. Nothing is fetched. The error is about the site's address or
// names every path that is none.
func New(src *config.Source, vocab *config.Vocabulary, door int) (*Door, error) {
	d := &Door{
		source: src, vocabulary: vocab, door: door,
		wordpress: *src.Doors[door].WordPress, rules: src.Doors[door].Page,
	}
	var err error
	if d.route, err = newRoute(&d.wordpress, src.Homepage); err != nil {
		return nil, fmt.Errorf("address of the WordPress site: %w", err)
	}
	if d.route.base.Host == "" {
		return nil, fmt.Errorf("address of the WordPress site: %q has no host", d.route.base)
	}
	d.idPrefix = d.route.idPrefix(src.Homepage)
	if d.wordpress.PerPage < 1 || d.wordpress.PerPage > 100 {
		d.wordpress.PerPage = 100
	}
	if err := d.compile(); err != nil {
		return nil, err
	}
	var bases []string
	for _, t := range d.wordpress.Types {
		bases = append(bases, restBase(t))
	}
	if len(bases) == 0 {
		bases = []string{"posts"}
	}
	d.wordpress.Types = unique(bases)
	return d, nil
}

// coreTypes are the post types of WordPress itself whose REST base is not
// their slug.
var coreTypes = map[string]string{"post": "posts", "page": "pages", "attachment": "media"}

func restBase(name string) string {
	name = strings.Trim(name, "/ ")
	if base, ok := coreTypes[name]; ok {
		return base
	}
	return name
}

func isCore(base string) bool { return base == "posts" || base == "pages" || base == "media" }

// overlap is how far an increment reaches back before the moment asked for.
// WordPress compares modified_after with times in the site's own zone, and
// servers' clocks differ; a day covers both.
const overlap = 24 * time.Hour

// Seeds asks for the first page of each post type. With since it asks only
// for posts modified after a day before it; WordPress before 5.7 ignores that
// and sends everything, which is harmless.
func (d *Door) Seeds(since time.Time) ([]harvest.Request, bool) {
	incremental := !since.IsZero() && d.route.namespace == coreNamespace
	params := d.params(1)
	if incremental {
		params.Set("modified_after", since.Add(-overlap).UTC().Format("2006-01-02T15:04:05Z"))
	}
	var out []harvest.Request
	for i, t := range d.wordpress.Types {
		for _, asked := range d.inLanguages(params) {
			at := d.route.url(d.route.plainOnly, d.route.namespace+"/"+t, asked)
			out = append(out, d.request(at, step{Name: StepPosts, Type: i}, 1))
		}
	}
	return out, incremental
}

// params are those of a page of a collection. The order by ascending id is
// the only one that stands still while we read: an edit moves no post, and a
// new one comes behind the page we are at. By date or modification every
// change would shift the pages under us and hide the post at the edge.
func (d *Door) params(page int) url.Values {
	q := make(url.Values)
	if d.route.namespace == coreNamespace {
		q.Set("orderby", "id")
		q.Set("order", "asc")
	}
	q.Set("_embed", "author,wp:term")
	for name, value := range d.wordpress.Query {
		q.Set(name, value)
	}
	q.Set("per_page", strconv.Itoa(d.wordpress.PerPage))
	q.Set("page", strconv.Itoa(page))
	return q
}

func (d *Door) request(at string, s step, page int) harvest.Request {
	return harvest.Request{URL: at, Kind: harvest.KindDiscovery, Door: d.door, Step: s.String(), Page: page}
}

// Parse answers for one page of the API or one item page. It is pure and
// accepts any bytes.
func (d *Door) Parse(page *harvest.Page) harvest.Parsed {
	s := parseStep(page.Request.Step)
	switch s.Name {
	case StepItem:
		return item.Parse(page, d.Reading())
	case StepPosts, StepTypes, StepTerms:
	default:
		return harvest.Parsed{Notes: []string{fmt.Sprintf("the wordpress door has no step %q", s.Name)}}
	}
	switch page.Outcome {
	case harvest.Cancelled, harvest.NotModified, harvest.Skipped, harvest.Duplicate:
		return harvest.Parsed{}
	}
	at, err := url.Parse(page.Request.URL)
	if err != nil {
		return harvest.Parsed{Dead: fmt.Sprintf("%q is not an address", page.Request.URL)}
	}
	v := visit{Door: d, page: page, step: s, at: at}
	switch s.Name {
	case StepTypes:
		return v.types()
	case StepTerms:
		return v.terms()
	}
	return v.posts()
}

// visit is the reading of one API page.
type visit struct {
	*Door
	page *harvest.Page
	step step
	at   *url.URL // as requested
	// known are the terms whose names were looked up.
	known book
}

// posts reads a page of a collection.
func (v *visit) posts() harvest.Parsed {
	r := v.read(v.page.Body)
	switch {
	case r.problem != nil:
		return v.refused(r.problem)
	case v.page.Outcome != harvest.Fetched:
		return v.failed()
	case !r.list:
		return v.unreadable(r)
	case v.lostQuery():
		return v.again()
	}
	if ahead := v.lookUp(r.items); ahead != nil {
		return harvest.Parsed{Requests: ahead}
	}
	v.known = v.step.book()
	out := v.turn(r.items)
	if out.stop {
		return out.Parsed
	}
	for i, raw := range r.items {
		v.post(&out.Parsed, raw, i)
	}
	if r.broken != "" {
		out.Events = append(out.Events, harvest.Event{Outcome: harvest.ParseFailed, URL: v.page.URL, Reason: r.broken})
	}
	return out.Parsed
}

// post makes a record, a request or an event of one item.
func (v *visit) post(out *harvest.Parsed, raw json.RawMessage, index int) {
	p := new(post)
	if err := json.Unmarshal(raw, p); err != nil || kindOf(raw) != isObject {
		out.Events = append(out.Events, harvest.Event{
			Outcome: harvest.ParseFailed, URL: v.page.URL, Reason: fmt.Sprintf("post %d of the page is not readable", index+1),
		})
		return
	}
	link, err := normalize.URL(v.page.URL, string(p.Link))
	if err != nil || p.Link == "" {
		link = v.page.URL
	}
	said := heads(p)
	if outcome, why := closed(p, said); outcome != "" {
		out.Events = append(out.Events, harvest.Event{Outcome: outcome, URL: link, Reason: why})
		return
	}
	p.labels, p.labelled = v.known.labels(raw)
	rec := adapt(p, said, v.page.URL, v.idPrefix)
	v.languageByPath(&rec)
	v.overlay(raw, v.page.URL, &rec)
	v.known.attach(string(p.ID), &rec, v.page.URL)
	if rec.URL == "" {
		out.Events = append(out.Events, harvest.Event{Outcome: harvest.NoURL, URL: v.page.URL, Reason: fmt.Sprintf("post %s has no link", p.ID)})
		return
	}
	if v.wantsPage(p, &rec) {
		out.Requests = append(out.Requests, harvest.Request{
			URL: rec.URL, Kind: harvest.KindItem, Door: v.door, Step: StepItem,
			Depth: v.page.Request.Depth + 1, Referrer: v.page.URL, Card: &rec,
		})
		return
	}
	item.Finish(out, &rec, v.source, v.vocabulary)
}

// closed says why a post must not be recorded, empty when it may.
func closed(p *post, heads []head) (harvest.Outcome, string) {
	switch {
	case p.Content.Protected || p.Excerpt.Protected || p.Password != "":
		return harvest.Protected, "the post asks for a password"
	case p.Status != "" && p.Status != "publish" && !(p.Status == "inherit" && p.Type == "attachment"):
		return harvest.NotPublic, fmt.Sprintf("its status is %q", normalize.Text(string(p.Status)))
	}
	for _, h := range heads {
		if h.Robots.V.Index == "noindex" {
			return harvest.NoIndexed, "its page asks not to be indexed (" + h.from + ".robots)"
		}
	}
	return "", ""
}

// wantsPage reports whether the web page of a post is needed beside its API record.
func (v *visit) wantsPage(p *post, rec *harvest.Record) bool {
	if p.Type == "attachment" || !v.onSite(rec.URL) {
		return false
	}
	switch v.wordpress.Pages {
	case "always":
		return true
	case "never":
		return false
	}
	return rec.Summary == "" || rec.SummaryBasis.Truncated || item.HasRules(&v.rules)
}

// onSite reports whether a post's page is on a host of the source. A site
// whose front end stands elsewhere keeps its posts as the API gives them.
func (d *Door) onSite(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := bareHost(u)
	if home, err := url.Parse(d.source.Homepage); err == nil && host == bareHost(home) || host == bareHost(d.route.base) {
		return true
	}
	return slices.ContainsFunc(d.source.Scope.Hosts, func(h string) bool {
		h = strings.ToLower(h)
		return host == strings.TrimPrefix(strings.TrimPrefix(h, "."), "www.") || strings.HasPrefix(h, ".") && strings.HasSuffix(host, h)
	})
}

// Reading is how the door has the web pages of posts read: what the API said
// comes along as the card and stands.
func (d *Door) Reading() item.Reading {
	return item.Reading{Source: d.source, Vocabulary: d.vocabulary, Rules: d.rules, CardWins: true}
}

// fingerprint tells two pages of a collection apart by the ids on them.
func fingerprint(items []json.RawMessage) string {
	var ids []string
	for _, raw := range items {
		var p struct {
			ID   number `json:"id"`
			Link text   `json:"link"`
		}
		_ = json.Unmarshal(raw, &p) // what is no post has neither
		id := string(p.ID) + " " + string(p.Link)
		if id == " " { // a custom route calls them otherwise
			id = string(raw)
		}
		ids = append(ids, id)
	}
	return item.Fingerprint(ids)
}
