package citation

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harvest87/harvest"
)

// Line is text on one line, fit for any format: white space of every kind,
// line and paragraph separators among it, is one space. What no format can
// hold is left out: control characters, octets that are not UTF-8, the
// noncharacters and surrogates that XML 1.0 forbids, and the embeddings,
// overrides and isolates that make text read otherwise than it is stored
// (CVE-2021-42574). Marks of direction and joiners, which scripts need, stay.
func Line(text string) string {
	return strings.Join(strings.Fields(Text(text)), " ")
}

// Text is Line for text of several paragraphs: line breaks stay, as LF.
func Text(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r == '\v', r == '\f', r == '\u0085', r == '\u2028', r == '\u2029':
			return '\n'
		case r == utf8.RuneError, unicode.IsControl(r), forbidden(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(lineEnds.Replace(text), "")))
}

// lineEnds are brought to one form; it is safe for concurrent use.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func forbidden(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r >= 0xfdd0 && r <= 0xfdef || r&0xfffe == 0xfffe
}

// Lines are the texts that are not empty, each as [Line].
func Lines(texts []string) []string {
	var out []string
	for _, t := range texts {
		if t = Line(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// Address is a URL as a format can hold it between any brackets: white space,
// control characters, quotation marks, angle and curly brackets, backslashes
// and everything beyond ASCII are percent-encoded (RFC 3986 section 2.1).
func Address(url string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(url) {
		if c := url[i]; c > ' ' && c < 0x7f && strings.IndexByte("\"<>\\^`{|}", c) < 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// Keywords are the words under which a reference manager files a document:
// its topics, then the source's labels, each once.
func Keywords(r *harvest.Record) []string {
	seen := make(map[string]bool)
	var out []string
	for _, list := range [][]string{r.Topics, r.CategoriesRaw} {
		for _, k := range Lines(list) {
			if !seen[k] {
				seen[k] = true
				out = append(out, k)
			}
		}
	}
	return out
}

// Number is the official number of a document: its United Nations symbol, or
// its CELEX number, or its European Case Law Identifier.
func Number(r *harvest.Record) string {
	for _, n := range []string{r.Identifiers.UNSymbol, r.Identifiers.CELEX, r.Identifiers.ECLI} {
		if n = Line(n); n != "" {
			return n
		}
	}
	return ""
}

// DateParts are the year, month and day of a date, as far as they are known.
func DateParts(d harvest.Date) []int {
	parsed, err := harvest.ParseDate(d.Value)
	if err != nil {
		return nil
	}
	var out []int
	for part := range strings.SplitSeq(parsed.Value, "-") {
		n := 0
		for _, c := range part {
			n = 10*n + int(c-'0')
		}
		out = append(out, n)
	}
	return out
}

// Accessed is the day, in UTC, on which the document was last seen.
func Accessed(r *harvest.Record) harvest.Date {
	if r.LastSeen.IsZero() {
		return harvest.Date{}
	}
	t := r.LastSeen.UTC()
	return harvest.DayDate(t.Year(), t.Month(), t.Day())
}
