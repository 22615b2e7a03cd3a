package match

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

// Shown is one field of a work as readers see it, and the record that it is
// taken from.
type Shown struct {
	Field  string           `json:"field"`
	Value  string           `json:"value"`
	Record harvest.RecordID `json:"record"`
	Rule   string           `json:"rule"`
}

// Expression is a work in one language: its best record and how many there are.
type Expression struct {
	Language string           `json:"language"` // primary subtag, empty when unknown
	Title    string           `json:"title"`
	URL      string           `json:"url"`
	Record   harvest.RecordID `json:"record"`
	Records  int              `json:"records"`
}

// Rank orders the records of a work by how much they are to be believed, the
// first most. Each rule decides only between those that the rules before it
// leave equal:
//
//  1. records that the source still offers before those that are gone;
//  2. the publisher's own record: its host carries the publisher's name, or
//     other records of the work point to its host with a document or a
//     canonical address;
//  3. records with a DOI or another identifier;
//  4. records whose summary is whole and of the better kind;
//  5. records with more of the fields filled;
//  6. the identifier, so that the order is always the same.
func Rank(records []harvest.Record) []harvest.Record {
	ranked := slices.Clone(records)
	own := ownRecords(records)
	slices.SortFunc(ranked, func(a, b harvest.Record) int {
		return cmp.Or(
			compareTrue(a.State != harvest.StateGone, b.State != harvest.StateGone),
			compareTrue(own[a.ID], own[b.ID]),
			compareTrue(a.Identifiers != harvest.Identifiers{}, b.Identifiers != harvest.Identifiers{}),
			cmp.Compare(summaryRank(&a), summaryRank(&b)),
			cmp.Compare(filled(&b), filled(&a)),
			cmp.Compare(a.ID, b.ID),
		)
	})
	return ranked
}

func compareTrue(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// ownRecords finds the records that stand on the publisher's own site.
func ownRecords(records []harvest.Record) map[harvest.RecordID]bool {
	named := make(map[string]bool) // hosts that others point to
	for i := range records {
		r := &records[i]
		at := hostOf(r.URL)
		targets := []string{r.CanonicalURL}
		for _, d := range r.Documents {
			targets = append(targets, d.URL)
		}
		for _, t := range targets {
			if h := hostOf(t); h != "" && h != at {
				named[h] = true
			}
		}
	}
	own := make(map[harvest.RecordID]bool)
	for i := range records {
		h := hostOf(records[i].URL)
		own[records[i].ID] = named[h] || carriesName(h, records[i].Publisher)
	}
	return own
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}

// carriesName reports whether a host has the publisher's words or initials as a
// label: walkfree.org for Walk Free, ilo.org for International Labour Organization.
func carriesName(host, publisher string) bool {
	var together, initials strings.Builder
	for _, w := range wordsOf(cut(publisher, 200)) {
		if !functionWords[w] {
			together.WriteString(w)
			initials.WriteString(w[:1])
		}
	}
	for label := range strings.SplitSeq(host, ".") {
		label = strings.ReplaceAll(label, "-", "")
		if len(label) >= 3 && (label == initials.String() || label == together.String()) {
			return true
		}
	}
	return false
}

var summaryKinds = []harvest.SummaryKind{harvest.SummaryAbstract, harvest.SummaryDescription, harvest.SummaryLead, harvest.SummaryCard}

// summaryRank is lower for better summaries.
func summaryRank(r *harvest.Record) int {
	if r.Summary == "" {
		return 2 * len(summaryKinds)
	}
	rank := slices.Index(summaryKinds, r.SummaryBasis.Kind)
	if rank < 0 {
		rank = len(summaryKinds) - 1
	}
	if r.SummaryBasis.Truncated {
		rank += len(summaryKinds)
	}
	return rank
}

func filled(r *harvest.Record) int {
	n := 0
	for _, has := range []bool{
		r.Category != "", !r.Published.IsZero(), r.Language.Value != "", len(r.Authors) > 0, r.Publisher != "", len(r.Countries) > 0,
		len(r.Topics) > 0, len(r.Documents) > 0, r.Licence != "",
	} {
		if has {
			n++
		}
	}
	return n
}

// Display chooses what readers see of a work: each field from the first record
// in the order of [Rank] that has it, with two exceptions. The date is the
// finest that agrees with the first one, and the summary the best in the
// language of the first record.
func Display(records []harvest.Record) []Shown {
	ranked := Rank(records)
	var out []Shown
	show := func(field string, of func(*harvest.Record) string) {
		for i := range ranked {
			if v := of(&ranked[i]); v != "" {
				rule := "the highest ranked record"
				if i > 0 {
					rule = "the highest ranked record that has it"
				}
				out = append(out, Shown{field, v, ranked[i].ID, rule})
				return
			}
		}
	}
	show("title", func(r *harvest.Record) string { return r.Title })
	show("url", func(r *harvest.Record) string { return r.URL })
	show("category", func(r *harvest.Record) string { return r.Category })
	if r := finestDate(ranked); r != nil {
		out = append(out, Shown{"published", r.Published.Value, r.ID, "the finest date that agrees with that of the highest ranked record"})
	}
	show("authors", func(r *harvest.Record) string { return strings.Join(r.Authors, "; ") })
	show("publisher", func(r *harvest.Record) string { return r.Publisher })
	show("language", func(r *harvest.Record) string { return r.Language.Value })
	show("doi", func(r *harvest.Record) string { return r.Identifiers.DOI })
	show("document", func(r *harvest.Record) string {
		if len(r.Documents) == 0 {
			return ""
		}
		return r.Documents[0].URL
	})
	if r := bestSummary(ranked); r != nil {
		out = append(out, Shown{"summary", r.Summary, r.ID, "the best summary in the language of the highest ranked record"})
	}
	return out
}

func finestDate(ranked []harvest.Record) *harvest.Record {
	var best *harvest.Record
	for i := range ranked {
		r := &ranked[i]
		switch {
		case r.Published.IsZero():
		case best == nil, r.Published.Finer(best.Published):
			best = r
		}
	}
	return best
}

func bestSummary(ranked []harvest.Record) *harvest.Record {
	var best *harvest.Record
	for i := range ranked {
		r := &ranked[i]
		if r.Summary == "" || primaryLanguage(r.Language.Value) != primaryLanguage(ranked[0].Language.Value) {
			continue
		}
		if best == nil || summaryRank(r) < summaryRank(best) {
			best = r
		}
	}
	return best
}

// Expressions lists the languages of a work, each with its best record, in the
// order of languages.
func Expressions(records []harvest.Record) []Expression {
	by := make(map[string]*Expression)
	var out []*Expression
	for _, r := range Rank(records) {
		lang := primaryLanguage(r.Language.Value)
		e := by[lang]
		if e == nil {
			e = &Expression{Language: lang, Title: r.Title, URL: r.URL, Record: r.ID}
			by[lang] = e
			out = append(out, e)
		}
		e.Records++
	}
	slices.SortFunc(out, func(a, b *Expression) int { return cmp.Compare(a.Language, b.Language) })
	list := make([]Expression, len(out))
	for i, e := range out {
		list[i] = *e
	}
	return list
}
