package page

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

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
	e.weighSummaries(b)
	c, ok := e.settle("summary", b)
	if !ok {
		return
	}
	kind := harvest.SummaryDescription
	switch {
	case c.Basis == "selector", c.Basis == "class", c.Basis == "citation", strings.Contains(c.Detail, "abstract"):
		kind = harvest.SummaryAbstract
	case c.Basis == "text":
		kind = harvest.SummaryLead
	}
	text, cut := e.whole(c, b.list)
	switch {
	case c.Basis != "selector":
		text = e.withoutDate(text)
	case e.isWholeText(text):
		text, kind = normalize.Beginning(text, maxLead), harvest.SummaryLead
	}
	e.result.Record.Summary = text
	e.result.Record.SummaryBasis = harvest.SummaryBasis{Kind: kind, Truncated: cut}
}

// isWholeText reports whether what a selector found is the text of the item
// rather than its abstract: long, and most of what the page says.
func (e *extractor) isWholeText(s string) bool {
	const most = 100 << 10
	return utf8.RuneCountInString(s) > 2*maxLead && len(key(clip(s, most)))*10 >= len(key(e.body.text(most)))*7
}

// summaryNames are the names of <meta> elements that sum up a page.
var summaryNames = []string{
	"citation_abstract", "dcterms.abstract", "dc.description.abstract", "eprints.abstract",
	"og:description", "description", "dc.description", "dcterms.description", "twitter:description", "sailthru.description",
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
		offer(t.text("abstract"), "json-ld", "abstract", -10*i)
		offer(t.text("description"), "json-ld", "description", -10*i)
	}
	for _, d := range e.rdfa() {
		offer(d.text("abstract"), "rdfa", "abstract", 0)
		offer(d.text("description"), "rdfa", "description", 0)
	}
	for _, name := range summaryNames {
		if values := e.v.meta[name]; len(values) > 0 {
			offer(values[0], "meta", name, 0)
		}
	}
	for _, p := range e.v.props {
		if p.zone&offContent == 0 && typeRank([]string{typeName(p.owner)}) >= 60 && (p.name == "description" || p.name == "abstract") {
			offer(propText(p.node), "microdata", p.name, 0)
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

// dateAhead finds a date before the first sentence of a text: "31.10.2023, 10.19
// Uhr: ", "Red. / 12 March 2021 – ".
var dateAhead = regexp.MustCompile(`^(?:\pL{1,4}\.? ?[/|–-] ?)?(?:\d{1,2}[. /-] ?(?:\d{1,2}|\pL+\.?)[. /-] ?\d{4}|\pL+ \d{1,2}, \d{4})(?:,? ?\d{1,2}[:.]\d{2}(?: ?(?:Uhr|h|am|pm))?)? ?[:.–—|/-]? +`)

// withoutDate takes the date off the beginning of a text, which the record
// holds apart.
func (e *extractor) withoutDate(s string) string {
	ahead := dateAhead.FindString(s)
	if ahead == "" || !startsUpper(s[len(ahead):]) {
		return s
	}
	if d, ok := normalize.Date(ahead, e.lang); !ok || d.Precision != harvest.PrecisionDay {
		return s
	}
	return s[len(ahead):]
}

// editorsNotes begin what editors say of an item, and not what it says.
var editorsNotes = []string{
	"editor's note", "editor’s note", "editors' note", "editors’ note", "editorial note", "note from the editor", "note to editors", "correction:", "anmerkung der redaktion", "anm. d. red", "anm. der red", "hinweis der redaktion",
	"note de la rédaction", "note de l'éditeur", "ndlr", "nota del editor", "nota de la redacción", "nota do editor", "nota da redação", "nota della redazione", "noot van de redactie", "redaktionens anmärkning", "ملاحظة المحرر", "от редакции", "от редактора", "编者按", "編者按",
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
	case e.recurs(habitSummary, s):
		return "on many pages of the site"
	}
	low := strings.ToLower(clip(s, 300))
	for _, w := range editorsNotes {
		if strings.HasPrefix(low, w) {
			return "a note of the editors"
		}
	}
	for _, w := range []string{"cookie", "javascript", "your browser", "adblock", "ad blocker"} {
		if strings.Contains(low, w) && !strings.Contains(strings.ToLower(e.title.Value), w) && n < 400 {
			return "about the site's workings"
		}
	}
	return ""
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
