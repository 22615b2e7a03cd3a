package page

import (
	"fmt"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/labelled"
	"github.com/harvest87/harvest/parsers/normalize"
)

// Find tries selectors in order within scope; the first that finds text wins.
// It returns every value that selector finds, cleaned as one line each and
// without repetitions, and names it for the record's provenance, such as
// "h1.title (2 of 3)". Without a match both are empty. A selector that is not
// CSS finds nothing; lint reports it.
func Find(scope *goquery.Selection, selectors config.Selectors) (values []string, which string) {
	return find(scope, selectors, func(s *goquery.Selection) string { return normalize.Text(textOf(s)) })
}

// findParts is [Find] for fields of several values: a list of links behind a
// label counts as so many.
func findParts(scope *goquery.Selection, selectors config.Selectors) (values []string, which string) {
	return findIn(scope, selectors, labelled.Parts, func(s *goquery.Selection) string { return normalize.Text(textOf(s)) })
}

// FindText is [Find] for longer text: the paragraphs within an element are
// kept apart by "\n\n".
func FindText(scope *goquery.Selection, selectors config.Selectors) (values []string, which string) {
	return find(scope, selectors, func(s *goquery.Selection) string {
		var parts []string
		for _, n := range s.Nodes {
			parts = append(parts, blockText(n))
		}
		return normalize.Paragraphs(strings.Join(parts, "\n\n"))
	})
}

// findLines is [Find] for lists that stand one thing a line: each line of an
// element is a value.
func findLines(scope *goquery.Selection, selectors config.Selectors) (values []string, which string) {
	for i, sel := range selectors {
		seen := make(map[string]bool)
		add := func(raw string) {
			value, ok := capture(sel, normalize.Text(raw))
			if value = strings.TrimSpace(value); ok && value != "" && !seen[value] {
				seen[value] = true
				values = append(values, value)
			}
		}
		found, label := elements(scope, sel)
		if len(sel.Labels) > 0 && sel.Attr == "" {
			found = labelled.Parts(found)
		}
		found.Each(func(_ int, s *goquery.Selection) {
			if sel.Attr != "" {
				add(s.AttrOr(sel.Attr, ""))
				return
			}
			for line := range strings.Lines(textOf(s)) {
				add(line)
			}
		})
		if len(values) > 0 {
			return values, name(sel, label, i, len(selectors))
		}
	}
	return nil, ""
}

// FindURL is [Find] for addresses: without an attribute, href, src and content
// are tried. Values are resolved against base; what is no address is left out.
func FindURL(scope *goquery.Selection, selectors config.Selectors, base string) (values []string, which string) {
	for i, sel := range selectors {
		seen := make(map[string]bool)
		found, label := elements(scope, sel)
		if len(sel.Labels) > 0 {
			found = labelled.Holding(found, attributesFor(sel)...)
		}
		found.Each(func(_ int, s *goquery.Selection) {
			raw := ""
			for _, attr := range attributesFor(sel) {
				if raw = s.AttrOr(attr, ""); raw != "" {
					break
				}
			}
			raw, ok := capture(sel, strings.TrimSpace(raw))
			if !ok || raw == "" {
				return
			}
			if u, err := normalize.URL(base, raw); err == nil && !seen[u] {
				seen[u] = true
				values = append(values, u)
			}
		})
		if len(values) > 0 {
			return values, name(sel, label, i, len(selectors))
		}
	}
	return nil, ""
}

func attributesFor(sel config.Selector) []string {
	if sel.Attr != "" {
		return []string{sel.Attr}
	}
	return []string{"href", "src", "content", "data-href"}
}

func find(scope *goquery.Selection, selectors config.Selectors, text func(*goquery.Selection) string) (values []string, which string) {
	return findIn(scope, selectors, nil, text)
}

// findIn finds the texts of elements; parts, when there is any, takes the value
// of a label apart.
func findIn(scope *goquery.Selection, selectors config.Selectors, parts func(*goquery.Selection) *goquery.Selection, text func(*goquery.Selection) string) (values []string, which string) {
	for i, sel := range selectors {
		seen := make(map[string]bool)
		found, label := elements(scope, sel)
		if parts != nil && len(sel.Labels) > 0 && sel.Attr == "" {
			found = parts(found)
		}
		found.Each(func(_ int, s *goquery.Selection) {
			var raw string
			if sel.Attr != "" {
				raw = normalize.Text(s.AttrOr(sel.Attr, ""))
			} else {
				raw = text(s)
			}
			value, ok := capture(sel, raw)
			if value = strings.TrimSpace(value); ok && value != "" && !seen[value] {
				seen[value] = true
				values = append(values, value)
			}
		})
		if len(values) > 0 {
			return values, name(sel, label, i, len(selectors))
		}
	}
	return nil, ""
}

// match finds the elements of a selector in scope; an empty selector is the
// scope itself, as in "@href". goquery takes invalid CSS as no match.
func match(scope *goquery.Selection, css string) *goquery.Selection {
	if css == "" {
		return scope
	}
	return scope.Find(css)
}

// elements are those that a selector finds in scope. With labels they are the
// values behind the first of them that has one, and which label that was.
func elements(scope *goquery.Selection, sel config.Selector) (found *goquery.Selection, label string) {
	if found = match(scope, sel.CSS); len(sel.Labels) == 0 {
		return found, ""
	}
	if found, label = labelled.Find(found, sel.Labels); sel.Attr != "" {
		return labelled.Holding(found, sel.Attr), label
	}
	return found, label
}

// capture applies the selector's expression.
func capture(sel config.Selector, value string) (string, bool) {
	if sel.Regex == nil {
		return value, true
	}
	m := sel.Regex.FindStringSubmatch(value)
	switch {
	case m == nil:
		return "", false
	case len(m) > 1:
		return m[1], true
	}
	return m[0], true
}

// name is a selector as the record's provenance has it.
func name(sel config.Selector, label string, i, of int) string {
	out := sel.String()
	if of > 1 {
		out = fmt.Sprintf("%s (%d of %d)", sel, i+1, of)
	}
	if len(sel.Labels) > 1 {
		out += fmt.Sprintf(", found %q", label)
	}
	return out
}
