package survey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/probe"
)

// Options say what to survey.
type Options struct {
	URL string
	// ID names the source; empty: one is made of the address.
	ID string
	// Allow are ranges of non-public addresses that the source may ask.
	Allow []netip.Prefix
	// Requests bounds what is asked for, redirects included: 30.
	Requests int
	// Render says that pages of HTML come as a browser has filled them. The doors
	// that are written say so then.
	Render     bool
	Vocabulary *config.Vocabulary
	Now        time.Time
}

// Result is what the survey found.
type Result struct {
	// Source is the file as it is read, Text its text.
	Source *config.Source `json:"-"`
	Text   string         `json:"text"`
	ID     string         `json:"id"`
	// Platforms are what the site seems to run on.
	Platforms []string  `json:"platforms,omitempty"`
	Tried     []Attempt `json:"tried"`
	// Records are those that the first door gave.
	Records  []harvest.Record `json:"records"`
	Coverage []Coverage       `json:"coverage"`
	Unsure   []string         `json:"unsure,omitempty"`
	Requests int              `json:"requests"`
	// Scripted is true when the page that was named holds next to nothing without
	// its scripts.
	Scripted bool `json:"scripted,omitempty"`
}

// Attempt is one door that was tried.
type Attempt struct {
	Door  string `json:"door"`
	Works bool   `json:"works"`
	// Why says what is wrong, or what was found.
	Why string `json:"why"`
}

// Coverage is how many of the records have a field.
type Coverage struct {
	Field string `json:"field"`
	Have  int    `json:"have"`
	Of    int    `json:"of"`
}

// ErrNothing says that no door of the site gave a record.
var ErrNothing = errors.New("no way into the site was found")

// draft is a door that may work.
type draft struct {
	kind string
	text string // as it stands in the list of doors
	note string // a comment above it
	rank int    // lower comes first
	// result is what came of it.
	result *probe.Result
	doubts []string
	// total is how many items there are, 0 when nothing says so.
	total int
}

// survey is one survey.
type survey struct {
	ctx     context.Context //nolint:containedctx // it lives as long as the call of Survey
	options Options
	budget  *budget
	target  *evidence // nil when the address is no page of HTML
	home    *evidence // may be the same
	at      *url.URL  // where the address led
	root    string    // "https://example.org"
	page    *harvest.Page
	drafts  []*draft
	order   string // of day and month in the printed dates of the list
	result  *Result
}

// Survey finds the doors of a site and writes a source file. The error says
// that the address cannot be read, or is [ErrNothing]; the result then tells
// what was tried. It is nil only when the address is none.
func Survey(ctx context.Context, ask probe.Ask, o Options) (*Result, error) {
	if o.Requests <= 0 {
		o.Requests = 30
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	u, err := url.Parse(o.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("%q is not a web address such as https://example.org/resources", o.URL)
	}
	s := &survey{ctx: ctx, options: o, budget: newBudget(ask, o.Requests), result: &Result{}}
	err = s.run()
	s.result.Requests = s.budget.used
	if ctx.Err() != nil {
		return s.result, ctx.Err()
	}
	return s.result, err
}

func (s *survey) run() error {
	if err := s.open(); err != nil {
		return err
	}
	s.result.ID = cmp.Or(s.options.ID, idOf(s.at))
	if host(s.options.URL) != host(s.page.URL) {
		s.unsuref("%s leads to another host, %s; the file is for that one", s.options.URL, s.at.Host)
	}
	if s.target != nil && s.target.scripted() && !s.options.Render {
		s.result.Scripted = true
		s.unsuref("the page is filled by scripts, and was read without them; harvest sources add --render has Chromium fill it")
	}
	if s.target == nil {
		s.direct()
	} else {
		s.platforms()
		s.lists()
		s.fallbacks()
		if len(s.drafts) == 0 {
			s.followLinks()
		}
	}
	slices.SortStableFunc(s.drafts, func(a, b *draft) int { return cmp.Compare(a.rank, b.rank) })
	if len(s.drafts) == 0 {
		return ErrNothing
	}
	return s.compose()
}

// open asks for the address, and for the homepage when that is another.
func (s *survey) open() error {
	s.page = s.budget.page(s.ctx, s.options.URL)
	empty := s.page.Outcome == harvest.UnexpectedType && s.page.Status == http.StatusOK // its header may say something
	if s.page.Outcome != harvest.Fetched && !empty {
		why := string(s.page.Outcome)
		if s.page.Reason != "" {
			why += ": " + s.page.Reason
		}
		return fmt.Errorf("%s: %s%s", s.options.URL, why, wayOut(s.page.Outcome))
	}
	at, err := url.Parse(s.page.URL)
	if err != nil {
		return fmt.Errorf("%s: %w", s.page.URL, err)
	}
	s.at, s.root = at, at.Scheme+"://"+at.Host
	s.target = look(s.page)
	if empty {
		s.target = bare(s.page)
	}
	s.home = s.target
	if s.target != nil && strings.Trim(at.Path, "/") != "" {
		if home := look(s.budget.page(s.ctx, s.root+"/")); home != nil {
			s.home = home
		}
	}
	if s.target != nil {
		s.result.Platforms = union(s.target.platforms, s.home.platforms)
	}
	return nil
}

// wayOut is what a person can do where a site does not let itself be read.
func wayOut(o harvest.Outcome) string {
	switch o {
	case harvest.RobotsDenied:
		return "; that is obeyed: name another page of the site, or ask its owner"
	case harvest.AccessDenied, harvest.Challenge:
		return "; the site keeps programs away from this page: try another page, a feed or an interface of it, or ask its owner"
	}
	return ""
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, v := range b {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

func (s *survey) is(platform string) bool { return slices.Contains(s.result.Platforms, platform) }

func (s *survey) unsuref(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	if !slices.Contains(s.result.Unsure, line) {
		s.result.Unsure = append(s.result.Unsure, line)
	}
}

// tried notes a door that was tried.
func (s *survey) tried(door string, works bool, why string) {
	s.result.Tried = append(s.result.Tried, Attempt{Door: door, Works: works, Why: why})
}

// try opens a door a little. It is kept when it works.
func (s *survey) try(d *draft, l probe.Limits) bool {
	src, err := s.sourceOf(d)
	if err != nil {
		s.tried(d.kind, false, err.Error())
		return false
	}
	d.result = probe.Door(s.ctx, s.budget.get, src, s.options.Vocabulary, 0, l)
	why := d.result.Why
	d.result.Total = max(d.result.Total, d.total)
	if d.result.Works {
		why = found(d.result)
	}
	s.tried(cmp.Or(d.note, d.kind), d.result.Works, why)
	if d.result.Works {
		s.drafts = append(s.drafts, d)
	}
	return d.result.Works
}

// found says in words what came of a door.
func found(r *probe.Result) string {
	out := fmt.Sprintf("%d items", r.Items)
	if r.Total > r.Items {
		out += fmt.Sprintf(" of %d", r.Total)
	}
	if r.Second {
		out += ", and more on the next page"
	}
	return out
}

// sourceOf is a source with this door alone.
func (s *survey) sourceOf(d *draft) (*config.Source, error) {
	text := fmt.Sprintf("id: survey\nname: survey\nhomepage: %s\n", quote(s.root+"/"))
	if s.order != "" && d.kind == "listing" {
		text += "language: " + s.order + "\n"
	}
	text += "doors:\n" + d.text + s.network()
	src, problems := config.ParseSource("survey.yaml", []byte(text))
	if src == nil {
		return nil, problems.Err()
	}
	return src, nil
}

// network are the lines that open addresses which are closed by default.
func (s *survey) network() string {
	if len(s.options.Allow) == 0 {
		return ""
	}
	var ranges []string
	for _, p := range s.options.Allow {
		ranges = append(ranges, p.String())
	}
	return "network: {allow: [" + strings.Join(ranges, ", ") + "]}\n"
}
