package normalize

import (
	"html"
	"strings"
)

// decodeEntities decodes character references (HTML Living Standard, section
// 13.5) in one pass; a reference that spells an ampersand is read on with what
// follows it, so that "&amp;amp;eacute;" is "é". References without a
// semicolon stay, except &amp, &nbsp, &quot, &lt and &gt before no letter or
// digit: "?a=1&copy=2" is an address.
func decodeEntities(s string) string {
	at := strings.IndexByte(s, '&')
	if at < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for at >= 0 {
		b.WriteString(s[:at])
		s = s[at+1:]
		for {
			decoded, rest, ok := reference(s)
			if !ok {
				b.WriteByte('&')
				break
			}
			s = rest
			if decoded != "&" {
				b.WriteString(decoded)
				break
			}
		}
		at = strings.IndexByte(s, '&')
	}
	b.WriteString(s)
	return b.String()
}

// reference decodes the character reference whose ampersand stood before s.
func reference(s string) (decoded, rest string, ok bool) {
	const longest = 33 // &CounterClockwiseContourIntegral;
	i := 0
	for i < len(s) && i < longest && (isAlphanumeric(s[i]) || s[i] == '#' && i == 0) {
		i++
	}
	if i == 0 {
		return "", "", false
	}
	if i < len(s) && s[i] == ';' {
		d := html.UnescapeString("&" + s[:i+1])
		return d, s[i+1:], d != "&"+s[:i+1] && !strings.HasSuffix(d, ";")
	}
	switch s[:i] {
	case "amp", "nbsp", "quot", "lt", "gt":
		if i < longest && (i == len(s) || s[i] != '=') {
			return html.UnescapeString("&" + s[:i] + ";"), s[i:], true
		}
	}
	return "", "", false
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// removeTags removes comments and the tags of HTML elements. Block elements
// leave a space, br and p a line break, so that words do not run together.
// What merely looks like a tag ("<3", "x<y and y>z", "<NGO>") stays.
func removeTags(s string) string {
	at := strings.IndexByte(s, '<')
	if at < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	closing := strings.LastIndexByte(s, '>')
	pos := 0
	for at >= 0 {
		at += pos
		b.WriteString(s[pos:at])
		end, gap := tag(s, at, closing)
		if end < 0 {
			b.WriteByte('<')
			end = at + 1
		}
		b.WriteString(gap)
		pos = end
		at = strings.IndexByte(s[pos:], '<')
	}
	b.WriteString(s[pos:])
	return b.String()
}

// longestTag bounds a tag in a plain field.
const longestTag = 4096

// tag reads the tag or comment that begins at s[at]. It returns its end, -1
// when there is none, and what it leaves behind. closing is where the last
// '>' of s stands.
func tag(s string, at, closing int) (end int, gap string) {
	if at > closing {
		return -1, ""
	}
	limit := min(len(s), at+longestTag)
	rest := s[at+1 : limit]
	if strings.HasPrefix(rest, "!--") {
		if i := strings.Index(rest, "-->"); i >= 0 {
			return at + 1 + i + 3, ""
		}
		return -1, ""
	}
	name := strings.TrimPrefix(rest, "/")
	n := 0
	for n < len(name) && n < 16 && isAlphanumeric(name[n]) {
		n++
	}
	if n == 0 || n == len(name) {
		return -1, ""
	}
	kind, known := elements[strings.ToLower(name[:n])]
	if c := name[n]; !known || c != '>' && c != '/' && c != ' ' && c != '\n' && c != '\t' && c != '\r' {
		return -1, ""
	}
	i := strings.IndexByte(name[n:], '>')
	if i < 0 {
		return -1, ""
	}
	end = limit - len(name) + n + i + 1
	switch kind {
	case breaking:
		return end, "\n\n"
	case line:
		return end, "\n"
	case cell:
		return end, " "
	}
	return end, ""
}

// element says how an element stands in running text.
type element int

const (
	inline   element = iota + 1
	cell             // a table cell: set apart by a space
	line             // br: a new line
	breaking         // a block: a new paragraph
	silent           // never text
)

// elements are those of the HTML Living Standard, section 4, and the obsolete
// ones that are still met.
var elements = map[string]element{
	"a": inline, "abbr": inline, "acronym": inline, "b": inline, "bdi": inline, "bdo": inline, "big": inline,
	"cite": inline, "code": inline, "data": inline, "del": inline, "dfn": inline, "em": inline, "font": inline,
	"i": inline, "img": inline, "ins": inline, "kbd": inline, "label": inline, "mark": inline, "nobr": inline,
	"q": inline, "rp": inline, "rt": inline, "ruby": inline, "s": inline, "samp": inline, "small": inline,
	"span": inline, "strike": inline, "strong": inline, "sub": inline, "sup": inline, "time": inline, "tt": inline,
	"u": inline, "var": inline, "wbr": inline, "picture": inline, "source": inline, "input": inline, "meta": inline, "link": inline,

	"td": cell, "th": cell, "option": cell, "button": silent,

	"br": line,

	"address": breaking, "article": breaking, "aside": breaking, "blockquote": breaking, "body": breaking,
	"caption": breaking, "center": breaking, "col": breaking, "colgroup": breaking, "dd": breaking, "details": breaking, "dir": breaking,
	"div": breaking, "dl": breaking, "dt": breaking, "fieldset": breaking, "figcaption": breaking,
	"figure": breaking, "footer": breaking, "form": breaking, "h1": breaking, "h2": breaking, "h3": breaking,
	"h4": breaking, "h5": breaking, "h6": breaking, "header": breaking, "hgroup": breaking, "hr": breaking,
	"html": breaking, "legend": breaking, "li": breaking, "main": breaking, "menu": breaking, "nav": breaking,
	"ol": breaking, "p": breaking, "pre": breaking, "section": breaking, "summary": breaking, "table": breaking,
	"tbody": breaking, "tfoot": breaking, "thead": breaking, "tr": breaking, "ul": breaking,

	"audio": silent, "canvas": silent, "datalist": silent, "dialog": silent, "embed": silent, "head": silent,
	"iframe": silent, "map": silent, "math": silent, "noembed": silent, "noframes": silent, "noscript": silent,
	"object": silent, "script": silent, "select": silent, "style": silent, "svg": silent, "template": silent,
	"textarea": silent, "title": silent, "video": silent,
}
