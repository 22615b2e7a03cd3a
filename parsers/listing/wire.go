package listing

import (
	"fmt"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"github.com/andybalholm/cascadia"

	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers/labelled"
	"github.com/harvest87/harvest/parsers/normalize"
)

// finder is a list of selectors ready for use, tried in order.
type finder []selector

// selector is one alternative. Without CSS it is the scope itself.
type selector struct {
	config.Selector
	matcher goquery.Matcher
	detail  string // "h3 a@href (2 of 3)"
}

// compile makes a finder of the selectors of a field, such as "item.title".
func compile(field string, list config.Selectors) (finder, error) {
	var f finder
	for i, s := range list {
		one := selector{Selector: s, detail: s.String()}
		if len(list) > 1 {
			one.detail = fmt.Sprintf("%s (%d of %d)", s, i+1, len(list))
		}
		if strings.TrimSpace(s.CSS) != "" {
			m, err := cascadia.Compile(s.CSS)
			if err != nil {
				return nil, fmt.Errorf("%s: selector %q: %w", field, s.CSS, err)
			}
			one.matcher = m
		}
		f = append(f, one)
	}
	return f, nil
}

// all returns every element that the first successful selector finds in scope.
func (f finder) all(scope *goquery.Selection) *goquery.Selection {
	for _, s := range f {
		if found, _ := s.within(scope); found.Length() > 0 {
			return found
		}
	}
	return scope.Slice(0, 0)
}

// first returns what read makes of the elements that a selector finds, for the
// first selector of which it makes anything.
func first[T any](f finder, scope *goquery.Selection, read func(selector, *goquery.Selection) (T, bool)) (value T, detail string, ok bool) {
	for _, s := range f {
		found, label := s.within(scope)
		if found.Length() == 0 {
			continue
		}
		if v, ok := read(s, found); ok {
			if len(s.Labels) > 1 {
				return v, fmt.Sprintf("%s, found %q", s.detail, label), true
			}
			return v, s.detail, true
		}
	}
	return value, "", false
}

// within finds the selector's elements in scope; a card may itself be the
// element, as in <a class="card">. With labels it is the value behind one of
// them, and which that was.
func (s selector) within(scope *goquery.Selection) (found *goquery.Selection, label string) {
	found = scope
	if s.matcher != nil {
		if found = scope.FindMatcher(s.matcher); found.Length() == 0 {
			found = scope.FilterMatcher(s.matcher)
		}
	}
	if len(s.Labels) == 0 || found.Length() == 0 {
		return found, ""
	}
	if found, label = labelled.Find(found, s.Labels); s.Attr != "" {
		found = labelled.Holding(found, s.Attr)
	}
	return found, label
}

// text is one line of text of the first element that has any.
func (s selector) text(found *goquery.Selection) (string, bool) {
	var out string
	found.EachWithBreak(func(_ int, e *goquery.Selection) bool {
		if s.Attr != "" {
			out = e.AttrOr(s.Attr, "")
		} else {
			out = innerText(e)
		}
		out = normalize.Text(s.match(normalize.Text(out)))
		return out == ""
	})
	return out, out != ""
}

// texts are the texts of all elements. An element of several children, such
// as a row of labels, counts once for each, so that they do not run together.
func (s selector) texts(found *goquery.Selection) ([]string, bool) {
	var out []string
	if len(s.Labels) > 0 && s.Attr == "" {
		found = labelled.Parts(found)
	}
	add := func(raw string) {
		if t := normalize.Text(s.match(normalize.Text(raw))); t != "" {
			out = append(out, t)
		}
	}
	found.Each(func(_ int, e *goquery.Selection) {
		switch inner := e.Children(); {
		case s.Attr != "":
			add(e.AttrOr(s.Attr, ""))
		case inner.Length() > 1 && s.Regex == nil && len(s.Labels) == 0:
			inner.Each(func(_ int, c *goquery.Selection) { add(innerText(c)) })
		default:
			add(innerText(e))
		}
	})
	return out, len(out) > 0
}

// paragraphs is the text of all elements, in paragraphs.
func (s selector) paragraphs(found *goquery.Selection) (string, bool) {
	var parts []string
	found.Each(func(_ int, e *goquery.Selection) {
		text := ""
		if s.Attr != "" {
			text = normalize.Paragraphs(e.AttrOr(s.Attr, ""))
		} else if html, err := goquery.OuterHtml(e); err == nil {
			text = normalize.HTML(html)
		}
		if text = s.match(text); text != "" {
			parts = append(parts, text)
		}
	})
	out := strings.Join(parts, "\n\n")
	return out, out != ""
}

// references are the elements that hold an address: the value of a label may be
// an element with links in it.
func (s selector) references(found *goquery.Selection) *goquery.Selection {
	if len(s.Labels) > 0 && s.Attr == "" {
		if links := labelled.Holding(found, "href", "src"); links.Length() > 0 {
			return links
		}
	}
	return found
}

// reference is the raw address that an element holds. A selector that names
// no attribute means the link itself.
func (s selector) reference(e *goquery.Selection) string {
	attr := s.Attr
	if attr == "" {
		attr = "href"
		if _, ok := e.Attr(attr); !ok {
			return s.match(strings.TrimSpace(e.Text()))
		}
	}
	return s.match(strings.TrimSpace(e.AttrOr(attr, "")))
}

// match applies the selector's regular expression: its first group or, without
// one, the whole match; empty when it does not match.
func (s selector) match(value string) string {
	if s.Regex == nil || value == "" {
		return value
	}
	m := s.Regex.FindStringSubmatch(value)
	switch {
	case m == nil:
		return ""
	case len(m) > 1:
		return m[1]
	}
	return m[0]
}

// innerText is the text of an element with a space between its blocks.
func innerText(e *goquery.Selection) string {
	html, err := e.Html()
	if err != nil {
		return e.Text()
	}
	return strings.ReplaceAll(normalize.HTML(html), "\n", " ")
}
