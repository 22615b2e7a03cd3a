package normalize

import (
	"strings"

	"golang.org/x/net/html"
)

// HTML turns a fragment of HTML into readable text as [Paragraphs] gives it:
// block elements and double line breaks separate paragraphs by "\n\n"; a
// single line break is a space. Scripts, styles, forms' controls, embedded
// objects and what is hidden (hidden, aria-hidden, display:none) are left
// out. Time and memory grow with the length of the fragment only, however
// deep it nests.
func HTML(fragment string) string {
	if !strings.ContainsAny(fragment, "<&") {
		return Paragraphs(fragment)
	}
	z := html.NewTokenizer(strings.NewReader(fragment))
	var b strings.Builder
	skip := skipper{}
	for {
		switch z.Next() {
		case html.ErrorToken: // the end; a strings.Reader does not fail
			return Paragraphs(b.String())
		case html.TextToken:
			if skip.depth == 0 {
				writeFolded(&b, string(z.Text()))
			}
		case html.StartTagToken:
			name, kind, hidden := startTag(z)
			if skip.start(name, hidden || kind == silent) {
				continue
			}
			writeGap(&b, kind)
		case html.SelfClosingTagToken:
			name, kind, _ := startTag(z)
			if skip.depth == 0 && (isVoid(name) || kind != silent) {
				writeGap(&b, kind)
			}
		case html.EndTagToken:
			raw, _ := z.TagName()
			name := string(raw)
			if !skip.end(name) && name != "br" {
				writeGap(&b, elements[name])
			} else if name == "p" || name == "br" {
				writeGap(&b, elements[name])
			}
		}
	}
}

// skipper counts the elements of one name within one that is left out.
type skipper struct {
	name  string
	depth int
}

// start reports whether the element is left out.
func (s *skipper) start(name string, hidden bool) bool {
	switch {
	case s.depth > 0 && name == s.name && endsItself(name):
		s.depth = 0 // the hidden one ends here
	case s.depth > 0 && name == s.name:
		s.depth++
		return true
	case s.depth > 0:
		return true
	}
	if hidden && !isVoid(name) {
		s.name, s.depth = name, 1
	}
	return hidden
}

// end reports whether the end tag belongs to what is left out.
func (s *skipper) end(name string) bool {
	if s.depth == 0 {
		return false
	}
	if name == s.name {
		s.depth--
	}
	return true
}

// endsItself: a start tag of the same name ends the element before it.
func endsItself(name string) bool {
	switch name {
	case "p", "li", "dd", "dt", "option", "tr", "td", "th":
		return true
	}
	return false
}

func isVoid(name string) bool {
	switch name {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr":
		return true
	}
	return false
}

// startTag reads the name of a start tag and whether it hides its element.
func startTag(z *html.Tokenizer) (name string, kind element, hidden bool) {
	raw, more := z.TagName()
	name = string(raw)
	for n := 0; more && n < 64; n++ {
		var key, value []byte
		key, value, more = z.TagAttr()
		if Hides(string(key), string(value)) {
			hidden = true
		}
	}
	return name, elements[name], hidden
}

// Hides reports whether an attribute keeps its element from being shown.
func Hides(attribute, value string) bool {
	switch attribute {
	case "hidden":
		return value != "until-found"
	case "aria-hidden":
		return strings.EqualFold(value, "true")
	case "style":
		if len(value) > 1000 {
			value = value[:1000]
		}
		if !strings.Contains(value, ":") || !strings.ContainsAny(value, "nNhH") {
			return false
		}
		v := strings.ToLower(strings.ReplaceAll(value, " ", ""))
		return strings.Contains(v, "display:none") || strings.Contains(v, "visibility:hidden")
	}
	return false
}

// writeFolded writes text whose line breaks mean nothing. Character
// references are decoded by the tokenizer.
func writeFolded(b *strings.Builder, text string) {
	b.WriteString(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' || r == '\f' {
			return ' '
		}
		return r
	}, text))
}

func writeGap(b *strings.Builder, kind element) {
	switch kind {
	case breaking:
		b.WriteString("\n\n")
	case line:
		b.WriteString("\n")
	case cell:
		b.WriteString(" ")
	}
}
