package match

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// citation is a whole reference in one string, as bibliographies print it,
// taken apart as far as its punctuation tells.
type citation struct {
	authors             []string
	title, venue        string
	year                int
	volume, pages, rest string
}

var (
	citedYear   = regexp.MustCompile(`[(\[]?\b(1[89]\d\d|20\d\d)[a-e]?\b[)\]]?`)
	citedPages  = regexp.MustCompile(`(?i)\b(?:pages?|pp?)\b\.?\s*(\d{1,5}\s*(?:-+|–|—|to)\s*\d{1,5}|\d{1,5})`)
	bareRange   = regexp.MustCompile(`(?:^|[\s(:,])(\d{1,5})\s*(?:-+|–|—)\s*(\d{1,5})\b`)
	citedVolume = regexp.MustCompile(`(?i)\b(?:vol(?:ume)?\.?\s*(\d{1,4})|(\d{1,4})\s*\(\s*\d{1,4}(?:\s*[-/]\s*\d{1,4})?\s*\))`)
	initialsIn  = regexp.MustCompile(`(?i)(?:^|[\s,.&-])[a-z]\.(?:[\s,;:&)-]|[a-z]\.|$)`)
	quoted      = regexp.MustCompile("[\"“”«»]([^\"“”«»]{8,}?)[,.]?[\"“”«»]|``([^`']{8,}?)[,.]?''")
	venueBegins = regexp.MustCompile(`(?i)^\s*(?:in\s*:|in\s+(?:the\s+)?(?:proc|advances|conf|[a-z]+ed(?:s|itors)?\b)|in\s+\w+\.|proc\b|proc\.|proceedings|journal|j\.|ieee|acm\b|trans|tech(?:nical)?\b|` +
		`advances in|annals|lecture notes|phd|ph\.d|master|springer|university|univ|international (?:journal|conference|joint)|to appear|submitted)`)
	venueInside = regexp.MustCompile(`(?i)[,.]?\s+in:?\s+(?:the\s+)?(?:proc|proceedings|advances|\w+\s+(?:eds?|editors?)\b|annual|international|machine learning:|ijcai|aaai)`)
)

// readCitation takes a reference apart. It answers only when the string has at
// least two of what references have and titles have not: a year, pages, a
// volume, initials, a place of publication.
func readCitation(s string) (citation, bool) {
	s = strings.TrimSpace(cleanTitle(s))
	var c citation
	marks := 0
	text := s
	if m := citedPages.FindStringSubmatchIndex(text); m != nil {
		c.pages = text[m[2]:m[3]]
		text = text[:m[0]] + " " + text[m[1]:]
		marks++
	} else if m := bareRange.FindStringSubmatchIndex(text); m != nil && !plausibleYears(text[m[2]:m[3]], text[m[4]:m[5]]) {
		c.pages = text[m[0]:m[1]]
		text = text[:m[0]] + " " + text[m[1]:]
		marks++
	}
	if m := citedVolume.FindStringSubmatchIndex(text); m != nil {
		i := 2
		if m[2] < 0 {
			i = 4
		}
		c.volume = text[m[i]:m[i+1]]
		text = text[:m[0]] + " " + text[m[1]:]
		marks++
	}
	if all := citedYear.FindAllStringSubmatchIndex(text, -1); len(all) > 0 {
		m := all[len(all)-1]
		for _, x := range all { // a year in brackets is the year of the reference
			if text[x[0]] == '(' {
				m = x
				break
			}
		}
		c.year, _ = strconv.Atoi(text[m[2]:m[3]])
		text = text[:m[0]] + ". " + text[m[1]:]
		marks++
	}
	if initialsIn.MatchString(s) {
		marks++
	}
	if venueInside.MatchString(s) {
		marks++
	}
	if marks == 1 && beginsWithNames(text) {
		marks++
	}
	if marks < 2 || len(strings.Fields(s)) < 6 {
		return citation{}, false
	}
	c.split(text)
	return c, c.title != ""
}

// beginsWithNames reports whether the first of three parts or more is a list of
// people.
func beginsWithNames(text string) bool {
	segments := sentences(text)
	return len(segments) >= 3 && looksLikeNames(segments[0]) &&
		(strings.ContainsAny(segments[0], ",&") || strings.Contains(strings.ToLower(segments[0]), " and "))
}

func plausibleYears(a, b string) bool {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	return x >= 1800 && x < 2100 && y > x && y < 2100
}

// split parts what is left of a reference in authors, title and venue.
func (c *citation) split(text string) {
	if m := quoted.FindStringSubmatchIndex(text); m != nil {
		i := 2
		if m[2] < 0 {
			i = 4
		}
		c.title, c.rest = text[m[i]:m[i+1]], text[m[1]:]
		c.authors = splitAuthors(strings.Trim(text[:m[0]], " .,:"))
		c.venue = strings.Trim(c.rest, " .,:;")
		return
	}
	segments := sentences(text)
	if len(segments) == 1 {
		segments = commaParts(segments[0])
	}
	n := authorSegments(segments)
	c.authors = splitAuthors(strings.Trim(strings.Join(segments[:n], ". "), " .,:;"))
	if n == len(segments) {
		c.title = strings.Join(segments, ". ")
		c.authors = nil
		return
	}
	c.title = segments[n]
	venue := segments[n+1:]
	if m := venueInside.FindStringIndex(c.title); m != nil && len(strings.Fields(c.title[:m[0]])) >= 2 {
		venue = append([]string{c.title[m[0]:]}, venue...)
		c.title = c.title[:m[0]]
	} else if i := commaVenue(c.title); i > 0 {
		venue = append([]string{c.title[i:]}, venue...)
		c.title = c.title[:i]
	}
	c.title = strings.Trim(c.title, " .,:;")
	c.venue = strings.Trim(strings.Join(venue, ". "), " .,:;")
}

// commaParts parts a reference that has only commas into names, title and what
// follows; whole when no names stand before something longer.
func commaParts(s string) []string {
	pieces := strings.Split(s, ",")
	n := 0
	for n < len(pieces) && len(wordsOf(pieces[n])) <= maxNameWords && looksLikeNames(pieces[n]) {
		n++
	}
	if n = lastName(pieces[:n]); n == 0 || n == len(pieces) {
		return []string{s}
	}
	parts := []string{strings.Join(pieces[:n], ","), pieces[n]}
	if n+1 < len(pieces) {
		parts = append(parts, strings.Join(pieces[n+1:], ","))
	}
	for i := range parts {
		parts[i] = strings.Trim(parts[i], " .,;:")
	}
	return slices.DeleteFunc(parts, func(p string) bool { return p == "" })
}

// lastName is how many of some pieces, which all look like names, are names: up
// to the last with initials, else up to the one that "and" joins the last name to. What
// comes behind is a short title.
func lastName(pieces []string) int {
	for i, p := range slices.Backward(pieces) {
		if initialsIn.MatchString(p) {
			return i + 1
		}
	}
	for i, p := range pieces {
		if strings.Contains(p, "&") || strings.Contains(strings.ToLower(p), " and ") {
			return i + 1
		}
	}
	return len(pieces)
}

// maxNameWords is the most words of a name, or of two that "and" joins.
const maxNameWords = 7

// commaVenue finds the comma behind which a venue begins.
func commaVenue(s string) int {
	for i := strings.IndexByte(s, ','); i >= 0 && i < len(s); {
		if len(strings.Fields(s[:i])) >= 3 && venueBegins.MatchString(s[i+1:]) {
			return i
		}
		next := strings.IndexByte(s[i+1:], ',')
		if next < 0 {
			break
		}
		i += next + 1
	}
	return 0
}

// sentences parts a reference at its full stops that end more than an
// initial or an abbreviation of up to three letters.
func sentences(s string) []string {
	var out []string
	start := 0
	for i := range len(s) {
		end := s[i] == '.' || s[i] == ':' && (strings.HasPrefix(strings.TrimLeft(s[i+1:], " "), "in ") ||
			start == 0 && initialsIn.MatchString(s[:i]) && looksLikeNames(s[:i]))
		if !end || i+1 < len(s) && s[i+1] != ' ' && s[i+1] != ',' {
			continue
		}
		word := s[strings.LastIndexAny(s[:i], " .,(&-")+1 : i]
		if len(word) == 1 && isLetter(word[0]) || isAbbreviation(strings.ToLower(word)) {
			// "r. e. schapire. the": an initial ends no sentence, unless a new
			// part begins behind "schapire, r. e."
			if len(word) > 1 || !endsNames(s[start:i], s[i+1:]) {
				continue
			}
		}
		if part := strings.Trim(s[start:i], " .,;:"); part != "" {
			out = append(out, part)
		}
		start = i + 1
	}
	if part := strings.Trim(s[start:], " .,;:"); part != "" {
		out = append(out, part)
	}
	return out
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

var abbreviations = setOf("proc conf vol no pp ed eds dept univ inc vs etc st dr intl int symp trans lect tech rep inst assoc ann sci")

func isAbbreviation(w string) bool { return abbreviations[w] }

// endsNames reports whether names of the form "schapire, r. e." end here: what
// follows is neither another initial nor joined to the names.
func endsNames(before, after string) bool {
	after = strings.TrimLeft(after, " ")
	if after == "" || after[0] == ',' || after[0] == '&' || after[0] == '(' || strings.HasPrefix(after, "and ") {
		return false
	}
	next := strings.FieldsFunc(after, func(r rune) bool { return r == ' ' })
	if len(next) == 0 || len(strings.Trim(next[0], ".,;")) <= 1 {
		return false
	}
	// "schapire, r. e" has its initials behind the comma; "r. e. schapire" not.
	comma := strings.LastIndexByte(before, ',')
	if comma < 0 {
		return false
	}
	tail := wordsOf(before[comma+1:])
	for _, w := range tail {
		if len(w) > 1 && w != "jr" {
			return false
		}
	}
	// "blum, a., furst, m.": more names follow when the next word has a comma
	// and initials behind it.
	if len(next) > 1 && strings.HasSuffix(next[0], ",") && len(strings.Trim(next[1], ".,")) <= 1 {
		return false
	}
	return len(tail) > 0
}

// authorSegments says how many segments at the beginning are names: at most
// half of them, and no segment that begins like a title.
func authorSegments(segments []string) int {
	n := 0
	for n < len(segments)-1 && n < 12 && looksLikeNames(segments[n]) {
		if n > 0 && !marksNames(segments[n]) {
			break // "Occam's razor" looks like a name, and is the title
		}
		n++
	}
	return n
}

// marksNames reports whether a segment has what lists of names have: initials,
// or more than one name.
func marksNames(s string) bool {
	return initialsIn.MatchString(s) || strings.ContainsAny(s, ",&") || strings.Contains(strings.ToLower(s), " and ")
}

// looksLikeNames reports whether a segment is a list of people: short pieces
// between commas and "and", no word of grammar.
func looksLikeNames(s string) bool {
	lower := strings.ToLower(s)
	if strings.Contains(lower, "et al") {
		return true
	}
	pieces := strings.FieldsFunc(strings.NewReplacer(" and ", ",", " & ", ",").Replace(lower), func(r rune) bool { return r == ',' || r == ';' })
	if len(pieces) == 0 {
		return true
	}
	long := 0
	for _, p := range pieces {
		words := wordsOf(p)
		for i, w := range words {
			if titleGrammar[w] && i > 0 || slices.Contains([]string{"the", "an", "on", "how", "why", "what", "towards", "using"}, w) {
				return false
			}
		}
		if len(words) > 4 {
			return false
		}
		if len(words) >= 4 && !initialsIn.MatchString(p) {
			long++
		}
	}
	return long == 0 && (len(pieces) > 1 || len(wordsOf(lower)) <= 4 && (initialsIn.MatchString(lower) || len(wordsOf(lower)) <= 3))
}

var titleGrammar = setOf("the of in on for with from by to an as is at its into using via under between toward towards how why what does are based learning")
