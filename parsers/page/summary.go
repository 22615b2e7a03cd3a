package page

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// maxLead is how much of the text stands for a summary where there is none,
// in characters.
const maxLead = 600

// decideSummary finds the item's abstract: the source's own where there is one.
func (e *extractor) decideSummary() {
	b := &ballot{}
	if values, which := FindText(e.scope, e.rules.Summary); len(values) > 0 {
		b.offer(strings.Join(values, "\n\n"), "selector", which, 1000)
	}
	e.declaredSummaries(b)
	e.markedSummaries(b)
	e.standfirst(b)
	e.leadSummary(b)
	e.agreeOnSummary(b)
	e.compareSummaries(b)
	c, ok := e.settle("summary", b)
	if !ok {
		return
	}
	c.Value = longest(c.Value, b.list)
	kind := harvest.SummaryDescription
	switch {
	case c.Basis == "selector", c.Basis == "class", c.Basis == "citation", strings.Contains(c.Detail, "abstract"):
		kind = harvest.SummaryAbstract
	case c.Basis == "text":
		kind = harvest.SummaryLead
	}
	text, cut := normalize.Truncated(c.Value)
	if cut || kind == harvest.SummaryDescription && !endsSentence(text) {
		if whole, ok := e.completed(text); ok {
			text, cut = whole, false
		}
	}
	e.result.Record.Summary = text
	e.result.Record.SummaryBasis = harvest.SummaryBasis{Kind: kind, Truncated: cut}
}

// longest is the fullest of the declared texts that begin like the chosen one,
// when that was cut: descriptions are cut at different lengths.
func longest(chosen string, all []Candidate) string {
	cut, marked := normalize.Truncated(chosen)
	if !marked && endsSentence(cut) {
		return chosen
	}
	start := key(clip(cut, len(cut)-len(cut)/12))
	best := chosen
	if len(start) < 30 {
		return best
	}
	for _, c := range all {
		if c.Basis != "text" && len(c.Value) > len(best) && len(c.Value) < 3000 && strings.HasPrefix(key(c.Value), start) {
			best = c.Value
		}
	}
	return best
}

// endsSentence reports whether a text ends as sentences do.
func endsSentence(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\"”’»)]“ "))
	return strings.ContainsRune(".!?。！？؟।", last)
}

func (e *extractor) declaredSummaries(b *ballot) {
	offer := func(value, basis, detail string, score int) {
		text := e.withoutSignature(normalize.HTML(strings.ReplaceAll(value, `\n`, "\n")))
		if why := e.vetoSummary(text); why != "" {
			b.reject(clip(text, 300), basis, detail, why)
			return
		}
		b.offer(text, basis, detail, score)
	}
	for i, t := range e.things {
		if i == 3 {
			break
		}
		offer(t.text("abstract"), "json-ld", "abstract", 92-10*i)
		offer(t.text("description"), "json-ld", "description", 72-10*i)
	}
	for _, m := range []struct {
		name  string
		score int
	}{
		{"citation_abstract", 95}, {"dcterms.abstract", 92}, {"dc.description.abstract", 92}, {"og:description", 80}, {"description", 79}, {"dc.description", 74}, {"dcterms.description", 74}, {"twitter:description", 70}, {"sailthru.description", 70}, {"eprints.abstract", 90},
	} {
		for i, value := range e.v.meta[m.name] {
			if i == 0 {
				offer(value, "meta", m.name, m.score)
			}
		}
	}
	for _, p := range e.v.props {
		if p.zone&offContent == 0 && typeRank([]string{typeName(p.owner)}) >= 60 && (p.name == "description" || p.name == "abstract") {
			offer(propText(p.node), "microdata", p.name, 68)
		}
	}
}

// withoutSignature takes the site's name off the end of a description, and the
// mark before it.
func (e *extractor) withoutSignature(s string) string {
	for _, m := range []string{"|", " - ", " – ", " — "} {
		i := strings.LastIndex(s, m)
		if i <= 0 || len(s)-i > 80 {
			continue
		}
		if tail := strings.TrimSpace(s[i+len(m):]); tail == "" || e.isSiteName(tail) {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// vetoSummary says why a text cannot be the summary.
func (e *extractor) vetoSummary(s string) string {
	n := utf8.RuneCountInString(s)
	switch {
	case n == 0:
		return "empty"
	case n < 12:
		return "too short"
	case n > 6000:
		return "too long"
	case key(s) == key(e.title.Value):
		return "the title again"
	case e.isSiteName(s):
		return "the site's name"
	}
	low := strings.ToLower(clip(s, 300))
	for _, w := range []string{"cookie", "javascript", "your browser", "adblock", "ad blocker"} {
		if strings.Contains(low, w) && !strings.Contains(strings.ToLower(e.title.Value), w) && n < 400 {
			return "about the site's workings"
		}
	}
	return ""
}

// markedSummaries reads standfirsts: elements near the title whose class says
// that they sum up.
func (e *extractor) markedSummaries(b *ballot) {
	for _, m := range e.v.marks {
		if m.role&forSummary == 0 || m.zone&(offContent|inFigure) != 0 || !e.nearTitle(m.at) || m.at < e.titleAt {
			continue
		}
		text := e.proseOf(m)
		n := utf8.RuneCountInString(text)
		if n < 40 || n > 1500 || e.vetoSummary(text) != "" {
			continue
		}
		score := 88 - (m.at-e.titleAt)/3
		if n < 70 {
			score -= 14 // a second title rather than a summary
		}
		b.offer(text, "class", classDetail(m.node), score)
	}
}

// proseOf is the running text of a marked element: its lines without title,
// byline, date, caption and links.
func (e *extractor) proseOf(m mark) string {
	var parts []string
	known := make(map[*html.Node]bool)
	for i := m.at; i < min(len(e.v.blocks), m.at+12); i++ {
		bl := e.v.blocks[i]
		if bl.owner == nil || i > m.at && !isBelow(bl.owner, m.node, known) {
			break
		}
		n := utf8.RuneCountInString(bl.text)
		if bl.zone&(offContent|inFigure) != 0 || bl.role&(forAuthor|forDate|forCategory|forTags|forKicker) != 0 || bl.links*2 > len(bl.text) || n < 30 || key(bl.text) == key(e.title.Value) {
			continue
		}
		if n < 80 && (len(normalize.Dates(bl.text, e.lang)) > 0 || mayBeByline(bl.text) && byline.MatchString(bl.text)) {
			continue
		}
		if isHeadingTag(bl.tag) && len(parts) > 0 {
			break
		}
		parts = append(parts, bl.text)
	}
	return strings.Join(parts, "\n\n")
}

// standfirst reads the lines right below the title that are set apart: as
// subheadings, in bold, or by the byline that follows them.
func (e *extractor) standfirst(b *ballot) {
	if e.titleAt < 0 {
		return
	}
	for i := e.titleAt + 1; i < min(len(e.v.blocks), e.titleAt+8); i++ {
		bl := e.v.blocks[i]
		n := utf8.RuneCountInString(bl.text)
		label := bl.role&(forAuthor|forDate|forCategory|forTags) != 0 && n < 120
		if bl.zone&(offContent|inFigure) != 0 || label || bl.links*3 > len(bl.text) || n < 25 || n < 40 && !isHeadingTag(bl.tag) {
			if n > 200 {
				return
			}
			continue
		}
		text, detail := bl.text, "standfirst"
		switch heading := bl.tag == atom.H2 || bl.tag == atom.H3; {
		case n > 600:
			return
		case heading:
			text = e.subheadings(i)
		case bl.bold*10 >= len(bl.text)*9:
		case e.beforeByline(i):
			detail = "line between title and byline"
		default:
			return // the text itself has begun
		}
		if utf8.RuneCountInString(text) >= 40 && e.vetoSummary(text) == "" && e.wordsAgree(text) {
			b.offer(text, "class", detail, 82)
		}
		return
	}
}

// subheadings are the lines of one subheading, which some sites print as
// several headings of one kind.
func (e *extractor) subheadings(i int) string {
	first := e.v.blocks[i]
	parts := []string{first.text}
	for _, bl := range e.v.blocks[i+1 : min(len(e.v.blocks), i+6)] {
		if bl.tag != first.tag || bl.owner == nil || first.owner == nil || attr(bl.owner, "class") != attr(first.owner, "class") {
			break
		}
		parts = append(parts, bl.text)
	}
	return strings.Join(parts, "\n")
}

// beforeByline reports whether block i stands alone between the title and the
// line that tells author or date.
func (e *extractor) beforeByline(i int) bool {
	if i > e.titleAt+3 {
		return false
	}
	if slices.ContainsFunc(e.v.blocks[e.titleAt+1:i], e.isByline) {
		return false
	}
	for _, bl := range e.v.blocks[i+1 : min(len(e.v.blocks), i+4)] {
		if bl.zone&(offContent&^inBanner) != 0 || len(bl.text) > 100 {
			return false
		}
		if e.isByline(bl) {
			return true
		}
	}
	return false
}

// isByline reports whether a line tells who wrote the item, or when.
func (e *extractor) isByline(bl block) bool {
	return len(bl.text) < 120 && bl.role&(forAuthor|forDate) != 0 || mayBeByline(bl.text) && byline.MatchString(bl.text) ||
		len(bl.text) < 60 && hasDigit(bl.text) && len(normalize.Dates(bl.text, e.lang)) > 0
}

// wordsAgree reports whether a description has something to do with the page:
// a word in common with its title or its first paragraphs.
func (e *extractor) wordsAgree(s string) bool {
	text := strings.ToLower(e.title.Value + " " + e.body.text(6000))
	if len(text) < 200 {
		return true
	}
	words, shared := 0, 0
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) }) {
		if utf8.RuneCountInString(w) < 5 {
			continue
		}
		words++
		if strings.Contains(text, w) {
			shared++
		}
	}
	return words < 3 || shared*5 >= words
}

// leadSummary takes the first paragraphs of the text, up to maxLead.
func (e *extractor) leadSummary(b *ballot) {
	if text := e.aboveCitation(); text != "" {
		b.offer(text, "citation", "paragraphs above the citation line", 96)
	}
	if text := e.lead(); text != "" {
		b.offer(text, "text", "first paragraphs", 50)
	}
}

func (e *extractor) lead() string {
	var parts []string
	total := 0
	for i, bl := range e.body.blocks {
		if !isProse(bl) || bl.tag == atom.Li && total > 0 || bl.role&(forAuthor|forDate) != 0 && len(bl.text) < 120 {
			if total > 0 && i > 0 && isHeadingTag(bl.tag) {
				break
			}
			continue
		}
		if e.vetoSummary(bl.text) != "" || len(bl.text) < 60 && total == 0 || e.cited && key(bl.text) == key(e.cite.line) {
			continue
		}
		if _, cut := normalize.Truncated(bl.text); cut {
			continue // a card of another item
		}
		n := utf8.RuneCountInString(bl.text)
		if total > 0 && total+n > maxLead {
			break
		}
		parts = append(parts, bl.text)
		total += n
		if total >= 200 {
			break
		}
	}
	text := strings.Join(parts, "\n\n")
	if utf8.RuneCountInString(text) > maxLead {
		text = sentences(text, maxLead)
	}
	return text
}

// sentences cuts a text at the end of a sentence before limit characters.
func sentences(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	cut := string(runes[:limit])
	best := -1
	for _, stop := range []string{". ", "! ", "? ", "。", "؟ ", "। ", ".\n", "»", "…"} {
		if i := strings.LastIndex(cut, stop); i >= 0 && i+len(strings.TrimRight(stop, " \n")) > best {
			best = i + len(strings.TrimRight(stop, " \n"))
		}
	}
	if best > len(cut)/4 {
		return strings.TrimSpace(cut[:best])
	}
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		return strings.TrimSpace(cut[:i]) + "…"
	}
	return cut + "…"
}

// completed finds the rest of a text that was cut on the page itself, up to
// the end of the sentence.
func (e *extractor) completed(cut string) (string, bool) {
	start := key(clip(cut, 120))
	if len(start) < 20 {
		return "", false
	}
	for _, b := range e.v.blocks {
		if len(b.text) < len(cut) || !strings.HasPrefix(key(clip(b.text, 400)), start) {
			continue
		}
		if at := strings.Index(b.text, lastWords(cut)); at > 0 {
			at += len(lastWords(cut))
			rest := b.text[at:]
			if i := sentenceEnd(rest); i >= 0 {
				return b.text[:at+i], true
			}
			if len(rest) < maxLead {
				return b.text, true
			}
		}
	}
	return "", false
}

// lastWords are the end of a text, by which it is found again.
func lastWords(s string) string {
	i := max(0, len(s)-30)
	for i < len(s) && s[i]&0xc0 == 0x80 {
		i++
	}
	return s[i:]
}

// sentenceEnd is where the first sentence of s ends, -1 when it does not.
func sentenceEnd(s string) int {
	for i, r := range s {
		if strings.ContainsRune(".!?。！？؟।", r) {
			end := i + utf8.RuneLen(r)
			next, _ := utf8.DecodeRuneInString(s[end:])
			if end == len(s) || unicode.IsSpace(next) || strings.ContainsRune("\"”’»", next) || r > 0x3000 {
				return end
			}
		}
	}
	return -1
}

// compareSummaries lets candidates speak of each other: what is set apart on the
// page and begins a longer description is only its first line; of two
// descriptions the one that is no mere beginning of the text was written to sum
// it up; and what is said of the site is not said of the page.
func (e *extractor) compareSummaries(b *ballot) {
	keys := make([]string, len(b.list))
	for i, c := range b.list {
		if len(c.Value) <= 3000 && c.Rejected == "" && c.Score < 900 {
			keys[i] = key(c.Value)
		}
	}
	lead := key(e.body.text(3000))
	excerpt := make([]bool, len(keys)) // the beginning of the text, no more
	for i, k := range keys {
		excerpt[i] = len(k) > 40 && strings.Contains(lead, k[:len(k)*8/10])
	}
	site := e.siteLines()
	for i := range b.list {
		c := &b.list[i]
		declared := c.Basis == "meta" || c.Basis == "json-ld" || c.Basis == "microdata"
		switch {
		case keys[i] == "":
		case declared && site[keys[i]]:
			c.Score -= 40
		case c.Detail == "standfirst" && begunBy(keys, i, b.list):
			c.Score = min(c.Score, 60)
		case declared && excerpt[i] && writtenElse(keys, i, b.list, excerpt):
			c.Score -= 9
		}
	}
}

// begunBy reports whether a declared description holds candidate i and more.
func begunBy(keys []string, i int, list []Candidate) bool {
	for j, k := range keys {
		if basis := list[j].Basis; basis != "class" && basis != "text" && len(k) > len(keys[i])+10 && strings.Contains(k, keys[i]) {
			return true
		}
	}
	return false
}

// writtenElse reports whether another declared description is a text of its own.
func writtenElse(keys []string, i int, list []Candidate, excerpt []bool) bool {
	for j, k := range keys {
		if list[j].Basis == "meta" && len(k) >= 60 && !excerpt[j] && k[:30] != keys[i][:30] {
			return true
		}
	}
	return false
}

// siteLines are what the page says of its site, not of itself.
func (e *extractor) siteLines() map[string]bool {
	out := make(map[string]bool)
	for _, t := range e.g.things {
		for _, typ := range t.types() {
			if typ == "WebSite" || strings.HasSuffix(typ, "Organization") {
				out[key(t.text("description"))] = true
			}
		}
	}
	delete(out, "")
	return out
}

// agreeOnSummary raises what several declare alike.
func (e *extractor) agreeOnSummary(b *ballot) {
	count := make(map[string]map[string]bool)
	for _, c := range b.list {
		if c.Rejected == "" {
			k := key(clip(c.Value, 200))
			if count[k] == nil {
				count[k] = make(map[string]bool)
			}
			count[k][c.Basis] = true
		}
	}
	for i := range b.list {
		if c := &b.list[i]; c.Rejected == "" && c.Score < 900 {
			c.Score += 5 * min(2, len(count[key(clip(c.Value, 200))])-1)
		}
	}
}
