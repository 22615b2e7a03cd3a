package match

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

var tags = regexp.MustCompile(`</?[a-zA-Z][^<>]{0,200}>`)

// cleanTitle drops what is left of HTML and cuts a text that is no title any
// more. Texts of the catalogue are clean already; those of a file need not be.
func cleanTitle(s string) string {
	s = cut(s, maxTitleBytes)
	return withoutNote(unescape(s))
}

// unescape decodes entities, twice when they were encoded twice, and drops
// tags.
func unescape(s string) string {
	for range 2 {
		if strings.Contains(s, "&") {
			s = html.UnescapeString(s)
		}
	}
	if strings.Contains(s, "<") {
		s = tags.ReplaceAllString(s, " ")
	}
	return s
}

// withoutNote drops a note in brackets at the end, see noteWords.
func withoutNote(s string) string {
	t := strings.TrimRight(s, " .")
	if len(t) == 0 || t[len(t)-1] != ')' && t[len(t)-1] != ']' {
		return s
	}
	open := strings.LastIndexAny(t, "([")
	if open <= 0 {
		return s
	}
	for _, w := range wordsOf(t[open:]) {
		if !noteWords[w] {
			return s
		}
	}
	return t[:open]
}

// withoutStatement drops what libraries put behind a slash: who made the book
// (ISBD 1.5). What stands there else, as the title in another language, stays.
func withoutStatement(s string, people []person) string {
	head, tail, found := strings.Cut(s, " / ")
	if !found || strings.TrimSpace(head) == "" {
		return s
	}
	for _, w := range wordsOf(cut(tail, 400)) {
		if statementWords[w] || slices.ContainsFunc(people, func(p person) bool { return len(w) >= 3 && slices.Contains(p.words, w) }) {
			return head
		}
	}
	return s
}

var statementWords = setOf(`
	by par por von da di edited editor ed eds translated trad traduction hrsg herausgegeben bearb bearbeitet ubersetzt red redaktion comp compiled illustrated
	introduction prologo prefacio nota notas testo cura door onder sous сост ред пер под автор
`)

// cut keeps the first n octets of valid text.
func cut(s string, n int) string {
	if len(s) > n {
		for n > 0 && !utf8.RuneStart(s[n]) {
			n--
		}
		s = s[:n]
	}
	return strings.ToValidUTF8(s, "")
}
