package search

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/harvest87/harvest"
)

// Span is a part of a text, in octets: text[Start:End].
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Snippet is a passage of plain text and the places in it that matched, in
// order and without overlap. The text holds no tags and no control characters,
// so that it is safe on a terminal; a web page still has to escape it.
type Snippet struct {
	Text  string `json:"text"`
	Marks []Span `json:"marks,omitempty"`
}

// Marked returns the text with each match between before and after.
func (s Snippet) Marked(before, after string) string {
	var b strings.Builder
	at := 0
	for _, m := range s.Marks {
		b.WriteString(s.Text[at:m.Start] + before + s.Text[m.Start:m.End] + after)
		at = m.End
	}
	b.WriteString(s.Text[at:])
	return b.String()
}

// Title returns the record's title with what matched in it.
func (r Result) Title(record *harvest.Record) Snippet {
	text := plain(record.Title)
	return Snippet{text, spans(r.match.find(text, record.Language.Value, fieldTitle))}
}

// Snippet returns the passage of the record that matched best, of about width
// characters: from its summary, else from its other fields, else the beginning
// of its summary.
func (r Result) Snippet(record *harvest.Record, width int) Snippet {
	for i, part := range textParts(record) {
		text := plain(part)
		found := r.match.find(text, record.Language.Value, fieldText)
		if len(found) > 0 || i == 0 && (r.match == nil || len(r.match.groups) == 0) {
			return cut(text, found, width)
		}
	}
	return cut(plain(record.Summary), nil, width)
}

// matcher recognises in a text the words of a query.
type matcher struct {
	groups    []group
	languages []stemmer
}

// group is one word, phrase, beginning or fuzzy word of a query.
type group struct {
	node
	terms []map[string]bool // for each word of the node: its term and stems
}

// place is a match: where, and of which group.
type place struct {
	Span
	group int
}

func newMatcher(c *compiled) *matcher {
	m := &matcher{languages: c.languages}
	m.add(c.tree)
	return m
}

func (m *matcher) add(n node) {
	switch n.kind {
	case nodeNot:
	case nodeAnd, nodeOr:
		for _, child := range n.children {
			m.add(child)
		}
	default:
		g := group{node: n}
		for _, w := range n.words {
			terms := map[string]bool{w.term: true}
			if n.kind == nodeWords && len(n.words) == 1 && n.field != fieldAuthor && n.field != fieldPublisher {
				for _, stem := range w.stems(m.languages) {
					terms[stem] = true
				}
			}
			g.terms = append(g.terms, terms)
		}
		m.groups = append(m.groups, g)
	}
}

// find lists the matches in a text of that language, in order.
func (m *matcher) find(text, language, field string) []place {
	if m == nil || len(m.groups) == 0 || text == "" {
		return nil
	}
	own := stemmersFor(language)
	var words []word
	var forms [][]string
	eachWord(text, func(w word) {
		words = append(words, w)
		forms = append(forms, append(w.otherForms(own), w.term))
	})
	var out []place
	for i := range words {
		for g := range m.groups {
			if f := m.groups[g].field; f != "" && f != field {
				continue
			}
			if n := m.groups[g].matchAt(words[i:], forms[i:]); n > 0 {
				out = append(out, place{Span{words[i].start, words[i+n-1].end}, g})
			}
		}
	}
	return out
}

// matchAt reports how many words, from the first, match the group.
func (g *group) matchAt(words []word, forms [][]string) int {
	for i, terms := range g.terms {
		at := g.words[i].pos - g.words[0].pos
		if at >= len(words) {
			return 0
		}
		switch last := i == len(g.terms)-1; {
		case last && g.kind == nodePrefix:
			if !strings.HasPrefix(words[at].term, g.words[i].term) {
				return 0
			}
		case last && g.kind == nodeFuzzy:
			if firstRunes(words[at].term, fuzzyPrefix) != firstRunes(g.words[i].term, fuzzyPrefix) ||
				!withinEdits(words[at].term, g.words[i].term, g.distance) {
				return 0
			}
		default:
			if !slices.ContainsFunc(forms[at], func(form string) bool { return terms[form] }) {
				return 0
			}
		}
	}
	return g.words[len(g.words)-1].pos - g.words[0].pos + 1
}

// withinEdits reports whether a becomes b with at most n insertions, deletions
// or substitutions (Levenshtein distance).
func withinEdits(a, b string, n int) bool {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > n || len(y)-len(x) > n {
		return false
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)] <= n
}

// cut chooses the passage with the most different matches, then the most
// matches, and shortens the text to it at spaces.
func cut(text string, found []place, width int) Snippet {
	if utf8.RuneCountInString(text) <= width {
		return Snippet{text, spans(found)}
	}
	start := bestStart(text, found, width)
	end := advance(text, start, width)
	start, end = toSpace(text, start, end)
	passage := text[start:end]
	lead, tail := "", ""
	if start > 0 {
		lead = "… "
	}
	if end < len(text) {
		tail = " …"
	}
	var marks []Span
	for _, m := range spans(found) {
		if m.Start >= start && m.End <= end {
			marks = append(marks, Span{m.Start - start + len(lead), m.End - start + len(lead)})
		}
	}
	return Snippet{lead + passage + tail, marks}
}

// bestStart is where the best passage of that many runes begins: a little
// before its first match.
func bestStart(text string, found []place, width int) int {
	best, bestScore := 0, 0
	for i, p := range found {
		end := advance(text, p.Start, width*3/4)
		groups, n := make(map[int]bool), 0
		for _, q := range found[i:] {
			if q.End > end {
				break
			}
			groups[q.group] = true
			n++
		}
		if score := len(groups)*1000 + n; score > bestScore {
			best, bestScore = p.Start, score
		}
		if i > 200 { // a text full of matches has a good passage near its start
			break
		}
	}
	return retreat(text, best, width/4)
}

// toSpace moves both ends of a passage to the nearest space inside it, where
// there is one near.
func toSpace(text string, start, end int) (int, int) {
	const near = 40
	if start > 0 {
		if i := strings.IndexFunc(text[start:min(end, start+near)], unicode.IsSpace); i >= 0 {
			start += i + 1
		}
	}
	if end < len(text) {
		from := max(start, end-near)
		if i := strings.LastIndexFunc(text[from:end], unicode.IsSpace); i > 0 {
			end = from + i
		}
	}
	// near counts octets and may have cut within a rune
	for start < end && !utf8.RuneStart(text[start]) {
		start++
	}
	return start, end
}

func advance(text string, at, runes int) int {
	for ; at < len(text) && runes > 0; runes-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

func retreat(text string, at, runes int) int {
	for ; at > 0 && runes > 0; runes-- {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

// spans joins matches that overlap or repeat.
func spans(found []place) []Span {
	var out []Span
	for _, p := range found {
		if n := len(out); n > 0 && p.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, p.End)
			continue
		}
		out = append(out, p.Span)
	}
	return out
}

var tag = regexp.MustCompile(`</?[A-Za-z][^<>]*>|<!--.*?-->`)

// plain removes what could do harm where text is shown: tags, control
// characters and marks that change the direction of what follows.
func plain(text string) string {
	text = tag.ReplaceAllString(strings.ToValidUTF8(text, "\uFFFD"), " ")
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, text)
}
