package survey

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/probe"
)

// The order of doors: interfaces that give whole records, lists, sitemaps,
// and feeds, which show what is newest.
const (
	rankInterface = iota
	rankRecords   // an interface of records that say less
	rankList
	rankSitemap
	rankFeed
)

// platforms tries the interfaces of the platforms that the site has the marks of.
func (s *survey) platforms() {
	for _, p := range []struct {
		name string
		try  func()
	}{
		{"wordpress", s.wordpress},
		{"ojs", s.ojs},
		{"dspace", s.dspace},
		{"eprints", s.eprints},
		{"ckan", s.ckan},
		{"govuk", s.govuk},
		{"drupal", s.drupal},
		{"omeka-s", s.omekaS},
		{"omeka", s.omeka},
		{"mediawiki", s.mediawiki},
	} {
		if s.is(p.name) && s.ctx.Err() == nil {
			p.try()
		}
	}
	if len(s.result.Platforms) == 0 && s.hasPosts() {
		s.result.Platforms = []string{"wordpress"}
		s.wordpress()
	}
	if len(s.drafts) == 0 && mentionsOAI(s) {
		s.oai("/oai", "/oai/request", "/oai2d", "/oai2")
	}
}

func mentionsOAI(s *survey) bool {
	for _, e := range []*evidence{s.target, s.home} {
		for _, l := range e.links {
			if strings.Contains(l.text, "OAI-PMH") || strings.Contains(l.url, "verb=Identify") {
				return true
			}
		}
	}
	return false
}

// links are those of the page that was named and of the homepage.
func (s *survey) links() []link {
	out := s.target.links
	if s.home != s.target {
		out = append(slices.Clip(out), s.home.links...)
	}
	return out
}

// json asks for a page of JSON and reads it into v; false when there is none.
func (s *survey) json(address string, v any) (*harvest.Page, bool) {
	p := s.budget.page(s.ctx, address)
	if p.Outcome != harvest.Fetched {
		return p, false
	}
	return p, json.Unmarshal(p.Body, v) == nil
}

// ending says how a page ended.
func ending(p *harvest.Page) string {
	if p.Outcome == harvest.Fetched {
		return "answers in another form"
	}
	out := string(p.Outcome)
	if p.Status != 0 {
		out += fmt.Sprintf(" (%d)", p.Status)
	}
	return out
}

// oai tries repositories at these paths or addresses, the first that answers.
func (s *survey) oai(places ...string) bool {
	seen := make(map[string]bool)
	for _, place := range places {
		base, err := s.at.Parse(place)
		if err != nil || seen[base.String()] {
			continue
		}
		seen[base.String()] = true
		identify := s.budget.page(s.ctx, base.String()+"?verb=Identify")
		if identify.Outcome != harvest.Fetched || !strings.Contains(string(identify.Body), "<repositoryName") {
			s.tried("oai-pmh at "+base.String(), false, ending(identify))
			continue
		}
		d := &draft{kind: "oai-pmh", rank: rankInterface, note: "oai-pmh at " + base.String(), text: fmt.Sprintf("  - oai-pmh:\n      base: %s\n", quote(base.String()))}
		if s.try(d, probe.Limits{Lists: 2, Items: -1}) {
			return true
		}
	}
	return false
}

// quote is a text as a scalar of YAML on one line.
func quote(text string) string {
	n := yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	if strings.ContainsAny(text, "\n\r\t,[]{}'\"#?") || strings.Contains(text, ": ") {
		n.Style = yaml.DoubleQuotedStyle
	}
	out, err := yaml.Marshal(&n)
	if err != nil {
		return `""`
	}
	line := strings.TrimSuffix(string(out), "\n")
	if strings.ContainsAny(line, "\n") { // a long text that was folded
		b, err := json.Marshal(text)
		if err != nil {
			return `""`
		}
		return string(b)
	}
	return line
}

// host is the host of an address without "www.".
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.")
}
