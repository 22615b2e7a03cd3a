package survey

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/publicsuffix"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/probe"
)

// compose writes the file, reads it as a run would, and tries its first door.
func (s *survey) compose() error {
	for _, d := range s.drafts {
		for _, doubt := range d.doubts {
			s.unsuref("%s: %s", d.kind, doubt)
		}
	}
	s.measure(s.drafts[0].result)
	s.labels()
	text := s.text()
	src, problems := config.Loader{Now: func() time.Time { return s.options.Now }}.ParseSource(s.result.ID+".yaml", []byte(text))
	s.result.Text = text
	if src == nil {
		return fmt.Errorf("the file that was made does not lint: %w", problems.Err())
	}
	s.result.Source = src
	// The pages are known, so this asks for nothing.
	items := 3
	if src.Doors[0].Kind == "links" {
		items = itemsOfLinks
	}
	r := probe.Door(s.ctx, s.budget.get, src, s.options.Vocabulary, 0, probe.Limits{Lists: 5, Items: items})
	if !r.Works {
		return fmt.Errorf("the file that was made gives no record: %s", r.Why)
	}
	return nil
}

// measured are the fields of which coverage is told.
var measured = []struct {
	name string
	has  func(*harvest.Record) bool
}{
	{"title", func(r *harvest.Record) bool { return r.Title != "" }},
	{"summary", func(r *harvest.Record) bool { return r.Summary != "" }},
	{"date", func(r *harvest.Record) bool { return !r.Published.IsZero() }},
	{"category", func(r *harvest.Record) bool { return r.Category != "" }},
	{"language", func(r *harvest.Record) bool { return r.Language.Value != "" }},
	{"authors", func(r *harvest.Record) bool { return len(r.Authors) > 0 }},
	{"documents", func(r *harvest.Record) bool { return len(r.Documents) > 0 }},
}

// measure counts the fields of the records that a door gave.
func (s *survey) measure(r *probe.Result) {
	s.result.Records = r.Records
	for _, m := range measured {
		c := Coverage{Field: m.name, Of: len(r.Records)}
		for i := range r.Records {
			if m.has(&r.Records[i]) {
				c.Have++
			}
		}
		s.result.Coverage = append(s.result.Coverage, c)
		if c.Of > 1 && c.Have*2 < c.Of && (m.name == "summary" || m.name == "date") {
			s.unsuref("%d of %d records have a %s", c.Have, c.Of, m.name)
		}
	}
}

// labels notes labels that mean no type yet.
func (s *survey) labels() {
	labels := s.unmapped()
	if len(labels) > 0 {
		s.unsuref("labels that mean no type yet: %s; give each one under categories", strings.Join(labels, ", "))
	}
}

// unmapped are labels of records without a category.
func (s *survey) unmapped() []string {
	var out []string
	for i := range s.result.Records {
		r := &s.result.Records[i]
		const most = 12
		if r.Category == "" && r.CategoryRaw != "" && !slices.Contains(out, r.CategoryRaw) && len(out) < most {
			out = append(out, r.CategoryRaw)
		}
	}
	return out
}

// text is the file.
func (s *survey) text() string {
	var b strings.Builder
	day := s.options.Now.Format(time.DateOnly)
	name := s.name()
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# %s", comment(name))
	line("#")
	line("# Found by `harvest sources add` on %s, from %s:", day, comment(s.options.URL))
	for _, a := range s.result.Tried {
		verdict := "no"
		if a.Works {
			verdict = "yes"
		}
		line("#   %-4s %s: %s", verdict, comment(a.Door), comment(a.Why))
	}
	line("# Of %d records that were read: %s.", len(s.result.Records), coverageText(s.result.Coverage))
	if len(s.result.Unsure) > 0 {
		line("# Unsure, and worth a look:")
		for _, u := range s.result.Unsure {
			line("#   - %s", comment(u))
		}
	}
	line("id: %s", s.result.ID)
	line("name: %s", quote(name))
	line("homepage: %s", quote(s.root+"/"))
	switch l := s.language(); {
	case s.order != "" && (l == "" || l == "en"):
		line("language: %s  # by its dates: %s", s.order, map[string]string{"en-US": "month before day", "en-GB": "day before month"}[s.order])
	case l != "":
		line("language: %s", l)
	}
	if s.home != nil && s.home.licence != "" {
		line("licence: %s", quote(s.home.licence))
	}
	line("schedule: {cron: %q, timezone: UTC, jitter: 20m}", cronOf(s.result.ID))
	line("\ndoors:  # tried in order; the first that works wins")
	for _, d := range s.drafts {
		b.WriteString(d.text)
		if s.options.Render && readsPages(d.kind) {
			line("    render: browser")
		}
	}
	if labels := s.unmapped(); len(labels) > 0 {
		line("\n# categories:  # what the site's own labels mean, such as report, news or guidance")
		for _, l := range labels {
			line("#   %s:", comment(quote(l)))
		}
	}
	line("\npoliteness: {delay: %s, contact: required}", s.delay())
	b.WriteString(s.network())
	if hosts := s.hosts(); len(hosts) > 0 {
		line("scope: {hosts: [%s]}  # where files and items were seen", strings.Join(hosts, ", "))
	}
	if n := s.expected(); n > 0 {
		line("gates: {records: \">= %d\"}  # half of what was seen or told", n)
	}
	line("checked: %s", day)
	return b.String()
}

// readsPages reports whether a door of that kind reads pages of HTML.
func readsPages(kind string) bool {
	return slices.Contains([]string{"listing", "sitemap", "feed", "links"}, kind)
}

// delay is the pause between two requests; a site on this machine needs none.
func (s *survey) delay() string {
	if addr, err := netip.ParseAddr(s.at.Hostname()); err == nil && addr.IsLoopback() {
		return "0s"
	}
	return "2s"
}

// comment is a text that can stand in one line of comment.
func comment(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff {
			return ' '
		}
		return r
	}, text)
	return clip(strings.Join(strings.Fields(text), " "), 400)
}

func coverageText(list []Coverage) string {
	parts := make([]string, len(list))
	for i, c := range list {
		parts[i] = fmt.Sprintf("%s %d", c.Field, c.Have)
	}
	return strings.Join(parts, ", ")
}

func (s *survey) name() string {
	name := ""
	for _, e := range []*evidence{s.home, s.target} {
		if e != nil && name == "" {
			name = e.name
		}
	}
	return cmp.Or(comment(name), host(s.root))
}

// language is that of the site, when its records are of that one alone.
func (s *survey) language() string {
	declared := ""
	if s.home != nil {
		declared = s.home.language
	}
	for i := range s.result.Records {
		l := s.result.Records[i].Language.Value
		if l != "" && primary(l) != primary(cmp.Or(declared, l)) {
			return "" // it says one and prints another
		}
		if declared == "" && l != "" {
			declared = primary(l)
		}
	}
	return declared
}

func primary(tag string) string {
	p, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(p)
}

// hosts are further hosts on which files and items stand, as far as they are
// part of the same organisation's name or hold most of the items.
func (s *survey) hosts() []string {
	own := organisation(s.root)
	var out []string
	add := func(address string) {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || host(address) == host(s.root) || organisation(address) != own {
			return
		}
		if h := strings.ToLower(u.Hostname()); !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	for _, d := range s.drafts {
		for i := range d.result.Leads {
			add(d.result.Leads[i].URL)
		}
		for i := range d.result.Records {
			add(d.result.Records[i].URL)
			for _, doc := range d.result.Records[i].Documents {
				add(doc.URL)
			}
		}
	}
	slices.Sort(out)
	return out
}

// organisation is the part of a host's name that was registered.
func organisation(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	name, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(u.Hostname()))
	if err != nil {
		return u.Host
	}
	return name
}

// expected is half of the items that the first door knows of, 0 when that is
// too few to tell.
func (s *survey) expected() int {
	r := s.drafts[0].result
	n := max(r.Total, r.Items) / 2
	const few = 5
	if n < few {
		return 0
	}
	return n
}

// cronOf spreads sources over the nights of the week.
func cronOf(id string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // it never fails
	n := h.Sum32()
	return fmt.Sprintf("%d %d * * %d", n%60, 1+n/60%5, n/300%7)
}

var notID = regexp.MustCompile(`[^a-z0-9]+`)

// idOf makes an id of an address: respect for respect.international, and
// osce-cthb for cthb.osce.org.
func idOf(at *url.URL) string {
	name := strings.TrimPrefix(strings.ToLower(at.Hostname()), "www.")
	var id string
	if _, err := netip.ParseAddr(name); err == nil || !strings.Contains(name, ".") {
		id = "site-" + name + "-" + at.Port()
	} else {
		registered := organisation(at.String())
		id, _, _ = strings.Cut(registered, ".")
		if sub := strings.TrimSuffix(strings.TrimSuffix(name, registered), "."); sub != "" {
			id += "-" + sub
		}
	}
	id = strings.Trim(notID.ReplaceAllString(normalize.Text(id), "-"), "-")
	if id == "" || id[0] < 'a' || id[0] > 'z' {
		id = "site-" + id
	}
	const longest = 40
	return strings.Trim(id[:min(len(id), longest)], "-")
}
