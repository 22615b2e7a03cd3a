package crawler

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Some sites have no end: calendars with a page for every month there will ever
// be, menus whose links make each address longer than the last, session
// identifiers that give one page a new address with every answer, filters that
// may be combined in every order. An address that is of such a kind by its
// look is not followed (endless); of others it shows when their pages say
// nothing that was not said before (barren.go).

// Bounds of an address that somebody has thought of.
const (
	maxSegments   = 30
	maxRepeats    = 3 // of segments in a row, and of one key of a query
	maxParameters = 15
	yearsAhead    = 2 // that calendars are of use
)

// endless says why an address belongs to a place without end, empty when it
// does not look so.
func endless(raw string, now time.Time) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	segments := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(segments) > maxSegments {
		return fmt.Sprintf("its path has %d parts", len(segments))
	}
	if again := repeated(segments); again != "" {
		return fmt.Sprintf("its path repeats %q", again)
	}
	keys := make(map[string]int)
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		key, _, _ := strings.Cut(part, "=")
		if keys[key]++; key != "" && keys[key] >= maxRepeats && !strings.HasSuffix(key, "[]") && !strings.HasSuffix(strings.ToUpper(key), "%5B%5D") {
			return fmt.Sprintf("its query repeats %q", key)
		}
	}
	if len(keys) > maxParameters {
		return fmt.Sprintf("its query has %d parameters", len(keys))
	}
	if year := calendarYear(u); year > now.Year()+yearsAhead {
		return fmt.Sprintf("it is of the year %d", year)
	}
	return ""
}

// repeated is a sequence of one to three parts of a path that stands three
// times in a row. Numbers alone may repeat: /11/11/11.
func repeated(segments []string) string {
	for size := 1; size <= 3; size++ {
		for at := 0; at+size*maxRepeats <= len(segments); at++ {
			first := strings.Join(segments[at:at+size], "/")
			if !strings.ContainsFunc(first, func(r rune) bool { return r > '9' }) {
				continue
			}
			times := 1
			for next := at + size; next+size <= len(segments) && strings.Join(segments[next:next+size], "/") == first; next += size {
				times++
			}
			if times >= maxRepeats {
				return first
			}
		}
	}
	return ""
}

// A month in a path, and in the values of a query: 2031/05, 2031-05, 2031-5-1.
var (
	monthInPath  = regexp.MustCompile(`/((?:19|20|21)\d{2})[/-](?:0?[1-9]|1[0-2])(?:[/-](?:0?[1-9]|[12]\d|3[01]))?(?:/|$)`)
	monthInQuery = regexp.MustCompile(`(?:^|[=&])((?:19|20|21)\d{2})-(?:0?[1-9]|1[0-2])(?:-(?:0?[1-9]|[12]\d|3[01]))?(?:&|T|$)`)
	yearInQuery  = regexp.MustCompile(`(?i)(?:^|[&_-])(?:year|jahr|annee|anio|yr)=((?:19|20|21)\d{2})(?:&|$)`)
)

// calendarYear is the year of a page of a calendar, 0 when the address is none.
func calendarYear(u *url.URL) int {
	m := monthInPath.FindStringSubmatch(u.Path)
	if m == nil {
		m = monthInQuery.FindStringSubmatch(u.RawQuery)
	}
	if m == nil {
		m = yearInQuery.FindStringSubmatch(u.RawQuery)
	}
	if m == nil {
		return 0
	}
	year, _ := strconv.Atoi(m[1]) // four digits
	return year
}

// Parts of an address that are made up by machines, and the length of the
// shortest of them.
var (
	machineMade = regexp.MustCompile(`[0-9a-fA-F-]{16,}|[0-9A-Za-z_-]{24,}`)
	digits      = regexp.MustCompile(`[0-9]+`)
)

const shortestMade = 16

// shapesOf are the forms in which addresses made by one rule are alike: numbers
// are one, identifiers are one, and so are the values of a query; first with the
// names in the query, then without.
func shapesOf(raw string) (whole, path string) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", ""
	}
	alike := func(s string) string {
		if !strings.ContainsAny(s, "0123456789") {
			return s // no number, and an identifier has one
		}
		if len(s) < shortestMade {
			return digits.ReplaceAllString(s, "#")
		}
		s = machineMade.ReplaceAllStringFunc(s, func(id string) string {
			if strings.ContainsAny(id, "0123456789") {
				return "*"
			}
			return id // a word, or several
		})
		return digits.ReplaceAllString(s, "#")
	}
	path = bareHost(u) + alike(u.EscapedPath())
	if u.RawQuery == "" {
		return path, ""
	}
	var keys []string
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		key, value, _ := strings.Cut(part, "=")
		keys = append(keys, key+"="+alike(value))
	}
	return path + "?" + strings.Join(keys, "&"), path + "?…"
}
