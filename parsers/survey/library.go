package survey

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/harvest87/harvest/parsers/probe"
)

// ojsPage is the address of a journal's page in Open Journal Systems, with the
// journal's own before it.
var ojsPage = regexp.MustCompile(`^(.*?)/(?:issue/(?:archive|current|view)|article/view|about(?:/[a-zA-Z]+)?|search(?:/search)?|login|user/register)(?:/|$|\?)`)

// ojs: a journal has its repository at /oai below its own address.
func (s *survey) ojs() {
	var places []string
	for _, l := range append([]link{{url: s.at.String()}}, s.links()...) {
		if host(l.url) != host(s.root) {
			continue
		}
		if strings.HasSuffix(strings.TrimRight(l.url, "/"), "/oai") {
			places = append(places, l.url)
		}
		if m := ojsPage.FindStringSubmatch(l.url); m != nil && len(places) < 4 {
			places = append(places, m[1]+"/oai")
		}
	}
	places = append(places, strings.TrimRight(s.at.Path, "/")+"/oai", "/index.php/index/oai", "/oai")
	s.oai(places[:min(len(places), 6)]...)
}

func (s *survey) dspace() {
	s.oai("/server/oai/request", "/oai/request", "/oai/openaire", "/xmlui/oai/request")
}

func (s *survey) eprints() { s.oai("/cgi/oai2", "/perl/oai2") }

// omekaSite is the name of a site within Omeka S.
var omekaSite = regexp.MustCompile(`/s/([A-Za-z0-9_-]+)(?:/|$)`)

// omekaS tries the REST API of Omeka S
// (https://omeka.org/s/docs/developer/api/rest_api/).
func (s *survey) omekaS() {
	site := ""
	for _, l := range append([]link{{url: s.at.String()}}, s.links()...) {
		if m := omekaSite.FindStringSubmatch(l.url); m != nil && host(l.url) == host(s.root) {
			site = m[1]
			break
		}
	}
	if site == "" {
		s.tried("json of Omeka S", false, "no site of it is linked")
		return
	}
	base := s.root
	text := fmt.Sprintf(`  - json:
      start: %s
      next: {page: page}
      fields:
        id: to_string("o:id")
        link: join('', ['%s/s/%s/item/', to_string("o:id")])
        title: ["\"o:title\"", "\"dcterms:title\"[0].\"@value\""]
        summary: ["\"dcterms:abstract\"[0].\"@value\"", "\"dcterms:description\"[0].\"@value\""]
        date: ["\"dcterms:issued\"[0].\"@value\"", "\"dcterms:date\"[0].\"@value\""]
        modified: "\"o:modified\".\"@value\""
        author: "\"dcterms:creator\"[].\"@value\""
        publisher: "\"dcterms:publisher\"[0].\"@value\""
        category: ["\"dcterms:type\"[].\"@value\"", "\"o:resource_class\".\"o:label\""]
        language: "\"dcterms:language\"[0].\"@value\""
        licence: ["\"dcterms:license\"[0].\"@value\"", "\"dcterms:rights\"[0].\"@value\""]
        identifier: "\"dcterms:identifier\"[].\"@value\""
`, quote(base+"/api/items?per_page=50&sort_by=id&sort_order=asc&page=1"), base, site)
	s.try(&draft{kind: "json", note: "json of Omeka S", rank: rankInterface, text: text}, probe.Limits{Items: -1, Onwards: true})
}

// omeka: the interface of Omeka Classic is closed unless somebody opens it; a
// plugin gives it a repository. Its lists are read as lists.
func (s *survey) omeka() {
	if !s.oai("/oai-pmh-repository/request") {
		s.hub(s.root + "/items/browse")
	}
}

// hub names a page that is to be looked at for lists.
func (s *survey) hub(address string) {
	if _, err := url.Parse(address); err == nil {
		s.target.links = append([]link{{address, "publications"}}, s.target.links...)
	}
}
