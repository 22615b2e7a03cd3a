package survey

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/probe"
)

// drupal tries the JSON:API of Drupal, which gives one list for each type of
// content (https://www.drupal.org/docs/core-modules-and-themes/core-modules/jsonapi-module).
// Many sites close it.
func (s *survey) drupal() {
	var index struct {
		Links map[string]struct{ Href string } `json:"links"`
	}
	at := s.root + "/jsonapi"
	p, ok := s.json(at, &index)
	if !ok || len(index.Links) == 0 {
		s.tried("json of Drupal", false, ending(p))
		return
	}
	var starts, left []string
	for _, name := range slices.Sorted(maps.Keys(index.Links)) {
		kind, isNode := strings.CutPrefix(name, "node--")
		if !isNode || !plainType.MatchString(kind) {
			continue
		}
		const most, kept = 6, 14 // types that are asked for, and requests that are kept for the rest
		if noDocuments.MatchString(kind) || len(starts) == most || s.budget.left() < kept {
			left = append(left, kind)
			continue
		}
		start := s.root + "/jsonapi/node/" + kind + "?page[limit]=50"
		if s.hasNodes(start) {
			starts = append(starts, start)
		}
	}
	if len(starts) == 0 {
		s.tried("json of Drupal", false, "no type of content is open")
		return
	}
	if len(left) > 0 {
		s.unsuref("types of content that seem to hold no documents are left out: %s", strings.Join(left, ", "))
	}
	var b strings.Builder
	b.WriteString("  - json:\n      start:\n")
	for _, start := range starts {
		fmt.Fprintf(&b, "        - %s\n", quote(start))
	}
	fmt.Fprintf(&b, `      items: data
      next: {link: links.next.href}
      fields:
        id: id
        link: join('', ['%s', attributes.path.alias || join('', ['/node/', to_string(attributes.drupal_internal__nid)])])
        title: attributes.title
        summary: [attributes.body.summary, attributes.field_summary.processed, attributes.field_abstract.processed, attributes.body.processed, attributes.body.value]
        date: [attributes.field_date, attributes.field_publication_date, attributes.field_published, attributes.created]
        modified: attributes.changed
        category: type
        language: attributes.langcode
`, s.root)
	s.try(&draft{kind: "json", note: "json of Drupal", rank: rankRecords, text: b.String()}, probe.Limits{Items: -1})
}

// hasNodes reports whether a list of JSON:API has entries that may be read.
func (s *survey) hasNodes(address string) bool {
	var list struct {
		Data []struct {
			Attributes map[string]any `json:"attributes"`
		} `json:"data"`
	}
	p, ok := s.json(address, &list)
	return ok && p.Outcome == harvest.Fetched && len(list.Data) > 0 && list.Data[0].Attributes["title"] != nil
}
