package match

import "github.com/harvest87/harvest"

// recurrence says how much a title tells by itself, from those that share it.
type recurrence byte

const (
	// once is a title of one document, as far as is known.
	once recurrence = iota
	// recurring is the title of a column or a yearly report: descriptions of
	// three and more years have it.
	recurring
	// crowded is a recurring title that one source gives two documents of one
	// year by one author: no year and author tell these apart.
	crowded
)

// maxYears is how many different years descriptions of one title may have
// before it is one that recurs, like that of a column.
const maxYears = 2

// together is what the recurrences of two descriptions with one title are for
// the pair.
func (r recurrence) together(o recurrence) recurrence {
	if r == once || o == once {
		return once
	}
	return max(r, o)
}

// of is r for two entries that have one title, else once.
func (r recurrence) of(a, b *entry) recurrence {
	if r == once || !a.sameTitle(b) {
		return once
	}
	return r
}

// sameIssue is what descriptions of the issues of a column share within one
// source when they cannot be told apart.
type sameIssue struct {
	source  harvest.SourceID
	year    int
	surname string
}

// crowd tells which of the descriptions with one title, which recurs, are
// crowded.
func crowd(entries []*entry) []recurrence {
	count := make(map[sameIssue]int)
	each := func(e *entry, f func(sameIssue)) {
		seen := make(map[string]bool)
		for i := range e.people {
			if s := surname(&e.people[i]); !seen[s] {
				seen[s] = true
				f(sameIssue{e.source, e.year, s})
			}
		}
	}
	for _, e := range entries {
		each(e, func(s sameIssue) { count[s]++ })
	}
	out := make([]recurrence, len(entries))
	for i, e := range entries {
		out[i] = recurring
		each(e, func(s sameIssue) {
			if count[s] > 1 {
				out[i] = crowded
			}
		})
	}
	return out
}
