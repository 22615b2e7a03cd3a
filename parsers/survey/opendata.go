package survey

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/harvest87/harvest/parsers/probe"
)

// ckan tries the search of CKAN, with the words and filters of the address
// (https://docs.ckan.org/en/latest/api/#ckan.logic.action.get.package_search).
func (s *survey) ckan() {
	q := url.Values{"rows": {"100"}, "start": {"0"}}
	given := s.at.Query()
	if words := given.Get("q"); words != "" {
		q.Set("q", words)
	} else {
		s.unsuref("the whole catalogue of data is asked for; add the words that matter to start, such as &q=%%22forced+labour%%22")
	}
	var filters []string
	for _, name := range []string{"organization", "groups", "tags", "res_format"} {
		for _, v := range given[name] {
			filters = append(filters, fmt.Sprintf("%s:%q", name, v))
		}
	}
	if m := ckanGroup.FindStringSubmatch(s.at.Path); m != nil {
		filters = append(filters, fmt.Sprintf("%s:%q", strings.Replace(m[1], "group", "groups", 1), m[2]))
	}
	if len(filters) > 0 {
		q.Set("fq", strings.Join(filters, " "))
	}
	prefix := ""
	if m := ckanPath.FindStringSubmatch(s.at.Path); m != nil {
		prefix = m[1]
	}
	text := fmt.Sprintf(`  - json:
      start: %s
      items: result.results
      total: result.count
      next: {offset: start, step: 100}
      fields:
        id: id
        link: join('', ['%s/dataset/', name])
        title: [title, name]
        summary: notes
        date: [issued, metadata_created]
        modified: metadata_modified
        author: author
        publisher: organization.title
        category: type
        document: resources[?format=='PDF'].url
        licence: [license_url, license_title]
`, quote(s.root+prefix+"/api/3/action/package_search?"+q.Encode()), s.root+prefix)
	s.try(&draft{kind: "json", note: "json of CKAN", rank: rankInterface, text: text}, probe.Limits{Items: -1})
}

var (
	ckanGroup = regexp.MustCompile(`/(organization|group)/([a-z0-9_-]+)$`)
	ckanPath  = regexp.MustCompile(`^((?:/[a-z]{2,12}){0,2}?)/(?:dataset|organization|group)(?:/|$)`)
)

var govukOrganisation = regexp.MustCompile(`^/government/organisations/([a-z0-9-]+)`)

// govuk tries the search and content interfaces of GOV.UK, with the words and
// filters of the address (https://docs.publishing.service.gov.uk/repos/search-api.html,
// https://content-api.publishing.service.gov.uk).
func (s *survey) govuk() {
	q := url.Values{"fields": {"title", "link", "public_timestamp"}, "order": {"-public_timestamp"}, "count": {"50"}, "start": {"0"}}
	given := s.at.Query()
	words := cmp.Or(given.Get("keywords"), given.Get("q"))
	for _, name := range []string{"organisations", "topics", "people", "world_locations", "content_purpose_supergroup"} {
		for _, v := range slices.Concat(given[name+"[]"], given[name]) {
			q.Add("filter_"+name, v)
		}
	}
	if m := govukOrganisation.FindStringSubmatch(s.at.Path); m != nil {
		q.Add("filter_organisations", m[1])
	} else if words == "" {
		parts := strings.Split(strings.Trim(s.at.Path, "/"), "/")
		if last := parts[len(parts)-1]; last != "" && last != "all" {
			words = strings.ReplaceAll(last, "-", " ")
			s.unsuref("the words %q of the address are searched for", words)
		}
	}
	if words != "" {
		q.Set("q", words)
	}
	text := fmt.Sprintf(`  - json:
      start: %s
      items: results
      total: total
      next: {offset: start, step: 50}
      fields:
        title: title
        link: join('', ['%s', link])
        modified: public_timestamp
      detail: join('', ['%s/api/content', link])
      detail_fields:
        title: title
        summary: description
        date: first_published_at
        modified: public_updated_at
        category: document_type
        language: locale
        publisher: links.organisations[0].title
        document: "details.attachments[?content_type=='application/pdf'].url"
`, quote(s.root+"/api/search.json?"+q.Encode()), s.root, s.root)
	s.try(&draft{kind: "json", note: "json of GOV.UK", rank: rankInterface, text: text}, probe.Limits{Items: 3})
}
