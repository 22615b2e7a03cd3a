package fetch

import (
	"bytes"
	"html"
	"net/http"
	"strings"
	"time"
)

// directives are what a page asks of robots about itself.
type directives struct {
	noIndex, noFollow, noArchive bool
	// said is where that stands and in which words, empty when nothing is asked.
	said string
}

// add takes in a list of directives, each of which can only forbid more
// (https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag#combining-rules).
func (d *directives) add(where, list string, now time.Time) {
	noIndex, noFollow, noArchive := readDirectives(list, now)
	if (noIndex || noFollow) && d.said == "" {
		d.said = where + ": " + strings.ToValidUTF8(strings.TrimSpace(list), "\uFFFD")
	}
	d.noIndex, d.noFollow, d.noArchive = d.noIndex || noIndex, d.noFollow || noFollow, d.noArchive || noArchive
}

// readDirectives reads a list such as "noindex, nofollow", in any case, also
// with other marks between its words.
func readDirectives(list string, now time.Time) (noIndex, noFollow, noArchive bool) {
	lower := strings.ToLower(list)
	for word := range strings.FieldsFuncSeq(lower, func(r rune) bool { return r == ',' || r == ';' || isBlankRune(r) }) {
		name, _, _ := strings.Cut(word, ":")
		switch name {
		case "noindex":
			noIndex = true
		case "nofollow":
			noFollow = true
		case "noarchive", "nocache":
			noArchive = true
		case "none":
			noIndex, noFollow = true, true
		case "unavailable_after":
			noIndex = noIndex || past(lower, now)
		}
	}
	return noIndex, noFollow, noArchive
}

func isBlankRune(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' }

// robotsTag reads X-Robots-Tag: directives for everybody, or after a name and a
// colon for that robot alone until the next name
// (https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag#xrobotstag).
func robotsTag(h http.Header, token string, now time.Time) directives {
	var d directives
	for _, value := range h.Values("X-Robots-Tag") {
		ours, list := true, ""
		for part := range strings.SplitSeq(value, ",") {
			name, rest, hasColon := strings.Cut(part, ":")
			name = strings.ToLower(strings.TrimSpace(name))
			if hasColon && !directivesWithValue[name] && !strings.ContainsFunc(name, isBlankRune) && !isMoment(name) {
				ours, part = strings.EqualFold(name, token) || name == "*", rest
			}
			if ours {
				list += "," + part // a date may hold the comma that parts directives
			}
		}
		d.add("X-Robots-Tag", strings.TrimPrefix(list, ","), now)
	}
	return d
}

// isMoment reports whether what stands before a colon is a part of a date, such
// as "2026-03-01t10" of "2026-03-01T10:00:00Z".
func isMoment(s string) bool {
	return s != "" && s[0] >= '0' && s[0] <= '9' && s[len(s)-1] >= '0' && s[len(s)-1] <= '9'
}

// directivesWithValue are the words before a colon that name no robot.
var directivesWithValue = map[string]bool{
	"unavailable_after": true, "max-snippet": true, "max-image-preview": true, "max-video-preview": true,
}

// robotsMeta reads <meta name="robots"> and those that address us by name, in
// the head of a page. Scripts and comments may speak of such elements and mean
// nothing by it; what stands in noscript is meant for us.
func robotsMeta(page []byte, token string, now time.Time) directives {
	var d directives
	rest := page[:min(len(page), robotsMetaReach)]
	for {
		open := bytes.IndexByte(rest, '<')
		if open < 0 || open+2 >= len(rest) {
			return d
		}
		rest = rest[open:]
		switch {
		case hasName(rest[1:], "body"):
			return d
		case hasName(rest[1:], "meta"):
			var tag tagAttributes
			rest = tag.read(rest[1:])
			if name := strings.TrimSpace(tag.name); tag.meta && (name == "robots" || name == strings.ToLower(token)) {
				d.add(`<meta name="`+name+`">`, html.UnescapeString(tag.content), now)
			}
		default:
			rest = pastTag(rest)
		}
	}
}

// robotsMetaReach is how far into a page its head is looked for.
const robotsMetaReach = 512 << 10

// availabilityForms are the date forms that unavailable_after is seen with.
var availabilityForms = []string{
	time.RFC3339, "2006-01-02T15:04:05", time.DateTime, time.DateOnly, time.RFC1123, time.RFC1123Z, time.RFC850,
	"Monday, 02-Jan-06 15:04:05 MST", "2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05", "2 Jan 2006",
	"2-Jan-2006 15:04:05 MST", "2-Jan-2006",
}

// past reports whether a page was available only until a moment that is over.
// After the date other directives may follow, and the date may hold the comma
// that parts them: the longest text that is a date counts.
func past(list string, now time.Time) bool {
	_, text, _ := strings.Cut(list, "unavailable_after")
	text = strings.ToUpper(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), ":")))
	text = text[:min(len(text), 64)]
	for {
		for _, form := range availabilityForms {
			if t, err := time.Parse(form, strings.TrimSpace(text)); err == nil {
				return t.Before(now)
			}
		}
		cut := strings.LastIndexAny(text, ",; ")
		if cut < 0 {
			return false
		}
		text = text[:cut]
	}
}
