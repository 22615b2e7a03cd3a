package match

import (
	"slices"

	"github.com/harvest87/harvest"
)

// recurrence says how much a title tells by itself, from those that share it.
type recurrence byte

const (
	// once is a title of one document, as far as is known.
	once recurrence = iota
	// recurring is the title of a column or a yearly report: descriptions of
	// three and more years have it, by one author when it is no article of a
	// journal and its author is known.
	recurring
	// crowded is a recurring title that one source gives two documents of one
	// year by one author: no year and author tell these apart.
	crowded
)

// maxYears is how many different years descriptions of one title may have
// before it is one that recurs, like that of a column.
const maxYears = 2

// recurrenceIn is how the title of two descriptions recurs, of each of which it
// is known; once when they have different titles. Where one does not say who wrote it, its
// own recurrence counts.
func recurrenceIn(a, b *entry, ofA, ofB recurrence) recurrence {
	switch {
	case ofA == once && ofB == once, !a.sameTitle(b):
		return once
	case len(a.people) == 0:
		return ofA
	case len(b.people) == 0:
		return ofB
	case ofA == once || ofB == once:
		return once
	}
	return max(ofA, ofB)
}

// sameIssue is what descriptions of the issues of a column share within one
// source when they cannot be told apart.
type sameIssue struct {
	source  harvest.SourceID
	year    int
	surname string
}

// recurrences tells how the title of some descriptions, which all have it,
// recurs: of each by those that have an author in common with it, and of one
// without authors by all.
func recurrences(entries []*entry) []recurrence {
	years := make(map[string]map[int]bool) // by surname, "" for all
	issues := make(map[sameIssue]int)
	for _, e := range entries {
		for _, s := range append(e.surnames(), "") {
			if years[s] == nil {
				years[s] = make(map[int]bool)
			}
			if e.year != 0 {
				years[s][e.year] = true
			}
			issues[sameIssue{e.source, e.year, s}]++
		}
	}
	out := make([]recurrence, len(entries))
	for i, e := range entries {
		names := e.surnames()
		column := len(e.venue.words) > 0 && len(years[""]) > maxYears // of a journal, whoever writes it
		if len(names) == 0 {
			names = []string{""}
		}
		for _, s := range names {
			switch {
			case len(years[s]) <= maxYears && !column:
			case s != "" && issues[sameIssue{e.source, e.year, s}] > 1:
				out[i] = crowded
			default:
				out[i] = max(out[i], recurring)
			}
		}
	}
	return out
}

// surnames are those of the authors, each once.
func (e *entry) surnames() []string {
	var out []string
	for i := range e.people {
		if s := surname(&e.people[i]); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
