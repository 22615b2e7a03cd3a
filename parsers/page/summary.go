package page

import (
	"strings"
	"unicode/utf8"

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
	e.leadSummary(b)
	e.agreeOnSummary(b)
	c, ok := e.settle("summary", b)
	if !ok {
		return
	}
	kind := harvest.SummaryDescription
	switch {
	case c.Basis == "selector", c.Basis == "class", strings.Contains(c.Detail, "abstract"):
		kind = harvest.SummaryAbstract
	case c.Basis == "text":
		kind = harvest.SummaryLead
	}
	text, cut := normalize.Truncated(c.Value)
	if cut {
		if whole, ok := e.completed(text); ok {
			text, cut = whole, false
		}
	}
	e.result.Record.Summary = text
	e.result.Record.SummaryBasis = harvest.SummaryBasis{Kind: kind, Truncated: cut}
}

func (e *extractor) declaredSummaries(b *ballot) {
	offer := func(value, basis, detail string, score int) {
		text := normalize.HTML(value)
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
		{"citation_abstract", 95}, {"dcterms.abstract", 92}, {"dc.description.abstract", 92}, {"description", 80}, {"og:description", 78}, {"dc.description", 74}, {"dcterms.description", 74}, {"twitter:description", 70}, {"sailthru.description", 70}, {"eprints.abstract", 90},
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
		text := normalize.Paragraphs(limitedText(m.node, 6000))
		if why := e.vetoSummary(text); why != "" || utf8.RuneCountInString(text) < 40 {
			continue
		}
		if _, links := e.blockLinks(m.at); links {
			continue
		}
		b.offer(text, "class", classDetail(m.node), 74)
	}
}

func (e *extractor) blockLinks(at int) (block, bool) {
	if at >= len(e.v.blocks) {
		return block{}, false
	}
	b := e.v.blocks[at]
	return b, b.links*2 > len(b.text)
}

// leadSummary takes the first paragraphs of the text, up to maxLead.
func (e *extractor) leadSummary(b *ballot) {
	if text := e.lead(); text != "" {
		b.offer(text, "text", "first paragraphs", 50)
	}
}

func (e *extractor) lead() string {
	var parts []string
	total := 0
	for i, bl := range e.body.blocks {
		if !isProse(bl) || bl.tag == atom.Li && total > 0 || bl.role&(forAuthor|forDate) != 0 && len(bl.text) < 120 {
			if total > 0 && i > 0 && bl.tag >= atom.H1 {
				break
			}
			continue
		}
		if e.vetoSummary(bl.text) != "" || len(bl.text) < 60 && total == 0 {
			continue
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

// completed finds the whole of a text that was cut, on the page itself.
func (e *extractor) completed(cut string) (string, bool) {
	start := key(clip(cut, 120))
	if len(start) < 20 {
		return "", false
	}
	for _, b := range e.v.blocks {
		if len(b.text) >= len(cut) && strings.HasPrefix(key(clip(b.text, 400)), start) && utf8.RuneCountInString(b.text) < 2*maxLead {
			return b.text, true
		}
	}
	return "", false
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
