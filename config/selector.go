package config

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/andybalholm/cascadia"
	"go.yaml.in/yaml/v3"
)

const wantSelector = `a CSS selector such as h2.title or "a.next@href"`

// attribute is the "@attr" at the end of a selector.
var attribute = regexp.MustCompile(`^(.*?)\s*@([A-Za-z_:][A-Za-z0-9_:.-]*)$`)

// selectors are one selector or a list of alternatives.
func selectors() kind[Selectors] { return selectorsOf("selectors", oneSelector()) }

// valueSelectors are those of a field, which may also be found by its label.
func valueSelectors() kind[Selectors] { return selectorsOf("values", valueSelector()) }

func selectorsOf(definition string, one kind[Selector]) kind[Selectors] {
	many := listOf(one)
	return kind[Selectors]{
		name:   one.name + ", or a list of them",
		schema: fixed(map[string]any{"$ref": "#/$defs/" + definition}),
		read: func(w *walker, v value) (Selectors, bool) {
			if v.node.Kind == yaml.SequenceNode && v.node.Style&yaml.FlowStyle != 0 && len(v.node.Content) == 1 &&
				strings.Contains(v.node.Content[0].Value, "=") {
				css := "[" + v.node.Content[0].Value + "]"
				if _, err := cascadia.ParseGroup(css); err == nil {
					w.add(v, "is a list, because it begins with a bracket", fmt.Sprintf("write '%s' with the quotation marks", css))
					return nil, false
				}
			}
			return many.read(w, v)
		},
		write: func(s Selectors) *yaml.Node {
			if len(s) == 1 {
				return one.write(s[0])
			}
			return many.write(s)
		},
	}
}

// oneSelector is "CSS", "CSS@attr" or a mapping {select, attr, regex}.
func oneSelector() kind[Selector] {
	return selectorBy("selector", group("selector", []key[Selector]{
		at("select", cssSelector(), func(s *Selector) *string { return &s.CSS }, Key{
			Required: true, Doc: "The CSS selector.", Example: `"h2.title"`, Also: []string{"css", "selector"},
		}), attrKey(), regexKey(),
	}))
}

// valueSelector is [oneSelector], or the label that is printed before a value.
func valueSelector() kind[Selector] { return selectorBy("selector or label", longValueSelector()) }

func longValueSelector() kind[Selector] {
	return group("selector", []key[Selector]{
		at("select", cssSelector(), func(s *Selector) *string { return &s.CSS }, Key{
			Otherwise: "the whole card or page, with label", Doc: "The CSS selector; with label, what it is looked for in.", Example: `"h2.title"`, Also: []string{"css", "selector"},
		}),
		at("label", listOf(labelText()), func(s *Selector) *[]string { return &s.Labels }, Key{
			Doc:     "What the site prints before the value, or alternatives: in dt, th, the head of a column, a heading, bold or a line with a colon. Capitals and the colon make no difference.",
			Example: `["Publishing date", "Date de publication"]`, Also: []string{"labels", "term", "caption", "heading"},
		}), attrKey(), regexKey(),
	}, func(w *walker, v value, _ *Selector) {
		_, hasSelect := v.lookup("select")
		if _, hasLabel := v.lookup("label"); !hasSelect && !hasLabel && w.sound(v) {
			w.add(v, `has neither "select" nor "label"`, "add one of them")
		}
	})
}

func attrKey() key[Selector] {
	return at("attr", attributeName(), func(s *Selector) *string { return &s.Attr }, Key{
		Otherwise: "the text of the element, or the address that it links to", Doc: "The attribute that holds the value.", Example: "href", Also: []string{"attribute"},
	})
}

func regexKey() key[Selector] {
	return at("regex", regex(), func(s *Selector) **regexp.Regexp { return &s.Regex }, Key{
		Doc: "What must match the value; its first group in round brackets becomes the value.", Example: `'Published (\d{4})'`,
		Also: []string{"pattern", "match"},
	})
}

// labelText is a label as it is printed.
func labelText() kind[string] {
	return single("text", "the words before the value, such as Publishing date", func(_ *walker, text string) (string, fault) {
		if f := textFault(text, 100); !f.isZero() {
			return "", f
		}
		if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			return "", fault{show(text) + " has no letters", "write the words that stand before the value"}
		}
		return text, fault{}
	}, itself)
}

// selectorBy is a selector as a text, or as a mapping.
func selectorBy(name string, long kind[Selector]) kind[Selector] {
	return kind[Selector]{
		name:   name,
		schema: anyOf(fixed(map[string]any{"type": "string"}), long.schema),
		read: func(w *walker, v value) (Selector, bool) {
			if v.node.Kind == yaml.MappingNode {
				s, ok := long.read(w, v)
				if css, name, given := splitAttribute(s.CSS); given {
					if s.Attr != "" {
						w.add(v.child("select"), `names an attribute with "@", and "attr" names one too`, "keep one of the two")
						return s, false
					}
					s.CSS, s.Attr = css, name
				}
				return s, ok
			}
			text, ok := w.text(v, wantSelector)
			if !ok {
				return Selector{}, false
			}
			if f := selectorFault(text); !f.isZero() {
				w.add(v, f.what, f.hint)
				return Selector{}, false
			}
			s := Selector{CSS: text}
			if css, name, given := splitAttribute(text); given {
				s.CSS, s.Attr = css, name
			}
			return s, true
		},
		write: func(s Selector) *yaml.Node {
			if s.Regex == nil && len(s.Labels) == 0 {
				return scalar(s.String())
			}
			return long.write(s)
		},
	}
}

func splitAttribute(text string) (css, attr string, given bool) {
	m := attribute.FindStringSubmatch(text)
	if m == nil {
		return text, "", false
	}
	return m[1], m[2], true
}

func cssSelector() kind[string] {
	return single("CSS selector", wantSelector, func(_ *walker, text string) (string, fault) {
		return text, selectorFault(text)
	}, itself)
}

func attributeName() kind[string] {
	const want = "the name of an attribute such as href or content"
	return single("attribute", want, func(_ *walker, text string) (string, fault) {
		if !attribute.MatchString("@" + text) {
			return "", notA(text, want, "")
		}
		return text, fault{}
	}, itself)
}

// selectorFault compiles the selector as the parsers will
// (https://www.w3.org/TR/selectors-4/, as far as cascadia has it).
func selectorFault(text string) fault {
	const longest = 1000
	css, _, given := splitAttribute(text)
	switch {
	case len(text) > longest:
		return fault{"is too long for a selector", fmt.Sprintf("use at most %d characters", longest)}
	case css == "" && given:
		return fault{} // an attribute of the element itself
	case strings.HasSuffix(css, "@"):
		return fault{show(text) + ` has no attribute after the "@"`, "write one, such as @href"}
	}
	_, err := cascadia.ParseGroup(css)
	if err == nil {
		return fault{}
	}
	hint := ""
	switch {
	case strings.HasPrefix(css, "/") || strings.HasPrefix(css, "./") || strings.Contains(css, "text()") || strings.Contains(css, "[@"):
		hint = "this looks like XPath; write CSS, such as div.card a@href"
	case strings.Contains(css, "::attr"):
		hint = "write the attribute after an @, such as a@href"
	case strings.Contains(css, "::text"):
		hint = "leave ::text away; the text is what is read anyway"
	case strings.HasPrefix(css, "<"):
		hint = "write div.card for <div class=\"card\">"
	case strings.Contains(css, ":first") || strings.Contains(css, ":eq("):
		hint = "write :first-of-type or :nth-of-type(2)"
	}
	return fault{show(text) + " is not a CSS selector: " + strings.ReplaceAll(err.Error(), "EOF", "the end"), hint}
}
