package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The beginning of the text that is kept, in characters: no less is a summary,
// and no more is anybody's short one.
const (
	leastLead = 80
	maxLead   = 600
)

// leadOf is the beginning of the running text, of whole sentences where they
// end: of the document's own summary when it has one on its first pages, or of
// the first row of lines that reads like text.
func leadOf(lines []line) (lead string, abstract, cut bool) {
	for i := range lines {
		if abstracts.MatchString(lines[i].text) {
			if s, cut := runFrom(lines[i+1:], bodySize(lines)); s != "" {
				return s, true, cut
			}
		}
	}
	s, cut := runFrom(lines, bodySize(lines))
	return s, false, cut
}

// runFrom finds the first row of lines of running text.
func runFrom(lines []line, body float64) (string, bool) {
	for i := 0; i < len(lines); i++ {
		if !isRunning(&lines[i], body) {
			continue
		}
		s, n := row(lines[i:], body)
		if out, cut := sentences(s); out != "" {
			return out, cut
		}
		i += n - 1
	}
	return "", false
}

// isRunning reports whether a line may be one of running text.
func isRunning(l *line, body float64) bool {
	if l.running || l.style != styleNone || l.size > body*1.15 || isEntry(l.text) {
		return false
	}
	return l.letters()*10 >= utf8.RuneCountInString(l.text)*6
}

// isEntry reports whether a line is one of a table of contents.
func isEntry(s string) bool {
	if strings.Contains(s, "....") || strings.Contains(s, ". . .") || strings.Contains(s, "……") {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsDigit(r) && utf8.RuneCountInString(s) < 50
}

// row joins lines that go on with each other, over headers and footers, and
// says how many lines that were.
func row(lines []line, body float64) (string, int) {
	var b strings.Builder
	var before *line
	n := 0
	for i := range lines {
		l := &lines[i]
		if l.running {
			n++
			continue
		}
		if !isRunning(l, body) || b.Len() > 8*maxLead {
			break
		}
		join(&b, l, before != nil && before.hyphen != 0, before)
		before = l
		n++
		if l.whole && b.Len() >= leastLead {
			break
		}
	}
	return b.String(), max(n, 1)
}

// sentences cuts text behind the last sentence that fits, empty when there is
// no sentence in it. cut says that the only one did not fit.
func sentences(s string) (out string, cut bool) {
	runes := []rune(s)
	end, first := 0, 0
	for i, r := range runes {
		if i >= maxLead && end > 0 || i >= 2*maxLead {
			break
		}
		if !strings.ContainsRune(".!?。؟।۔", r) {
			continue
		}
		if i+1 < len(runes) && !unicode.IsSpace(runes[i+1]) && !strings.ContainsRune(`"'”’»)`, runes[i+1]) {
			continue
		}
		if isAbbreviation(runes[:i]) {
			continue
		}
		e := i + 1
		for e < len(runes) && strings.ContainsRune(`"'”’»)`, runes[e]) {
			e++
		}
		if first == 0 {
			first = e
		}
		if e <= maxLead || end == 0 {
			end = e
		}
	}
	switch {
	case end == 0 && len(runes) >= 2*leastLead && strings.Count(s, " ") > 12:
		return string(runes[:min(len(runes), maxLead)]), true
	case end < leastLead && len(runes) < 2*leastLead, end < leastLead/2:
		return "", false
	}
	return strings.TrimSpace(string(runes[:end])), false
}

// isAbbreviation reports whether text ends in what has a full stop without
// ending a sentence: a single letter, "Art", "No".
func isAbbreviation(before []rune) bool {
	start := len(before)
	for start > 0 && (unicode.IsLetter(before[start-1]) || before[start-1] == '.') {
		start--
	}
	switch w := strings.ToLower(string(before[start:])); w {
	case "art", "no", "nos", "mr", "mrs", "ms", "dr", "prof", "st", "vs", "para", "paras", "p", "pp", "sec", "e.g", "i.e", "cf", "vol", "ed", "eds", "approx", "fig", "op", "cit", "ltd", "inc", "u.s", "u.k", "u.n", "sr", "sra", "núm", "pág", "págs", "etc":
		return w != "etc" && w != "ltd" && w != "inc"
	default:
		return utf8.RuneCountInString(w) == 1 && unicode.IsUpper(before[len(before)-1])
	}
}
