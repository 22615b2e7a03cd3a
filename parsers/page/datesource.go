package page

import (
	"regexp"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

var (
	pathDay   = regexp.MustCompile(`[/_-]((?:19|20)\d{2})[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?:[/_.-]|$)`)
	pathMonth = regexp.MustCompile(`/((?:19|20)\d{2})/(0?[1-9]|1[0-2])(?:/|$)`)
	// pathStamp is a day with a time of day, and perhaps a number behind it, as
	// news systems count: "A2021031509240000123".
	pathStamp = regexp.MustCompile(`(?:^|\D)(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d\d*(?:\D|$)`)
)

// addressDate reads the date in the page's address.
func (e *extractor) addressDate(b *ballot) {
	for _, address := range []string{e.home, unarchived(e.result.CanonicalURL)} {
		if d, ok := dayInPath(address); ok {
			e.offerParsed(b, d, "url", "path", 64)
			return
		}
		if m := pathMonth.FindStringSubmatch(pathOf(address)); m != nil {
			if len(m[2]) == 1 {
				m[2] = "0" + m[2]
			}
			if d, err := harvest.ParseDate(m[1] + "-" + m[2]); err == nil {
				e.offerParsed(b, d, "url", "path", 40)
				return
			}
		}
	}
}

// pathOf is an address without scheme and query.
func pathOf(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		address = rest
	}
	address, _, _ = strings.Cut(address, "?")
	return address
}

func dayInPath(address string) (harvest.Date, bool) {
	path := pathOf(address)
	m := pathDay.FindStringSubmatch(path)
	if m == nil {
		m = pathStamp.FindStringSubmatch(path)
	}
	if m == nil {
		return harvest.Date{}, false
	}
	return normalize.Date(m[1]+"-"+m[2]+"-"+m[3], "")
}

// maxState bounds how much of the page's scripts is searched, in octets.
const maxState = 2 << 20

// stateDates reads the data that a page carries for its scripts: what a key
// such as "publishedAt" holds, when it holds one day in all of them. Other
// items listed there have dates of their own; then nothing is told.
func (e *extractor) stateDates(b *ballot) {
	days := make(map[string]harvest.Date) // by key
	var order []string
	left := maxState
	for _, script := range e.v.state {
		script = clip(script, left)
		left -= len(script)
		for at := 0; ; {
			i := strings.IndexAny(script[at:], "12") // of the year, or of the seconds since 1970
			if i < 0 {
				break
			}
			at += i
			value := dateValue(script[at:min(len(script), at+40)])
			name := ""
			if value != "" {
				name = keyBefore(script, at)
			}
			at++
			if !isPublishKey(name) {
				continue
			}
			d, ok := epoch(value)
			if !ok {
				d, ok = normalize.Date(value, "")
			}
			if !ok || d.Precision != harvest.PrecisionDay {
				continue
			}
			switch known, again := days[name]; {
			case !again && len(order) < 100:
				days[name] = d
				order = append(order, name)
			case known != d:
				days[name] = harvest.Date{}
			}
		}
	}
	for _, name := range order {
		if d := days[name]; !d.IsZero() {
			score := 55
			if !strings.Contains(name, "pub") {
				score = 45
			}
			e.offerParsed(b, d, "script", name, score)
		}
	}
}

// dateValue is a machine's date at the beginning of s: what stands before the
// closing quote, or a number of 10 or 13 digits.
func dateValue(s string) string {
	n := 0
	for n < len(s) && isDigitByte(s[n]) {
		n++
	}
	if n == 10 || n == 13 {
		return s[:n]
	}
	if n != 4 || len(s) < 10 || s[4] != '-' && s[4] != '/' && s[4] != '.' {
		return ""
	}
	stop := strings.IndexAny(s, "\\\"'&")
	if stop < 10 {
		return ""
	}
	return s[:stop]
}

// keyBefore is the key in lower case whose value begins at s[at]:
// `"key": "`, `key = '`, with quotes escaped as in JSON within JSON or HTML.
func keyBefore(s string, at int) string {
	const marks = "\\\"' \t\n"
	before := strings.TrimRight(strings.TrimSuffix(s[max(0, at-60):at], "&quot;"), marks)
	if !strings.HasSuffix(before, ":") && !strings.HasSuffix(before, "=") {
		return ""
	}
	before = strings.TrimRight(before[:len(before)-1], marks)
	before = strings.TrimRight(strings.TrimSuffix(before, "&quot;"), marks)
	start := len(before)
	for start > 0 && (before[start-1] == '_' || before[start-1] == '-' || before[start-1]|0x20 >= 'a' && before[start-1]|0x20 <= 'z') {
		start--
	}
	return strings.ToLower(before[start:])
}

// isPublishKey reports whether a key of a script's data names the day of
// publication.
func isPublishKey(name string) bool {
	switch name {
	case "date", "postdate", "post_date", "articledate", "article_date", "contentdate", "dateposted", "firstpublished", "displaydate", "releasedate":
		return true
	}
	return strings.Contains(name, "publi") && !strings.Contains(name, "unpub") && !strings.Contains(name, "republ") && !strings.Contains(name, "last") && !strings.Contains(name, "mod") ||
		strings.Contains(name, "pubdate") || strings.Contains(name, "pubtime")
}

// ownCardDate reads the date of a card that leads to this very page, in a row
// of the newest items.
func (e *extractor) ownCardDate(b *ballot) {
	for _, a := range e.v.anchor {
		if a.href == "" || strings.HasPrefix(a.href, "#") || a.zone&(inNav|inComments) != 0 {
			continue
		}
		u, err := normalize.URL(e.base, a.href)
		if err != nil || !e.keys[normalize.URLKey(u)] {
			continue
		}
		for i := a.at; i < min(len(e.v.blocks), a.at+4); i++ {
			if text := e.v.blocks[i].text; len(text) < 60 {
				if d, ok := normalize.Date(text, e.lang); ok && d.Precision == harvest.PrecisionDay {
					e.offerParsed(b, d, "text", "card of this page", 45)
					return
				}
			}
		}
	}
}

// onlyDate reads the one day that stands on a line of its own below the title,
// however far: press releases bear it at their end. Several days that stand so
// are those of other things, and a page that tells its last change has no other.
func (e *extractor) onlyDate(b *ballot) {
	var only harvest.Date
	for i, bl := range e.v.blocks {
		if i <= e.titleAt || i == 0 || len(bl.text) < 8 || len(bl.text) > 40 || !hasDigit(bl.text) || bl.zone&(offContent|inHeader|inFigure|inQuote) != 0 {
			continue
		}
		d, ok := normalize.Date(bl.text, e.lang)
		if !ok || d.Precision != harvest.PrecisionDay {
			continue
		}
		label := strings.ToLower(bl.text)
		if before := e.v.blocks[i-1].text; len(before) < 40 {
			label = strings.ToLower(before) + " " + label
		}
		if bl.role&forModified != 0 || saysDeadline(label) || saysModified(label) || !only.IsZero() && d != only {
			return
		}
		only = d
	}
	if !only.IsZero() {
		e.offerParsed(b, only, "text", "only date of the item", 40)
	}
}

// imageDate reads the day in the address of the page's own picture: the day
// on which it was uploaded, mostly with the item.
func (e *extractor) imageDate(b *ballot) {
	for _, address := range e.v.meta["og:image"] {
		if d, ok := dayInPath(unarchived(address)); ok {
			e.offerParsed(b, d, "url", "og:image", 30)
			return
		}
	}
}

func allRejected(list []Candidate) bool {
	for _, c := range list {
		if c.Rejected == "" {
			return false
		}
	}
	return true
}
