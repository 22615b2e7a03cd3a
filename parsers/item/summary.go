package item

import (
	"strings"
	"unicode/utf8"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
	"github.com/harvest87/harvest/parsers/page"
)

// summary keeps the better of two summaries: a whole one before a cut one,
// then by the rule of all fields.
func (m *merging) summary() {
	own, card := m.own, m.card
	if own.Summary == "" {
		return
	}
	if card.Summary == "" || m.betterSummary() {
		m.out.Summary, m.out.SummaryBasis = own.Summary, own.SummaryBasis
		m.explain("summary")
	}
}

func (m *merging) betterSummary() bool {
	own, card := m.own, m.card
	ownLength, cardLength := utf8.RuneCountInString(own.Summary), utf8.RuneCountInString(card.Summary)
	selected := m.strength("summary", own) == told
	switch {
	case own.SummaryBasis.Truncated && card.SummaryBasis.Truncated:
		return selected && !m.cardWins || ownLength > cardLength
	case own.SummaryBasis.Truncated:
		return false
	case selected:
		return true
	case card.SummaryBasis.Truncated:
		// The page's text completes the card, or is at least as much; one line
		// about the whole site in a meta element is neither.
		return ownLength >= cardLength || completes(own.Summary, card.Summary) || own.SummaryBasis.Kind != harvest.SummaryDescription
	case m.cardWins:
		return false
	}
	// The card shows the abstract whole: a short line elsewhere is no gain.
	return ownLength*2 >= cardLength
}

// complete looks on the page for the text that the card cuts. Where it is
// found it is the item's beyond doubt, which no other candidate is; only a
// selector of the source file stands before it.
func complete(card, own *harvest.Record, found *page.Result) {
	e := own.Provenance["summary"]
	if !card.SummaryBasis.Truncated || e.Basis == "selector" || completes(own.Summary, card.Summary) && !own.SummaryBasis.Truncated {
		return
	}
	take := func(text string, kind harvest.SummaryKind, basis, detail string) bool {
		text, cut := normalize.Truncated(text)
		if cut || utf8.RuneCountInString(text) <= utf8.RuneCountInString(card.Summary) || !completes(text, card.Summary) {
			return false
		}
		own.Summary, own.SummaryBasis = text, harvest.SummaryBasis{Kind: kind}
		e = harvest.Evidence{Basis: basis, Detail: detail, Page: found.Record.URL}
		if own.Provenance == nil {
			own.Provenance = make(map[string]harvest.Evidence)
		}
		own.Provenance["summary"] = e
		return true
	}
	for _, c := range found.Candidates["summary"] {
		if c.Rejected != "" && c.Rejected != "outranked" {
			continue
		}
		kind := harvest.SummaryDescription
		if c.Basis == "text" {
			kind = harvest.SummaryLead
		}
		if take(c.Value, kind, c.Basis, c.Detail) {
			return
		}
	}
	for paragraph := range strings.SplitSeq(found.Text, "\n\n") {
		if take(paragraph, harvest.SummaryLead, "text", "the paragraph that the card cuts") {
			return
		}
	}
}

// completes reports whether whole begins as cut does.
func completes(whole, cut string) bool {
	w, c := []rune(fold(whole)), []rune(fold(cut))
	n := min(len(c)-3, 60)
	return n >= 20 && len(w) >= n && string(w[:n]) == string(c[:n])
}

// fold is text for comparing: lower case, one space between words.
func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
