package fields

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/harvest87/harvest/parsers/normalize"
)

// years are those of a life, as library catalogues add them to a name.
var years = regexp.MustCompile(`,?\s*\(?\b\d{4}\s*-\s*(?:\d{4})?\)?\.?$`)

// roles are what catalogues add to a name.
var roles = regexp.MustCompile(`(?i)[,\s]*[\[(]?\b(?:ed(?:itor)?s?|eds|author|translator|compiler|et al)\b\.?[\])]?$`)

// Authors are names of people and bodies, in order. "Last, First" is turned
// round, as people are named on the pages of other sources.
func (b *Builder) Authors(detail string, values ...string) {
	for _, v := range limited(values) {
		for one := range strings.SplitSeq(normalize.Text(v), ";") {
			one = Name(one)
			if one == "" || slices.ContainsFunc(b.rec.Authors, func(k string) bool { return strings.EqualFold(k, one) }) || len(b.rec.Authors) == maxValues {
				continue
			}
			b.rec.Authors = append(b.rec.Authors, one)
			b.why("authors", detail)
		}
	}
}

// Name is a name without what catalogues add to it, "Last, First" turned
// round; empty when it is none.
func Name(s string) string {
	s = strings.Trim(normalize.Text(s), " ,;:")
	s = strings.Trim(roles.ReplaceAllString(years.ReplaceAllString(s, ""), ""), " ,;:")
	last, first, ok := strings.Cut(s, ", ")
	if ok && !strings.ContainsAny(first, ",") && words(last) <= 3 && words(first) <= 4 && beginsUpper(first) && !isBody(s) {
		s = first + " " + last
	}
	if dot := stop.FindString(s); dot != "" {
		s = strings.TrimSuffix(s, ".")
	}
	if !isName(s) {
		return ""
	}
	return s
}

// stop is the full stop with which catalogues end a name, not that of an initial.
var stop = regexp.MustCompile(`\p{Ll}{3}\.$`)

func words(s string) int { return len(strings.Fields(s)) }

func beginsUpper(s string) bool {
	for _, r := range s {
		return !unicode.IsLower(r)
	}
	return false
}

var body = regexp.MustCompile(`(?i)\b(?:ministry|department|committee|office|organi[sz]ation|commission|institut\w*|university|universit\w*|council|agency|cent(?:re|er)|foundation|association|division|secretariat|government|parliament|assembly|nations|ltd|inc|llc|ministère|ministerio|oficina)\b`)

func isBody(s string) bool { return body.MatchString(s) }

// isName refuses addresses, placeholders and what has no letters.
func isName(s string) bool {
	if len(s) < 2 || len(s) > 300 || strings.ContainsAny(s, "@") || strings.Contains(s, "://") {
		return false
	}
	switch strings.ToLower(s) {
	case "unknown", "anonymous", "anon.", "n/a", "none", "null", "s.n.", "[s.n.]", "various", "author", "admin", "administrator", "not specified", "no author":
		return false
	}
	return strings.ContainsFunc(s, unicode.IsLetter)
}
