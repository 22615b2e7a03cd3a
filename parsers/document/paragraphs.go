package document

import (
	"encoding/xml"
	"regexp"
	"strings"
)

// paragraphs gathers the paragraphs of an office document.
type paragraphs struct {
	out    *text
	b      strings.Builder
	style  lineStyle
	within int // elements of a paragraph that are open
	octets int
}

func (p *paragraphs) add(s string) {
	if p.b.Len()+len(s) <= maxParagraph {
		p.b.WriteString(s)
	}
}

// end closes a paragraph and reports whether there is enough text.
func (p *paragraphs) end() error {
	l := line{style: p.style, whole: true}
	s := p.b.String()
	p.b.Reset()
	p.style = styleNone
	if l.set(s) {
		p.octets += len(l.text)
		p.out.lines = append(p.out.lines, l)
	}
	if p.octets >= enoughText || len(p.out.lines) >= 4*maxLines {
		return errEnough
	}
	return nil
}

var (
	titleStyle   = regexp.MustCompile(`(?i)^(?:title|titel|titre|título|titulo|titolo)$`)
	headingStyle = regexp.MustCompile(`(?i)^(?:heading|überschrift|berschrift|titre|título|titulo|titolo|encabezado)_?(?:20_)?\s?[12]$`)
)

func styleOf(name string) lineStyle {
	switch {
	case titleStyle.MatchString(name):
		return styleTitle
	case headingStyle.MatchString(name):
		return styleHeading
	}
	return styleNone
}

// word reads the body of a DOCX file (ECMA-376 part 1 section 17.2): of what was
// deleted, of fields and of drawings it takes no text.
func (o *office) word(d *xml.Decoder) error {
	p := paragraphs{out: &o.out}
	inText, skip := false, 0
	return o.each(d, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "del", "instrText", "drawing", "pict", "delText":
				skip++
			case "t":
				inText = true
			case "tab", "br", "cr":
				p.add(" ")
			case "noBreakHyphen":
				p.add("-")
			case "pStyle":
				p.style = styleOf(attribute(t, "val"))
			case "lang":
				if o.out.language == "" {
					o.out.language = attribute(t, "val")
				}
			}
		case xml.CharData:
			if inText && skip == 0 {
				p.add(string(t))
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "del", "instrText", "drawing", "pict", "delText":
				skip--
			case "t":
				inText = false
			case "p":
				return p.end()
			}
		}
		return nil
	})
}

// content reads the body of an ODT file (OpenDocument 1.3 part 3 section 5):
// notes, comments and what was deleted are left out.
func (o *office) content(d *xml.Decoder) error {
	p := paragraphs{out: &o.out}
	skip := 0
	return o.each(d, func(t xml.Token) error {
		switch t := t.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "note", "annotation", "tracked-changes":
				skip++
			case "h", "p":
				if skip == 0 {
					p.within++
					p.style = styleOf(attribute(t, "style-name"))
					if t.Name.Local == "h" {
						p.style = max(p.style, styleHeading)
						if attribute(t, "style-name") == "Title" {
							p.style = styleTitle
						}
					}
				}
			case "s", "tab", "line-break":
				p.add(" ")
			}
		case xml.CharData:
			if p.within > 0 && skip == 0 {
				p.add(string(t))
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "note", "annotation", "tracked-changes":
				skip--
			case "h", "p":
				if skip == 0 && p.within > 0 {
					p.within--
					return p.end()
				}
			}
		}
		return nil
	})
}

func attribute(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}
