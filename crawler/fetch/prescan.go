package fetch

import (
	"bytes"
	"strings"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// metaReach is how far into a page a meta is looked for. The standard stops
// after 1024 octets; where it finds nothing else it waits for the parser, which
// we do not.
const metaReach = 64 << 10

// metaCharset is the encoding that a meta element names, nil when none does, by
// https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding.
// The scan knows no scripts: a meta counts wherever it stands, but not in comments.
func metaCharset(content []byte) (encoding.Encoding, string) {
	rest := content[:min(len(content), metaReach)]
	for {
		open := bytes.IndexByte(rest, '<')
		if open < 0 || open+2 >= len(rest) {
			return nil, ""
		}
		rest = rest[open+1:]
		switch {
		case bytes.HasPrefix(rest, []byte("!--")):
			rest = after(rest[1:], "-->")
		case rest[0] == '!' || rest[0] == '?' || rest[0] == '/' && !isLetter(rest[1]):
			rest = after(rest, ">")
		case rest[0] == '/' || isLetter(rest[0]):
			var tag tagAttributes
			rest = tag.read(rest)
			if e, name := tag.charset(); e != nil {
				return e, name
			}
		}
	}
}

func after(b []byte, mark string) []byte {
	_, rest, _ := bytes.Cut(b, []byte(mark))
	return rest
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r' }

// tagAttributes are those of one meta element; of others they are read and
// forgotten, for a ">" may stand in their values.
type tagAttributes struct {
	meta       bool
	pragma     bool   // http-equiv says content-type
	charsetIs  string // charset, as written
	hasCharset bool
	name       string // name, the first one
	hasName    bool
	content    string // content, the first one
	hasContent bool
}

// read takes in a tag from its name on and returns what follows it.
func (t *tagAttributes) read(rest []byte) []byte {
	rest, closing := bytes.CutPrefix(rest, []byte("/"))
	end := bytes.IndexAny(rest, "> /\t\n\f\r")
	if end < 0 {
		return nil
	}
	t.meta = !closing && bytes.EqualFold(rest[:end], []byte("meta"))
	rest = rest[end:]
	for {
		key, value, more, ok := attribute(rest)
		rest = more
		if !ok {
			t.meta = t.meta && len(rest) > 0 // a tag that does not end says nothing
			return rest
		}
		switch {
		case key == "http-equiv":
			t.pragma = t.pragma || strings.EqualFold(value, "content-type")
		case key == "name" && !t.hasName:
			t.name, t.hasName = value, true
		case key == "content" && !t.hasContent:
			t.content, t.hasContent = value, true
		case key == "charset" && !t.hasCharset:
			t.charsetIs, t.hasCharset = value, true
		}
	}
}

// charset is what a meta element says: its charset, or that in its content when
// it stands for a header.
func (t *tagAttributes) charset() (encoding.Encoding, string) {
	if !t.meta {
		return nil, ""
	}
	label := t.charsetIs
	if !t.hasCharset {
		if !t.pragma {
			return nil, ""
		}
		label = charsetIn(t.content)
	}
	switch e, name := charset.Lookup(label); {
	case strings.HasPrefix(name, "utf-16"):
		return charset.Lookup("utf-8") // in UTF-16 it could not have been read
	case name == "x-user-defined":
		return charset.Lookup("windows-1252")
	default:
		return e, name
	}
}

// attribute reads the next attribute of a tag, in lower case, by
// https://html.spec.whatwg.org/multipage/parsing.html#concept-get-attributes-when-sniffing.
// It reports false at the end of the tag, or of the content.
func attribute(b []byte) (key, value string, rest []byte, ok bool) {
	b = bytes.TrimLeft(b, " \t\n\f\r/")
	if len(b) == 0 || b[0] == '>' {
		return "", "", b, false
	}
	end := 1 // a "=" at the start belongs to the name
	for end < len(b) && b[end] != '=' && b[end] != '>' && b[end] != '/' && !isBlank(b[end]) {
		end++
	}
	key = strings.ToLower(string(b[:end]))
	b = bytes.TrimLeft(b[end:], " \t\n\f\r")
	if len(b) == 0 || b[0] != '=' {
		return key, "", b, true
	}
	b = bytes.TrimLeft(b[1:], " \t\n\f\r")
	if len(b) == 0 {
		return "", "", nil, false
	}
	if quote := b[0]; quote == '"' || quote == '\'' {
		end := bytes.IndexByte(b[1:], quote)
		if end < 0 {
			return "", "", nil, false
		}
		return key, strings.ToLower(string(b[1 : 1+end])), b[end+2:], true
	}
	end = 0
	for end < len(b) && b[end] != '>' && !isBlank(b[end]) {
		end++
	}
	return key, strings.ToLower(string(b[:end])), b[end:], true
}

// charsetIn is the charset in a Content-Type, by
// https://html.spec.whatwg.org/multipage/urls-and-fetching.html#extracting-character-encodings-from-meta-elements.
func charsetIn(s string) string {
	for {
		_, rest, found := strings.Cut(s, "charset")
		if !found {
			return ""
		}
		s = rest
		value, isValue := strings.CutPrefix(strings.TrimLeft(s, " \t\n\f\r"), "=")
		if !isValue {
			continue
		}
		value = strings.TrimLeft(value, " \t\n\f\r")
		if value == "" {
			return ""
		}
		if quote := value[0]; quote == '"' || quote == '\'' {
			label, _, closed := strings.Cut(value[1:], string(quote))
			if !closed {
				return ""
			}
			return label
		}
		if end := strings.IndexAny(value, "; \t\n\f\r"); end >= 0 {
			value = value[:end]
		}
		return value
	}
}
